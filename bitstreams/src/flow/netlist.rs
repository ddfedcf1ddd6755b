//! What a synthesised netlist is made of, block by block.
//!
//! Synthesis flattens the design and names each cell after a net of the source that it drives or feeds, with the path of the
//! block that has the net: `system.core.execute.sum_CCU2C_S0`. A cell counts with the innermost block in its name. A gate
//! between two blocks thus belongs to the one whose net has given the name, which for blocks of pure logic is often the
//! block behind them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// What a part of the design needs of the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Count {
    /// LUTs with four inputs as nextpnr counts them: logic, carry cells, and what a RAM of 16 words of 4 bits takes.
    pub lut: u64,
    /// Those of them that are RAM.
    pub lut_ram: u64,
    /// Flip-flops.
    pub ff: u64,
    /// Block RAMs, of 16 kbit or 18.
    pub block_ram: u64,
    /// Multipliers of 18 by 18 bits.
    pub dsp: u64,
}

impl Count {
    fn add(&mut self, other: &Self) {
        self.lut += other.lut;
        self.lut_ram += other.lut_ram;
        self.ff += other.ff;
        self.block_ram += other.block_ram;
        self.dsp += other.dsp;
    }
}

/// A block, or several of a kind, with all that is inside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Path from the top; the number of an array's element is `*`.
    pub block: String,
    /// Blocks that the row stands for.
    pub instances: u64,
    /// What they need together, blocks inside included.
    pub count: Count,
}

/// `modules` of Yosys's JSON, as far as it is needed.
#[derive(Deserialize)]
struct Netlist {
    modules: BTreeMap<String, Module>,
}

#[derive(Deserialize)]
struct Module {
    #[serde(default)]
    attributes: BTreeMap<String, serde_json::Value>,
    #[serde(default)]
    cells: BTreeMap<String, Cell>,
}

#[derive(Deserialize)]
struct Cell {
    #[serde(rename = "type")]
    kind: String,
}

impl Module {
    fn is_box(&self) -> bool {
        let named = |name: &str| self.attributes.contains_key(name);
        named("blackbox") || named("whitebox")
    }
}

/// Blocks and what is directly in each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Blocks {
    /// The blocks' own cells, by path; the top is the empty path.
    own: BTreeMap<String, Count>,
}

impl Blocks {
    /// Those of the netlist that Yosys has written as JSON; `count` says what a cell takes.
    pub(super) fn read(json: &str, top: &str, count: fn(&str) -> Count) -> Result<Self, String> {
        let netlist: Netlist = serde_json::from_str(json).map_err(|error| error.to_string())?;
        if !netlist.modules.contains_key(top) {
            return Err(format!("it has no module {top}"));
        }
        let mut scopes = BTreeSet::new();
        let mut cells = Vec::new();
        walk(&netlist, top, "", &mut scopes, &mut cells);
        let mut blocks = Self {
            own: scopes
                .into_iter()
                .map(|scope| (scope, Count::default()))
                .collect(),
        };
        blocks.own.insert(String::new(), Count::default());
        for (name, kind) in cells {
            let block = blocks.of(&name).to_owned();
            blocks.own.entry(block).or_default().add(&count(&kind));
        }
        Ok(blocks)
    }

    /// The path of the innermost block in a cell's name.
    pub(super) fn of<'a>(&self, cell: &'a str) -> &'a str {
        let mut path = cell;
        while let Some((outer, _)) = path.rsplit_once('.') {
            path = outer;
            if self.own.contains_key(path) {
                return path;
            }
        }
        ""
    }

    /// All of it.
    pub(super) fn total(&self) -> Count {
        let mut total = Count::default();
        self.own.values().for_each(|count| total.add(count));
        total
    }

    /// A row for each block that is not small: it takes a hundredth of the logic, a block RAM or a multiplier, and is at
    /// most `depth` levels below the top. Elements of an array share a row.
    pub(super) fn rows(&self, depth: usize) -> Vec<Row> {
        let mut rows: BTreeMap<String, (BTreeSet<&str>, Count)> = BTreeMap::new();
        for (path, count) in &self.own {
            let mut at = 0;
            let ends = path.match_indices('.').map(|(i, _)| i).chain([path.len()]);
            for end in ends.filter(|end| *end > 0).take(depth) {
                let outer = &path[..end];
                let row = rows.entry(starred(outer)).or_default();
                row.0.insert(outer);
                row.1.add(count);
                at += 1;
            }
            debug_assert!(at <= depth);
        }
        let total = self.total();
        let large = |count: &Count| {
            count.block_ram > 0
                || count.dsp > 0
                || count.lut * 100 >= total.lut
                || count.ff * 100 >= total.ff
        };
        let rows = rows.into_iter().filter(|(_, (_, count))| large(count));
        rows.map(|(block, (instances, count))| Row {
            block,
            instances: instances.len() as u64,
            count,
        })
        .collect()
    }
}

/// A path in which the numbers of array elements are `*`.
fn starred(path: &str) -> String {
    let part = |part: &str| match part.rsplit_once('_') {
        Some((name, index))
            if !index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            format!("{name}_*")
        }
        _ => part.to_owned(),
    };
    path.split('.').map(part).collect::<Vec<_>>().join(".")
}

/// Collects the blocks and cells below a module: synthesis leaves a few modules unflattened.
fn walk(
    netlist: &Netlist,
    module: &str,
    path: &str,
    scopes: &mut BTreeSet<String>,
    cells: &mut Vec<(String, String)>,
) {
    let Some(module) = netlist.modules.get(module) else {
        return;
    };
    for (name, cell) in &module.cells {
        let full = match path {
            "" => name.clone(),
            path => format!("{path}.{name}"),
        };
        // The device's own cells are modules, too.
        let inner = netlist.modules.get(&cell.kind);
        let inner = inner.filter(|inner| !inner.is_box());
        if cell.kind == "$scopeinfo" {
            // What flattening leaves where a block was.
            scopes.insert(full);
        } else if inner.is_some() {
            scopes.insert(full.clone());
            walk(netlist, &cell.kind, &full, scopes, cells);
        } else {
            cells.push((full, cell.kind.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::Board;

    /// What a cell of an ECP5 takes.
    fn count(kind: &str) -> Count {
        let board = Board::named("colorlight-i5").unwrap_or_else(|e| panic!("{e}"));
        (board.file.device.family().count)(kind)
    }

    const NETLIST: &str = r#"{"modules": {
        "LUT4": {"attributes": {"blackbox": "1"}, "cells": {"timing": {"type": "$specify2"}}},
        "kept": {"cells": {"inner": {"type": "$scopeinfo"}, "inner.q_TRELLIS_FF_Q": {"type": "TRELLIS_FF"}}},
        "top": {"cells": {
            "core": {"type": "$scopeinfo"}, "core.lane_0": {"type": "$scopeinfo"}, "core.lane_1": {"type": "$scopeinfo"},
            "core.lane_0.y_LUT4_Z": {"type": "LUT4"}, "core.lane_1.y_LUT4_Z": {"type": "LUT4"},
            "core.lane_1.words_0.0.3": {"type": "TRELLIS_DPR16X4"}, "core.x_CCU2C_S0": {"type": "CCU2C"},
            "core.control": {"type": "kept"}, "led_LUT4_Z": {"type": "LUT4"}
        }}
    }}"#;

    #[test]
    fn cells_count_with_their_blocks_and_add_up() {
        let blocks = Blocks::read(NETLIST, "top", count).unwrap_or_else(|e| panic!("{e}"));
        let total = blocks.total();
        assert_eq!((total.lut, total.lut_ram, total.ff), (11, 6, 1));
        assert_eq!(blocks.of("core.lane_1.words_0.0.3"), "core.lane_1");
        assert_eq!(blocks.of("core.control.inner.q"), "core.control.inner");
        assert_eq!(blocks.of("led_LUT4_Z"), "");
        let rows = blocks.rows(2);
        let names: Vec<_> = rows
            .iter()
            .map(|r| (r.block.as_str(), r.instances, r.count.lut))
            .collect();
        assert_eq!(
            names,
            [
                ("core", 1, 10),
                ("core.control", 1, 0),
                ("core.lane_*", 2, 8)
            ]
        );
    }

    #[test]
    fn other_text_is_refused() {
        assert!(Blocks::read("[]", "top", count).is_err());
        assert!(Blocks::read(r#"{"modules": {}}"#, "top", count).is_err());
    }
}
