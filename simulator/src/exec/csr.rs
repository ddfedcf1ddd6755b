//! CSR instructions.

use spikevec_isa::Instruction;
use spikevec_isa::csr::Csr;

use crate::counters::Now;
use crate::machine::{CsrClock, Machine};
use crate::stop::Cause;

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

impl Machine {
    /// The CSR's old value goes to rd, then it changes. Illegal where there is no
    /// such CSR or it cannot be written.
    #[inline(never)]
    pub(super) fn csr(
        &mut self,
        i: Instruction,
        pc: u32,
        now: u64,
        change: Change,
    ) -> Result<(), Cause> {
        let illegal = Cause::Illegal {
            word: self.code.word(pc).unwrap_or(0),
        };
        let now = match self.csr_clock {
            CsrClock::Follows(ahead) => Now {
                retired: now,
                clock: now.wrapping_add(ahead),
                inhibited_from: now.wrapping_add(ahead),
            },
            // The clock of the write still goes by the old value.
            CsrClock::At(clock) => Now {
                retired: now,
                clock,
                inhibited_from: clock + 1,
            },
        };
        let csr = Csr::from_address(i.imm as u32).ok_or(illegal)?;
        let old = self
            .counters
            .read(csr, now)
            .or_else(|| self.read_dma(csr))
            .ok_or(illegal)?;
        let new = match change {
            Change::Keep => None,
            Change::Write(value) => Some(value),
            Change::Set(bits) => Some(old | bits),
            Change::Clear(bits) => Some(old & !bits),
        };
        if let Some(value) = new {
            let written = !csr.is_read_only()
                && (self.counters.write(csr, value, now) || self.write_dma(csr, value));
            if !written {
                return Err(illegal);
            }
        }
        self.set_x(i.rd, old);
        Ok(())
    }

    fn read_dma(&mut self, csr: Csr) -> Option<u32> {
        match self.csr_clock {
            CsrClock::Follows(_) => self.dma.read(csr),
            CsrClock::At(clock) => self
                .at_ports(clock, |ports, _, _| ports.read(csr))
                .flatten(),
        }
    }

    fn write_dma(&mut self, csr: Csr, value: u32) -> bool {
        let (vector, external) = (&mut self.vector, &mut self.external);
        match self.csr_clock {
            CsrClock::Follows(_) => self.dma.write(csr, value, vector, external),
            CsrClock::At(clock) => {
                self.at_ports(clock, |ports, _, _| ports.write(csr, value)) == Some(true)
            }
        }
    }
}
