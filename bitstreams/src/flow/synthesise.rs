//! The whole way.

use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use spikevec_hdl::core::Config;

use super::error::FlowError;
use super::netlist::Blocks;
use super::nextpnr::{self, Routed, route};
use super::pack::pack;
use super::paths::CriticalPath;
use super::progress::{Progress, Step};
use super::tools::Tools;
use super::yosys;
use crate::board::Board;
use crate::report::{ClockFacts, CoreFacts, FORM, Report, Resource, Summary, checksum};

/// Levels of blocks that a report shows.
const DEPTH: usize = 5;

/// What a user decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The core's clock in Hz, instead of the board's.
    pub clock_hz: Option<u32>,
    /// Seeds that are tried.
    pub seeds: Vec<u32>,
    /// Seeds at the same time.
    pub jobs: usize,
    /// Allow multiplexers behind LUTs.
    pub wide_luts: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            clock_hz: None,
            seeds: vec![1, 2, 3],
            jobs: 1,
            wide_luts: false,
        }
    }
}

/// A bitstream that meets its clock.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Its bytes.
    pub bitstream: Vec<u8>,
    /// What is to be said of it.
    pub report: Report,
}

/// A folder for intermediate files: it is removed when all has gone well, and stays for its logs otherwise.
struct Work {
    folder: PathBuf,
}

static FOLDERS: AtomicU32 = AtomicU32::new(0);

impl Work {
    fn new(board: &Board) -> Result<Self, FlowError> {
        let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
        let name = format!("spikevec-{}-{}-{number}", board.name, std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).map_err(|source| FlowError::File {
            what: "write",
            path: folder.clone(),
            source,
        })?;
        Ok(Self { folder })
    }

    fn write(&self, name: &str, text: &str) -> Result<(), FlowError> {
        let path = self.folder.join(name);
        fs::write(&path, text).map_err(|source| FlowError::File {
            what: "write",
            path,
            source,
        })
    }

    fn read(&self, name: &str) -> Result<Vec<u8>, FlowError> {
        let path = self.folder.join(name);
        fs::read(&path).map_err(|source| FlowError::File {
            what: "read",
            path,
            source,
        })
    }

    fn remove(&self) {
        // Rubbish in the folder for temporary files is no reason to fail.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Builds the bitstream of a board and its report.
///
/// # Errors
/// A clock that the PLL cannot make, tools that fail, a design that does not fit, a clock that no seed meets. The tools' logs
/// then stay in a folder that the message names.
pub fn synthesise(
    board: &Board,
    options: &Options,
    tools: &Tools,
    progress: &mut dyn Progress,
) -> Result<Outcome, FlowError> {
    if options.seeds.is_empty() {
        return Err(FlowError::Seeds);
    }
    progress.begin(Step::Verilog);
    let core = board.core()?;
    let wanted = options.clock_hz.unwrap_or(board.file.clock.core_hz);
    let top = board.top(&core, wanted)?;
    let clock_hz = top.system.clock_hz;
    let design = top.design()?;
    let work = Work::new(board)?;
    work.write("top.v", &design.verilog)?;
    let device = &board.file.device;
    let family = device.family();
    work.write(&nextpnr::pins(family), board.constraints)?;
    let lines = design.verilog.lines().count();
    progress.end(Step::Verilog, &format!("{lines} lines"));

    progress.begin(Step::Synthesis);
    let (folder, wide) = (&work.folder, options.wide_luts);
    yosys::synthesise(tools, folder, &design.top, family, wide, progress)?;
    let path = folder.join("netlist.json");
    let netlist = String::from_utf8_lossy(&work.read("netlist.json")?).into_owned();
    let blocks = Blocks::read(&netlist, &design.top, family.count);
    let blocks = blocks.map_err(|message| FlowError::Form {
        tool: "yosys",
        path,
        message,
    })?;
    drop(netlist);
    let total = blocks.total();
    progress.end(
        Step::Synthesis,
        &format!(
            "{} LUT4, {} flip-flops, {} block RAMs, {} multipliers",
            total.lut, total.ff, total.block_ram, total.dsp
        ),
    );

    let routed = route_all(board, options, clock_hz, tools, folder, progress)?;
    let seeds: Vec<_> = routed.iter().map(|routed| routed.seed).collect();
    let fastest = routed.iter().max_by(|a, b| {
        let clocks = a.seed.mhz.total_cmp(&b.seed.mhz);
        clocks.then(b.seed.seed.cmp(&a.seed.seed))
    });
    let (Some(best), Some(mhz)) = (fastest, Summary::of(&seeds)) else {
        return Err(FlowError::Seeds);
    };
    let critical_path = CriticalPath::of(&best.raw.critical_paths, &best.clock, &blocks);
    if best.seed.mhz * 1e6 < f64::from(clock_hz) {
        let path = critical_path.as_ref().map(CriticalPath::summary);
        let error = FlowError::TooSlow {
            wanted: f64::from(clock_hz) / 1e6,
            seeds: seeds.len(),
            best: mhz.most,
            median: mhz.median,
            path: path.unwrap_or_else(|| "not known".to_owned()),
            advice: top.pll.map(|_| mhz.median.floor() as u32),
        };
        work.remove();
        return Err(error);
    }

    progress.begin(Step::Pack);
    let output = format!("top.{}", family.bitstream);
    let chosen = nextpnr::routed(family, best.seed.seed);
    pack(tools, folder, device, &chosen, &output)?;
    let bitstream = work.read(&output)?;
    progress.end(Step::Pack, &format!("{} bytes", bitstream.len()));

    let checksums = BTreeMap::from([
        ("top.v".to_owned(), checksum(design.verilog.as_bytes())),
        constraints(board),
        (board.bitstream(), checksum(&bitstream)),
    ]);
    let report = Report {
        form: FORM,
        board: board.name.to_owned(),
        title: board.file.title.clone(),
        part: device.part().to_owned(),
        core: core_facts(&core),
        clock: ClockFacts {
            input_hz: top.input_hz,
            core_hz: clock_hz,
            vco_hz: top.pll.map(|pll| pll.vco_hz),
            baud: top.system.baud,
        },
        synthesis: yosys::command(family, options.wide_luts),
        wide_luts: options.wide_luts,
        mhz,
        seed: best.seed.seed,
        critical_path,
        utilisation: utilisation(board, best),
        blocks: blocks.rows(DEPTH),
        total,
        tools: tools.versions(),
        checksums,
        seeds,
    };
    work.remove();
    Ok(Outcome { bitstream, report })
}

/// Name and checksum of the board's constraints.
fn constraints(board: &Board) -> (String, String) {
    let extension = board.file.device.family().constraints;
    let name = format!("{}.{extension}", board.name);
    (name, checksum(board.constraints.as_bytes()))
}

fn core_facts(core: &Config) -> CoreFacts {
    CoreFacts {
        configuration: core.name.to_owned(),
        lanes: core.target.lanes,
        instruction_bytes: core.target.instruction_bytes,
        scalar_bytes: core.target.scalar_bytes,
        vector_bytes: core.target.vector_bytes,
        lane_local_bytes: core.target.lane_local_bytes,
    }
}

/// What the routed design takes of each resource of the board's device.
fn utilisation(board: &Board, routed: &Routed) -> Vec<Resource> {
    let resources = board.file.device.family().resources.iter();
    let used = resources.filter_map(|(cell, name)| {
        let used = routed.raw.utilization.get(*cell)?;
        Some(Resource {
            name: (*name).to_owned(),
            used: used.used,
            available: used.available,
        })
    });
    used.collect()
}

/// Places and routes with all seeds; several at a time, in the order of the seeds.
fn route_all(
    board: &Board,
    options: &Options,
    clock_hz: u32,
    tools: &Tools,
    folder: &Path,
    progress: &mut dyn Progress,
) -> Result<Vec<Routed>, FlowError> {
    let waiting: Mutex<VecDeque<u32>> = Mutex::new(options.seeds.iter().copied().collect());
    let progress = Mutex::new(progress);
    let done = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..options.jobs.clamp(1, options.seeds.len()) {
            scope.spawn(|| {
                loop {
                    // A statement of its own, so that the lock ends with it.
                    let next = lock(&waiting).pop_front();
                    let Some(seed) = next else { break };
                    let step = Step::Route { seed };
                    lock(&progress).begin(step);
                    let line = |step, text: &str| lock(&progress).line(step, text);
                    let outcome = route(tools, folder, board, clock_hz, seed, line);
                    match &outcome {
                        Ok(routed) => {
                            lock(&progress).end(step, &format!("{:.2} MHz", routed.seed.mhz))
                        }
                        // The others would fail as well.
                        Err(_) => lock(&waiting).clear(),
                    }
                    lock(&done).push((seed, outcome));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(seed, _)| *seed);
    done.into_iter().map(|(_, outcome)| outcome).collect()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
