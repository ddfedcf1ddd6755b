//! One number a neuron, in vectors of 32.

use spikevec_isa::{LANES, Vector};

/// Packs one number a neuron into vectors of 32, the padding zero.
pub fn pack(values: &[i16]) -> Vec<Vector> {
    values
        .chunks(LANES)
        .map(|chunk| {
            let mut vector = [0; LANES];
            vector[..chunk.len()].copy_from_slice(chunk);
            vector
        })
        .collect()
}
