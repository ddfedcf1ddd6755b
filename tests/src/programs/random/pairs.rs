//! A producer, a consumer of its result, and one to three instructions from the one to the other.

use spikevec_isa::{Class, Op};

use super::Generator;
use super::layout::*;
use super::soup::width;
use crate::programs::code::csr;
use crate::programs::coverage::{CONSUMERS, Consumer, DISTANCE, PRODUCERS, Producer};

/// Prime, so that it meets all pairs.
const LEAP: u64 = 389;

/// True where the value must be an address.
fn wants_address(consumer: Consumer) -> bool {
    use Consumer::*;
    matches!(
        consumer,
        Jump | ScalarLoadAddress
            | ScalarStoreAddress
            | VectorLoadAddress
            | VectorStoreAddress
            | LaneLoadAddress
            | LaneStoreAddress
    )
}

impl Generator {
    /// The next of all pairs of kinds and distances, in an order that leaps about.
    pub(super) fn pair(&mut self) {
        let mut all = Vec::new();
        for producer in PRODUCERS {
            for consumer in CONSUMERS {
                if producer.is_vector() == consumer.is_vector() {
                    all.extend((0..DISTANCE).map(|between| (*producer, *consumer, between)));
                }
            }
        }
        let at = self.next_pair.wrapping_mul(LEAP) % all.len() as u64;
        self.next_pair = self.next_pair.wrapping_add(1);
        let (producer, consumer, between) = all[at as usize];
        let (vector, between) = (producer.is_vector(), between as i32);
        let address = wants_address(consumer);
        if vector {
            let register = self.seed.pick(&TEMP_V);
            self.produce_v(producer, register, address);
            self.soups(between, between);
            let from_zero = address && producer == Producer::Random;
            self.consume_v(consumer, register, from_zero);
            if from_zero {
                self.seed_generators(SEEDS);
            }
        } else {
            let register = self.seed.pick(&TEMP_X);
            let value = self.produce_x(producer, register, address);
            self.soups(between, between);
            self.consume_x(consumer, register, value);
        }
    }

    /// A producer, and a read of the register of the same number in the other file.
    pub(super) fn alias(&mut self) {
        let at = self.next_alias as usize % (PRODUCERS.len() * DISTANCE);
        self.next_alias = self.next_alias.wrapping_add(1);
        let (producer, between) = (PRODUCERS[at / DISTANCE], (at % DISTANCE) as i32);
        let register = self.seed.pick(&TEMP_X);
        let reads: Vec<_> = CONSUMERS
            .iter()
            .filter(|c| c.is_vector() != producer.is_vector() && !wants_address(**c))
            .collect();
        let consumer = *self.seed.pick(&reads);
        if producer.is_vector() {
            self.produce_v(producer, register, false);
            self.soups(between, between);
            self.consume_x(consumer, register, 0);
        } else {
            self.produce_x(producer, register, false);
            self.soups(between, between);
            self.consume_v(consumer, register, false);
        }
    }

    fn seed_generators(&mut self, from: [u32; 2]) {
        self.code.op(Op::Vloadr0, 0, 0, 0, 64 * from[0] as i32);
        self.code.op(Op::Vloadr1, 0, 0, 0, 64 * from[1] as i32);
    }

    /// Writes `rd`; gives the value where it must be known, which is 300 and more then.
    fn produce_x(&mut self, producer: Producer, rd: u8, known: bool) -> u32 {
        let (a, b) = (self.any_x(), self.any_x());
        let (va, vb) = (self.any_v(), self.any_v());
        match producer {
            Producer::Alu if known => {
                let value = self.seed.within(300, 1500);
                let op = self.seed.pick(&[Op::Addi, Op::Ori, Op::Xori]);
                self.code.op(op, rd, 0, 0, value);
                return value as u32;
            }
            Producer::Alu => {
                let op = self
                    .seed
                    .pick(&[Op::Add, Op::Sub, Op::Xor, Op::Slt, Op::Sra, Op::And]);
                self.code.op(op, rd, a, b, 0);
            }
            Producer::Load if known => {
                let k = self.seed.below(TABLE.len() as u32);
                let op = self.seed.pick(&[Op::Lw, Op::Lh, Op::Lhu]);
                self.code.op(op, rd, 0, 0, 4 * k as i32);
                return TABLE[k as usize];
            }
            Producer::Load => {
                let mut load = self.access_of(0);
                load.rd = rd;
                self.code.push(load);
            }
            Producer::Multiply if known => {
                if self.seed.one_in(2) {
                    self.code.op(Op::Mul, rd, 16, 17, 0);
                    return 37 * 29;
                }
                self.code.op(Op::Mulhu, rd, 14, 15, 0);
                return 500;
            }
            Producer::Multiply => {
                let op = self.seed.op(Class::Multiply);
                self.code.op(op, rd, a, b, 0);
            }
            Producer::Divide if known => {
                let op = self.seed.pick(&[Op::Div, Op::Divu]);
                self.code.op(op, rd, 18, 17, 0);
                return 40000 / 29;
            }
            Producer::Divide => {
                let op = self.seed.op(Class::Divide);
                self.code.op(op, rd, a, b, 0);
            }
            Producer::Csr => {
                self.code.csr_write("minstreth", 15);
                let op = self.seed.pick(&[Op::Csrrs, Op::Csrrc, Op::Csrrw]);
                self.code.op(op, rd, 0, 0, csr("minstreth"));
                return 1000;
            }
            Producer::Link => {
                let back = self.code.here() + 4;
                let over = 4 * self.seed.below(2) as i32;
                if self.seed.one_in(2) {
                    self.code.op(Op::Jal, rd, 0, 0, 4 + over);
                } else {
                    let offset = back as i32 + over - 1000;
                    self.code.op(Op::Jalr, rd, 15, 0, offset);
                }
                if over > 0 {
                    let skipped = self.soup();
                    self.code.push(skipped);
                }
                return back;
            }
            Producer::Compare if known => {
                let zero = vector::ZERO;
                match self.seed.below(4) {
                    0 => self.code.op(Op::Vtne, rd, vector::MASK, zero, 0),
                    1 => self.code.op(Op::Vtlt, rd, zero, vector::MASK, 0),
                    2 => self.code.op(Op::Vteq, rd, vector::INVERSE, zero, 0),
                    _ => self.code.op(Op::Vtge, rd, vector::INVERSE, zero, 0),
                }
                return COMPARED;
            }
            Producer::Compare => {
                let op = self.seed.op(Class::Compare);
                self.code.op(op, rd, va, vb, 0);
            }
            _ if known => {
                let lane = self.seed.below(32);
                self.code
                    .op(Op::Vextract, rd, vector::EXTRACTED, 0, lane as i32);
                return 300 + 31 * lane;
            }
            _ => {
                let lane = self.seed.below(32) as i32;
                self.code.op(Op::Vextract, rd, va, 0, lane);
            }
        }
        0
    }

    /// Reads `r`, whose value is known where it must be.
    fn consume_x(&mut self, consumer: Consumer, r: u8, value: u32) {
        let (other, rd) = (self.any_x(), self.seed.pick(&POOL_X));
        let (v, vd) = (self.any_v(), self.seed.pick(&POOL_V));
        // In either place.
        let (a, b) = if self.seed.one_in(2) {
            (r, other)
        } else {
            (other, r)
        };
        match consumer {
            Consumer::Alu => {
                let op = self
                    .seed
                    .pick(&[Op::Add, Op::Sub, Op::Sltu, Op::Sll, Op::Or]);
                self.code.op(op, rd, a, b, 0);
            }
            Consumer::Multiply => {
                let op = self.seed.op(Class::Multiply);
                self.code.op(op, rd, a, b, 0);
            }
            Consumer::Divide => {
                let op = self.seed.op(Class::Divide);
                self.code.op(op, rd, a, b, 0);
            }
            Consumer::Branch => {
                let op = self.branch_op();
                let from = self.code.here();
                self.code.op(op, 0, a, b, 4);
                self.soups(0, 2);
                self.code.land(from);
            }
            Consumer::Jump => {
                let over = 4 * self.seed.below(2) as i32;
                let offset = self.code.here() as i32 + 4 + over - value as i32;
                let link = self.seed.pick(&[0, 0, r, 10]);
                self.code.op(Op::Jalr, link, r, 0, offset);
                if over > 0 {
                    self.soups(1, 1);
                }
            }
            Consumer::ScalarLoadAddress => {
                let op = self.seed.op(Class::Load);
                let imm = self.scalar_place(op) - value as i32;
                self.code.op(op, rd, r, 0, imm);
            }
            Consumer::ScalarStoreAddress => {
                let op = self.seed.op(Class::Store);
                let imm = self.scalar_place(op) - value as i32;
                self.code.op(op, 0, r, other, imm);
            }
            Consumer::VectorLoadAddress => {
                let imm = VECTOR_AREA as i32 + self.area_offset() - value as i32;
                match self.seed.below(4) {
                    0 => self.code.op(Op::Vloadr0, 0, r, 0, imm),
                    1 => self.code.op(Op::Vloadr1, 0, r, 0, imm),
                    _ => self.code.op(Op::Vloadv, vd, r, 0, imm),
                }
            }
            Consumer::VectorStoreAddress => {
                let imm = VECTOR_AREA as i32 + self.area_offset() - value as i32;
                self.code.op(Op::Vstorev, 0, r, v, imm);
            }
            Consumer::StoreData => {
                let mut store = self.access_of(1);
                store.rs2 = r;
                self.code.push(store);
            }
            Consumer::Csr => {
                let name = self.seed.pick(&["minstreth", "mcycleh"]);
                let op = self.seed.pick(&[Op::Csrrw, Op::Csrrs, Op::Csrrc]);
                self.code.op(op, rd, r, 0, csr(name));
            }
            Consumer::SelectMask => self.code.op(Op::Vsel, vd, r, v, 0),
            Consumer::FillOperand => self.code.op(Op::Vfill, vd, r, 0, 0),
            _ => {
                let bits = self.seed.within(0, 15);
                self.code.op(Op::Vandadd, vd, v, r, bits);
            }
        }
        if self.seed.one_in(3) {
            self.soups(1, 2);
        }
    }

    fn scalar_place(&mut self, op: Op) -> i32 {
        let places = 4 * SCALAR_WORDS / width(op);
        (SCALAR_AREA + width(op) * self.seed.below(places)) as i32
    }

    /// Writes `vd`, with lane addresses where they are asked for: those of the generators zero.
    fn produce_v(&mut self, producer: Producer, vd: u8, address: bool) {
        let (a, b, x) = (self.any_v(), self.any_v(), self.any_x());
        let good = self.seed.pick(&[vector::ADDRESSES, vector::MASKED]);
        let shift = self.seed.within(0, 15);
        match producer {
            Producer::Single if address => match self.seed.below(4) {
                0 => self.code.op(Op::Vadd, vd, good, vector::ZERO, 0),
                1 => self.code.op(Op::Vand, vd, good, good, 0),
                2 => self.code.op(Op::Vsrai, vd, vector::TIMES_FOUR, 0, 2),
                _ => self.code.op(Op::Vandadd, vd, vector::ADDRESSES, 0, 15),
            },
            Producer::Single => {
                let op = self
                    .seed
                    .pick(&[Op::Vadd, Op::VaddS, Op::VsubS, Op::Vand, Op::Vsra]);
                self.code.op(op, vd, a, b, 0);
            }
            Producer::VectorLoad => {
                let imm = match (address, good) {
                    (false, _) => VECTOR_AREA as i32 + self.area_offset(),
                    (true, register) => 64 * (i32::from(register) - 24),
                };
                self.code.op(Op::Vloadv, vd, 0, 0, imm);
            }
            Producer::LaneLoad if address => {
                let imm = if good == vector::ADDRESSES { 0 } else { 2 };
                self.code.op(Op::Vloadl, vd, vector::ZERO, 0, imm);
            }
            Producer::LaneLoad => {
                let imm = self.lane_offset();
                self.code.op(Op::Vloadl, vd, good, 0, imm);
            }
            Producer::VectorMultiply => {
                let op = self.seed.op(Class::VectorMultiply);
                match (address, self.seed.one_in(2)) {
                    (true, true) => self.code.op(op, vd, good, vector::ONE, 0),
                    // A multiple of four: no rounding changes it.
                    (true, false) => self.code.op(op, vd, vector::ONE, vector::TIMES_FOUR, 2),
                    _ => self.code.op(op, vd, a, b, shift),
                }
            }
            Producer::RoundedShift => {
                let op = self.seed.op(Class::RoundedShift);
                match (address, self.seed.one_in(2)) {
                    (true, true) => self.code.op(op, vd, good, 0, 0),
                    (true, false) => self.code.op(op, vd, vector::TIMES_FOUR, 0, 2),
                    _ => self.code.op(op, vd, a, 0, shift),
                }
            }
            Producer::Select => {
                if address {
                    self.code
                        .op(Op::Vadd, vd, vector::ADDRESSES, vector::ZERO, 0);
                }
                let from = if address { good } else { a };
                self.code.op(Op::Vsel, vd, x, from, 0);
            }
            Producer::Fill => match (address, self.seed.one_in(2)) {
                (true, true) => self.code.op(Op::Vfill, vd, 22, 0, 0),
                (true, false) => {
                    let value = 64 + 2 * self.seed.within(0, 31);
                    self.code.op(Op::Vlui, vd, 0, 0, value);
                }
                (false, true) => self.code.op(Op::Vfill, vd, x, 0, 0),
                (false, false) => {
                    let value = i32::from(self.seed.lane());
                    self.code.op(Op::Vlui, vd, 0, 0, value);
                }
            },
            _ => {
                if address {
                    // Generators of zeros yield zeros, which are addresses.
                    let zero = u32::from(vector::ZERO) - 24;
                    self.seed_generators([zero, zero]);
                }
                self.code.op(Op::Vrng, vd, 0, 0, 0);
            }
        }
    }

    /// Reads `r`: lane addresses where they must be, or zeros.
    fn consume_v(&mut self, consumer: Consumer, r: u8, from_zero: bool) {
        let (other, vd, x) = (self.any_v(), self.seed.pick(&POOL_V), self.any_x());
        let (a, b) = if self.seed.one_in(2) {
            (r, other)
        } else {
            (other, r)
        };
        let shift = self.seed.within(0, 15);
        let rd = self.seed.pick(&POOL_X);
        let base = self.seed.pick(&[vector::ADDRESSES, vector::MASKED]);
        let start = if from_zero { LANE_AREA as i32 } else { 0 };
        let offset = start + self.lane_offset();
        match consumer {
            Consumer::VectorOperand => match self.seed.below(3) {
                0 => {
                    let op = self.seed.pick(&[Op::Vslli, Op::Vsrai]);
                    self.code.op(op, vd, r, 0, shift);
                }
                1 => self.code.op(Op::Vandadd, vd, r, x, shift),
                _ => {
                    let op = self.seed.pick(&[Op::Vsub, Op::VaddS, Op::Vand, Op::Vsll]);
                    self.code.op(op, vd, a, b, 0);
                }
            },
            Consumer::VectorMultiplyOperand => {
                let op = self.seed.op(Class::VectorMultiply);
                self.code.op(op, vd, a, b, shift);
            }
            Consumer::RoundedOperand => {
                let op = self.seed.op(Class::RoundedShift);
                self.code.op(op, vd, r, 0, shift);
            }
            Consumer::CompareOperand => {
                let op = self.seed.op(Class::Compare);
                self.code.op(op, rd, a, b, 0);
            }
            Consumer::ExtractOperand => {
                let lane = self.seed.below(32) as i32;
                self.code.op(Op::Vextract, rd, r, 0, lane);
            }
            Consumer::SelectOperand => self.code.op(Op::Vsel, vd, x, r, 0),
            Consumer::SelectOld => self.code.op(Op::Vsel, r, x, other, 0),
            Consumer::LaneLoadAddress => self.code.op(Op::Vloadl, vd, r, 0, offset),
            Consumer::LaneLoadOld => self.code.op(Op::Vloadl, r, base, 0, offset),
            Consumer::LaneStoreAddress => self.code.op(Op::Vstorel, 0, r, other, offset),
            Consumer::LaneStoreData => self.code.op(Op::Vstorel, 0, base, r, offset),
            _ => {
                let imm = self.area_offset();
                self.code.op(Op::Vstorev, 0, 21, r, imm);
            }
        }
        if self.seed.one_in(3) {
            self.soups(1, 2);
        }
    }
}
