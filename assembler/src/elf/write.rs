//! Image to ELF file.

use object::Endianness;
use object::elf;
use object::write::StringId;
use object::write::elf::{FileHeader, ProgramHeader, SectionHeader, SectionIndex, Sym, Writer};
use spikevec_isa::Memory;

use super::note::{self, CHECKSUM_BYTES};
use super::{
    ABI_CHECKED, ElfError, NOTE_CHECKSUM, NOTE_MANIFEST, NOTE_SECTION, manifest, physical_window,
    section_name,
};
use crate::image::Image;

/// A section with its contents and its place in the file.
struct Part {
    memory: Option<Memory>,
    name: String,
    address: u32,
    bytes: Vec<u8>,
    offset: u64,
    index: SectionIndex,
    name_id: Option<StringId>,
}

impl Part {
    fn new(memory: Option<Memory>, name: String, address: u32, bytes: Vec<u8>) -> Self {
        Part {
            memory,
            name,
            address,
            bytes,
            offset: 0,
            index: SectionIndex(0),
            name_id: None,
        }
    }

    /// A memory's contents are loaded; notes and empty sections are not.
    fn loaded(&self) -> Option<Memory> {
        self.memory.filter(|_| !self.bytes.is_empty())
    }

    fn alignment(&self) -> u64 {
        match self.memory {
            Some(Memory::Vector | Memory::External) => 64,
            _ => 4,
        }
    }
}

/// Writes `image` as an ELF file.
///
/// # Errors
/// [`ElfError`] where segments overlap, do not fit the windows of physical
/// addresses, or a name or number has no form in the file.
pub fn write_elf(image: &Image) -> Result<Vec<u8>, ElfError> {
    let image = image.clone().canonical()?;
    let mut parts = parts(&image)?;
    if let Some(name) = image
        .symbols
        .iter()
        .map(|s| &s.name)
        .find(|n| n.contains('\0'))
    {
        return Err(ElfError::SymbolName { name: name.clone() });
    }
    let mut buffer = Vec::new();
    emit(&image, &mut parts, &mut buffer).map_err(|error| ElfError::Write(error.to_string()))?;
    seal(&mut buffer, &parts);
    Ok(buffer)
}

/// The sections in the order of the file.
fn parts(image: &Image) -> Result<Vec<Part>, ElfError> {
    let text = image
        .code
        .iter()
        .flat_map(|word| word.to_le_bytes())
        .collect();
    let name = |memory| section_name(memory).to_owned();
    let mut parts = vec![Part::new(
        Some(Memory::Instruction),
        name(Memory::Instruction),
        0,
        text,
    )];
    for (memory, base) in super::DATA_SECTIONS {
        let before = parts.len();
        for segment in image.segments.iter().filter(|s| s.memory == memory) {
            let name = match parts.len() - before {
                0 => base.to_owned(),
                k => format!("{base}.{k}"),
            };
            parts.push(Part::new(
                Some(memory),
                name,
                segment.address,
                segment.bytes.clone(),
            ));
        }
        // Symbols need a section to belong to.
        let named = image.symbols.iter().any(|s| s.memory == Some(memory));
        if parts.len() == before && named {
            parts.push(Part::new(Some(memory), name(memory), 0, Vec::new()));
        }
    }
    if image
        .segments
        .iter()
        .any(|s| s.memory == Memory::Instruction)
    {
        return Err(ElfError::InstructionSegment);
    }
    for part in &parts {
        if let Some(memory) = part.memory {
            let limit = physical_window(memory).1;
            let bytes = part.bytes.len();
            if u64::from(part.address) + bytes as u64 > u64::from(limit) {
                return Err(ElfError::Window {
                    memory,
                    address: part.address,
                    bytes,
                    limit,
                });
            }
        }
    }
    let mut notes = Vec::new();
    if let Some(manifest) = &image.manifest {
        notes.extend(note::bytes(NOTE_MANIFEST, &manifest::to_json(manifest)?));
    }
    // The checksum ends the section; it is put in when the rest of the file is there.
    notes.extend(note::bytes(NOTE_CHECKSUM, &[0; CHECKSUM_BYTES]));
    parts.push(Part::new(None, NOTE_SECTION.to_owned(), 0, notes));
    Ok(parts)
}

/// Puts in the checksum of the file.
fn seal(file: &mut [u8], parts: &[Part]) {
    let notes = parts.iter().filter(|part| part.memory.is_none());
    for part in notes {
        let end = part.offset as usize + part.bytes.len();
        let place = end - CHECKSUM_BYTES..end;
        let sum = note::checksum(file, &place);
        if let Some(bytes) = file.get_mut(place) {
            bytes.copy_from_slice(&sum.to_le_bytes());
        }
    }
}

fn emit(image: &Image, parts: &mut [Part], buffer: &mut Vec<u8>) -> object::write::Result<()> {
    // The writer borrows the names until it is done.
    let names: Vec<String> = parts.iter().map(|part| part.name.clone()).collect();
    let mut writer = Writer::new(Endianness::Little, false, buffer);

    writer.reserve_file_header();
    let loads = parts.iter().filter(|part| part.loaded().is_some()).count();
    writer.reserve_program_headers(loads as u32);
    writer.reserve_null_section_index();
    for (part, name) in parts.iter_mut().zip(&names) {
        part.name_id = Some(writer.add_section_name(name.as_bytes()));
        part.index = writer.reserve_section_index();
        part.offset = writer.reserve(part.bytes.len() as u64, part.alignment());
    }
    let home = |memory: Option<Memory>| {
        let part = parts.iter().find(|part| part.memory == memory)?;
        part.memory.map(|_| part.index)
    };
    writer.reserve_null_symbol_index();
    let mut name_ids = Vec::with_capacity(image.symbols.len());
    for symbol in &image.symbols {
        name_ids.push(writer.add_string(symbol.name.as_bytes()));
        writer.reserve_symbol_index(home(symbol.memory));
    }
    writer.reserve_symtab_section_index();
    writer.reserve_symtab();
    writer.reserve_strtab_section_index();
    writer.reserve_strtab()?;
    writer.reserve_shstrtab_section_index();
    writer.reserve_shstrtab()?;
    writer.reserve_section_headers();

    writer.write_file_header(&FileHeader {
        os_abi: elf::OsAbi(0),
        abi_version: ABI_CHECKED,
        e_type: elf::ET_EXEC,
        e_machine: elf::EM_RISCV,
        e_entry: 0,
        e_flags: elf::FileFlags(0),
    })?;
    writer.write_align_program_headers();
    for part in parts.iter() {
        if let Some(memory) = part.loaded() {
            writer.write_program_header(&program_header(part, memory));
        }
    }
    for part in parts.iter() {
        writer.pad_until(part.offset);
        writer.write(&part.bytes);
    }
    writer.write_null_symbol();
    for (symbol, name) in image.symbols.iter().zip(name_ids) {
        let kind = match symbol.memory {
            Some(Memory::Instruction) | None => elf::STT_NOTYPE,
            Some(_) => elf::STT_OBJECT,
        };
        writer.write_symbol(&Sym {
            section: home(symbol.memory).map(|index| index.0),
            st_name: writer.string_offset(Some(name)),
            st_info: elf::SymbolInfo::new(elf::STB_GLOBAL, kind),
            st_other: elf::SymbolOther(0),
            st_shndx: elf::SHN_ABS,
            st_value: u64::from(symbol.value),
            st_size: u64::from(symbol.size),
        });
    }
    writer.write_strtab();
    writer.write_shstrtab();
    writer.write_null_section_header();
    for part in parts.iter() {
        let name = writer.section_name_offset(part.name_id);
        writer.write_section_header(&section_header(part, name));
    }
    // All symbols but the null symbol are global.
    writer.write_symtab_section_header(1);
    writer.write_strtab_section_header();
    writer.write_shstrtab_section_header();
    Ok(())
}

fn program_header(part: &Part, memory: Memory) -> ProgramHeader {
    let code = memory == Memory::Instruction;
    ProgramHeader {
        p_type: elf::PT_LOAD,
        p_flags: elf::PF_R | if code { elf::PF_X } else { elf::PF_W },
        p_offset: part.offset,
        p_vaddr: u64::from(part.address),
        p_paddr: u64::from(part.address) + u64::from(physical_window(memory).0),
        p_filesz: part.bytes.len() as u64,
        p_memsz: part.bytes.len() as u64,
        // File offsets are not congruent to addresses: nothing here is paged.
        p_align: 1,
    }
}

fn section_header(part: &Part, sh_name: u32) -> SectionHeader {
    let (sh_type, flags) = match part.memory {
        None => (elf::SHT_NOTE, elf::SectionFlags(0)),
        Some(Memory::Instruction) => (elf::SHT_PROGBITS, elf::SHF_ALLOC | elf::SHF_EXECINSTR),
        Some(_) if part.bytes.is_empty() => (elf::SHT_NOBITS, elf::SHF_ALLOC | elf::SHF_WRITE),
        Some(_) => (elf::SHT_PROGBITS, elf::SHF_ALLOC | elf::SHF_WRITE),
    };
    SectionHeader {
        sh_name,
        sh_type,
        sh_flags: flags,
        sh_addr: u64::from(part.address),
        sh_offset: part.offset,
        sh_size: part.bytes.len() as u64,
        sh_link: 0,
        sh_info: 0,
        sh_addralign: if part.memory.is_some() { 1 } else { 4 },
        sh_entsize: 0,
    }
}
