//! Why an image cannot be written or a file cannot be read.

use spikevec_isa::Memory;

use super::canonical::Overlap;
use crate::image::MANIFEST_VERSION;

/// An image that has no ELF form, or a file that is no image.
#[derive(Debug, thiserror::Error)]
pub enum ElfError {
    /// Two segments give the same byte.
    #[error(transparent)]
    Overlap(#[from] Overlap),
    /// A segment of instruction memory: instructions belong in `code`.
    #[error("a data segment lies in instruction memory: instructions belong in the code")]
    InstructionSegment,
    /// Contents beyond what the memory's window of physical addresses holds.
    #[error(
        "{memory}: {bytes} bytes at address {address:#x} end beyond the {limit:#x} bytes that an ELF image can hold"
    )]
    Window {
        /// The memory.
        memory: Memory,
        /// First address.
        address: u32,
        /// Bytes there.
        bytes: usize,
        /// Size of the window.
        limit: u32,
    },
    /// A symbol whose name holds a zero byte, which ends names in ELF files.
    #[error("symbol name {name:?} holds a zero byte")]
    SymbolName {
        /// The name.
        name: String,
    },
    /// A manifest that has no JSON form.
    #[error("the manifest's dt is {dt}, which is no finite number of seconds")]
    ManifestNumber {
        /// The step.
        dt: f64,
    },
    /// The file could not be put together.
    #[error("writing the ELF file failed: {0}")]
    Write(String),
    /// Not an ELF file at all.
    #[error("this is not an ELF file: it begins with {found}, an ELF file with 7f 45 4c 46")]
    NotElf {
        /// The first bytes, or that there are none.
        found: String,
    },
    /// An ELF file for another processor.
    #[error(
        "this ELF file is for another machine, {machine}: expected 32-bit little-endian RISC-V. Make one with `spikevec compile` or `spikevec asm`"
    )]
    Machine {
        /// Name of the machine, with its number.
        machine: String,
    },
    /// RISC-V, but of 64 bits.
    #[error(
        "this is a 64-bit ELF file: the core has 32-bit registers, so a 32-bit one (ELFCLASS32) is needed"
    )]
    Class64,
    /// Big-endian.
    #[error("this is a big-endian ELF file: the core is little-endian")]
    BigEndian,
    /// An object file or library.
    #[error("this ELF file is {found}, not an executable (ET_EXEC)")]
    Kind {
        /// What it is.
        found: String,
    },
    /// A file whose code may have 16-bit instructions.
    #[error(
        "this ELF file is for compressed instructions (its e_flags are {flags:#x}): the core has 32-bit instructions \
         only. Build it without the C extension, for instance with -march=rv32im_zicsr"
    )]
    Compressed {
        /// `e_flags`.
        flags: u32,
    },
    /// Contents that do not have the checksum that was stored with them.
    #[error(
        "the ELF file is damaged: its checksum is {stored:#010x}, its contents have {computed:#010x}. Copy it again, or \
         make it again with `spikevec compile` or `spikevec asm`"
    )]
    Checksum {
        /// The one in the file.
        stored: u32,
        /// That of its contents.
        computed: u32,
    },
    /// The file ends early, or its tables contradict each other.
    #[error("the ELF file is damaged or cut short ({bytes} bytes): {problem}")]
    Damaged {
        /// Bytes of the file.
        bytes: usize,
        /// What is wrong.
        problem: String,
    },
    /// No section holds instructions.
    #[error("the ELF file has no .text section, so there are no instructions to run")]
    NoText,
    /// `.text` that does not begin at 0 or is not whole words.
    #[error(
        ".text has {bytes} bytes from address {address:#x}: instructions are 4-byte words from address 0"
    )]
    Text {
        /// Its address.
        address: u32,
        /// Its size.
        bytes: usize,
    },
    /// A program that begins elsewhere than at address 0, where the core starts.
    #[error("the ELF file's entry is {entry:#x}: the core starts at address 0")]
    Entry {
        /// The entry point.
        entry: u32,
    },
    /// A section to be loaded into a memory that the core does not have.
    #[error(
        "section {name} is to be loaded, but no memory of the core has that name (.text, .scalar, .vector, .lanelocal, .external)"
    )]
    Section {
        /// Name of the section.
        name: String,
    },
    /// The note is not of the form of notes.
    #[error("section .note.spikevec holds no manifest note: {problem}")]
    Note {
        /// What is wrong.
        problem: String,
    },
    /// The manifest is no JSON or lacks a field.
    #[error("the manifest in .note.spikevec cannot be read: {0}")]
    ManifestJson(#[from] serde_json::Error),
    /// A manifest of another version.
    #[error(
        "the manifest has version {found}, this program reads versions 1 to {MANIFEST_VERSION}: compile the model again, or take a newer spikevec"
    )]
    ManifestVersion {
        /// The version found.
        found: u64,
    },
}

/// What there is to say of a file that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ElfWarning {
    /// Files of earlier versions and of other tools.
    #[error(
        "the file has no checksum, so that damage to it would not be noticed: make it again with this version"
    )]
    NoChecksum,
}
