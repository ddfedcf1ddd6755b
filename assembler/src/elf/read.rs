//! ELF file to image.

use goblin::elf::section_header::{SHF_ALLOC, SHN_ABS, SHN_UNDEF, SHT_NOBITS, SHT_NOTE};
use goblin::elf::sym::{STT_FILE, STT_SECTION};
use goblin::elf::{Elf, SectionHeader, header};
use spikevec_isa::Memory;

use super::note::{self, Notes};
use super::{ElfError, ElfWarning, NOTE_SECTION, manifest, section_memory};
use crate::image::{Image, Segment, Symbol};

/// A file that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct ElfFile {
    /// The program.
    pub image: Image,
    /// What there is to say of the file.
    pub warnings: Vec<ElfWarning>,
}

/// Reads an ELF file.
///
/// # Errors
/// [`ElfError`] says what the file is instead, or where it is damaged.
pub fn read_elf(bytes: &[u8]) -> Result<ElfFile, ElfError> {
    check_identity(bytes)?;
    let damaged = |problem| damaged(bytes, problem);
    check_tables(bytes).map_err(damaged)?;
    let unreadable = |error| damaged(format!("its tables cannot be read: {error}"));
    let elf = Elf::parse(bytes).map_err(unreadable)?;
    let noted = noted(&elf, bytes)?;
    let warning = check_sum(bytes, noted.as_ref())?;
    if elf.header.e_type != header::ET_EXEC {
        let found = match elf.header.e_type {
            header::ET_REL => "an object file (ET_REL)".to_owned(),
            header::ET_DYN => "a shared library (ET_DYN)".to_owned(),
            other => format!("of type {other}"),
        };
        return Err(ElfError::Kind { found });
    }
    if elf.header.e_entry != 0 {
        let entry = elf.header.e_entry as u32;
        return Err(ElfError::Entry { entry });
    }

    let flags = elf.header.e_flags;
    if flags & EF_RISCV_RVC != 0 {
        return Err(ElfError::Compressed { flags });
    }

    let mut image = Image::default();
    if let Some(noted) = &noted
        && let Some(place) = &noted.notes.manifest
    {
        let json = noted.section.get(place.clone()).unwrap_or_default();
        image.manifest = Some(manifest::from_json(json)?);
    }
    let mut text = None;
    let mut memories = Vec::with_capacity(elf.section_headers.len());
    for section in &elf.section_headers {
        let name = elf.shdr_strtab.get_at(section.sh_name).unwrap_or("");
        let allocated = section.sh_flags & u64::from(SHF_ALLOC) != 0;
        let memory = section_memory(name).filter(|_| allocated);
        memories.push(memory);
        if let Some(memory) = memory {
            let data = contents(bytes, section).map_err(damaged)?;
            let address = section.sh_addr as u32;
            if memory == Memory::Instruction {
                text = Some((address, data));
            } else if !data.is_empty() {
                image.segments.push(Segment {
                    memory,
                    address,
                    bytes: data.to_vec(),
                });
            }
        } else if allocated {
            let name = name.to_owned();
            return Err(ElfError::Section { name });
        }
    }
    let (address, text) = text.ok_or(ElfError::NoText)?;
    let words = text.chunks_exact(4);
    if address != 0 || !words.remainder().is_empty() {
        let bytes = text.len();
        return Err(ElfError::Text { address, bytes });
    }
    image.code = words
        .map(|b| {
            b.iter()
                .rev()
                .fold(0, |word, byte| (word << 8) | u32::from(*byte))
        })
        .collect();
    image.symbols = symbols(&elf, &memories).map_err(damaged)?;
    Ok(ElfFile {
        image: image.canonical()?,
        warnings: warning.into_iter().collect(),
    })
}

/// Refuses what is not ELF32 little-endian RISC-V, by the header alone, so that
/// a foreign file is told from a damaged one.
fn check_identity(bytes: &[u8]) -> Result<(), ElfError> {
    let magic = bytes.get(..4).unwrap_or(bytes);
    if magic != header::ELFMAG {
        let found = if bytes.is_empty() {
            "nothing (the file is empty)".to_owned()
        } else {
            let hex: Vec<String> = magic.iter().map(|b| format!("{b:02x}")).collect();
            hex.join(" ")
        };
        return Err(ElfError::NotElf { found });
    }
    let (Some(&class), Some(&data), Some(&[low, high])) = (
        bytes.get(header::EI_CLASS),
        bytes.get(header::EI_DATA),
        bytes.get(18..20).and_then(|m| <&[u8; 2]>::try_from(m).ok()),
    ) else {
        return Err(ElfError::Damaged {
            bytes: bytes.len(),
            problem: "its header is incomplete".to_owned(),
        });
    };
    // What is called big-endian may have its fields in either order: nothing of it is believed.
    if data == header::ELFDATA2MSB {
        return Err(ElfError::BigEndian);
    }
    for (what, value) in [("class (EI_CLASS)", class), ("byte order (EI_DATA)", data)] {
        if !matches!(value, 1 | 2) {
            return Err(ElfError::Damaged {
                bytes: bytes.len(),
                problem: format!("its {what} is {value}, which is neither 1 nor 2"),
            });
        }
    }
    let machine = u16::from_le_bytes([low, high]);
    if machine != header::EM_RISCV {
        let name = match machine {
            header::EM_X86_64 => "x86-64",
            header::EM_386 => "x86",
            header::EM_ARM => "ARM",
            header::EM_AARCH64 => "AArch64",
            header::EM_MIPS => "MIPS",
            header::EM_PPC | header::EM_PPC64 => "PowerPC",
            _ => "unknown",
        };
        let machine = format!("{name} (e_machine {machine})");
        return Err(ElfError::Machine { machine });
    }
    if class == header::ELFCLASS64 {
        return Err(ElfError::Class64);
    }
    Ok(())
}

/// Bit of `e_flags` of programs with compressed instructions.
const EF_RISCV_RVC: u32 = 1;

/// Bytes of the file header.
const HEADER: usize = 52;

/// Finds what the end of the file has cut off: of the header, of the tables that it names, or
/// of the sections that these name.
fn check_tables(bytes: &[u8]) -> Result<(), String> {
    let half = |at: usize| {
        let bytes = bytes.get(at..at.checked_add(2)?)?;
        Some(u64::from(u16::from_le_bytes(bytes.try_into().ok()?)))
    };
    let word = |at: usize| {
        let bytes = bytes.get(at..at.checked_add(4)?)?;
        Some(u64::from(u32::from_le_bytes(bytes.try_into().ok()?)))
    };
    let within = |what: &str, start: u64, size: u64| {
        if start.saturating_add(size) <= bytes.len() as u64 {
            return Ok(());
        }
        Err(format!(
            "{what} ({size} bytes at offset {start}) lies outside the file"
        ))
    };
    within("its header", 0, HEADER as u64)?;
    // e_phoff, e_phentsize, e_phnum; e_shoff, e_shentsize, e_shnum.
    let tables = [
        ("its table of program headers", 28, 42, 44),
        ("its table of section headers", 32, 46, 48),
    ];
    for (what, offset, size, count) in tables {
        let (start, size, count) = (word(offset), half(size), half(count));
        let total = size.unwrap_or(0) * count.unwrap_or(0);
        if total > 0 {
            within(what, start.unwrap_or(0), total)?;
        }
    }
    let start = word(32).unwrap_or(0) as usize;
    let (size, count) = (
        half(46).unwrap_or(0) as usize,
        half(48).unwrap_or(0) as usize,
    );
    for section in 0..count {
        let at = start.saturating_add(section * size);
        let field = |offset: usize| word(at.saturating_add(offset)).unwrap_or(0);
        // sh_type, sh_offset, sh_size.
        if field(4) != u64::from(SHT_NOBITS) {
            within(&format!("section {section}"), field(16), field(20))?;
        }
    }
    Ok(())
}

/// The bytes of a section.
fn contents<'a>(file: &'a [u8], section: &SectionHeader) -> Result<&'a [u8], String> {
    if section.sh_type == SHT_NOBITS {
        return Ok(&[]);
    }
    let start = usize::try_from(section.sh_offset).ok();
    let end = start.and_then(|s| s.checked_add(usize::try_from(section.sh_size).ok()?));
    start
        .zip(end)
        .and_then(|(start, end)| file.get(start..end))
        .ok_or_else(|| {
            format!(
                "a section of {} bytes at offset {} lies outside the file",
                section.sh_size, section.sh_offset
            )
        })
}

fn symbols(elf: &Elf, memories: &[Option<Memory>]) -> Result<Vec<Symbol>, String> {
    let mut symbols = Vec::new();
    // Symbol 0 is the null symbol.
    for symbol in elf.syms.iter().skip(1) {
        if matches!(symbol.st_type(), STT_FILE | STT_SECTION) {
            continue;
        }
        let name = elf.strtab.get_at(symbol.st_name);
        let name = name.ok_or_else(|| format!("symbol name at {} is missing", symbol.st_name))?;
        let memory = match symbol.st_shndx as u32 {
            SHN_ABS => None,
            SHN_UNDEF => return Err(format!("symbol {name} is undefined")),
            index => match memories.get(index as usize) {
                Some(Some(memory)) => Some(*memory),
                // A symbol of a section that is not loaded says nothing here.
                Some(None) => continue,
                None => {
                    return Err(format!(
                        "symbol {name} is in section {index}, which is missing"
                    ));
                }
            },
        };
        symbols.push(Symbol {
            name: name.to_owned(),
            memory,
            value: symbol.st_value as u32,
            size: symbol.st_size as u32,
        });
    }
    Ok(symbols)
}

/// The notes of the file, and where they are.
struct Noted<'a> {
    notes: Notes,
    section: &'a [u8],
    offset: usize,
}

/// Finds the notes of Spikevec.
fn noted<'a>(elf: &Elf, bytes: &'a [u8]) -> Result<Option<Noted<'a>>, ElfError> {
    let damaged = |problem| damaged(bytes, problem);
    let mut found = None;
    for section in &elf.section_headers {
        let name = elf.shdr_strtab.get_at(section.sh_name).unwrap_or("");
        if section.sh_type != SHT_NOTE || name != NOTE_SECTION {
            continue;
        }
        if found.is_some() {
            return Err(damaged(format!("it has two sections {NOTE_SECTION}")));
        }
        let contents = contents(bytes, section).map_err(damaged)?;
        found = Some(Noted {
            notes: Notes::of(contents)?,
            section: contents,
            offset: section.sh_offset as usize,
        });
    }
    Ok(found)
}

/// Compares the checksum with the contents.
fn check_sum(bytes: &[u8], noted: Option<&Noted>) -> Result<Option<ElfWarning>, ElfError> {
    let place = noted.and_then(|noted| {
        let place = noted.notes.checksum.as_ref()?;
        Some(place.start + noted.offset..place.end + noted.offset)
    });
    let stored = place.as_ref().and_then(|place| {
        let stored = bytes.get(place.clone())?;
        Some(u32::from_le_bytes(stored.try_into().ok()?))
    });
    let abi = bytes.get(header::EI_ABIVERSION).copied().unwrap_or(0);
    match (place.zip(stored), abi) {
        (Some((place, stored)), _) => match note::checksum(bytes, &place) {
            computed if computed == stored => Ok(None),
            computed => Err(ElfError::Checksum { stored, computed }),
        },
        (None, 0) => Ok(Some(ElfWarning::NoChecksum)),
        (None, abi) => Err(damaged(
            bytes,
            format!("it has no checksum, which a file of ABI version {abi} must have"),
        )),
    }
}

fn damaged(bytes: &[u8], problem: String) -> ElfError {
    ElfError::Damaged {
        bytes: bytes.len(),
        problem,
    }
}
