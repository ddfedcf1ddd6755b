//! Networks on the core, every instruction compared with the simulator's.
//!
//! A session of the runtime feeds both: what it writes goes to both, and what it reads back is the
//! simulator's, which the comparison has shown to be the core's as well.

use std::path::Path;

use spikevec_assembler::Image;
use spikevec_compiler::Options;
use spikevec_hdl::core::Config;
use spikevec_isa::fixed::Rounding;
use spikevec_isa::{Memory, Target};
use spikevec_runtime::{
    Backend, BackendError, Counters, DataOptions, Dataset, RunOutcome, Session, SessionOptions,
};
use spikevec_tests::evaluate::compiled;
use spikevec_tests::lockstep::Rig;
use spikevec_tests::programs::{Program, Segment};
use spikevec_tests::shared;

use super::core::core;

struct Both {
    lockstep: Rig,
    program: Program,
    retired: u64,
}

impl Backend for Both {
    fn load(&mut self, image: &Image) -> Result<(), BackendError> {
        self.program.code.clone_from(&image.code);
        for segment in &image.segments {
            self.write(segment.memory, segment.address, &segment.bytes)?;
        }
        Ok(())
    }

    fn write(&mut self, memory: Memory, address: u32, bytes: &[u8]) -> Result<(), BackendError> {
        assert!(address.is_multiple_of(4), "{memory} at {address:#x}");
        let mut bytes = bytes.to_vec();
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        self.program.data.push(Segment {
            memory,
            address,
            bytes,
        });
        Ok(())
    }

    fn read(&mut self, memory: Memory, address: u32, out: &mut [u8]) -> Result<(), BackendError> {
        self.lockstep.machine().read(memory, address, out)?;
        Ok(())
    }

    fn run(&mut self, _: u64) -> Result<RunOutcome, BackendError> {
        let outcome = self.lockstep.run(&self.program, &mut |_, _| {});
        let outcome = outcome.unwrap_or_else(|error| panic!("{}: {error}", self.program.name));
        self.program.data.clear();
        self.retired += outcome.retired;
        Ok(RunOutcome {
            instructions: outcome.retired + 1,
            clocks: Some(outcome.stop.clocks),
            rng_used_unseeded: false,
        })
    }

    fn counters(&self) -> Counters {
        Counters::default()
    }

    fn fork(&self) -> Result<Self, BackendError> {
        Err(BackendError::NoFork {
            why: "a comparison has one core",
        })
    }
}

/// Runs the first samples of a data set in lockstep, with stochastic rounding where `seed` is given.
fn agrees(config: &Config, model: &Path, data: &Path, samples: usize, options: &Options) {
    let Some(lockstep) = core(config) else {
        return;
    };
    let compiled = compiled(model, options);
    let options = compiled.data_options(&DataOptions::default()).unwrap();
    let data = Dataset::load(data, &options).unwrap();
    let name = model.file_stem().unwrap().to_string_lossy();
    let program = Program {
        name: format!("{name} on {}", config.name),
        seed: None,
        code: Vec::new(),
        data: Vec::new(),
        timed: false,
    };
    let both = Both {
        lockstep,
        program,
        retired: 0,
    };
    let mut session = Session::new(both, compiled.image(), &SessionOptions::default()).unwrap();
    let (mut steps, mut clocks) = (0, 0);
    for (index, sample) in data.samples.iter().take(samples).enumerate() {
        let result = session.run_sample(sample, index as u64);
        let result = result.unwrap_or_else(|error| panic!("{name} on {}: {error}", config.name));
        steps += result.steps;
        clocks += result.clocks.unwrap();
    }
    let retired = session.backend().retired;
    println!(
        "{name} on {}: {samples} samples, {steps} steps, {retired} instructions, {:.1} clocks a step",
        config.name,
        clocks as f64 / steps as f64
    );
    assert!(steps > 0 && retired > 0);
}

fn options(config: &Config) -> Options {
    Options {
        target: Target::named(&config.target.name).unwrap(),
        ..Options::default()
    }
}

#[test]
fn the_digits_agree_on_the_core() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/digits");
    for config in super::core::configs() {
        let options = options(&config);
        agrees(
            &config,
            &folder.join("digits.nir"),
            &folder.join("test_x.npy"),
            20,
            &options,
        );
    }
}

#[test]
fn the_braille_networks_agree_on_the_core() {
    let Some(root) = shared::data() else { return };
    for model in ["noDelay_bias_zero", "noDelay_noBias_subtract"] {
        for config in super::core::configs() {
            let mut options = options(&config);
            options.readings.dt = Some(1e-4);
            options.rounding = Rounding::Stochastic;
            agrees(
                &config,
                &root.join(format!("nir/braille_{model}.nir")),
                &root.join("braille/x.npy"),
                5,
                &options,
            );
        }
    }
}
