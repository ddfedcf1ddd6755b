//! NIR's neuron nodes as neuron models with one number a neuron.

use spikevec_nir::{NodeKind, Tensor};

use super::build::check_size;
use crate::error::CompileError;
use crate::neuron::{
    CubaLi, CubaLif, Firing, IntegrateAndFire, Integrator, Li, Lif, Neuron, Threshold,
};

/// Number of neurons of a neuron node: the length of its parameters.
pub fn neuron_size(kind: &NodeKind) -> usize {
    kind.tensors()
        .iter()
        .map(|(_, t)| t.len())
        .max()
        .unwrap_or(0)
}

/// The neuron model of a node, or `None` where the node is none.
///
/// # Errors
/// A time constant of zero, or parameters of different lengths.
pub fn neuron(name: &str, kind: &NodeKind) -> Result<Option<Neuron>, CompileError> {
    let node = Node {
        name,
        size: neuron_size(kind),
    };
    let vector = |what, tensor: &Tensor| node.vector(what, tensor);
    let tau = |what, tensor: &Tensor| node.time_constant(what, tensor);
    let li = |constant: &Tensor, r: &Tensor, v_leak: &Tensor| -> Result<Li, CompileError> {
        Ok(Li {
            tau: tau("tau", constant)?,
            r: vector("r", r)?,
            v_leak: vector("v_leak", v_leak)?,
        })
    };
    let cuba_li =
        |tau_syn: &Tensor, tau_mem: &Tensor, r: &Tensor, v_leak: &Tensor, w_in: &Tensor| {
            Ok::<CubaLi, CompileError>(CubaLi {
                tau_syn: tau("tau_syn", tau_syn)?,
                tau_mem: tau("tau_mem", tau_mem)?,
                r: vector("r", r)?,
                v_leak: vector("v_leak", v_leak)?,
                w_in: vector("w_in", w_in)?,
            })
        };
    Ok(Some(match kind {
        NodeKind::LI(p) => Neuron::Li(li(&p.tau, &p.r, &p.v_leak)?),
        NodeKind::LIF(p) => Neuron::Lif(Lif {
            membrane: li(&p.tau, &p.r, &p.v_leak)?,
            firing: node.firing(&p.v_threshold, p.v_reset.as_ref())?,
        }),
        NodeKind::CubaLI(p) => {
            Neuron::CubaLi(cuba_li(&p.tau_syn, &p.tau_mem, &p.r, &p.v_leak, &p.w_in)?)
        }
        NodeKind::CubaLIF(p) => Neuron::CubaLif(CubaLif {
            membrane: cuba_li(&p.tau_syn, &p.tau_mem, &p.r, &p.v_leak, &p.w_in)?,
            firing: node.firing(&p.v_threshold, p.v_reset.as_ref())?,
        }),
        NodeKind::I(p) => Neuron::Integrator(Integrator {
            r: vector("r", &p.r)?,
        }),
        NodeKind::IF(p) => Neuron::IntegrateAndFire(IntegrateAndFire {
            membrane: Integrator {
                r: vector("r", &p.r)?,
            },
            firing: node.firing(&p.v_threshold, p.v_reset.as_ref())?,
        }),
        NodeKind::Threshold(p) => Neuron::Threshold(Threshold {
            firing: node.firing(&p.threshold, None)?,
        }),
        _ => return Ok(None),
    }))
}

/// A neuron node whose parameters are being read.
struct Node<'a> {
    name: &'a str,
    size: usize,
}

impl Node<'_> {
    fn vector(&self, what: &'static str, tensor: &Tensor) -> Result<Vec<f64>, CompileError> {
        if let [value] = tensor.data[..] {
            return Ok(vec![value; self.size]);
        }
        check_size(self.name, what, tensor.len(), self.size)?;
        Ok(tensor.data.clone())
    }

    fn time_constant(&self, what: &'static str, tensor: &Tensor) -> Result<Vec<f64>, CompileError> {
        let values = self.vector(what, tensor)?;
        match values.iter().position(|&tau| tau == 0.0) {
            Some(neuron) => Err(CompileError::Parameter {
                node: self.name.to_owned(),
                parameter: what,
                neuron,
                value: 0.0,
                rule: "a time constant must not be zero",
            }),
            None => Ok(values),
        }
    }

    fn firing(&self, threshold: &Tensor, v_reset: Option<&Tensor>) -> Result<Firing, CompileError> {
        Ok(Firing {
            threshold: self.vector("threshold", threshold)?,
            v_reset: match v_reset {
                Some(tensor) => self.vector("v_reset", tensor)?,
                None => vec![0.0; self.size],
            },
        })
    }
}

/// Calls `f` with every parameter of a NIR primitive.
pub fn each_parameter(neuron: &mut Neuron, mut f: impl FnMut(&mut Vec<f64>)) {
    let mut all: Vec<&mut Vec<f64>> = Vec::new();
    match neuron {
        Neuron::Li(p) => all.extend([&mut p.tau, &mut p.r, &mut p.v_leak]),
        Neuron::Lif(Lif { membrane, firing }) => {
            all.extend([&mut membrane.tau, &mut membrane.r, &mut membrane.v_leak]);
            all.extend([&mut firing.threshold, &mut firing.v_reset]);
        }
        Neuron::CubaLi(p) => all.extend(cuba(p)),
        Neuron::CubaLif(CubaLif { membrane, firing }) => {
            all.extend(cuba(membrane));
            all.extend([&mut firing.threshold, &mut firing.v_reset]);
        }
        Neuron::Integrator(p) => all.push(&mut p.r),
        Neuron::IntegrateAndFire(IntegrateAndFire { membrane, firing }) => {
            all.extend([&mut membrane.r, &mut firing.threshold, &mut firing.v_reset]);
        }
        Neuron::Threshold(Threshold { firing }) => {
            all.extend([&mut firing.threshold, &mut firing.v_reset]);
        }
        // They have none of the file.
        Neuron::Readout(_) | Neuron::Own(_) | Neuron::Described(_) => {}
    }
    all.into_iter().for_each(&mut f);
}

fn cuba(p: &mut CubaLi) -> [&mut Vec<f64>; 5] {
    [
        &mut p.tau_syn,
        &mut p.tau_mem,
        &mut p.r,
        &mut p.v_leak,
        &mut p.w_in,
    ]
}
