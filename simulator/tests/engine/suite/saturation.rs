//! Counts of saturated lanes.

use super::common::{inst, instruction, lanes, machine, run};
use proptest::prelude::*;
use spikevec_isa::fixed::{self, Rounding};
use spikevec_isa::{Instruction, LANES, Op, Rng};
use spikevec_simulator::{Cause, Machine};

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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    /// Counting changes no result, and counts what exact arithmetic says.
    #[test]
    fn lanes_that_clamp_are_counted(
        i in instruction(|spec| spec.class.is_vector() && spec.access_bytes().is_none()),
        values in prop::collection::vec(lanes(), 8),
        seed in any::<u64>(),
        limit in 0u32..=32,
    ) {
        let mut start = machine();
        start.v[..8].copy_from_slice(&values);
        start.rng = Rng::from_seed(seed, 0);
        let mut plain = start.clone();
        run(&mut plain, &[i]);
        let mut found = start.clone();
        found.enable_saturation_counts(true);
        found.load_code(&super::common::words(&[i, super::common::ECALL])).unwrap();
        found.set_saturation_lanes(0, limit).unwrap();
        prop_assert_eq!(found.run(&Default::default()).cause, Cause::Ecall);
        prop_assert_eq!((&found.v, &found.x, &found.rng), (&plain.v, &plain.x, &plain.rng));
        let count = found.saturation_counts()[0];
        match clamped(&start, i) {
            Some(lanes) => {
                let counted = lanes & ((1u64 << limit) - 1) as u32;
                prop_assert_eq!(count.executed, 1);
                prop_assert_eq!(count.saturated_lanes, u64::from(counted.count_ones()));
            }
            None => prop_assert_eq!(count, Default::default()),
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
