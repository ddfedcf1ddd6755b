//! Two words a membrane: recurrent networks whose spikes fall in the reference's steps.
#![allow(clippy::unwrap_used)]

use spikevec_compiler::Options;
use spikevec_compiler::graph::{Connectivity, Network, Population, Projection, Source};
use spikevec_compiler::neuron::{CubaLi, CubaLif, Firing, Li, Lif, Neuron};
use spikevec_compiler::options::Precision;
use spikevec_compiler::quantise::{Calibration, Difference, quantise, record, seeded_spikes};
use spikevec_compiler::reading::{Reset, ResetStep};
use spikevec_compiler::reference::Reference;
use spikevec_isa::Rng;

const SIZE: usize = 40;
const INPUTS: usize = 16;

/// Numbers in [-1, 1) from a linear congruence.
fn numbers(count: usize, seed: u64) -> Vec<f64> {
    let mut state = seed;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    };
    (0..count).map(|_| next()).collect()
}

/// One population that feeds itself densely, strongly enough to be chaotic.
fn recurrent(neuron: Neuron) -> Network {
    let scaled = |count, seed, by: f64| numbers(count, seed).iter().map(|w| w * by).collect();
    let projection = |source, weights, delay| Projection {
        source,
        target: 0,
        connectivity: Connectivity::dense(weights),
        delay,
    };
    Network {
        input_shape: vec![INPUTS],
        stated_dt: Some(1.0),
        populations: vec![Population {
            name: "p".to_owned(),
            neuron,
            shape: vec![SIZE],
            bias: vec![0.02; SIZE],
        }],
        projections: vec![
            projection(Source::Input, scaled(INPUTS * SIZE, 1, 0.5), 0),
            projection(Source::Population(0), scaled(SIZE * SIZE, 2, 0.4), 1),
        ],
        outputs: vec![0],
        warnings: Vec::new(),
    }
}

fn lif() -> Neuron {
    let each = |value| vec![value; SIZE];
    Neuron::Lif(Lif {
        membrane: Li {
            tau: each(10.0),
            r: each(10.0),
            v_leak: each(0.0),
        },
        firing: Firing {
            threshold: each(1.0),
            v_reset: each(0.0),
        },
    })
}

fn cuba() -> Neuron {
    let each = |value| vec![value; SIZE];
    Neuron::CubaLif(CubaLif {
        membrane: CubaLi {
            tau_syn: each(4.0),
            tau_mem: each(9.0),
            r: each(9.0),
            v_leak: each(0.1),
            w_in: each(4.0),
        },
        firing: Firing {
            threshold: each(1.0),
            v_reset: each(-0.2),
        },
    })
}

/// Spikes that differ end to end, as a fraction of the reference's, and instructions an update.
fn difference(network: &Network, options: &Options) -> (f64, usize) {
    let quantised = quantise(network, &Calibration::Seeded, options).unwrap();
    let reference = Reference::new(network, &options.readings, &[]).unwrap();
    let mut sum = Difference::default();
    for sample in 0..8 {
        let input = seeded_spikes(100 + sample, 100, INPUTS, 0.1);
        let there = reference.run(&input);
        let here = record(&quantised, &input, Rng::from_seed(1, sample), &[]);
        sum.add_sample(SIZE, (&there.spikes[0], &[]), (&here.spikes[0], &[]));
    }
    assert!(sum.reference_spikes > 1000, "{sum:?}");
    (
        sum.spike_error(),
        quantised.populations[0].kernel.operations().count(),
    )
}

#[test]
fn two_words_keep_recurrent_spikes_in_their_steps() {
    for neuron in [lif(), cuba()] {
        for (reset, reset_step) in [
            (Reset::Subtract, ResetStep::Next),
            (Reset::Zero, ResetStep::Same),
            (Reset::ToVReset, ResetStep::Next),
        ] {
            let network = recurrent(neuron.clone());
            let mut options = Options::default();
            options.readings.all.reset = Some(reset);
            options.readings.all.reset_step = Some(reset_step);
            let (standard, short) = difference(&network, &options);
            options.precision = Precision::High;
            let (high, long) = difference(&network, &options);
            let kind = neuron.kind();
            assert!(high < 0.01, "{kind} {reset:?} {reset_step:?}: {high}");
            assert!(
                standard > 2.0 * high,
                "{kind} {reset:?} {reset_step:?}: {standard} in one word, {high} in two"
            );
            assert!(long > short, "{long} operations, {short} in one word");
        }
    }
}

#[test]
fn a_bias_just_above_the_threshold_fires() {
    // The membrane goes to 1.0005 for a threshold of 1: in one word it stalls below.
    for bias in [1.0005, 1.002] {
        let network = Network {
            input_shape: vec![1],
            stated_dt: Some(1.0),
            populations: vec![Population {
                name: "p".to_owned(),
                neuron: Neuron::Lif(Lif {
                    membrane: Li {
                        tau: vec![10.0],
                        r: vec![1.0],
                        v_leak: vec![0.0],
                    },
                    firing: Firing {
                        threshold: vec![1.0],
                        v_reset: vec![0.0],
                    },
                }),
                shape: vec![1],
                bias: vec![bias],
            }],
            projections: vec![Projection {
                source: Source::Input,
                target: 0,
                connectivity: Connectivity::dense(vec![0.5]),
                delay: 0,
            }],
            outputs: vec![0],
            warnings: Vec::new(),
        };
        let options = Options::default();
        let quantised = quantise(&network, &Calibration::Seeded, &options).unwrap();
        let silence = vec![Vec::new(); 3000];
        let reference = Reference::new(&network, &options.readings, &[]).unwrap();
        let there = reference.run(&silence);
        let here = record(&quantised, &silence, Rng::from_seed(1, 0), &[]);
        let count = |spikes: &Vec<Vec<u32>>| spikes.iter().filter(|step| !step.is_empty()).count();
        let (there, here) = (count(&there.spikes[0]), count(&here.spikes[0]));
        assert!(
            there > 30 && here.abs_diff(there) <= 1,
            "{bias}: {here}, {there} in float"
        );
    }
}
