//! The program's state equals the interpreter's, bit for bit, after every step.
#![allow(clippy::unwrap_used)]

mod support;

use proptest::prelude::*;
use spikevec_compiler::format::Format;
use spikevec_compiler::graph::{Connectivity, Network, Population, Projection, Source};
use spikevec_compiler::neuron::{
    CubaLi, CubaLif, Firing, IntegrateAndFire, Integrator, Li, Lif, Neuron, Readout, Threshold,
};

use spikevec_compiler::options::{Precision, Record};
use spikevec_compiler::place::place;
use spikevec_compiler::quantise::{Calibration, Formats, quantise_with, seeded_spikes};
use spikevec_compiler::reading::{
    Choices, Comparison, Initial, InputScale, Integration, Reset, ResetStep,
};
use spikevec_compiler::{Compiled, Options, compile_network, emit};
use spikevec_isa::Target;
use spikevec_isa::fixed::Rounding;

/// A source of numbers for building a network from one seed.
struct Draw {
    state: u64,
    /// Probability that a leaky population has neurons that grow.
    growth: f64,
}

impl Draw {
    fn next(&mut self) -> f64 {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) as f64 / (1u64 << 31) as f64
    }
    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.next()
    }
    fn pick(&mut self, n: usize) -> usize {
        (self.next() * n as f64) as usize % n
    }
    /// The same number for all neurons, or one for each.
    fn values(&mut self, size: usize, low: f64, high: f64) -> Vec<f64> {
        if self.next() < 0.5 {
            vec![self.between(low, high); size]
        } else {
            (0..size).map(|_| self.between(low, high)).collect()
        }
    }
}

const SIZES: [usize; 6] = [1, 31, 32, 33, 100, 257];

/// Sizes at which unrolled code reaches its limits, beside the others.
const LARGE: [usize; 8] = [1, 32, 40, 100, 257, 320, 384, 420];

fn neuron(draw: &mut Draw, kind: usize, size: usize) -> Neuron {
    let firing = |draw: &mut Draw| Firing {
        threshold: draw.values(size, 0.3, 2.0),
        v_reset: if draw.next() < 0.5 {
            vec![0.0; size]
        } else {
            draw.values(size, -0.5, 0.2)
        },
    };
    let leak = |draw: &mut Draw| {
        if draw.next() < 0.5 {
            vec![0.0; size]
        } else {
            draw.values(size, -0.3, 0.3)
        }
    };
    let tau = |draw: &mut Draw| {
        let mut tau = draw.values(size, 1.5, 20.0);
        if draw.next() < draw.growth {
            for tau in &mut tau {
                if draw.next() < 0.4 {
                    *tau = -draw.between(5.0, 300.0);
                }
            }
        }
        tau
    };
    let li = |draw: &mut Draw| Li {
        tau: tau(draw),
        r: draw.values(size, 0.5, 5.0),
        v_leak: leak(draw),
    };
    let cuba_li = |draw: &mut Draw| CubaLi {
        tau_syn: draw.values(size, 1.5, 10.0),
        tau_mem: draw.values(size, 1.5, 20.0),
        r: draw.values(size, 1.0, 10.0),
        v_leak: leak(draw),
        w_in: draw.values(size, 0.5, 3.0),
    };
    let integrator = |draw: &mut Draw| Integrator {
        r: draw.values(size, 0.5, 2.0),
    };
    match kind {
        0 => Neuron::Lif(Lif {
            membrane: li(draw),
            firing: firing(draw),
        }),
        1 => Neuron::CubaLif(CubaLif {
            membrane: cuba_li(draw),
            firing: firing(draw),
        }),
        2 => Neuron::IntegrateAndFire(IntegrateAndFire {
            membrane: integrator(draw),
            firing: firing(draw),
        }),
        3 => Neuron::Threshold(Threshold {
            firing: firing(draw),
        }),
        4 => Neuron::Li(li(draw)),
        5 => Neuron::CubaLi(cuba_li(draw)),
        6 => Neuron::Integrator(integrator(draw)),
        _ => Neuron::Readout(Readout),
    }
}

/// A random network: spiking populations in a chain with shortcuts, feedback and
/// one-to-one projections, and outputs of every kind.
fn network(draw: &mut Draw, layers: usize, sizes: &[usize]) -> Network {
    let inputs = sizes[draw.pick(sizes.len())];
    let mut populations: Vec<Population> = Vec::new();
    let mut projections = Vec::new();
    for k in 0..layers {
        let last = k + 1 == layers;
        let size = sizes[draw.pick(sizes.len())];
        let kind = if last { draw.pick(8) } else { draw.pick(4) };
        let bias = if draw.next() < 0.5 {
            vec![0.0; size]
        } else {
            draw.values(size, -0.1, 0.2)
        };
        let neuron = neuron(draw, kind, size);
        let spiking = neuron.is_spiking();
        populations.push(Population {
            name: format!("p{k}"),
            neuron,
            shape: vec![size],
            bias,
        });
        let mut sources: Vec<Source> = (0..k).map(Source::Population).collect();
        sources.insert(0, Source::Input);
        if spiking {
            sources.push(Source::Population(k));
        }
        for (n, source) in sources.iter().enumerate() {
            // The layer before always connects, the others now and then.
            if n != k && draw.next() < 0.6 {
                continue;
            }
            let from = match source {
                Source::Input => inputs,
                Source::Population(s) => populations[*s].size(),
            };
            let fan = (from as f64).sqrt();
            let connectivity = if from == size && draw.next() < 0.4 {
                Connectivity::one_to_one(draw.values(size, -0.5, 1.0))
            } else {
                Connectivity::dense(
                    (0..from * size)
                        .map(|_| draw.between(-1.0, 1.5) / fan)
                        .collect(),
                )
            };
            let delay = u32::from(*source == Source::Population(k));
            projections.push(Projection {
                source: *source,
                target: k,
                connectivity,
                delay,
            });
        }
        // Feedback to an earlier layer.
        if spiking && k > 0 && draw.next() < 0.3 {
            let target = draw.pick(k);
            let to = populations[target].size();
            let weights = (0..size * to).map(|_| draw.between(-0.5, 0.3)).collect();
            let connectivity = Connectivity::dense(weights);
            projections.push(Projection {
                source: Source::Population(k),
                target,
                connectivity,
                delay: 1,
            });
        }
    }
    projections.sort_by_key(|p| (p.source, p.target));
    let outputs = vec![layers - 1];
    Network {
        input_shape: vec![inputs],
        stated_dt: Some(1.0),
        populations,
        projections,
        outputs,
        warnings: Vec::new(),
    }
}

fn random_options(draw: &mut Draw, seed: u64) -> Options {
    let mut options = Options {
        target: Target::large(),
        seed,
        ..Options::default()
    };
    options.precision = [Precision::Standard, Precision::High, Precision::Highest][draw.pick(3)];
    options.rounding = [Rounding::Nearest, Rounding::Stochastic, Rounding::Truncate][draw.pick(3)];
    options.readings.all = Choices {
        integration: Some(Integration::ALL[draw.pick(2)]),
        reset: Some(Reset::ALL[draw.pick(4)]),
        reset_step: Some(ResetStep::ALL[draw.pick(2)]),
        comparison: Some(Comparison::ALL[draw.pick(2)]),
        initial: Some(Initial::ALL[draw.pick(3)]),
        refractory: Some([0, 0, 1, 3][draw.pick(4)]),
        input_scale: [None, None, Some(InputScale::Factor(1.5))][draw.pick(3)],
        ..Choices::default()
    };
    options.record = Record {
        output_membranes: draw.next() < 0.5,
        spikes: if draw.next() < 0.5 {
            vec!["*".to_owned()]
        } else {
            Vec::new()
        },
    };
    options
}

/// Quantises with formats drawn at random, coarser until all values fit, and compiles
/// with a random amount of unrolling: what the search would not choose is right, too.
fn check_any_formats(seed: u64, growth: f64) {
    let draw = &mut Draw {
        state: seed,
        growth,
    };
    let layers = 1 + draw.pick(5);
    let mut network = network(draw, layers, &LARGE);
    // Any populations may be outputs.
    network.outputs = (0..layers)
        .filter(|&k| k + 1 == layers || draw.next() < 0.3)
        .collect();
    let mut options = random_options(draw, seed);
    if draw.next() < 0.7 {
        options.readings.all.reset_step = Some(ResetStep::Next);
    }
    let mut fractions: Vec<Vec<u32>> = network
        .populations
        .iter()
        .map(|_| (0..3).map(|_| 4 + draw.pick(14) as u32).collect())
        .collect();
    let separate: Vec<bool> = network
        .populations
        .iter()
        .map(|_| draw.next() < 0.4)
        .collect();
    let reading = options.readings.of(&network).unwrap();
    let quantised = loop {
        let formats: Vec<Formats> = network
            .populations
            .iter()
            .zip(&fractions)
            .zip(&separate)
            .zip(reading.readings())
            .map(|(((p, f), &separate), reading)| {
                let model = p.neuron.model(reading, &p.bias).unwrap();
                Formats {
                    states: f[..model.states().len()]
                        .iter()
                        .map(|&f| Format::new(f))
                        .collect(),
                    accumulator: separate.then(|| Format::new(f[2])),
                }
            })
            .collect();
        match quantise_with(&network, &formats, &options) {
            Ok(quantised) => break quantised,
            Err(_) => fractions
                .iter_mut()
                .flatten()
                .for_each(|f| *f = f.saturating_sub(1)),
        }
    };
    let placed = place(quantised, &options.target, &options.record, draw.pick(13)).unwrap();
    let image = emit(&placed, &options).unwrap();
    let input = seeded_spikes(seed, 6, network.inputs(), draw.between(0.02, 0.4));
    support::lockstep(
        &Compiled {
            network,
            placed,
            image,
        },
        &input,
        seed,
    );
}

fn check(seed: u64, growth: f64) {
    let draw = &mut Draw {
        state: seed,
        growth,
    };
    let layers = 1 + draw.pick(4);
    let network = network(draw, layers, &SIZES);
    let inputs = network.inputs();
    let options = random_options(draw, seed);
    let rate = draw.between(0.02, 0.4);
    let input = seeded_spikes(seed, 12, inputs, rate);
    let compiled = compile_network(
        network,
        &Calibration::Samples(vec![input.clone()]),
        &options,
    )
    .unwrap();
    support::lockstep(&compiled, &input, seed);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn program_and_interpreter_agree(seed in any::<u64>()) {
        check(seed, 0.1);
    }

    #[test]
    fn they_agree_in_any_formats(seed in any::<u64>()) {
        check_any_formats(seed, 0.1);
    }

    #[test]
    fn they_agree_where_neurons_grow(seed in any::<u64>()) {
        check_any_formats(seed, 1.0);
    }
}
