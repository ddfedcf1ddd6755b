//! Images as ELF files.
//!
//! The file is an ELF32 little-endian RISC-V executable (`ET_EXEC`, `EM_RISCV`, no
//! flags: no compressed instructions, soft-float calls), entered at 0. The core is
//! a Harvard machine whose memories all begin at address 0, so that an address
//! alone does not say where a byte goes. Two things do:
//!
//! - the **section name**. `.text` is instruction memory, `.scalar`, `.vector`,
//!   `.lanelocal` and `.external` are the data memories. A memory whose contents
//!   have gaps has further sections `.vector.1`, `.vector.2` ...; one that has
//!   symbols but no contents has an empty section.
//! - the **physical address** of the segment: that of its section (`p_vaddr`,
//!   `sh_addr`, symbol values) is local to the memory, and `p_paddr` adds the
//!   memory's base, so that a loader that knows one flat space keeps them apart.
//!
//! | memory | `p_paddr` from | up to |
//! | --- | --- | --- |
//! | instruction | `0x0000_0000` | `0x0100_0000` |
//! | lane-local (lane 0's bytes, then lane 1's, ...) | `0x0100_0000` | `0x0200_0000` |
//! | scalar | `0x0200_0000` | `0x2000_0000` |
//! | vector | `0x2000_0000` | `0x6000_0000` |
//! | external | `0x6000_0000` | `0x1_0000_0000` |
//!
//! Symbols name the section of their memory; plain values are absolute. The note
//! section `.note.spikevec` (owner `Spikevec`, type 1) holds the manifest as JSON. It
//! has version 2, in which `target` is the whole of a [`Target`](spikevec_isa::Target).
//! Version 1 had its name and the bytes of its memories alone; the extensions are then
//! those of the base set, lanes and bursts those of the base core.
//!
//! Reading goes by section names and gives the image in its canonical form
//! ([`Image::canonical`]).
//!
//! A second note (type 2) of that section holds a checksum: CRC-32 of the whole file, with its own
//! four bytes taken as zero. A file whose ABI version (`EI_ABIVERSION`) is 1 must have it; one of
//! ABI version 0, from an earlier version or another tool, need not, and [`ElfWarning`] says so.

mod canonical;
mod error;
mod manifest;
mod note;
mod read;
mod write;

use spikevec_isa::Memory;

pub use canonical::Overlap;
pub use error::{ElfError, ElfWarning};
pub use read::{ElfFile, read_elf};
pub use write::write_elf;

#[cfg(doc)]
use crate::Image;

/// Name of the section that holds the manifest.
pub const NOTE_SECTION: &str = ".note.spikevec";
/// Owner of the note in it.
pub const NOTE_OWNER: &str = "Spikevec";
/// Type of the note that holds the manifest.
pub const NOTE_MANIFEST: u32 = 1;
/// Type of the note that holds the checksum.
pub const NOTE_CHECKSUM: u32 = 2;

/// ABI version of files that have a checksum.
const ABI_CHECKED: u8 = 1;

/// The data memories with the names of their sections.
pub(crate) const DATA_SECTIONS: [(Memory, &str); 4] = [
    (Memory::Scalar, ".scalar"),
    (Memory::Vector, ".vector"),
    (Memory::LaneLocal, ".lanelocal"),
    (Memory::External, ".external"),
];

/// Name of the section of `memory`.
pub fn section_name(memory: Memory) -> &'static str {
    match memory {
        Memory::Instruction => ".text",
        Memory::Scalar => ".scalar",
        Memory::Vector => ".vector",
        Memory::LaneLocal => ".lanelocal",
        Memory::External => ".external",
    }
}

/// Memory of the section called `name` (`.vector`, `.vector.3`).
pub fn section_memory(name: &str) -> Option<Memory> {
    if name == ".text" {
        return Some(Memory::Instruction);
    }
    DATA_SECTIONS.iter().find_map(|(memory, base)| {
        let rest = name.strip_prefix(base)?;
        let part = rest.strip_prefix('.').unwrap_or("0");
        let numbered = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        ((rest.is_empty() || rest.starts_with('.')) && numbered).then_some(*memory)
    })
}

/// First physical address of `memory`, and how many bytes are there.
pub fn physical_window(memory: Memory) -> (u32, u32) {
    match memory {
        Memory::Instruction => (0, 0x0100_0000),
        Memory::LaneLocal => (0x0100_0000, 0x0100_0000),
        Memory::Scalar => (0x0200_0000, 0x1e00_0000),
        Memory::Vector => (0x2000_0000, 0x4000_0000),
        Memory::External => (0x6000_0000, 0xa000_0000),
    }
}
