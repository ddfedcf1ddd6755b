//! Input data: `.npy`, `.npz` and events, as samples and as labels.

use std::path::Path;

use spikevec_runtime::data::{Array, BitOrder, DataOptions, Dataset, Packing, Values};
use spikevec_runtime::data::{arrays_of, labels_of};

use crate::Bytes;

/// Most numbers of a step length's list, and so on: the first byte says how the file is read.
const OPTIONS: [(Option<usize>, Packing); 6] = [
    (None, Packing::Auto),
    (Some(3), Packing::Auto),
    (Some(12), Packing::Bits),
    (Some(34), Packing::Counts),
    (Some(2 * 4 * 4), Packing::Auto),
    (Some(0), Packing::Auto),
];

pub fn run(input: &[u8]) {
    let mut bytes = Bytes::new(input);
    let choice = bytes.byte();
    let (neurons, packing) = OPTIONS[usize::from(choice) % OPTIONS.len()];
    let little = choice >= 128;
    let options = DataOptions {
        neurons,
        packing,
        bit_order: if little {
            BitOrder::Little
        } else {
            BitOrder::Big
        },
        event_dt: [1, 1000][usize::from(little)],
        sensor: (choice & 64 != 0).then_some([2, 4, 4]),
        ..DataOptions::default()
    };
    // Members of an archive have checksums: most of what is behind them is only reached so.
    let made = choice & 32 != 0;
    let path = Path::new("fuzz.npz");
    let arrays = match made {
        true => Ok(members(&mut bytes)),
        false => arrays_of(path, bytes.rest()),
    };
    let arrays = match arrays {
        Ok(arrays) => arrays,
        Err(error) => return crate::check_message(&error),
    };
    for (name, array) in &arrays {
        let product = array.shape.iter().product::<usize>();
        assert_eq!(product, array.values.len(), "{name}: {:?}", array.shape);
    }
    match Dataset::from_arrays(path, &arrays, &options) {
        Ok(data) => check(&data),
        Err(error) => crate::check_message(&error),
    }
    if let Err(error) = labels_of(path, &arrays) {
        crate::check_message(&error);
    }
}

/// Every neuron is one of the input's, and in order.
fn check(data: &Dataset) {
    for step in data.samples.iter().flatten() {
        assert!(step.is_sorted());
        let last = step.last().copied();
        assert!(last.is_none_or(|last| (last as usize) < data.neurons));
    }
}

/// Arrays out of choices: the columns of events, or a name that data or labels go by.
fn members(bytes: &mut Bytes) -> Vec<(String, Array)> {
    const NAMES: [&str; 8] = ["t", "x", "y", "p", "offsets", "label", "labels", "é\u{1b}"];
    let mut arrays = Vec::new();
    while !bytes.is_empty() && arrays.len() < 8 {
        let name = NAMES[bytes.below(NAMES.len())].to_owned();
        let axes = bytes.below(4);
        let shape: Vec<usize> = (0..axes).map(|_| bytes.below(9)).collect();
        let count = shape.iter().product();
        let values = match bytes.byte() % 5 {
            0 => Values::U8((0..count).map(|_| bytes.byte()).collect()),
            1 => Values::I16((0..count).map(|_| bytes.lane()).collect()),
            2 => Values::Bool((0..count).map(|_| bytes.seldom()).collect()),
            3 => Values::F64((0..count).map(|_| bytes.number()).collect()),
            _ => Values::U64((0..count).map(|_| u64::from(bytes.word()) << 30).collect()),
        };
        arrays.push((name, Array { shape, values }));
    }
    arrays
}
