//! Clocks: what a run takes on a core.

use serde::Serialize;
use spikevec_runtime::Summary;
use spikevec_simulator::Timing;

/// The clocks of a run; nothing where it was not timed.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct TimingReport {
    /// Name of the core's configuration.
    pub config: Option<String>,
    /// Lanes in hardware.
    pub lanes: Option<u32>,
    /// All clocks.
    pub cycles: Option<u64>,
    /// Clocks of a step, on average.
    pub cycles_per_step: Option<f64>,
    /// Of the core, where it was given.
    pub clock_mhz: Option<f64>,
    /// Time of a step at that clock, on average.
    pub seconds_per_step: Option<f64>,
    /// Time of a sample at that clock, on average.
    pub seconds_per_sample: Option<f64>,
}

impl TimingReport {
    /// `clock_mhz` is the clock of the core.
    pub(crate) fn new(summary: &Summary, timing: Option<Timing>, clock_mhz: Option<f64>) -> Self {
        let (Some(timing), Some(cycles)) = (timing, summary.clocks) else {
            return TimingReport::default();
        };
        let seconds = |cycles: f64| clock_mhz.map(|mhz| cycles / (mhz * 1e6));
        let samples = summary.samples.max(1) as f64;
        TimingReport {
            config: Some(timing.name().to_owned()),
            lanes: Some(timing.lanes()),
            cycles: Some(cycles),
            cycles_per_step: summary.clocks_per_step,
            clock_mhz,
            seconds_per_step: summary.clocks_per_step.and_then(seconds),
            seconds_per_sample: seconds(cycles as f64 / samples),
        }
    }
}
