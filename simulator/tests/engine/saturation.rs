//! Every arithmetic instruction of the vector unit against `spikevec_isa::fixed`.

use super::common::{inst, lanes, machine, run, word};
use proptest::prelude::*;
use spikevec_isa::fixed::{self, Overflow, Rounding};
use spikevec_isa::operand::Operand;
use spikevec_isa::table::TABLE;
use spikevec_isa::{Instruction, LANES, Op, Rng, Spec, Vector};
use spikevec_simulator::{Cause, Machine};

/// Executes `i` on `m` as `fixed` says. `None` for the instructions that access memory.
fn by_definition(m: &mut Machine, i: Instruction) -> Option<()> {
    use Overflow::{Saturate, Wrap};
    use Rounding::{Nearest, Stochastic, Truncate};
    let (a, b, old) = (m.v[i.rs1 as usize], m.v[i.rs2 as usize], m.v[i.rd as usize]);
    let (x, y) = (m.x[i.rs1 as usize], m.x[i.rs2 as usize]);
    let shift = i.imm as u32;
    let mut mul = |rounding, overflow| fixed::mul(&a, &b, shift, rounding, overflow, &mut m.rng);
    enum Result {
        X(u32),
        V(Vector),
    }
    use Result::{V, X};
    let result = match i.op {
        Op::Vadd => V(fixed::add(&a, &b, Wrap)),
        Op::VaddS => V(fixed::add(&a, &b, Saturate)),
        Op::Vsub => V(fixed::sub(&a, &b, Wrap)),
        Op::VsubS => V(fixed::sub(&a, &b, Saturate)),
        Op::Vand => V(fixed::and(&a, &b)),
        Op::Vsll => V(fixed::sll(&a, &b)),
        Op::Vsra => V(fixed::sra(&a, &b)),
        Op::Vmul => V(mul(Truncate, Wrap)),
        Op::VmulRn => V(mul(Nearest, Wrap)),
        Op::VmulRs => V(mul(Stochastic, Wrap)),
        Op::VmulS => V(mul(Truncate, Saturate)),
        Op::VmulSRn => V(mul(Nearest, Saturate)),
        Op::VmulSRs => V(mul(Stochastic, Saturate)),
        Op::Vslli => V(fixed::slli(&a, shift)),
        Op::Vsrai => V(fixed::srai(&a, shift, Truncate, &mut m.rng)),
        Op::VsraiRn => V(fixed::srai(&a, shift, Nearest, &mut m.rng)),
        Op::VsraiRs => V(fixed::srai(&a, shift, Stochastic, &mut m.rng)),
        Op::Vteq => X(fixed::teq(&a, &b)),
        Op::Vtne => X(fixed::tne(&a, &b)),
        Op::Vtlt => X(fixed::tlt(&a, &b)),
        Op::Vtge => X(fixed::tge(&a, &b)),
        Op::Vsel => V(fixed::sel(x, &b, &old)),
        Op::Vlui => V(fixed::lui(i.imm)),
        Op::Vfill => V(fixed::fill(x)),
        Op::Vextract => X(i32::from(a[i.imm as usize]) as u32),
        Op::Vrng => V(fixed::rng(&mut m.rng)),
        Op::Vandadd => V(fixed::andadd(&a, shift, y)),
        _ => return None,
    };
    match result {
        X(value) if i.rd != 0 => m.x[i.rd as usize] = value,
        X(_) => {}
        V(value) => m.v[i.rd as usize] = value,
    }
    Some(())
}

/// Lanes in which `i` clamps, by exact arithmetic and the generators' next samples.
fn clamped(m: &Machine, i: Instruction) -> Option<u32> {
    let (a, b) = (&m.v[i.rs1 as usize], &m.v[i.rs2 as usize]);
    let samples = m.rng.clone().sample();
    let exact = |lane: usize| {
        let (x, y) = (i32::from(a[lane]), i32::from(b[lane]));
        let shifted = |rounding| {
            Some(fixed::round_shift(
                x * y,
                i.imm as u32,
                rounding,
                samples[lane],
            ))
        };
        match i.op {
            Op::VaddS => Some(x + y),
            Op::VsubS => Some(x - y),
            Op::VmulS => shifted(Rounding::Truncate),
            Op::VmulSRn => shifted(Rounding::Nearest),
            Op::VmulSRs => shifted(Rounding::Stochastic),
            _ => None,
        }
    };
    (0..LANES).try_fold(0, |bits, lane| {
        let outside = i16::try_from(exact(lane)?).is_err();
        Some(bits | (u32::from(outside) << lane))
    })
}

fn has_shift(spec: &Spec) -> bool {
    spec.has(Operand::Shift7) || spec.has(Operand::ShiftI)
}

fn accesses_memory(spec: &Spec) -> bool {
    [
        Operand::Load,
        Operand::Store,
        Operand::LaneLoad,
        Operand::LaneStore,
    ]
    .iter()
    .any(|&operand| spec.has(operand))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn vector_instructions_do_what_fixed_says(
        values in prop::collection::vec(lanes(), 4),
        scalars in prop::collection::vec(word(), 4),
        (rd, rs1, rs2) in (0u8..4, 0u8..4, 0u8..4),
        raw in 0i32..32,
        seed in any::<u64>(),
        limit in 0u32..=32,
    ) {
        let mut start = machine();
        start.v[..4].copy_from_slice(&values);
        start.x[..4].copy_from_slice(&scalars);
        start.x[0] = 0;
        start.rng = Rng::from_seed(seed, 0);
        for spec in TABLE.iter().filter(|spec| spec.class.is_vector()) {
            let immediates = if has_shift(spec) { 0..16 } else { raw..raw + 1 };
            for imm in immediates {
                let has_imm = spec.operands.iter().any(|operand| operand.bounds().is_some());
                let mut i = Instruction::new(spec.op);
                for operand in spec.operands {
                    match operand {
                        Operand::XRd | Operand::VRd => i.rd = rd,
                        Operand::XRs1 | Operand::VRs1 => i.rs1 = rs1,
                        Operand::XRs2 | Operand::VRs2 => i.rs2 = rs2,
                        _ => {}
                    }
                }
                i.imm = if has_imm { imm } else { 0 };
                let mut wanted = start.clone();
                if by_definition(&mut wanted, i).is_none() {
                    prop_assert!(accesses_memory(spec), "{} has no definition here", spec.mnemonic);
                    continue;
                }
                for counting in [false, true] {
                    let mut found = start.clone();
                    found.enable_saturation_counts(counting);
                    found.load_code(&super::common::words(&[i, super::common::ECALL])).unwrap();
                    found.set_saturation_lanes(0, limit).unwrap();
                    let stop = found.run(&Default::default());
                    prop_assert_eq!(stop.cause, Cause::Ecall);
                    prop_assert_eq!(&found.v, &wanted.v, "{}", i);
                    prop_assert_eq!(&found.x, &wanted.x, "{}", i);
                    prop_assert_eq!(&found.rng, &wanted.rng, "{}", i);
                    let count = found.saturation_counts()[0];
                    match clamped(&start, i) {
                        Some(lanes) if counting => {
                            let counted = lanes & ((1u64 << limit) - 1) as u32;
                            prop_assert_eq!(count.executed, 1);
                            prop_assert_eq!(count.saturated_lanes, u64::from(counted.count_ones()), "{}", i);
                        }
                        _ => prop_assert_eq!(count, Default::default()),
                    }
                }
            }
        }
    }
}

/// Each pair of edges at every shift and rounding, a pair a lane.
#[test]
fn products_of_edges() {
    let edges = [
        i16::MIN,
        i16::MIN + 1,
        -1,
        0,
        1,
        i16::MAX - 1,
        i16::MAX,
        181,
    ];
    let pairs: Vec<(i16, i16)> = edges
        .iter()
        .flat_map(|&a| edges.iter().map(move |&b| (a, b)))
        .collect();
    let kinds = [
        Op::Vmul,
        Op::VmulRn,
        Op::VmulRs,
        Op::VmulS,
        Op::VmulSRn,
        Op::VmulSRs,
    ];
    for chunk in pairs.chunks(LANES) {
        let mut start = machine();
        start.rng = Rng::from_seed(3, 0);
        start.v[1] = std::array::from_fn(|k| chunk[k].0);
        start.v[2] = std::array::from_fn(|k| chunk[k].1);
        for op in kinds {
            for shift in 0..16 {
                let i = inst(op, 3, 1, 2, shift);
                let (mut found, mut wanted) = (start.clone(), start.clone());
                by_definition(&mut wanted, i).unwrap();
                run(&mut found, &[i]);
                assert_eq!(found.v, wanted.v, "{i}");
            }
        }
    }
}

#[test]
fn saturation_counts_add_up_and_can_be_cleared() {
    let mut m = machine();
    m.v[1] = std::array::from_fn(|k| if k < 8 { i16::MAX } else { 0 });
    m.v[2] = [1; LANES];
    m.enable_saturation_counts(true);
    let add = inst(Op::VaddS, 3, 1, 2, 0);
    run(&mut m, &[add, add, inst(Op::Vadd, 3, 1, 2, 0)]);
    let counts = m.saturation_counts().to_vec();
    assert_eq!(counts.len(), 4);
    assert_eq!((counts[0].executed, counts[0].saturated_lanes), (1, 8));
    assert_eq!((counts[2].executed, counts[2].saturated_lanes), (0, 0));
    m.set_saturation_lanes(4, 3).unwrap();
    m.restart();
    m.run(&Default::default());
    assert_eq!(m.saturation_counts()[0].saturated_lanes, 16);
    assert_eq!(m.saturation_counts()[1].saturated_lanes, 8 + 3);
    m.clear_saturation_counts();
    assert_eq!(m.saturation_counts()[0].executed, 0);
    assert!(m.set_saturation_lanes(2, 3).is_err());
    assert!(m.set_saturation_lanes(16, 3).is_err());
    assert!(m.set_saturation_lanes(4, 33).is_err());
}

#[test]
fn an_unseeded_generator_is_noticed() {
    let draw = [inst(Op::Vrng, 1, 0, 0, 0)];
    let mut m = machine();
    assert!(run(&mut m, &draw).rng_used_unseeded);
    assert!(!run(&mut m, &[inst(Op::Vsrai, 1, 1, 0, 3)]).rng_used_unseeded);
    assert!(run(&mut m, &[inst(Op::VsraiRs, 1, 1, 0, 3)]).rng_used_unseeded);
    m.rng = Rng::from_seed(1, 1);
    assert!(!run(&mut m, &draw).rng_used_unseeded);
    // One dead lane is enough, and so is a program that kills one on its way.
    m.rng.s0[31] = 0;
    m.rng.s1[31] = 0;
    assert!(run(&mut m, &draw).rng_used_unseeded);
    m.rng = Rng::from_seed(1, 1);
    let kill = [
        draw[0],
        inst(Op::Vloadr0, 0, 0, 0, 0),
        inst(Op::Vloadr1, 0, 0, 0, 0),
        draw[0],
    ];
    assert!(run(&mut m, &kill).rng_used_unseeded);
}
