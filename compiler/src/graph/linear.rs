//! Linear maps: what a chain of Affine, Linear, Scale and Flatten nodes amounts to.

use super::Connectivity;

/// A linear map and the constant that it adds.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearMap {
    /// The linear part.
    pub matrix: Matrix,
    /// The constant part, one number an output; empty for zero.
    pub bias: Vec<f64>,
}

/// The linear part of a map.
#[derive(Debug, Clone, PartialEq)]
pub enum Matrix {
    /// Output k is input k.
    Identity,
    /// Output k is input k times the k-th number.
    Diagonal(Vec<f64>),
    /// `rows` outputs of `columns` inputs, row-major.
    Dense {
        /// Outputs.
        rows: usize,
        /// Inputs.
        columns: usize,
        /// `rows * columns` weights.
        weights: Vec<f64>,
    },
}

impl Matrix {
    /// The map that applies `self` first and `outer` after it.
    pub fn then(self, outer: &Matrix) -> Matrix {
        match (self, outer) {
            (Matrix::Identity, outer) => outer.clone(),
            (inner, Matrix::Identity) => inner,
            (Matrix::Diagonal(a), Matrix::Diagonal(b)) => {
                Matrix::Diagonal(a.iter().zip(b).map(|(a, b)| a * b).collect())
            }
            (
                Matrix::Diagonal(d),
                Matrix::Dense {
                    rows,
                    columns,
                    weights,
                },
            ) => {
                let scaled = weights.iter().enumerate().map(|(k, w)| w * d[k % columns]);
                Matrix::Dense {
                    rows: *rows,
                    columns: *columns,
                    weights: scaled.collect(),
                }
            }
            (
                Matrix::Dense {
                    rows,
                    columns,
                    weights,
                },
                Matrix::Diagonal(d),
            ) => {
                let scaled = weights.iter().enumerate().map(|(k, w)| w * d[k / columns]);
                Matrix::Dense {
                    rows,
                    columns,
                    weights: scaled.collect(),
                }
            }
            (
                Matrix::Dense {
                    columns,
                    weights: inner,
                    ..
                },
                Matrix::Dense {
                    rows,
                    columns: middle,
                    weights: outer,
                },
            ) => {
                let mut product = vec![0.0; rows * columns];
                for (row, out) in product.chunks_mut(columns.max(1)).enumerate() {
                    for m in 0..*middle {
                        let w = outer[row * middle + m];
                        for (out, x) in out.iter_mut().zip(&inner[m * columns..]) {
                            *out += w * x;
                        }
                    }
                }
                Matrix::Dense {
                    rows: *rows,
                    columns,
                    weights: product,
                }
            }
        }
    }

    /// The map's value at `x`.
    pub fn apply(&self, x: &[f64]) -> Vec<f64> {
        match self {
            Matrix::Identity => x.to_vec(),
            Matrix::Diagonal(d) => d.iter().zip(x).map(|(d, x)| d * x).collect(),
            Matrix::Dense {
                columns, weights, ..
            } => weights
                .chunks(*columns)
                .map(|row| row.iter().zip(x).map(|(w, x)| w * x).sum())
                .collect(),
        }
    }

    /// The map as synapses onto `targets` neurons.
    pub fn connectivity(&self, targets: usize) -> Connectivity {
        match self {
            Matrix::Identity => Connectivity::one_to_one(vec![1.0; targets]),
            Matrix::Diagonal(d) => Connectivity::one_to_one(d.clone()),
            Matrix::Dense {
                rows,
                columns,
                weights,
            } => {
                let mut by_source = Vec::with_capacity(weights.len());
                for source in 0..*columns {
                    by_source.extend((0..*rows).map(|target| weights[target * columns + source]));
                }
                Connectivity::dense(by_source)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dense(rows: usize, columns: usize, weights: &[f64]) -> Matrix {
        Matrix::Dense {
            rows,
            columns,
            weights: weights.to_vec(),
        }
    }

    #[test]
    fn composition_is_application_in_order() {
        let maps = [
            Matrix::Identity,
            Matrix::Diagonal(vec![2.0, -1.0]),
            dense(2, 2, &[1.0, 2.0, 3.0, 4.0]),
        ];
        let x = [5.0, 7.0];
        for inner in &maps {
            for outer in &maps {
                let composed = inner.clone().then(outer);
                assert_eq!(
                    composed.apply(&x),
                    outer.apply(&inner.apply(&x)),
                    "{inner:?} {outer:?}"
                );
            }
        }
        let wide = dense(1, 2, &[1.0, 2.0]).then(&dense(3, 1, &[1.0, 10.0, 100.0]));
        assert_eq!(wide.apply(&x), [19.0, 190.0, 1900.0]);
    }

    #[test]
    fn synapses_are_stored_by_source() {
        let map = dense(2, 3, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        let expected = Connectivity::dense(vec![1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
        assert_eq!(map.connectivity(2), expected);
    }
}
