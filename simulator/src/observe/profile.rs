//! Where clocks go.

use std::collections::BTreeMap;

use super::{Observer, Retired, Stall};
use crate::state::State;

/// Clocks of timed runs by instruction and by reason of waiting. Listens to runs as
/// an [`Observer`]; the clocks in which a run starts and stops are not in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StallProfile {
    executed: u64,
    stalls: BTreeMap<(u32, Stall), u64>,
}

impl StallProfile {
    /// Instructions that retired, each of which took a clock at least.
    pub fn executed(&self) -> u64 {
        self.executed
    }

    /// Clocks waited: by the address of the instruction that waited, the reason, the number.
    pub fn sites(&self) -> impl Iterator<Item = (u32, Stall, u64)> {
        self.stalls.iter().map(|(&(pc, stall), &n)| (pc, stall, n))
    }

    /// Clocks waited, by reason.
    pub fn reasons(&self) -> BTreeMap<Stall, u64> {
        let mut reasons = BTreeMap::new();
        for (_, stall, clocks) in self.sites() {
            *reasons.entry(stall).or_default() += clocks;
        }
        reasons
    }

    /// Adds what another profile of the same program has counted.
    pub fn merge(&mut self, other: &StallProfile) {
        self.executed += other.executed;
        for (site, clocks) in &other.stalls {
            *self.stalls.entry(*site).or_default() += clocks;
        }
    }
}

impl Observer for StallProfile {
    fn retired(&mut self, _: &State, retired: &Retired) {
        self.executed += 1;
        let Some(issue) = retired.issue else {
            return;
        };
        for (stall, clocks) in issue.stalls.iter() {
            *self.stalls.entry((retired.pc, stall)).or_default() += u64::from(clocks);
        }
    }
}
