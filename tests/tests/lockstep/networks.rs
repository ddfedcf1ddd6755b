//! Networks on the core, every instruction compared with the simulator's.
//!
//! A session of the runtime feeds both: what it writes goes to both, and what it reads back is the
//! simulator's, which the comparison has shown to be the core's as well.

use std::path::Path;

use spikevec_assembler::Image;
use spikevec_compiler::quantise::{Calibration, seeded_spikes};
use spikevec_compiler::{Options, compile};
use spikevec_hdl::core::Config;
use spikevec_isa::fixed::Rounding;
use spikevec_isa::{Memory, Target};
use spikevec_nir::{
    Conv2d, Flatten, Graph, Input, IntegrateAndFire, Linear, NodeKind, Output, Padding, SumPool2d,
    Tensor,
};
use spikevec_runtime::{
    Backend, BackendError, Counters, DataOptions, Dataset, RunOutcome, Sample, Session,
    SessionOptions,
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
    let compiled = compiled(model, options);
    let options = compiled.data_options(&DataOptions::default()).unwrap();
    let data = Dataset::load(data, &options).unwrap();
    let name = model.file_stem().unwrap().to_string_lossy();
    let samples = &data.samples[..samples.min(data.samples.len())];
    agrees_on(config, &name, compiled.image(), samples);
}

/// Runs samples in lockstep.
fn agrees_on(config: &Config, name: &str, image: &Image, samples: &[Sample]) {
    let Some(lockstep) = core(config) else {
        return;
    };
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
    let mut session = Session::new(both, image, &SessionOptions::default()).unwrap();
    let (mut steps, mut clocks) = (0, 0);
    for (index, sample) in samples.iter().enumerate() {
        let result = session.run_sample(sample, index as u64);
        let result = result.unwrap_or_else(|error| panic!("{name} on {}: {error}", config.name));
        steps += result.steps;
        clocks += result.clocks.unwrap();
    }
    let retired = session.backend().retired;
    println!(
        "{name} on {}: {} samples, {steps} steps, {retired} instructions, {:.1} clocks a step",
        config.name,
        samples.len(),
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

/// A convolution to 16 channels that borders clip, a pool and a dense layer.
fn small_cnn() -> Graph {
    let weights = |shape: &[usize]| {
        let count = shape.iter().product();
        let data = (0..count).map(|k: usize| (k * 7919 % 101) as f64 / 100.0 - 0.4);
        Tensor::new(shape.to_vec(), data.collect()).unwrap()
    };
    let neurons = |shape: &[usize]| {
        NodeKind::IF(IntegrateAndFire {
            r: Tensor::full(shape, 1.0),
            v_threshold: Tensor::full(shape, 1.0),
            v_reset: None,
        })
    };
    let nodes = [
        NodeKind::Input(Input {
            shape: vec![2, 6, 6],
        }),
        NodeKind::Conv2d(Conv2d {
            input_shape: Some([6, 6]),
            weight: weights(&[16, 2, 3, 3]),
            bias: Tensor::full(&[16], 0.05),
            stride: [1, 1],
            padding: Padding::Explicit([1, 1]),
            dilation: [1, 1],
            groups: 1,
        }),
        neurons(&[16, 6, 6]),
        NodeKind::SumPool2d(SumPool2d {
            kernel_size: [2, 2],
            stride: [2, 2],
            padding: [0, 0],
        }),
        NodeKind::Conv2d(Conv2d {
            input_shape: Some([3, 3]),
            weight: weights(&[8, 16, 2, 2]),
            bias: Tensor::full(&[8], 0.0),
            stride: [1, 1],
            padding: Padding::Valid,
            dilation: [1, 1],
            groups: 1,
        }),
        neurons(&[8, 2, 2]),
        NodeKind::Flatten(Flatten {
            input_shape: Some(vec![8, 2, 2]),
            start_dim: 0,
            end_dim: -1,
        }),
        NodeKind::Linear(Linear {
            weight: weights(&[4, 32]),
        }),
        neurons(&[4]),
        NodeKind::Output(Output { shape: vec![4] }),
    ];
    let name = |k: usize| format!("n{k}");
    Graph {
        edges: (1..nodes.len()).map(|k| (name(k - 1), name(k))).collect(),
        nodes: (0..).map(name).zip(nodes.map(Into::into)).collect(),
        ..Graph::default()
    }
}

#[test]
fn convolutions_agree_on_the_core() {
    let graph = small_cnn();
    for config in super::core::configs() {
        let mut options = options(&config);
        options.readings.dt = Some(1.0);
        let compiled = compile(&graph, &Calibration::Seeded, &options).unwrap();
        let samples = [seeded_spikes(3, 12, 72, 0.1), seeded_spikes(4, 12, 72, 0.3)];
        agrees_on(&config, "small_cnn", &compiled.image, &samples);
    }
}
