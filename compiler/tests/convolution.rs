//! Convolutions, pools and chains of them: against their equations, and the program against the
//! interpreter.
#![allow(clippy::unwrap_used)]

mod support;

use proptest::prelude::*;
use spikevec_compiler::graph::{Connectivity, from_nir};
use spikevec_compiler::options::Precision;
use spikevec_compiler::quantise::{Calibration, seeded_spikes};
use spikevec_compiler::reading::{Choices, Readings, Reset, ResetStep};
use spikevec_compiler::reference::Reference;
use spikevec_compiler::{Options, compile};
use spikevec_isa::fixed::Rounding;
use spikevec_isa::{Rng, Target};
use spikevec_nir::{
    Conv1d, Conv2d, Graph, Input, IntegrateAndFire, NodeKind, Output, Padding, SumPool2d, Tensor,
};
use spikevec_simulator::Timing;

use support::chain::{Chain, Draw};
use support::equations::applied;

/// Channels at which lanes begin, end and wrap.
const CHANNELS: [usize; 8] = [1, 2, 3, 16, 31, 32, 33, 100];

/// A chain of linear nodes does what the nodes do one after the other.
fn check_map(seed: u64) {
    let draw = &mut Draw(seed);
    let shape = [draw.one(&[1, 2, 3]), draw.of(1, 7), draw.of(1, 7)];
    let mut chain = Chain::new(&shape);
    for _ in 0..draw.of(1, 3) {
        match draw.of(0, 5) {
            0..=2 => {
                let outputs = draw.of(1, 5);
                chain.convolution(draw, outputs);
            }
            3 | 4 => chain.pool(draw),
            _ => chain.scale(draw),
        }
    }
    if draw.next() < 0.4 {
        chain.linear(draw, 5);
    }
    let nodes = chain.nodes.clone();
    let mut network = from_nir(&chain.graph()).unwrap();
    network.stated_dt = Some(1.0);
    let inputs = network.inputs();
    // Some neurons spike twice.
    let mut input = seeded_spikes(seed, 3, inputs, 0.4);
    for step in &mut input {
        let twice: Vec<u32> = step.iter().copied().filter(|n| n % 3 == 0).collect();
        step.extend(twice);
        step.sort_unstable();
    }
    let reference = Reference::new(&network, &Readings::default(), &[0]).unwrap();
    let found = reference.run(&input).membranes.remove(0);
    for (step, spikes) in input.iter().enumerate() {
        let mut x = vec![0.0; inputs];
        spikes.iter().for_each(|n| x[*n as usize] += 1.0);
        let mut shape = shape.to_vec();
        let y = nodes.iter().fold(x, |x, node| applied(node, x, &mut shape));
        let found = &found[step * y.len()..(step + 1) * y.len()];
        for (a, b) in found.iter().zip(&y) {
            assert!(
                (a - b).abs() < 1e-9 * (1.0 + b.abs()),
                "{seed}: {a} is not {b}"
            );
        }
    }
}

fn options(draw: &mut Draw, seed: u64) -> Options {
    let mut options = Options {
        target: Target::large(),
        seed,
        ..Options::default()
    };
    options.rounding = draw.one(&[Rounding::Nearest, Rounding::Stochastic, Rounding::Truncate]);
    options.precision = draw.one(&[Precision::Standard, Precision::Standard, Precision::Highest]);
    options.readings.dt = Some(1.0);
    options.readings.all = Choices {
        reset: Some(Reset::ALL[draw.of(0, 3)]),
        reset_step: Some(ResetStep::ALL[draw.of(0, 1)]),
        ..Choices::default()
    };
    if draw.next() < 0.5 {
        options.record.spikes = vec!["*".to_owned()];
    }
    options
}

/// The program of a network of convolutions equals its interpreter, in strict mode.
fn check_program(seed: u64) {
    let draw = &mut Draw(seed);
    let channels = draw.one(&CHANNELS);
    let side = if channels > 30 { 4 } else { 7 };
    let mut chain = Chain::new(&[channels, draw.of(1, side), draw.of(1, side)]);
    for _ in 0..draw.of(1, 2) {
        let outputs = draw.one(&CHANNELS);
        if draw.next() < 0.4 {
            chain.pool(draw);
        }
        chain.convolution(draw, outputs);
        chain.neurons(draw);
    }
    if draw.next() < 0.6 {
        if draw.next() < 0.5 {
            chain.pool(draw);
        }
        chain.linear(draw, 40);
        chain.neurons(draw);
    }
    let options = options(draw, seed);
    let graph = chain.graph();
    let inputs = from_nir(&graph).unwrap().inputs();
    let input = seeded_spikes(seed, 6, inputs, 0.2);
    let calibration = Calibration::Samples(vec![input.clone()]);
    let compiled = compile(&graph, &calibration, &options).unwrap();
    support::lockstep(&compiled, &input, seed);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn chains_of_linear_nodes_are_what_their_equations_say(seed in any::<u64>()) {
        check_map(seed);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn program_and_interpreter_agree(seed in any::<u64>()) {
        check_program(seed);
    }
}

#[test]
fn one_axis_is_two_of_which_the_first_has_one_element() {
    let draw = &mut Draw(5);
    let weight = draw.tensor(&[3, 2, 3], 1.0);
    let bias = Tensor::vector(vec![0.5, 0.0, -0.5]);
    let nodes = vec![
        ("a", NodeKind::Input(Input { shape: vec![2, 9] })),
        (
            "b",
            NodeKind::Conv1d(Conv1d {
                input_shape: Some(9),
                weight: weight.clone(),
                bias: bias.clone(),
                stride: 2,
                padding: Padding::Explicit([1]),
                dilation: 2,
                groups: 1,
            }),
        ),
        ("c", NodeKind::Output(Output { shape: vec![3, 4] })),
    ];
    let edge = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    let graph = Graph {
        nodes: nodes
            .into_iter()
            .map(|(name, kind)| (name.to_owned(), kind.into()))
            .collect(),
        edges: vec![edge("a", "b"), edge("b", "c")],
        ..Graph::default()
    };
    let mut network = from_nir(&graph).unwrap();
    network.stated_dt = Some(1.0);
    let reference = Reference::new(&network, &Readings::default(), &[0]).unwrap();
    let input = vec![vec![0, 4, 8, 11, 17]];
    let found = reference.run(&input).membranes.remove(0);
    let mut x = [[0.0; 9]; 2];
    input[0]
        .iter()
        .for_each(|n| x[*n as usize / 9][*n as usize % 9] = 1.0);
    for o in 0..3 {
        for i in 0..4 {
            let mut y = bias.data[o];
            for (c, x) in x.iter().enumerate() {
                for k in 0..3usize {
                    let at = (2 * i + 2 * k).checked_sub(1);
                    let x = at.and_then(|at| x.get(at)).copied().unwrap_or(0.0);
                    y += weight.data[(o * 2 + c) * 3 + k] * x;
                }
            }
            assert!((found[o * 4 + i] - y).abs() < 1e-12);
        }
    }
}

#[test]
fn pools_go_into_the_kernel_behind_them() {
    let draw = &mut Draw(7);
    let mut chain = Chain::new(&[2, 9, 8]);
    let pool = SumPool2d {
        kernel_size: [2, 2],
        stride: [2, 2],
        padding: [0, 0],
    };
    chain.nodes.push(NodeKind::SumPool2d(pool));
    chain.shape = vec![2, 4, 4];
    chain.nodes.push(NodeKind::Conv2d(Conv2d {
        input_shape: Some([4, 4]),
        weight: draw.tensor(&[32, 2, 3, 3], 1.0),
        bias: Tensor::full(&[32], 0.0),
        stride: [1, 1],
        padding: Padding::Explicit([1, 1]),
        dilation: [1, 1],
        groups: 1,
    }));
    chain.shape = vec![32, 4, 4];
    let network = from_nir(&chain.graph()).unwrap();
    let [projection] = &network.projections[..] else {
        panic!("one projection")
    };
    let Connectivity::Convolution(map) = &projection.connectivity else {
        panic!("a convolution is left")
    };
    // The ninth row is beyond the pool's last window.
    assert_eq!((map.geometry.kernel, map.geometry.stride), ([6, 6], [2, 2]));
    assert_eq!(map.geometry.reach, [8, 8]);
}

/// Clocks that one more spike of the hidden population takes, away from borders.
fn clocks_of_a_spike(channels: usize) -> f64 {
    let draw = &mut Draw(1);
    let mut chain = Chain::new(&[1, 8, 8]);
    let all = |shape: &[usize], value: f64| Tensor::full(shape, value);
    let neurons = |shape: &[usize]| {
        NodeKind::IF(IntegrateAndFire {
            r: all(shape, 1.0),
            v_threshold: all(shape, 1.0),
            v_reset: None,
        })
    };
    chain.nodes.push(neurons(&[1, 8, 8]));
    chain.nodes.push(NodeKind::Conv2d(Conv2d {
        input_shape: Some([8, 8]),
        weight: draw.tensor(&[channels, 1, 3, 3], 0.01),
        bias: all(&[channels], 0.0),
        stride: [1, 1],
        padding: Padding::Explicit([1, 1]),
        dilation: [1, 1],
        groups: 1,
    }));
    chain.shape = vec![channels, 8, 8];
    chain.nodes.push(neurons(&chain.shape));
    let mut options = Options::default();
    options.readings.dt = Some(1.0);
    // Weights of the pixels are 1 and thresholds below it, so that pixels spike.
    if let NodeKind::IF(p) = &mut chain.nodes[1] {
        p.v_threshold.data.fill(0.5);
    }
    let compiled = compile(&chain.graph(), &Calibration::Seeded, &options).unwrap();
    let inner = |count: usize| -> Vec<Vec<u32>> {
        let pixels = (0..count).map(|k| ((1 + k / 6) * 8 + 1 + k % 6) as u32);
        vec![pixels.collect()]
    };
    let clocks = |count: usize| {
        let mut bench = support::Bench::new(&compiled);
        bench.machine.set_timing(Some(Timing::default()));
        bench.run(&inner(count), Some(&Rng::from_seed(1, 0)));
        bench.clocks
    };
    (clocks(20) - clocks(10)) as f64 / 10.0
}

#[test]
fn a_spike_takes_about_five_clocks_for_32_synapses() {
    for (channels, most) in [(16, 9.0), (32, 5.8), (64, 5.0)] {
        let clocks = clocks_of_a_spike(channels);
        let for_32 = clocks * 32.0 / (9 * channels) as f64;
        println!("{channels} channels: {clocks} clocks a spike, {for_32:.2} for 32 synapses");
        assert!(for_32 <= most, "{channels} channels: {for_32}");
    }
}

#[test]
fn a_target_without_the_room_is_told_what_takes_how_much() {
    let draw = &mut Draw(3);
    let mut chain = Chain::new(&[3, 20, 20]);
    chain.convolution(draw, 32);
    chain.neurons(draw);
    let mut options = Options {
        target: Target::small(),
        ..Options::default()
    };
    options.readings.dt = Some(1.0);
    let error = compile(&chain.graph(), &Calibration::Seeded, &options).unwrap_err();
    let text = error.to_string();
    for part in ["target `small` has", "bytes  n02: state", "--target large"] {
        assert!(text.contains(part), "{text}");
    }
}
