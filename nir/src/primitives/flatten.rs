use super::Primitive;
use crate::Error;
use crate::container::Item;
use crate::fields::Fields;

/// Joins the axes `start_dim` to `end_dim`, inclusive, into one: `y(t)` has the elements of `x(t)`
/// in the same (row-major) order.
#[derive(Debug, Clone, PartialEq)]
pub struct Flatten {
    /// Shape of the input (`input_type` in files); it can be told from the predecessor where it is
    /// absent.
    pub input_shape: Option<Vec<usize>>,
    /// First axis to join. Negative numbers count from the end.
    pub start_dim: i64,
    /// Last axis to join. Negative numbers count from the end.
    pub end_dim: i64,
}

impl Primitive for Flatten {
    const TYPE: &'static str = "Flatten";

    fn decode(fields: &mut Fields) -> Result<Self, Error> {
        Ok(Flatten {
            input_shape: fields.shape("input_type")?,
            // the defaults of Python's nir
            start_dim: fields.integer("start_dim")?.unwrap_or(1),
            end_dim: fields.integer("end_dim")?.unwrap_or(-1),
        })
    }

    fn encode(&self) -> Vec<(&'static str, Item)> {
        let mut fields = vec![
            ("start_dim", Item::Int(self.start_dim)),
            ("end_dim", Item::Int(self.end_dim)),
        ];
        if let Some(shape) = &self.input_shape {
            fields.push(("input_type", Item::ints(shape)));
        }
        fields
    }
}
