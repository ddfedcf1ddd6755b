//! The critical path, by the blocks that it goes through.

use serde::{Deserialize, Serialize};

use super::netlist::Blocks;

/// The slowest path from register to register of the core's clock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CriticalPath {
    /// What it takes, in nanoseconds, set-up time included.
    pub total_ns: f64,
    /// That part which is cells.
    pub logic_ns: f64,
    /// That part which is wires.
    pub routing_ns: f64,
    /// Blocks in their order.
    pub hops: Vec<Hop>,
}

/// The way through a block, with the wires that lead to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hop {
    /// Path of the block.
    pub block: String,
    /// Its first cell on the way.
    pub cell: String,
    /// Cells on the way.
    pub cells: u64,
    /// Time in cells, in nanoseconds.
    pub logic_ns: f64,
    /// Time in wires, in nanoseconds.
    pub routing_ns: f64,
}

/// A path of nextpnr's report.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct RawPath {
    pub from: String,
    pub to: String,
    path: Vec<RawSegment>,
}

#[derive(Debug, Clone, Deserialize)]
struct RawSegment {
    delay: f64,
    #[serde(rename = "type")]
    kind: String,
    to: RawPin,
}

#[derive(Debug, Clone, Deserialize)]
struct RawPin {
    cell: String,
}

impl RawPath {
    fn delay(&self) -> f64 {
        self.path.iter().map(|segment| segment.delay).sum()
    }
}

impl CriticalPath {
    /// The slowest of `paths` that begins and ends at `clock`.
    pub(super) fn of(paths: &[RawPath], clock: &str, blocks: &Blocks) -> Option<Self> {
        let same = |edge: &str| edge.split_once(' ').is_some_and(|(_, net)| net == clock);
        let inside = paths
            .iter()
            .filter(|path| same(&path.from) && same(&path.to));
        let slowest = inside.max_by(|a, b| a.delay().total_cmp(&b.delay()))?;
        let mut hops: Vec<Hop> = Vec::new();
        for segment in &slowest.path {
            let cell = &segment.to.cell;
            let block = blocks.of(cell);
            let routing = segment.kind == "routing";
            let new = hops.last().is_none_or(|hop| hop.block != block);
            if new {
                hops.push(Hop {
                    block: block.to_owned(),
                    cell: cell.clone(),
                    cells: u64::from(!routing),
                    logic_ns: 0.0,
                    routing_ns: 0.0,
                });
            }
            if let Some(hop) = hops.last_mut() {
                if routing {
                    hop.routing_ns += segment.delay;
                    hop.cells += 1;
                } else {
                    hop.logic_ns += segment.delay;
                }
            }
        }
        let logic = hops.iter().map(|hop| hop.logic_ns).sum();
        let routing = hops.iter().map(|hop| hop.routing_ns).sum();
        for hop in &mut hops {
            hop.logic_ns = picoseconds(hop.logic_ns);
            hop.routing_ns = picoseconds(hop.routing_ns);
        }
        Some(Self {
            total_ns: picoseconds(logic + routing),
            logic_ns: picoseconds(logic),
            routing_ns: picoseconds(routing),
            hops,
        })
    }

    /// `a -> b -> c: 17.50 ns (8.20 logic, 9.30 routing)`; what all blocks' paths begin with is left out.
    pub fn summary(&self) -> String {
        let common = self.common();
        let hops = self.hops.iter().map(|hop| short(&hop.block, common));
        format!(
            "{}: {:.2} ns ({:.2} logic, {:.2} routing)",
            hops.collect::<Vec<_>>().join(" -> "),
            self.total_ns,
            self.logic_ns,
            self.routing_ns
        )
    }

    /// Length of what all blocks' paths begin with, the last dot included.
    pub(crate) fn common(&self) -> usize {
        let Some(first) = self.hops.first() else {
            return 0;
        };
        let mut length = first.block.rfind('.').map_or(0, |dot| dot + 1);
        for hop in &self.hops {
            while !hop.block.starts_with(&first.block[..length]) {
                let outer = first.block[..length.saturating_sub(1)].rfind('.');
                length = outer.map_or(0, |dot| dot + 1);
            }
        }
        length
    }
}

/// A block's path without its first `common` bytes.
pub(crate) fn short(block: &str, common: usize) -> &str {
    match block {
        "" => "(top)",
        block => block.get(common..).unwrap_or(block),
    }
}

fn picoseconds(ns: f64) -> f64 {
    (ns * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::netlist::Count;

    #[test]
    fn hops_are_blocks() {
        let netlist = r#"{"modules": {"top": {"cells": {
            "core": {"type": "$scopeinfo"}, "core.memory": {"type": "$scopeinfo"}, "core.late": {"type": "$scopeinfo"}}}}}"#;
        let blocks =
            Blocks::read(netlist, "top", |_| Count::default()).unwrap_or_else(|e| panic!("{e}"));
        let segment = |kind: &str, delay: f64, cell: &str| RawSegment {
            delay,
            kind: kind.to_owned(),
            to: RawPin {
                cell: cell.to_owned(),
            },
        };
        let path = |from: &str, segments: &[RawSegment]| RawPath {
            from: from.to_owned(),
            to: "posedge clock".to_owned(),
            path: segments.to_vec(),
        };
        let paths = [
            path("<async>", &[segment("logic", 90.0, "core.x")]),
            path(
                "posedge clock",
                &[
                    segment("clk-to-q", 5.5, "core.memory.words_0.0.0"),
                    segment("routing", 2.0, "core.late.y_LUT4_Z"),
                    segment("logic", 0.25, "core.late.y_LUT4_Z"),
                    segment("routing", 1.0, "core.late.q_TRELLIS_FF_Q"),
                    segment("setup", 0.0, "core.late.q_TRELLIS_FF_Q"),
                ],
            ),
        ];
        let found = CriticalPath::of(&paths, "clock", &blocks).unwrap_or_else(|| panic!("no path"));
        assert_eq!(
            found.summary(),
            "memory -> late: 8.75 ns (5.75 logic, 3.00 routing)"
        );
        assert_eq!((found.hops[0].cells, found.hops[1].cells), (1, 2));
        assert!(CriticalPath::of(&paths, "other", &blocks).is_none());
    }
}
