//! Loads and stores of every width, and the host's access.

use super::common::{inst, machine, machine_for, run, set_vector, vector};
use proptest::prelude::*;
use spikevec_isa::{LANES, Memory, Op, Target, Vector};
use spikevec_simulator::{AccessError, Cause, Machine};

#[test]
fn scalar_loads_extend_and_stores_narrow() {
    let mut m = machine();
    m.write(Memory::Scalar, 8, &[0x80, 0xff, 0x34, 0x92])
        .unwrap();
    m.x[1] = 4;
    let stop = run(
        &mut m,
        &[
            inst(Op::Lb, 2, 1, 0, 4),
            inst(Op::Lbu, 3, 1, 0, 4),
            inst(Op::Lh, 4, 1, 0, 6),
            inst(Op::Lhu, 5, 1, 0, 6),
            inst(Op::Lw, 6, 1, 0, 4),
            inst(Op::Lw, 0, 1, 0, 4),
            inst(Op::Sw, 0, 1, 6, -4),
            inst(Op::Sh, 0, 1, 6, 8),
            inst(Op::Sb, 0, 1, 6, 13),
        ],
    );
    assert_eq!(stop.cause, Cause::Ecall, "{stop}");
    assert_eq!(
        m.x[..7],
        [0, 4, 0xffff_ff80, 0x80, 0xffff_9234, 0x9234, 0x9234_ff80]
    );
    let mut bytes = [0; 24];
    m.read(Memory::Scalar, 0, &mut bytes).unwrap();
    assert_eq!(bytes[..4], [0x80, 0xff, 0x34, 0x92]);
    assert_eq!(bytes[12..18], [0x80, 0xff, 0, 0, 0, 0x80]);
}

#[test]
fn vectors_move_between_registers_and_memory() {
    let mut m = machine();
    let value: Vector = std::array::from_fn(|k| k as i16 - 7);
    set_vector(&mut m, 128, &value);
    m.x[1] = 192;
    let stop = run(
        &mut m,
        &[
            inst(Op::Vloadv, 3, 1, 0, -64),
            inst(Op::Vstorev, 0, 1, 3, 64),
            inst(Op::Vloadr0, 0, 1, 0, -64),
            inst(Op::Vloadr1, 0, 1, 0, 64),
        ],
    );
    assert_eq!(stop.cause, Cause::Ecall, "{stop}");
    assert_eq!(m.v[3], value);
    assert_eq!(vector(&m, 256), value);
    assert_eq!(m.rng.to_vectors(), [value, value]);
}

#[test]
fn lanes_have_their_own_addresses_and_negative_ones_do_nothing() {
    let mut m = machine();
    m.v[1] = std::array::from_fn(|k| if k % 3 == 0 { -2 } else { 2 * (k as i16 % 5) });
    m.v[2] = std::array::from_fn(|k| 100 + k as i16);
    m.v[3] = [7; LANES];
    let stop = run(
        &mut m,
        &[
            inst(Op::Vstorel, 0, 1, 2, 4),
            inst(Op::Vloadl, 3, 1, 0, 4),
            // The address register may be the destination.
            inst(Op::Vloadl, 1, 1, 0, 4),
        ],
    );
    assert_eq!(stop.cause, Cause::Ecall, "{stop}");
    for k in 0..LANES {
        let stored = 100 + k as i16;
        let masked = k % 3 == 0;
        assert_eq!(m.v[3][k], if masked { 7 } else { stored });
        assert_eq!(m.v[1][k], if masked { -2 } else { stored });
        let address = k as u32 * 64 + 4 + 2 * (k as u32 % 5);
        let mut bytes = [0; 2];
        m.read(Memory::LaneLocal, address, &mut bytes).unwrap();
        let wanted = if masked { 0 } else { stored };
        assert_eq!(i16::from_le_bytes(bytes), wanted, "lane {k}");
    }
}

#[test]
fn a_masked_lane_is_not_checked_and_an_offset_can_undo_an_address() {
    let mut m = machine();
    m.v[1] = [-32768; LANES];
    assert_eq!(
        run(&mut m, &[inst(Op::Vloadl, 2, 1, 0, 2047)]).cause,
        Cause::Ecall
    );
    m.v[1] = [100; LANES];
    assert_eq!(
        run(&mut m, &[inst(Op::Vloadl, 2, 1, 0, -100)]).cause,
        Cause::Ecall
    );
}

#[test]
fn lane_addresses_do_not_wrap_in_the_largest_memory() {
    let mut target = Target::base();
    target.lane_local_bytes = 32 << 10;
    let mut m = machine_for(&target);
    let address = |m: &mut Machine, base, offset| {
        m.v[1] = [-1; LANES];
        m.v[1][31] = base;
        match run(m, &[inst(Op::Vloadl, 2, 1, 0, offset)]).cause {
            Cause::LoadFault(access) | Cause::MisalignedLoad(access) => Some(access.address),
            _ => None,
        }
    };
    m.write(Memory::LaneLocal, 31 * 32768 + 32766, &[5, 0])
        .unwrap();
    assert_eq!(address(&mut m, 32766, 0), None);
    assert_eq!((m.v[2][31], m.v[2][0]), (5, 0));
    assert_eq!(address(&mut m, 32766, 2), Some(32768));
    assert_eq!(address(&mut m, 32766, 2047), Some(34813));
    assert_eq!(address(&mut m, 32767, 2047), Some(34814));
    assert_eq!(address(&mut m, 32767, 0), Some(32767));
    assert_eq!(address(&mut m, 0, -2), Some(0xffff_fffe));
}

#[test]
fn host_accesses_outside_a_memory_are_refused_whole() {
    let mut m = machine();
    let sizes = [
        (Memory::Scalar, 256),
        (Memory::Vector, 1024),
        (Memory::LaneLocal, 64 * 32),
        (Memory::External, 1024),
    ];
    for (memory, size) in sizes {
        let address = size as u32 - 2;
        let wanted = AccessError::Outside {
            memory,
            address,
            length: 3,
            size,
        };
        assert_eq!(m.write(memory, address, &[1, 2, 3]), Err(wanted));
        let mut out = [9; 3];
        assert_eq!(m.read(memory, address, &mut out), Err(wanted));
        assert_eq!(out, [9; 3]);
        assert!(m.write(memory, u32::MAX, &[0]).is_err());
        m.read(memory, address, &mut out[..2]).unwrap();
        assert_eq!(out[..2], [0; 2], "nothing was written");
        m.write(memory, size as u32, &[]).unwrap();
        assert!(wanted.to_string().contains(&memory.to_string()));
    }
    assert!(m.write(Memory::Instruction, 0, &[0; 4]).is_err());
    m.load_code(&[0x73]).unwrap();
    let mut word = [9; 8];
    m.read(Memory::Instruction, 0, &mut word).unwrap();
    assert_eq!(word, [0x73, 0, 0, 0, 0, 0, 0, 0]);
}

#[test]
fn a_machine_without_memories_works() {
    let mut target = Target::base();
    target.scalar_bytes = 0;
    target.vector_bytes = 0;
    target.lane_local_bytes = 0;
    let mut m = machine_for(&target);
    for memory in [Memory::Scalar, Memory::Vector, Memory::LaneLocal] {
        assert!(m.write(memory, 0, &[1]).is_err());
        assert!(m.read(memory, 0, &mut [1]).is_err());
    }
    for op in [Op::Lw, Op::Vloadv] {
        let stop = run(&mut m, &[inst(op, 1, 0, 0, 0)]);
        assert!(matches!(stop.cause, Cause::LoadFault(_)), "{stop}");
    }
    let stop = run(&mut m, &[inst(Op::Vstorel, 0, 1, 1, 0)]);
    assert!(matches!(stop.cause, Cause::StoreFault(_)), "{stop}");
}

proptest! {
    /// A memory behaves as an array of bytes, wherever an access starts and ends.
    #[test]
    fn the_host_sees_bytes(
        memory in prop::sample::select(vec![Memory::Scalar, Memory::Vector, Memory::LaneLocal, Memory::External]),
        writes in prop::collection::vec((0u32..250, prop::collection::vec(any::<u8>(), 0..200)), 1..6),
    ) {
        let mut m = machine();
        let mut model = vec![0u8; 256];
        for (address, bytes) in writes {
            let start = address as usize;
            let fits = bytes.len().min(256 - start);
            m.write(memory, address, &bytes[..fits]).unwrap();
            model[start..start + fits].copy_from_slice(&bytes[..fits]);
            let mut out = vec![0; 256 - start];
            m.read(memory, address, &mut out).unwrap();
            prop_assert_eq!(&out[..], &model[start..]);
        }
    }
}
