//! Straight stretches of code before their instructions have an order and their
//! intermediate values a register.

use spikevec_isa::Instruction;

/// Vector registers from here up are intermediate values of a block, without a register yet.
pub const FIRST_VIRTUAL: u8 = 32;

/// Which memory an instruction touches. Accesses of different regions never overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Region {
    /// None.
    #[default]
    None,
    /// Weights: only read while the program runs.
    Weights,
    /// State and constants of neurons.
    State,
    /// Recorded membranes.
    MembraneRecord,
    /// Scalar memory that the program only reads.
    ScalarInput,
    /// Scalar memory that the program writes.
    ScalarOutput,
}

/// Whose value an instruction may saturate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Site {
    /// Population, by index.
    pub population: usize,
    /// Lanes that hold neurons.
    pub lanes: usize,
}

/// An instruction of a block.
#[derive(Debug, Clone, Copy)]
pub struct Item {
    /// The instruction; its vector operands may be virtual.
    pub instruction: Instruction,
    /// What it touches.
    pub region: Region,
    /// The piece of work that it belongs to. Pieces are independent of each other
    /// except through registers and memory, and run interleaved.
    pub group: u32,
    /// Whose value it may saturate.
    pub site: Option<Site>,
}

/// A stretch of code without branches.
#[derive(Debug, Clone, Default)]
pub struct Block {
    /// The instructions in an order that is right.
    pub items: Vec<Item>,
    next_virtual: u8,
    group: u32,
}

impl Block {
    /// An empty block.
    pub fn new() -> Self {
        Block::default()
    }

    /// Begins the next piece of work.
    pub fn next_group(&mut self) {
        self.group += 1;
    }

    /// A new intermediate value.
    pub fn temp(&mut self) -> u8 {
        let number = FIRST_VIRTUAL + self.next_virtual;
        self.next_virtual += 1;
        number
    }

    /// True where the block should end: there are few numbers for intermediate values left.
    pub fn is_full(&self) -> bool {
        self.next_virtual > 180
    }

    /// True where there are fewer than `count` numbers for intermediate values left.
    pub fn lacks(&self, count: usize) -> bool {
        usize::from(FIRST_VIRTUAL) + usize::from(self.next_virtual) + count > usize::from(u8::MAX)
    }

    /// Appends an instruction that touches no memory.
    pub fn push(&mut self, instruction: Instruction) {
        self.push_in(instruction, Region::None);
    }

    /// Appends an instruction that touches `region`.
    pub fn push_in(&mut self, instruction: Instruction, region: Region) {
        self.items.push(Item {
            instruction,
            region,
            group: self.group,
            site: None,
        });
    }

    /// Appends an instruction whose result may saturate.
    pub fn push_at(&mut self, instruction: Instruction, site: Site) {
        self.items.push(Item {
            instruction,
            region: Region::None,
            group: self.group,
            site: Some(site),
        });
    }
}
