//! Predictions, spikes and recordings as arrays for numpy.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use spikevec_assembler::image::Manifest;
use spikevec_runtime::data::{Array, Values};
use spikevec_runtime::{Recording, Summary, write_npz};

use crate::float::FloatSummary;

/// Writes `predictions`, `steps` (of each sample), `labels` and `float_predictions`
/// where they are known, `POPULATION.spikes` (samples, steps, neurons; bytes of 0 or 1)
/// and `POPULATION.membrane` (the same shape; floats). Samples that are shorter than
/// the longest one end in zeros.
pub fn write(
    path: &Path,
    manifest: &Manifest,
    summary: &Summary,
    float: Option<&FloatSummary>,
    labels: Option<&[usize]>,
) -> Result<()> {
    let classes = |classes: &[usize]| {
        let values = classes.iter().map(|class| *class as i64).collect();
        Array {
            shape: vec![classes.len()],
            values: Values::I64(values),
        }
    };
    let mut arrays = BTreeMap::from([("predictions".to_owned(), classes(&summary.predictions))]);
    let steps: Vec<usize> = summary.results.iter().map(|result| result.steps).collect();
    arrays.insert("steps".to_owned(), classes(&steps));
    if let Some(labels) = labels {
        arrays.insert("labels".to_owned(), classes(labels));
    }
    if let Some(float) = float {
        arrays.insert("float_predictions".to_owned(), classes(&float.predictions));
    }
    let longest = steps.iter().copied().max().unwrap_or(0);
    for population in &manifest.populations {
        let (name, neurons) = (&population.name, population.neurons as usize);
        if let Some(spikes) = spikes(summary, name, longest, neurons) {
            arrays.insert(format!("{name}.spikes"), spikes);
        }
        let membranes: Vec<Option<&Recording>> = summary
            .results
            .iter()
            .map(|result| result.membranes.get(name))
            .collect();
        if let Some(membranes) = numbers(&membranes, longest, neurons) {
            arrays.insert(format!("{name}.membrane"), membranes);
        }
    }
    let arrays: Vec<(&str, &Array)> = arrays
        .iter()
        .map(|(name, array)| (name.as_str(), array))
        .collect();
    Ok(write_npz(path, &arrays)?)
}

fn spikes(summary: &Summary, population: &str, steps: usize, neurons: usize) -> Option<Array> {
    let mut bytes = Vec::with_capacity(summary.results.len() * steps * neurons);
    for result in &summary.results {
        let mut rest = result.spikes.get(population)?.iter();
        for _ in 0..steps {
            let start = bytes.len();
            bytes.resize(start + neurons, 0u8);
            for neuron in rest.next().into_iter().flatten() {
                if let Some(byte) = bytes.get_mut(start + *neuron as usize) {
                    *byte = 1;
                }
            }
        }
    }
    Some(Array {
        shape: vec![summary.results.len(), steps, neurons],
        values: Values::U8(bytes),
    })
}

/// Fixed point of 16 bits is exact in `f32`.
fn numbers(recordings: &[Option<&Recording>], steps: usize, neurons: usize) -> Option<Array> {
    let mut values = Vec::with_capacity(recordings.len() * steps * neurons);
    for (sample, recording) in recordings.iter().enumerate() {
        let recording = (*recording)?;
        let scale = (-(recording.fraction as f32)).exp2();
        values.extend(
            recording
                .values
                .iter()
                .map(|value| f32::from(*value) * scale),
        );
        values.resize((sample + 1) * steps * neurons, 0.0);
    }
    Some(Array {
        shape: vec![recordings.len(), steps, neurons],
        values: Values::F32(values),
    })
}
