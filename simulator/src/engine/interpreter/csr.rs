//! CSR instructions.

use spikevec_isa::csr::Csr;
use spikevec_isa::{Cause, Instruction};

use crate::clock::Clock;
use crate::state::State;

/// What a CSR instruction does to the CSR.
#[derive(Clone, Copy)]
pub(super) enum Change {
    /// Nothing: it only reads, which read-only CSRs allow.
    Keep,
    Write(u32),
    Set(u32),
    Clear(u32),
}

impl Change {
    /// `csrrs`, `csrrsi`: no write where the field is 0, whatever the value.
    pub fn set(field: u8, value: u32) -> Self {
        if field == 0 {
            Change::Keep
        } else {
            Change::Set(value)
        }
    }

    /// `csrrc`, `csrrci`, likewise.
    pub fn clear(field: u8, value: u32) -> Self {
        if field == 0 {
            Change::Keep
        } else {
            Change::Clear(value)
        }
    }
}

impl State {
    /// The CSR's old value goes to rd, then it changes. Illegal where there is no
    /// such CSR or it cannot be written. `retired` instructions came before.
    #[inline(never)]
    pub(super) fn csr<C: Clock>(
        &mut self,
        clock: &mut C,
        entered: C::Entered,
        i: Instruction,
        retired: u64,
        change: Change,
    ) -> Result<(), Cause> {
        // Every bit of the word is in a field of the instruction.
        let word = i.encode().unwrap_or(0);
        let illegal = Cause::Illegal { word };
        let now = clock.csr_time(entered, retired);
        let csr = Csr::from_address(i.imm as u32).ok_or(illegal)?;
        let old = match self.counters.read(csr, now) {
            Some(value) => value,
            None => clock
                .read_dma(entered, &mut self.memories, csr)
                .ok_or(illegal)?,
        };
        let new = match change {
            Change::Keep => None,
            Change::Write(value) => Some(value),
            Change::Set(bits) => Some(old | bits),
            Change::Clear(bits) => Some(old & !bits),
        };
        if let Some(value) = new {
            let written = !csr.is_read_only()
                && (self.counters.write(csr, value, now)
                    || clock.write_dma(entered, &mut self.memories, csr, value));
            if !written {
                return Err(illegal);
            }
        }
        self.set_x(i.rd, old);
        Ok(())
    }
}
