//! Archives of several arrays, and events.

use std::path::Path;

use proptest::prelude::*;
use spikevec_runtime::data::{Array, Form, Values, read_arrays};
use spikevec_runtime::{DataError, DataOptions, Dataset, load_labels, write_npz};

use crate::files::{Folder, array, assert_names, neurons, text};

#[test]
fn archives_by_key_or_only_array() {
    let folder = Folder::new("npz");
    let x = array(&[1, 2, 2], Values::U8(vec![1, 0, 0, 1]));
    let y = array(&[1], Values::I64(vec![3]));
    let path = folder.path("both.npz");
    write_npz(&path, &[("y", &y), ("x", &x)]).unwrap();
    let set = Dataset::load(&path, &neurons(2)).unwrap();
    assert_eq!(set.samples, [vec![vec![0], vec![1]]]);
    assert_eq!(load_labels(&path).unwrap(), [3]);
    let path = folder.path("one.npz");
    write_npz(&path, &[("data", &x)]).unwrap();
    assert_eq!(Dataset::load(&path, &neurons(2)).unwrap(), set);
    let path = folder.path("none.npz");
    write_npz(&path, &[("a", &x), ("b", &x)]).unwrap();
    assert_names(
        &text(Dataset::load(&path, &neurons(2))),
        &["none.npz", "a, b"],
    );
    assert_names(
        &load_labels(&path).unwrap_err().to_string(),
        &["none.npz", "a, b"],
    );
    let path = folder.path("empty.npz");
    write_npz(&path, &[]).unwrap();
    assert_names(&text(Dataset::load(&path, &neurons(2))), &["empty.npz"]);
    let mut bytes = std::fs::read(folder.path("both.npz")).unwrap();
    bytes.truncate(bytes.len() / 2);
    let path = folder.write("cut.npz", &bytes);
    assert_names(
        &text(Dataset::load(&path, &neurons(2))),
        &["cut.npz", "damaged"],
    );
    let left: Vec<String> = folder
        .names()
        .into_iter()
        .filter(|n| n.contains("tmp"))
        .collect();
    assert_eq!(left, Vec::<String>::new());
}

#[test]
fn writing_refuses_a_wrong_shape_and_a_missing_folder() {
    let folder = Folder::new("write");
    let wrong = array(&[3], Values::U8(vec![1, 2]));
    let error = write_npz(&folder.path("w.npz"), &[("a", &wrong)]).unwrap_err();
    assert_names(&error.to_string(), &["w.npz", "[3]", "2 elements"]);
    let fine = array(&[2], Values::U8(vec![1, 2]));
    let error = write_npz(&folder.path("no/such/w.npz"), &[("a", &fine)]);
    assert!(matches!(error, Err(DataError::Write { .. })));
    assert_eq!(folder.names(), Vec::<String>::new());
}

/// Two samples on a sensor of 2 x 3 x 4: an event archive, one column replaced.
fn events(path: &Path, replace: Option<(&str, Array)>) {
    let column = |v: &[u64]| array(&[v.len()], Values::U64(v.to_vec()));
    let mut arrays = vec![
        ("t", column(&[0, 999, 2500, 10, 20])),
        ("x", column(&[3, 0, 1, 2, 0])),
        ("y", column(&[2, 0, 0, 1, 0])),
        ("p", column(&[1, 0, 0, 0, 0])),
        ("offsets", column(&[0, 3, 5])),
        ("label", column(&[7, 1])),
    ];
    if let Some((name, array)) = replace {
        arrays.retain(|(other, _)| *other != name);
        arrays.push((name, array));
    }
    let all: Vec<(&str, &Array)> = arrays.iter().map(|(n, a)| (*n, a)).collect();
    write_npz(path, &all).unwrap();
}

#[test]
fn events_are_binned_and_addressed() {
    let folder = Folder::new("events");
    let path = folder.path("e.npz");
    events(&path, None);
    let set = Dataset::load(&path, &DataOptions::default()).unwrap();
    assert_eq!(set.neurons, 24);
    let first = vec![vec![0, (3 + 2) * 4 + 3], vec![], vec![1]];
    assert_eq!(set.samples, [first, vec![vec![0, 6]]]);
    assert_eq!(load_labels(&path).unwrap(), [7, 1]);
    let larger = DataOptions::for_input(&[2, 4, 5]);
    let set = Dataset::load(&path, &larger).unwrap();
    assert_eq!(set.neurons, 40);
    assert_eq!(set.samples[0][0], [0, (4 + 2) * 5 + 3]);
    let finer = DataOptions {
        event_dt: 500,
        ..DataOptions::default()
    };
    assert_eq!(Dataset::load(&path, &finer).unwrap().samples[0].len(), 6);
}

#[test]
fn a_stray_time_is_named_before_it_makes_steps() {
    let folder = Folder::new("stray");
    let path = folder.path("e.npz");
    let column = |v: &[u64]| array(&[v.len()], Values::U64(v.to_vec()));
    let zeros = column(&[0; 6]);
    let mut arrays = vec![
        ("t", column(&[0, 1000, 0, 2000, 0, 4_294_000_000])),
        ("x", zeros.clone()),
        ("y", zeros.clone()),
        ("p", zeros),
        ("offsets", column(&[0, 2, 4, 6])),
    ];
    let write = |arrays: &[(&str, Array)]| {
        let all: Vec<(&str, &Array)> = arrays.iter().map(|(n, a)| (*n, a)).collect();
        write_npz(&path, &all).unwrap();
        Dataset::load(&path, &DataOptions::default())
    };
    let message = text(write(&arrays));
    assert_names(
        &message,
        &["sample 2 has 4294001 steps", "event 1", "t = 4294000000"],
    );
    // Long samples are no fault where all are long.
    arrays[0].1 = column(&[0, 900_000_000, 0, 800_000_000, 0, 950_000_000]);
    let lengths: Vec<usize> = write(&arrays)
        .unwrap()
        .samples
        .iter()
        .map(Vec::len)
        .collect();
    assert_eq!(lengths, [900_001, 800_001, 950_001]);
}

#[test]
fn events_without_a_column_are_named() {
    let folder = Folder::new("columns");
    let path = folder.path("e.npz");
    let column = |v: &[u64]| array(&[v.len()], Values::U64(v.to_vec()));
    for missing in ["x", "y", "p"] {
        let all = ["t", "x", "y", "p", "offsets"].map(|name| (name, column(&[0, 1])));
        let left: Vec<(&str, &Array)> = all
            .iter()
            .filter(|(name, _)| *name != missing)
            .map(|(name, array)| (*name, array))
            .collect();
        write_npz(&path, &left).unwrap();
        // A sensor with two rows and two polarities.
        let message = text(Dataset::load(&path, &DataOptions::for_input(&[2, 2, 2])));
        assert_names(&message, &["e.npz", &format!("`{missing}` is missing")]);
    }
}

#[test]
fn events_of_one_row_or_polarity_need_no_more_columns() {
    let folder = Folder::new("row");
    let path = folder.path("e.npz");
    let column = |v: &[u64]| array(&[v.len()], Values::U64(v.to_vec()));
    let (t, x, y) = (
        column(&[0, 1000, 1500]),
        column(&[5, 2, 0]),
        column(&[0, 1, 1]),
    );
    write_npz(&path, &[("t", &t), ("x", &x)]).unwrap();
    let set = Dataset::load(&path, &neurons(700)).unwrap();
    assert_eq!((set.neurons, set.form), (700, Form::Events));
    assert_eq!(set.samples, [vec![vec![5], vec![0, 2]]]);
    write_npz(&path, &[("t", &t), ("x", &x), ("y", &y)]).unwrap();
    let set = Dataset::load(&path, &DataOptions::for_input(&[1, 2, 6])).unwrap();
    assert_eq!(set.samples, [vec![vec![5], vec![6, 8]]]);
    let message = text(Dataset::load(&path, &DataOptions::for_input(&[2, 2, 6])));
    assert_names(&message, &["`p` is missing", "the sensor has several"]);
}

#[test]
fn bad_events_are_named() {
    let folder = Folder::new("bad_events");
    let path = folder.path("e.npz");
    events(&path, None);
    let message = text(Dataset::load(&path, &DataOptions::for_input(&[2, 3, 3])));
    assert_names(
        &message,
        &["e.npz", "event 0 of sample 0", "x = 3", "sensor of 3"],
    );
    let message = text(Dataset::load(&path, &neurons(25)));
    assert_names(&message, &["24 values", "25 input", "[2, 3, 4]"]);
    let none = DataOptions {
        event_dt: 0,
        ..DataOptions::default()
    };
    assert_names(&text(Dataset::load(&path, &none)), &["cannot last 0"]);
    let column = |v: &[i64]| array(&[v.len()], Values::I64(v.to_vec()));
    let cases: [(&str, Array, &[&str]); 6] = [
        ("x", column(&[1, 2]), &["x has 2 events, t has 5"]),
        ("t", column(&[0, -5, 1, 2, 3]), &["t[1]", "-5"]),
        ("offsets", column(&[0, 6, 5]), &["offsets", "5"]),
        ("offsets", column(&[0, 3]), &["offsets", "5"]),
        (
            "t",
            column(&[0, i64::MAX, 1, 2, 3]),
            &["event 1 of sample 0", "step"],
        ),
        (
            "y",
            column(&[0, i64::MAX, 1, 2, 3]),
            &["too many addresses"],
        ),
    ];
    for (name, column, parts) in cases {
        events(&path, Some((name, column)));
        assert_names(&text(Dataset::load(&path, &DataOptions::default())), parts);
    }
    events(&path, Some(("p", array(&[5, 1], Values::U8(vec![0; 5])))));
    assert_names(
        &text(Dataset::load(&path, &DataOptions::default())),
        &["p has shape [5, 1]"],
    );
}

#[test]
fn an_archive_without_arrays_is_called_empty() {
    let folder = Folder::new("empty-archive");
    let path = folder.path("empty.npz");
    write_npz(&path, &[]).unwrap();
    assert_names(
        &text(Dataset::load(&path, &DataOptions::default())),
        &["empty.npz", "what it has: nothing (it is empty)"],
    );
}

/// One event a sample, each a long time after the sample's start.
#[test]
fn many_long_samples_are_refused_before_there_is_room_for_them() {
    let folder = Folder::new("long");
    let path = folder.path("long.npz");
    let column = |v: Vec<i64>| array(&[v.len()], Values::I64(v));
    let zeros = column(vec![0; 100]);
    let arrays = [
        ("t", &column(vec![3_999_999_999; 100])),
        ("x", &zeros),
        ("y", &zeros),
        ("p", &zeros),
        ("offsets", &column((0..101).collect())),
    ];
    write_npz(&path, &arrays).unwrap();
    assert_names(
        &text(Dataset::load(&path, &DataOptions::default())),
        &[
            "the samples have 400000000 steps",
            "at most 4000334",
            "--max-steps",
            "split it",
        ],
    );
}

proptest! {
    #[test]
    fn arrays_come_back(
        shape in prop::collection::vec(0usize..5, 0..4),
        seed in any::<u32>(),
        kind in 0usize..11,
    ) {
        let folder = Folder::new(&format!("round-{kind}-{seed}"));
        let count: usize = shape.iter().product();
        let numbers = (0..count as u32).map(|k| seed.wrapping_mul(k.wrapping_add(7)));
        let values = match kind {
            0 => Values::Bool(numbers.map(|n| n & 1 != 0).collect()),
            1 => Values::U8(numbers.map(|n| n as u8).collect()),
            2 => Values::I8(numbers.map(|n| n as i8).collect()),
            3 => Values::U16(numbers.map(|n| n as u16).collect()),
            4 => Values::I16(numbers.map(|n| n as i16).collect()),
            5 => Values::U32(numbers.collect()),
            6 => Values::I32(numbers.map(|n| n as i32).collect()),
            7 => Values::U64(numbers.map(|n| u64::from(n) << 20).collect()),
            8 => Values::I64(numbers.map(|n| -i64::from(n) << 20).collect()),
            9 => Values::F32(numbers.map(|n| n as f32 / 3.0).collect()),
            _ => Values::F64(numbers.map(|n| f64::from(n) / 3.0).collect()),
        };
        let written = Array { shape, values };
        let path = folder.path("a.npz");
        write_npz(&path, &[("a", &written)]).unwrap();
        prop_assert_eq!(read_arrays(&path).unwrap(), [("a".to_owned(), written)]);
    }
}
