//! Dense arrays as NIR files hold them.

use std::fmt;

/// The element type a file held a tensor in.
///
/// All values are widened to `f64` in memory, which is exact for the three float types and for
/// integers below 2^53; the type is kept so that a file is written as it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DType {
    /// IEEE 754 binary16.
    F16,
    /// IEEE 754 binary32.
    F32,
    /// IEEE 754 binary64.
    F64,
    /// Any integer or boolean type; written as a signed 64-bit integer.
    Int,
}

impl fmt::Display for DType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DType::F16 => "f16",
            DType::F32 => "f32",
            DType::F64 => "f64",
            DType::Int => "integer",
        })
    }
}

/// A dense row-major array. The shape `[]` is a scalar.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor {
    /// Length of each axis, outermost first.
    pub shape: Vec<usize>,
    /// The elements, last axis fastest; as many as the product of `shape`.
    pub data: Vec<f64>,
    /// The element type in the file.
    pub dtype: DType,
}

impl Tensor {
    /// A tensor of shape `[]` that holds `value`, in f64.
    pub fn scalar(value: f64) -> Self {
        Tensor {
            shape: Vec::new(),
            data: vec![value],
            dtype: DType::F64,
        }
    }

    /// A one-dimensional f64 tensor.
    pub fn vector(data: Vec<f64>) -> Self {
        Tensor {
            shape: vec![data.len()],
            data,
            dtype: DType::F64,
        }
    }

    /// An f64 tensor of the given shape, or `None` if `data` has another number of elements than
    /// the shape asks for.
    pub fn new(shape: Vec<usize>, data: Vec<f64>) -> Option<Self> {
        let wanted = shape.iter().try_fold(1usize, |n, &d| n.checked_mul(d))?;
        (wanted == data.len()).then_some(Tensor {
            shape,
            data,
            dtype: DType::F64,
        })
    }

    /// A tensor of the given shape, every element `value`, in f64.
    pub fn full(shape: &[usize], value: f64) -> Self {
        Tensor {
            shape: shape.to_vec(),
            data: vec![value; shape.iter().product()],
            dtype: DType::F64,
        }
    }

    /// Number of elements.
    pub fn len(&self) -> usize {
        self.data.len()
    }

    /// Whether there are no elements.
    pub fn is_empty(&self) -> bool {
        self.data.is_empty()
    }

    /// Whether this is one value without axes, or with the single axis of length 1 that some
    /// exporters give it.
    pub fn is_scalar(&self) -> bool {
        self.data.len() == 1 && self.shape.len() <= 1
    }

    /// Whether [`broadcast_to`](Self::broadcast_to) accepts `shape`.
    pub(crate) fn broadcasts_to(&self, shape: &[usize]) -> bool {
        self.is_scalar()
            || (self.shape.len() == shape.len()
                && self
                    .shape
                    .iter()
                    .zip(shape)
                    .all(|(&a, &b)| a == b || a == 1))
    }

    /// Repeats the elements along axes of length 1 until the tensor has `shape`. A scalar fills
    /// any shape; otherwise the number of axes has to be the same. `false` (and no change) where
    /// that is impossible.
    pub(crate) fn broadcast_to(&mut self, shape: &[usize]) -> bool {
        if !self.broadcasts_to(shape) {
            return false;
        }
        let total: usize = shape.iter().product();
        let mut data = Vec::with_capacity(total);
        for flat in 0..total {
            let mut source = 0;
            if self.data.len() > 1 {
                let mut rest = flat;
                let mut stride = 1;
                for (&own, &wanted) in self.shape.iter().zip(shape).rev() {
                    let position = rest % wanted;
                    rest /= wanted;
                    if own > 1 {
                        source += position * stride;
                    }
                    stride *= own;
                }
            }
            data.push(self.data.get(source).copied().unwrap_or_default());
        }
        self.data = data;
        self.shape = shape.to_vec();
        true
    }

    /// Swaps the two axes of a matrix; leaves any other tensor alone.
    pub(crate) fn transpose(&mut self) {
        let &[rows, columns] = self.shape.as_slice() else {
            return;
        };
        if rows == 0 || columns == 0 {
            self.shape = vec![columns, rows];
            return;
        }
        let mut data = Vec::with_capacity(self.data.len());
        for column in 0..columns {
            data.extend(self.data.iter().skip(column).step_by(columns));
        }
        self.data = data;
        self.shape = vec![columns, rows];
    }

    /// Index of the first element that is NaN or infinite, one number an axis, and its value.
    pub(crate) fn first_not_finite(&self) -> Option<(Vec<usize>, f64)> {
        let flat = self.data.iter().position(|v| !v.is_finite())?;
        let mut rest = flat;
        let mut index: Vec<usize> = Vec::with_capacity(self.shape.len());
        for &axis in self.shape.iter().rev() {
            index.push(rest % axis.max(1));
            rest /= axis.max(1);
        }
        index.reverse();
        self.data.get(flat).map(|&value| (index, value))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_shape_and_its_data_must_agree() {
        assert!(Tensor::new(vec![2, 3], vec![0.0; 6]).is_some());
        assert!(Tensor::new(vec![2, 3], vec![0.0; 5]).is_none());
        assert!(Tensor::new(vec![usize::MAX, 3], vec![]).is_none());
    }

    #[test]
    fn transposing_swaps_rows_and_columns() {
        let mut t = Tensor::new(vec![2, 3], vec![1., 2., 3., 4., 5., 6.]).unwrap();
        t.transpose();
        assert_eq!(t.shape, [3, 2]);
        assert_eq!(t.data, [1., 4., 2., 5., 3., 6.]);
    }

    #[test]
    fn broadcasting_follows_axes_of_length_one() {
        let mut t = Tensor::new(vec![2, 1], vec![1., 2.]).unwrap();
        assert!(t.broadcast_to(&[2, 3]));
        assert_eq!(t.data, [1., 1., 1., 2., 2., 2.]);
        let mut s = Tensor::scalar(7.0);
        assert!(s.broadcast_to(&[2, 2]));
        assert_eq!((s.len(), s.shape.as_slice()), (4, [2, 2].as_slice()));
        assert!(!Tensor::vector(vec![1., 2.]).broadcast_to(&[3]));
        assert!(!Tensor::vector(vec![1., 2.]).broadcast_to(&[2, 2]));
    }

    #[test]
    fn the_first_bad_element_is_found_by_its_axes() {
        let mut t = Tensor::full(&[2, 3], 0.0);
        assert!(t.first_not_finite().is_none());
        t.data[4] = f64::INFINITY;
        t.data[5] = f64::NAN;
        assert_eq!(t.first_not_finite().unwrap(), (vec![1, 1], f64::INFINITY));
    }
}
