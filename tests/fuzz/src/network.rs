//! Networks of all primitives, small and often odd: an error, or a program that does what the
//! interpreter of its fixed-point network does.

use std::collections::BTreeMap;

use spikevec_compiler::options::{Precision, Record};
use spikevec_compiler::quantise::{Calibration, Interpreter};
use spikevec_compiler::reading::{Comparison, Integration, Readings, Reset, ResetStep};
use spikevec_compiler::{Compiled, Options, compile};
use spikevec_isa::fixed::Rounding;
use spikevec_isa::{Rng, Target};
use spikevec_nir::{
    Affine, AvgPool2d, Conv1d, Conv2d, CubaLI, CubaLIF, Delay, Flatten, Graph, Input,
    IntegrateAndFire, Integrator, LI, LIF, Linear, NodeKind, Output, Padding, Scale, SumPool2d,
    Tensor, Threshold, repair,
};
use spikevec_runtime::{Session, SessionOptions, SimulatorBackend, SimulatorOptions};

use crate::Bytes;

/// Most instructions of a sample.
const BUDGET: u64 = 10_000_000;

pub fn run(input: &[u8]) {
    let mut bytes = Bytes::new(input);
    let options = options(&mut bytes);
    let steps: Vec<u8> = bytes.take(6).to_vec();
    let mut graph = graph(&mut bytes);
    match repair(&mut graph) {
        Ok(warnings) => warnings.iter().for_each(|w| crate::check_message(w)),
        Err(error) => return crate::check_message(&error),
    }
    // The search for formats is as long as its samples.
    let sample = |inputs: u32| -> Vec<Vec<u32>> {
        let step = |bits: &u8| (0..inputs).filter(|k| bits >> (k % 8) & 1 == 1).collect();
        steps.iter().map(step).collect()
    };
    let inputs = spikevec_compiler::graph::from_nir(&graph).map(|network| network.inputs());
    let Ok(inputs) = inputs else {
        return;
    };
    let sample = sample(inputs as u32);
    let calibration = Calibration::Samples(vec![sample.clone()]);
    match compile(&graph, &calibration, &options) {
        Ok(compiled) => same(&compiled, &sample),
        Err(error) => crate::check_message(&error),
    }
}

/// Runs the sample on the program and on the interpreter.
fn same(compiled: &Compiled, sample: &[Vec<u32>]) {
    let target = &compiled.placed.target;
    let backend = SimulatorBackend::new(target, SimulatorOptions::default());
    let backend = backend.unwrap_or_else(|error| panic!("{error}"));
    let options = SessionOptions {
        budget: Some(BUDGET),
        seed: Some(3),
        max_steps: Some(4),
    };
    let session = Session::new(backend, &compiled.image, &options);
    let mut session = session.unwrap_or_else(|error| panic!("{error}"));
    let result = session.run_sample(sample, 0);
    let result = result.unwrap_or_else(|error| panic!("{error}"));
    let network = &compiled.placed.network;
    let mut interpreter = Interpreter::new(network, Rng::from_seed(3, 0));
    for (step, input) in sample.iter().enumerate() {
        interpreter.step(input);
        for (k, population) in network.populations.iter().enumerate() {
            if let Some(spikes) = result.spikes.get(&population.name) {
                assert_eq!(
                    spikes[step],
                    interpreter.spiking(k),
                    "{} at step {step}",
                    population.name
                );
            }
        }
    }
}

fn options(bytes: &mut Bytes) -> Options {
    let choice = bytes.word();
    let pick = |shift: u32, count: usize| (choice >> shift) as usize % count;
    let mut readings = Readings {
        dt: bytes.seldom().then(|| bytes.number()).or(Some(0.001)),
        ..Readings::default()
    };
    readings.all.integration = Some(Integration::ALL[pick(0, Integration::ALL.len())]);
    readings.all.reset = Some(Reset::ALL[pick(4, Reset::ALL.len())]);
    readings.all.reset_step = Some(ResetStep::ALL[pick(8, ResetStep::ALL.len())]);
    readings.all.comparison = Some(Comparison::ALL[pick(12, Comparison::ALL.len())]);
    let roundings = [Rounding::Nearest, Rounding::Stochastic, Rounding::Truncate];
    Options {
        readings,
        rounding: roundings[pick(16, 3)],
        precision: Precision::ALL[pick(20, Precision::ALL.len())],
        target: [Target::base(), Target::small(), Target::large()][pick(24, 3)].clone(),
        formats: BTreeMap::new(),
        record: Record {
            output_membranes: choice >> 31 == 1,
            spikes: vec!["*".to_owned()],
        },
        ..Options::default()
    }
}

/// A chain of nodes with an input and an output, and edges beside it.
fn graph(bytes: &mut Bytes) -> Graph {
    let mut graph = Graph::default();
    let mut names = Vec::new();
    let mut add = |graph: &mut Graph, kind: NodeKind| {
        let name = format!("n{}", names.len());
        graph.nodes.insert(name.clone(), kind.into());
        if let Some(before) = names.last().cloned() {
            graph.edges.push((before, name.clone()));
        }
        names.push(name);
    };
    let mut shape = first_shape(bytes);
    let input = Input {
        shape: shape.clone(),
    };
    add(&mut graph, NodeKind::Input(input));
    let mut nodes = 0;
    while !bytes.is_empty() && nodes < 8 {
        let kind = node(bytes, &mut shape);
        add(&mut graph, kind);
        nodes += 1;
    }
    add(&mut graph, NodeKind::Output(Output { shape }));
    while !bytes.is_empty() && graph.edges.len() < 16 {
        let mut name = || names[bytes.below(names.len())].clone();
        let edge = (name(), name());
        if !graph.edges.contains(&edge) {
            graph.edges.push(edge);
        }
    }
    graph
}

fn first_shape(bytes: &mut Bytes) -> Vec<usize> {
    const SHAPES: [&[usize]; 8] = [
        &[1],
        &[2],
        &[5],
        &[33],
        &[2, 6, 6],
        &[1, 5, 4],
        &[3, 7],
        &[40],
    ];
    SHAPES[bytes.below(SHAPES.len())].to_vec()
}

/// Parameters of one shape: mostly the same number for all.
fn tensor(bytes: &mut Bytes, shape: &[usize]) -> Tensor {
    let mut tensor = Tensor::full(shape, bytes.number());
    if bytes.seldom() {
        for value in &mut tensor.data {
            *value = bytes.number();
        }
    }
    if bytes.byte() == 255 {
        tensor.shape.push(1);
    }
    tensor
}

/// Weights: small numbers that follow from two.
fn weights(bytes: &mut Bytes, shape: &[usize]) -> Tensor {
    let (scale, step) = (bytes.number(), u32::from(bytes.byte()) | 1);
    let mut tensor = Tensor::full(shape, 0.0);
    for (k, value) in (0u32..).zip(&mut tensor.data) {
        *value = scale * (f64::from(k.wrapping_mul(step) % 17) / 8.0 - 1.0);
    }
    tensor
}

/// A node for what has `shape`, which becomes the shape of what it gives.
fn node(bytes: &mut Bytes, shape: &mut Vec<usize>) -> NodeKind {
    let kind = bytes.byte() % 18;
    if kind >= 12 {
        return layer(bytes, kind, shape);
    }
    let mut p = || tensor(bytes, shape);
    match kind {
        0 | 1 => NodeKind::LIF(LIF {
            tau: p(),
            r: p(),
            v_leak: p(),
            v_threshold: p(),
            v_reset: (kind == 0).then(p),
        }),
        2 | 3 => NodeKind::CubaLIF(CubaLIF {
            tau_syn: p(),
            tau_mem: p(),
            r: p(),
            v_leak: p(),
            v_threshold: p(),
            w_in: p(),
            v_reset: (kind == 2).then(p),
        }),
        4 => NodeKind::IF(IntegrateAndFire {
            r: p(),
            v_threshold: p(),
            v_reset: Some(p()),
        }),
        5 => NodeKind::I(Integrator { r: p() }),
        6 => NodeKind::LI(LI {
            tau: p(),
            r: p(),
            v_leak: p(),
        }),
        7 => NodeKind::CubaLI(CubaLI {
            tau_syn: p(),
            tau_mem: p(),
            r: p(),
            v_leak: p(),
            w_in: p(),
        }),
        8 => NodeKind::Threshold(Threshold { threshold: p() }),
        9 => NodeKind::Scale(Scale { scale: p() }),
        10 => NodeKind::Delay(Delay { delay: p() }),
        _ => NodeKind::Flatten(flatten(shape)),
    }
}

fn flatten(shape: &mut Vec<usize>) -> Flatten {
    let before = std::mem::take(shape);
    *shape = vec![before.iter().product()];
    Flatten {
        input_shape: Some(before),
        start_dim: 0,
        end_dim: -1,
    }
}

/// A node that has another shape behind it.
fn layer(bytes: &mut Bytes, kind: u8, shape: &mut Vec<usize>) -> NodeKind {
    let size = [1, 2, 3, 4, 31, 34][bytes.below(6)];
    let (kernel, stride) = (1 + bytes.below(3), 1 + bytes.below(2));
    let window = |length: usize| length.saturating_sub(kernel) / stride + 1;
    match (kind, shape.as_slice()) {
        (12, &[channels, length]) => {
            *shape = vec![size, window(length)];
            NodeKind::Conv1d(Conv1d {
                input_shape: bytes.seldom().then_some(length),
                weight: weights(bytes, &[size, channels, kernel]),
                bias: tensor(bytes, &[size]),
                stride,
                padding: Padding::Valid,
                dilation: 1,
                groups: 1,
            })
        }
        (12 | 13, &[channels, height, width]) => {
            let same = bytes.seldom() && stride == 1;
            let size = size % 5 + 1;
            *shape = match same {
                true => vec![size, height, width],
                false => vec![size, window(height), window(width)],
            };
            NodeKind::Conv2d(Conv2d {
                input_shape: Some([height, width]),
                weight: weights(bytes, &[size, channels, kernel, kernel]),
                bias: tensor(bytes, &[size]),
                stride: [stride; 2],
                padding: if same { Padding::Same } else { Padding::Valid },
                dilation: [1, 1],
                groups: 1,
            })
        }
        (14 | 15, &[channels, height, width]) => {
            *shape = vec![channels, window(height), window(width)];
            let (kernel_size, stride, padding) = ([kernel; 2], [stride; 2], [0; 2]);
            match kind {
                14 => NodeKind::SumPool2d(SumPool2d {
                    kernel_size,
                    stride,
                    padding,
                }),
                _ => NodeKind::AvgPool2d(AvgPool2d {
                    kernel_size,
                    stride,
                    padding,
                }),
            }
        }
        (16, &[before]) => {
            *shape = vec![size];
            NodeKind::Affine(Affine {
                weight: weights(bytes, &[size, before]),
                bias: tensor(bytes, &[size]),
            })
        }
        (_, &[before]) => {
            *shape = vec![size];
            NodeKind::Linear(Linear {
                weight: weights(bytes, &[size, before]),
            })
        }
        _ => NodeKind::Flatten(flatten(shape)),
    }
}
