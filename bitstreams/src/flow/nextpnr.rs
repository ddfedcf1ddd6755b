//! Place and route.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::error::{Excess, FlowError};
use super::family::Family;
use super::paths::RawPath;
use super::process::run;
use super::progress::Step;
use super::tools::Tools;
use crate::board::Board;

/// What a seed has come to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Seed {
    /// The seed.
    pub seed: u32,
    /// The clock that it reaches, in MHz.
    pub mhz: f64,
}

/// Used and available.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    /// Used.
    pub used: u64,
    /// On the device.
    pub available: u64,
}

#[derive(Debug, Clone, Deserialize)]
struct Fmax {
    achieved: f64,
}

/// nextpnr's report.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Raw {
    fmax: BTreeMap<String, Fmax>,
    pub utilization: BTreeMap<String, Used>,
    pub critical_paths: Vec<RawPath>,
}

/// A placed and routed design.
pub(super) struct Routed {
    pub seed: Seed,
    /// Net of the core's clock.
    pub clock: String,
    pub raw: Raw,
}

/// The name of the routed design that a seed leaves in the work folder.
pub(super) fn routed(family: &Family, seed: u32) -> String {
    format!("seed-{seed}.{}", family.routed)
}

/// The name of the file with pins in the work folder.
pub(super) fn pins(family: &Family) -> String {
    format!("board.{}", family.constraints)
}

/// Places and routes `netlist.json` in `work` with the board's pins there. A missed clock is no error here.
pub(super) fn route(
    tools: &Tools,
    work: &Path,
    board: &Board,
    clock_hz: u32,
    seed: u32,
    line: impl Fn(Step, &str),
) -> Result<Routed, FlowError> {
    let device = &board.file.device;
    let family = device.family();
    let router = family.router;
    let log = work.join(format!("nextpnr-seed-{seed}.log"));
    let report = format!("seed-{seed}.report.json");
    let start = |source| FlowError::Start {
        tool: router.name,
        source,
    };
    let mut command = tools.command(router).map_err(start)?;
    command
        .args(device.route(&pins(family), &routed(family, seed), clock_hz))
        .args(["--json", "netlist.json", "--report", &report])
        .args(["--seed", &seed.to_string(), "--timing-allow-fail"])
        .current_dir(work);
    let mut table = BTreeMap::new();
    let mut in_table = false;
    let ran = run(&mut command, &log, |text| {
        in_table = utilisation(text, in_table, &mut table);
        if let Some(text) = text.strip_prefix("Info: ") {
            line(Step::Route { seed }, text);
        }
    });
    let ran = ran.map_err(start)?;
    let excess = excess(&table, family);
    if !excess.is_empty() {
        return Err(FlowError::DoesNotFit {
            board: board.name,
            part: device.part().to_owned(),
            excess,
        });
    }
    if !ran.status.success() {
        return Err(FlowError::Tool {
            tool: router.name,
            complaints: ran.complaints,
            log,
        });
    }
    let path = work.join(report);
    let text = std::fs::read_to_string(&path).map_err(|source| FlowError::File {
        what: "read",
        path: path.clone(),
        source,
    })?;
    let form = |message: String| FlowError::Form {
        tool: router.name,
        path: path.clone(),
        message,
    };
    let raw: Raw = serde_json::from_str(&text).map_err(|error| form(error.to_string()))?;
    // The PLL's own clock drives a counter only; the core's is the gated one.
    let slowest = raw
        .fmax
        .iter()
        .min_by(|a, b| a.1.achieved.total_cmp(&b.1.achieved));
    let (clock, fmax) = slowest.ok_or_else(|| form("it names no clock".to_owned()))?;
    let seed = Seed {
        seed,
        mhz: (fmax.achieved * 100.0).round() / 100.0,
    };
    Ok(Routed {
        seed,
        clock: clock.clone(),
        raw,
    })
}

/// Reads a line of the table that nextpnr prints before it places: `Info:   DP16KD:      33/     56    58%`. Gives
/// whether the table goes on.
fn utilisation(line: &str, inside: bool, table: &mut BTreeMap<String, Used>) -> bool {
    if line.ends_with("Device utilisation:") {
        return true;
    }
    let parsed = || {
        let (name, rest) = line.strip_prefix("Info:")?.split_once(':')?;
        let (used, rest) = rest.split_once('/')?;
        let available = rest.split_whitespace().next()?;
        let used = Used {
            used: used.trim().parse().ok()?,
            available: available.parse().ok()?,
        };
        Some((name.trim().to_owned(), used))
    };
    match parsed() {
        Some((name, used)) if inside => {
            table.insert(name, used);
            true
        }
        _ => false,
    }
}

fn excess(table: &BTreeMap<String, Used>, family: &Family) -> Vec<Excess> {
    let over = table.iter().filter(|(_, used)| used.used > used.available);
    over.map(|(name, used)| {
        let known = family.resources.iter().find(|(cell, _)| cell == name);
        Excess {
            resource: known.map_or(name.as_str(), |(_, name)| name).to_owned(),
            needed: used.used,
            available: used.available,
        }
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_what_does_not_fit() {
        let log = "Info: Total LUT4s:     99999/24288    81%\nInfo: Device utilisation:\n\
                   Info: \t          TRELLIS_IO:       4/    197     2%\n\
                   Info: \t              DP16KD:      72/     56   128%\n\nInfo: Placed 9/8 cells";
        let mut table = BTreeMap::new();
        let mut inside = false;
        for line in log.lines() {
            inside = utilisation(line, inside, &mut table);
        }
        assert_eq!(table.len(), 2);
        let board = Board::named("colorlight-i5").unwrap_or_else(|e| panic!("{e}"));
        let found = excess(&table, board.file.device.family());
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].resource.as_str(), found[0].needed),
            ("block RAMs", 72)
        );
    }
}
