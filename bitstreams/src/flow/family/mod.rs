//! What differs from one family of FPGAs to another: commands of the tools, names of cells, forms of files.

mod ecp5;
mod gowin;

use super::netlist::Count;
use super::tools::Program;
use crate::board::Device;

/// A family for which there is a flow.
pub(crate) struct Family {
    /// Yosys's command.
    pub synthesis: &'static str,
    /// Yosys's library of the cells that a top of this family holds.
    pub cells: Option<&'static str>,
    /// Whether blocks that the source wants kept must be dissolved.
    pub dissolve: bool,
    /// Place and route.
    pub router: Program,
    /// From a placed and routed design to a bitstream.
    pub packer: Program,
    /// Extension of a file with pins.
    pub constraints: &'static str,
    /// Extension of a placed and routed design.
    pub routed: &'static str,
    /// Extension of a bitstream.
    pub bitstream: &'static str,
    /// What the router calls each resource, and people do.
    pub resources: &'static [(&'static str, &'static str)],
    /// What a cell of the netlist takes.
    pub count: fn(&str) -> Count,
}

impl Device {
    /// Its family.
    pub(crate) fn family(&self) -> &'static Family {
        match self {
            Self::Ecp5(_) => &ecp5::FAMILY,
            Self::Gowin(_) => &gowin::FAMILY,
        }
    }

    /// The router's arguments that name the device, the files and the clock.
    pub(super) fn route(&self, pins: &str, routed: &str, clock_hz: u32) -> Vec<String> {
        match self {
            Self::Ecp5(device) => ecp5::route(device, pins, routed),
            Self::Gowin(device) => gowin::route(device, pins, routed, clock_hz),
        }
    }

    /// The packer's arguments.
    pub(super) fn pack(&self, routed: &str, output: &str) -> Vec<String> {
        match self {
            Self::Ecp5(_) => ecp5::pack(routed, output),
            Self::Gowin(device) => gowin::pack(device, routed, output),
        }
    }
}
