//! Small networks as TOML: the input of the golden tests.
//!
//! ```toml
//! chains = ["in -> w -> lif -> out", "lif -> back -> lif"]
//!
//! [options]                       # all may be left out
//! dt = 1.0
//! reset = "subtract"
//!
//! [nodes.in]
//! type = "Input"
//! size = 2
//!
//! [nodes.w]
//! type = "Linear"
//! weight = [[0.5, -0.25], [0.75, 1.0], [0.0, 1.5]]        # a row for each target neuron
//!
//! [nodes.lif]
//! type = "LIF"
//! size = 3
//! tau = 10.0                      # the same for all
//! r = [1.0, 2.0, 1.0]             # one a neuron
//! v_threshold = { seed = 1, low = 0.5, high = 1.5 }       # drawn
//! ```

use std::collections::BTreeMap;

use serde::Deserialize;
use spikevec_compiler::options::Record;
use spikevec_compiler::reading::{Choices, Readings};
use spikevec_compiler::{Format, Options};
use spikevec_isa::fixed::Rounding;
use spikevec_nir::{
    Affine, Conv2d, CubaLI, CubaLIF, Flatten, Graph, Input, IntegrateAndFire, Integrator, LI, LIF,
    Linear, NodeKind, Output, Padding, Scale, SumPool2d, Tensor, Threshold,
};

/// A network and the options that it is compiled with.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    options: FileOptions,
    nodes: BTreeMap<String, Node>,
    /// Edges: names of nodes with arrows between them.
    chains: Vec<String>,
}

/// Options of a compilation as the command line spells them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileOptions {
    dt: Option<f64>,
    integration: Option<String>,
    reset: Option<String>,
    reset_step: Option<String>,
    comparison: Option<String>,
    initial: Option<String>,
    refractory: Option<u32>,
    rounding: Option<String>,
    #[serde(default)]
    record_membranes: bool,
    #[serde(default)]
    record_spikes: Vec<String>,
    #[serde(default)]
    formats: BTreeMap<String, String>,
}

/// Numbers of a node, `size` of them or a matrix.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Numbers {
    One(f64),
    Each(Vec<f64>),
    Rows(Vec<Vec<f64>>),
    /// From `low` to `high`, the same in every run; a matrix has `shape`.
    Drawn {
        seed: u64,
        low: f64,
        high: f64,
        shape: Option<Vec<usize>>,
    },
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type", deny_unknown_fields)]
#[allow(clippy::upper_case_acronyms)] // the names of NIR
#[rustfmt::skip]
enum Node {
    Input { size: Size },
    Output { size: Size },
    Conv2d { weight: Numbers, bias: Numbers, stride: [usize; 2], padding: [usize; 2], groups: usize },
    SumPool2d { kernel_size: [usize; 2] },
    Flatten { size: Vec<usize> },
    Linear { weight: Numbers },
    Affine { weight: Numbers, bias: Numbers },
    Scale { size: usize, scale: Numbers },
    Threshold { size: usize, threshold: Numbers },
    I { size: usize, r: Numbers },
    IF { size: Size, r: Numbers, v_threshold: Numbers, v_reset: Option<Numbers> },
    LI { size: usize, tau: Numbers, r: Numbers, v_leak: Numbers },
    LIF { size: usize, tau: Numbers, r: Numbers, v_leak: Numbers, v_threshold: Numbers, v_reset: Option<Numbers> },
    CubaLI { size: usize, tau_syn: Numbers, tau_mem: Numbers, r: Numbers, v_leak: Numbers, w_in: Numbers },
    CubaLIF { size: usize, tau_syn: Numbers, tau_mem: Numbers, r: Numbers, v_leak: Numbers, w_in: Numbers, v_threshold: Numbers, v_reset: Option<Numbers> },
}

/// Neurons of a node, in one row or along axes.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Size {
    Row(usize),
    Axes(Vec<usize>),
}

impl Size {
    fn axes(&self) -> Vec<usize> {
        match self {
            Size::Row(size) => vec![*size],
            Size::Axes(axes) => axes.clone(),
        }
    }
}

impl Numbers {
    /// As many numbers as `shape` asks for; a matrix brings its own shape.
    fn tensor(self, shape: &[usize]) -> Result<Tensor, String> {
        let (shape, data) = match self {
            Numbers::One(value) => return Ok(Tensor::full(shape, value)),
            Numbers::Each(values) => (shape.to_vec(), values),
            Numbers::Rows(rows) => {
                let columns = rows.first().map_or(0, Vec::len);
                (vec![rows.len(), columns], rows.concat())
            }
            Numbers::Drawn {
                seed,
                low,
                high,
                shape: own,
            } => {
                let shape = own.unwrap_or(shape.to_vec());
                let mut state = seed.wrapping_mul(2).wrapping_add(1);
                let mut next = || {
                    state = state
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1_442_695_040_888_963_407);
                    (state >> 33) as f64 / (1u64 << 31) as f64
                };
                let count = shape.iter().product();
                let data = (0..count).map(|_| low + (high - low) * next()).collect();
                (shape, data)
            }
        };
        let found = data.len();
        Tensor::new(shape.clone(), data).ok_or(format!("{found} numbers for shape {shape:?}"))
    }

    /// A bias of as many numbers as `weight` has rows.
    fn bias_of(self, weight: &Tensor) -> Result<Tensor, String> {
        self.tensor(weight.shape.get(..1).unwrap_or_default())
    }
}

impl Node {
    fn kind(self) -> Result<NodeKind, String> {
        Ok(match self {
            Node::Input { size } => NodeKind::Input(Input { shape: size.axes() }),
            Node::Output { size } => NodeKind::Output(Output { shape: size.axes() }),
            Node::Conv2d {
                weight,
                bias,
                stride,
                padding,
                groups,
            } => {
                let weight = weight.tensor(&[])?;
                NodeKind::Conv2d(Conv2d {
                    input_shape: None,
                    bias: bias.bias_of(&weight)?,
                    weight,
                    stride,
                    padding: Padding::Explicit(padding),
                    dilation: [1, 1],
                    groups,
                })
            }
            Node::SumPool2d { kernel_size } => NodeKind::SumPool2d(SumPool2d {
                kernel_size,
                stride: kernel_size,
                padding: [0, 0],
            }),
            Node::Flatten { size } => NodeKind::Flatten(Flatten {
                input_shape: Some(size),
                start_dim: 0,
                end_dim: -1,
            }),
            Node::Linear { weight } => NodeKind::Linear(Linear {
                weight: weight.tensor(&[])?,
            }),
            Node::Affine { weight, bias } => {
                let weight = weight.tensor(&[])?;
                let bias = bias.bias_of(&weight)?;
                NodeKind::Affine(Affine { weight, bias })
            }
            Node::Scale { size, scale } => NodeKind::Scale(Scale {
                scale: scale.tensor(&[size])?,
            }),
            other => return other.neurons(),
        })
    }

    /// A node of neurons.
    fn neurons(self) -> Result<NodeKind, String> {
        let one = |n: usize, numbers: Numbers| numbers.tensor(&[n]);
        let reset = |n: usize, v: Option<Numbers>| v.map(|v| v.tensor(&[n])).transpose();
        Ok(match self {
            Node::Threshold { size, threshold } => NodeKind::Threshold(Threshold {
                threshold: one(size, threshold)?,
            }),
            Node::I { size: n, r } => NodeKind::I(Integrator { r: one(n, r)? }),
            Node::IF {
                size,
                r,
                v_threshold,
                v_reset,
            } => NodeKind::IF(IntegrateAndFire {
                r: r.tensor(&size.axes())?,
                v_threshold: v_threshold.tensor(&size.axes())?,
                v_reset: v_reset.map(|v| v.tensor(&size.axes())).transpose()?,
            }),
            Node::LI {
                size: n,
                tau,
                r,
                v_leak,
            } => NodeKind::LI(LI {
                tau: one(n, tau)?,
                r: one(n, r)?,
                v_leak: one(n, v_leak)?,
            }),
            Node::LIF {
                size: n,
                tau,
                r,
                v_leak,
                v_threshold,
                v_reset,
            } => NodeKind::LIF(LIF {
                tau: one(n, tau)?,
                r: one(n, r)?,
                v_leak: one(n, v_leak)?,
                v_threshold: one(n, v_threshold)?,
                v_reset: reset(n, v_reset)?,
            }),
            Node::CubaLI {
                size: n,
                tau_syn,
                tau_mem,
                r,
                v_leak,
                w_in,
            } => NodeKind::CubaLI(CubaLI {
                tau_syn: one(n, tau_syn)?,
                tau_mem: one(n, tau_mem)?,
                r: one(n, r)?,
                v_leak: one(n, v_leak)?,
                w_in: one(n, w_in)?,
            }),
            Node::CubaLIF {
                size: n,
                tau_syn,
                tau_mem,
                r,
                v_leak,
                w_in,
                v_threshold,
                v_reset,
            } => NodeKind::CubaLIF(CubaLIF {
                tau_syn: one(n, tau_syn)?,
                tau_mem: one(n, tau_mem)?,
                r: one(n, r)?,
                v_leak: one(n, v_leak)?,
                w_in: one(n, w_in)?,
                v_threshold: one(n, v_threshold)?,
                v_reset: reset(n, v_reset)?,
            }),
            other => return Err(format!("{other:?} are no neurons")),
        })
    }
}

impl FileOptions {
    fn options(self, name: &str) -> Result<Options, String> {
        fn choice<T: std::str::FromStr<Err: ToString>>(
            word: Option<String>,
        ) -> Result<Option<T>, String> {
            let parsed = word.map(|word| word.parse().map_err(|e: T::Err| e.to_string()));
            parsed.transpose()
        }
        let mut formats = BTreeMap::new();
        for (variable, format) in self.formats {
            let format: Format = format.parse().map_err(|e| format!("{variable}: {e}"))?;
            formats.insert(variable, format);
        }
        Ok(Options {
            name: name.to_owned(),
            readings: Readings {
                dt: self.dt,
                all: Choices {
                    integration: choice(self.integration)?,
                    reset: choice(self.reset)?,
                    reset_step: choice(self.reset_step)?,
                    comparison: choice(self.comparison)?,
                    initial: choice(self.initial)?,
                    refractory: self.refractory,
                    ..Choices::default()
                },
                ..Readings::default()
            },
            rounding: match self.rounding.as_deref() {
                None | Some("nearest") => Rounding::Nearest,
                Some("stochastic") => Rounding::Stochastic,
                Some("truncate") => Rounding::Truncate,
                Some(other) => return Err(format!("rounding `{other}`")),
            },
            formats,
            record: Record {
                output_membranes: self.record_membranes,
                spikes: self.record_spikes,
            },
            ..Options::default()
        })
    }
}

/// The graph and the options in `text`, the network of golden case `name`.
pub fn read(text: &str, name: &str) -> Result<(Graph, Options), String> {
    let file: File = toml::from_str(text).map_err(|e| e.to_string())?;
    let mut graph = Graph::default();
    for (name, node) in file.nodes {
        let kind = node.kind().map_err(|e| format!("node `{name}`: {e}"))?;
        graph.nodes.insert(name, kind.into());
    }
    for chain in &file.chains {
        let names: Vec<&str> = chain.split("->").map(str::trim).collect();
        for pair in names.windows(2) {
            graph.edges.push((pair[0].to_owned(), pair[1].to_owned()));
        }
    }
    Ok((graph, file.options.options(name)?))
}
