//! The scalar part against independent assemblers, word for word: GNU's
//! `riscv64-unknown-elf-as` (Debian package `binutils-riscv64-unknown-elf`) and LLVM's
//! `llvm-mc` (package `llvm`). One that is missing is skipped with a printed line.
#![allow(clippy::unwrap_used)]

mod common;

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use spikevec_assembler::{assemble, disassemble, listing};
use spikevec_isa::Operand;
use spikevec_isa::csr::CSRS;
use spikevec_isa::table::{Spec, TABLE};
use spikevec_isa::testing::instruction_of;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Other {
    Gnu,
    Llvm,
}

fn temporary(suffix: &str) -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("spikevec-as-{}-{count}.{suffix}", std::process::id());
    std::env::temp_dir().join(name)
}

/// The words that the other assembler makes of `source`; `None` where it is missing.
fn reference(other: Other, source: &str) -> Option<Vec<u32>> {
    let object = temporary("o");
    let mut command = match other {
        Other::Gnu => {
            let mut c = Command::new("riscv64-unknown-elf-as");
            c.args(["-march=rv32im_zicsr_zbb", "-mabi=ilp32", "-mno-relax", "-"]);
            c
        }
        Other::Llvm => {
            let mut c = Command::new("llvm-mc");
            c.args(["-triple=riscv32", "-mattr=+m,+zbb,-relax", "-filetype=obj"]);
            c
        }
    };
    let child = command
        .arg("-o")
        .arg(&object)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        println!("skipped: the assembler of {other:?} is missing");
        return None;
    };
    child
        .stdin
        .take()
        .unwrap()
        .write_all(source.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{other:?}: {complaints}");
    if other == Other::Gnu {
        // It leaves jumps to its linker even where the label is in the same file.
        let linked = temporary("elf");
        let mut link = Command::new("riscv64-unknown-elf-ld");
        link.args([
            "-m",
            "elf32lriscv",
            "--no-relax",
            "-Ttext=0",
            "-e",
            "0",
            "-o",
        ]);
        let output = link.arg(&linked).arg(&object).output().unwrap();
        let complaints = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{complaints}");
        std::fs::rename(&linked, &object).unwrap();
    }
    let bytes = std::fs::read(&object).unwrap();
    std::fs::remove_file(&object).unwrap();
    let elf = goblin::elf::Elf::parse(&bytes).unwrap();
    let text = elf
        .section_headers
        .iter()
        .find(|s| elf.shdr_strtab.get_at(s.sh_name) == Some(".text"))
        .unwrap();
    assert!(elf.shdr_relocs.is_empty(), "{other:?} left relocations");
    let bytes = &bytes[text.file_range().unwrap()];
    let words = bytes.chunks_exact(4);
    Some(
        words
            .map(|w| u32::from_le_bytes(w.try_into().unwrap()))
            .collect(),
    )
}

fn compare(source: &str) {
    compare_with(source, &[Other::Gnu, Other::Llvm]);
}

fn compare_with(source: &str, others: &[Other]) {
    let ours = assemble(source, "source.s").unwrap_or_else(|errors| panic!("{errors}"));
    for other in others.iter().copied() {
        // Older LLVMs know `.+8` as the bare distance 8 only.
        let spelled = match other {
            Other::Gnu => source.to_owned(),
            Other::Llvm => source.replace(" .+", " ").replace(" .-", " -"),
        };
        let Some(theirs) = reference(other, &spelled) else {
            continue;
        };
        let mine = listing(&ours.code, &[]);
        let their_listing = listing(&theirs, &[]);
        for (a, b) in mine.lines().zip(their_listing.lines()) {
            assert_eq!(a, b, "left ours, right {other:?}");
        }
        assert_eq!(ours.code.len(), theirs.len(), "{other:?}");
    }
}

fn scalar_rows() -> Vec<&'static Spec> {
    let scalar = |spec: &&Spec| !spec.class.is_vector();
    TABLE.iter().filter(scalar).collect()
}

fn samples<T: std::fmt::Debug>(strategy: impl Strategy<Value = T>, count: usize) -> Vec<T> {
    let mut runner = TestRunner::deterministic();
    (0..count)
        .map(|_| strategy.new_tree(&mut runner).unwrap().current())
        .collect()
}

/// The core's own CSRs have no names elsewhere.
fn foreign(text: &str) -> String {
    let own = CSRS.iter().filter(|row| row.2.contains("mm"));
    own.fold(text.to_owned(), |text, (_, address, name, _)| {
        text.replace(name, &format!("{address:#x}"))
    })
}

#[test]
fn random_instructions_have_the_same_words() {
    let rows = scalar_rows();
    let count = 200 * rows.len();
    let mut source = String::new();
    for instruction in samples(instruction_of(rows, 32), count) {
        let spec = instruction.op.spec();
        // Others refuse targets that are no multiple of an instruction's length.
        let relative = spec.has(Operand::Branch) || spec.has(Operand::Jump);
        if relative && instruction.imm % 4 != 0 {
            continue;
        }
        // GNU's has no text for a fence with an empty set.
        let sets = instruction.imm;
        if spec.has(Operand::FenceSets) && (sets >> 4 == 0 || sets & 15 == 0) {
            continue;
        }
        source += &foreign(&instruction.to_string());
        source.push('\n');
    }
    compare(&source);
}

#[test]
fn every_scalar_instruction_is_among_them() {
    let rows = scalar_rows();
    let count = 200 * rows.len();
    let seen: std::collections::BTreeSet<&str> = samples(instruction_of(rows.clone(), 32), count)
        .iter()
        .map(|i| i.op.spec().mnemonic)
        .collect();
    assert_eq!(seen.len(), rows.len());
}

/// Lines with pseudo-instructions: `A`, `B`, `C` are registers, `I` an immediate of 12
/// bits, `W` one of 32, `S` a shift, `Z` 0 to 31, `L` a label.
const LINES: &[&str] = &[
    "nop",
    "mv A, B",
    "not A, B",
    "neg A, B",
    "zext.b A, B",
    "seqz A, B",
    "snez A, B",
    "sltz A, B",
    "sgtz A, B",
    "sgt A, B, C",
    "sgtu A, B, C",
    "add A, B, I",
    "and A, B, I",
    "or A, B, I",
    "xor A, B, I",
    "slt A, B, I",
    "sltu A, B, I",
    "sll A, B, S",
    "srl A, B, S",
    "sra A, B, S",
    "beqz A, L",
    "bnez A, L",
    "bltz A, L",
    "bgez A, L",
    "blez A, L",
    "bgtz A, L",
    "bgt A, B, L",
    "ble A, B, L",
    "bgtu A, B, L",
    "bleu A, B, L",
    "j L",
    "jal L",
    "jal A, L",
    "jr A",
    "jr I(A)",
    "jalr A",
    "jalr A, B",
    "jalr A, B, I",
    "jalr A, I(B)",
    "ret",
    "csrr A, mcycle",
    "csrw minstret, A",
    "csrs mcycleh, A",
    "csrc minstreth, A",
    "csrwi mcountinhibit, Z",
    "csrsi mcountinhibit, Z",
    "csrci mcountinhibit, Z",
    "fence",
    "fence rw, iorw",
    "li A, I",
    "li A, W",
    "lw A, (B)",
    "sw A, (B)",
    "lb A, I(B)",
    "lui A, %hi(W)",
    "addi A, B, %lo(W)",
    "beq A, B, L",
    "bltu A, B, 1f",
    "1: bne A, B, 1b",
    "ecall",
    "ebreak",
];

fn filled(line: &str, random: &[u32; 5], labels: usize) -> String {
    // GNU's adds an instruction without effect to `li zero, ...`.
    let lowest = u32::from(line.starts_with("li "));
    let number = |k: usize| (random[k] % 32).max(lowest) as u8;
    let register = |k: usize| spikevec_isa::registers::x_name(number(k));
    let word = match random[4] % 4 {
        0 => (random[3] as i32).to_string(),
        1 => format!("{:#x}", random[3]),
        2 => format!("{:#x}", random[3] & 0xffff_f000),
        _ => (random[3] as i32 >> 20).to_string(),
    };
    line.chars()
        .map(|c| match c {
            'A' => register(0).to_owned(),
            'B' => register(1).to_owned(),
            'C' => register(2).to_owned(),
            'I' => (random[3] as i32 >> 20).to_string(),
            'W' => word.clone(),
            'S' | 'Z' => (random[3] % 32).to_string(),
            'L' => format!(".Lx{}", random[3] as usize % labels),
            other => other.to_string(),
        })
        .collect()
}

fn program(lines: usize, gap: usize, count: usize) -> String {
    let mut source = String::new();
    let picks = samples((0..LINES.len(), any::<[u32; 5]>()), lines);
    for (k, (line, random)) in picks.iter().enumerate() {
        if k % gap == 0 && k / gap < count {
            source += &format!(".Lx{}:\n", k / gap);
        }
        source += &filled(LINES[*line], random, count);
        source.push('\n');
    }
    source + "1: nop\n"
}

#[test]
fn pseudo_instructions_have_the_same_words() {
    compare(&program(900, 9, 100));
}

/// Labels spread over 40 KiB: most branches have to grow, some only because others did.
#[test]
fn far_branches_grow_alike() {
    let source = program(9000, 90, 100);
    let image = assemble(&source, "far.s").unwrap();
    assert!(image.code.len() > 10_000, "hardly a branch grew");
    // LLVM's assembler relaxes such branches in newer versions only.
    compare_with(&source, &[Other::Gnu]);
}

/// What the disassembler prints is GNU syntax too, where there is no vector code.
#[test]
fn disassembly_of_scalar_code_assembles_elsewhere() {
    let image = assemble(&program(900, 9, 100), "x.s").unwrap();
    compare(&foreign(&disassemble(&image)));
}
