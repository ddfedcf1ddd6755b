//! What the choice of formats costs on the calibration data.

use serde::Serialize;
use spikevec_compiler::quantise::{Fidelity, QuantisedNetwork};

use super::table::{percent, table};

/// A population's fidelity to the reference, its sources spiking as in the reference.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct FidelityReport {
    reference_spikes: u64,
    mismatched_spikes: u64,
    /// Mismatched spikes as a fraction of the reference's.
    spike_error: f64,
    /// Root mean square, as a fraction of the threshold, or of the range where nothing spikes.
    membrane_error: f64,
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

/// A line a population, under a heading.
pub fn text(network: &QuantisedNetwork) -> String {
    let mut rows = Vec::new();
    for p in &network.populations {
        let fidelity = FidelityReport::from(&p.fidelity);
        let (spikes, unit) = if p.kernel.fire.is_some() {
            let share = percent(Some(fidelity.spike_error), 2);
            let (differ, all) = (fidelity.mismatched_spikes, fidelity.reference_spikes);
            (
                format!("{differ} of {all} spikes differ ({share})"),
                "the threshold",
            )
        } else {
            ("no spikes".to_owned(), "the range")
        };
        let error = percent(Some(fidelity.membrane_error), 2);
        let membranes = format!("membranes {error} of {unit} (rms)");
        rows.push(vec![format!("  {}", p.name), spikes, membranes]);
    }
    let head = "what the formats cost, each population by itself on the calibration data:";
    format!("{head}\n{}", table(&rows, &[]))
}
