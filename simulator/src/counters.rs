//! `mcycle`, `minstret` and `mcountinhibit`.

use spikevec_isa::csr::Csr;

/// Bits of `mcountinhibit`: 0 stops `mcycle`, 2 stops `minstret`.
const INHIBIT_CYCLE: u32 = 1;
const INHIBIT_INSTRET: u32 = 4;

/// A counter that follows a clock without being stepped: its value is
/// `base + (now - since)` while it runs, so that the engine's loop need not touch it.
#[derive(Debug, Clone, Copy, Default)]
struct Counter {
    base: u64,
    since: u64,
    running: bool,
}

impl Counter {
    fn value(&self, now: u64) -> u64 {
        if self.running {
            self.base.wrapping_add(now.wrapping_sub(self.since))
        } else {
            self.base
        }
    }

    fn set_running(&mut self, running: bool, now: u64) {
        self.base = self.value(now);
        self.since = now;
        self.running = running;
    }

    /// The instruction that writes a counter is not counted by it: the next one
    /// reads what was written (RISC-V unprivileged specification, Zicsr).
    fn set(&mut self, value: u64, now: u64) {
        self.base = value;
        self.since = now.wrapping_add(1);
    }
}

/// The counter CSRs. `now` is everywhere the number of instructions that have
/// retired before the one that accesses the CSR; without a timing model it is the
/// clock as well.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counters {
    cycle: Counter,
    instret: Counter,
}

impl Counters {
    /// Value of a counter CSR, `None` for a CSR that is none.
    pub fn read(&self, csr: Csr, now: u64) -> Option<u32> {
        Some(match csr {
            Csr::Mcountinhibit => {
                let stopped = |counter: &Counter, bit| if counter.running { 0 } else { bit };
                stopped(&self.cycle, INHIBIT_CYCLE) | stopped(&self.instret, INHIBIT_INSTRET)
            }
            Csr::Mcycle => self.cycle.value(now) as u32,
            Csr::Mcycleh => (self.cycle.value(now) >> 32) as u32,
            Csr::Minstret => self.instret.value(now) as u32,
            Csr::Minstreth => (self.instret.value(now) >> 32) as u32,
            _ => return None,
        })
    }

    /// Writes a counter CSR; `false` for a CSR that is none. An instruction that
    /// clears an inhibit bit is itself counted, as on the reference.
    pub fn write(&mut self, csr: Csr, value: u32, now: u64) -> bool {
        let low = |old: u64| (old & !0xffff_ffff) | u64::from(value);
        let high = |old: u64| (old & 0xffff_ffff) | (u64::from(value) << 32);
        match csr {
            Csr::Mcountinhibit => {
                self.cycle.set_running(value & INHIBIT_CYCLE == 0, now);
                self.instret.set_running(value & INHIBIT_INSTRET == 0, now);
            }
            Csr::Mcycle => self.cycle.set(low(self.cycle.value(now)), now),
            Csr::Mcycleh => self.cycle.set(high(self.cycle.value(now)), now),
            Csr::Minstret => self.instret.set(low(self.instret.value(now)), now),
            Csr::Minstreth => self.instret.set(high(self.instret.value(now)), now),
            _ => return false,
        }
        true
    }
}
