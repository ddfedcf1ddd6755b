//! What the choice of formats costs: on the calibration data, and end to end on those of a run.

use serde::Serialize;
use spikevec_compiler::quantise::{Difference, Fidelity, QuantisedNetwork};

/// A population's fidelity to the reference, its sources spiking as in the reference.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct FidelityReport {
    /// Spikes of the reference.
    pub reference_spikes: u64,
    /// Spikes that only one of the two has.
    pub mismatched_spikes: u64,
    /// Mismatched spikes as a fraction of the reference's.
    pub spike_error: f64,
    /// Root mean square, as a fraction of the threshold, or of the range where nothing spikes.
    pub membrane_error: f64,
}

impl From<&Fidelity> for FidelityReport {
    fn from(fidelity: &Fidelity) -> Self {
        FidelityReport {
            reference_spikes: fidelity.reference_spikes,
            mismatched_spikes: fidelity.mismatched_spikes,
            spike_error: fidelity.spike_error(),
            membrane_error: fidelity.membrane_error,
        }
    }
}

/// The fidelity of each population of a network: its name, whether it spikes, and the figures.
pub fn fidelity(network: &QuantisedNetwork) -> impl Iterator<Item = (&str, bool, FidelityReport)> {
    network.populations.iter().map(|p| {
        let spiking = p.kernel.fire.is_some();
        (p.name.as_str(), spiking, FidelityReport::from(&p.fidelity))
    })
}

/// A population as the whole network runs, in floating point and in fixed point, on the same data.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct DifferenceReport {
    /// Spikes of the reference.
    pub reference_spikes: u64,
    /// Spikes in fixed point.
    pub spikes: u64,
    /// Spikes of the reference that their neuron has in another step of the sample.
    pub moved_spikes: u64,
    /// Spikes of the reference that their neuron has not.
    pub missing_spikes: u64,
    /// Spikes that their neuron has in fixed point only.
    pub extra_spikes: u64,
    /// Entries (sample, step, neuron) that only one of the two has, as a fraction of the reference's spikes.
    pub spike_error: f64,
    /// Root mean square difference of the membranes as a fraction of the reference's largest, where nothing spikes.
    pub membrane_error: Option<f64>,
}

impl From<&Difference> for DifferenceReport {
    fn from(difference: &Difference) -> Self {
        DifferenceReport {
            reference_spikes: difference.reference_spikes,
            spikes: difference.spikes,
            moved_spikes: difference.moved,
            missing_spikes: difference.missing(),
            extra_spikes: difference.extra(),
            spike_error: difference.spike_error(),
            membrane_error: difference.membrane_error(),
        }
    }
}
