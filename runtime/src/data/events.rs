//! Events of a sensor: time, place and polarity.

use std::path::Path;

use super::array::{Array, Values};
use super::{Budget, DataError, DataOptions, Dataset, Form, Sample};

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

/// True where an archive holds events: times, and places in one axis at least.
pub(super) fn are_events(arrays: &[(String, Array)]) -> bool {
    let flat = |name: &str| find(arrays, name).is_some_and(|array| array.shape.len() == 1);
    let all = ["x", "y", "p"]
        .iter()
        .all(|name| find(arrays, name).is_some());
    find(arrays, "t").is_some() && (all || flat("t") && (flat("x") || flat("y")))
}

/// Refuses events without their places, and without rows or polarities where the sensor has
/// several.
fn check_columns(
    path: &Path,
    arrays: &[(String, Array)],
    options: &DataOptions,
) -> Result<(), DataError> {
    let [polarities, rows, _] = options.sensor.unwrap_or([1; 3]);
    for (column, size) in [("x", usize::MAX), ("y", rows), ("p", polarities)] {
        if size > 1 && find(arrays, column).is_none() {
            return Err(DataError::EventColumn {
                path: path.to_owned(),
                column: column.to_owned(),
            });
        }
    }
    Ok(())
}

/// A column of the events: whole numbers, which are looked up where they are. Without it all of
/// them are 0.
#[derive(Clone, Copy)]
struct Column<'a>(Option<&'a Values>);

impl Column<'_> {
    fn len(&self) -> usize {
        self.0.map_or(0, Values::len)
    }

    /// A value; 0 behind the end.
    fn at(&self, index: usize) -> u64 {
        self.0.and_then(|values| values.whole(index)).unwrap_or(0)
    }

    /// The last event, of those between two offsets, with the largest value, and the value.
    fn largest(&self, [from, to]: &[u64; 2]) -> Option<(usize, u64)> {
        let events = *from as usize..(*to as usize).min(self.len());
        let each = events.map(|event| (event, self.at(event)));
        each.max_by_key(|(_, value)| *value)
    }
}

/// The columns of the events.
struct Columns<'a> {
    t: Column<'a>,
    x: Column<'a>,
    y: Column<'a>,
    p: Column<'a>,
}

fn column<'a>(
    path: &Path,
    arrays: &'a [(String, Array)],
    name: &str,
) -> Result<Column<'a>, DataError> {
    let problem = |text: String| problem(path, text);
    let array = find(arrays, name).ok_or_else(|| problem(format!("array {name} is missing")))?;
    if array.shape.len() != 1 {
        let shape = &array.shape;
        return Err(problem(format!(
            "array {name} has shape {shape:?}: expected one axis"
        )));
    }
    match (0..array.values.len()).find(|index| array.values.whole(*index).is_none()) {
        None => Ok(Column(Some(&array.values))),
        Some(index) => Err(DataError::Value {
            path: path.to_owned(),
            array: name.to_owned(),
            index: vec![index],
            value: array.values.text(index),
            wanted: "a whole number of 0 or more",
        }),
    }
}

/// Steps of the samples that begin at `offsets`, which rise. A sample of more than `most` by itself
/// is named with its event later, and does not count here.
fn steps_of_all(times: Column<'_>, offsets: &[u64], dt: u64, most: u64) -> u64 {
    let of = |bounds: &[u64; 2]| times.largest(bounds).map_or(0, |(_, last)| last / dt + 1);
    let each = offsets.array_windows().map(of);
    each.filter(|steps| *steps <= most)
        .fold(0, u64::saturating_add)
}

/// The first sample that is so much longer than the others that one of its times must be wrong, what it has, and what the
/// others have.
fn stray(times: Column<'_>, offsets: &[u64], dt: u64) -> Option<String> {
    let of = |bounds: &[u64; 2]| {
        let last = times.largest(bounds);
        let first = bounds[0] as usize;
        last.map_or((0, 0, 0), |(k, time)| (time / dt + 1, k - first, time))
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
    columns: &Columns<'_>,
    options: &DataOptions,
) -> Result<([usize; 3], usize), DataError> {
    let sensor = match options.sensor {
        Some(sensor) => sensor,
        None => {
            let size = |values: Column<'_>| {
                let largest = values.largest(&[0, values.len() as u64]);
                largest.map_or(0, |(_, max)| max.saturating_add(1) as usize)
            };
            let width = match (columns.y.0, columns.p.0) {
                // All neurons are in one row.
                (None, None) => options.neurons.unwrap_or_else(|| size(columns.x)),
                _ => size(columns.x),
            };
            [size(columns.p).max(1), size(columns.y).max(1), width]
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
    columns: &Columns<'_>,
    (event_dt, max_steps): (u64, u64),
    sensor: [usize; 3],
    sample: usize,
    bounds: [u64; 2],
) -> Result<Sample, DataError> {
    let [from, to] = bounds.map(|offset| offset as usize);
    let [_, height, width] = sensor;
    let mut steps = Sample::new();
    for event in from..to {
        let (p, y, x) = (
            columns.p.at(event),
            columns.y.at(event),
            columns.x.at(event),
        );
        let time = columns.t.at(event);
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
        let step = time / event_dt;
        if step >= max_steps {
            return Err(problem(
                path,
                format!(
                    "event {event} of sample {sample} at t = {time} is in step {step}, at most {max_steps} are read: is a step of {event_dt} in the unit of t, and does t count from the sample's start? If so, give more with --max-steps"
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
    check_columns(path, arrays, options)?;
    let optional = |name: &str| match find(arrays, name) {
        Some(_) => column(path, arrays, name),
        None => Ok(Column(None)),
    };
    let columns = Columns {
        t: column(path, arrays, "t")?,
        x: column(path, arrays, "x")?,
        y: optional("y")?,
        p: optional("p")?,
    };
    let count = columns.t.len();
    for (name, other) in [("x", columns.x), ("y", columns.y), ("p", columns.p)] {
        if other.0.is_some() && other.len() != count {
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
        Some(_) => {
            let offsets = column(path, arrays, "offsets")?;
            (0..offsets.len()).map(|k| offsets.at(k)).collect()
        }
        None => vec![0, count as u64],
    };
    let whole = offsets.first() == Some(&0) && offsets.last() == Some(&(count as u64));
    if !whole || !offsets.is_sorted() {
        return Err(problem(format!(
            "offsets must rise from 0 to the number of events, {count}: one more than there are samples"
        )));
    }
    let (sensor, neurons) = addresses(path, &columns, options)?;
    if let Some(text) = stray(columns.t, &offsets, options.event_dt) {
        return Err(problem(text));
    }
    let bytes = arrays.iter().map(|(_, array)| array.bytes()).sum();
    let (dt, max_steps) = (options.event_dt, options.limits.steps(bytes));
    let all_steps = steps_of_all(columns.t, &offsets, dt, max_steps);
    if all_steps > max_steps {
        return Err(problem(format!(
            "the samples have {all_steps} steps, at most {max_steps} are read from a file of this size: split it, or give more with --max-steps. Or is a step of {dt} not in the unit of t?"
        )));
    }
    let mut samples = Vec::new();
    let mut budget = Budget::new(path, &options.limits, bytes);
    for (sample, bounds) in offsets.array_windows().enumerate() {
        let mut steps = unordered(path, &columns, (dt, max_steps), sensor, sample, *bounds)?;
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
