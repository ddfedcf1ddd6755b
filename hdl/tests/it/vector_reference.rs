//! What vector instructions do, by the instruction set's definition.

use spikevec_isa::csr::Csr;
use spikevec_isa::{Class, Instruction, LANES, Memory, Op, Operand, Rng, Vector, meaning};

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

    /// What an instruction writes to rd, but for VLOADL; the generators step. `x` is its scalar operand.
    pub fn result(
        &mut self,
        op: Op,
        [rd, rs1, rs2]: [u8; 3],
        imm: i32,
        x: u32,
        vector: usize,
    ) -> Option<Vector> {
        let class = op.spec().class;
        if class == Class::VectorLoad {
            return Some(self.memory[vector]);
        }
        if !op.spec().has(Operand::VRd) || op.spec().access_bytes().is_some() {
            return None;
        }
        let mut lanes = Lanes::new(self, x);
        lanes.execute(op, [rd, rs1, rs2], imm);
        lanes.written
    }

    /// What an instruction gives to a scalar register.
    pub fn gathered(&mut self, op: Op, [rs1, rs2]: [u8; 2], imm: i32) -> Option<u32> {
        let mut lanes = Lanes::new(self, 0);
        if op.spec().has(Operand::XRd) {
            // Not x0, which would drop it.
            lanes.execute(op, [1, rs1, rs2], imm);
        }
        lanes.gathered
    }
}

/// The registers and generators, as an instruction sees them that touches no memory.
struct Lanes<'a> {
    state: &'a mut State,
    x: u32,
    written: Option<Vector>,
    gathered: Option<u32>,
}

impl<'a> Lanes<'a> {
    fn new(state: &'a mut State, x: u32) -> Self {
        Lanes {
            state,
            x,
            written: None,
            gathered: None,
        }
    }

    fn execute(&mut self, op: Op, [rd, rs1, rs2]: [u8; 3], imm: i32) {
        let i = Instruction {
            rd,
            rs1,
            rs2,
            imm,
            ..Instruction::new(op)
        };
        meaning::execute(self, &i, 0).unwrap();
    }
}

impl meaning::State for Lanes<'_> {
    fn x(&self, _: u8) -> u32 {
        self.x
    }

    fn set_x(&mut self, _: u8, value: u32) {
        self.gathered = Some(value);
    }

    fn v(&self, register: u8) -> Vector {
        self.state.registers[usize::from(register)]
    }

    fn set_v(&mut self, _: u8, value: Vector) {
        self.written = Some(value);
    }

    fn rng(&mut self) -> &mut Rng {
        &mut self.state.rng
    }

    fn word(&self, _: u32) -> u32 {
        unreachable!("no CSR instruction")
    }

    fn read_csr(&mut self, _: Csr) -> u32 {
        unreachable!("no CSR instruction")
    }

    fn write_csr(&mut self, _: Csr, _: u32) {
        unreachable!("no CSR instruction")
    }

    fn size(&self, _: Memory) -> u32 {
        unreachable!("no access")
    }

    fn byte(&self, _: Memory, _: usize, _: u32) -> u8 {
        unreachable!("no access")
    }

    fn set_byte(&mut self, _: Memory, _: usize, _: u32, _: u8) {
        unreachable!("no access")
    }
}
