//! Instruction memory in decoded form.

use std::sync::Arc;

use spikevec_isa::{Cause, Instruction, Target};

/// Code that does not fit in instruction memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the program has {words} instructions and instruction memory holds {capacity}: \
     choose a target with a larger instruction memory"
)]
pub struct LoadError {
    /// Words of the program.
    pub words: usize,
    /// Words that instruction memory holds.
    pub capacity: usize,
}

/// What strict mode needs to know of an instruction, one bit a vector register.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Hazards {
    /// Registers read.
    pub reads: u32,
    /// The register that a VLOADV or VLOADL writes.
    pub loads: u32,
}

/// Decoded instruction memory. Shared by machine, engine and clones of both.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    /// `None` is an illegal word.
    pub decoded: Arc<[Option<Instruction>]>,
    pub hazards: Arc<[Hazards]>,
    words: Arc<[u32]>,
    capacity_bytes: u32,
}

impl Code {
    pub fn empty(target: &Target) -> Self {
        Code {
            decoded: Arc::default(),
            hazards: Arc::default(),
            words: Arc::default(),
            capacity_bytes: target.instruction_bytes,
        }
    }

    /// Decodes `words`. An instruction of an extension that `target` lacks is illegal there.
    pub fn load(words: &[u32], target: &Target) -> Result<Self, LoadError> {
        let capacity = target.instruction_bytes as usize / 4;
        if words.len() > capacity {
            return Err(LoadError {
                words: words.len(),
                capacity,
            });
        }
        let decoded: Arc<[Option<Instruction>]> = words
            .iter()
            .map(|&word| {
                Instruction::decode(word)
                    .ok()
                    .filter(|i| target.extensions.contains(&i.op.spec().extension))
            })
            .collect();
        let hazards = decoded
            .iter()
            .map(|slot| slot.as_ref().map_or(Hazards::default(), hazards_of))
            .collect();
        Ok(Code {
            decoded,
            hazards,
            words: words.into(),
            capacity_bytes: target.instruction_bytes,
        })
    }

    /// The word at `pc`; memory beyond the program is zero, and `None` is outside the memory.
    pub fn word(&self, pc: u32) -> Option<u32> {
        (pc < self.capacity_bytes).then(|| self.words.get(pc as usize / 4).copied().unwrap_or(0))
    }

    /// Why nothing can be executed at `pc`.
    #[cold]
    pub fn no_instruction(&self, pc: u32) -> Cause {
        match self.word(pc) {
            Some(word) => Cause::Illegal { word },
            None => Cause::FetchFault {
                address: pc,
                size: self.capacity_bytes,
            },
        }
    }

    /// Words loaded.
    pub fn words(&self) -> &[u32] {
        &self.words
    }

    /// Size of instruction memory.
    pub fn capacity_bytes(&self) -> u32 {
        self.capacity_bytes
    }
}

fn hazards_of(i: &Instruction) -> Hazards {
    Hazards {
        reads: i.vector_reads().fold(0, |bits, r| bits | (1 << r)),
        loads: if i.op.spec().class.loads_lanes() {
            1 << i.rd
        } else {
            0
        },
    }
}
