//! Events of a sensor: time, place and polarity.

use std::path::Path;

use super::array::Array;
use super::{Budget, DataError, DataOptions, Dataset, Form, Sample};

/// Most steps of a sample: more is a time step in another unit than the events' times.
const MAX_STEPS: u64 = 10_000_000;

/// Most steps of all samples. A few events far apart make many steps.
const MAX_ALL_STEPS: u64 = 50_000_000;

/// Most samples of a file.
const MAX_SAMPLES: usize = 1 << 20;

/// A sample of more steps is refused where it has so many times those of half of the samples: one stray time would make
/// a run of hours.
const STRAY: u64 = 1000;

/// Steps of a sample that are not looked at so.
const FEW_STEPS: u64 = 100_000;

fn find<'a>(arrays: &'a [(String, Array)], name: &str) -> Option<&'a Array> {
    arrays
        .iter()
        .find(|(n, _)| n == name)
        .map(|(_, array)| array)
}

/// True where an archive holds events.
pub(super) fn are_events(arrays: &[(String, Array)]) -> bool {
    ["t", "x", "y", "p"]
        .iter()
        .all(|name| find(arrays, name).is_some())
}

/// Refuses events of which a column is missing: times, and places in one axis.
pub(super) fn check_columns(path: &Path, arrays: &[(String, Array)]) -> Result<(), DataError> {
    let flat = |name: &str| find(arrays, name).is_some_and(|array| array.shape.len() == 1);
    let missing = ["x", "y", "p"]
        .iter()
        .find(|name| find(arrays, name).is_none());
    match missing {
        Some(column) if flat("t") && (flat("x") || flat("y")) => Err(DataError::EventColumn {
            path: path.to_owned(),
            column: (*column).to_owned(),
        }),
        _ => Ok(()),
    }
}

/// The columns of the events.
struct Columns {
    t: Vec<u64>,
    x: Vec<u64>,
    y: Vec<u64>,
    p: Vec<u64>,
}

fn column(path: &Path, arrays: &[(String, Array)], name: &str) -> Result<Vec<u64>, DataError> {
    let problem = |text: String| problem(path, text);
    let array = find(arrays, name).ok_or_else(|| problem(format!("array {name} is missing")))?;
    if array.shape.len() != 1 {
        let shape = &array.shape;
        return Err(problem(format!(
            "array {name} has shape {shape:?}: expected one axis"
        )));
    }
    (0..array.values.len())
        .map(|index| {
            array.values.whole(index).ok_or_else(|| DataError::Value {
                path: path.to_owned(),
                array: name.to_owned(),
                index: vec![index],
                value: array.values.text(index),
                wanted: "a whole number of 0 or more",
            })
        })
        .collect()
}

/// Steps of the samples that begin at `offsets`, which rise. A sample that is too long by
/// itself is named with its event later, and does not count here.
fn steps_of_all(times: &[u64], offsets: &[u64], dt: u64) -> u64 {
    let of = |[from, to]: &[u64; 2]| {
        let events = times.get(*from as usize..*to as usize).unwrap_or_default();
        events.iter().max().map_or(0, |last| last / dt + 1)
    };
    let each = offsets.array_windows().map(of);
    each.filter(|steps| *steps <= MAX_STEPS).sum()
}

/// The first sample that is so much longer than the others that one of its times must be wrong, what it has, and what the
/// others have.
fn stray(times: &[u64], offsets: &[u64], dt: u64) -> Option<String> {
    let of = |[from, to]: &[u64; 2]| {
        let events = times.get(*from as usize..*to as usize).unwrap_or_default();
        let last = events.iter().enumerate().max_by_key(|(_, time)| **time);
        last.map_or((0, 0, 0), |(k, time)| (time / dt + 1, k, *time))
    };
    let each: Vec<_> = offsets.array_windows().map(of).collect();
    let mut sorted: Vec<u64> = each.iter().map(|(steps, ..)| *steps).collect();
    sorted.sort_unstable();
    let median = *sorted.get(sorted.len() / 2)?;
    let most = median.saturating_mul(STRAY).max(FEW_STEPS);
    let (sample, (steps, event, time)) = each.iter().enumerate().find(|(_, s)| s.0 > most)?;
    (each.len() > 2).then(|| {
        format!(
            "sample {sample} has {steps} steps and half of the samples at most {median}: its event {event} is at t = {time}. \
             Remove the event if its time is wrong, or give the sample in a file of its own"
        )
    })
}

/// Sizes of the sensor's axes (polarities, height, width), and the neurons that they make.
fn addresses(
    path: &Path,
    columns: &Columns,
    options: &DataOptions,
) -> Result<([usize; 3], usize), DataError> {
    let sensor = match options.sensor {
        Some(sensor) => sensor,
        None => {
            let size = |values: &[u64]| {
                values
                    .iter()
                    .max()
                    .map_or(0, |max| max.saturating_add(1) as usize)
            };
            [size(&columns.p), size(&columns.y), size(&columns.x)]
        }
    };
    let neurons = sensor
        .iter()
        .try_fold(1usize, |n, axis| n.checked_mul(*axis))
        .filter(|n| u32::try_from(*n).is_ok())
        .ok_or_else(|| {
            problem(
                path,
                format!(
                    "a sensor of {sensor:?} (polarities, height, width) has too many addresses"
                ),
            )
        })?;
    if let Some(expected) = options.neurons
        && expected != neurons
    {
        return Err(DataError::Width {
            path: path.to_owned(),
            found: neurons,
            expected,
            shape: sensor.to_vec(),
        });
    }
    Ok((sensor, neurons))
}

/// The spikes of one sample by step, those of a step in the order of their events.
fn unordered(
    path: &Path,
    columns: &Columns,
    event_dt: u64,
    sensor: [usize; 3],
    sample: usize,
    bounds: [u64; 2],
) -> Result<Sample, DataError> {
    let [from, to] = bounds.map(|offset| offset as usize);
    let [_, height, width] = sensor;
    let mut steps = Sample::new();
    for event in from..to {
        let at = |values: &[u64]| values.get(event).copied().unwrap_or(0);
        let (p, y, x) = (at(&columns.p), at(&columns.y), at(&columns.x));
        for ((axis, value), size) in [("p", p), ("y", y), ("x", x)].into_iter().zip(sensor) {
            if value >= size as u64 {
                return Err(DataError::OutsideSensor {
                    path: path.to_owned(),
                    sample,
                    event,
                    axis,
                    value,
                    size,
                });
            }
        }
        let step = at(&columns.t) / event_dt;
        if step >= MAX_STEPS {
            return Err(problem(
                path,
                format!(
                    "event {event} of sample {sample} at t = {} is in step {step}, at most {MAX_STEPS} are read: is a step of {} in the unit of t, and does t count from the sample's start?",
                    at(&columns.t),
                    event_dt
                ),
            ));
        }
        if steps.len() <= step as usize {
            steps.resize(step as usize + 1, Vec::new());
        }
        let neuron = (p as usize * height + y as usize) * width + x as usize;
        if let Some(spikes) = steps.get_mut(step as usize) {
            spikes.push(neuron as u32);
        }
    }
    Ok(steps)
}

fn problem(path: &Path, problem: String) -> DataError {
    DataError::Events {
        path: path.to_owned(),
        problem,
    }
}

/// Samples from events: step `t / event_dt`, neuron `(p * height + y) * width + x`. Times
/// count from the sample's start, so that a sample ends with the step of its last event.
pub(super) fn load(
    path: &Path,
    arrays: &[(String, Array)],
    options: &DataOptions,
) -> Result<Dataset, DataError> {
    let problem = |text: String| problem(path, text);
    let columns = Columns {
        t: column(path, arrays, "t")?,
        x: column(path, arrays, "x")?,
        y: column(path, arrays, "y")?,
        p: column(path, arrays, "p")?,
    };
    let count = columns.t.len();
    for (name, other) in [("x", &columns.x), ("y", &columns.y), ("p", &columns.p)] {
        if other.len() != count {
            let length = other.len();
            return Err(problem(format!(
                "{name} has {length} events, t has {count}"
            )));
        }
    }
    if options.event_dt == 0 {
        return Err(problem(
            "a step of events cannot last 0: give a length above it".to_owned(),
        ));
    }
    let offsets = match find(arrays, "offsets") {
        Some(array) if array.values.len() > MAX_SAMPLES + 1 => {
            return Err(problem(format!(
                "offsets tell of {} samples, at most {MAX_SAMPLES} are read from a file: split it",
                array.values.len() - 1
            )));
        }
        Some(_) => column(path, arrays, "offsets")?,
        None => vec![0, count as u64],
    };
    let whole = offsets.first() == Some(&0) && offsets.last() == Some(&(count as u64));
    if !whole || !offsets.is_sorted() {
        return Err(problem(format!(
            "offsets must rise from 0 to the number of events, {count}: one more than there are samples"
        )));
    }
    let (sensor, neurons) = addresses(path, &columns, options)?;
    if let Some(text) = stray(&columns.t, &offsets, options.event_dt) {
        return Err(problem(text));
    }
    let all_steps = steps_of_all(&columns.t, &offsets, options.event_dt);
    if all_steps > MAX_ALL_STEPS {
        return Err(problem(format!(
            "the samples have {all_steps} steps, at most {MAX_ALL_STEPS} are read from a file: split it, or is a step of {} not in the unit of t?",
            options.event_dt
        )));
    }
    let mut samples = Vec::new();
    let mut budget = Budget::new(path);
    for (sample, bounds) in offsets.array_windows().enumerate() {
        let mut steps = unordered(path, &columns, options.event_dt, sensor, sample, *bounds)?;
        for (step, spikes) in steps.iter_mut().enumerate() {
            budget.step(sample, step, spikes.len() as u64)?;
            // Events need not come in any order within a step.
            spikes.sort_unstable();
        }
        samples.push(steps);
    }
    Ok(Dataset {
        neurons,
        samples,
        form: Form::Events,
    })
}
