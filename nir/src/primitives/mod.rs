//! The primitives of NIR 1.0, one a file, each with its equation.
//!
//! In the equations `x` is the input, `y` the output, `v` the membrane potential, `I` the input
//! current, `z` the spikes. They are those of the NIR paper (Pedersen et al., "Neuromorphic
//! intermediate representation: a unified instruction set for interoperable brain-inspired
//! computing", Nature Communications 15, 2024). NIR is in continuous time and fixes neither a time
//! step nor an integration method.

mod affine;
mod avg_pool2d;
mod conv1d;
mod conv2d;
mod cuba_li;
mod cuba_lif;
mod delay;
mod flatten;
mod input;
mod integrate_and_fire;
mod integrator;
mod li;
mod lif;
mod linear;
mod output;
mod padding;
mod scale;
mod sum_pool2d;
mod threshold;

pub use affine::Affine;
pub use avg_pool2d::AvgPool2d;
pub use conv1d::Conv1d;
pub use conv2d::Conv2d;
pub use cuba_li::CubaLI;
pub use cuba_lif::CubaLIF;
pub use delay::Delay;
pub use flatten::Flatten;
pub use input::Input;
pub use integrate_and_fire::IntegrateAndFire;
pub use integrator::Integrator;
pub use li::LI;
pub use lif::LIF;
pub use linear::Linear;
pub use output::Output;
pub use padding::Padding;
pub use scale::Scale;
pub use sum_pool2d::SumPool2d;
pub use threshold::Threshold;

use crate::container::Item;
use crate::fields::Fields;
use crate::{Error, Tensor};

/// A primitive and its form in a file.
pub(crate) trait Primitive: Sized {
    /// The type's name in files.
    const TYPE: &'static str;

    /// Takes the primitive's fields.
    fn decode(fields: &mut Fields) -> Result<Self, Error>;

    /// The fields to write, without the type.
    fn encode(&self) -> Vec<(&'static str, Item)>;

    /// Its tensors by field name.
    fn tensors(&self) -> Vec<(&'static str, &Tensor)> {
        Vec::new()
    }

    /// Its tensors by field name, to change them.
    fn tensors_mut(&mut self) -> Vec<(&'static str, &mut Tensor)> {
        Vec::new()
    }
}

/// The fields of a primitive that has only tensors.
fn all_tensors_encode<P: Primitive>(primitive: &P) -> Vec<(&'static str, Item)> {
    primitive
        .tensors()
        .into_iter()
        .map(|(name, tensor)| (name, Item::Numbers(tensor.clone())))
        .collect()
}

/// Implements [`Primitive`] for a struct whose fields are all tensors that bear the names they have
/// in files: first the required ones, then those that are `Option`.
macro_rules! all_tensors {
    ($name:ident, $type:literal, required: [$($field:ident),*], optional: [$($option:ident),*]) => {
        impl $crate::primitives::Primitive for $name {
            const TYPE: &'static str = $type;

            fn decode(fields: &mut $crate::fields::Fields) -> Result<Self, $crate::Error> {
                Ok($name {
                    $($field: fields.tensor(stringify!($field))?,)*
                    $($option: fields.optional_tensor(stringify!($option))?,)*
                })
            }

            fn encode(&self) -> Vec<(&'static str, $crate::container::Item)> {
                $crate::primitives::all_tensors_encode(self)
            }

            fn tensors(&self) -> Vec<(&'static str, &$crate::Tensor)> {
                let required = [$((stringify!($field), &self.$field)),*];
                let optional: [Option<(&'static str, &$crate::Tensor)>; _] =
                    [$(self.$option.as_ref().map(|t| (stringify!($option), t))),*];
                required.into_iter().chain(optional.into_iter().flatten()).collect()
            }

            fn tensors_mut(&mut self) -> Vec<(&'static str, &mut $crate::Tensor)> {
                let required = [$((stringify!($field), &mut self.$field)),*];
                let optional: [Option<(&'static str, &mut $crate::Tensor)>; _] =
                    [$(self.$option.as_mut().map(|t| (stringify!($option), t))),*];
                required.into_iter().chain(optional.into_iter().flatten()).collect()
            }
        }
    };
}
use all_tensors;
