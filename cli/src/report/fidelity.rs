//! What the choice of formats costs on the calibration data.

use spikevec::report::FidelityReport;

use super::table::{percent, table};

/// A line a population, under a heading. Of each its name, whether it spikes, and the figures.
pub fn text<'a>(populations: impl Iterator<Item = (&'a str, bool, FidelityReport)>) -> String {
    let mut rows = Vec::new();
    for (name, spiking, fidelity) in populations {
        let (spikes, unit) = if spiking {
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
        rows.push(vec![format!("  {name}"), spikes, membranes]);
    }
    let head = "what the formats cost, each population by itself on the calibration data:";
    format!("{head}\n{}", table(&rows, &[]))
}
