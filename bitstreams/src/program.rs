//! Whether a program runs on a board.

use spikevec_assembler::{Image, Needs};
use spikevec_isa::csr::Csr;
use spikevec_isa::dma::Register;
use spikevec_isa::operand::Operand;
use spikevec_isa::{Instruction, Memory};
use spikevec_runtime::BackendError;

use crate::board::{Board, BoardFileError};

/// A program that a board cannot run.
#[derive(Debug, thiserror::Error)]
pub enum ProgramError {
    /// The board is not right.
    #[error(transparent)]
    Board(#[from] BoardFileError),
    /// Its memories are too small.
    #[error(transparent)]
    TooSmall(#[from] BackendError),
    /// It needs external memory.
    #[error(
        "the program needs external memory ({why}), and {board} has none that the core can reach: compile for a target \
         without external memory, or run on the simulator"
    )]
    External {
        /// The board.
        board: &'static str,
        /// What shows it.
        why: String,
    },
}

/// Checks that the memories of `board` hold `image`, and that it needs no external memory.
///
/// # Errors
/// The memory that is too small, or the contents or the instruction that shows a need of external memory.
pub fn fits(board: &Board, image: &Image) -> Result<(), ProgramError> {
    let external = |why: String| ProgramError::External {
        board: board.name,
        why,
    };
    let core = board.core()?;
    let bytes = Needs::of(image).bytes(Memory::External);
    if bytes > 0 {
        return Err(external(format!("{bytes} bytes of it")));
    }
    if let Some(at) = image.code.iter().position(|word| starts_transfer(*word)) {
        return Err(external(format!(
            "the instruction at {:#x} starts a DMA transfer",
            4 * at
        )));
    }
    Ok(spikevec_runtime::fits(image, &core.target)?)
}

/// Whether an instruction names a CSR that starts DMA.
fn starts_transfer(word: u32) -> bool {
    let Ok(instruction) = Instruction::decode(word) else {
        return false;
    };
    let csr = Csr::from_address(instruction.imm as u32);
    let register = csr.and_then(Csr::dma).map(|(_, register)| register);
    instruction.op.spec().has(Operand::Csr) && register == Some(Register::Control)
}
