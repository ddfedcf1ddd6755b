//! The vector unit: registers, generators, vector and lane-local memory.

use spikevec_isa::fixed::{Overflow, Rounding};
use spikevec_isa::{Cause, Instruction, LANES, Vector};

use super::execute::{load_failed, store_failed};
use super::lanes;
use crate::clock::Clock;
use crate::state::State;

/// Which multiplication.
#[derive(Clone, Copy)]
pub(super) struct Multiply(pub Rounding, pub Overflow);

impl State {
    #[inline(always)]
    fn v(&self, register: u8) -> &Vector {
        &self.v[usize::from(register & 31)]
    }

    #[inline(always)]
    pub(super) fn set_v(&mut self, register: u8, value: Vector) {
        self.v[usize::from(register & 31)] = value;
    }

    #[inline(always)]
    pub(super) fn lanes(&mut self, i: Instruction, f: impl Fn(&Vector, &Vector) -> Vector) {
        self.set_v(i.rd, f(self.v(i.rs1), self.v(i.rs2)));
    }

    /// A saturating operation, and `clamps`, which says in which lanes it clamps.
    #[inline(always)]
    pub(super) fn saturating(
        &mut self,
        i: Instruction,
        pc: u32,
        f: impl Fn(&Vector, &Vector) -> Vector,
        clamps: impl Fn(&Vector, &Vector) -> u32,
    ) {
        if self.saturation.on {
            let clamped = clamps(self.v(i.rs1), self.v(i.rs2));
            self.saturation.count(pc, clamped);
        }
        self.lanes(i, f);
    }

    /// What `rounding` adds before a right shift, in the low 16 bits of each lane.
    #[inline(always)]
    fn increments(&mut self, rounding: Rounding, shift: u32) -> [u16; LANES] {
        match rounding {
            Rounding::Truncate => [0; LANES],
            Rounding::Nearest => [((1u32 << shift) >> 1) as u16; LANES],
            Rounding::Stochastic => {
                let mask = ((1u32 << shift) - 1) as u16;
                self.sample().map(|sample| sample & mask)
            }
        }
    }

    #[inline(always)]
    pub(super) fn multiply(&mut self, i: Instruction, pc: u32, kind: Multiply) {
        let Multiply(rounding, overflow) = kind;
        let shift = i.imm as u32 & 15;
        let increments = self.increments(rounding, shift);
        let (a, b) = (self.v(i.rs1), self.v(i.rs2));
        let value = match overflow {
            Overflow::Wrap => lanes::mul(a, b, &increments, shift),
            Overflow::Saturate => {
                if self.saturation.on {
                    let clamped = lanes::mul_clamps(a, b, &increments, shift);
                    self.saturation.count(pc, clamped);
                }
                lanes::mul_s(self.v(i.rs1), self.v(i.rs2), &increments, shift)
            }
        };
        self.set_v(i.rd, value);
    }

    #[inline(always)]
    pub(super) fn shift_left(&mut self, i: Instruction) {
        self.set_v(i.rd, lanes::slli(self.v(i.rs1), i.imm as u32 & 15));
    }

    #[inline(always)]
    pub(super) fn shift_right(&mut self, i: Instruction, rounding: Rounding) {
        let shift = i.imm as u32 & 15;
        let value = match rounding {
            Rounding::Truncate => lanes::srai(self.v(i.rs1), shift),
            Rounding::Nearest | Rounding::Stochastic => {
                let increments = self.increments(rounding, shift);
                lanes::srai_rounded(self.v(i.rs1), &increments, shift)
            }
        };
        self.set_v(i.rd, value);
    }

    #[inline(always)]
    pub(super) fn compare(&mut self, i: Instruction, f: impl Fn(i16, i16) -> bool) {
        let bits = lanes::mask(self.v(i.rs1), self.v(i.rs2), f);
        self.set_x(i.rd, bits);
    }

    #[inline(always)]
    pub(super) fn select(&mut self, i: Instruction) {
        let value = lanes::sel(self.x(i.rs1), self.v(i.rs2), self.v(i.rd));
        self.set_v(i.rd, value);
    }

    #[inline(always)]
    pub(super) fn fill(&mut self, i: Instruction) {
        let x = self.x(i.rs1);
        self.set_v(i.rd, [(((x >> 16) & 0x8000) | (x & 0x7fff)) as i16; LANES]);
    }

    #[inline(always)]
    pub(super) fn extract(&mut self, i: Instruction) {
        let lane = self.v(i.rs1)[i.imm as usize & 31];
        self.set_x(i.rd, i32::from(lane) as u32);
    }

    #[inline(always)]
    pub(super) fn and_add(&mut self, i: Instruction) {
        let value = lanes::andadd(self.v(i.rs1), i.imm as u32 & 15, self.x(i.rs2));
        self.set_v(i.rd, value);
    }

    /// Steps the generators, and notes whether they could yield anything. A lane
    /// is dead or alive until its state is loaded anew, so that one look will do.
    #[inline(always)]
    fn sample(&mut self) -> [u16; LANES] {
        if self.rng_unchecked {
            self.rng_unchecked = false;
            self.rng_used_unseeded |= self.rng.has_dead_lane();
        }
        lanes::sample(&mut self.rng)
    }

    #[inline(always)]
    pub(super) fn random(&mut self, i: Instruction) {
        let value = self.sample().map(|sample| (sample >> 1) as i16);
        self.set_v(i.rd, value);
    }

    #[inline(always)]
    pub(super) fn load_vector<C: Clock>(
        &mut self,
        clock: &mut C,
        entered: C::Entered,
        i: Instruction,
    ) -> Result<(), Cause> {
        let address = self.address(i);
        let value = clock.load_vector(entered, &mut self.memories, address);
        self.v[usize::from(i.rd & 31)] = *value.map_err(load_failed)?;
        Ok(())
    }

    #[inline(always)]
    pub(super) fn store_vector<C: Clock>(
        &mut self,
        clock: &mut C,
        entered: C::Entered,
        i: Instruction,
    ) -> Result<(), Cause> {
        let address = self.address(i);
        let value = &self.v[usize::from(i.rs2 & 31)];
        clock
            .store_vector(entered, &mut self.memories, address, value)
            .map_err(store_failed)
    }

    pub(super) fn load_rng<C: Clock>(
        &mut self,
        clock: &mut C,
        entered: C::Entered,
        i: Instruction,
        word: u32,
    ) -> Result<(), Cause> {
        let address = self.address(i);
        let value = clock.load_vector(entered, &mut self.memories, address);
        let value = value.map_err(load_failed)?.map(|lane| lane as u16);
        match word {
            0 => self.rng.s0 = value,
            _ => self.rng.s1 = value,
        }
        self.rng_unchecked = true;
        Ok(())
    }

    #[inline(never)]
    pub(super) fn load_lanes(&mut self, i: Instruction) -> Result<(), Cause> {
        let (base, old) = (self.v(i.rs1), self.v(i.rd));
        let value = self.memories.lane_local.load(base, i.imm, old);
        self.set_v(i.rd, value.map_err(load_failed)?);
        Ok(())
    }

    #[inline(never)]
    pub(super) fn store_lanes(&mut self, i: Instruction) -> Result<(), Cause> {
        let base = &self.v[usize::from(i.rs1 & 31)];
        let value = &self.v[usize::from(i.rs2 & 31)];
        let memory = &mut self.memories.lane_local;
        memory.store(base, i.imm, value).map_err(store_failed)
    }
}
