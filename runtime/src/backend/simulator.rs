//! The simulator as a backend.

use std::fmt;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use spikevec_assembler::Image;
use spikevec_assembler::image::SaturationSite;
use spikevec_isa::{Cause, Memory, Target};
use spikevec_simulator::{Limits as RunLimits, Machine, StallProfile, Timing, Tracer};

use super::segments::{fits, place, sized};
use super::{Backend, BackendError, Counters, Place, RunOutcome, SiteSaturation};
use crate::limits::Limits;

/// What the simulator does beyond running.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SimulatorOptions {
    /// Stop where a loaded vector is read by the next instruction.
    pub strict: bool,
    /// Count saturated lanes at the manifest's sites. Slower.
    pub count_saturation: bool,
}

/// A simulated machine. Forks share only the counts of stalls. One that is traced has no forks, so that its trace is in the
/// order of its runs.
pub struct SimulatorBackend {
    machine: Machine,
    options: SimulatorOptions,
    sites: Vec<SaturationSite>,
    counters: Counters,
    tracer: Option<Tracer<Box<dyn Write + Send>>>,
    timing: Option<Timing>,
    stalls: Option<Arc<Mutex<StallProfile>>>,
}

impl fmt::Debug for SimulatorBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimulatorBackend")
            .field("target", self.machine.target())
            .field("options", &self.options)
            .field("counters", &self.counters)
            .finish_non_exhaustive()
    }
}

impl SimulatorBackend {
    /// A machine of the given target without a program.
    ///
    /// # Errors
    /// A target whose memories make no sense.
    pub fn new(target: &Target, options: SimulatorOptions) -> Result<Self, BackendError> {
        Ok(SimulatorBackend {
            machine: Machine::new(target)?,
            options,
            sites: Vec::new(),
            counters: Counters::default(),
            tracer: None,
            timing: None,
            stalls: None,
        })
    }

    /// A machine of the target that the image's manifest names, or the base target
    /// where it has none. The image is not loaded yet.
    ///
    /// # Errors
    /// A target whose memories make no sense.
    pub fn for_image(image: &Image, options: SimulatorOptions) -> Result<Self, BackendError> {
        Self::for_image_within(image, options, &Limits::default())
    }

    /// As [`SimulatorBackend::for_image`]. Of memories beyond the limits there is what the program
    /// is known to need.
    ///
    /// # Errors
    /// As there.
    pub fn for_image_within(
        image: &Image,
        options: SimulatorOptions,
        limits: &Limits,
    ) -> Result<Self, BackendError> {
        let Some(manifest) = &image.manifest else {
            return Self::new(&Target::base(), options);
        };
        manifest.target.check()?;
        Self::new(&sized(image, &manifest.target, limits), options)
    }

    /// Writes a line per instruction to `out` from now on, which should be buffered.
    pub fn trace_to(&mut self, out: Box<dyn Write + Send>) {
        self.tracer = Some(Tracer::new(out));
    }

    /// Ends the trace and flushes it. Does nothing where there is none.
    ///
    /// # Errors
    /// The first error of writing.
    pub fn finish_trace(&mut self) -> Result<(), BackendError> {
        match self.tracer.take() {
            Some(tracer) => tracer.finish().map(drop).map_err(BackendError::Trace),
            None => Ok(()),
        }
    }

    /// Times runs from now on as a core of this kind takes them, or no more. A new
    /// backend does not time them, which is faster.
    pub fn set_timing(&mut self, timing: Option<Timing>) {
        self.timing = timing;
        self.machine.set_timing(timing);
    }

    /// Counts from now on what instructions of timed runs wait for, forks together.
    /// Slower. Runs that are traced are not counted.
    pub fn count_stalls(&mut self) {
        self.stalls = Some(Arc::default());
    }

    /// What has been counted since [`SimulatorBackend::count_stalls`].
    pub fn stalls(&self) -> StallProfile {
        let stalls = self.stalls.as_ref();
        stalls.map_or_else(StallProfile::default, |all| {
            all.lock().unwrap_or_else(PoisonError::into_inner).clone()
        })
    }

    /// The machine, for what is not in [`Backend`].
    pub fn machine_mut(&mut self) -> &mut Machine {
        &mut self.machine
    }

    /// The machine, for what is not in [`Backend`].
    pub fn machine(&self) -> &Machine {
        &self.machine
    }
}

impl Backend for SimulatorBackend {
    fn load(&mut self, image: &Image) -> Result<(), BackendError> {
        fits(image, self.machine.target())?;
        let mut machine = Machine::new(self.machine.target())?;
        machine.set_timing(self.timing);
        machine.load_code(&image.code)?;
        let there = machine.target().lane_local_bytes;
        let lane_bytes = match &image.manifest {
            Some(manifest) => manifest.target.lane_local_bytes,
            None => there,
        };
        for segment in &image.segments {
            for (address, bytes) in place(segment, lane_bytes, there) {
                machine
                    .write(segment.memory, address, bytes)
                    .map_err(|source| BackendError::Segment {
                        memory: segment.memory,
                        source,
                    })?;
            }
        }
        let mut sites = Vec::new();
        if self.options.count_saturation
            && let Some(manifest) = &image.manifest
        {
            sites.clone_from(&manifest.saturation_sites);
        }
        for (index, site) in sites.iter().enumerate() {
            machine
                .set_saturation_lanes(site.pc, site.lanes)
                .map_err(|source| BackendError::Site { index, source })?;
        }
        machine.enable_saturation_counts(!sites.is_empty());
        self.machine = machine;
        self.sites = sites;
        self.counters = Counters::default();
        Ok(())
    }

    fn write(&mut self, memory: Memory, address: u32, bytes: &[u8]) -> Result<(), BackendError> {
        Ok(self.machine.write(memory, address, bytes)?)
    }

    fn read(&mut self, memory: Memory, address: u32, out: &mut [u8]) -> Result<(), BackendError> {
        Ok(self.machine.read(memory, address, out)?)
    }

    fn run(&mut self, budget: u64) -> Result<RunOutcome, BackendError> {
        let limits = RunLimits {
            budget,
            strict: self.options.strict,
        };
        self.machine.restart();
        let stop = match (&mut self.tracer, &self.stalls) {
            (Some(tracer), _) => self.machine.run_with(&limits, tracer),
            (None, None) => self.machine.run(&limits),
            (None, Some(all)) => {
                let mut here = StallProfile::default();
                let stop = self.machine.run_with(&limits, &mut here);
                all.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .merge(&here);
                stop
            }
        };
        self.counters.instructions += stop.instructions;
        self.counters.rng_used_unseeded |= stop.rng_used_unseeded;
        if stop.cause == Cause::Budget {
            return Err(BackendError::Budget {
                budget,
                place: Place::at(stop.pc, 0),
            });
        }
        if !stop.is_end() {
            return Err(BackendError::Stopped(Box::new(stop)));
        }
        self.counters.runs += 1;
        Ok(RunOutcome {
            instructions: stop.instructions,
            clocks: stop.clocks,
            rng_used_unseeded: stop.rng_used_unseeded,
        })
    }

    fn counters(&self) -> Counters {
        let counts = self.machine.saturation_counts();
        let site = |site: &SaturationSite| {
            let count = counts
                .get(site.pc as usize / 4)
                .copied()
                .unwrap_or_default();
            SiteSaturation {
                pc: site.pc,
                population: site.population,
                values: count.executed * u64::from(site.lanes),
                saturated: count.saturated_lanes,
            }
        };
        Counters {
            saturation: self.sites.iter().map(site).collect(),
            ..self.counters.clone()
        }
    }

    fn fork(&self) -> Result<Self, BackendError> {
        if self.tracer.is_some() {
            return Err(BackendError::NoFork {
                why: "its trace has one run after the other",
            });
        }
        Ok(SimulatorBackend {
            machine: self.machine.clone(),
            options: self.options,
            sites: self.sites.clone(),
            counters: self.counters.clone(),
            tracer: None,
            timing: self.timing,
            stalls: self.stalls.clone(),
        })
    }
}
