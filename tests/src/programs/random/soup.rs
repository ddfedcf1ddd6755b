//! Single instructions that may stand anywhere.

use spikevec_isa::table::TABLE;
use spikevec_isa::{Class, Instruction, Op, Operand, Spec};

use super::Generator;
use super::layout::*;

/// Bytes of a scalar access.
pub fn width(op: Op) -> u32 {
    op.spec().access_bytes().unwrap_or(4)
}

/// Rows that registers and immediates make up.
fn is_plain(spec: &Spec) -> bool {
    use Operand::*;
    let apart = [Branch, Jump, Csr, Load, Store, LaneLoad, LaneStore];
    !spec.operands.is_empty() && !spec.operands.iter().any(|o| apart.contains(o))
}

impl Generator {
    /// A scalar register to read.
    pub(super) fn any_x(&mut self) -> u8 {
        match self.seed.below(8) {
            0 => self.seed.pick(&[0, 14, 15, 16, 17, 18]),
            1 => self.seed.pick(&TEMP_X),
            _ => self.seed.pick(&POOL_X),
        }
    }

    /// A vector register to read.
    pub(super) fn any_v(&mut self) -> u8 {
        match self.seed.below(8) {
            0 => 24 + self.seed.below(8) as u8,
            1 => self.seed.pick(&TEMP_V),
            _ => self.seed.pick(&POOL_V),
        }
    }

    /// Offset of a vector from [`VECTOR_AREA`].
    pub(super) fn area_offset(&mut self) -> i32 {
        64 * self.seed.below(AREA_VECTORS) as i32
    }

    /// Offset of a lane access from the lane's address.
    pub(super) fn lane_offset(&mut self) -> i32 {
        2 * self.seed.within(0, 32)
    }

    /// From `first` to `last` instructions.
    pub(super) fn soups(&mut self, first: i32, last: i32) {
        for _ in 0..self.seed.within(first, last) {
            let instruction = self.soup();
            self.code.push(instruction);
        }
    }

    /// An instruction that goes on with the next one and writes to the pool only.
    pub(super) fn soup(&mut self) -> Instruction {
        if self.seed.one_in(4) {
            return self.access();
        }
        loop {
            let spec = &TABLE[self.seed.below(TABLE.len() as u32) as usize];
            let division = matches!(spec.op, Op::Div | Op::Divu | Op::Rem | Op::Remu);
            if is_plain(spec) && (!division || self.seed.one_in(8)) {
                return self.fill(spec);
            }
        }
    }

    /// `spec` with operands from the pool.
    pub(super) fn fill(&mut self, spec: &Spec) -> Instruction {
        let mut i = Instruction::new(spec.op);
        for operand in spec.operands {
            match operand {
                Operand::XRd if self.seed.one_in(16) => i.rd = 0,
                Operand::XRd => i.rd = self.seed.pick(&POOL_X),
                Operand::VRd => i.rd = self.seed.pick(&POOL_V),
                Operand::XRs1 => i.rs1 = self.any_x(),
                Operand::XRs2 => i.rs2 = self.any_x(),
                Operand::VRs1 => i.rs1 = self.any_v(),
                Operand::VRs2 => i.rs2 = self.any_v(),
                _ => {}
            }
            if let Some(bounds) = operand.bounds() {
                i.imm = match self.seed.below(4) {
                    0 => self.seed.pick(&[bounds.min, bounds.max]),
                    1 => self.seed.within(bounds.min.max(-4), bounds.max.min(4)),
                    _ => self.seed.within(bounds.min, bounds.max),
                };
            }
        }
        i
    }

    /// A memory instruction of any kind on its area.
    pub(super) fn access(&mut self) -> Instruction {
        let kind = self.seed.below(7);
        self.access_of(kind)
    }

    /// The memory instruction of this kind, 0 to 6.
    pub(super) fn access_of(&mut self, kind: u32) -> Instruction {
        let mut i = Instruction::new(match kind {
            0 => self.seed.op(Class::Load),
            1 => self.seed.op(Class::Store),
            2 => Op::Vloadv,
            3 => self.seed.op(Class::GeneratorLoad),
            4 => Op::Vstorev,
            5 => Op::Vloadl,
            _ => Op::Vstorel,
        });
        match kind {
            0 | 1 => {
                i.rs1 = 20;
                let places = 4 * SCALAR_WORDS / width(i.op);
                i.imm = (self.seed.below(places) * width(i.op)) as i32;
                if kind == 0 {
                    i.rd = self.seed.pick(&POOL_X);
                } else {
                    i.rs2 = self.any_x();
                }
            }
            2..=4 => {
                i.rs1 = 21;
                i.imm = self.area_offset();
                match kind {
                    2 => i.rd = self.seed.pick(&POOL_V),
                    4 => i.rs2 = self.any_v(),
                    _ => {}
                }
            }
            _ => {
                i.rs1 = self.seed.pick(&[vector::ADDRESSES, vector::MASKED]);
                i.imm = self.lane_offset();
                if kind == 5 {
                    i.rd = self.seed.pick(&POOL_V);
                } else {
                    i.rs2 = self.any_v();
                }
            }
        }
        i
    }

    /// A store, and soon a load of what it wrote.
    pub(super) fn collision(&mut self) {
        let distance = self.seed.within(1, 4);
        let (store, load) = match self.seed.below(4) {
            0 => {
                // The same word by another width and part.
                let mut store = self.access_of(1);
                let mut load = self.access_of(0);
                let word = 4 * self.seed.below(SCALAR_WORDS);
                for i in [&mut store, &mut load] {
                    let part = self.seed.below(4) / width(i.op) * width(i.op);
                    i.imm = (word + part) as i32;
                    // The same address by another sum.
                    if self.seed.one_in(2) {
                        i.rs1 = 0;
                        i.imm += SCALAR_AREA as i32;
                    }
                }
                (store, load)
            }
            kind @ (1 | 2) => {
                let store = self.access_of(4);
                let mut load = self.access_of(if kind == 1 { 2 } else { 3 });
                load.imm = store.imm;
                if self.seed.one_in(2) {
                    load.rs1 = 0;
                    load.imm += VECTOR_AREA as i32;
                }
                (store, load)
            }
            _ => {
                let store = self.access_of(6);
                let mut load = self.access_of(5);
                (load.rs1, load.imm) = (store.rs1, store.imm);
                (store, load)
            }
        };
        self.code.push(store);
        self.soups(distance - 1, distance - 1);
        self.code.push(load);
        if self.seed.one_in(2) {
            self.soups(1, 2);
        }
    }
}
