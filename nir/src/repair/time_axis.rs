//! Inputs and Outputs whose shape has the number of time steps in front.

use super::{port_names, port_shape, wanted_by_neighbours};
use crate::decode::join;
use crate::shapes::squeezed;
use crate::{Error, Graph, Warning};

/// Drops the first axis of each port that fits its neighbours only without it. An axis of length 1
/// is left to the repair for those.
pub(super) fn drop_leading(
    graph: &mut Graph,
    at: &str,
    warnings: &mut Vec<Warning>,
) -> Result<(), Error> {
    for port in port_names(graph) {
        let Some(wanted) = wanted_by_neighbours(graph, at, &port)? else {
            continue;
        };
        let Some(shape) = port_shape(graph, &port) else {
            continue;
        };
        if let Some((&steps, rest)) = shape.split_first()
            && steps != 1
            && !rest.is_empty()
            && squeezed(shape) != squeezed(&wanted)
            && squeezed(rest) == squeezed(&wanted)
        {
            let rest = rest.to_vec();
            warnings.push(Warning::TimeAxisDropped {
                node: join(at, &port),
                from: shape.clone(),
                to: rest.clone(),
            });
            *shape = rest;
        }
    }
    Ok(())
}
