//! Why a run ended.

use std::fmt;

use spikevec_isa::registers::vector_name;
use spikevec_isa::{Instruction, Memory};

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

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// What stopped it.
    pub cause: Cause,
    /// Address of the instruction that did, or of the next one after [`Cause::Budget`].
    pub pc: u32,
    /// Instructions of this run. One that stopped the run is included; where
    /// there was none ([`Cause::Budget`], [`Cause::FetchFault`]) only those before.
    pub instructions: u64,
    /// The instruction at `pc`, `None` where that is no instruction.
    pub instruction: Option<Instruction>,
    /// A stochastic instruction ran while some lane's generator was in the
    /// all-zero state, which only yields zero: the program forgot to seed it.
    pub rng_used_unseeded: bool,
    /// Clocks of this run, where runs are timed. After [`Cause::Budget`] those until
    /// the next instruction could have gone on.
    pub clocks: Option<u64>,
}

impl Stop {
    /// True where the program reached its end.
    pub fn is_end(&self) -> bool {
        self.cause == Cause::Ecall
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

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "stopped at pc {:#x}", self.pc)?;
        if let Some(instruction) = &self.instruction {
            write!(f, " ({instruction})")?;
        }
        write!(
            f,
            " after {} instructions: {}",
            self.instructions, self.cause
        )
    }
}
