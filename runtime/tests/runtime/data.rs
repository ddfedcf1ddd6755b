//! Arrays of counts and bits, labels, and every error of theirs.

use std::path::Path;

use proptest::prelude::*;
use spikevec_runtime::data::{BitOrder, Packing};
use spikevec_runtime::{DataError, DataOptions, Dataset, load_labels};

use crate::files::{Folder, assert_names, neurons, npy, shared, text};

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

/// 4 MB of counts that would be 480 GB of spikes.
#[test]
fn a_step_of_more_spikes_than_any_program_takes_is_refused_before_it_is_made() {
    let folder = Folder::new("dense");
    let data: Vec<u8> = std::iter::repeat_n(60_000u16.to_le_bytes(), 2_000_000)
        .flatten()
        .collect();
    let path = folder.write("x.npy", &npy("<u2", false, "(4, 5000, 100)", &data));
    assert_names(
        &text(Dataset::load(&path, &neurons(100))),
        &[
            "x.npy",
            "step 0 of sample 0",
            "6000000 spikes",
            "at most 262144",
            "scaled or thresholded",
        ],
    );
    let at = |counts: [u16; 5]| {
        let data = counts.map(u16::to_le_bytes);
        let path = folder.write(
            "x.npy",
            &npy("<u2", false, "(1, 1, 5)", data.as_flattened()),
        );
        Dataset::load(&path, &neurons(5))
    };
    let most = [65_535, 65_535, 65_535, 65_535, 4];
    assert_eq!(at(most).unwrap().samples[0][0].len(), 1 << 18);
    assert_names(
        &text(at([65_535, 65_535, 65_535, 65_535, 5])),
        &["262145 spikes"],
    );
}

#[test]
fn one_byte_a_step_for_one_neuron_is_a_count_unless_it_is_said_to_be_bits() {
    let folder = Folder::new("packing");
    let path = folder.write("x.npy", &npy("|u1", false, "(1, 3, 1)", &[0x80, 0, 0x80]));
    let load = |packing, count| {
        let options = DataOptions {
            packing,
            ..neurons(count)
        };
        Dataset::load(&path, &options)
    };
    let counts = [vec![vec![0; 128], vec![], vec![0; 128]]];
    assert_eq!(load(Packing::Auto, 1).unwrap().samples, counts);
    assert_eq!(load(Packing::Counts, 1).unwrap().samples, counts);
    let bits = load(Packing::Bits, 1).unwrap();
    assert_eq!(bits.samples, [vec![vec![0], vec![], vec![0]]]);
    // With more neurons it is bits, unless counts are asked for.
    assert_eq!(
        load(Packing::Auto, 8).unwrap(),
        load(Packing::Bits, 8).unwrap()
    );
    assert_names(
        &text(load(Packing::Counts, 8)),
        &["1 values a step", "8 input"],
    );
    assert_names(
        &text(load(Packing::Bits, 9)),
        &[
            "x.npy",
            "[1, 3, 1] is not bit-packed data for 9 neurons",
            "(samples, steps, 2)",
        ],
    );
}
