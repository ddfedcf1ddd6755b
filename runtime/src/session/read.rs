//! What a run left in memory, appended to a sample's result.

use super::layout::{Layout, RowForm, Rows};
use super::pack::{GROUP, spikes_of_model, unpack_bits, unpack_halfwords, values_of_model};
use super::{Recording, SampleResult};
use crate::backend::{Backend, BackendError};

/// Name of the variable that a buffer records: what comes after the population's name.
fn variable(rows: &Rows) -> &str {
    let rest = rows.name.strip_prefix(&rows.population);
    rest.and_then(|rest| rest.strip_prefix('.'))
        .unwrap_or(&rows.name)
}

/// The entry of `result` that the numbers of `rows` go to.
fn entry<'a>(result: &'a mut SampleResult, rows: &Rows) -> &'a mut Recording {
    if variable(rows) == "v" {
        result.membranes.entry(rows.population.clone())
    } else {
        result.recordings.entry(rows.name.clone())
    }
    .or_default()
}

/// A result of no steps that has an entry for everything that the program records.
pub(super) fn empty_result(layout: &Layout) -> SampleResult {
    let mut result = SampleResult::default();
    for rows in &layout.recordings {
        match rows.form {
            RowForm::Bits => {
                result.spikes.entry(rows.population.clone()).or_default();
            }
            RowForm::Fixed { fraction, .. } => {
                let recording = entry(&mut result, rows);
                recording.fraction = fraction;
                recording.neurons = rows.neurons;
            }
        }
    }
    for count in &layout.counts {
        result.spike_counts.insert(count.population.clone(), 0);
    }
    result
}

/// Reads what the run of `steps` steps recorded.
pub(super) fn record(
    backend: &mut impl Backend,
    layout: &Layout,
    steps: usize,
    result: &mut SampleResult,
) -> Result<(), BackendError> {
    for rows in &layout.recordings {
        let bytes = read_rows(backend, rows, steps)?;
        let starts = (0..steps).map(|step| step * rows.step_stride);
        let each = starts.map(|start| bytes.get(start..).unwrap_or_default());
        match rows.form {
            RowForm::Bits => {
                let spikes = result.spikes.entry(rows.population.clone()).or_default();
                spikes.extend(each.map(|row| {
                    let row = row.get(..rows.row_bytes()).unwrap_or_default();
                    let spikes = unpack_bits(row, rows.neurons);
                    spikes_of_model(spikes, rows.neurons, rows.channels)
                }));
            }
            RowForm::Fixed { group_stride, .. } => {
                let values = &mut entry(result, rows).values;
                for row in each {
                    unpack_halfwords(row, rows.neurons, group_stride, values);
                    let from = values.len().saturating_sub(rows.neurons);
                    values_of_model(&mut values[from..], rows.channels);
                }
            }
        }
    }
    for count in &layout.counts {
        let mut word = [0; 4];
        backend.read(count.memory, count.address, &mut word)?;
        let total = result.spike_counts.entry(count.population.clone());
        *total.or_default() += u64::from(u32::from_le_bytes(word));
    }
    Ok(())
}

/// Counts the spikes that are recorded but not counted by the program.
pub(super) fn finish(layout: &Layout, result: &mut SampleResult) {
    for (population, spikes) in &result.spikes {
        if !layout
            .counts
            .iter()
            .any(|word| &word.population == population)
        {
            let total = spikes.iter().map(|step| step.len() as u64).sum();
            result.spike_counts.insert(population.clone(), total);
        }
    }
}

/// Reads a state.
pub(super) fn state(backend: &mut impl Backend, rows: &Rows) -> Result<Recording, BackendError> {
    let bytes = read_rows(backend, rows, 1)?;
    let (fraction, group_stride) = match rows.form {
        RowForm::Fixed {
            fraction,
            group_stride,
        } => (fraction, group_stride),
        RowForm::Bits => (0, 2 * GROUP),
    };
    let mut values = Vec::with_capacity(rows.neurons);
    unpack_halfwords(&bytes, rows.neurons, group_stride, &mut values);
    values_of_model(&mut values, rows.channels);
    Ok(Recording {
        fraction,
        neurons: rows.neurons,
        values,
    })
}

/// The bytes from the first row to the last of `steps`.
fn read_rows(
    backend: &mut impl Backend,
    rows: &Rows,
    steps: usize,
) -> Result<Vec<u8>, BackendError> {
    let extent = steps.saturating_sub(1) * rows.step_stride + rows.row_bytes();
    // An absurd manifest must not make the host ask for gigabytes: probe the last byte first.
    let mut last = [0; 1];
    let end = (rows.address as usize + extent).saturating_sub(1);
    backend.read(
        rows.memory,
        u32::try_from(end).unwrap_or(u32::MAX),
        &mut last,
    )?;
    let mut bytes = vec![0; extent];
    backend.read(rows.memory, rows.address, &mut bytes)?;
    Ok(bytes)
}
