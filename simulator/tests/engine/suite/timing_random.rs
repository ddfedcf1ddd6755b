//! The timing model on random programs: results are those without it, and the clocks
//! those of the rules, read one by one.

use super::common::{instruction, lanes, machine_for, small_target, state, word, words};
use proptest::prelude::*;
use spikevec_isa::{Extension, Instruction, Op, Operand, Rng, Spec, Vector};
use spikevec_simulator::{Cause, Limits, Machine, Observer, Retired, State, Stop, Timing};

/// An instruction that has retired, as the rules see it.
#[derive(Debug, Clone)]
struct Past {
    i: Instruction,
    jumped: bool,
    h: u64,
    l: u64,
}

/// Applies the rules of docs/core.md to everything that has happened so far.
struct Rules {
    beats: u64,
    past: Vec<Past>,
    before: State,
    checked: usize,
}

fn is(op: Op, ops: &[Op]) -> bool {
    ops.contains(&op)
}

const COMPARE: [Op; 4] = [Op::Vteq, Op::Vtne, Op::Vtlt, Op::Vtge];
const LOAD: [Op; 5] = [Op::Lb, Op::Lh, Op::Lw, Op::Lbu, Op::Lhu];
const STORE: [Op; 3] = [Op::Sb, Op::Sh, Op::Sw];
const PRODUCT: [Op; 4] = [Op::Mul, Op::Mulh, Op::Mulhsu, Op::Mulhu];
const DIVISION: [Op; 4] = [Op::Div, Op::Divu, Op::Rem, Op::Remu];
const SLOW: [Op; 8] = [
    Op::Vmul,
    Op::VmulRn,
    Op::VmulRs,
    Op::VmulS,
    Op::VmulSRn,
    Op::VmulSRs,
    Op::VsraiRn,
    Op::VsraiRs,
];

fn is_csr(op: Op) -> bool {
    op.spec().extension == Extension::Zicsr
}

fn is_vector(op: Op) -> bool {
    op.spec().class.is_vector()
}

impl Rules {
    /// `h` of the instruction that comes after the past, and its `l`.
    fn next(&self, i: &Instruction) -> (u64, u64) {
        let b = self.beats;
        let mut e = 3;
        if let Some(last) = self.past.last() {
            e = e.max(last.l + 1);
            if last.jumped {
                e = e.max(last.h + 3);
            }
            if is_csr(i.op) {
                e = e.max(last.l + 4);
            }
        }
        for r in i.scalar_reads() {
            let writer = self
                .past
                .iter()
                .rev()
                .find(|p| p.i.scalar_write() == Some(r));
            let Some(w) = writer else { continue };
            let stored_only = is(i.op, &STORE) && r == i.rs2 && r != i.rs1;
            let slow = is(w.i.op, &COMPARE) || w.i.op == Op::Vextract;
            e = e.max(if stored_only {
                w.l + 1
            } else if is(i.op, &[Op::Vsel, Op::Vfill, Op::Vandadd]) {
                if is(w.i.op, &COMPARE) && i.op == Op::Vsel && b == 1 {
                    w.l + 1
                } else if slow {
                    w.l + 2
                } else {
                    w.l + 1
                }
            } else if slow {
                w.l + 4
            } else if w.i.op != Op::Lw && is(w.i.op, &LOAD) || is(w.i.op, &PRODUCT) {
                w.h + 3
            } else if is(w.i.op, &[Op::Lw, Op::Clz, Op::Ctz, Op::Cpop]) {
                w.h + 2
            } else {
                w.l + 1
            });
        }
        for r in i.vector_reads() {
            let writer = self
                .past
                .iter()
                .rev()
                .find(|p| p.i.vector_write() == Some(r));
            let Some(w) = writer else { continue };
            e = e.max(match w.i.op {
                op if is(op, &SLOW) => w.h + 4,
                Op::Vloadl if b == 1 => w.h + 2,
                Op::Vloadl => w.h + b + 2,
                _ => w.l + 1,
            });
        }
        let mut h = if is(i.op, &DIVISION) { e + 33 } else { e };
        for p in &self.past {
            if is(p.i.op, &STORE) && is(i.op, &LOAD) {
                h = h.max(p.h + 3);
            }
        }
        let l = match i.op {
            Op::Vloadl if b > 1 => h + 2 * b - 1,
            op if is_vector(op) => h + b - 1,
            _ => h,
        };
        (h, l)
    }
}

impl Observer for Rules {
    fn retired(&mut self, state: &State, retired: &Retired) {
        let (pc, i) = (retired.pc, &retired.instruction);
        let (h, l) = self.next(i);
        let issue = retired.issue.unwrap();
        assert_eq!(issue.clock, h, "{i} at {pc:#x} after {:?}", self.past);
        let last = self.past.last().map_or(2, |past| past.h);
        let waited: u32 = issue.stalls.iter().map(|(_, clocks)| clocks).sum();
        assert_eq!(u64::from(waited), h - last - 1, "{:?}", issue.stalls);
        let branch = i.op.spec().has(Operand::Branch);
        let x = |r: u8| self.before.x[usize::from(r)];
        let (a, b) = (x(i.rs1), x(i.rs2));
        let taken = branch
            && match i.op {
                Op::Beq => a == b,
                Op::Bne => a != b,
                Op::Blt => (a as i32) < b as i32,
                Op::Bge => a as i32 >= b as i32,
                Op::Bltu => a < b,
                _ => a >= b,
            };
        self.past.push(Past {
            i: *i,
            jumped: taken || is(i.op, &[Op::Jal, Op::Jalr]),
            h,
            l,
        });
        self.before.x = state.x;
        self.checked += 1;
    }
}

/// Branches that go on a little way ahead, so that programs end.
fn branch() -> impl Strategy<Value = Instruction> {
    let ops = [
        Op::Beq,
        Op::Bne,
        Op::Blt,
        Op::Bge,
        Op::Bltu,
        Op::Bgeu,
        Op::Jal,
    ];
    (prop::sample::select(ops.to_vec()), 0u8..8, 0u8..8, 1i32..4).prop_map(|(op, a, b, words)| {
        let mut i = Instruction::new(op);
        i.imm = 4 * words;
        match op {
            Op::Jal => i.rd = a,
            _ => (i.rs1, i.rs2) = (a, b),
        }
        i
    })
}

/// Loads and stores of the same few words.
fn access() -> impl Strategy<Value = Instruction> {
    let ops = [
        Op::Lw,
        Op::Lbu,
        Op::Sw,
        Op::Sb,
        Op::Vloadv,
        Op::Vloadr1,
        Op::Vstorev,
        Op::Vloadl,
        Op::Vstorel,
    ];
    (prop::sample::select(ops.to_vec()), 0u8..8, 0u8..8, 0i32..3).prop_map(|(op, r, base, k)| {
        let mut i = Instruction::new(op);
        let spec = op.spec();
        if spec.has(Operand::XRd) || spec.has(Operand::VRd) {
            i.rd = r;
        } else if op != Op::Vloadr1 {
            i.rs2 = r;
        }
        match op {
            // v7 is all zero at first, and often.
            Op::Vloadl | Op::Vstorel => (i.rs1, i.imm) = (7 - base / 7, 2 * k),
            Op::Lw | Op::Sw => i.imm = 4 * k,
            Op::Lbu | Op::Sb => i.imm = 3 * k,
            _ => i.imm = 64 * k,
        }
        i
    })
}

fn plain(spec: &Spec) -> bool {
    let operands = spec.operands.iter();
    let far = |o: &Operand| {
        matches!(
            o,
            Operand::Branch | Operand::Jump | Operand::Load | Operand::Store
        ) || matches!(o, Operand::LaneLoad | Operand::LaneStore)
    };
    !operands.clone().any(far)
        && spec.extension != Extension::Zicsr
        && !matches!(spec.op, Op::Ecall | Op::Ebreak)
}

/// A CSR instruction that a program without counters may have.
fn scratch() -> impl Strategy<Value = Instruction> {
    (0u8..8, 0u8..8).prop_map(|(rd, rs1)| {
        let mut i = Instruction::new(Op::Csrrw);
        // The source address of a transfer that never starts.
        (i.rd, i.rs1, i.imm) = (rd, rs1, 0xbc0);
        i
    })
}

fn program() -> impl Strategy<Value = Vec<Instruction>> {
    let any = prop_oneof![
        8 => instruction(plain),
        4 => access(),
        2 => branch(),
        1 => scratch(),
    ];
    prop::collection::vec(any, 1..60)
}

fn loaded(program: &[Instruction], x: &[u32], v: &[Vector]) -> Machine {
    let mut code = words(program);
    let ecall = words(&[super::common::ECALL])[0];
    code.extend([ecall; 4]);
    let mut machine = machine_for(&small_target());
    machine.load_code(&code).unwrap();
    machine.x[1..=x.len()].copy_from_slice(x);
    machine.v[..v.len()].copy_from_slice(v);
    machine.rng = Rng::from_seed(7, 0);
    machine
}

fn agrees(timed: &Stop, plain: &Stop) {
    let plain = Stop {
        clocks: timed.clocks,
        ..*plain
    };
    assert_eq!(*timed, plain);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn results_do_not_depend_on_timing_and_clocks_follow_the_rules(
        program in program(),
        x in prop::collection::vec(word(), 7),
        v in prop::collection::vec(lanes(), 6),
        cores in prop::sample::select(vec![4u32, 8, 16, 32]),
        strict in prop::bool::weighted(0.1),
    ) {
        let limits = Limits { strict, budget: 1000 };
        let mut plain = loaded(&program, &x, &v);
        let wanted = plain.run(&limits);
        let timing = Timing::new(cores).unwrap();
        let mut timed = loaded(&program, &x, &v);
        timed.set_timing(Some(timing));
        let mut observed = timed.clone();
        let stop = timed.run(&limits);
        agrees(&stop, &wanted);
        prop_assert_eq!(state(&timed), state(&plain));
        prop_assert_eq!(plain.clocks(), plain.retired());

        let mut rules = Rules {
            beats: u64::from(timing.beats()),
            past: Vec::new(),
            before: State::clone(&observed),
            checked: 0,
        };
        prop_assert_eq!(observed.run_with(&limits, &mut rules), stop);
        prop_assert_eq!(rules.checked as u64, timed.retired());
        if let (Cause::Ecall, Some(i)) = (stop.cause, stop.instruction) {
            prop_assert_eq!(stop.clocks, Some(rules.next(&i).0 + 4));
        }
    }

    #[test]
    fn a_budget_only_interrupts(
        program in program(),
        x in prop::collection::vec(word(), 7),
        v in prop::collection::vec(lanes(), 6),
        cores in prop::sample::select(vec![4u32, 8, 16, 32]),
        parts in prop::collection::vec(0u64..9, 1..9),
    ) {
        let mut whole = loaded(&program, &x, &v);
        whole.set_timing(Some(Timing::new(cores).unwrap()));
        let mut pieces = whole.clone();
        whole.run(&Limits::default());
        let mut clocks = 0;
        for budget in parts.into_iter().chain([u64::MAX]) {
            let stop = pieces.run(&Limits { budget, strict: false });
            clocks += stop.clocks.unwrap();
            if stop.cause != Cause::Budget {
                break;
            }
        }
        prop_assert_eq!(clocks, whole.clocks());
        prop_assert_eq!(pieces.clocks(), whole.clocks());
        prop_assert_eq!(state(&pieces), state(&whole));
    }
}
