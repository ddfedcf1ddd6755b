//! A network of the size of a speech classifier, made from a seed.
//!
//! 700 inputs, 256 recurrent and 20 output neurons with synaptic currents
//! (CubaLIF), as networks for the Spiking Heidelberg Digits have. Its weights are
//! random, scaled so that 7 inputs spike in a step and about one hidden neuron: the
//! activity at which the field publishes its instruction counts.

use std::collections::BTreeMap;

use spikevec_compiler::quantise::seeded_spikes;
use spikevec_nir::{CubaLIF, Graph, Input, Linear, MetaValue, NodeKind, Output, Tensor};

/// Input neurons.
pub const INPUTS: usize = 700;
/// Hidden neurons.
pub const HIDDEN: usize = 256;
/// Output neurons.
pub const OUTPUTS: usize = 20;
/// Length of a step in seconds.
pub const DT: f64 = 1e-3;
/// Input spikes of a step, on average.
pub const INPUT_SPIKES: f64 = 7.0;

/// Numbers in [-1, 1) from a seed (a linear congruential generator is random enough for weights).
struct Uniform(u64);

impl Uniform {
    fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }

    fn matrix(&mut self, rows: usize, columns: usize, mean: f64, spread: f64) -> Tensor {
        let data = (0..rows * columns)
            .map(|_| mean + spread * self.next())
            .collect();
        Tensor {
            shape: vec![rows, columns],
            ..Tensor::vector(data)
        }
    }
}

fn cuba_lif(neurons: usize) -> NodeKind {
    let all = |value: f64| Tensor::full(&[neurons], value);
    let (tau_syn, tau_mem) = (5e-3, 20e-3);
    NodeKind::CubaLIF(CubaLIF {
        tau_syn: all(tau_syn),
        tau_mem: all(tau_mem),
        // One unit of weight adds one unit of current, and one of current one of membrane.
        r: all(tau_mem / DT),
        v_leak: all(0.0),
        v_threshold: all(1.0),
        v_reset: Some(all(0.0)),
        w_in: all(tau_syn / DT),
    })
}

/// The network of `seed`.
pub fn network(seed: u64) -> Graph {
    sized(seed, HIDDEN)
}

/// The same with another number of hidden neurons, and weights into which as much comes in a step.
pub fn sized(seed: u64, hidden: usize) -> Graph {
    let mut uniform = Uniform(seed);
    // As many more sources spike as there are more neurons.
    let scale = HIDDEN as f64 / hidden as f64;
    let mut graph = Graph::default();
    let mut add = |name: &str, kind: NodeKind| {
        graph.nodes.insert(name.to_owned(), kind.into());
    };
    add(
        "input",
        NodeKind::Input(Input {
            shape: vec![INPUTS],
        }),
    );
    let weight = uniform.matrix(hidden, INPUTS, 0.0, 0.0382);
    add("fc1", NodeKind::Linear(Linear { weight }));
    add("hidden", cuba_lif(hidden));
    let weight = uniform.matrix(hidden, hidden, -0.01 * scale, 0.03 * scale.sqrt());
    add("recurrent", NodeKind::Linear(Linear { weight }));
    let weight = uniform.matrix(OUTPUTS, hidden, 0.02 * scale, 0.1 * scale.sqrt());
    add("fc2", NodeKind::Linear(Linear { weight }));
    add("readout", cuba_lif(OUTPUTS));
    add(
        "output",
        NodeKind::Output(Output {
            shape: vec![OUTPUTS],
        }),
    );
    let edges = [
        ("input", "fc1"),
        ("fc1", "hidden"),
        ("hidden", "recurrent"),
        ("recurrent", "hidden"),
        ("hidden", "fc2"),
        ("fc2", "readout"),
        ("readout", "output"),
    ];
    graph.edges = edges.map(|(a, b)| (a.to_owned(), b.to_owned())).to_vec();
    graph.metadata = BTreeMap::from([("dt".to_owned(), MetaValue::Float(DT))]);
    graph
}

/// Input spikes of `steps` steps.
pub fn input(seed: u64, steps: usize) -> Vec<Vec<u32>> {
    seeded_spikes(seed, steps, INPUTS, INPUT_SPIKES / INPUTS as f64)
}
