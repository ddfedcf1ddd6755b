//! How a run on the core ended.

use spikevec_isa::StopCode;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeviceStop {
    /// Why.
    pub cause: StopCode,
    /// The instruction that stopped it.
    pub pc: u32,
    /// The word at `pc`, `None` outside instruction memory.
    pub word: Option<u32>,
    /// The clock counter.
    pub clocks: u64,
}
