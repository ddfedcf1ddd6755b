//! The registers that a host sees over AXI4-Lite.

use std::fmt::Write as _;

/// The version of the register map: register `VERSION`.
pub const MAP_VERSION: u32 = 1;

/// A register of 32 bits, at the byte address of four times its place here.
///
/// The block decodes by [`AxiRegister::word`], docs/axi.md has [`markdown`]: neither has a list of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AxiRegister {
    /// `SPKV` in the bytes of a word.
    Magic,
    /// [`MAP_VERSION`].
    Version,
    /// Lanes in hardware.
    Lanes,
    /// Size of instruction memory.
    InstructionBytes,
    /// Size of scalar memory.
    ScalarBytes,
    /// Size of vector memory.
    VectorBytes,
    /// Size of a lane's memory.
    LaneLocalBytes,
    /// What DMA can reach from the base address on.
    ExternalBytes,
    /// Starts and stops.
    Control,
    /// What the core does.
    Status,
    /// Where the last run stopped.
    StopPc,
    /// Clocks of the run, lower half.
    ClocksLow,
    /// Upper half.
    ClocksHigh,
    /// Retired instructions, lower half.
    RetiredLow,
    /// Upper half.
    RetiredHigh,
    /// The memory behind `Data`.
    Memory,
    /// The byte address behind `Data`.
    Address,
    /// The window into a memory.
    Data,
    /// Where external memory begins on the bus, lower half.
    BaseLow,
    /// Upper half.
    BaseHigh,
}

impl AxiRegister {
    /// All of them, by address.
    pub const ALL: [Self; 20] = [
        Self::Magic,
        Self::Version,
        Self::Lanes,
        Self::InstructionBytes,
        Self::ScalarBytes,
        Self::VectorBytes,
        Self::LaneLocalBytes,
        Self::ExternalBytes,
        Self::Control,
        Self::Status,
        Self::StopPc,
        Self::ClocksLow,
        Self::ClocksHigh,
        Self::RetiredLow,
        Self::RetiredHigh,
        Self::Memory,
        Self::Address,
        Self::Data,
        Self::BaseLow,
        Self::BaseHigh,
    ];

    /// Its number.
    pub const fn word(self) -> u32 {
        self as u32
    }

    /// Its byte address.
    pub const fn offset(self) -> u32 {
        4 * self.word()
    }

    /// Its name in the documentation.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Magic => "MAGIC",
            Self::Version => "VERSION",
            Self::Lanes => "LANES",
            Self::InstructionBytes => "INSTRUCTION_BYTES",
            Self::ScalarBytes => "SCALAR_BYTES",
            Self::VectorBytes => "VECTOR_BYTES",
            Self::LaneLocalBytes => "LANE_LOCAL_BYTES",
            Self::ExternalBytes => "EXTERNAL_BYTES",
            Self::Control => "CONTROL",
            Self::Status => "STATUS",
            Self::StopPc => "STOP_PC",
            Self::ClocksLow => "CLOCKS_LOW",
            Self::ClocksHigh => "CLOCKS_HIGH",
            Self::RetiredLow => "RETIRED_LOW",
            Self::RetiredHigh => "RETIRED_HIGH",
            Self::Memory => "MEMORY",
            Self::Address => "ADDRESS",
            Self::Data => "DATA",
            Self::BaseLow => "BASE_LOW",
            Self::BaseHigh => "BASE_HIGH",
        }
    }

    /// Whether it can be written. All can be read.
    pub const fn is_writable(self) -> bool {
        matches!(
            self,
            Self::Control
                | Self::Memory
                | Self::Address
                | Self::Data
                | Self::BaseLow
                | Self::BaseHigh
        )
    }

    /// What it is, as in the documentation.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Magic => "`SPKV` as bytes",
            Self::Version => "1, the version of this map",
            Self::Lanes => "lanes in hardware",
            Self::InstructionBytes => "bytes of instruction memory",
            Self::ScalarBytes => "bytes of scalar memory",
            Self::VectorBytes => "bytes of vector memory",
            Self::LaneLocalBytes => "bytes of one lane's memory",
            Self::ExternalBytes => "bytes that DMA reaches from the base address on",
            Self::Control => {
                "write 1 to bit 0: start at address 0; bit 1: stop (goes before a start); bit 2: clear `refused`. Reads 0"
            }
            Self::Status => {
                "bit 0 the core runs, bit 1 DMA is busy, bit 2 `refused`: an access was, since it was cleared; bits 11:8 cause of the last stop"
            }
            Self::StopPc => "address of the instruction that stopped the core",
            Self::ClocksLow => {
                "clocks of the run, bits 31:0; reading it keeps the upper half for `CLOCKS_HIGH`"
            }
            Self::ClocksHigh => "bits 63:32, of the clock in which `CLOCKS_LOW` was read last",
            Self::RetiredLow => {
                "instructions retired in the run, bits 31:0; keeps the upper half for `RETIRED_HIGH`"
            }
            Self::RetiredHigh => "bits 63:32, of the clock in which `RETIRED_LOW` was read last",
            Self::Memory => {
                "memory behind `DATA`: 0 instruction, 1 scalar, 2 vector, 3 lane-local; others are refused"
            }
            Self::Address => {
                "byte address behind `DATA`, in lane-local memory `lane * LANE_LOCAL_BYTES + byte`"
            }
            Self::Data => {
                "the word at `ADDRESS` of `MEMORY`; an access that was not refused adds 4 to `ADDRESS`"
            }
            Self::BaseLow => {
                "bus address of external memory's first byte, bits 31:0, a multiple of 4096"
            }
            Self::BaseHigh => "bits 63:32",
        }
    }
}

/// The register map as a table in Markdown.
pub fn markdown() -> String {
    let mut text = String::from("| address | register | | |\n| --- | --- | --- | --- |\n");
    for register in AxiRegister::ALL {
        let access = match register.is_writable() {
            true => "RW",
            false => "R",
        };
        let (offset, name, meaning) = (register.offset(), register.name(), register.meaning());
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "| `{offset:#04x}` | `{name}` | {access} | {meaning} |"
        );
    }
    text
}
