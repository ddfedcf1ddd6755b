//! Programs from code: labels, branches that reach, constants.

use spikevec_isa::{EncodeError, Instruction, Op, Operand};

use crate::build;
use crate::layout::{self, Layout, Slot};

/// A place in a program, bound or still to be bound.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Label(u32);

#[derive(Debug, Clone, Copy)]
enum Item {
    Plain(Instruction),
    Branch {
        op: Op,
        rs1: u8,
        rs2: u8,
        target: Label,
    },
    Jump {
        rd: u8,
        target: Label,
    },
}

#[derive(Debug, Clone, Copy)]
enum Binding {
    Unbound,
    At(usize),
    Twice,
}

/// Collects instructions and resolves their labels at the end.
///
/// Mistakes are kept and reported by [`Builder::finish`], so that a code
/// generator need not check each call.
#[derive(Debug, Clone, Default)]
pub struct Builder {
    items: Vec<Item>,
    labels: Vec<Binding>,
}

/// A finished program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// Instruction words from address 0.
    pub code: Vec<u32>,
    labels: Vec<Option<u32>>,
}

/// Why a program cannot be finished.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// A label with two places.
    #[error("label {} is bound twice: bind each label once", .label.0)]
    BoundTwice {
        /// The label.
        label: Label,
    },
    /// A jump or branch to a label without a place.
    #[error("item {item} goes to label {}, which is not bound in this builder", .label.0)]
    Unbound {
        /// Index of the branch or jump among the items.
        item: usize,
        /// The label.
        label: Label,
    },
    /// [`Builder::branch`] with an instruction that is no conditional branch.
    #[error("item {item}: {mnemonic} is not a conditional branch (beq, bne, blt, bge, bltu, bgeu)")]
    NotABranch {
        /// Index of the item.
        item: usize,
        /// The mnemonic.
        mnemonic: &'static str,
    },
    /// [`Builder::emit`] with a branch or `jal`, whose distance could change under it.
    #[error("item {item}: {mnemonic} has a target, so it needs a label: use branch() or jump()")]
    NeedsLabel {
        /// Index of the item.
        item: usize,
        /// The mnemonic.
        mnemonic: &'static str,
    },
    /// An instruction with an operand that does not fit.
    #[error("item {item} at address {address:#x}: {source}")]
    Encode {
        /// Index of the item.
        item: usize,
        /// Its address.
        address: u32,
        /// What does not fit.
        source: EncodeError,
    },
}

impl Builder {
    /// An empty program.
    pub fn new() -> Self {
        Self::default()
    }

    /// A fresh label without a place.
    pub fn label(&mut self) -> Label {
        self.labels.push(Binding::Unbound);
        Label((self.labels.len() - 1) as u32)
    }

    /// Gives `label` the place of the next instruction. Binding it twice, or a
    /// label of another builder, is an error at [`Builder::finish`].
    pub fn bind(&mut self, label: Label) {
        let index = label.0 as usize;
        // A foreign label must not go unnoticed: it gets an entry that says so.
        if index >= self.labels.len() {
            self.labels.resize(index + 1, Binding::Unbound);
            self.labels[index] = Binding::Twice;
            return;
        }
        self.labels[index] = match self.labels[index] {
            Binding::Unbound => Binding::At(self.items.len()),
            Binding::At(_) | Binding::Twice => Binding::Twice,
        };
    }

    /// A fresh label at the place of the next instruction.
    pub fn here(&mut self) -> Label {
        let label = self.label();
        self.bind(label);
        label
    }

    /// Appends an instruction that has no target operand.
    pub fn emit(&mut self, instruction: Instruction) {
        self.items.push(Item::Plain(instruction));
    }

    /// Appends a conditional branch. Where the target is beyond 4 KiB it becomes
    /// the inverted branch over a `jal`.
    pub fn branch(&mut self, op: Op, rs1: u8, rs2: u8, target: Label) {
        self.items.push(Item::Branch {
            op,
            rs1,
            rs2,
            target,
        });
    }

    /// Appends `jal rd, target`.
    pub fn jump(&mut self, rd: u8, target: Label) {
        self.items.push(Item::Jump { rd, target });
    }

    /// Appends the one or two instructions that put `value` into scalar register `rd`.
    pub fn li(&mut self, rd: u8, value: i32) {
        for instruction in build::li(rd, value) {
            self.emit(instruction);
        }
    }

    /// Items so far: each is one instruction, save branches that grow.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// True where nothing has been appended.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Resolves all labels.
    ///
    /// # Errors
    /// The first mistake: see [`BuildError`].
    pub fn finish(self) -> Result<Program, BuildError> {
        if let Some(index) = self.labels.iter().position(|b| matches!(b, Binding::Twice)) {
            let label = Label(index as u32);
            return Err(BuildError::BoundTwice { label });
        }
        self.check()?;
        let slots: Vec<Slot> = self
            .items
            .iter()
            .map(|item| match item {
                Item::Branch { .. } => Slot::Branch,
                Item::Plain(_) | Item::Jump { .. } => Slot::Words(1),
            })
            .collect();
        let target = |item: usize, addresses: &[u32]| match self.items[item] {
            Item::Branch { target, .. } => self.address(target, addresses).map(i64::from),
            Item::Plain(_) | Item::Jump { .. } => None,
        };
        let layout = layout::relax(&slots, target);
        let code = self.words(&layout)?;
        let labels = (0..self.labels.len())
            .map(|index| self.address(Label(index as u32), &layout.addresses))
            .collect();
        Ok(Program { code, labels })
    }

    fn address(&self, label: Label, addresses: &[u32]) -> Option<u32> {
        match self.labels.get(label.0 as usize) {
            Some(Binding::At(item)) => addresses.get(*item).copied(),
            _ => None,
        }
    }

    fn check(&self) -> Result<(), BuildError> {
        for (item, it) in self.items.iter().enumerate() {
            let (op, target) = match *it {
                Item::Plain(instruction) => (instruction.op, None),
                Item::Branch { op, target, .. } => (op, Some(target)),
                Item::Jump { target, .. } => (Op::Jal, Some(target)),
            };
            let spec = op.spec();
            let mnemonic = spec.mnemonic;
            let is_branch = spec.has(Operand::Branch);
            if matches!(it, Item::Branch { .. }) && !is_branch {
                return Err(BuildError::NotABranch { item, mnemonic });
            }
            if matches!(it, Item::Plain(_)) && (is_branch || spec.has(Operand::Jump)) {
                return Err(BuildError::NeedsLabel { item, mnemonic });
            }
            if let Some(label) = target {
                match self.labels.get(label.0 as usize) {
                    Some(Binding::At(_)) => {}
                    _ => return Err(BuildError::Unbound { item, label }),
                }
            }
        }
        Ok(())
    }

    fn words(&self, layout: &Layout) -> Result<Vec<u32>, BuildError> {
        let mut code = Vec::with_capacity(self.items.len());
        for (item, it) in self.items.iter().enumerate() {
            let address = layout.addresses[item];
            let distance = |label| {
                let goal = self.address(label, &layout.addresses).unwrap_or(0);
                goal.wrapping_sub(address) as i32
            };
            let encoded = match *it {
                Item::Plain(instruction) => instruction.encode().map(|word| code.push(word)),
                Item::Jump { rd, target } => {
                    let jal = build::u(Op::Jal, rd, distance(target));
                    jal.encode().map(|word| code.push(word))
                }
                Item::Branch {
                    op,
                    rs1,
                    rs2,
                    target,
                } => branch_words(op, rs1, rs2, distance(target), layout.long[item])
                    .map(|words| code.extend(words)),
            };
            encoded.map_err(|source| BuildError::Encode {
                item,
                address,
                source,
            })?;
        }
        Ok(code)
    }
}

impl Program {
    /// Address of `label` in bytes, if it was bound.
    pub fn address(&self, label: Label) -> Option<u32> {
        self.labels.get(label.0 as usize).copied().flatten()
    }
}

/// The branch with the opposite condition; anything else is returned as it is.
pub(crate) fn inverted(op: Op) -> Op {
    match op {
        Op::Beq => Op::Bne,
        Op::Bne => Op::Beq,
        Op::Blt => Op::Bge,
        Op::Bge => Op::Blt,
        Op::Bltu => Op::Bgeu,
        Op::Bgeu => Op::Bltu,
        other => other,
    }
}

/// The words of a branch by `distance` bytes: one, or the inverted one over a `jal`.
pub(crate) fn branch_words(
    op: Op,
    rs1: u8,
    rs2: u8,
    distance: i32,
    long: bool,
) -> Result<Vec<u32>, EncodeError> {
    let branch = |op, imm| Instruction {
        op,
        rd: 0,
        rs1,
        rs2,
        imm,
    };
    if long {
        let over = branch(inverted(op), 8).encode()?;
        let jump = build::u(Op::Jal, 0, distance.wrapping_sub(4)).encode()?;
        Ok(vec![over, jump])
    } else {
        Ok(vec![branch(op, distance).encode()?])
    }
}
