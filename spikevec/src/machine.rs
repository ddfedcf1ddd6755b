//! Machines that run programs, opened by their kind.

use std::fmt;
use std::path::{Path, PathBuf};

#[cfg(feature = "hardware")]
use spikevec_hdl::core::Config;
use spikevec_isa::Target;
use spikevec_runtime::link::{Line, LinkOptions, SerialLine};
use spikevec_runtime::{
    AnyBackend, Limits, LinkBackend, Session, SessionError, SessionOptions, SimulatorBackend,
    SimulatorOptions,
};
use spikevec_simulator::Timing;

use crate::error::{Error, Result};
use crate::program::Program;

/// A kind of machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum MachineKind {
    /// The simulator.
    #[default]
    Simulator,
    /// The core's own Verilog in Verilator, much slower.
    Rtl,
    /// The core with its serial link in Verilator, slower still.
    System,
    /// A board at the end of a serial line.
    Board,
}

impl MachineKind {
    /// Names of all kinds.
    pub const NAMES: [&'static str; 4] = ["simulator", "rtl", "system", "board"];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            MachineKind::Simulator => "simulator",
            MachineKind::Rtl => "rtl",
            MachineKind::System => "system",
            MachineKind::Board => "board",
        }
    }

    /// The kind called `name`.
    pub fn named(name: &str) -> Option<Self> {
        let all = [
            MachineKind::Simulator,
            MachineKind::Rtl,
            MachineKind::System,
            MachineKind::Board,
        ];
        all.into_iter().find(|kind| kind.name() == name)
    }

    /// True where Verilator builds a model first, which takes about a minute unless it is kept from before.
    pub const fn is_verilated(self) -> bool {
        matches!(self, MachineKind::Rtl | MachineKind::System)
    }
}

impl fmt::Display for MachineKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Which machine, and how it runs.
#[derive(Debug, Clone)]
pub struct MachineOptions {
    /// The kind.
    pub kind: MachineKind,
    /// The core that is built, or whose clocks the simulator counts; `None` for the base core, which has all 32 lanes in
    /// hardware. A board is what it says it is.
    pub core: Option<Timing>,
    /// Count clocks. The simulator is faster without.
    pub timed: bool,
    /// Count what instructions wait for ([`Run::stalls`](crate::Run::stalls)). The simulator's alone.
    pub stalls: bool,
    /// Stop where a loaded vector is read by the next instruction. The simulator's alone.
    pub strict: bool,
    /// Write every instruction executed, with the values it wrote; each run writes the file anew, and its samples run one
    /// after the other. The simulator's alone.
    pub trace: Option<PathBuf>,
    /// Serial port of the board.
    pub port: Option<PathBuf>,
    /// Bits a second on the board's line.
    pub baud: u32,
    /// Memory of the simulator's machines.
    pub limits: Limits,
}

impl Default for MachineOptions {
    /// The simulator with the clocks of the base core; boards at 1 Mbit/s.
    fn default() -> Self {
        MachineOptions {
            kind: MachineKind::Simulator,
            core: None,
            timed: true,
            stalls: false,
            strict: false,
            trace: None,
            port: None,
            baud: 1_000_000,
            limits: Limits::default(),
        }
    }
}

impl MachineOptions {
    /// The core that is built or counted.
    pub fn core(&self) -> Timing {
        self.core.unwrap_or_default()
    }

    /// What a model is compiled for where only the core is chosen: the target with that core's memories.
    pub fn target(&self) -> Option<Target> {
        self.core.map(|core| Target::of_lanes(core.lanes()))
    }

    /// The timing of the simulator's runs.
    pub(crate) fn timing(&self) -> Option<Timing> {
        self.timed.then(|| self.core())
    }

    /// Refuses what only the simulator does.
    pub(crate) fn check(&self) -> Result<()> {
        let asked = [
            ("trace", self.trace.is_some()),
            ("strict", self.strict),
            ("stalls", self.stalls),
            ("untimed", !self.timed),
        ];
        match asked.into_iter().find(|(_, asked)| *asked) {
            Some((option, _)) if self.kind != MachineKind::Simulator => Err(Error::SimulatorOnly {
                option,
                kind: self.kind,
            }),
            _ => Ok(()),
        }
    }
}

/// A machine with a program in it, ready for data.
#[derive(Debug)]
pub struct Machine {
    pub(crate) program: Program,
    pub(crate) session: Session<AnyBackend>,
    /// The core whose clocks its runs tell; nothing where they tell none.
    pub(crate) timing: Option<Timing>,
    pub(crate) trace: Option<PathBuf>,
    pub(crate) stalls: bool,
    pub(crate) limits: Limits,
}

impl Machine {
    /// Opens a machine and loads `program` into it.
    ///
    /// # Errors
    /// A machine that is not there, cannot be built, or lacks what is asked of it; a program that has no manifest or does not
    /// fit.
    pub fn open(options: &MachineOptions, program: &Program) -> Result<Self> {
        options.check()?;
        let backend = backend(options, program)?;
        let timing = match &backend {
            AnyBackend::Link(link) => Timing::new(link.description().lanes).ok(),
            _ => options.timing(),
        };
        let session = Session::new(backend, program.image(), &SessionOptions::default())
            .map_err(|source| not_run(program, source))?;
        Ok(Machine {
            program: program.clone(),
            session,
            timing,
            trace: options.trace.clone(),
            stalls: options.stalls,
            limits: options.limits,
        })
    }

    /// The program in it.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// The core whose clocks its runs tell; nothing where they tell none.
    pub fn timing(&self) -> Option<Timing> {
        self.timing
    }

    /// The program on the machine, for single samples, states and memories.
    pub fn session(&mut self) -> &mut Session<AnyBackend> {
        &mut self.session
    }
}

fn not_run(program: &Program, source: SessionError) -> Error {
    Error::Run {
        name: program.name().to_owned(),
        source: Box::new(source),
    }
}

/// The machine itself.
pub(crate) fn backend(options: &MachineOptions, program: &Program) -> Result<AnyBackend> {
    match options.kind {
        MachineKind::Simulator => {
            let how = SimulatorOptions {
                strict: options.strict,
                count_saturation: true,
            };
            let mut simulator =
                SimulatorBackend::for_image_within(program.image(), how, &options.limits)?;
            simulator.set_timing(options.timing());
            if options.stalls {
                simulator.count_stalls();
            }
            Ok(AnyBackend::Simulator(Box::new(simulator)))
        }
        MachineKind::Board => {
            let port = options.port.as_deref().ok_or(Error::NoPort)?;
            board(port, options.baud)
        }
        MachineKind::Rtl | MachineKind::System => verilated(options),
    }
}

fn board(port: &Path, baud: u32) -> Result<AnyBackend> {
    let line: Box<dyn Line + Send> = Box::new(SerialLine::open(port, baud)?);
    let link = LinkBackend::open(line, LinkOptions::default()).map_err(|source| Error::NoCore {
        port: port.to_owned(),
        source: Box::new(source),
    })?;
    Ok(AnyBackend::Link(Box::new(link)))
}

#[cfg(not(feature = "hardware"))]
fn verilated(options: &MachineOptions) -> Result<AnyBackend> {
    Err(Error::NoHardware { kind: options.kind })
}

#[cfg(feature = "hardware")]
fn verilated(options: &MachineOptions) -> Result<AnyBackend> {
    use spikevec_hdl::system::SystemConfig;
    use spikevec_runtime::RtlBackend;
    use spikevec_verilated::pipe::SystemPipe;

    /// Clock in Hz and rate in bits a second of a simulated system: a bit has four clocks, the least.
    const CLOCK: u32 = 80_000_000;
    const BAUD: u32 = 20_000_000;

    let core = options.core();
    let mut config = Config::named(core.name()).ok_or(Error::NoSuchCore)?;
    if options.kind == MachineKind::Rtl {
        config.target.burst_vectors = core.external().burst_vectors;
        let design = config.design()?;
        let lanes = config.target.lanes as usize;
        let rtl = RtlBackend::new(&design, lanes, &config.target, core.external())?;
        return Ok(AnyBackend::Rtl(Box::new(rtl)));
    }
    let system = SystemConfig::new(&config, CLOCK, BAUD);
    // All limits in time are on the system's own clock, which passes while the host waits for it.
    let line: Box<dyn Line + Send> = Box::new(SystemPipe::new(&system.design()?, system.rates())?);
    let link = LinkBackend::open(line, LinkOptions::default())?;
    Ok(AnyBackend::Link(Box::new(link)))
}
