//! Clocks: what a run takes on a core, and where they go.

use std::collections::BTreeMap;

use spikevec::assembler::Image;
use spikevec::isa::Instruction;
use spikevec::report::TimingReport;
use spikevec::simulator::StallProfile;

use super::table::{number, short, table};

/// Rows of the text report.
pub fn rows(report: &TimingReport) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    if let (Some(config), Some(lanes), Some(cycles)) = (&report.config, report.lanes, report.cycles)
    {
        let text = format!(
            "{} a step, {} in all; core {config}, {lanes} lanes",
            number(report.cycles_per_step, 1),
            short(cycles as f64),
        );
        rows.push(vec!["clocks".to_owned(), text]);
    }
    let times = (
        report.clock_mhz,
        report.seconds_per_step,
        report.seconds_per_sample,
    );
    if let (Some(mhz), Some(step), Some(sample)) = times {
        let text = format!(
            "{} a step, {} a sample at {mhz} MHz",
            time(step),
            time(sample)
        );
        rows.push(vec!["time".to_owned(), text]);
    }
    rows
}

/// A time with a unit that makes it a handy number.
fn time(seconds: f64) -> String {
    let units = [(1.0, "s"), (1e-3, "ms"), (1e-6, "us")];
    let unit = units.iter().find(|unit| seconds >= unit.0);
    let (size, name) = unit.copied().unwrap_or((1e-9, "ns"));
    format!("{:.3} {name}", seconds / size)
}

/// Sites that are listed.
const SITES: usize = 20;

/// Where the clocks of `steps` steps went, as text.
pub fn stalls(profile: &StallProfile, image: &Image, steps: u64) -> String {
    let steps = steps.max(1) as f64;
    let a_step = |clocks: u64| format!("{:.2}", clocks as f64 / steps);
    let head = |first: &[&str]| -> Vec<String> { first.iter().map(|s| (*s).to_owned()).collect() };
    let mut reasons: Vec<_> = profile.reasons().into_iter().collect();
    reasons.sort_by_key(|(_, clocks)| std::cmp::Reverse(*clocks));
    let mut rows = vec![
        head(&["clocks/step", "spent on"]),
        vec![a_step(profile.executed()), "instructions".to_owned()],
    ];
    let each = reasons.iter();
    rows.extend(each.map(|(stall, clocks)| vec![a_step(*clocks), stall.to_string()]));
    let mut out = format!("\n{}", table(&rows, &[true, false]));

    let mut sites: BTreeMap<u32, (u64, Vec<String>)> = BTreeMap::new();
    for (pc, stall, clocks) in profile.sites() {
        let site = sites.entry(pc).or_default();
        site.0 += clocks;
        site.1.push(stall.to_string());
    }
    let mut sites: Vec<_> = sites.into_iter().collect();
    sites.sort_by_key(|(pc, (clocks, _))| (std::cmp::Reverse(*clocks), *pc));
    let mut rows = vec![head(&["clocks/step", "at", "instruction", "waits for"])];
    rows.extend(sites.iter().take(SITES).map(|(pc, (clocks, why))| {
        let word = image.code.get(*pc as usize / 4);
        let text = word.and_then(|word| Instruction::decode(*word).ok());
        vec![
            a_step(*clocks),
            format!("{pc:#06x}"),
            text.map_or_else(String::new, |text| text.to_string()),
            why.join(", "),
        ]
    }));
    out.push_str(&format!("\n{}", table(&rows, &[true, false, false, false])));
    if let Some(more) = sites.len().checked_sub(SITES).filter(|more| *more > 0) {
        out.push_str(&format!("... and {more} more places\n"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::time;

    #[test]
    fn times_have_handy_units() {
        for (seconds, text) in [
            (2.5, "2.500 s"),
            (0.0125, "12.500 ms"),
            (3.4e-6, "3.400 us"),
            (5e-8, "50.000 ns"),
            (0.0, "0.000 ns"),
        ] {
            assert_eq!(time(seconds), text);
        }
    }
}
