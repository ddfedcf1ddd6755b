//! Why a core stops, and the numbers by which cores tell it.

use std::fmt;

use crate::Memory;
use crate::registers::vector_name;

/// An access that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Access {
    /// Memory accessed.
    pub memory: Memory,
    /// Byte address; of lane-local memory, within the lane's own.
    pub address: u32,
    /// Bytes accessed, which is the alignment as well.
    pub width: u32,
    /// Size of the memory in bytes; of lane-local memory, one lane's.
    pub size: u32,
    /// The first lane that failed, for accesses with an address a lane.
    pub lane: Option<u8>,
}

/// What stopped a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// `ecall`: the program has ended.
    Ecall,
    /// `ebreak`: a breakpoint.
    Ebreak,
    /// No instruction, a CSR that does not exist, or a write to a read-only one.
    Illegal {
        /// The word.
        word: u32,
    },
    /// A jump or taken branch to an address that is not a multiple of 4. `pc` is the
    /// jump's, or the address itself where the host has set it.
    MisalignedFetch {
        /// Target of the jump.
        address: u32,
    },
    /// `pc` is outside instruction memory.
    FetchFault {
        /// The address, equal to `pc`.
        address: u32,
        /// Size of instruction memory in bytes.
        size: u32,
    },
    /// A load whose address is not a multiple of its width.
    MisalignedLoad(Access),
    /// A load outside its memory.
    LoadFault(Access),
    /// A store whose address is not a multiple of its width.
    MisalignedStore(Access),
    /// A store outside its memory.
    StoreFault(Access),
    /// Strict mode: the instruction reads what the load directly before it has loaded.
    Hazard {
        /// The vector register.
        register: u8,
    },
    /// The instruction budget is used up; the run can go on from here.
    Budget,
}

/// Why a core stopped, as its host port, its status register and its serial line tell it:
/// the number is the variant's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum StopCode {
    /// It never ran.
    None,
    /// [`Cause::Ecall`].
    Ecall,
    /// [`Cause::Ebreak`].
    Ebreak,
    /// [`Cause::Illegal`].
    Illegal,
    /// [`Cause::MisalignedFetch`].
    MisalignedFetch,
    /// [`Cause::FetchFault`].
    FetchFault,
    /// [`Cause::MisalignedLoad`].
    MisalignedLoad,
    /// [`Cause::LoadFault`].
    LoadFault,
    /// [`Cause::MisalignedStore`].
    MisalignedStore,
    /// [`Cause::StoreFault`].
    StoreFault,
    /// The host stopped it.
    HostStop,
    /// A number that this version does not know.
    Unknown,
}

/// Codes by number, and what they say.
const CODES: [(StopCode, &str); 11] = [
    (StopCode::None, "never run"),
    (StopCode::Ecall, "the program ended (ecall)"),
    (StopCode::Ebreak, "breakpoint (ebreak)"),
    (StopCode::Illegal, "illegal instruction"),
    (StopCode::MisalignedFetch, "jump to a misaligned address"),
    (StopCode::FetchFault, "fetch outside instruction memory"),
    (StopCode::MisalignedLoad, "misaligned load"),
    (StopCode::LoadFault, "load outside its memory"),
    (StopCode::MisalignedStore, "misaligned store"),
    (StopCode::StoreFault, "store outside its memory"),
    (StopCode::HostStop, "stopped by the host"),
];

impl StopCode {
    /// The code of a number.
    pub fn from_number(number: u32) -> Self {
        CODES
            .get(number as usize)
            .map_or(StopCode::Unknown, |row| row.0)
    }

    /// Instructions of a run that stopped so, `retired` of which retired: one that stops a run does not, and is one of
    /// them all the same. Where nothing was fetched, or the host stopped the run, there is none.
    pub const fn executed(self, retired: u64) -> u64 {
        match self {
            StopCode::None | StopCode::FetchFault | StopCode::HostStop | StopCode::Unknown => {
                retired
            }
            StopCode::Ecall
            | StopCode::Ebreak
            | StopCode::Illegal
            | StopCode::MisalignedFetch
            | StopCode::MisalignedLoad
            | StopCode::LoadFault
            | StopCode::MisalignedStore
            | StopCode::StoreFault => retired.saturating_add(1),
        }
    }
}

impl Cause {
    /// What a core tells where this stopped it. A core knows no budget and no strict mode: there
    /// it is the host that ends the run.
    pub const fn code(&self) -> StopCode {
        match self {
            Cause::Ecall => StopCode::Ecall,
            Cause::Ebreak => StopCode::Ebreak,
            Cause::Illegal { .. } => StopCode::Illegal,
            Cause::MisalignedFetch { .. } => StopCode::MisalignedFetch,
            Cause::FetchFault { .. } => StopCode::FetchFault,
            Cause::MisalignedLoad(_) => StopCode::MisalignedLoad,
            Cause::LoadFault(_) => StopCode::LoadFault,
            Cause::MisalignedStore(_) => StopCode::MisalignedStore,
            Cause::StoreFault(_) => StopCode::StoreFault,
            Cause::Hazard { .. } | Cause::Budget => StopCode::HostStop,
        }
    }
}

impl fmt::Display for StopCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = CODES.iter().find(|row| row.0 == *self);
        f.write_str(row.map_or("unknown cause", |row| row.1))
    }
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes at {:#x} of ", self.width, self.address)?;
        if let Some(lane) = self.lane {
            write!(f, "lane {lane}'s ")?;
        }
        write!(f, "{}", self.memory)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let misaligned = |f: &mut fmt::Formatter<'_>, what, access: &Access| {
            let width = access.width;
            write!(
                f,
                "misaligned {what} of {access}: not a multiple of {width}"
            )
        };
        let outside = |f: &mut fmt::Formatter<'_>, what, access: &Access| {
            write!(f, "{what} of {access}, which has {} bytes", access.size)
        };
        match self {
            Cause::Ecall => f.write_str("the program ended (ecall)"),
            Cause::Ebreak => f.write_str("breakpoint (ebreak)"),
            Cause::Illegal { word } => write!(
                f,
                "illegal instruction {word:#010x} (no instruction, or a CSR that cannot be accessed so)"
            ),
            Cause::MisalignedFetch { address } => {
                write!(f, "jump to {address:#x}, which is not a multiple of 4")
            }
            Cause::FetchFault { address, size } => write!(
                f,
                "fetch at {address:#x}, outside instruction memory, which has {size} bytes"
            ),
            Cause::MisalignedLoad(access) => misaligned(f, "load", access),
            Cause::LoadFault(access) => outside(f, "load", access),
            Cause::MisalignedStore(access) => misaligned(f, "store", access),
            Cause::StoreFault(access) => outside(f, "store", access),
            Cause::Hazard { register } => write!(
                f,
                "{} is read by the instruction directly after the load that writes it \
                 (strict mode): put another instruction between them",
                vector_name(*register)
            ),
            Cause::Budget => f.write_str("the instruction budget is used up"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_its_number() {
        for (number, (code, _)) in CODES.iter().enumerate() {
            assert_eq!(*code as usize, number);
            assert_eq!(StopCode::from_number(number as u32), *code);
        }
        assert_eq!(StopCode::from_number(11), StopCode::Unknown);
    }
}
