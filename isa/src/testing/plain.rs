//! A machine of plain arrays.

use crate::csr::{CSRS, Csr};
use crate::meaning::{self, State};
use crate::{Cause, Instruction, LANES, Memory, Rng, Target, Vector};

/// All that an instruction can see, in plain arrays. CSRs hold what is written to them:
/// counters stand still, and DMA moves nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plain {
    /// Scalar registers.
    pub x: [u32; 32],
    /// Vector registers.
    pub v: [Vector; 32],
    /// Generators.
    pub rng: Rng,
    /// Address of the next instruction.
    pub pc: u32,
    /// CSRs in the order of [`CSRS`].
    pub csrs: [u32; CSRS.len()],
    /// Words of instruction memory that hold code.
    pub code: Vec<u32>,
    /// Bytes of scalar memory.
    pub scalar: Vec<u8>,
    /// Bytes of vector memory.
    pub vector: Vec<u8>,
    /// Bytes of each lane's own memory.
    pub lane_local: Vec<Vec<u8>>,
}

impl Plain {
    /// A machine at reset with a target's memories.
    pub fn new(target: &Target) -> Self {
        let zeros = |memory| vec![0; target.bytes(memory) as usize];
        let mut csrs = [0; CSRS.len()];
        csrs[Csr::Mcountinhibit as usize] = 5;
        Plain {
            x: [0; 32],
            v: [[0; LANES]; 32],
            rng: Rng::default(),
            pc: 0,
            csrs,
            code: Vec::new(),
            scalar: zeros(Memory::Scalar),
            vector: zeros(Memory::Vector),
            lane_local: vec![zeros(Memory::LaneLocal); LANES],
        }
    }

    /// Does the instruction at `pc`.
    ///
    /// # Errors
    /// What stops the machine there; nothing has changed then.
    pub fn step(&mut self) -> Result<(), Cause> {
        let pc = self.pc;
        let word = self.code.get(pc as usize / 4).copied();
        let Some(word) = word else {
            let size = 4 * self.code.len() as u32;
            return Err(Cause::FetchFault { address: pc, size });
        };
        let instruction = Instruction::decode(word).map_err(|_| Cause::Illegal { word })?;
        self.pc = meaning::execute(self, &instruction, pc)?;
        Ok(())
    }

    fn bytes(&self, memory: Memory, lane: usize) -> &[u8] {
        match memory {
            Memory::Scalar => &self.scalar,
            Memory::LaneLocal => &self.lane_local[lane],
            _ => &self.vector,
        }
    }
}

impl State for Plain {
    fn x(&self, register: u8) -> u32 {
        self.x[usize::from(register)]
    }

    fn set_x(&mut self, register: u8, value: u32) {
        if register != 0 {
            self.x[usize::from(register)] = value;
        }
    }

    fn v(&self, register: u8) -> Vector {
        self.v[usize::from(register)]
    }

    fn set_v(&mut self, register: u8, value: Vector) {
        self.v[usize::from(register)] = value;
    }

    fn rng(&mut self) -> &mut Rng {
        &mut self.rng
    }

    fn word(&self, pc: u32) -> u32 {
        self.code.get(pc as usize / 4).copied().unwrap_or(0)
    }

    fn read_csr(&mut self, csr: Csr) -> u32 {
        self.csrs[csr as usize]
    }

    fn write_csr(&mut self, csr: Csr, value: u32) {
        self.csrs[csr as usize] = value;
    }

    fn size(&self, memory: Memory) -> u32 {
        self.bytes(memory, 0).len() as u32
    }

    fn byte(&self, memory: Memory, lane: usize, address: u32) -> u8 {
        self.bytes(memory, lane)[address as usize]
    }

    fn set_byte(&mut self, memory: Memory, lane: usize, address: u32, value: u8) {
        let bytes = match memory {
            Memory::Scalar => &mut self.scalar,
            Memory::LaneLocal => &mut self.lane_local[lane],
            _ => &mut self.vector,
        };
        bytes[address as usize] = value;
    }
}
