//! Random programs biased to hazards.
//!
//! Few registers, so that most instructions depend on one of the few before them; pairs of a
//! producer and a consumer by construction, also where the value must be an address; stores and
//! loads that meet; bounded loops and branches forward; DMA with other work during it. A
//! program depends on its seed and [`Shape`] alone, and always ends.
//!
//! | registers | use |
//! | --- | --- |
//! | x5..x9, v4..v9 | any value: the pool |
//! | x10..x12, v10..v12 | results of pairs |
//! | x14..x18, x20..x22, v24..v31 | constants, see [`layout`] |
//! | x23, x24, x25 | counters of passes and loops |
//! | x26, x27 | DMA |

mod dma;
mod ending;
pub mod layout;
mod pairs;
mod soup;

use spikevec_isa::{Op, Target};

use super::{Code, Program, Seed};
use layout::{LOOPS, PASSES, TEMP_X};

/// What a random program may contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shape {
    /// Reads of `mcycle`.
    pub clocks: bool,
    /// DMA, its status read while it is under way.
    pub dma: bool,
    /// DMA of vectors that loads and stores touch at the same time.
    pub colliding: bool,
    /// One in four programs ends with a fault.
    pub faults: bool,
}

/// Instructions of a program, about: the farthest ones must be in reach of constant addresses.
const LENGTH: u32 = 4 * 440;

/// Pairs that a program has, about.
const PAIRS: u64 = 64;

/// Most passes through a program.
const MOST_PASSES: i32 = 12;

/// A program in the making.
struct Generator {
    code: Code,
    seed: Seed,
    shape: Shape,
    depth: u8,
    /// Number of the next pair: seeds that follow each other go through all pairs in turn.
    next_pair: u64,
    /// As `next_pair`, of reads of the other file.
    next_alias: u64,
}

/// The program of a seed.
pub fn random(seed: u64, shape: Shape, target: &Target) -> Program {
    let mut generator = Generator {
        code: Code::default(),
        seed: Seed::new(seed),
        shape,
        depth: 0,
        next_pair: seed.wrapping_mul(PAIRS),
        next_alias: seed.wrapping_mul(4),
    };
    generator.prologue();
    // The whole several times over, with the data that the pass before has left: a core runs
    // faster than a host loads it.
    let passes = generator.seed.within(1, MOST_PASSES);
    generator.code.op(Op::Addi, PASSES, 0, 0, passes);
    let head = generator.code.here();
    while generator.code.here() < LENGTH {
        generator.block();
    }
    generator.code.op(Op::Addi, PASSES, PASSES, 0, -1);
    generator.code.op(Op::Beq, 0, PASSES, 0, 8);
    let distance = head as i32 - generator.code.here() as i32;
    generator.code.op(Op::Jal, 0, 0, 0, distance);
    let data = layout::data(&mut generator.seed, target, shape);
    generator.ending(target);
    Program {
        name: format!("random {seed}"),
        seed: Some(seed),
        code: generator.code.words(),
        data,
        timed: shape.clocks || shape.dma,
    }
}

impl Generator {
    fn block(&mut self) {
        match self.seed.below(20) {
            0..=8 => self.pair(),
            9 => self.alias(),
            10 | 11 => self.soups(1, 6),
            12..=13 => self.collision(),
            14 => self.forward(),
            15 | 16 => self.bounded_loop(),
            17 => self.counters(),
            18 if self.shape.dma => self.transfer(),
            _ => self.soups(2, 8),
        }
    }

    /// A branch over some instructions.
    fn forward(&mut self) {
        let op = self.branch_op();
        let (a, b) = (self.any_x(), self.any_x());
        let from = self.code.here();
        self.code.op(op, 0, a, b, 4);
        self.soups(1, 4);
        self.code.land(from);
        self.soups(1, 2);
    }

    /// A loop around some blocks, two deep at most.
    fn bounded_loop(&mut self) {
        if self.depth == 2 || self.code.here() + 4 * 60 > LENGTH {
            return self.pair();
        }
        let counter = LOOPS[usize::from(self.depth)];
        let turns = self.seed.within(2, if self.depth == 0 { 12 } else { 5 });
        self.code.op(Op::Addi, counter, 0, 0, turns);
        let head = self.code.here();
        self.depth += 1;
        for _ in 0..self.seed.within(1, 6) {
            self.block();
        }
        self.depth -= 1;
        self.code.op(Op::Addi, counter, counter, 0, -1);
        let distance = head as i32 - self.code.here() as i32;
        self.code.op(Op::Bne, 0, counter, 0, distance);
    }

    /// Counters read, written and stopped in a row.
    fn counters(&mut self) {
        for _ in 0..self.seed.within(1, 4) {
            let rd = self.seed.pick(&TEMP_X);
            let names: &[&str] = if self.shape.clocks {
                &[
                    "mcycle",
                    "mcycleh",
                    "minstret",
                    "minstreth",
                    "mcountinhibit",
                ]
            } else {
                &["minstret", "minstreth", "mcountinhibit"]
            };
            let name = self.seed.pick(names);
            if self.seed.one_in(3) {
                match name {
                    // What stays stopped without clocks is mcycle.
                    "mcountinhibit" => {
                        let kinds: &[u8] = if self.shape.clocks {
                            &[0, 1, 4, 5]
                        } else {
                            &[1, 5]
                        };
                        let kind = self.seed.pick(kinds);
                        let address = super::code::csr(name);
                        self.code.op(Op::Csrrwi, rd, kind, 0, address);
                    }
                    // Nothing that soon carries into the high word, which addresses rely on.
                    "minstret" | "mcycle" => {
                        let small = self.seed.below(32) as u8;
                        self.code
                            .op(Op::Csrrwi, rd, small, 0, super::code::csr(name));
                    }
                    _ => {
                        let from = self.any_x();
                        self.code.op(Op::Csrrw, rd, from, 0, super::code::csr(name));
                    }
                }
            } else {
                self.code.csr_read(rd, name);
            }
            if self.seed.one_in(2) {
                self.soups(1, 2);
            }
        }
    }

    fn branch_op(&mut self) -> Op {
        self.seed
            .pick(&[Op::Beq, Op::Bne, Op::Blt, Op::Bge, Op::Bltu, Op::Bgeu])
    }
}
