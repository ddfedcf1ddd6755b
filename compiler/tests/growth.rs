//! Neurons that grow instead of decaying: their membranes in several words.
#![allow(clippy::unwrap_used)]

mod support;

use proptest::prelude::*;
use spikevec_compiler::format::Format;
use spikevec_compiler::graph::{Connectivity, Network, Population, Projection, Source};
use spikevec_compiler::neuron::{CubaLi, CubaLif, Firing, Li, Lif, Neuron};
use spikevec_compiler::options::Precision;
use spikevec_compiler::quantise::{
    Calibration, Formats, Interpreter, QuantisedNetwork, quantise, quantise_with, seeded_spikes,
};
use spikevec_compiler::reading::{Framework, Reset, ResetStep};
use spikevec_compiler::reference::Reference;
use spikevec_compiler::{Options, compile_network};
use spikevec_isa::Rng;
use spikevec_isa::fixed::Rounding;

/// Numbers from a seed, from 0 up to 1.
fn numbers(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / (1u64 << 31) as f64
    }
}

/// One population of `neuron` behind a dense projection with the weights given.
fn one_population(neuron: Neuron, inputs: usize, size: usize, weights: Vec<f64>) -> Network {
    Network {
        input_shape: vec![inputs],
        stated_dt: Some(1.0),
        populations: vec![Population {
            name: "p".to_owned(),
            neuron,
            shape: vec![size],
            bias: vec![0.0; size],
        }],
        projections: vec![Projection {
            source: Source::Input,
            target: 0,
            connectivity: Connectivity::dense(weights),
            delay: 0,
        }],
        outputs: vec![0],
        warnings: Vec::new(),
    }
}

/// LIF neurons of which every third grows, each a little towards its threshold.
fn growing(seed: u64, inputs: usize, size: usize) -> Network {
    let mut next = numbers(seed);
    let tau: Vec<f64> = (0..size)
        .map(|n| match n % 3 {
            0 => -150.0 - 400.0 * next(),
            _ => 3.0 + 20.0 * next(),
        })
        .collect();
    // The gain is `1 / tau`: negative weights excite neurons that grow.
    let excite = |n: usize| if tau[n] < 0.0 { -1.0 } else { 1.0 };
    let weights = (0..inputs * size)
        .map(|k| excite(k % size) * (1.4 * next() - 0.4))
        .collect();
    let firing = Firing {
        threshold: vec![1.0; size],
        v_reset: vec![0.0; size],
    };
    let membrane = Li {
        r: vec![1.0; size],
        v_leak: vec![0.0; size],
        tau,
    };
    one_population(Neuron::Lif(Lif { membrane, firing }), inputs, size, weights)
}

/// Spikes of the reference, and how many of them the quantised network has, too.
fn agreement(network: &Network, quantised: &QuantisedNetwork, options: &Options) -> (usize, usize) {
    let input = seeded_spikes(5, 1000, network.inputs(), 0.05);
    let reference = Reference::new(network, &options.readings, &[]).unwrap();
    let expected = reference.run(&input).spikes.remove(0);
    let mut interpreter = Interpreter::new(quantised, Rng::from_seed(1, 0));
    let (mut all, mut same) = (0, 0);
    for (spikes, expected) in input.iter().zip(expected) {
        interpreter.step(spikes);
        let found = interpreter.spiking(0);
        all += expected.len().max(found.len());
        same += expected.iter().filter(|n| found.contains(n)).count();
    }
    (all, same)
}

#[test]
fn every_spike_of_neurons_that_grow_falls_in_its_step() {
    let options = Options::default();
    for seed in 0..4 {
        let network = growing(seed, 40, 70);
        let quantised = quantise(&network, &Calibration::Seeded, &options).unwrap();
        assert_eq!(quantised.populations[0].kernel.words, 4);
        let (all, same) = agreement(&network, &quantised, &options);
        println!("{same} of {all} spikes");
        assert!(all > 250, "{all} spikes");
        assert_eq!(same, all, "seed {seed}");
    }
}

/// Options with which nothing about the reading is assumed.
fn settled() -> Options {
    let mut options = Options::default();
    options.readings.framework = Some(Framework::Nir);
    options
}

/// What the wide form is for: in 16 bits the same neurons fire when they like. Also the
/// way out of the wide form, a pinned accumulator.
#[test]
fn sixteen_bits_are_too_few_for_growth() {
    let mut options = settled();
    options
        .formats
        .insert("p.input".to_owned(), Format::new(16));
    let mut network = growing(0, 40, 70);
    // Only those that grow.
    if let Connectivity::Dense(dense) = &mut network.projections[0].connectivity {
        for (k, w) in dense.0.iter_mut().enumerate() {
            if (k % 70) % 3 != 0 {
                *w = 0.0;
            }
        }
    }
    let ordinary = quantise(&network, &Calibration::Seeded, &options).unwrap();
    assert_eq!(ordinary.populations[0].kernel.words, 1);
    let said = ordinary
        .warnings
        .iter()
        .any(|w| w.contains("`p`: 24 of its 70 neurons grow") && w.contains("p.input"));
    assert!(said, "{:?}", ordinary.warnings);
    let (all, same) = agreement(&network, &ordinary, &options);
    assert!(same * 10 < all * 9, "{same} of {all}");
    let wide = quantise(&network, &Calibration::Seeded, &settled()).unwrap();
    assert!(wide.warnings.is_empty(), "{:?}", wide.warnings);
    let (all, same) = agreement(&network, &wide, &options);
    assert_eq!(same, all);
}

#[test]
fn growth_without_a_wide_form_is_said() {
    let firing = Firing {
        threshold: vec![1.0; 3],
        v_reset: vec![0.0; 3],
    };
    let membrane = CubaLi {
        tau_syn: vec![4.0; 3],
        tau_mem: vec![10.0, -100.0, 10.0],
        r: vec![1.0; 3],
        v_leak: vec![0.0; 3],
        w_in: vec![1.0; 3],
    };
    let neuron = Neuron::CubaLif(CubaLif { membrane, firing });
    let network = one_population(neuron, 4, 3, vec![1.0; 12]);
    let quantised = quantise(&network, &Calibration::Seeded, &Options::default()).unwrap();
    assert_eq!(quantised.populations[0].kernel.words, 1);
    let said =
        |w: &String| w.contains("`p`: 1 of its 3 neurons grows") && w.contains("--precision high");
    assert!(
        quantised.warnings.iter().any(said),
        "{:?}",
        quantised.warnings
    );
    let high = Options {
        precision: Precision::High,
        ..settled()
    };
    let quantised = quantise(&network, &Calibration::Seeded, &high).unwrap();
    assert_eq!(quantised.populations[0].kernel.words, 4);
    assert!(quantised.warnings.is_empty(), "{:?}", quantised.warnings);
}

#[test]
fn populations_without_growth_stay_in_one_word() {
    let mut network = growing(0, 40, 70);
    let Neuron::Lif(lif) = &mut network.populations[0].neuron else {
        unreachable!("growing neurons are LIF")
    };
    lif.membrane.tau.iter_mut().for_each(|tau| *tau = tau.abs());
    let quantised = quantise(&network, &Calibration::Seeded, &Options::default()).unwrap();
    assert_eq!(quantised.populations[0].kernel.words, 1);
}

#[test]
fn a_wide_output_records_its_membrane() {
    let size = 33;
    let mut next = numbers(3);
    let li = Li {
        tau: (0..size)
            .map(|n| if n % 2 == 0 { -200.0 } else { 9.0 })
            .collect(),
        r: vec![1.0; size],
        v_leak: vec![0.25; size],
    };
    let weights = (0..20 * size).map(|_| next() - 0.5).collect();
    let network = one_population(Neuron::Li(li), 20, size, weights);
    let options = Options::default();
    let input = seeded_spikes(9, 60, 20, 0.1);
    let reference = Reference::new(&network, &options.readings, &[0]).unwrap();
    let expected = reference.run(&input).membranes.remove(0);
    let compiled = compile_network(network, &Calibration::Seeded, &options).unwrap();
    support::lockstep(&compiled, &input, 1);
    let quantised = &compiled.placed.network;
    let kernel = &quantised.populations[0].kernel;
    assert_eq!(kernel.words, 4);
    let format = kernel.states[kernel.membrane].format;
    let mut interpreter = Interpreter::new(quantised, Rng::from_seed(1, 0));
    for (spikes, expected) in input.iter().zip(expected.chunks(size)) {
        interpreter.step(spikes);
        for (found, expected) in interpreter.membrane(0).iter().zip(expected) {
            // The potential that the membrane leaks to is rounded, too.
            let error = (format.value(*found) - expected).abs();
            assert!(error < 1.5 * format.step(), "{error} at {expected}");
        }
    }
}

/// Parameters of one LIF neuron: time constant, resistance, leak, threshold, reset.
type Parameters = (f64, f64, f64, f64, f64);

fn parameters() -> impl Strategy<Value = Parameters> {
    let tau = prop_oneof![2.0..30.0f64, -400.0..-20.0f64, Just(1.0), 0.7..1.3f64];
    (tau, 0.3..2.0f64, -0.3..0.3f64, 0.5..1.5f64, -0.4..0.2f64)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// All words together are the membrane of the equation, but for some units of the last.
    #[test]
    fn the_words_add_up_to_the_membrane(
        neurons in prop::collection::vec(parameters(), 1..40),
        bias in prop_oneof![Just(0.0), -0.1..0.1f64],
        fraction in 8..11u32,
        inputs in prop_oneof![Just(3usize), Just(300usize)],
        (subtract, late, rounding) in (any::<bool>(), any::<bool>(), 0..3usize),
        seed in any::<u64>(),
    ) {
        let size = neurons.len() + 1;
        let mut next = numbers(seed);
        let own = |pick: fn(&Parameters) -> f64| -> Vec<f64> {
            // One that surely grows.
            let first: Parameters = (-100.0, 1.0, 0.0, 1.0, 0.0);
            std::iter::once(&first).chain(&neurons).map(pick).collect()
        };
        let membrane = Li { tau: own(|p| p.0), r: own(|p| p.1), v_leak: own(|p| p.2) };
        let firing = Firing { threshold: own(|p| p.3), v_reset: own(|p| p.4) };
        let weights = (0..inputs * size).map(|_| 2.0 * next() - 1.0).collect();
        let neuron = Neuron::Lif(Lif { membrane, firing });
        let mut network = one_population(neuron, inputs, size, weights);
        network.populations[0].bias.fill(bias);
        let mut options = Options { rounding: [Rounding::Nearest, Rounding::Stochastic, Rounding::Truncate][rounding], ..Options::default() };
        if subtract {
            options.readings.all.reset = Some(Reset::Subtract);
        }
        if late {
            options.readings.all.reset_step = Some(ResetStep::Next);
        }
        let formats = Formats { states: vec![Format::new(fraction)], accumulator: None };
        let quantised = quantise_with(&network, &[formats], &options).unwrap();
        let kernel = &quantised.populations[0].kernel;
        prop_assert_eq!(kernel.words, 4);
        let input = seeded_spikes(seed, 30, inputs, 3.0 / inputs as f64);
        let reference = Reference::new(&network, &options.readings, &[0]).unwrap();
        let expected = reference.run(&input);
        let mut interpreter = Interpreter::new(&quantised, Rng::from_seed(seed, 0));
        let rest = own(|p| p.2);
        let mut apart = vec![false; size];
        let mut highest = vec![0.0f64; size];
        let bits = kernel.states[1].format.fraction() - kernel.states[0].format.fraction();
        let factor_step = 2f64.powi(-14 - 2 * bits as i32);
        for (step, spikes) in input.iter().enumerate() {
            // Before the update of the next step the words hold the membrane decayed.
            interpreter.step(spikes);
            let found = interpreter.spiking(0);
            let last = kernel.states[3].format.step();
            for n in 0..size {
                // A spike too close to call sets a neuron apart for good.
                let same = found.contains(&(n as u32)) == expected.spikes[0][step].contains(&(n as u32));
                apart[n] |= !same;
                if apart[n] {
                    continue;
                }
                let tau = match &network.populations[0].neuron {
                    Neuron::Lif(lif) => lif.membrane.tau[n],
                    _ => unreachable!("the neurons are LIF"),
                };
                let v = expected.membranes[0][step * size + n] - rest[n];
                let rate = 1.0 / tau;
                let r = match &network.populations[0].neuron {
                    Neuron::Lif(lif) => lif.membrane.r[n],
                    _ => 1.0,
                };
                let decayed = v - rate * v + rate * r * bias;
                let words: f64 = (0..4)
                    .map(|m| kernel.states[m].format.value(interpreter.state(0, m)[n / 32][n % 32]))
                    .sum();
                let error = (words - decayed).abs();
                // Rounding of words that grows, and of the factor, times all that it multiplied.
                highest[n] = highest[n].max(v.abs());
                let factor = (step + 1) as f64 * factor_step * (1.0 + highest[n]);
                prop_assert!(error < 500.0 * last + factor, "neuron {n}: {words} for {decayed}");
            }
        }
        let wrong = apart.iter().filter(|apart| **apart).count();
        prop_assert!(wrong <= 1, "{wrong} of {size} neurons fire in other steps");
    }
}
