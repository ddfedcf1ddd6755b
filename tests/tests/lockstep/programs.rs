//! The programs on the simulator alone: they end, and they reach what they are for.

use spikevec_isa::table::TABLE;
use spikevec_isa::{Instruction, Target};
use spikevec_simulator::{Cause, Limits, Machine};
use spikevec_tests::lockstep::Recorder;
use spikevec_tests::programs::coverage::Coverage;
use spikevec_tests::programs::directed::directed;
use spikevec_tests::programs::random::{Shape, random};
use spikevec_tests::programs::{Program, fits};

use super::target;

const ALL: Shape = Shape {
    clocks: true,
    dma: true,
    colliding: true,
    faults: false,
};

fn load(machine: &mut Machine, program: &Program) {
    machine.load_code(&program.code).unwrap();
    machine.restart();
    for segment in &program.data {
        let (memory, address) = (segment.memory, segment.address);
        machine.write(memory, address, &segment.bytes).unwrap();
    }
}

/// Runs on the simulator; gives the cause and the instructions retired.
fn run(machine: &mut Machine, program: &Program, coverage: &mut Coverage) -> (Cause, u64) {
    load(machine, program);
    coverage.start();
    let mut recorder = Recorder::new(32);
    let budget = 1_000_000;
    let stop = machine.run_with(
        &Limits {
            budget,
            strict: false,
        },
        &mut recorder,
    );
    for (step, _) in recorder.take() {
        coverage.step(&step, false);
    }
    (stop.cause, stop.instructions)
}

#[test]
fn named_targets_hold_the_programs() {
    assert_eq!(fits(&Target::base()), Ok(()));
    assert_eq!(fits(&target()), Ok(()));
    let mut tiny = target();
    tiny.scalar_bytes = 64;
    assert!(
        fits(&tiny)
            .unwrap_err()
            .contains("64 bytes of scalar memory")
    );
}

#[test]
fn random_programs_end_and_reach_every_point() {
    let mut coverage = Coverage::new(true, false);
    let mut machine = Machine::new(&target()).unwrap();
    let mut programs = 0;
    for seed in 0..400 {
        let program = random(seed, ALL, &target());
        let (cause, instructions) = run(&mut machine, &program, &mut coverage);
        assert_eq!(cause, Cause::Ecall, "seed {seed}");
        assert!(instructions > 300, "seed {seed}: {instructions}");
        programs = seed + 1;
        if coverage.holes().is_empty() {
            break;
        }
    }
    println!("{programs} programs: {coverage}");
    assert!(coverage.holes().is_empty(), "{coverage}");
    assert!(coverage.retired() < 1_000_000);
}

#[test]
fn without_clocks_and_dma_nothing_depends_on_them() {
    let mut coverage = Coverage::new(false, false);
    let mut machine = Machine::new(&target()).unwrap();
    for seed in 0..40 {
        let program = random(seed, Shape::default(), &target());
        assert!(!program.timed);
        run(&mut machine, &program, &mut coverage);
        let text: Vec<_> = program
            .code
            .iter()
            .map(|w| Instruction::decode(*w))
            .collect();
        let reads = text
            .iter()
            .flatten()
            .any(|i| i.to_string().contains("mm2s_status"));
        assert!(!reads, "seed {seed}");
    }
}

#[test]
fn programs_depend_on_the_seed_alone() {
    assert_eq!(random(7, ALL, &target()), random(7, ALL, &target()));
    assert_ne!(
        random(7, ALL, &target()).code,
        random(8, ALL, &target()).code
    );
}

#[test]
fn faults_at_the_end_are_of_many_kinds() {
    let shape = Shape {
        faults: true,
        ..ALL
    };
    let mut machine = Machine::new(&target()).unwrap();
    let mut coverage = Coverage::new(false, false);
    let mut kinds = std::collections::BTreeSet::new();
    for seed in 0..400 {
        let (cause, _) = run(&mut machine, &random(seed, shape, &target()), &mut coverage);
        assert_ne!(cause, Cause::Budget, "seed {seed}");
        kinds.insert(format!("{:?}", std::mem::discriminant(&cause)));
    }
    assert!(kinds.len() >= 8, "{kinds:?}");
}

#[test]
fn directed_programs_run_every_instruction_and_stop_as_named() {
    let all = directed(&target());
    let mut machine = Machine::new(&target()).unwrap();
    let mut coverage = Coverage::new(false, false);
    let mut seen = vec![0u64; TABLE.len()];
    let mut causes = std::collections::BTreeMap::new();
    for program in &all {
        load(&mut machine, program);
        let mut recorder = Recorder::new(32);
        let budget = 100_000;
        let stop = machine.run_with(
            &Limits {
                budget,
                strict: false,
            },
            &mut recorder,
        );
        for (step, _) in recorder.take() {
            seen[step.instruction.op as usize] += 1;
            coverage.step(&step, false);
        }
        assert_ne!(stop.cause, Cause::Budget, "{}", program.name);
        if program.name.starts_with("dump") {
            assert_eq!(stop.cause, Cause::Ecall, "{}", program.name);
        }
        let name = format!("{:?}", stop.cause);
        let name = name.split([' ', '(']).next().unwrap_or("").to_owned();
        *causes.entry(name).or_insert(0u32) += 1;
    }
    let words: usize = all.iter().map(|program| program.code.len()).sum();
    let retired = coverage.retired();
    println!(
        "{} directed programs, {words} words, {retired} retired: {causes:?}",
        all.len()
    );
    for (spec, count) in TABLE.iter().zip(&seen) {
        let stops = ["ecall", "ebreak"].contains(&spec.mnemonic);
        assert!(*count > 0 || stops, "{} never retires", spec.mnemonic);
    }
    assert_eq!(causes.len(), 9, "{causes:?}");
}
