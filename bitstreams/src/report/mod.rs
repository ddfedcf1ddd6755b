//! The report of a bitstream: as JSON for programs, as Markdown for people.

mod markdown;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use crate::flow::{Count, CriticalPath, Hop, Row, Seed};

/// Version of the form of a report.
pub const FORM: u32 = 2;

/// What was built, what it takes and how fast it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// [`FORM`].
    pub form: u32,
    /// The board.
    pub board: String,
    /// The board's name for people.
    pub title: String,
    /// The device: its maker's name, which has size, speed grade and package in it.
    pub part: String,
    /// The core.
    pub core: CoreFacts,
    /// The PLL and the line.
    pub clock: ClockFacts,
    /// Yosys's command.
    pub synthesis: String,
    /// Whether synthesis was allowed the multiplexers behind LUTs.
    pub wide_luts: bool,
    /// The clock of each seed that was tried.
    pub seeds: Vec<Seed>,
    /// What the seeds come to.
    pub mhz: Summary,
    /// The seed of the bitstream: the fastest.
    pub seed: u32,
    /// Its critical path.
    pub critical_path: Option<CriticalPath>,
    /// What the device has and the placed design uses, by name.
    pub utilisation: Vec<Resource>,
    /// What the blocks take, before placement; nested: a block counts in those around it.
    pub blocks: Vec<Row>,
    /// All blocks together.
    pub total: Count,
    /// Python packages that hold the tools, and their versions.
    pub tools: BTreeMap<String, String>,
    /// SHA-256 of the Verilog, the constraints and the bitstream.
    pub checksums: BTreeMap<String, String>,
}

/// A core.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoreFacts {
    /// The named configuration.
    pub configuration: String,
    /// Lanes in hardware.
    pub lanes: u32,
    /// Instruction memory in bytes.
    pub instruction_bytes: u32,
    /// Scalar memory in bytes.
    pub scalar_bytes: u32,
    /// Vector memory in bytes.
    pub vector_bytes: u32,
    /// Lane-local memory of a lane in bytes.
    pub lane_local_bytes: u32,
}

/// Clocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockFacts {
    /// The board's oscillator in Hz.
    pub input_hz: u32,
    /// The core in Hz: what must be met.
    pub core_hz: u32,
    /// The PLL's oscillator in Hz, if the core's clock comes from a PLL.
    pub vco_hz: Option<u32>,
    /// Bits a second on the serial line.
    pub baud: u32,
}

/// Clocks of several seeds in MHz.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The slowest.
    pub least: f64,
    /// The middle one, or the mean of the two in the middle.
    pub median: f64,
    /// The fastest.
    pub most: f64,
}

impl Summary {
    /// That of at least one seed.
    pub fn of(seeds: &[Seed]) -> Option<Self> {
        let mut mhz: Vec<f64> = seeds.iter().map(|seed| seed.mhz).collect();
        mhz.sort_by(f64::total_cmp);
        let (least, most) = (*mhz.first()?, *mhz.last()?);
        let median = (mhz[(mhz.len() - 1) / 2] + mhz[mhz.len() / 2]) / 2.0;
        Some(Self {
            least,
            median: (median * 100.0).round() / 100.0,
            most,
        })
    }
}

/// Something that a device has a number of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// Name.
    pub name: String,
    /// Used.
    pub used: u64,
    /// On the device.
    pub available: u64,
}

/// The SHA-256 of some bytes, as `sha256sum` writes it.
pub fn checksum(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Report {
    /// As JSON.
    pub fn json(&self) -> String {
        // Numbers, texts, lists and maps with text for keys: nothing that JSON does not have.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// From JSON.
    ///
    /// # Errors
    /// A text that is no report of this form.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// How many of a resource are used.
    pub fn used(&self, name: &str) -> Option<u64> {
        let found = self
            .utilisation
            .iter()
            .find(|resource| resource.name == name);
        found.map(|resource| resource.used)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_sha256sum() {
        // printf abc | sha256sum
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(checksum(b"abc"), expected);
    }

    #[test]
    fn the_median_of_two_lies_between() {
        let seeds = [(1, 50.0), (2, 40.0), (3, 45.0), (4, 44.0)];
        let seeds = seeds.map(|(seed, mhz)| Seed { seed, mhz });
        let all = Summary::of(&seeds);
        assert!(all.is_some_and(|s| s.median == 44.5 && s.least == 40.0 && s.most == 50.0));
        let one = Summary::of(&seeds[..1]);
        assert!(one.is_some_and(|s| s.median == 50.0));
        assert!(Summary::of(&[]).is_none());
    }
}
