//! What a flow tells while it works.

use std::fmt;

/// A part of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// Tools are installed.
    Install,
    /// Verilog is written.
    Verilog,
    /// Yosys.
    Synthesis,
    /// nextpnr with a seed.
    Route {
        /// The seed.
        seed: u32,
    },
    /// ecppack.
    Pack,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Install => write!(f, "tools"),
            Step::Verilog => write!(f, "Verilog"),
            Step::Synthesis => write!(f, "synthesis"),
            Step::Route { seed } => write!(f, "place and route, seed {seed}"),
            Step::Pack => write!(f, "bitstream"),
        }
    }
}

/// Hears of the work. Steps of several seeds may overlap.
pub trait Progress: Send {
    /// A step begins.
    fn begin(&mut self, step: Step);
    /// A tool has written a line.
    fn line(&mut self, step: Step, line: &str);
    /// A step has ended well; `result` in a few words.
    fn end(&mut self, step: Step, result: &str);
}

/// Hears nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&mut self, _: Step) {}
    fn line(&mut self, _: Step, _: &str) {}
    fn end(&mut self, _: Step, _: &str) {}
}
