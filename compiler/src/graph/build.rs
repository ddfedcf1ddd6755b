//! From a NIR graph to populations and projections.

use std::collections::BTreeMap;

use spikevec_assembler::visible;
use spikevec_nir::{Graph, MetaValue, Metadata, NodeKind, Shapes, Tensor};

use super::arrangement::Neurons;
use super::convolution::convolution;
use super::flat::{FlatGraph, FlatNode};
use super::incoming::{Incoming, sum};
use super::linear::{LinearMap, Matrix};
use super::neurons::{each_parameter, neuron, neuron_size};
use super::order::{Connection, ordered};
use super::{Connectivity, Network, Population, Source};
use crate::error::CompileError;
use crate::neuron::{Neuron, Readout};

/// What the compiler lowers, for messages.
const SUPPORTED: &str = "Input, Output, Linear, Affine, Scale, Flatten, Conv1d, Conv2d, SumPool2d, AvgPool2d, Delay, I, IF, LI, LIF, CubaLI, CubaLIF, Threshold and nested graphs of these";

/// Builds the network of a NIR graph whose shapes have been repaired and checked.
///
/// # Errors
/// A node type that is not supported, a spike path that needs graded values, a
/// time constant of zero, or a structure without input, output or neurons.
pub fn from_nir(graph: &Graph) -> Result<Network, CompileError> {
    let flat = FlatGraph::new(graph)?;
    for (name, node) in &flat.nodes {
        if let FlatNode::Kind(kind) = node
            && !is_supported(kind)
        {
            return Err(unsupported(name, kind));
        }
    }
    let shapes = spikevec_nir::shapes(graph).map_err(|e| CompileError::Structure(e.to_string()))?;
    let mut names: Vec<&str> = Vec::new();
    let mut populations = Vec::new();
    for (name, node) in &flat.nodes {
        if let FlatNode::Kind(kind) = node
            && let Some(neuron) = neuron(name, kind)?
        {
            let size = neuron_size(kind);
            let stated = flat.paths.get(name).and_then(|path| shapes.get(path));
            let shape = stated.map(|(_, output)| output.clone());
            let whole = |shape: &Vec<usize>| shape.iter().product::<usize>() == size;
            names.push(name);
            populations.push(Population {
                name: visible(name).into_owned(),
                neuron,
                shape: shape.filter(whole).unwrap_or_else(|| vec![size]),
                bias: vec![0.0; size],
            });
        }
    }
    let mut walk = Walk {
        flat: &flat,
        shapes: &shapes,
        names: &names,
        populations: &populations,
        path: Vec::new(),
    };
    let mut incoming = Vec::new();
    for name in &names {
        incoming.push(walk.arriving_at(name)?);
    }
    // An Output that neurons feed directly reads them; any other gets a readout population.
    let mut outputs = Vec::new();
    let mut readouts = Vec::new();
    for (name, shape) in &flat.outputs {
        let into = walk.arriving_at_output(name)?;
        match &into.terms[..] {
            [] => {
                return Err(CompileError::Structure(format!(
                    "output node `{name}` is not connected to anything: connect it to a neuron or a linear node"
                )));
            }
            [(Source::Population(k), Matrix::Identity)] if into.bias.is_none() => outputs.push(*k),
            _ => {
                outputs.push(populations.len() + readouts.len());
                readouts.push((name.clone(), shape.clone(), into));
            }
        }
    }
    for (name, shape, into) in readouts {
        populations.push(Population {
            name: visible(&name).into_owned(),
            neuron: Neuron::Readout(Readout),
            bias: vec![0.0; shape.iter().product()],
            shape,
        });
        incoming.push(into);
    }
    if populations.is_empty() {
        return Err(CompileError::Structure(
            "the model has no neurons: there is nothing to run".to_owned(),
        ));
    }
    if outputs.is_empty() {
        return Err(CompileError::Structure(
            "the model has no Output node: add one behind the population to be read".to_owned(),
        ));
    }
    let fed = |into: &Incoming| {
        into.terms
            .iter()
            .any(|(source, _)| *source == Source::Input)
    };
    if !incoming.iter().any(fed) {
        return Err(CompileError::Structure(
            "the Input node leads to no neuron: add the edge that is missing behind it".to_owned(),
        ));
    }
    let stated_dt = stated_dt(&graph.metadata);
    let inputs = &flat.inputs;
    let warning = (inputs.len() > 1).then(|| {
        let each = inputs.iter();
        let each = each.map(|(name, first)| format!("`{}` from {first} on", visible(name)));
        let each: Vec<String> = each.collect();
        format!(
            "the model has {} Input nodes: their neurons stand in one row in the data, {}",
            inputs.len(),
            each.join(", ")
        )
    });
    let mut network = assemble(flat.input_shape, stated_dt, populations, incoming, outputs)?;
    network.warnings.extend(warning);
    Ok(network)
}

/// Puts populations into the order of their updates and makes the projections.
fn assemble(
    input_shape: Vec<usize>,
    stated_dt: Option<f64>,
    mut populations: Vec<Population>,
    mut incoming: Vec<Incoming>,
    outputs: Vec<usize>,
) -> Result<Network, CompileError> {
    let inputs: usize = input_shape.iter().product();
    for (into, population) in incoming.iter_mut().zip(&populations) {
        into.join(&population.name)?;
    }
    let orders: Vec<Neurons> = incoming.iter().map(Incoming::order).collect();
    let mut merged: BTreeMap<(Source, usize), Connectivity> = BTreeMap::new();
    for (target, into) in incoming.into_iter().enumerate() {
        let size = populations[target].size();
        if let Some(bias) = into.bias {
            check_size(&populations[target].name, "its bias", bias.len(), size)?;
            populations[target].bias = bias;
        }
        let population = &mut populations[target];
        if let Neurons::ChannelsLast(_) = orders[target] {
            orders[target].arrange(&mut population.bias);
            each_parameter(&mut population.neuron, |values| {
                orders[target].arrange(values);
            });
        }
        for (source, matrix) in into.terms {
            let (columns, order) = match source {
                Source::Input => (inputs, Neurons::AsInFile),
                Source::Population(k) => (populations[k].size(), orders[k]),
            };
            let name = &populations[target].name;
            if let Matrix::Convolution(map) = &matrix {
                let found = map.geometry.targets();
                check_size(name, "the output of its convolution", found, size)?;
            }
            let connectivity = matrix.connectivity(name, size, order, orders[target])?;
            let synapses = connectivity.synapses();
            if let Some(wanted) = synapses.sources(size) {
                let what = format!("the source of its {} input", synapses.kind());
                check_size(name, &what, columns, wanted)?;
            }
            let wanted = synapses.weights_between(columns, size);
            check_size(
                name,
                "the weights of its input",
                connectivity.weights().len(),
                wanted,
            )?;
            let key = (source, target);
            let sum = match merged.remove(&key) {
                Some(present) => present.plus(&connectivity, size),
                None => connectivity,
            };
            merged.insert(key, sum);
        }
    }
    let connections = merged
        .into_iter()
        .map(|((source, target), connectivity)| Connection {
            source,
            target,
            connectivity,
            delay: None,
        });
    let connections = connections.collect();
    Ok(ordered(
        input_shape,
        stated_dt,
        populations,
        connections,
        outputs,
    ))
}

/// The `dt` that a model states in its graph's metadata.
fn stated_dt(metadata: &Metadata) -> Option<f64> {
    match metadata.get("dt")? {
        MetaValue::Float(dt) => Some(*dt),
        MetaValue::Int(dt) => Some(*dt as f64),
        MetaValue::Array(tensor) if tensor.len() == 1 => tensor.data.first().copied(),
        _ => None,
    }
}

/// Walks from a node back to the spikes that reach it.
struct Walk<'a> {
    flat: &'a FlatGraph<'a>,
    shapes: &'a Shapes,
    names: &'a [&'a str],
    populations: &'a [Population],
    /// Linear nodes on the way, to notice a loop of them.
    path: Vec<String>,
}

impl Walk<'_> {
    /// As [`Walk::arriving_at`], where a membrane that does not spike may be read.
    fn arriving_at_output(&mut self, name: &str) -> Result<Incoming, CompileError> {
        let preds: Vec<&str> = self.flat.predecessors(name).collect();
        if let [single] = preds[..] {
            if let Some(k) = self.names.iter().position(|n| *n == single) {
                let terms = vec![(Source::Population(k), Matrix::Identity)];
                return Ok(Incoming { terms, bias: None });
            }
            if let Some(FlatNode::Pass) = self.flat.nodes.get(single) {
                self.enter(single)?;
                let arriving = self.arriving_at_output(single);
                self.path.pop();
                return arriving;
            }
        }
        self.arriving_at(name)
    }

    /// Notes that the walk goes through `name`, which it must not do twice.
    fn enter(&mut self, name: &str) -> Result<(), CompileError> {
        if self.path.iter().any(|n| n == name) {
            return Err(CompileError::Structure(format!(
                "nodes {} form a loop without a neuron: its value is not defined",
                self.path.join(" -> ")
            )));
        }
        self.path.push(name.to_owned());
        Ok(())
    }

    fn arriving_at(&mut self, name: &str) -> Result<Incoming, CompileError> {
        let mut total = Incoming {
            terms: Vec::new(),
            bias: None,
        };
        let preds: Vec<&str> = self.flat.predecessors(name).collect();
        for pred in preds {
            let part = self.out_of(pred)?;
            total.terms.extend(part.terms);
            total.bias = sum(total.bias, part.bias);
        }
        Ok(total)
    }

    fn out_of(&mut self, name: &str) -> Result<Incoming, CompileError> {
        if let Some(k) = self.names.iter().position(|n| *n == name) {
            let population = &self.populations[k];
            if !population.neuron.is_spiking() {
                return Err(CompileError::Structure(format!(
                    "node `{name}` ({}) does not spike but feeds other nodes: graded values between populations are not supported, only spikes",
                    population.neuron.kind()
                )));
            }
            return Ok(Incoming {
                terms: vec![(Source::Population(k), Matrix::Identity)],
                bias: None,
            });
        }
        let map = match self.flat.nodes.get(name) {
            Some(&FlatNode::Input(first, size)) => {
                let all: usize = self.flat.input_shape.iter().product();
                return Ok(Incoming {
                    terms: vec![(Source::Input, Matrix::part(name, first, size, all)?)],
                    bias: None,
                });
            }
            Some(FlatNode::Pass) => None,
            Some(FlatNode::Kind(kind)) => Some(self.linear_map(name, kind)?),
            None => {
                return Err(CompileError::Structure(format!(
                    "an edge begins at `{name}`, which is no node"
                )));
            }
        };
        self.enter(name)?;
        let inner = self.arriving_at(name)?;
        self.path.pop();
        match map {
            Some(map) => inner.then(&map, name),
            None => Ok(inner),
        }
    }

    /// The linear map of node `name`.
    fn linear_map(&self, name: &str, kind: &NodeKind) -> Result<LinearMap, CompileError> {
        let path = self.flat.paths.get(name);
        let (input, output) = path.and_then(|path| self.shapes.get(path)).ok_or_else(|| {
            CompileError::Structure(format!("node `{name}`: its shapes are not known"))
        })?;
        let Some((map, bias)) = convolution(name, kind, input, output)? else {
            return linear_map(name, kind);
        };
        // A bias for each channel, at every position.
        let positions = map.geometry.output[0] * map.geometry.output[1];
        let bias = bias.iter().flat_map(|b| std::iter::repeat_n(*b, positions));
        let bias: Vec<f64> = bias.collect();
        Ok(LinearMap {
            matrix: Matrix::Convolution(Box::new(map)),
            bias,
        })
    }
}

fn is_supported(kind: &NodeKind) -> bool {
    let linear = matches!(
        kind,
        NodeKind::Affine(_)
            | NodeKind::Linear(_)
            | NodeKind::Scale(_)
            | NodeKind::Flatten(_)
            | NodeKind::Conv1d(_)
            | NodeKind::Conv2d(_)
            | NodeKind::SumPool2d(_)
            | NodeKind::AvgPool2d(_)
            | NodeKind::Delay(_)
    );
    linear || kind.is_neuron() || matches!(kind, NodeKind::Threshold(_))
}

fn unsupported(name: &str, kind: &NodeKind) -> CompileError {
    let (name, kind) = (name.to_owned(), kind.type_name());
    CompileError::UnsupportedNode {
        name,
        kind,
        supported: SUPPORTED,
    }
}

fn linear_map(name: &str, kind: &NodeKind) -> Result<LinearMap, CompileError> {
    let dense = |weight: &Tensor| match weight.shape[..] {
        [rows, columns] => Ok(Matrix::Dense {
            rows,
            columns,
            weights: weight.data.clone(),
        }),
        _ => Err(CompileError::Structure(format!(
            "node `{name}`: its weight has {} axes, but a matrix is needed",
            weight.shape.len()
        ))),
    };
    Ok(match kind {
        NodeKind::Affine(p) => LinearMap {
            matrix: dense(&p.weight)?,
            bias: p.bias.data.clone(),
        },
        NodeKind::Linear(p) => LinearMap {
            matrix: dense(&p.weight)?,
            bias: Vec::new(),
        },
        NodeKind::Scale(p) => LinearMap {
            matrix: Matrix::Diagonal(p.scale.data.clone()),
            bias: Vec::new(),
        },
        NodeKind::Delay(p) if p.delay.data.iter().any(|delay| *delay != 0.0) => {
            let largest = p
                .delay
                .data
                .iter()
                .fold(0.0, |most: f64, d| most.max(d.abs()));
            return Err(CompileError::Structure(format!(
                "node `{name}` (Delay): its delays go up to {largest}, but programs deliver spikes in their step, and feedback in the next: set the delays to 0 or take the node out"
            )));
        }
        NodeKind::Flatten(_) | NodeKind::Delay(_) => LinearMap {
            matrix: Matrix::Identity,
            bias: Vec::new(),
        },
        other => return Err(unsupported(name, other)),
    })
}

/// Checks a number of elements.
pub(super) fn check_size(
    node: &str,
    what: &str,
    found: usize,
    wanted: usize,
) -> Result<(), CompileError> {
    if found == wanted {
        return Ok(());
    }
    Err(CompileError::Size {
        node: node.to_owned(),
        what: what.to_owned(),
        found,
        wanted,
    })
}
