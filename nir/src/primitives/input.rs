use super::Primitive;
use crate::Error;
use crate::container::Item;
use crate::fields::Fields;

/// Where data enters a graph: `y(t) = x(t)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// Shape of one time step of the data, without batch and time axes.
    pub shape: Vec<usize>,
}

impl Primitive for Input {
    const TYPE: &'static str = "Input";

    fn decode(fields: &mut Fields) -> Result<Self, Error> {
        Ok(Input {
            shape: fields.required_shape("shape")?,
        })
    }

    fn encode(&self) -> Vec<(&'static str, Item)> {
        vec![("shape", Item::ints(&self.shape))]
    }
}
