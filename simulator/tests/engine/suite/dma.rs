//! DMA between external and vector memory.

use super::common::{inst, machine, run};
use spikevec_isa::csr::Csr;
use spikevec_isa::dma::status as dma_status;
use spikevec_isa::{Instruction, Memory, Op};
use spikevec_simulator::{Cause, Machine, Timing};

/// One direction's registers: source, destination, count, control, status.
const TO_VECTOR: [Csr; 5] = [
    Csr::Mm2sSrcAddr,
    Csr::Mm2sDstAddr,
    Csr::Mm2sCount,
    Csr::Mm2sControl,
    Csr::Mm2sStatus,
];
const TO_EXTERNAL: [Csr; 5] = [
    Csr::S2mmSrcAddr,
    Csr::S2mmDstAddr,
    Csr::S2mmCount,
    Csr::S2mmControl,
    Csr::S2mmStatus,
];

fn csrrw(csr: Csr, rs1: u8) -> Instruction {
    inst(Op::Csrrw, 0, rs1, 0, csr.address() as i32)
}

fn read(csr: Csr, rd: u8) -> Instruction {
    inst(Op::Csrrs, rd, 0, 0, csr.address() as i32)
}

/// A transfer; its status afterwards.
fn transfer(
    m: &mut Machine,
    [src, dst, count, control, status]: [Csr; 5],
    values: [u32; 3],
) -> u32 {
    m.x[1..4].copy_from_slice(&values);
    let stop = run(
        m,
        &[
            csrrw(src, 1),
            csrrw(dst, 2),
            csrrw(count, 3),
            inst(Op::Csrrwi, 0, 1, 0, control.address() as i32),
            read(status, 4),
        ],
    );
    assert_eq!(stop.cause, Cause::Ecall, "{stop}");
    m.x[4]
}

fn bytes(m: &Machine, memory: Memory) -> Vec<u8> {
    let mut out = vec![0; 1024];
    m.read(memory, 0, &mut out).unwrap();
    out
}

/// External memory counts up from 1, vector memory down from 255.
fn filled() -> Machine {
    let mut m = machine();
    let up: Vec<u8> = (0..1024).map(|k| (k % 251 + 1) as u8).collect();
    let down: Vec<u8> = (0..1024).map(|k| (255 - k % 241) as u8).collect();
    m.write(Memory::External, 0, &up).unwrap();
    m.write(Memory::Vector, 0, &down).unwrap();
    m
}

#[test]
fn idle_at_reset() {
    let mut m = machine();
    run(
        &mut m,
        &[read(Csr::Mm2sStatus, 1), read(Csr::S2mmStatus, 2)],
    );
    assert_eq!(m.x[1..3], [dma_status::IDLE; 2]);
}

#[test]
fn moves_bytes_both_ways() {
    for (direction, from, to) in [
        (TO_VECTOR, Memory::External, Memory::Vector),
        (TO_EXTERNAL, Memory::Vector, Memory::External),
    ] {
        let mut m = filled();
        let (source, mut wanted) = (bytes(&m, from), bytes(&m, to));
        let status = transfer(&mut m, direction, [192, 64, 256]);
        assert_eq!(status, dma_status::IDLE | dma_status::DONE);
        wanted[64..320].copy_from_slice(&source[192..448]);
        assert_eq!(bytes(&m, to), wanted);
        assert_eq!(bytes(&m, from), source);
        // The registers keep what was written, so that the next start repeats it.
        let program: Vec<_> = (0..4).map(|k| read(direction[k], 5 + k as u8)).collect();
        run(&mut m, &program);
        assert_eq!(m.x[5..9], [192, 64, 256, 0]);
    }
}

#[test]
fn whole_memories_and_nothing_at_all_are_fine() {
    for direction in [TO_VECTOR, TO_EXTERNAL] {
        for values in [[0, 0, 1024], [1024, 1024, 0], [960, 0, 64]] {
            let status = transfer(&mut filled(), direction, values);
            assert_eq!(status, dma_status::IDLE | dma_status::DONE, "{values:?}");
        }
    }
}

#[test]
fn what_is_misaligned_or_outside_moves_nothing() {
    let bad = [
        [32, 0, 64],
        [0, 2, 64],
        [0, 0, 63],
        [0, 0, 1],
        [1024, 0, 64],
        [0, 1024, 64],
        [0, 960, 128],
        [64, 0, 1024],
        [0xffff_ffc0, 0, 64],
        [0, 0xffff_ffc0, 128],
        [0, 0, 0xffff_ffc0],
        [64, 64, 0xffff_ffc0],
    ];
    for direction in [TO_VECTOR, TO_EXTERNAL] {
        for values in bad {
            let mut m = filled();
            let before = (bytes(&m, Memory::External), bytes(&m, Memory::Vector));
            let status = transfer(&mut m, direction, values);
            assert_eq!(
                status,
                dma_status::IDLE | dma_status::DECODE_ERROR,
                "{values:x?}"
            );
            let after = (bytes(&m, Memory::External), bytes(&m, Memory::Vector));
            assert_eq!(before, after, "{values:x?}");
            // A good transfer clears the error.
            let status = transfer(&mut m, direction, [0, 0, 64]);
            assert_eq!(status, dma_status::IDLE | dma_status::DONE);
        }
    }
}

#[test]
fn only_bit_0_of_a_control_register_starts() {
    for [src, dst, count, control, status] in [TO_VECTOR, TO_EXTERNAL] {
        let mut m = filled();
        m.x[1..4].copy_from_slice(&[0, 64, 64]);
        let address = control.address() as i32;
        run(
            &mut m,
            &[
                csrrw(src, 1),
                csrrw(dst, 2),
                csrrw(count, 3),
                inst(Op::Csrrwi, 0, 0, 0, address),
                inst(Op::Csrrwi, 0, 2, 0, address),
                inst(Op::Csrrsi, 0, 0, 0, address),
                inst(Op::Csrrci, 0, 1, 0, address),
                read(status, 4),
                inst(Op::Csrrsi, 0, 1, 0, address),
                read(status, 5),
            ],
        );
        assert_eq!(m.x[4], dma_status::IDLE);
        assert_eq!(m.x[5], dma_status::IDLE | dma_status::DONE);
    }
}

#[test]
fn a_change_of_timing_resets_the_registers() {
    let look = [read(Csr::Mm2sSrcAddr, 4), read(Csr::Mm2sStatus, 5)];
    for before in [None, Some(Timing::default())] {
        for after in [None, Some(Timing::default())] {
            let mut m = filled();
            m.set_timing(before);
            transfer(&mut m, TO_VECTOR, [64, 64, 64]);
            run(&mut m, &look);
            assert_eq!(m.x[4], 64);
            m.set_timing(after);
            run(&mut m, &look);
            assert_eq!(m.x[4..6], [0, dma_status::IDLE]);
        }
    }
}
