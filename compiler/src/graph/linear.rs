//! Linear maps: what a chain of Affine, Linear, Scale, Flatten, convolution and pool nodes amounts
//! to.

use super::Connectivity;
use super::arrangement::Neurons;
use super::convolution::{check_weights, composed, dense, each_target, scaled};
use crate::error::CompileError;
use crate::synapse::{Convolution, Order};

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
    /// A convolution, both its sides in NIR's order.
    Convolution(Box<Convolution>),
}

impl Matrix {
    /// Of `all` neurons `size` from `first` on, for node `name`.
    ///
    /// # Errors
    /// Too large a matrix.
    pub fn part(name: &str, first: usize, size: usize, all: usize) -> Result<Self, CompileError> {
        if size == all {
            return Ok(Matrix::Identity);
        }
        check_weights(name, size, all)?;
        let mut weights = vec![0.0; size * all];
        for row in 0..size {
            weights[row * all + first + row] = 1.0;
        }
        Ok(Matrix::Dense {
            rows: size,
            columns: all,
            weights,
        })
    }

    /// The map that applies `self` first and `outer`, node `name`, after it.
    ///
    /// # Errors
    /// A convolution that is none any more, and too large for a matrix.
    pub fn then(self, outer: &Matrix, name: &str) -> Result<Matrix, CompileError> {
        let kernel = match (&self, outer) {
            (Matrix::Convolution(inner), Matrix::Convolution(outer)) => composed(inner, outer),
            (Matrix::Convolution(inner), Matrix::Diagonal(d)) => scaled(inner, d, true),
            (Matrix::Diagonal(d), Matrix::Convolution(outer)) => scaled(outer, d, false),
            _ => None,
        };
        if let Some(kernel) = kernel {
            return Ok(Matrix::Convolution(Box::new(kernel)));
        }
        Ok(match (self, outer) {
            (Matrix::Identity, outer) => outer.clone(),
            (inner, Matrix::Identity) => inner,
            (Matrix::Convolution(inner), Matrix::Dense { rows, weights, .. }) => {
                let columns = inner.geometry.sources();
                check_weights(name, *rows, columns)?;
                let middle = inner.geometry.targets();
                let mut product = vec![0.0; rows * columns];
                for column in 0..columns {
                    each_target(&inner, column, |m, w| {
                        for row in 0..*rows {
                            product[row * columns + column] += w * weights[row * middle + m];
                        }
                    });
                }
                Matrix::Dense {
                    rows: *rows,
                    columns,
                    weights: product,
                }
            }
            (Matrix::Convolution(inner), outer) => dense(&inner, name)?.then(outer, name)?,
            (inner, Matrix::Convolution(outer)) => inner.then(&dense(outer, name)?, name)?,
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
        })
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
            Matrix::Convolution(map) => {
                let mut y = vec![0.0; map.geometry.targets()];
                for (source, x) in x.iter().enumerate() {
                    each_target(map, source, |target, w| y[target] += w * x);
                }
                y
            }
        }
    }

    /// The sum of two maps between the same neurons, where it needs no matrix.
    pub fn plus(&self, other: &Matrix) -> Option<Matrix> {
        let sum = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a + b).collect();
        match (self, other) {
            (Matrix::Convolution(a), Matrix::Convolution(b)) if a.geometry == b.geometry => {
                Some(Matrix::Convolution(Box::new(Convolution {
                    weights: sum(&a.weights, &b.weights),
                    ..(**a).clone()
                })))
            }
            _ => None,
        }
    }

    /// The map as synapses onto `targets` neurons, between neurons in the orders given.
    ///
    /// # Errors
    /// Too large a matrix.
    pub fn connectivity(
        &self,
        name: &str,
        targets: usize,
        source: Neurons,
        target: Neurons,
    ) -> Result<Connectivity, CompileError> {
        let diagonal = |d: Vec<f64>| {
            let size = d.len();
            if source == target {
                let reordered = (0..size).map(|k| d[target.of_file(k, size)]).collect();
                return Ok(Connectivity::one_to_one(reordered));
            }
            check_weights(name, size, size)?;
            let mut weights = vec![0.0; size * size];
            for (k, w) in d.into_iter().enumerate() {
                weights[source.place(k, size) * size + target.place(k, size)] = w;
            }
            Ok(Connectivity::dense(weights))
        };
        match self {
            Matrix::Identity => diagonal(vec![1.0; targets]),
            Matrix::Diagonal(d) => diagonal(d.clone()),
            Matrix::Dense {
                rows,
                columns,
                weights,
            } => {
                let mut by_source = Vec::with_capacity(weights.len());
                for place in 0..*columns {
                    let column = source.of_file(place, *columns);
                    let places = (0..*rows).map(|place| target.of_file(place, *rows));
                    by_source.extend(places.map(|row| weights[row * columns + column]));
                }
                Ok(Connectivity::dense(by_source))
            }
            Matrix::Convolution(map) => Ok(Connectivity::Convolution(Convolution {
                source: match source {
                    Neurons::AsInFile => Order::ChannelsFirst,
                    Neurons::ChannelsLast(_) => Order::ChannelsLast,
                },
                ..(**map).clone()
            })),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
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
                let composed = inner.clone().then(outer, "outer").unwrap();
                assert_eq!(
                    composed.apply(&x),
                    outer.apply(&inner.apply(&x)),
                    "{inner:?} {outer:?}"
                );
            }
        }
        let outer = dense(3, 1, &[1.0, 10.0, 100.0]);
        let wide = dense(1, 2, &[1.0, 2.0]).then(&outer, "outer").unwrap();
        assert_eq!(wide.apply(&x), [19.0, 190.0, 1900.0]);
    }

    #[test]
    fn synapses_are_stored_by_source() {
        let map = dense(2, 3, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        let expected = Connectivity::dense(vec![1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
        let orders = Neurons::AsInFile;
        assert_eq!(map.connectivity("map", 2, orders, orders), Ok(expected));
    }
}
