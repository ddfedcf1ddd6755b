//! The lane's blocks against `spikevec_isa::fixed`.

use spikevec_isa::fixed::{self, Overflow, Rounding};
use spikevec_isa::rng::step;
use spikevec_isa::{LANES, Rng, Vector};

use crate::bench::{Bench, Random, instance};

const EDGES: [i16; 14] = [
    i16::MIN,
    i16::MIN + 1,
    -0x4000,
    -256,
    -2,
    -1,
    0,
    1,
    2,
    0x00ff,
    0x3fff,
    0x4000,
    i16::MAX - 1,
    i16::MAX,
];

const MODES: [Rounding; 3] = [Rounding::Truncate, Rounding::Nearest, Rounding::Stochastic];
const OVERFLOWS: [Overflow; 2] = [Overflow::Wrap, Overflow::Saturate];

/// All pairs of edges, then random pairs, a vector at a time.
fn pairs(seed: u64, random_vectors: usize) -> Vec<(Vector, Vector)> {
    let edges: Vec<_> = EDGES.iter().flat_map(|&a| EDGES.map(|b| (a, b))).collect();
    let chunk = |c: &[(i16, i16)]| {
        let at = |i: usize| c[i % c.len()];
        let a = std::array::from_fn(|i| at(i).0);
        (a, std::array::from_fn(|i| at(i).1))
    };
    let mut out: Vec<_> = edges.chunks(LANES).map(chunk).collect();
    let mut random = Random(seed);
    for _ in 0..random_vectors {
        let mut vector = || std::array::from_fn(|_| random.next() as i16);
        out.push((vector(), vector()));
    }
    out
}

fn word(x: i16) -> u64 {
    u64::from(x as u16)
}

#[test]
fn add_subtract_and_compare() {
    let Some(mut bench) = instance() else { return };
    let add = bench.inputs("add_subtract", ["a", "b", "subtract", "saturate"]);
    let [y, negative] = bench.outputs("add_subtract", ["y", "negative"]);
    let compare = bench.inputs("compare", ["a", "b", "negative", "order", "invert"]);
    let [bit] = bench.outputs("compare", ["y"]);
    for (a, b) in pairs(3, 500) {
        let flags = [(0, 0), (0, 1), (1, 0), (1, 1)];
        for (subtract, saturate) in flags {
            let overflow = OVERFLOWS[saturate];
            let expected = match subtract {
                0 => fixed::add(&a, &b, overflow),
                _ => fixed::sub(&a, &b, overflow),
            };
            for i in 0..LANES {
                let (x, z) = (word(a[i]), word(b[i]));
                bench.drive(add, [x, z, subtract, saturate as u64]);
                let got = bench.instance.get(y);
                assert_eq!(got, word(expected[i]), "{} {} {flags:?}", a[i], b[i]);
            }
        }
        // funct3 bits 2 and 1, in the order of the four instructions.
        let tests = [
            (0, 0, fixed::teq(&a, &b)),
            (0, 1, fixed::tne(&a, &b)),
            (1, 0, fixed::tlt(&a, &b)),
            (1, 1, fixed::tge(&a, &b)),
        ];
        for i in 0..LANES {
            let (x, z) = (word(a[i]), word(b[i]));
            bench.drive(add, [x, z, 1, 0]);
            let sign = bench.instance.get(negative);
            for (order, invert, mask) in tests {
                bench.drive(compare, [x, z, sign, order, invert]);
                assert_eq!(bench.instance.get(bit), u64::from(mask >> i & 1));
            }
        }
    }
}

#[test]
fn and_select_fill() {
    let Some(mut bench) = instance() else { return };
    let and = bench.inputs("bitwise_and", ["a", "b"]);
    let [and_y] = bench.outputs("bitwise_and", ["y"]);
    let select = bench.inputs("select", ["chosen", "b", "old"]);
    let [select_y] = bench.outputs("select", ["y"]);
    let fill = bench.inputs("fill", ["sign", "low"]);
    let [fill_y] = bench.outputs("fill", ["y"]);
    let mut random = Random(4);
    for (a, b) in pairs(5, 500) {
        let mask = random.next() as u32;
        let (anded, selected) = (fixed::and(&a, &b), fixed::sel(mask, &b, &a));
        for i in 0..LANES {
            let (x, z) = (word(a[i]), word(b[i]));
            bench.drive(and, [x, z]);
            assert_eq!(bench.instance.get(and_y), word(anded[i]));
            bench.drive(select, [u64::from(mask >> i & 1), z, x]);
            assert_eq!(bench.instance.get(select_y), word(selected[i]));
            let scalar = (a[i] as u16 as u32) << 16 | b[i] as u16 as u32;
            bench.drive(fill, [u64::from(scalar >> 31), u64::from(scalar & 0x7fff)]);
            assert_eq!(bench.instance.get(fill_y), word(fixed::fill(scalar)[0]));
        }
    }
}

#[test]
fn and_add_with_every_mask() {
    let Some(mut bench) = instance() else { return };
    let mask = bench.inputs("shift_mask", ["count"]);
    let [mask_out] = bench.outputs("shift_mask", ["mask"]);
    let and_add = bench.inputs("and_add", ["a", "mask", "x"]);
    let [y] = bench.outputs("and_add", ["y"]);
    let mut random = Random(6);
    for (a, b) in pairs(7, 50) {
        for count in 0..16 {
            bench.drive(mask, [u64::from(count)]);
            let ones = bench.instance.get(mask_out);
            assert_eq!(ones, (1 << count) - 1);
            let scalar = b[0] as u16 as u32 | (random.next() as u32) << 16;
            let expected = fixed::andadd(&a, count, scalar);
            for i in 0..LANES {
                bench.drive(
                    and_add,
                    [word(a[i]) & 0x7fff, ones, u64::from(scalar & 0xffff)],
                );
                assert_eq!(bench.instance.get(y), word(expected[i]));
            }
        }
    }
}

#[test]
fn shifts_of_every_amount() {
    let Some(mut bench) = instance() else { return };
    let names = ["a", "own", "immediate", "by_immediate", "right"];
    let shift = bench.inputs("shift", names);
    let [y] = bench.outputs("shift", ["y"]);
    let mut rng = Rng::default();
    for (a, b) in pairs(8, 200) {
        let (left, right) = (fixed::sll(&a, &b), fixed::sra(&a, &b));
        for i in 0..LANES {
            let own = word(b[i]) & 15;
            bench.drive(shift, [word(a[i]), own, !own & 15, 0, 0]);
            assert_eq!(bench.instance.get(y), word(left[i]));
            bench.drive(shift, [word(a[i]), own, !own & 15, 0, 1]);
            assert_eq!(bench.instance.get(y), word(right[i]));
        }
        for amount in 0..16 {
            let left = fixed::slli(&a, amount);
            let right = fixed::srai(&a, amount, Rounding::Truncate, &mut rng);
            for i in 0..LANES {
                let (own, amount) = (word(b[i]) & 15, u64::from(amount));
                bench.drive(shift, [word(a[i]), own, amount, 1, 0]);
                assert_eq!(bench.instance.get(y), word(left[i]));
                bench.drive(shift, [word(a[i]), own, amount, 1, 1]);
                assert_eq!(bench.instance.get(y), word(right[i]));
            }
        }
    }
}

/// Mask and half of a shift and mode, from the control block.
fn rounding(bench: &mut Bench, shift: u32, mode: usize) -> [u64; 2] {
    let control = bench.inputs("rounding", ["shift", "mode"]);
    let outputs = bench.outputs("rounding", ["mask", "half"]);
    bench.drive(control, [u64::from(shift), mode as u64]);
    outputs.map(|port| bench.instance.get(port))
}

#[test]
fn round_and_shift_any_value() {
    let Some(mut bench) = instance() else { return };
    let names = ["clock", "value", "shift", "mask", "half", "sample"];
    let [clock, value, shift_in, mask_in, half_in, sample_in] = bench.inputs("round_shift", names);
    let [y] = bench.outputs("round_shift", ["y"]);
    let mut random = Random(9);
    let mut values: Vec<i32> = vec![i32::MIN, i32::MAX, 1 << 30, -(1 << 30), 0, 1, -1];
    values.extend(
        EDGES
            .iter()
            .flat_map(|&a| EDGES.map(|b| i32::from(a) * i32::from(b))),
    );
    values.extend((0..300).map(|_| random.next() as i32));
    for shift in 0..16 {
        for (mode, rounding_mode) in MODES.into_iter().enumerate() {
            let [mask, half] = rounding(&mut bench, shift, mode);
            for &v in &values {
                let sample = random.bits(16) as u16;
                bench.instance.set(value, u64::from(v as u32));
                bench.instance.set(shift_in, u64::from(shift));
                bench.instance.set(mask_in, mask);
                bench.instance.set(half_in, half);
                bench.instance.set(sample_in, u64::from(sample));
                bench.instance.tick(clock);
                let got = bench.instance.get(y) as u32 as i32;
                let increment = match rounding_mode {
                    Rounding::Truncate => 0,
                    Rounding::Nearest => (1i64 << shift) >> 1,
                    Rounding::Stochastic => i64::from(sample) & ((1 << shift) - 1),
                };
                let exact = (i64::from(v) + increment) >> shift;
                assert_eq!(
                    i64::from(got),
                    exact,
                    "{v} {shift} {rounding_mode:?} {sample}"
                );
                if v.unsigned_abs() <= 1 << 30 {
                    assert_eq!(got, fixed::round_shift(v, shift, rounding_mode, sample));
                }
            }
        }
    }
    // The mode that no instruction has acts as truncation.
    assert_eq!(rounding(&mut bench, 9, 3), [0, 0]);
}

#[test]
fn narrow_at_every_bound() {
    let Some(mut bench) = instance() else { return };
    let narrow = bench.inputs("narrow", ["value", "saturate"]);
    let [y] = bench.outputs("narrow", ["y"]);
    let mut random = Random(10);
    let near = |centre: i64| (centre - 3..=centre + 3).map(|v| v as i32);
    let bounds = (0..32).flat_map(|bit| [1i64 << bit, -(1i64 << bit)]);
    let mut values: Vec<i32> = bounds.flat_map(near).collect();
    values.extend((0..20_000).map(|_| random.next() as i32 >> random.below(18)));
    for v in values {
        for (saturate, overflow) in OVERFLOWS.into_iter().enumerate() {
            bench.drive(narrow, [u64::from(v as u32), saturate as u64]);
            let expected = fixed::narrow(v, overflow);
            assert_eq!(bench.instance.get(y), word(expected), "{v} {overflow:?}");
        }
    }
}

#[test]
fn multiply_gives_the_exact_product_after_two_edges() {
    let Some(mut bench) = instance() else { return };
    let [clock, a_in, b_in] = bench.inputs("multiply", ["clock", "a", "b"]);
    let [product] = bench.outputs("multiply", ["product"]);
    let mut before = None;
    for (a, b) in pairs(11, 300) {
        for i in 0..LANES {
            bench.drive([a_in, b_in], [word(a[i]), word(b[i])]);
            bench.instance.tick(clock);
            if let Some(expected) = before {
                assert_eq!(bench.instance.get(product) as u32 as i32, expected);
            }
            before = Some(i32::from(a[i]) * i32::from(b[i]));
        }
    }
}

/// What the multiply path takes for one lane and instruction, and gives.
struct Job {
    operands: [u64; 2],
    x2: [u64; 4],
    saturate: u64,
    expected: u64,
}

/// One job at each clock, as the pipeline does: the control of each stage follows its operands.
#[test]
fn multiply_path_streams_every_shift_and_mode() {
    let Some(mut bench) = instance() else { return };
    let mut jobs = Vec::new();
    let mut rng = Rng::from_seed(12, 0);
    for (a, b) in pairs(13, 20) {
        for shift in 0..16 {
            for (mode, rounding_mode) in MODES.into_iter().enumerate() {
                let [mask, half] = rounding(&mut bench, shift, mode);
                let samples = rng.clone().sample();
                let mut push = |factors: &Vector, saturate: usize, expected: Vector| {
                    for i in 0..LANES {
                        let sample = u64::from(samples[i] & 0x7fff);
                        jobs.push(Job {
                            operands: [word(a[i]), word(factors[i])],
                            x2: [u64::from(shift), mask, half, sample],
                            saturate: saturate as u64,
                            expected: word(expected[i]),
                        });
                    }
                };
                for (saturate, overflow) in OVERFLOWS.into_iter().enumerate() {
                    let mut drawn = rng.clone();
                    let expected = fixed::mul(&a, &b, shift, rounding_mode, overflow, &mut drawn);
                    push(&b, saturate, expected);
                }
                // With a factor of 1 it is the rounded shift.
                let expected = fixed::srai(&a, shift, rounding_mode, &mut rng);
                push(&[1; LANES], 0, expected);
            }
        }
    }
    let names = ["shift_x2", "mask_x2", "half_x2", "sample_x2"];
    let x2 = bench.inputs("multiply_path", names);
    let names = ["clock", "a", "b", "saturate_x3"];
    let [clock, a, b, saturate] = bench.inputs("multiply_path", names);
    let [y] = bench.outputs("multiply_path", ["y"]);
    for now in 0..jobs.len() + 3 {
        if let Some(job) = jobs.get(now) {
            bench.drive([a, b], job.operands);
        }
        if let Some(job) = now.checked_sub(2).and_then(|at| jobs.get(at)) {
            bench.drive(x2, job.x2);
        }
        if let Some(job) = now.checked_sub(3).and_then(|at| jobs.get(at)) {
            bench.drive([saturate], [job.saturate]);
            assert_eq!(bench.instance.get(y), job.expected, "job {}", now - 3);
        }
        bench.instance.tick(clock);
    }
    println!("{} jobs", jobs.len());
}

#[test]
fn rng_steps() {
    let Some(mut bench) = instance() else { return };
    let inputs = bench.inputs("rng_step", ["s0", "s1"]);
    let outputs = bench.outputs("rng_step", ["sample", "next0", "next1"]);
    let mut random = Random(14);
    let edges = EDGES
        .iter()
        .flat_map(|&a| EDGES.map(|b| (a as u16, b as u16)));
    let random = (0..50_000).map(|_| (random.next() as u16, random.next() as u16));
    for (s0, s1) in edges.chain(random) {
        bench.drive(inputs, [s0.into(), s1.into()]);
        let got = outputs.map(|port| bench.instance.get(port) as u16);
        assert_eq!((got[0], got[1], got[2]), step(s0, s1));
    }
}

#[test]
fn a_generator_is_loaded_and_stepped() {
    let Some(mut bench) = instance() else { return };
    let names = ["clock", "step", "load0", "load1", "word"];
    let [clock, inputs @ ..] = bench.inputs("generator", names);
    let [sample] = bench.outputs("generator", ["sample"]);
    let mut random = Random(15);
    let (mut s0, mut s1) = (0, 0);
    for _ in 0..50_000 {
        let word = random.next() as u16;
        let control = if random.below(50) == 0 {
            random.below(8)
        } else {
            random.below(2)
        };
        let [stepping, load0, load1] = [0, 1, 2].map(|bit| control >> bit & 1);
        bench.drive(inputs, [stepping, load0, load1, word.into()]);
        let (drawn, next0, next1) = step(s0, s1);
        assert_eq!(bench.instance.get(sample), u64::from(drawn));
        bench.instance.tick(clock);
        if stepping == 1 {
            (s0, s1) = (next0, next1);
        }
        if load0 == 1 {
            s0 = word;
        }
        if load1 == 1 {
            s1 = word;
        }
    }
}
