//! Why instructions wait.

use std::fmt;

use spikevec_isa::Op;

/// A reason for which an instruction left the stage A later than a clock after the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stall {
    /// The further beats of the vector instruction before it.
    Beats,
    /// The instruction before it was a jump or a taken branch.
    Branch,
    /// An operand, written by this instruction, was not there yet.
    Operand(Op),
    /// A CSR instruction waited until nothing older was left before commit.
    Csr,
    /// It loads from scalar memory, to which an instruction just before it stores.
    StoreToLoad,
    /// A division.
    Division,
}

impl fmt::Display for Stall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stall::Beats => f.write_str("beats of the vector instruction before"),
            Stall::Branch => f.write_str("jump or taken branch before"),
            Stall::Operand(op) => write!(f, "result of {}", op.spec().mnemonic),
            Stall::Csr => f.write_str("CSR: older instructions commit first"),
            Stall::StoreToLoad => f.write_str("scalar load behind a scalar store"),
            Stall::Division => f.write_str("division"),
        }
    }
}

/// The clocks that one instruction waited, by reason. Their sum and 1 is its distance
/// from the instruction before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stalls {
    /// See [`Stall::Beats`].
    pub beats: u32,
    /// See [`Stall::Branch`].
    pub branch: u32,
    /// See [`Stall::Operand`].
    pub operand: u32,
    /// What wrote the operand that was there last; `None` where none was waited for.
    pub producer: Option<Op>,
    /// See [`Stall::Csr`].
    pub csr: u32,
    /// See [`Stall::StoreToLoad`].
    pub store_to_load: u32,
    /// See [`Stall::Division`].
    pub division: u32,
}

impl Stalls {
    /// Reasons and their clocks, those of no clocks left out.
    pub fn iter(&self) -> impl Iterator<Item = (Stall, u32)> {
        let operand = self.producer.map(Stall::Operand);
        let all = [
            (Some(Stall::Beats), self.beats),
            (Some(Stall::Branch), self.branch),
            (operand, self.operand),
            (Some(Stall::Csr), self.csr),
            (Some(Stall::StoreToLoad), self.store_to_load),
            (Some(Stall::Division), self.division),
        ];
        all.into_iter()
            .filter_map(|(stall, clocks)| Some((stall?, clocks)))
            .filter(|row| row.1 > 0)
    }
}

/// When the last instruction left the stage A, for observers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Issue {
    /// `h`, in clocks of the run.
    pub clock: u64,
    /// Why not earlier.
    pub stalls: Stalls,
}
