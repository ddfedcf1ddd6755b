//! Leaks that never come: a time constant of infinity.
//!
//! snnTorch writes `tau = dt / (1 - beta)` and `r = tau / dt`, which both are infinite for a neuron
//! with a `beta` of 1, one that does not leak. `tau dv/dt = (v_leak - v) + r I` then is
//! `dv/dt = r / tau I`, the equation of an IF, and the file does not say what `r / tau` is.

use crate::container::Item;
use crate::fields::Fields;
use crate::{Tensor, Warning};

/// Makes an IF of the fields of a LIF whose `tau` and `r` are infinite for all neurons.
pub(crate) fn read_as_if(fields: &mut Fields, warnings: &mut Vec<Warning>) {
    let shape = |field: &str| match fields.rest.get(field) {
        Some(Item::Numbers(t)) if !t.is_empty() && t.data.iter().all(|v| *v == f64::INFINITY) => {
            Some(t.shape.clone())
        }
        _ => None,
    };
    let (Some(_), Some(shape)) = (shape("tau"), shape("r")) else {
        return;
    };
    if fields.type_name != "LIF" {
        return;
    }
    for field in ["tau", "v_leak"] {
        fields.rest.remove(field);
    }
    let one = Item::Numbers(Tensor::full(&shape, 1.0));
    fields.rest.insert("r".to_owned(), one);
    fields.type_name = "IF".to_owned();
    warnings.push(Warning::ReadWithoutLeak {
        node: fields.node.clone(),
    });
}
