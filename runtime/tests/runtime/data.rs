//! Data files: what is read, and every error.

use std::path::Path;

use proptest::prelude::*;
use spikevec_runtime::data::{Array, BitOrder, Values, read_arrays};
use spikevec_runtime::{DataError, DataOptions, Dataset, load_labels, write_npz};

use crate::files::{Folder, shared};

/// A `.npy` file with a header as NumPy writes it.
fn npy(descr: &str, fortran: bool, shape: &str, data: &[u8]) -> Vec<u8> {
    let fortran = if fortran { "True" } else { "False" };
    let mut header =
        format!("{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}");
    while (10 + header.len() + 1) % 64 != 0 {
        header.push(' ');
    }
    header.push('\n');
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(data);
    bytes
}

fn array(shape: &[usize], values: Values) -> Array {
    Array {
        shape: shape.to_vec(),
        values,
    }
}

fn neurons(count: usize) -> DataOptions {
    DataOptions {
        neurons: Some(count),
        ..DataOptions::default()
    }
}

fn text(result: Result<Dataset, DataError>) -> String {
    result.unwrap_err().to_string()
}

#[track_caller]
fn assert_names(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part:?} is not in {text:?}");
    }
}

#[test]
fn every_number_type_and_byte_order() {
    let folder = Folder::new("dtypes");
    let le = |n: usize, v: u8| {
        (0..n)
            .map(|k| if k == 0 { v } else { 0 })
            .collect::<Vec<u8>>()
    };
    let be = |n: usize, v: u8| le(n, v).into_iter().rev().collect::<Vec<u8>>();
    let cases: [(&str, Vec<u8>); 16] = [
        ("|b1", le(1, 1)),
        ("|u1", le(1, 1)),
        ("|i1", le(1, 1)),
        ("<u2", le(2, 1)),
        ("<i2", le(2, 1)),
        (">i2", be(2, 1)),
        ("<u4", le(4, 1)),
        ("<i4", le(4, 1)),
        (">u4", be(4, 1)),
        ("<i8", le(8, 1)),
        ("<u8", le(8, 1)),
        (">i8", be(8, 1)),
        ("<f4", 1f32.to_le_bytes().to_vec()),
        ("<f8", 1f64.to_le_bytes().to_vec()),
        (">f4", 1f32.to_be_bytes().to_vec()),
        (">f8", 1f64.to_be_bytes().to_vec()),
    ];
    for (descr, one) in cases {
        // Two steps of two neurons: 0 1 / 1 0.
        let zero = vec![0; one.len()];
        let data = [zero.clone(), one.clone(), one, zero].concat();
        let path = folder.write("x.npy", &npy(descr, false, "(2, 2)", &data));
        let set = Dataset::load(&path, &DataOptions::default()).unwrap();
        assert_eq!(set.samples, [vec![vec![1], vec![0]]], "{descr}");
        assert_eq!(set.neurons, 2);
    }
}

#[test]
fn axes_with_and_without_samples_flattened() {
    let folder = Folder::new("axes");
    let data: Vec<u8> = (0..24).map(|k| u8::from(k % 5 == 0)).collect();
    let load = |shape: &str, options: &DataOptions| {
        let path = folder.write("x.npy", &npy("|u1", false, shape, &data));
        Dataset::load(&path, options).unwrap()
    };
    let plain = load("(2, 3, 4)", &DataOptions::default());
    assert_eq!(
        (plain.neurons, plain.samples.len(), plain.steps()),
        (4, 2, 6)
    );
    assert_eq!(plain.samples[0], [vec![0], vec![1], vec![2]]);
    assert_eq!(load("(2, 3, 4)", &neurons(4)), plain);
    assert_eq!(load("(2, 3, 2, 2)", &DataOptions::default()), plain);
    assert_eq!(
        load("(2, 3, 2, 2)", &DataOptions::for_input(&[1, 2, 2])),
        plain
    );
    // One sample of two steps, twelve neurons, where the network says so.
    let one = load("(2, 3, 4)", &neurons(12));
    assert_eq!((one.neurons, one.samples.len()), (12, 1));
    assert_eq!(one.samples[0], [vec![0, 5, 10], vec![3, 8]]);
    let flat = load("(6, 4)", &neurons(4));
    assert_eq!((flat.samples.len(), flat.steps()), (1, 6));
}

#[test]
fn counts_stand_as_often_as_they_count() {
    let folder = Folder::new("counts");
    let path = folder.write(
        "x.npy",
        &npy("|u1", false, "(1, 2, 3)", &[0, 3, 1, 0, 0, 0]),
    );
    let set = Dataset::load(&path, &neurons(3)).unwrap();
    assert_eq!(set.samples, [vec![vec![1, 1, 1, 2], vec![]]]);
}

#[test]
fn fortran_order_gives_the_same_samples() {
    let folder = Folder::new("fortran");
    // (2, 2, 3) in C order is 0..12; in Fortran order element (i, j, k) is at i + 2j + 4k.
    let c: Vec<u8> = (0..12).map(|k| k % 3).collect();
    let mut f = vec![0; 12];
    for (index, value) in c.iter().enumerate() {
        let (i, j, k) = (index / 6, index / 3 % 2, index % 3);
        f[i + 2 * j + 4 * k] = *value;
    }
    let load = |name: &str, fortran, data: &[u8]| {
        let path = folder.write(name, &npy("|u1", fortran, "(2, 2, 3)", data));
        Dataset::load(&path, &neurons(3)).unwrap()
    };
    assert_eq!(load("f.npy", true, &f), load("c.npy", false, &c));
}

#[test]
fn bits_in_both_orders() {
    let folder = Folder::new("bits");
    // Neurons 0 and 9 of 12.
    let big = folder.write("big.npy", &npy("|u1", false, "(1, 1, 2)", &[0x80, 0x40]));
    assert_eq!(
        Dataset::load(&big, &neurons(12)).unwrap().samples,
        [vec![vec![0, 9]]]
    );
    let little = folder.write("little.npy", &npy("|u1", false, "(1, 2)", &[0x01, 0x02]));
    let options = DataOptions {
        bit_order: BitOrder::Little,
        ..neurons(12)
    };
    assert_eq!(
        Dataset::load(&little, &options).unwrap().samples,
        [vec![vec![0, 9]]]
    );
    // Bit 1 of the second byte, taken from the other end, is neuron 14.
    let message = text(Dataset::load(&little, &neurons(12)));
    assert_names(&message, &["little.npy", "[0, 1]", "12 neurons", "big"]);
    // Not bytes: the width is wrong, it is not taken for bits.
    let floats = folder.write("f.npy", &npy("<f4", false, "(1, 1, 2)", &[0; 8]));
    assert!(matches!(
        Dataset::load(&floats, &neurons(12)),
        Err(DataError::Width { .. })
    ));
}

#[test]
fn values_that_are_no_counts_are_named_by_index() {
    let folder = Folder::new("values");
    let floats = |v: [f32; 4]| v.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>();
    let cases = [
        ("<f4", floats([0.0, 1.0, f32::NAN, 0.0]), "NaN"),
        ("<f4", floats([0.0, 1.0, 0.5, 0.0]), "0.5"),
        ("<f4", floats([0.0, 1.0, -1.0, 0.0]), "-1"),
        ("<f4", floats([0.0, 1.0, f32::INFINITY, 0.0]), "inf"),
        ("|i1", vec![0, 1, 0xff, 0], "-1"),
        (
            "<u4",
            [0u32, 1, 70_000, 0]
                .iter()
                .flat_map(|v| v.to_le_bytes())
                .collect(),
            "70000",
        ),
    ];
    for (descr, data, value) in cases {
        let path = folder.write("bad.npy", &npy(descr, false, "(1, 2, 2)", &data));
        let message = text(Dataset::load(&path, &DataOptions::default()));
        assert_names(&message, &["bad.npy", "[0, 1, 0]", value]);
    }
}

#[test]
fn a_wrong_width_names_both_numbers_and_the_file() {
    let folder = Folder::new("width");
    let path = folder.write("wide.npy", &npy("|u1", false, "(2, 3, 4)", &[0; 24]));
    assert_names(
        &text(Dataset::load(&path, &neurons(7))),
        &["wide.npy", "4 values", "7 input"],
    );
    let path = folder.write("flat.npy", &npy("|u1", false, "(24,)", &[0; 24]));
    assert_names(
        &text(Dataset::load(&path, &neurons(24))),
        &["flat.npy", "[24]"],
    );
}

#[test]
fn files_that_are_no_arrays() {
    let folder = Folder::new("bad");
    let good = npy("|u1", false, "(2, 3, 4)", &[0; 24]);
    let cut_header = good[..40].to_vec();
    let load = |name: &str, bytes: &[u8]| {
        text(Dataset::load(
            &folder.write(name, bytes),
            &DataOptions::default(),
        ))
    };
    assert_names(
        &load("a.txt", b"hello there"),
        &["a.txt", "neither", "68 65 6c"],
    );
    assert_names(&load("empty.npy", b""), &["empty.npy", "empty"]);
    assert_names(
        &load("cut.npy", &good[..good.len() - 1]),
        &["cut.npy", "cut short", "24", "23"],
    );
    assert_names(&load("head.npy", &cut_header), &["head.npy", "cut short"]);
    let records = b"{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (1,), }";
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((records.len() as u16).to_le_bytes());
    bytes.extend(records);
    assert_names(
        &load("record.npy", &bytes),
        &["record.npy", "[('a', '<i4')]"],
    );
    for descr in ["|O", "<c8", "<f2", "|S4", "<U3", "", "é1"] {
        let bytes = npy(descr, false, "(1, 2)", &[0; 64]);
        assert_names(
            &load("type.npy", &bytes),
            &["type.npy", "elements of type", descr],
        );
    }
    let huge = "(4294967296, 4294967296, 4294967296)";
    assert_names(
        &load("huge.npy", &npy("|u1", false, huge, &[])),
        &["huge.npy", "too large"],
    );
    let large = "(1000000, 1000000, 1000)";
    assert_names(
        &load("large.npy", &npy("<f8", false, large, &[])),
        &["large.npy", "cut short"],
    );
    assert_names(
        &load("neg.npy", &npy("|u1", false, "(-1, 2)", &[])),
        &["neg.npy", "shape"],
    );
    assert_names(
        &load("odd.npy", &npy("|u1", false, "7", &[])),
        &["odd.npy", "shape"],
    );
    let mut version = good.clone();
    version[6] = 9;
    assert_names(&load("v9.npy", &version), &["v9.npy", "9.0"]);
    let missing = Dataset::load(&folder.path("none.npy"), &DataOptions::default());
    assert!(matches!(missing, Err(DataError::Read { .. })));
}

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

#[test]
fn labels_and_their_errors() {
    let folder = Folder::new("labels");
    let data: Vec<u8> = [4i64, 0, 2].iter().flat_map(|v| v.to_le_bytes()).collect();
    let path = folder.write("y.npy", &npy("<i8", false, "(3,)", &data));
    assert_eq!(load_labels(&path).unwrap(), [4, 0, 2]);
    let path = folder.write("y2.npy", &npy("<i8", false, "(1, 3)", &data));
    assert_names(
        &load_labels(&path).unwrap_err().to_string(),
        &["y2.npy", "[1, 3]"],
    );
    let path = folder.write("y3.npy", &npy("|i1", false, "(2,)", &[1, 0xfe]));
    assert_names(
        &load_labels(&path).unwrap_err().to_string(),
        &["y3.npy", "[1]", "-2", "class"],
    );
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
fn the_braille_set_loads() {
    let Some(folder) = shared("data/braille") else {
        return;
    };
    let set = Dataset::load(&folder.join("x.npy"), &neurons(12)).unwrap();
    assert_eq!(
        (set.samples.len(), set.neurons, set.steps()),
        (280, 12, 280 * 256)
    );
    let labels = load_labels(&folder.join("y.npy")).unwrap();
    let of = |class| labels.iter().filter(|l| **l == class).count();
    assert_eq!((0..7).map(of).collect::<Vec<_>>(), [40; 7]);
}

#[test]
fn the_nmnist_events_load() {
    let Some(folder) = shared("data/nmnist") else {
        return;
    };
    let path = folder.join("test30.npz");
    let set = Dataset::load(&path, &DataOptions::for_input(&[2, 34, 34])).unwrap();
    assert_eq!((set.samples.len(), set.neurons), (30, 2 * 34 * 34));
    let spikes: usize = set.samples.iter().flatten().map(Vec::len).sum();
    assert_eq!(spikes, 116_634);
    let steps: Vec<usize> = set.samples.iter().map(Vec::len).collect();
    assert!(steps.iter().all(|s| (250..400).contains(s)), "{steps:?}");
    assert_eq!(load_labels(&path).unwrap().len(), 30);
}

#[test]
fn the_digits_example_loads() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/digits");
    let set = Dataset::load(&folder.join("test_x.npy"), &neurons(64)).unwrap();
    let labels = load_labels(&folder.join("test_y.npy")).unwrap();
    assert_eq!((set.neurons, set.samples.len()), (64, labels.len()));
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

    /// No bytes make the reader panic.
    #[test]
    fn damage_is_an_error_or_harmless(
        place in 0usize..160,
        byte in any::<u8>(),
        end in 0usize..160,
    ) {
        let mut bytes = npy("<i4", false, "(2, 3, 2)", &[0; 48]);
        if let Some(b) = bytes.get_mut(place) {
            *b = byte;
        }
        bytes.truncate(end.max(20));
        let folder = Folder::new(&format!("damage-{place}-{byte}-{end}"));
        let path = folder.write("d.npy", &bytes);
        let _ = Dataset::load(&path, &neurons(2));
        let _ = load_labels(&path);
    }
}
