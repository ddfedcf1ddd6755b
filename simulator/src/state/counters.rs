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

/// When a CSR instruction accesses a counter.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Now {
    /// Instructions retired before it.
    pub retired: u64,
    /// The clock. Without a timing model there is one an instruction.
    pub clock: u64,
    /// The first clock in which `mcycle` follows what is written to `mcountinhibit`.
    pub inhibited_from: u64,
}

/// The counter CSRs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counters {
    cycle: Counter,
    instret: Counter,
}

impl Counters {
    /// Value of a counter CSR, `None` for a CSR that is none.
    pub fn read(&self, csr: Csr, now: Now) -> Option<u32> {
        Some(match csr {
            Csr::Mcountinhibit => {
                let stopped = |counter: &Counter, bit| if counter.running { 0 } else { bit };
                stopped(&self.cycle, INHIBIT_CYCLE) | stopped(&self.instret, INHIBIT_INSTRET)
            }
            Csr::Mcycle => self.cycle.value(now.clock) as u32,
            Csr::Mcycleh => (self.cycle.value(now.clock) >> 32) as u32,
            Csr::Minstret => self.instret.value(now.retired) as u32,
            Csr::Minstreth => (self.instret.value(now.retired) >> 32) as u32,
            _ => return None,
        })
    }

    /// Writes a counter CSR; `false` for a CSR that is none. An instruction that
    /// clears an inhibit bit is itself counted, as on the reference.
    pub fn write(&mut self, csr: Csr, value: u32, now: Now) -> bool {
        let low = |old: u64| (old & !0xffff_ffff) | u64::from(value);
        let high = |old: u64| (old & 0xffff_ffff) | (u64::from(value) << 32);
        let Now { retired, clock, .. } = now;
        match csr {
            Csr::Mcountinhibit => {
                let running = value & INHIBIT_CYCLE == 0;
                self.cycle.set_running(running, now.inhibited_from);
                self.instret
                    .set_running(value & INHIBIT_INSTRET == 0, retired);
            }
            Csr::Mcycle => self.cycle.set(low(self.cycle.value(clock)), clock),
            Csr::Mcycleh => self.cycle.set(high(self.cycle.value(clock)), clock),
            Csr::Minstret => self.instret.set(low(self.instret.value(retired)), retired),
            Csr::Minstreth => self.instret.set(high(self.instret.value(retired)), retired),
            _ => return false,
        }
        true
    }
}
