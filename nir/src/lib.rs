//! Reads, repairs, checks and writes NIR files: trained spiking networks in the Neuromorphic
//! Intermediate Representation, stored as HDF5.
//!
//! [`read`] gives a [`Model`] whose graph is sound: every edge connects two nodes, all values are
//! finite, and all shapes agree. What had to be changed to make it so is listed in
//! [`Model::warnings`]. [`read_unrepaired`] gives the graph as stored. [`write()`] writes the layout
//! of NIR 1.0, which Python's `nir` reads.
//!
//! Values stay `f64` throughout; this crate knows no fixed point, no time step, and no reset rule
//! beyond what the file says.

mod container;
mod decode;
mod display;
mod encode;
mod error;
mod fields;
mod graph;
mod io;
mod leakless;
pub mod primitives;
mod repair;
mod shapes;
mod tensor;
mod warning;

pub use error::Error;
pub use graph::{Graph, MetaValue, Metadata, Model, Node, NodeKind};
pub use io::{from_bytes, from_bytes_unrepaired, read, read_unrepaired, to_bytes, write};
pub use primitives::{
    Affine, AvgPool2d, Conv1d, Conv2d, CubaLI, CubaLIF, Delay, Flatten, Input, IntegrateAndFire,
    Integrator, LI, LIF, Linear, Output, Padding, Scale, SumPool2d, Threshold,
};
pub use repair::repair;
pub use shapes::{Shapes, shapes};
pub use tensor::{DType, Tensor};
pub use warning::Warning;
