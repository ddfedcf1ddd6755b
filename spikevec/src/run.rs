//! A data set through a program on a machine.

use std::path::Path;

use spikevec_runtime::data::Array;
use spikevec_runtime::{
    BackendError, Cancel, EvaluateError, EvaluateOptions, Readout, Sample, SampleResult,
    SessionError, Summary, class_array, evaluate, number_array, result_arrays, spike_array,
    write_npz,
};
use spikevec_simulator::{Cause, StallProfile};

use crate::data::Data;
use crate::error::{Error, Result};
use crate::float::{self, FloatOptions, FloatSummary};
use crate::machine::Machine;
use crate::program::Program;
use crate::progress::{Progress, Stage, Watch};
use crate::report::{Report, Sources, TimingReport};
use crate::trace::Trace;
use crate::warning::{self, Warning, warn, warn_all};

/// How a data set is run.
#[derive(Clone)]
pub struct RunOptions<'a> {
    /// How classes are read; `None` for the count of spikes where the output spikes, else the highest membrane.
    pub readout: Option<Readout>,
    /// Output population that the class is read from; `None` for the first.
    pub output: Option<String>,
    /// Only the first samples. Labels are checked for all of them.
    pub limit: Option<usize>,
    /// Seed of random numbers; `None` for the program's.
    pub seed: Option<u64>,
    /// Most instructions of one run of the program, of which a sample may take several; `None` for
    /// what follows from the program ([`Session::budget`](spikevec_runtime::Session::budget)).
    pub budget: Option<u64>,
    /// Run the float reference beside it, where the program was compiled here.
    pub float: bool,
    /// Keep every sample's result in [`Run::results`].
    pub keep_results: bool,
    /// Clock of the core in MHz, for times in the report.
    pub clock_mhz: Option<f64>,
    /// Told of every sample that is done.
    pub progress: Option<Watch<'a>>,
    /// Ends the run from another thread, or from `progress`.
    pub cancel: Cancel,
}

impl Default for RunOptions<'_> {
    /// All samples, the float reference beside them, results kept, and nobody told.
    fn default() -> Self {
        RunOptions {
            readout: None,
            output: None,
            limit: None,
            seed: None,
            budget: None,
            float: true,
            keep_results: true,
            clock_mhz: None,
            progress: None,
            cancel: Cancel::default(),
        }
    }
}

/// What came of a data set.
#[derive(Debug, Clone)]
pub struct Run {
    /// Everything that is one number for the whole data set, and the predictions.
    pub report: Report,
    /// Each sample's spikes, membranes and recordings, where they are kept.
    pub results: Vec<SampleResult>,
    /// The class of each sample, where it is known.
    pub labels: Option<Vec<usize>>,
    /// The float reference, where it ran.
    pub float: Option<FloatSummary>,
    /// What instructions have waited for since the machine was opened, where it counts that.
    pub stalls: Option<StallProfile>,
    program: Program,
}

impl Machine {
    /// Runs a data set, on as many cores of the host as the machine can be copied to. Sample `i` draws from random stream
    /// `i`, so that results do not depend on threads or on what ran before.
    ///
    /// # Errors
    /// Data that does not fit the program, a program that does not end, a machine that fails, or [`Error::Cancelled`].
    pub fn run(&mut self, data: &Data, options: &RunOptions<'_>) -> Result<Run> {
        if data.steps() == 0 {
            return Err(Error::NothingToRun {
                name: data.name().to_owned(),
            });
        }
        let output = self.program.output(options.output.as_deref())?;
        data.check_labels(output.neurons)?;
        let mut warnings = self.program.warnings().to_vec();
        if options.output.is_none()
            && let Some(several) = self.program.output_warning()
        {
            warn(&mut warnings, several);
        }
        let all = data.samples().len();
        let count = options.limit.map_or(all, |limit| limit.min(all));
        let samples = data.samples().get(..count).unwrap_or_default();
        let labels = data.labels().and_then(|labels| labels.get(..count));

        let mut summary = self.traced(|machine| machine.evaluate(samples, labels, options))?;
        if summary.rng_used_unseeded {
            warn(&mut warnings, Warning::Unseeded);
        }
        let float = self.float(samples, &summary, options)?;
        let calibrated = self.program.compilation().is_some_and(|c| c.calibrated);
        let differences = float.iter().flat_map(|float| &float.differences);
        for (ran, difference) in summary.populations.iter().zip(differences) {
            let told = warning::of_difference(ran, difference, calibrated);
            warn_all(&mut warnings, told);
        }
        if let Some(silent) = warning::of_silence(&summary) {
            warn(&mut warnings, silent);
        }
        let results = std::mem::take(&mut summary.results);
        let stalls = self.session.backend().simulator().filter(|_| self.stalls);
        Ok(Run {
            report: Report::new(Sources {
                program: &self.program,
                seed: options.seed,
                labels,
                summary: &summary,
                float: float.as_ref(),
                timing: TimingReport::new(&summary, self.timing, options.clock_mhz),
                warnings,
            }),
            results,
            labels: labels.map(<[usize]>::to_vec),
            float,
            stalls: stalls.map(|simulator| simulator.stalls()),
            program: self.program.clone(),
        })
    }

    /// The float reference beside the program, where that was compiled here.
    fn float(
        &self,
        samples: &[Sample],
        summary: &Summary,
        options: &RunOptions<'_>,
    ) -> Result<Option<FloatSummary>> {
        let Some(compilation) = self.program.compilation().filter(|_| options.float) else {
            return Ok(None);
        };
        let recorded = summary.results.first().into_iter();
        let keep = recorded.flat_map(|one| one.spikes.keys().chain(one.membranes.keys()));
        let how = FloatOptions {
            output: &summary.output,
            readout: summary.readout,
            seed: options
                .seed
                .or(self.program.manifest().map(|m| m.seed))
                .unwrap_or_default(),
            keep: keep.map(String::as_str).collect(),
            cancel: &options.cancel,
        };
        let told = told(options, Stage::Reference, samples.len());
        let (compiled, readings) = (&compilation.compiled, &compilation.readings);
        float::evaluate(compiled, readings, &how, samples, &told).map(Some)
    }

    fn evaluate(
        &mut self,
        samples: &[spikevec_runtime::Sample],
        labels: Option<&[usize]>,
        options: &RunOptions<'_>,
    ) -> Result<Summary> {
        self.session.set_seed(options.seed);
        self.session.set_budget(options.budget);
        let how = EvaluateOptions {
            readout: options.readout,
            output: options.output.clone(),
            keep_results: options.keep_results,
            cancel: options.cancel.clone(),
            limits: self.limits,
        };
        let progress = told(options, Stage::Program, samples.len());
        evaluate(&mut self.session, samples, labels, &how, &progress).map_err(failed)
    }

    /// Does some work, with a trace of it where one is asked for.
    fn traced<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let simulator = self.session.backend_mut().simulator_mut();
        let trace = match (&self.trace, simulator) {
            (Some(path), Some(simulator)) => Some(Trace::begin(path, simulator)?),
            _ => None,
        };
        let outcome = work(self);
        if let (Some(trace), Some(simulator)) = (trace, self.session.backend_mut().simulator_mut())
        {
            trace.end(simulator)?;
        }
        outcome
    }
}

/// What tells `options` of progress; it begins by telling that nothing is done.
fn told(options: &RunOptions<'_>, stage: Stage, samples: usize) -> impl Fn(usize) + Sync {
    let tell = move |done| {
        if let Some(watch) = options.progress {
            watch(Progress {
                stage,
                done,
                samples,
            });
        }
    };
    tell(0);
    tell
}

/// What helps where a budget is used up.
const REMEDY_BUDGET: &str = "the run takes too long: give more instructions with --budget";

/// With what a user can do about it.
fn failed(error: EvaluateError) -> Error {
    let remedy = match &error {
        EvaluateError::Cancelled { done, samples } => {
            return Error::Cancelled {
                stage: Stage::Program,
                done: *done,
                samples: *samples,
            };
        }
        EvaluateError::Session(SessionError::Run {
            source: BackendError::Budget { .. },
            ..
        }) => REMEDY_BUDGET,
        EvaluateError::Session(SessionError::Run {
            source: BackendError::Stopped(stop),
            ..
        }) => match stop.cause {
            Cause::Hazard { .. } => {
                "the program is not free of load hazards: run it without --strict"
            }
            _ => return Error::Evaluate(Box::new(error)),
        },
        _ => return Error::Evaluate(Box::new(error)),
    };
    Error::Limit {
        remedy,
        source: Box::new(error),
    }
}

impl Run {
    /// The predicted class of each sample; `None` where it has none.
    pub fn predictions(&self) -> &[Option<usize>] {
        &self.report.predictions
    }

    /// Predictions, spikes and recordings as arrays with names (see [`result_arrays`]), with `labels` and `float_predictions`
    /// where they are known, and what the float reference did of all that was recorded: `float.<population>.spikes`,
    /// `float.<population>.v`.
    pub fn arrays(&self) -> Vec<(String, Array)> {
        let mut arrays = match self.program.manifest() {
            Some(manifest) => result_arrays(manifest, &self.results, self.predictions()),
            None => Vec::new(),
        };
        if let Some(labels) = &self.labels {
            let labels: Vec<Option<usize>> = labels.iter().copied().map(Some).collect();
            arrays.push(("labels".to_owned(), class_array(&labels)));
        }
        if let Some(float) = &self.float {
            let classes = class_array(&float.predictions);
            arrays.push(("float_predictions".to_owned(), classes));
            arrays.extend(self.float_arrays(float));
        }
        arrays
    }

    /// What the reference did of all that the program records.
    fn float_arrays(&self, float: &FloatSummary) -> Vec<(String, Array)> {
        let Some(compiled) = self.program.compiled() else {
            return Vec::new();
        };
        let longest = self.results.iter().map(|r| r.steps).max().unwrap_or(0);
        let mut arrays = Vec::new();
        for (k, population) in compiled.network.populations.iter().enumerate() {
            let (name, neurons) = (&population.name, population.size());
            let spikes = float.recordings.iter().map(|r| r.spikes.get(k));
            if self.results.iter().any(|r| r.spikes.contains_key(name)) {
                let array = spike_array(spikes, longest, neurons);
                arrays.push((format!("float.{name}.spikes"), array));
            }
            let membranes = float.recordings.iter().map(|r| r.membranes.get(k));
            if self.results.iter().any(|r| r.membranes.contains_key(name)) {
                let each = membranes.map(|values| values.into_iter().flatten().copied());
                arrays.push((
                    format!("float.{name}.v"),
                    number_array(each, longest, neurons),
                ));
            }
        }
        arrays
    }

    /// Writes [`Run::arrays`] as a `.npz` file, whole or not at all.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let arrays = self.arrays();
        let named: Vec<(&str, &Array)> = arrays
            .iter()
            .map(|(n, array)| (n.as_str(), array))
            .collect();
        Ok(write_npz(path.as_ref(), &named)?)
    }
}
