//! What the choice of formats costs on the calibration data.

use spikevec::report::{DifferenceReport, FidelityReport};

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

/// The same of populations as they ran, end to end.
pub fn end_to_end<'a>(
    populations: impl Iterator<Item = (&'a str, bool, DifferenceReport)>,
) -> String {
    let mut rows = Vec::new();
    for (name, spiking, d) in populations {
        let mut row = vec![format!("  {name}")];
        if spiking {
            let differ = percent(Some(d.spike_error), 2);
            let [moved, missing, extra] = [d.moved_spikes, d.missing_spikes, d.extra_spikes];
            row.push(format!(
                "{} spikes, {} in float",
                d.spikes, d.reference_spikes
            ));
            row.push(format!("{differ} differ"));
            row.push(format!(
                "{moved} in another step, {missing} missing, {extra} extra"
            ));
        } else {
            let error = percent(d.membrane_error, 2);
            row.push("no spikes".to_owned());
            row.push(format!("membranes {error} of the range (rms)"));
        }
        rows.push(row);
    }
    let head = "fixed point against float, end to end on these data:";
    format!("{head}\n{}", table(&rows, &[]))
}
