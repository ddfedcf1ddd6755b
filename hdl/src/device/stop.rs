//! How a run on the core ended.

use std::fmt;

/// Why the core stopped: the code of its host port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum DeviceCause {
    /// It never ran.
    None,
    /// `ecall`.
    Ecall,
    /// `ebreak`.
    Ebreak,
    /// Illegal instruction.
    Illegal,
    /// Jump to an address that is not a multiple of 4.
    MisalignedFetch,
    /// pc outside instruction memory.
    FetchFault,
    /// Load whose address is not a multiple of its width.
    MisalignedLoad,
    /// Load outside its memory.
    LoadFault,
    /// Store whose address is not a multiple of its width.
    MisalignedStore,
    /// Store outside its memory.
    StoreFault,
    /// The host stopped it.
    HostStop,
    /// A code that this version does not know.
    Unknown,
}

use DeviceCause::*;

/// Causes by code.
const CAUSES: [(DeviceCause, &str); 11] = [
    (None, "never run"),
    (Ecall, "the program ended (ecall)"),
    (Ebreak, "breakpoint (ebreak)"),
    (Illegal, "illegal instruction"),
    (MisalignedFetch, "jump to a misaligned address"),
    (FetchFault, "fetch outside instruction memory"),
    (MisalignedLoad, "misaligned load"),
    (LoadFault, "load outside its memory"),
    (MisalignedStore, "misaligned store"),
    (StoreFault, "store outside its memory"),
    (HostStop, "stopped by the host"),
];

impl DeviceCause {
    /// The cause with this code.
    pub fn from_code(code: u32) -> Self {
        CAUSES.get(code as usize).map_or(Unknown, |row| row.0)
    }
}

impl fmt::Display for DeviceCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = CAUSES.iter().find(|row| row.0 == *self);
        f.write_str(row.map_or("unknown cause", |row| row.1))
    }
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeviceStop {
    /// Why.
    pub cause: DeviceCause,
    /// The instruction that stopped it.
    pub pc: u32,
    /// The word at `pc`, `None` outside instruction memory.
    pub word: Option<u32>,
    /// The clock counter.
    pub clocks: u64,
}
