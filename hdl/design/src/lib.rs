//! A hardware design as a value: what the emitter writes, and what Verilator and synthesis take.

/// Verilog text and the ports of its top module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Design {
    /// Name of the top module.
    pub top: String,
    /// Ports of the top module, in the order of the block's fields.
    pub ports: Vec<Port>,
    /// Names of all modules, as they follow each other in the text: a module stands before
    /// those that it is made of.
    pub modules: Vec<String>,
    /// The text (Verilog-2005).
    pub verilog: String,
}

/// Which way a port goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Driven from outside.
    Input,
    /// Driven by the module.
    Output,
}

/// A port of a module, named as in Verilog.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Port {
    /// The name: an array's element `part[3]` is `part_3`.
    pub name: String,
    /// Which way it goes.
    pub direction: Direction,
    /// Width in bits.
    pub width: usize,
    /// True where the bits are two's complement.
    pub signed: bool,
}
