//! What vector instructions do, by the instruction set's definition.

use spikevec_isa::fixed::{self, Overflow, Rounding};
use spikevec_isa::table::Op::{self, *};
use spikevec_isa::{LANES, Rng, Vector};

use crate::vector_model::HALFWORDS;

/// The vector side's state.
#[derive(Clone)]
pub struct State {
    pub registers: [Vector; 32],
    pub memory: Vec<Vector>,
    pub local: Vec<Vector>,
    pub rng: Rng,
}

impl State {
    /// Lanes that do not make an instruction fault, those that are not masked, and addresses.
    pub fn lanes(&self, rs1: u8, imm: i32) -> (u32, u32, [u32; LANES]) {
        let base = &self.registers[usize::from(rs1)];
        let address = base.map(|b| (i32::from(b) + imm) as u32);
        let bits = |f: &dyn Fn(usize) -> bool| (0..LANES).map(|i| u32::from(f(i)) << i).sum();
        let active: u32 = bits(&|i| base[i] >= 0);
        let inside: u32 =
            bits(&|i| address[i].is_multiple_of(2) && address[i] < 2 * HALFWORDS as u32);
        (inside | !active, active, address)
    }

    /// What an instruction writes to rd, but for VLOADL; the generators step.
    pub fn result(
        &mut self,
        op: Op,
        [rd, rs1, rs2]: [u8; 3],
        imm: i32,
        x: u32,
        vector: usize,
    ) -> Option<Vector> {
        let [old, a, b] = [rd, rs1, rs2].map(|r| self.registers[usize::from(r)]);
        let shift = imm as u32;
        let (nearest, wrap, clamp) = (Rounding::Nearest, Overflow::Wrap, Overflow::Saturate);
        let (truncate, stochastic) = (Rounding::Truncate, Rounding::Stochastic);
        let rng = &mut self.rng;
        match op {
            Vadd => Some(fixed::add(&a, &b, wrap)),
            VaddS => Some(fixed::add(&a, &b, clamp)),
            Vsub => Some(fixed::sub(&a, &b, wrap)),
            VsubS => Some(fixed::sub(&a, &b, clamp)),
            Vand => Some(fixed::and(&a, &b)),
            Vsll => Some(fixed::sll(&a, &b)),
            Vsra => Some(fixed::sra(&a, &b)),
            Vmul => Some(fixed::mul(&a, &b, shift, truncate, wrap, rng)),
            VmulRn => Some(fixed::mul(&a, &b, shift, nearest, wrap, rng)),
            VmulRs => Some(fixed::mul(&a, &b, shift, stochastic, wrap, rng)),
            VmulS => Some(fixed::mul(&a, &b, shift, truncate, clamp, rng)),
            VmulSRn => Some(fixed::mul(&a, &b, shift, nearest, clamp, rng)),
            VmulSRs => Some(fixed::mul(&a, &b, shift, stochastic, clamp, rng)),
            Vslli => Some(fixed::slli(&a, shift)),
            Vsrai => Some(fixed::srai(&a, shift, truncate, rng)),
            VsraiRn => Some(fixed::srai(&a, shift, nearest, rng)),
            VsraiRs => Some(fixed::srai(&a, shift, stochastic, rng)),
            Vsel => Some(fixed::sel(x, &b, &old)),
            Vlui => Some(fixed::lui(imm)),
            Vfill => Some(fixed::fill(x)),
            Vandadd => Some(fixed::andadd(&a, shift, x)),
            Vrng => Some(fixed::rng(rng)),
            Vloadv => Some(self.memory[vector]),
            _ => None,
        }
    }

    /// What an instruction gives to a scalar register.
    pub fn gathered(&self, op: Op, [rs1, rs2]: [u8; 2], imm: i32) -> Option<u32> {
        let [a, b] = [rs1, rs2].map(|r| self.registers[usize::from(r)]);
        match op {
            Vteq => Some(fixed::teq(&a, &b)),
            Vtne => Some(fixed::tne(&a, &b)),
            Vtlt => Some(fixed::tlt(&a, &b)),
            Vtge => Some(fixed::tge(&a, &b)),
            Vextract => Some(i32::from(a[imm as usize]) as u32),
            _ => None,
        }
    }
}
