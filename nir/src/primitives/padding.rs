use crate::container::Item;

/// How a convolution over `N` axes pads its input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Padding<const N: usize> {
    /// As much that the output has the size of the input; only for a stride of 1. Where the sum is
    /// odd the extra element is at the end, as PyTorch does it.
    Same,
    /// None.
    Valid,
    /// This many zeros at both ends of each axis.
    Explicit([usize; N]),
}

impl<const N: usize> Padding<N> {
    /// The value for the file; a single number is written as a scalar.
    pub(crate) fn encode(&self) -> Item {
        match self {
            Padding::Same => Item::Text("same".to_owned()),
            Padding::Valid => Item::Text("valid".to_owned()),
            Padding::Explicit(sizes) => match sizes.as_slice() {
                &[one] => Item::Int(one as i64),
                several => Item::ints(several),
            },
        }
    }
}
