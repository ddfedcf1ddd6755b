//! How long a machine may take: docs/protocol.md, "Limits".
//!
//! All times are on the line's clock, see [`Line::elapsed`](super::Line::elapsed).

use std::time::Duration;

use super::client::FILL_WORDS;
use super::error::LinkError;

/// The most clocks that an access to a word takes a machine.
const WORD_CLOCKS: u64 = 10;

/// What every piece of work may take besides.
const BESIDES: Duration = Duration::from_secs(10);

/// The time of so many bytes on a line.
pub fn bytes_take(bytes: u64, rate: u32) -> Duration {
    let rate = u64::from(rate.max(1));
    Duration::from_nanos(bytes.saturating_mul(10_000_000_000) / rate)
}

/// The time of so many accesses to words in a machine.
pub fn accesses_take(accesses: u64, khz: u32) -> Duration {
    let khz = u64::from(khz.max(1));
    Duration::from_micros(accesses.saturating_mul(WORD_CLOCKS * 1000) / khz)
}

/// How much is asked of a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Work {
    /// Requests.
    pub requests: u64,
    /// Bytes on the line.
    pub bytes: u64,
    /// Words that the machine accesses.
    pub accesses: u64,
}

impl Work {
    /// Words that go over the line, so many at a time.
    pub fn words(count: usize, chunk: usize) -> Self {
        let requests = count.div_ceil(chunk.max(1)) as u64;
        Work {
            requests,
            bytes: 4 * count as u64 + 32 * requests,
            accesses: count as u64,
        }
    }

    /// Words that the machine fills.
    pub fn fill(count: usize) -> Self {
        let requests = count.div_ceil(FILL_WORDS) as u64;
        Work {
            requests,
            bytes: 32 * requests,
            accesses: count as u64,
        }
    }

    /// Both.
    pub fn and(self, other: Work) -> Self {
        Work {
            requests: self.requests + other.requests,
            bytes: self.bytes + other.bytes,
            accesses: self.accesses + other.accesses,
        }
    }

    /// The longest time that it may take: twice its own, a repetition of each request, and ten seconds.
    pub fn limit(self, patience: Duration, rate: u32, khz: u32) -> Duration {
        let own = bytes_take(self.bytes, rate) + accesses_take(self.accesses, khz);
        let repeated = patience.saturating_mul(u32::try_from(self.requests).unwrap_or(u32::MAX));
        (2 * own).saturating_add(repeated).saturating_add(BESIDES)
    }
}

/// A limit that runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// What is being done.
    pub name: &'static str,
    /// How long it may take.
    pub limit: Duration,
    /// When it must have ended.
    pub ends: Duration,
}

impl Limit {
    /// Whether it has passed.
    ///
    /// # Errors
    /// [`LinkError::Slow`].
    pub fn check(&self, now: Duration) -> Result<(), LinkError> {
        if now <= self.ends {
            return Ok(());
        }
        Err(LinkError::Slow {
            what: self.name,
            limit: self.limit,
        })
    }
}
