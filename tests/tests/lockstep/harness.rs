//! The harness finds what a mock does wrong, and nothing in one that does nothing wrong.

use spikevec_isa::{Memory, Op};
use spikevec_tests::lockstep::{LockstepError, Place, Sabotage, What};
use spikevec_tests::programs::directed::directed;
use spikevec_tests::programs::dump;
use spikevec_tests::programs::random::{Shape, random};

use super::{mock, target};

const SHAPE: Shape = Shape {
    clocks: false,
    dma: true,
    colliding: false,
    faults: true,
};

#[test]
fn a_sound_mock_agrees_whatever_its_lanes() {
    for lanes in [4, 8, 16, 32] {
        let mut lockstep = mock(lanes, None);
        let mut retired = 0;
        for seed in 0..30 {
            let program = random(seed, SHAPE, &target());
            let outcome = lockstep.run(&program, &mut |_, _| retired += 1).unwrap();
            assert!(outcome.retired > 0);
            lockstep.run(&dump(&target()), &mut |_, _| ()).unwrap();
        }
        assert_eq!(
            retired,
            lockstep.machine().retired() - 30 * retired_by_dump(lanes)
        );
        lockstep.compare_memories(&dump(&target())).unwrap();
    }
}

fn retired_by_dump(lanes: usize) -> u64 {
    let mut lockstep = mock(lanes, None);
    lockstep
        .run(&dump(&target()), &mut |_, _| ())
        .unwrap()
        .retired
}

#[test]
fn directed_programs_agree_on_a_sound_mock() {
    let mut lockstep = mock(8, None);
    for program in directed(&target()) {
        let outcome = lockstep.run(&program, &mut |_, _| ());
        assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
    }
}

/// The report of the first of some programs that differs.
fn caught(sabotage: Sabotage, lanes: usize) -> Box<spikevec_tests::lockstep::Difference> {
    let mut lockstep = mock(lanes, Some(sabotage));
    for seed in 0..40 {
        match lockstep.run(&random(seed, SHAPE, &target()), &mut |_, _| ()) {
            Ok(_) => {}
            Err(LockstepError::Difference(difference)) => return difference,
            Err(other) => panic!("{sabotage:?}: {other}"),
        }
    }
    panic!("{sabotage:?} was not caught")
}

#[test]
fn every_sabotage_is_caught_where_it_is() {
    for (sabotage, mnemonic) in [
        (Sabotage::Scalar(Op::Mulhu, 31), "mulhu"),
        (Sabotage::Scalar(Op::Vtlt, 0), "vtlt"),
        (Sabotage::Lane(Op::VmulRs, 31), "vmul.rs"),
        (Sabotage::Lane(Op::Vloadl, 0), "vloadl"),
        (Sabotage::DropStore(Op::Sb), "sb"),
        (Sabotage::DropStore(Op::Vstorev), "vstorev"),
        (Sabotage::DropStore(Op::Vstorel), "vstorel"),
        (Sabotage::Address(Op::Sh), "sh"),
        (Sabotage::Address(Op::Vstorev), "vstorev"),
        (Sabotage::Unmask(Op::Vstorel), "vstorel"),
        (Sabotage::Twice(Op::Vsel), ""),
    ] {
        for lanes in [8, 32] {
            let difference = caught(sabotage, lanes);
            assert!(
                matches!(difference.place, Place::Instruction(_)),
                "{difference}"
            );
            let line = difference
                .listing
                .lines()
                .find(|line| line.starts_with("->"));
            let line = line.unwrap_or_else(|| panic!("{sabotage:?}: {difference}"));
            assert!(line.contains(mnemonic), "{sabotage:?}: {difference}");
        }
    }
}

#[test]
fn what_no_channel_shows_is_caught_at_the_end() {
    for sabotage in [
        Sabotage::StopPc,
        Sabotage::StopCause,
        Sabotage::Memory(Memory::Scalar, 300),
        Sabotage::Memory(Memory::Vector, 1500),
        Sabotage::Memory(Memory::LaneLocal, 512 * 31 + 70),
    ] {
        let difference = caught(sabotage, 32);
        assert_eq!(difference.place, Place::End, "{difference}");
    }
    let difference = caught(Sabotage::Memory(Memory::Vector, 1500), 32);
    assert!(
        matches!(difference.what, What::Memory { address: 1500, .. }),
        "{difference}"
    );
}

#[test]
fn a_program_that_never_ends_is_named() {
    let mut lockstep = mock(32, Some(Sabotage::Endless));
    let error = lockstep.run(&random(3, SHAPE, &target()), &mut |_, _| ());
    let error = error.unwrap_err().to_string();
    assert!(
        error.contains("random 3") && error.contains("has not ended"),
        "{error}"
    );
}

#[test]
fn a_report_says_what_and_how_to_run_it_again() {
    let difference = caught(Sabotage::Lane(Op::Vadd, 17), 16);
    let text = difference.to_string();
    for part in [
        "simulator writes",
        "core      writes",
        "beat 1: [1]",
        "-> ",
        "SPIKEVEC_SEED=",
        "rerun: ",
    ] {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
    assert!(text.lines().count() > 15, "{text}");
    println!("{text}");
}
