//! ELF images: the round trip, and files that are something else or damaged.
#![allow(clippy::unwrap_used)]

mod common;

use proptest::prelude::*;
use spikevec_assembler::elf::physical_window;
use spikevec_assembler::image::{Segment, Symbol};
use spikevec_assembler::{ElfError, ElfWarning, Image, read_elf, write_elf};
use spikevec_isa::Memory;

fn segment(memory: Memory, address: u32, bytes: &[u8]) -> Segment {
    Segment {
        memory,
        address,
        bytes: bytes.to_vec(),
    }
}

fn small_image() -> Image {
    Image {
        code: vec![0x0000_0013, 0x0000_0073],
        segments: vec![
            segment(Memory::Vector, 64, &[1; 64]),
            segment(Memory::Scalar, 4, b"words"),
            segment(Memory::LaneLocal, 2048, &[7; 3]),
            segment(Memory::External, 0, &[9; 64]),
            segment(Memory::Vector, 256, &[2; 64]),
        ],
        symbols: vec![
            Symbol {
                name: "start".to_owned(),
                memory: Some(Memory::Instruction),
                value: 0,
                size: 0,
            },
            Symbol {
                name: "weights".to_owned(),
                memory: Some(Memory::Vector),
                value: 64,
                size: 64,
            },
            Symbol {
                name: "steps".to_owned(),
                memory: None,
                value: 100,
                size: 0,
            },
        ],
        manifest: Some(common::manifest("two layers")),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn reading_undoes_writing(image in common::any_image()) {
        let bytes = write_elf(&image).unwrap();
        let file = read_elf(&bytes).unwrap();
        prop_assert_eq!(file.image, image.canonical().unwrap());
        prop_assert_eq!(file.warnings, []);
    }

    #[test]
    fn a_damaged_file_never_panics(
        image in common::any_image(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        in_header in any::<bool>(),
    ) {
        let mut bytes = write_elf(&image).unwrap();
        for (at, value) in changes {
            let within = if in_header { 52 } else { bytes.len() };
            bytes[at.index(within)] = value;
        }
        let _ = read_elf(&bytes);
    }

    /// Whatever the byte: of code, contents, symbols and manifest, and of what holds them.
    #[test]
    fn a_changed_byte_is_refused(
        image in common::any_image(),
        at in any::<prop::sample::Index>(),
        change in 1..=255u8,
    ) {
        let mut bytes = write_elf(&image).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= change;
        prop_assert!(read_elf(&bytes).is_err(), "byte {} of {}", at, bytes.len());
    }

    /// Behind the checksum the file's own checks stand.
    #[test]
    fn a_damaged_file_with_a_right_checksum_never_panics(
        image in common::any_image(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        in_header in any::<bool>(),
    ) {
        let mut bytes = write_elf(&image).unwrap();
        let sum = sum_place(&bytes);
        for (at, value) in changes {
            let within = if in_header { 52 } else { bytes.len() };
            bytes[at.index(within)] = value;
        }
        reseal(&mut bytes, sum);
        let _ = read_elf(&bytes);
    }

    #[test]
    fn anything_behind_an_elf_header_never_panics(tail in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut bytes = write_elf(&Image::default()).unwrap();
        bytes.truncate(52);
        bytes.extend(tail);
        let _ = read_elf(&bytes);
    }
}

/// Where the checksum is: behind the header and the owner of the note of type 2.
fn sum_place(file: &[u8]) -> usize {
    let head = b"\x09\0\0\0\x04\0\0\0\x02\0\0\0Spikevec\0\0\0\0";
    let at = file.windows(head.len()).position(|w| w == head);
    at.unwrap() + head.len()
}

/// Puts in the checksum of what is there: CRC-32, bit by bit.
fn reseal(file: &mut [u8], place: usize) {
    file[place..place + 4].fill(0);
    let sum = file.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            sum >> 1 ^ if sum & 1 == 1 { 0xedb8_8320 } else { 0 }
        })
    });
    file[place..place + 4].copy_from_slice(&(!sum).to_le_bytes());
}

/// What a file gives whose bytes were changed by somebody who put in its checksum.
fn sealed(mut bytes: Vec<u8>, sum: usize) -> ElfError {
    reseal(&mut bytes, sum);
    read_elf(&bytes).unwrap_err()
}

#[test]
fn every_changed_byte_of_a_small_file_is_refused() {
    let good = write_elf(&small_image()).unwrap();
    for at in 0..good.len() {
        for change in [1, 0x80, 0xff] {
            let mut bytes = good.clone();
            bytes[at] ^= change;
            assert!(read_elf(&bytes).is_err(), "byte {at} by {change:#x}");
        }
    }
    // Nor may anything be added.
    let longer = [good.as_slice(), b"x"].concat();
    assert!(matches!(read_elf(&longer), Err(ElfError::Checksum { .. })));
    let mut same = good.clone();
    reseal(&mut same, sum_place(&good));
    assert_eq!(same, good);
}

/// A file that says that it has no checksum, and has none.
#[test]
fn a_file_without_a_checksum_is_read_with_a_warning() {
    let mut bytes = write_elf(&Image {
        code: vec![0x73],
        ..Image::default()
    })
    .unwrap();
    bytes[8] = 0;
    // The section is another one then.
    let bytes = patch(&bytes, b".note.spikevec", b".note.spikevex");
    let file = read_elf(&bytes).unwrap();
    assert_eq!(file.image.code, [0x73]);
    assert_eq!(file.warnings, [ElfWarning::NoChecksum]);
    let mut must = bytes.clone();
    must[8] = 1;
    let error = read_elf(&must).unwrap_err().to_string();
    assert!(error.contains("no checksum"), "{error}");
}

#[test]
fn compressed_instructions_are_refused() {
    let mut bytes = write_elf(&small_image()).unwrap();
    let sum = sum_place(&bytes);
    bytes[36] = 1;
    let error = sealed(bytes, sum);
    assert!(
        matches!(error, ElfError::Compressed { flags: 1 }),
        "{error}"
    );
}

#[test]
fn every_cut_is_an_error() {
    let bytes = write_elf(&small_image()).unwrap();
    for end in 0..bytes.len() {
        match read_elf(&bytes[..end]) {
            Err(ElfError::NotElf { .. }) => assert!(end < 4),
            Err(ElfError::Damaged { bytes, problem }) => {
                assert_eq!(bytes, end);
                let own = problem.contains("lies outside the file") || problem.contains("header");
                assert!(own, "cut at {end}: {problem}");
            }
            other => panic!("cut at {end}: {other:?}"),
        }
    }
}

#[test]
fn other_files_are_named() {
    let good = write_elf(&small_image()).unwrap();
    let with = |changes: &[(usize, u8)]| {
        let mut bytes = good.clone();
        changes.iter().for_each(|&(at, value)| bytes[at] = value);
        sealed(bytes, sum_place(&good)).to_string()
    };
    let x86 = with(&[(18, 62)]);
    assert!(x86.contains("x86-64") && x86.contains("62"), "{x86}");
    assert!(with(&[(18, 40)]).contains("ARM"));
    // A real file of a PC has the class and the machine of one.
    assert!(with(&[(4, 2), (18, 62)]).contains("x86-64"));
    assert!(with(&[(4, 2)]).contains("64-bit"));
    assert!(with(&[(5, 2), (18, 0), (19, 243)]).contains("big-endian"));
    // Whatever machine the other byte order makes of it.
    assert!(with(&[(5, 2)]).contains("big-endian"));
    assert!(with(&[(5, 2), (18, 0), (19, 8)]).contains("big-endian"));
    assert!(with(&[(5, 7)]).contains("EI_DATA) is 7"));
    assert!(with(&[(4, 0)]).contains("EI_CLASS) is 0"));
    assert!(with(&[(16, 1)]).contains("object file"));
    assert!(with(&[(24, 4)]).contains("0x4"));
    for text in [&b"# not an ELF file\n"[..], b"", b"\x7fEL"] {
        let error = read_elf(text).unwrap_err();
        assert!(matches!(error, ElfError::NotElf { .. }), "{error}");
    }
    // The host's own program, where it is an ELF file at all.
    if let Ok(bytes) = std::fs::read(std::env::current_exe().unwrap())
        && bytes.starts_with(b"\x7fELF")
    {
        assert!(matches!(read_elf(&bytes), Err(ElfError::Machine { .. })));
    }
}

/// Replaces the first `from` in `bytes` by `to` of the same length.
fn patch(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let at = bytes.windows(from.len()).position(|w| w == from).unwrap();
    let mut bytes = bytes.to_vec();
    bytes[at..at + to.len()].copy_from_slice(to);
    bytes
}

#[test]
fn damaged_parts_are_named() {
    let good = write_elf(&small_image()).unwrap();
    let sum = sum_place(&good);
    let error = |from: &[u8], to: &[u8]| sealed(patch(&good, from, to), sum);
    assert!(matches!(
        error(b"\"version\":2", b"\"version\":7"),
        ElfError::ManifestVersion { found: 7 }
    ));
    assert!(matches!(
        error(b"{\"version\"", b"[\"version\""),
        ElfError::ManifestJson(_)
    ));
    let unknown = error(b"\"rounding\"", b"\"sounding\"").to_string();
    assert!(unknown.contains("sounding"), "{unknown}");
    assert!(matches!(
        error(b"Spikevec\0", b"Spikevek\0"),
        ElfError::Note { .. }
    ));
    let section = error(b".external", b".exterior");
    assert!(matches!(&section, ElfError::Section { name } if name == ".exterior"));
    // Another name that no memory has: the instructions are gone.
    assert!(matches!(
        error(b".text\0", b".tixt\0"),
        ElfError::Section { .. }
    ));
    // Two sections of vector memory moved onto each other.
    let start = u32::from_le_bytes([good[32], good[33], good[34], good[35]]) as usize;
    let mut bytes = good.clone();
    let moved = (start..bytes.len())
        .step_by(40)
        .find(|at| bytes[at + 12..at + 16] == 256u32.to_le_bytes())
        .unwrap();
    bytes[moved + 12..moved + 16].copy_from_slice(&96u32.to_le_bytes());
    let overlap = sealed(bytes, sum);
    assert!(matches!(overlap, ElfError::Overlap(_)), "{overlap}");
    assert!(overlap.to_string().contains("vector memory"));
}

#[test]
fn a_file_without_instructions_is_refused() {
    let good = write_elf(&small_image()).unwrap();
    // .text loses its ALLOC flag: what remains has no instructions.
    let start = u32::from_le_bytes([good[32], good[33], good[34], good[35]]) as usize;
    let mut bytes = good.clone();
    bytes[start + 40 + 8] = 0;
    let error = sealed(bytes, sum_place(&good));
    assert!(matches!(error, ElfError::NoText), "{error}");
}

#[test]
fn what_has_no_form_is_refused() {
    let image = |segments| Image {
        segments,
        ..Image::default()
    };
    let overlapping = image(vec![
        segment(Memory::Scalar, 0, &[0; 8]),
        segment(Memory::Scalar, 4, &[0; 8]),
    ]);
    assert!(matches!(
        write_elf(&overlapping),
        Err(ElfError::Overlap(o)) if o.address == 4
    ));
    let code = image(vec![segment(Memory::Instruction, 0, &[0; 4])]);
    assert!(matches!(
        write_elf(&code),
        Err(ElfError::InstructionSegment)
    ));
    let (_, size) = physical_window(Memory::Scalar);
    let far = image(vec![segment(Memory::Scalar, size - 2, &[0; 4])]);
    assert!(matches!(write_elf(&far), Err(ElfError::Window { .. })));
    let mut named = small_image();
    named.symbols[0].name = "a\0b".to_owned();
    assert!(matches!(
        write_elf(&named),
        Err(ElfError::SymbolName { .. })
    ));
    let mut timeless = small_image();
    timeless.manifest.as_mut().unwrap().dt = Some(f64::NAN);
    assert!(matches!(
        write_elf(&timeless),
        Err(ElfError::ManifestNumber { .. })
    ));
}

#[test]
fn the_windows_do_not_overlap() {
    let mut at = 0u64;
    for memory in [
        Memory::Instruction,
        Memory::LaneLocal,
        Memory::Scalar,
        Memory::Vector,
        Memory::External,
    ] {
        let (base, size) = physical_window(memory);
        assert_eq!(u64::from(base), at);
        at += u64::from(size);
    }
    assert_eq!(at, 1 << 32);
}

/// Output of `readelf`, or `None` (with a line that says so) where it is missing.
fn readelf(flags: &str, path: &std::path::Path) -> Option<String> {
    let run = std::process::Command::new("readelf")
        .args([flags, "-W"])
        .arg(path)
        .output();
    match run {
        Ok(output) => {
            let complaints = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(
                output.status.success() && complaints.is_empty(),
                "{complaints}"
            );
            Some(String::from_utf8_lossy(&output.stdout).into_owned())
        }
        Err(_) => {
            println!("skipped: readelf is missing (Debian package binutils)");
            None
        }
    }
}

#[test]
fn readelf_reads_it() {
    let path = std::env::temp_dir().join(format!("spikevec-readelf-{}.elf", std::process::id()));
    std::fs::write(&path, write_elf(&small_image()).unwrap()).unwrap();
    let outputs: Vec<Option<String>> = ["-h", "-S", "-l", "-s", "-n"]
        .iter()
        .map(|flags| readelf(flags, &path))
        .collect();
    std::fs::remove_file(&path).unwrap();
    let Some([header, sections, segments, symbols, notes]) = outputs
        .into_iter()
        .collect::<Option<Vec<_>>>()
        .and_then(|v| <[String; 5]>::try_from(v).ok())
    else {
        return;
    };
    assert!(header.contains("RISC-V") && header.contains("ELF32"));
    assert!(header.contains("EXEC"), "{header}");
    for name in [
        ".text",
        ".scalar",
        ".vector",
        ".vector.1",
        ".lanelocal",
        ".external",
    ] {
        assert!(sections.contains(name), "{sections}");
    }
    let loads = segments.lines().filter(|l| l.contains("LOAD")).count();
    assert_eq!(loads, 6, "{segments}");
    assert!(
        segments.contains("0x00000040 0x20000040 0x00040 0x00040"),
        "{segments}"
    );
    let weights = symbols.lines().find(|l| l.ends_with("weights")).unwrap();
    assert!(weights.contains("00000040") && weights.contains("OBJECT"));
    assert!(
        symbols
            .lines()
            .any(|l| l.contains("ABS") && l.ends_with("steps"))
    );
    assert!(notes.contains("Spikevec"), "{notes}");
}

/// A file as it was written when manifests had version 1, kept as it was: the same image.
#[test]
fn a_file_of_version_1_is_read() {
    let old = include_bytes!("files/version1.elf");
    let file = read_elf(old).unwrap();
    assert_eq!(file.image, small_image().canonical().unwrap());
    assert_eq!(file.warnings, [ElfWarning::NoChecksum]);
    let field = patch(old, b"\"scalar_bytes\"", b"\"scolar_bytes\"");
    let error = read_elf(&field).unwrap_err().to_string();
    assert!(error.contains("scolar_bytes"), "{error}");
}

/// What a later version of this program may add, named where this one meets it.
#[test]
fn an_extension_that_is_not_known_is_named() {
    let good = write_elf(&small_image()).unwrap();
    let bytes = patch(&good, b"\"zicsr\"", b"\"zfinx\"");
    let error = sealed(bytes, sum_place(&good));
    assert!(error.to_string().contains("`zfinx`"), "{error}");
}
