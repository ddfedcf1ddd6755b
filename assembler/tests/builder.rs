//! The program builder: labels, relaxation, constants, mistakes.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use spikevec_assembler::{BuildError, Builder, Label, Program, build};
use spikevec_isa::{Instruction, Op};

fn decode(program: &Program) -> Vec<Instruction> {
    let all = program.code.iter().map(|w| Instruction::decode(*w));
    all.collect::<Result<_, _>>().unwrap()
}

#[test]
fn a_loop_and_a_forward_branch() {
    let mut b = Builder::new();
    b.li(5, 3);
    let top = b.here();
    let end = b.label();
    b.branch(Op::Beq, 5, 0, end);
    b.emit(build::i(Op::Addi, 5, 5, -1));
    b.jump(0, top);
    b.bind(end);
    b.emit(build::op(Op::Ecall));
    let program = b.finish().unwrap();
    let text: Vec<String> = decode(&program).iter().map(|i| i.to_string()).collect();
    assert_eq!(
        text,
        [
            "addi t0, zero, 3",
            "beq t0, zero, .+12",
            "addi t0, t0, -1",
            "jal zero, .-8",
            "ecall"
        ]
    );
    assert_eq!(program.address(top), Some(4));
    assert_eq!(program.address(end), Some(16));
}

#[test]
fn the_last_distance_that_reaches_and_the_first_that_does_not() {
    for (gap, words) in [(1022, 1), (1023, 2)] {
        let mut b = Builder::new();
        let end = b.label();
        b.branch(Op::Blt, 1, 2, end);
        (0..gap).for_each(|_| b.emit(build::nop()));
        b.bind(end);
        let program = b.finish().unwrap();
        assert_eq!(program.code.len(), gap + words);
        assert_eq!(program.address(end), Some(4 * (gap + words) as u32));
        let first = decode(&program)[0];
        let wanted = if words == 1 { Op::Blt } else { Op::Bge };
        assert_eq!(first.op, wanted);
    }
}

#[test]
fn mistakes_are_named() {
    let mut b = Builder::new();
    let l = b.here();
    b.bind(l);
    assert!(matches!(b.finish(), Err(BuildError::BoundTwice { .. })));
    let mut b = Builder::new();
    let l = b.label();
    b.jump(0, l);
    assert!(matches!(
        b.finish(),
        Err(BuildError::Unbound { item: 0, .. })
    ));
    let mut b = Builder::new();
    let l = b.here();
    b.branch(Op::Add, 0, 0, l);
    assert!(matches!(b.finish(), Err(BuildError::NotABranch { .. })));
    let mut b = Builder::new();
    b.emit(build::u(Op::Jal, 0, 8));
    assert!(matches!(b.finish(), Err(BuildError::NeedsLabel { .. })));
    let mut b = Builder::new();
    b.emit(build::i(Op::Addi, 1, 1, 5000));
    let message = b.finish().unwrap_err().to_string();
    assert!(message.contains("5000"), "{message}");
    let mut other = Builder::new();
    other.here();
    let foreign = other.here();
    let mut b = Builder::new();
    b.bind(foreign);
    assert!(b.finish().is_err());
}

/// What the register holds after the instructions of `li`.
fn run_li(code: &[Instruction]) -> i32 {
    code.iter().fold(0i32, |x, i| match i.op {
        Op::Lui => i.imm << 12,
        Op::Addi if i.rs1 == 0 => i.imm,
        Op::Addi => x.wrapping_add(i.imm),
        other => panic!("{other:?}"),
    })
}

proptest! {
    #[test]
    fn li_makes_every_value(value in prop_oneof![any::<i32>(), -5000..5000i32, (0..32u32).prop_map(|k| (1u32 << k) as i32)]) {
        let mut b = Builder::new();
        b.li(7, value);
        prop_assert!(b.len() <= 2);
        prop_assert_eq!(run_li(&decode(&b.finish().unwrap())), value);
    }

    /// Each branch, short or long, arrives at its label.
    #[test]
    fn every_branch_arrives(
        blocks in prop::collection::vec((0..700usize, 0..12usize), 2..12)
    ) {
        let mut b = Builder::new();
        let labels: Vec<Label> = blocks.iter().map(|_| b.label()).collect();
        let mut branches = Vec::new();
        for (k, (size, to)) in blocks.iter().enumerate() {
            b.bind(labels[k]);
            let target = labels[to % labels.len()];
            branches.push((b.here(), target));
            b.branch(Op::Bltu, 3, 4, target);
            (0..*size).for_each(|_| b.emit(build::nop()));
        }
        let program = b.finish().unwrap();
        let code = decode(&program);
        for (from, to) in branches {
            let from = program.address(from).unwrap();
            let to = program.address(to).unwrap();
            let first = code[from as usize / 4];
            let reached = if first.op == Op::Bltu {
                from.wrapping_add_signed(first.imm)
            } else {
                prop_assert_eq!((first.op, first.imm), (Op::Bgeu, 8));
                let jump = code[from as usize / 4 + 1];
                prop_assert_eq!((jump.op, jump.rd), (Op::Jal, 0));
                (from + 4).wrapping_add_signed(jump.imm)
            };
            prop_assert_eq!(reached, to);
        }
    }
}
