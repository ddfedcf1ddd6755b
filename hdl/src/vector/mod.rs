//! The vector side of the core, from stage A's output to W.
//!
//! ```text
//!  VectorUnit
//!    Group (4 of 8 lanes, 2 of 8, 1 of 8, 1 of 4)
//!      Control: the pipeline's registers that the lanes of a group share
//!        LaneTable, Source, Forward
//!      Lane: registers, operands, arithmetic (module `lane`)
//!        Operand, GeneratorRing, LocalMemory
//!    Gather: from lanes to a scalar register
//! ```
//! There are no interlocks: the core keeps the distances of docs/core.md.

mod control;
mod forward;
mod gather;
mod group;
mod lane;
mod local;
mod operand;
mod pick;
mod ring;
mod source;
mod table;
mod unit;

pub use control::Control;
pub use forward::Forward;
pub use gather::Gather;
pub use group::Group;
pub use lane::Lane;
pub use local::LocalMemory;
pub use operand::Operand;
pub use pick::Pick;
pub use ring::GeneratorRing;
pub use source::Source;
pub use table::LaneTable;
pub use unit::{VectorParameters, VectorUnit};
