//! Results as arrays, for a file.

use std::collections::BTreeSet;

use spikevec_assembler::image::Manifest;

use crate::data::{Array, Sample, Values};
use crate::session::{Recording, SampleResult};

/// The results of samples as arrays with names, for [`write_npz`](crate::write_npz):
///
/// | name | contents |
/// | --- | --- |
/// | `predictions` | `(samples)` `i64`: the class of each sample, [`NO_CLASS`] where it has none |
/// | `steps` | `(samples)` `i64`: the steps of each sample |
/// | `<population>.spikes` | `(samples, steps, neurons)` `u8`: 1 where a neuron spiked |
/// | `<population>.v`, `<population>.<variable>` | `(samples, steps, neurons)` `f32`: what was recorded, as numbers |
/// | `<population>.count` | `(samples)` `i64`: spikes of the population |
///
/// Samples with fewer steps than the longest are filled up with zeros. `f32` holds
/// every 16-bit fixed-point number exactly.
pub fn result_arrays(
    manifest: &Manifest,
    results: &[SampleResult],
    predictions: &[Option<usize>],
) -> Vec<(String, Array)> {
    let vector = |values: Vec<i64>| Array {
        shape: vec![values.len()],
        values: Values::I64(values),
    };
    let steps: Vec<i64> = results.iter().map(|r| r.steps as i64).collect();
    let longest = results.iter().map(|r| r.steps).max().unwrap_or(0);
    let mut arrays = vec![
        ("predictions".to_owned(), class_array(predictions)),
        ("steps".to_owned(), vector(steps)),
    ];
    for name in names(results, |r| r.spikes.keys()) {
        let note = manifest.populations.iter().find(|p| p.name == name);
        let width = note.map_or(0, |note| note.neurons as usize);
        let each = results.iter().map(|r| r.spikes.get(name));
        arrays.push((format!("{name}.spikes"), spike_array(each, longest, width)));
    }
    for name in names(results, |r| r.membranes.keys()) {
        let each = results.iter().map(|r| r.membranes.get(name));
        arrays.push((format!("{name}.v"), recorded(each, longest)));
    }
    for name in names(results, |r| r.recordings.keys()) {
        let each = results.iter().map(|r| r.recordings.get(name));
        arrays.push((name.to_owned(), recorded(each, longest)));
    }
    for name in names(results, |r| r.spike_counts.keys()) {
        let count = |r: &SampleResult| r.spike_counts.get(name).copied().unwrap_or(0) as i64;
        let counts = results.iter().map(count).collect();
        arrays.push((format!("{name}.count"), vector(counts)));
    }
    arrays
}

/// What stands in an array for the class of a sample that has none.
pub const NO_CLASS: i64 = -1;

/// The class of each sample, `(samples)` `i64`, [`NO_CLASS`] where it has none.
pub fn class_array(classes: &[Option<usize>]) -> Array {
    let number = |class: &Option<usize>| class.map_or(NO_CLASS, |class| class as i64);
    Array {
        shape: vec![classes.len()],
        values: Values::I64(classes.iter().map(number).collect()),
    }
}

/// All names that occur, sorted.
fn names<'a, I: Iterator<Item = &'a String>>(
    results: &'a [SampleResult],
    keys: impl Fn(&'a SampleResult) -> I,
) -> BTreeSet<&'a str> {
    results.iter().flat_map(keys).map(String::as_str).collect()
}

/// Recordings of every sample as one array.
fn recorded<'a>(
    each: impl ExactSizeIterator<Item = Option<&'a Recording>> + Clone,
    longest: usize,
) -> Array {
    let width = each.clone().flatten().map(|r| r.neurons).max().unwrap_or(0);
    let numbers = each.map(|recording| recording.into_iter().flat_map(Recording::numbers));
    number_array(numbers, longest, width)
}

/// Spikes of every sample, `(samples, longest, width)` `u8`: 1 where a neuron spiked.
pub fn spike_array<'a>(
    each: impl ExactSizeIterator<Item = Option<&'a Sample>>,
    longest: usize,
    width: usize,
) -> Array {
    let shape = vec![each.len(), longest, width];
    let mut values = vec![0u8; each.len() * longest * width];
    for (steps, rows) in each.zip(values.chunks_mut((longest * width).max(1))) {
        let steps = steps.into_iter().flatten();
        for (spikes, row) in steps.zip(rows.chunks_mut(width.max(1))) {
            for neuron in spikes {
                if let Some(value) = row.get_mut(*neuron as usize) {
                    *value = 1;
                }
            }
        }
    }
    let values = Values::U8(values);
    Array { shape, values }
}

/// The numbers of every sample, `(samples, longest, width)` `f32`, filled up with zeros.
pub fn number_array(
    each: impl ExactSizeIterator<Item = impl Iterator<Item = f64>>,
    longest: usize,
    width: usize,
) -> Array {
    let shape = vec![each.len(), longest, width];
    let mut values = Vec::with_capacity(each.len() * longest * width);
    for (k, numbers) in each.enumerate() {
        values.extend(numbers.map(|number| number as f32));
        values.resize((k + 1) * longest * width, 0.0);
    }
    Array {
        shape,
        values: Values::F32(values),
    }
}
