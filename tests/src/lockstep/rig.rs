//! A core with what it needs around it, and a waveform where a program differs.

use std::ops::{Deref, DerefMut};
use std::path::PathBuf;

use spikevec_design::Design;
use spikevec_hdl::core::{Config, ConfigError};
use spikevec_simulator::Timing;
use spikevec_simulator::timing::TimingError;
use spikevec_simulator::timing::dma::ExternalTiming as SimulatorTiming;
use spikevec_verilated::burst::ExternalTiming;
use spikevec_verilated::device::{BurstMemory, Device, DeviceError};
use spikevec_verilated::{Model, Recording, VerilatedError};

use super::waving::{Waving, folder};
use super::{Difference, Lockstep, LockstepError, Options, Outcome, Step};
use crate::programs::Program;
use crate::programs::random::Shape;

/// Bytes of external memory that programs use.
pub const EXTERNAL: u32 = 64 << 10;

/// Random programs with all that the simulator's timing model covers.
pub const SHAPE: Shape = Shape {
    clocks: true,
    dma: true,
    colliding: true,
    faults: true,
};

/// Clocks of a waveform before the difference.
const BEFORE: u64 = 1000;

/// Clocks of a waveform after it.
const AFTER: u64 = 64;

/// Programs that are kept, to be run again before one that differs.
const KEPT: usize = 256;

/// External memory beside the core.
pub fn device_timing() -> ExternalTiming {
    ExternalTiming {
        latency: 20,
        clocks_per_word: 1,
    }
}

/// The same for the simulator.
pub fn simulator_timing(config: &Config) -> SimulatorTiming {
    let timing = device_timing();
    SimulatorTiming {
        latency: timing.latency,
        clocks_per_word: timing.clocks_per_word,
        burst_vectors: config.target.burst_vectors,
    }
}

/// The configuration of this name with the external memory that programs use.
pub fn named(name: &str) -> Option<Config> {
    let mut config = Config::named(name)?;
    config.target.external_bytes = EXTERNAL;
    Some(config)
}

/// A core that cannot be put beside a simulator.
#[derive(Debug, thiserror::Error)]
pub enum RigError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The model.
    #[error(transparent)]
    Verilated(#[from] VerilatedError),
    /// What the model stands in.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// The simulator's clocks.
    #[error(transparent)]
    Timing(#[from] TimingError),
    /// The simulator.
    #[error(transparent)]
    Lockstep(#[from] LockstepError),
}

/// What makes a core: a design of a configuration, and inputs that keep one value.
#[derive(Clone)]
pub struct Setup {
    /// Its lanes, memories and name.
    pub config: Config,
    /// Its Verilog.
    pub design: Design,
    /// Inputs by name that do not change.
    pub inputs: Vec<(String, u64)>,
    /// Most clocks of a program.
    pub clocks: u64,
}

impl Setup {
    /// The core of a configuration.
    ///
    /// # Errors
    /// One that cannot be built.
    pub fn new(config: &Config) -> Result<Self, RigError> {
        Ok(Setup {
            config: config.clone(),
            design: config.design()?,
            inputs: Vec::new(),
            clocks: Options::default().clocks,
        })
    }

    fn device(&self, model: &Model) -> Result<Device, RigError> {
        let lanes = self.config.target.lanes as usize;
        let external = BurstMemory::new(EXTERNAL as usize, device_timing(), lanes);
        let mut device = Device::from_model(model, lanes, &self.config.target, Box::new(external))?;
        for (name, value) in &self.inputs {
            let port = model.input(name)?;
            device.circuit().set(port, *value);
        }
        device.circuit().eval();
        Ok(device)
    }

    fn options(&self) -> Result<Options, RigError> {
        let timing = Timing::new(self.config.target.lanes)?;
        Ok(Options {
            clocks: self.clocks,
            timing: Some(timing.with_external(simulator_timing(&self.config))?),
        })
    }
}

/// A core beside the simulator that makes a waveform of its first difference.
pub struct Rig {
    setup: Setup,
    lockstep: Lockstep<Device>,
    history: Vec<Program>,
    forgotten: bool,
}

/// A program that did not agree.
#[derive(Debug, thiserror::Error)]
#[error("{error}{wave}")]
pub struct Failure {
    /// Why.
    pub error: LockstepError,
    /// Where the waveform is; `None` where there is none.
    pub path: Option<PathBuf>,
    /// What the report says about the waveform.
    wave: String,
}

impl Rig {
    /// A core at reset, of a model of the setup's design.
    ///
    /// # Errors
    /// What cannot be built.
    pub fn new(setup: Setup) -> Result<Self, RigError> {
        let model = Model::new(&setup.design)?;
        Self::of(setup, &model)
    }

    /// As [`Rig::new`], where the model is there already.
    ///
    /// # Errors
    /// As [`Rig::new`].
    pub fn of(setup: Setup, model: &Model) -> Result<Self, RigError> {
        let device = setup.device(model)?;
        let lockstep = Lockstep::new(device, &setup.config.target, setup.options()?)?;
        Ok(Rig {
            setup,
            lockstep,
            history: Vec::new(),
            forgotten: false,
        })
    }

    /// As [`Lockstep::run`]. Where the sides differ the program is run again, on a fresh core
    /// that records its last clocks: alone, and where it then does not fail in the same place,
    /// after the programs that were run before it.
    ///
    /// # Errors
    /// The difference, with the waveform's file in its text.
    pub fn run(
        &mut self,
        program: &Program,
        watch: &mut dyn FnMut(&Step, bool),
    ) -> Result<Outcome, Box<Failure>> {
        let error = match self.lockstep.run(program, watch) {
            Ok(outcome) => {
                if self.history.len() == KEPT {
                    self.history.remove(0);
                    self.forgotten = true;
                }
                self.history.push(program.clone());
                return Ok(outcome);
            }
            Err(error) => error,
        };
        let LockstepError::Difference(difference) = &error else {
            let wave = String::new();
            return Err(Box::new(Failure {
                error,
                path: None,
                wave,
            }));
        };
        let (path, wave) = match self.wave(program, difference) {
            Ok((path, text)) => (Some(path), text),
            Err(text) => (None, format!("\nno waveform: {text}")),
        };
        Err(Box::new(Failure { error, path, wave }))
    }

    /// As [`Rig::run`], without a waveform.
    ///
    /// # Errors
    /// As [`Lockstep::run`].
    pub fn run_plain(&mut self, program: &Program) -> Result<Outcome, LockstepError> {
        self.lockstep.run(program, &mut |_, _| ())
    }

    /// The waveform's file and what to say about it, or why there is none.
    fn wave(&self, program: &Program, wanted: &Difference) -> Result<(PathBuf, String), String> {
        let name: String = format!("{}-{}", self.setup.config.name, program.name)
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        let path = folder().join(format!("{name}.fst"));
        let window = (wanted.clock.saturating_sub(BEFORE), wanted.clock + AFTER);
        let say = |error: &dyn std::fmt::Display| error.to_string();
        let model = Model::recording(&self.setup.design, Recording::Waves).map_err(|e| say(&e))?;
        let mut last = String::new();
        for replayed in [&[][..], &self.history] {
            let device = self.setup.device(&model).map_err(|e| say(&e))?;
            let dut = Waving::new(device, &path);
            let options = self.setup.options().map_err(|e| say(&e))?;
            let target = &self.setup.config.target;
            let mut lockstep = Lockstep::new(dut, target, options).map_err(|e| say(&e))?;
            for earlier in replayed {
                let run = lockstep.run(earlier, &mut |_, _| ());
                run.map_err(|e| format!("an earlier program differs when run again: {e}"))?;
            }
            lockstep.dut().arm(window);
            match lockstep.run(program, &mut |_, _| ()) {
                Err(LockstepError::Difference(again))
                    if (again.place, &again.what) == (wanted.place, &wanted.what) =>
                {
                    let before = match replayed.len() {
                        0 => "on a fresh core".to_owned(),
                        n => format!("after the {n} programs before it"),
                    };
                    let start = lockstep.dut().started();
                    let at = start + wanted.clock;
                    let path = path.canonicalize().unwrap_or(path);
                    let shown = path.display();
                    return Ok((
                        path.clone(),
                        format!(
                            "\nwaveform: {shown}\n  the program's clocks {} to {}, run {before}; seen by clock {}, time {}\n  gtkwave {shown}",
                            window.0,
                            window.1,
                            wanted.clock,
                            10 * at
                        ),
                    ));
                }
                Err(other) => last = format!("run again it fails otherwise: {other}"),
                Ok(_) => "run again it agrees".clone_into(&mut last),
            }
        }
        // A waveform of something else would mislead.
        let _ = std::fs::remove_file(&path);
        if self.forgotten {
            last += &format!(" (only the last {KEPT} programs before it are kept)");
        }
        Err(last)
    }
}

impl Deref for Rig {
    type Target = Lockstep<Device>;

    fn deref(&self) -> &Self::Target {
        &self.lockstep
    }
}

impl DerefMut for Rig {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.lockstep
    }
}
