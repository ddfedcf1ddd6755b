//! Models that are texts: what they mean, their programs, and what is wrong with bad ones.
#![allow(clippy::unwrap_used)]

mod support;

use std::sync::Arc;

use spikevec_compiler::graph::{Connectivity, Network, Population, Projection, Source};
use spikevec_compiler::neuron::{Described, Model, Neuron, Text};
use spikevec_compiler::quantise::{Calibration, seeded_spikes};
use spikevec_compiler::{Options, compile_network};

fn described(source: &str) -> Described {
    match Text::parse("test.neuron", source) {
        Ok(text) => Described::new(Arc::new(text)),
        Err(errors) => panic!("{errors}"),
    }
}

fn model(source: &str) -> Model {
    described(source).model_of(3, 1e-3).unwrap()
}

fn errors(source: &str) -> String {
    match Text::parse("test.neuron", source) {
        Ok(_) => panic!("no error"),
        Err(errors) => errors.to_string(),
    }
}

const ALIF: &str = include_str!("../../examples/neurons/alif.neuron");
const RESTING: &str = include_str!("../../examples/neurons/lif_refractory.neuron");
const IZHIKEVICH: &str = include_str!("../../examples/neurons/izhikevich.neuron");

#[test]
fn print() {
    for source in [ALIF, RESTING, IZHIKEVICH] {
        println!("{}", model(source));
        let network = network(described(source), 40, 20, 0.2);
        let c = compile_network(network, &Calibration::Seeded, &Options::default()).unwrap();
        println!("{}", c.placed.network);
        support::lockstep(&c, &seeded_spikes(3, 40, 20, 0.2), 5);
    }
}

fn network(neuron: Described, size: usize, inputs: usize, weight: f64) -> Network {
    let weights = (0..inputs * size).map(|k| weight * ((k * 7919 % 101) as f64 / 50.0 - 0.8));
    Network {
        input_shape: vec![inputs],
        stated_dt: Some(1e-3),
        populations: vec![Population {
            name: "p".to_owned(),
            shape: vec![size],
            neuron: Neuron::Described(neuron),
            bias: vec![0.0; size],
        }],
        projections: vec![Projection {
            source: Source::Input,
            target: 0,
            connectivity: Connectivity::dense(weights.collect()),
            delay: 0,
        }],
        outputs: vec![0],
        warnings: Vec::new(),
    }
}
