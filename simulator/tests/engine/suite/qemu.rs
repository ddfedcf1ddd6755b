//! Random RV32IM and Zbb programs under `qemu-riscv32` and here: the same words
//! at the same addresses leave the same registers and the same memory.
//!
//! Needs qemu's user-mode emulator (Debian: `qemu-user`); skips without it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use super::common::{inst, instruction, machine_for, word, words};
use proptest::prelude::*;
use spikevec_isa::table::Extension;
use spikevec_isa::{Class, Instruction, Memory, Op, Spec, Target};
use spikevec_simulator::{Cause, Limits};

/// Where the code is in both machines; here there is illegal memory before it.
const CODE: u32 = 0x4_0000;
/// The window of data memory, the lowest that Linux lets a process have.
const DATA: u32 = 0x1_0000;
const DATA_BYTES: u32 = 4096;
/// x31 points to the window's middle throughout.
const BASE: u8 = 31;
/// x30 belongs to `auipc`, `jalr` pairs.
const LINK: u8 = 30;
/// Offset from the base at which the program leaves its registers in the end.
const DUMP: i32 = 1536;

/// A piece of a program that is only ever entered at its first instruction.
#[derive(Debug, Clone)]
enum Piece {
    Plain(Instruction),
    /// A branch or `jal` over the given number of pieces.
    Forward(Instruction, usize),
    /// `auipc` and a `jalr` over the piece after it or to it; bit 0 of the target may be set.
    Indirect(u8, bool, i32),
}

fn is_alu(spec: &Spec) -> bool {
    matches!(
        spec.extension,
        Extension::Rv32i | Extension::M | Extension::Zbb
    ) && !is_jump(spec)
        && !is_memory(spec)
        && !matches!(spec.op, Op::Ecall | Op::Ebreak)
}

fn is_jump(spec: &Spec) -> bool {
    matches!(spec.class, Class::Branch | Class::Jump)
}

fn is_forward(spec: &Spec) -> bool {
    is_jump(spec) && spec.op != Op::Jalr
}

fn is_memory(spec: &Spec) -> bool {
    matches!(spec.class, Class::Load | Class::Store)
}

fn width(op: Op) -> i32 {
    op.spec().access_bytes().map_or(1, |bytes| bytes as i32)
}

fn piece() -> impl Strategy<Value = Piece> {
    let memory = instruction(is_memory).prop_map(|mut i| {
        i.rs1 = BASE;
        i.imm = (-2048 + i.imm.rem_euclid(2048 + DUMP)) & -width(i.op);
        Piece::Plain(i)
    });
    prop_oneof![
        8 => instruction(is_alu).prop_map(Piece::Plain),
        3 => memory,
        2 => (instruction(is_forward), 0usize..4).prop_map(|(i, over)| Piece::Forward(i, over)),
        1 => (0u8..8, any::<bool>(), 0i32..2).prop_map(|(rd, over, bit)| Piece::Indirect(rd, over, bit)),
    ]
}

/// The program's body: distances are known once all pieces are.
fn assemble(pieces: &[Piece]) -> Vec<Instruction> {
    let length = |piece: &Piece| {
        if matches!(piece, Piece::Indirect(..)) {
            2
        } else {
            1
        }
    };
    let mut out = Vec::new();
    for (k, piece) in pieces.iter().enumerate() {
        let distance = |over: usize| 4 * pieces[k + 1..].iter().take(over).map(length).sum::<i32>();
        match piece {
            Piece::Plain(i) => out.push(*i),
            Piece::Forward(i, over) => out.push(Instruction {
                imm: 4 + distance(*over),
                ..*i
            }),
            Piece::Indirect(rd, over, bit) => {
                out.push(inst(Op::Auipc, LINK, 0, 0, 0));
                let target = 8 + distance(usize::from(*over)) + bit;
                out.push(inst(Op::Jalr, *rd, LINK, 0, target));
            }
        }
    }
    out
}

/// `x[rd] = value`.
fn load_immediate(rd: u8, value: u32) -> [Instruction; 2] {
    let low = ((value << 20) as i32) >> 20;
    let high = value.wrapping_sub(low as u32) >> 12;
    [
        inst(Op::Lui, rd, 0, 0, high as i32),
        inst(Op::Addi, rd, rd, 0, low),
    ]
}

/// Registers set, the body, registers stored, then Linux's write(1, window) and exit(0).
fn program(registers: &[u32], pieces: &[Piece]) -> Vec<u32> {
    let mut code = Vec::new();
    for (rd, &value) in (1u8..).zip(registers) {
        code.extend(load_immediate(rd, value));
    }
    code.extend(load_immediate(BASE, DATA + DATA_BYTES / 2));
    code.extend(assemble(pieces));
    for register in 0..32u8 {
        let place = DUMP + 4 * i32::from(register);
        code.push(inst(Op::Sw, 0, BASE, register, place));
    }
    for (rd, value) in [(17, 64), (10, 1), (11, DATA), (12, DATA_BYTES)] {
        code.extend(load_immediate(rd, value));
    }
    code.push(super::common::ECALL);
    for (rd, value) in [(17, 93), (10, 0)] {
        code.extend(load_immediate(rd, value));
    }
    code.push(super::common::ECALL);
    words(&code)
}

/// A static ELF32 executable: headers, then a page each for code and data.
fn elf(code: &[u32], data: &[u8]) -> Vec<u8> {
    const PAGE: u32 = 4096;
    let code: Vec<u8> = code.iter().flat_map(|word| word.to_le_bytes()).collect();
    let code_bytes = code.len() as u32;
    let data_offset = PAGE + code_bytes.next_multiple_of(PAGE);
    let mut out = vec![0x7f, b'E', b'L', b'F', 1, 1, 1, 0];
    out.resize(16, 0);
    // Executable, RISC-V.
    for half in [2u16, 243] {
        out.extend(half.to_le_bytes());
    }
    // Version, entry, program headers, section headers, flags.
    for word in [1, CODE, 52, 0, 0] {
        out.extend(word.to_le_bytes());
    }
    // Sizes and numbers of headers.
    for half in [52u16, 32, 2, 40, 0, 0] {
        out.extend(half.to_le_bytes());
    }
    // Type (load), offset, two addresses, sizes in file and memory, flags, alignment.
    for segment in [
        [1, PAGE, CODE, CODE, code_bytes, code_bytes, 5, PAGE],
        [1, data_offset, DATA, DATA, DATA_BYTES, DATA_BYTES, 6, PAGE],
    ] {
        for word in segment {
            out.extend(word.to_le_bytes());
        }
    }
    out.resize(PAGE as usize, 0);
    out.extend(code);
    out.resize(data_offset as usize, 0);
    out.extend(data);
    out
}

/// The window that the program leaves, by qemu.
fn by_qemu(code: &[u32], data: &[u8]) -> Vec<u8> {
    let name = format!("qemu-{}.elf", std::process::id());
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, elf(code, data)).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    let output = Command::new("qemu-riscv32")
        .args(["-cpu", "rv32,zbb=true"])
        .arg(&path)
        .output()
        .unwrap();
    fs::remove_file(&path).unwrap();
    assert!(
        output.status.success(),
        "qemu: {} {}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

/// The same, here.
fn by_machine(code: &[u32], data: &[u8]) -> Vec<u8> {
    let mut target = Target::base();
    target.instruction_bytes = 1 << 20;
    let mut m = machine_for(&target);
    let mut memory = vec![0; CODE as usize / 4];
    memory.extend_from_slice(code);
    m.load_code(&memory).unwrap();
    m.write(Memory::Scalar, DATA, data).unwrap();
    m.pc = CODE;
    let stop = m.run(&Limits {
        budget: 100_000,
        strict: false,
    });
    assert_eq!(stop.cause, Cause::Ecall, "{stop}");
    assert_eq!(m.x[17], 64, "the first ecall is the one that writes");
    let mut window = vec![0; DATA_BYTES as usize];
    m.read(Memory::Scalar, DATA, &mut window).unwrap();
    window
}

#[test]
fn random_programs_agree_with_qemu() {
    if Command::new("qemu-riscv32")
        .arg("--version")
        .output()
        .is_err()
    {
        println!("skipped: qemu-riscv32 is missing (Debian package qemu-user)");
        return;
    }
    let cases = 120;
    let inputs = (
        prop::collection::vec(word(), 30),
        prop::collection::vec(piece(), 100..400),
        any::<u64>(),
    );
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    runner
        .run(&inputs, |(registers, pieces, seed)| {
            let code = program(&registers, &pieces);
            let mut random = seed | 1;
            let data: Vec<u8> = (0..DATA_BYTES)
                .map(|_| {
                    random = random.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
                    (random >> 56) as u8
                })
                .collect();
            let (wanted, found) = (by_qemu(&code, &data), by_machine(&code, &data));
            prop_assert_eq!(wanted.len(), found.len());
            let differs = wanted.iter().zip(&found).position(|(w, f)| w != f);
            if let Some(at) = differs {
                let dump = (DATA_BYTES as i32 / 2 + DUMP) as usize;
                let place = if at >= dump {
                    format!("x{}", (at - dump) / 4)
                } else {
                    format!("byte {at:#x} of the window")
                };
                prop_assert!(
                    false,
                    "{} is {:#x}, by qemu {:#x}",
                    place,
                    found[at],
                    wanted[at]
                );
            }
            Ok(())
        })
        .unwrap();
    println!("{cases} programs agree with qemu-riscv32");
}
