//! Parts of a compilation, for people.

use spikevec_compiler::Compiled;
use spikevec_compiler::quantise::QuantisedNetwork;

use super::memory::MemoryReport;
use super::table::{percent, table};

/// What the choice of formats costs, a line a population.
pub fn fidelity(network: &QuantisedNetwork) -> String {
    let mut rows = Vec::new();
    for p in &network.populations {
        let spiking = p.kernel.fire.is_some();
        let spikes = if spiking {
            let (differ, all) = (p.fidelity.mismatched_spikes, p.fidelity.reference_spikes);
            format!(
                "{differ} of {all} spikes differ ({})",
                percent(Some(p.fidelity.spike_error()), 2)
            )
        } else {
            "no spikes".to_owned()
        };
        let unit = if spiking {
            "the threshold"
        } else {
            "the range"
        };
        let error = percent(Some(p.fidelity.membrane_error), 2);
        rows.push(vec![
            format!("  {}", p.name),
            spikes,
            format!("membranes {error} of {unit} (rms)"),
        ]);
    }
    let head = "what the formats cost, each population by itself on the calibration data:";
    format!("{head}\n{}", table(&rows, &[]))
}

/// How much of each memory a program takes, and what for.
pub fn memory(compiled: &Compiled) -> String {
    let report = MemoryReport::new(&compiled.image);
    format!("{}{}", summary(&report), compiled.placed.map)
}

/// How much of each memory a program takes.
pub fn summary(report: &MemoryReport) -> String {
    let rows = report.rows().map(|(name, used, limit)| {
        let share = if limit == 0 {
            None
        } else {
            Some(used as f64 / limit as f64)
        };
        vec![
            format!("  {name}"),
            format!("{used} of {limit} bytes"),
            format!("({})", percent(share, 1)),
        ]
    });
    table(&rows, &[])
}
