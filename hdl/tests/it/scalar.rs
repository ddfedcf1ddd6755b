//! The scalar side's arithmetic and memory blocks against plain Rust.

use spikevec_hdl::leaf::Registers;
use spikevec_hdl::scalar::AluOp;

use rust_hdl::prelude::*;

use crate::bench::{Random, instance};

const EDGES: [u32; 20] = [
    0,
    1,
    2,
    3,
    0x7f,
    0x80,
    0xff,
    0x7fff,
    0x8000,
    0xffff,
    0x0001_0000,
    0x5555_5555,
    0x7fff_fffe,
    0x7fff_ffff,
    0x8000_0000,
    0x8000_0001,
    0xaaaa_aaaa,
    0xffff_8000,
    0xffff_fffe,
    0xffff_ffff,
];

/// All pairs of edges, then random pairs, many of which are near each other or small.
fn pairs(seed: u64, count: usize) -> Vec<(u32, u32)> {
    let mut out: Vec<_> = EDGES.iter().flat_map(|&a| EDGES.map(|b| (a, b))).collect();
    let mut random = Random(seed);
    for _ in 0..count {
        let a = random.bits(32) as u32 >> random.below(32);
        let b = match random.below(4) {
            0 => a.wrapping_add(random.below(5) as u32).wrapping_sub(2),
            1 => random.next() as u32 >> random.below(32),
            _ => random.bits(32) as u32,
        };
        out.push((a, b));
    }
    out
}

fn alu(operation: AluOp, a: u32, b: u32) -> u32 {
    match operation {
        AluOp::Add => a.wrapping_add(b),
        AluOp::Subtract => a.wrapping_sub(b),
        AluOp::ShiftLeft => a.wrapping_shl(b),
        AluOp::ShiftRight => a.wrapping_shr(b),
        AluOp::ShiftRightSigned => (a as i32).wrapping_shr(b) as u32,
        AluOp::Xor => a ^ b,
        AluOp::Below => u32::from(a < b),
        AluOp::Or => a | b,
        AluOp::Less => u32::from((a as i32) < b as i32),
        AluOp::And => a & b,
        AluOp::PassB => b,
        AluOp::LeadingZeros => a.leading_zeros(),
        AluOp::TrailingZeros => a.trailing_zeros(),
        AluOp::Ones => a.count_ones(),
        AluOp::ExtendByte => i32::from(a as i8) as u32,
        AluOp::ExtendHalf => i32::from(a as i16) as u32,
    }
}

#[test]
fn every_operation_of_the_alu() {
    let Some(mut bench) = instance() else { return };
    let inputs = bench.inputs("alu", ["operation", "a", "b"]);
    let [y] = bench.outputs("alu", ["y"]);
    let single = (0..32).flat_map(|bit| [(1u32 << bit, 7), (!0 << bit, bit), (!0 >> bit, bit)]);
    for (a, b) in pairs(40, 20_000).into_iter().chain(single) {
        for operation in AluOp::ALL.into_iter().filter(|o| !o.counts()) {
            bench.drive(inputs, [operation as u64, a.into(), b.into()]);
            let expected = alu(operation, a, b);
            let got = bench.instance.get(y);
            assert_eq!(got, u64::from(expected), "{operation:?} {a:#x} {b:#x}");
        }
    }
}

#[test]
fn bits_are_counted() {
    let Some(mut bench) = instance() else { return };
    let inputs = bench.inputs("bit_count", ["operation", "x"]);
    let [clock] = bench.inputs("bit_count", ["clock"]);
    let [y] = bench.outputs("bit_count", ["y"]);
    let single = (0..32).flat_map(|bit| [1u32 << bit, !0 << bit, !0 >> bit, !(1 << bit)]);
    for a in pairs(45, 20_000).into_iter().map(|(a, _)| a).chain(single) {
        for operation in AluOp::ALL.into_iter().filter(|o| o.counts()) {
            bench.drive(inputs, [operation as u64 & 3, a.into()]);
            bench.instance.tick(clock);
            let expected = alu(operation, a, 0);
            let got = bench.instance.get(y);
            assert_eq!(got, u64::from(expected), "{operation:?} {a:#x}");
        }
    }
}

#[test]
fn every_condition() {
    let Some(mut bench) = instance() else { return };
    let inputs = bench.inputs("branch_condition", ["condition", "a", "b"]);
    let [taken] = bench.outputs("branch_condition", ["taken"]);
    for (a, b) in pairs(41, 20_000) {
        let cases = [
            (0, a == b),
            (1, a != b),
            (4, (a as i32) < b as i32),
            (5, (a as i32) >= b as i32),
            (6, a < b),
            (7, a >= b),
        ];
        for (condition, expected) in cases {
            bench.drive(inputs, [condition, a.into(), b.into()]);
            let got = bench.instance.get(taken);
            assert_eq!(got, u64::from(expected), "{condition} {a:#x} {b:#x}");
        }
    }
}

fn quotient(signed: bool, a: u32, b: u32) -> u32 {
    match (b, signed) {
        (0, _) => u32::MAX,
        (_, true) => (a as i32).wrapping_div(b as i32) as u32,
        (_, false) => a / b,
    }
}

fn remainder(signed: bool, a: u32, b: u32) -> u32 {
    match (b, signed) {
        (0, _) => a,
        (_, true) => (a as i32).wrapping_rem(b as i32) as u32,
        (_, false) => a % b,
    }
}

/// The operands and modes are there in the clock of the start only; some divisions are dropped
/// for another one.
#[test]
fn divisions_take_33_clocks() {
    let Some(mut bench) = instance() else { return };
    let names = ["start", "signed_operands", "remainder", "a", "b"];
    let inputs = bench.inputs("divider", names);
    let clock = bench.input("divider_clock");
    let [done, y] = bench.outputs("divider", ["done", "y"]);
    let mut random = Random(42);
    for (a, b) in pairs(43, 4000) {
        for (signed, rest) in [(false, false), (false, true), (true, false), (true, true)] {
            if random.below(16) == 0 {
                let noise = [1, 1, random.below(2), random.bits(32), random.bits(32)];
                bench.drive(inputs, noise);
                for _ in 0..random.below(33) {
                    bench.instance.tick(clock);
                    assert_eq!(bench.instance.get(done), 0);
                    bench.instance.set(inputs[0], 0);
                }
            }
            bench.drive(inputs, [1, signed.into(), rest.into(), a.into(), b.into()]);
            for after in 1..=33 {
                bench.instance.tick(clock);
                let noise = [
                    random.below(2),
                    random.below(2),
                    random.bits(32),
                    random.bits(32),
                ];
                let [p, q, r, s] = noise;
                bench.drive(inputs, [0, p, q, r, s]);
                let ready = bench.instance.get(done);
                assert_eq!(ready, u64::from(after == 33), "{after}");
            }
            let expected = match rest {
                false => quotient(signed, a, b),
                true => remainder(signed, a, b),
            };
            let got = bench.instance.get(y);
            assert_eq!(got, u64::from(expected), "{a:#x} {b:#x} {signed} {rest}");
            for _ in 0..random.below(3) {
                bench.instance.tick(clock);
                assert_eq!(bench.instance.get(done), 0);
                assert_eq!(bench.instance.get(y), u64::from(expected));
            }
        }
    }
}

/// One product a clock, each with its own signs and word.
#[test]
fn products_follow_each_other() {
    let Some(mut bench) = instance() else { return };
    let names = ["a", "b", "a_signed", "b_signed"];
    let inputs = bench.inputs("scalar_multiply", names);
    let [clock, high_in] = bench.inputs("scalar_multiply", ["clock", "high"]);
    let [y] = bench.outputs("scalar_multiply", ["y"]);
    for (a, b) in pairs(44, 10_000) {
        let wide = |x: u32, signed: bool| match signed {
            true => i128::from(x as i32),
            false => i128::from(x),
        };
        for (a_signed, b_signed) in [(false, false), (true, false), (false, true), (true, true)] {
            let product = wide(a, a_signed) * wide(b, b_signed);
            bench.drive(
                inputs,
                [a.into(), b.into(), a_signed.into(), b_signed.into()],
            );
            bench.instance.tick(clock);
            bench.drive(inputs, [0x1234, 0x5678, 0, 0]);
            for high in [false, true] {
                bench.drive([high_in], [high.into()]);
                let expected = (product >> if high { 32 } else { 0 }) as u32;
                assert_eq!(
                    bench.instance.get(y),
                    u64::from(expected),
                    "{a:#x} * {b:#x}"
                );
            }
        }
    }
}

#[test]
fn loads_take_their_bytes() {
    let Some(mut bench) = instance() else { return };
    let names = ["word", "offset", "width", "load_signed"];
    let inputs = bench.inputs("load_align", names);
    let [value] = bench.outputs("load_align", ["value"]);
    for (word, _) in pairs(45, 2000) {
        let bytes = word.to_le_bytes();
        for (width, offsets) in [(0, [0, 1, 2, 3].as_slice()), (1, &[0, 2]), (2, &[0])] {
            for (&offset, signed) in offsets.iter().flat_map(|o| [(o, false), (o, true)]) {
                let half = u16::from_le_bytes([bytes[offset & 2], bytes[offset & 2 | 1]]);
                let expected = match (width, signed) {
                    (0, false) => u32::from(bytes[offset]),
                    (0, true) => i32::from(bytes[offset] as i8) as u32,
                    (1, false) => u32::from(half),
                    (1, true) => i32::from(half as i16) as u32,
                    _ => word,
                };
                bench.drive(inputs, [word.into(), offset as u64, width, signed.into()]);
                assert_eq!(bench.instance.get(value), u64::from(expected), "{word:#x}");
            }
        }
    }
}

#[test]
fn stores_write_their_bytes_only() {
    let Some(mut bench) = instance() else { return };
    let inputs = bench.inputs("store_align", ["value", "offset", "width"]);
    let outputs = bench.outputs("store_align", ["data", "mask"]);
    for (value, before) in pairs(46, 2000) {
        for (width, offsets) in [(0, [0, 1, 2, 3].as_slice()), (1, &[0, 2]), (2, &[0])] {
            for &offset in offsets {
                bench.drive(inputs, [value.into(), offset as u64, width]);
                let [data, mask] = outputs.map(|port| bench.instance.get(port) as u32);
                let mut got = before.to_le_bytes();
                for (i, byte) in data.to_le_bytes().into_iter().enumerate() {
                    if mask >> i & 1 == 1 {
                        got[i] = byte;
                    }
                }
                let mut expected = before.to_le_bytes();
                let size = 1 << width;
                expected[offset..offset + size].copy_from_slice(&value.to_le_bytes()[..size]);
                assert_eq!(got, expected, "{value:#x} {offset} {width}");
            }
        }
    }
}

#[test]
fn addresses_are_aligned_then_inside() {
    let Some(mut bench) = instance() else { return };
    let inputs = bench.inputs("address_check", ["address", "width", "limit"]);
    let outputs = bench.outputs("address_check", ["misaligned", "outside"]);
    let mut random = Random(47);
    let mut seen = [0; 3];
    for _ in 0..200_000 {
        let limit = match random.below(4) {
            0 => random.below(1 << 26) as u32 * 64,
            _ => 64 << random.below(26),
        };
        let near = limit
            .wrapping_add(random.below(256) as u32)
            .wrapping_sub(128);
        let address = match random.below(3) {
            0 => random.bits(32) as u32,
            1 => near,
            _ => near & !63,
        };
        let width = random.below(4);
        let size = [1u64, 2, 4, 64][width as usize];
        bench.drive(inputs, [address.into(), width, limit.into()]);
        let got = outputs.map(|port| bench.instance.get(port) == 1);
        let misaligned = !u64::from(address).is_multiple_of(size);
        let outside = !misaligned && u64::from(address) + size > u64::from(limit);
        assert_eq!(got, [misaligned, outside], "{address:#x} {size} {limit:#x}");
        seen[usize::from(misaligned) + 2 * usize::from(outside)] += 1;
    }
    assert!(seen.iter().all(|&count| count > 10_000), "{seen:?}");
}

#[test]
fn registers_read_as_before_the_edge() {
    let Some(mut bench) = instance() else { return };
    let mut model = Registers::default();
    model.connect_all();
    let clock = bench.input("registers_clock");
    let write = bench.inputs("registers", ["write_enable", "write_address", "write_data"]);
    let address = bench.inputs("registers", ["read_address_0", "read_address_1"]);
    let data = bench.outputs("registers", ["read_data_0", "read_data_1"]);
    let mut random = Random(48);
    let mut plain = [0u64; 32];
    for _ in 0..5000 {
        let (on, at, word) = (random.below(2), random.below(32), random.bits(32));
        let from = [
            random.below(32),
            if on == 1 { at } else { random.below(32) },
        ];
        bench.drive(write, [on, at, word]);
        bench.drive(address, from);
        model.write_enable.next = on == 1;
        model.write_address.next = at.into();
        model.write_data.next = word.into();
        for (port, register) in model.read_address.iter_mut().zip(from) {
            port.next = register.into();
        }
        for clk in [false, true] {
            model.clock.next = Clock { clk };
            if clk {
                bench.instance.tick(clock);
                if on == 1 {
                    plain[at as usize] = word;
                }
            }
            assert!(simulate(&mut model, 20));
            for port in 0..2 {
                let expected = plain[from[port] as usize];
                assert_eq!(bench.instance.get(data[port]), expected);
                assert_eq!(model.read_data[port].val().to_u64(), expected);
            }
        }
    }
}
