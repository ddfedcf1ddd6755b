//! Everything that stops a run, and what it leaves alone.

use super::common::{
    ECALL, inst, instruction, lanes, machine, machine_for, run, run_with, state, word, words,
};
use proptest::prelude::*;
use spikevec_isa::{Instruction, Memory, Op, Rng, Target};
use spikevec_simulator::{Access, Cause, Limits, Machine, Tracer};

const NOP: Instruction = Instruction::new(Op::Addi);

fn limits(budget: u64) -> Limits {
    Limits {
        budget,
        strict: false,
    }
}

#[test]
fn ends_and_breakpoints_leave_pc_on_the_instruction() {
    let mut m = machine();
    let stop = run(&mut m, &[NOP, inst(Op::Ebreak, 0, 0, 0, 0)]);
    assert_eq!(
        (stop.cause, stop.pc, stop.instructions),
        (Cause::Ebreak, 4, 2)
    );
    assert_eq!(m.pc, 4);
    m.pc += 4;
    let stop = m.run(&limits(10));
    assert_eq!(
        (stop.cause, stop.pc, stop.instructions),
        (Cause::Ecall, 8, 1)
    );
    // An ended program stays ended until it is restarted.
    assert_eq!(m.run(&limits(10)).pc, 8);
    m.x[5] = 77;
    m.restart();
    assert_eq!((m.pc, m.x[5]), (0, 77));
}

#[test]
fn a_budget_can_be_spent_in_parts() {
    let code = words(&[inst(Op::Addi, 1, 1, 0, 1), inst(Op::Jal, 0, 0, 0, -4)]);
    let mut m = machine();
    m.load_code(&code).unwrap();
    let stop = m.run(&limits(0));
    assert_eq!(
        (stop.cause, stop.pc, stop.instructions),
        (Cause::Budget, 0, 0)
    );
    let stop = m.run(&limits(5));
    assert_eq!(
        (stop.cause, stop.pc, stop.instructions),
        (Cause::Budget, 4, 5)
    );
    m.run(&limits(5));
    assert_eq!((m.x[1], m.pc, m.retired()), (5, 0, 10));
}

#[test]
fn code_that_is_not_there() {
    let mut m = machine();
    let stop = m.run(&limits(10));
    assert_eq!(stop.cause, Cause::Illegal { word: 0 });
    m.pc = 2;
    let stop = m.run(&limits(10));
    assert_eq!(stop.cause, Cause::MisalignedFetch { address: 2 });
    assert_eq!((stop.pc, stop.instructions), (2, 0));
    let fault = Cause::FetchFault {
        address: 4096,
        size: 4096,
    };
    m.load_code(&vec![words(&[NOP])[0]; 1024]).unwrap();
    m.pc = 4092;
    let stop = m.run(&limits(10));
    assert_eq!((stop.cause, stop.pc, stop.instructions), (fault, 4096, 1));
    assert_eq!(stop.instruction, None);
    assert!(m.load_code(&[0; 1025]).is_err());
    let stop = run(&mut m, &[inst(Op::Jal, 1, 0, 0, 4096)]);
    assert_eq!((stop.cause, stop.pc, stop.instructions), (fault, 4096, 1));
}

#[test]
fn an_extension_that_the_target_lacks_is_illegal() {
    let mut target = Target::base();
    target.extensions.retain(|e| e.title() != "Vector base set");
    let mut m = machine_for(&target);
    let add = inst(Op::Vadd, 1, 1, 1, 0);
    let word = add.encode().unwrap();
    let stop = run(&mut m, &[NOP, add]);
    assert_eq!((stop.cause, stop.pc), (Cause::Illegal { word }, 4));
}

#[test]
fn a_stop_says_what_happened_where() {
    let mut m = machine();
    m.x[10] = 1020;
    let stop = run(&mut m, &[NOP, inst(Op::Vloadv, 3, 10, 0, 4)]);
    assert_eq!(
        stop.to_string(),
        "stopped at pc 0x4 (vloadv v3, 4(a0)) after 2 instructions: \
         load of 64 bytes at 0x400 of vector memory, which has 1024 bytes"
    );
    let stop = run(&mut m, &[inst(Op::Sh, 0, 10, 0, 1)]);
    assert_eq!(
        stop.to_string(),
        "stopped at pc 0x0 (sh zero, 1(a0)) after 1 instructions: \
         misaligned store of 2 bytes at 0x3fd of scalar memory: not a multiple of 2"
    );
    m.v[1][7] = 66;
    let stop = run(&mut m, &[inst(Op::Vloadl, 2, 1, 0, 0)]);
    let access = Access {
        memory: Memory::LaneLocal,
        address: 66,
        width: 2,
        size: 64,
        lane: Some(7),
    };
    assert_eq!(stop.cause, Cause::LoadFault(access));
    assert!(stop.to_string().contains("lane 7's lane-local memory"));
    m.load_code(&[0xffff_ffff]).unwrap();
    m.restart();
    let text = m.run(&limits(1)).to_string();
    assert!(text.contains("0xffffffff"), "{text}");
}

#[test]
fn faults_by_kind() {
    let mut m = machine();
    m.v[1] = [-2; 32];
    m.v[2] = [2; 32];
    let mut kind = |op, rs1, imm| match run(&mut m, &[inst(op, 0, rs1, 0, imm)]).cause {
        Cause::MisalignedLoad(access) => ("misaligned load", access.address),
        Cause::LoadFault(access) => ("load", access.address),
        Cause::MisalignedStore(access) => ("misaligned store", access.address),
        Cause::StoreFault(access) => ("store", access.address),
        Cause::Ecall => ("none", 0),
        other => panic!("{other}"),
    };
    assert_eq!(kind(Op::Lw, 0, 2), ("misaligned load", 2));
    assert_eq!(kind(Op::Lhu, 0, 3), ("misaligned load", 3));
    assert_eq!(kind(Op::Lb, 0, 255), ("none", 0));
    assert_eq!(kind(Op::Lb, 0, 256), ("load", 256));
    assert_eq!(kind(Op::Lw, 0, -4), ("load", 0xffff_fffc));
    // Misaligned as well as outside: misaligned.
    assert_eq!(kind(Op::Lw, 0, 257), ("misaligned load", 257));
    assert_eq!(kind(Op::Sh, 0, 1), ("misaligned store", 1));
    assert_eq!(kind(Op::Sw, 0, 256), ("store", 256));
    assert_eq!(kind(Op::Sb, 0, -1), ("store", 0xffff_ffff));
    assert_eq!(kind(Op::Vloadv, 0, 32), ("misaligned load", 32));
    assert_eq!(kind(Op::Vloadr0, 0, 1024), ("load", 1024));
    assert_eq!(kind(Op::Vloadr1, 0, -64), ("load", 0xffff_ffc0));
    assert_eq!(kind(Op::Vstorev, 0, 2), ("misaligned store", 2));
    assert_eq!(kind(Op::Vstorev, 0, 1024), ("store", 1024));
    assert_eq!(kind(Op::Vloadl, 1, 64), ("none", 0));
    assert_eq!(kind(Op::Vloadl, 2, 62), ("load", 64));
    assert_eq!(kind(Op::Vloadl, 2, -4), ("load", 0xffff_fffe));
    assert_eq!(kind(Op::Vstorel, 2, 1), ("misaligned store", 3));
    assert_eq!(kind(Op::Vstorel, 2, 62), ("store", 64));
}

#[test]
fn strict_mode_stops_on_a_load_that_is_used_at_once() {
    let load = inst(Op::Vloadv, 1, 0, 0, 0);
    let gather = inst(Op::Vloadl, 1, 2, 0, 0);
    let readers = [
        inst(Op::Vadd, 3, 1, 2, 0),
        inst(Op::Vadd, 3, 2, 1, 0),
        inst(Op::Vtlt, 3, 1, 2, 0),
        inst(Op::Vsel, 1, 3, 2, 0),
        inst(Op::Vsel, 4, 3, 1, 0),
        inst(Op::Vloadl, 1, 2, 0, 0),
        inst(Op::Vloadl, 4, 1, 0, 0),
        inst(Op::Vstorev, 0, 0, 1, 0),
        inst(Op::Vstorel, 0, 2, 1, 0),
        inst(Op::Vstorel, 0, 1, 2, 0),
        inst(Op::Vextract, 3, 1, 0, 0),
        inst(Op::Vsrai, 3, 1, 0, 1),
        inst(Op::Vandadd, 3, 1, 0, 1),
    ];
    for load in [load, gather] {
        for reader in readers {
            let mut m = machine();
            let stop = run_with(&mut m, &[load, reader], true);
            assert_eq!(stop.cause, Cause::Hazard { register: 1 }, "{reader}");
            assert_eq!((stop.pc, stop.instructions), (4, 2));
            assert_eq!(run(&mut m, &[load, reader]).cause, Cause::Ecall);
            let apart = run_with(&mut m, &[load, NOP, reader], true);
            assert_eq!(apart.cause, Cause::Ecall, "{reader}");
        }
        for free in [
            inst(Op::Vloadv, 1, 0, 0, 0),
            inst(Op::Vlui, 1, 0, 0, 3),
            inst(Op::Vadd, 1, 2, 3, 0),
            // A scalar register of the same number, and words that only look like reading.
            inst(Op::Add, 1, 1, 1, 0),
            inst(Op::Vfill, 4, 1, 0, 0),
            inst(Op::Vrng, 1, 0, 0, 0),
        ] {
            let stop = run_with(&mut machine(), &[load, free], true);
            assert_eq!(stop.cause, Cause::Ecall, "{free}");
        }
    }
}

#[test]
fn a_hazard_is_seen_across_branches_and_budgets_but_not_restarts() {
    let load = inst(Op::Vloadv, 1, 0, 0, 0);
    let code = words(&[inst(Op::Vadd, 2, 1, 1, 0), load, inst(Op::Jal, 0, 0, 0, -8)]);
    let mut m = machine();
    m.load_code(&code).unwrap();
    let strict = |budget| Limits {
        budget,
        strict: true,
    };
    // The jump between them counts as an instruction.
    assert_eq!(m.run(&strict(100)).cause, Cause::Budget);
    m.load_code(&words(&[load, inst(Op::Vadd, 2, 1, 1, 0), ECALL]))
        .unwrap();
    m.restart();
    assert_eq!(m.run(&strict(1)).cause, Cause::Budget);
    assert_eq!(m.run(&strict(1)).cause, Cause::Hazard { register: 1 });
    m.restart();
    m.run(&strict(1));
    m.restart();
    m.load_code(&words(&[inst(Op::Vadd, 2, 1, 1, 0), ECALL]))
        .unwrap();
    assert_eq!(m.run(&strict(9)).cause, Cause::Ecall);
}

#[test]
fn a_trace_tells_what_was_written() {
    let mut m = machine();
    m.v[2] = std::array::from_fn(|k| k as i16);
    let program = [
        inst(Op::Addi, 10, 0, 0, 64),
        inst(Op::Vlui, 1, 0, 0, -3),
        inst(Op::Vadd, 3, 1, 2, 0),
        inst(Op::Vstorev, 0, 10, 1, 0),
        inst(Op::Sw, 0, 0, 10, 4),
        inst(Op::Jal, 0, 0, 0, 4),
        ECALL,
    ];
    m.load_code(&words(&program)).unwrap();
    let mut tracer = Tracer::new(Vec::new());
    let stop = m.run_with(&limits(100), &mut tracer);
    assert_eq!(stop.cause, Cause::Ecall);
    let text = String::from_utf8(tracer.finish().unwrap()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 6, "{text}");
    let squeezed = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(squeezed(lines[0]), "00000000 addi a0, zero, 64 a0 = 0x40");
    assert_eq!(squeezed(lines[1]), "00000004 vlui v1, -3 v1 = [-3 x32]");
    assert!(lines[2].contains("v3 = [-3 -2 -1 0 1 2"), "{}", lines[2]);
    assert!(lines[3].ends_with("vector memory[0x40..+64] = [-3 x32]"));
    assert!(lines[4].ends_with("scalar memory[0x4] = 0x40"));
    assert_eq!(squeezed(lines[5]), "00000014 jal zero, .+4");
}

#[test]
fn a_trace_reports_that_it_cannot_write() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut m = machine();
    m.load_code(&words(&[NOP, NOP, ECALL])).unwrap();
    let mut tracer = Tracer::new(Full);
    assert_eq!(m.run_with(&limits(9), &mut tracer).cause, Cause::Ecall);
    assert!(tracer.finish().is_err());
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

fn random_machine(values: &[[i16; 32]], scalars: &[u32], seed: u64) -> Machine {
    let mut m = machine();
    m.v[..values.len()].copy_from_slice(values);
    m.x[1..=scalars.len()].copy_from_slice(scalars);
    m.rng = Rng::from_seed(seed, 0);
    m
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    /// One instruction of any kind on any state: it retires, or changes nothing.
    /// With the tracer on, the machine does the same.
    #[test]
    fn an_instruction_that_stops_changes_nothing(
        i in instruction(|_| true),
        values in prop::collection::vec(lanes(), 8),
        scalars in prop::collection::vec(word(), 7),
        pc in 0u32..3,
        seed in any::<u64>(),
    ) {
        let mut m = random_machine(&values, &scalars, seed);
        let mut code = vec![0; 3];
        code[pc as usize] = i.encode().unwrap();
        m.load_code(&code).unwrap();
        m.pc = 4 * pc;
        let before = state(&m);
        let mut traced = m.clone();
        let stop = m.run(&limits(1));
        prop_assert_eq!(m.x[0], 0);
        if stop.cause == Cause::Budget {
            prop_assert_eq!(m.retired(), 1);
        } else {
            prop_assert_eq!(stop.pc, 4 * pc);
            prop_assert_eq!(stop.instructions, 1);
            prop_assert_eq!(m.retired(), 0);
            prop_assert_eq!(&state(&m), &before);
        }
        let mut tracer = Tracer::new(Vec::new());
        prop_assert_eq!(traced.run_with(&limits(1), &mut tracer), stop);
        prop_assert_eq!(state(&traced), state(&m));
    }

    /// No word and no register contents make the machine panic.
    #[test]
    fn any_word_is_safe(code in prop::collection::vec(any::<u32>(), 1..20), pc in word(), strict in any::<bool>()) {
        let mut m = machine();
        m.load_code(&code).unwrap();
        m.run(&Limits { budget: 100, strict });
        m.pc = pc;
        m.run(&Limits { budget: 100, strict }).to_string();
    }
}
