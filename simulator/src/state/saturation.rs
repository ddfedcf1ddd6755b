//! How often saturating instructions saturate.

use spikevec_isa::LANES;

/// Counts of one code word. Zero for words that are no saturating instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SiteCount {
    /// Times executed while counting was on.
    pub executed: u64,
    /// Lanes whose exact result was clamped, summed over the executions; only
    /// lanes below the site's limit count.
    pub saturated_lanes: u64,
}

/// A site that cannot be given a lane limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SiteError {
    /// No instruction is loaded there.
    #[error("no instruction is loaded at pc {pc:#x}: the program ends at {end:#x}")]
    Outside {
        /// Address given.
        pc: u32,
        /// First address after the program.
        end: u32,
    },
    /// Not the address of a word.
    #[error("pc {pc:#x} is not a multiple of 4")]
    Misaligned {
        /// Address given.
        pc: u32,
    },
    /// More lanes than there are.
    #[error("a limit of {lanes} lanes: a vector has {LANES}")]
    Lanes {
        /// Lanes given.
        lanes: u32,
    },
}

/// The counts of every code word and the lanes that count.
#[derive(Debug, Clone, Default)]
pub(crate) struct Saturation {
    pub on: bool,
    pub counts: Vec<SiteCount>,
    lanes: Vec<u32>,
}

impl Saturation {
    /// Forgets everything but whether it is on, for a program of `words`.
    pub fn reset(&mut self, words: usize) {
        self.counts = vec![SiteCount::default(); words];
        self.lanes = vec![u32::MAX; words];
    }

    pub fn clear(&mut self) {
        self.counts.fill(SiteCount::default());
    }

    pub fn set_lanes(&mut self, pc: u32, lanes: u32) -> Result<(), SiteError> {
        if !pc.is_multiple_of(4) {
            return Err(SiteError::Misaligned { pc });
        }
        let end = self.lanes.len() as u32 * 4;
        let site = self
            .lanes
            .get_mut(pc as usize / 4)
            .ok_or(SiteError::Outside { pc, end })?;
        *site = match lanes {
            0..32 => (1 << lanes) - 1,
            32 => u32::MAX,
            _ => return Err(SiteError::Lanes { lanes }),
        };
        Ok(())
    }

    /// Counts one execution of the instruction at `pc` that clamped the lanes in `clamped`.
    pub fn count(&mut self, pc: u32, clamped: u32) {
        let site = pc as usize / 4;
        if let (Some(count), Some(lanes)) = (self.counts.get_mut(site), self.lanes.get(site)) {
            count.executed += 1;
            count.saturated_lanes += u64::from((clamped & lanes).count_ones());
        }
    }
}
