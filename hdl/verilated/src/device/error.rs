//! What can be asked of a device that it cannot do.

use spikevec_isa::Memory;

use crate::VerilatedError;

/// A device that cannot be made, or a request that it refuses.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    /// No model, or one without the ports of a core.
    #[error(transparent)]
    Verilated(#[from] VerilatedError),
    /// A number of lanes that no core has.
    #[error("a core has 4, 8, 16 or 32 physical lanes, not {lanes}")]
    Lanes {
        /// The number asked for.
        lanes: usize,
    },
    /// The program does not fit.
    #[error(
        "the program has {words} instructions and instruction memory holds {capacity}: \
         choose a configuration with a larger instruction memory"
    )]
    ProgramTooLarge {
        /// Words of the program.
        words: usize,
        /// Words of instruction memory.
        capacity: usize,
    },
    /// A range outside the memory.
    #[error(
        "{length} bytes at {address:#x} are outside {memory}, which has {size} bytes in this configuration"
    )]
    Outside {
        /// The memory.
        memory: Memory,
        /// First byte.
        address: u32,
        /// Bytes.
        length: usize,
        /// Bytes of the memory; of lane-local memory, all lanes'.
        size: u64,
    },
    /// The host's port moves words of 32 bits.
    #[error(
        "{length} bytes at {address:#x} of {memory}: the host moves words, so that address and \
         length must be multiples of 4"
    )]
    Unaligned {
        /// The memory.
        memory: Memory,
        /// First byte.
        address: u32,
        /// Bytes.
        length: usize,
    },
    /// Memories belong to the program while it runs.
    #[error(
        "the core is running: wait for its end, or halt it, before memories are accessed or a program is started"
    )]
    Running,
    /// The program runs on.
    #[error(
        "the program has not ended after {clocks} clocks: give it a larger budget if it is not caught in a loop"
    )]
    Budget {
        /// The budget.
        clocks: u64,
    },
    /// A transfer that never ends.
    #[error(
        "a DMA transfer has not ended {clocks} clocks after its program: external memory does not answer"
    )]
    Dma {
        /// Clocks waited.
        clocks: u64,
    },
    /// The core itself refused an access.
    #[error("the core refused an access of the host at {address:#x} of {memory}")]
    Refused {
        /// The memory.
        memory: Memory,
        /// Byte address.
        address: u32,
    },
    /// The host port does not answer.
    #[error(
        "the host port has not answered an access at {address:#x} of {memory} within {clocks} clocks"
    )]
    Silent {
        /// The memory.
        memory: Memory,
        /// Byte address.
        address: u32,
        /// Clocks waited.
        clocks: u64,
    },
    /// The build has no retirement port.
    #[error("this build of the core has no retirement port: build it with `trace`")]
    Untraced,
}
