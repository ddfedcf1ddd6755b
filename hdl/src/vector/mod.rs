//! The vector side of the core, from stage A's output to W.
//!
//! ```text
//!  VectorUnit
//!    Group (8 of 4 lanes, 4 of 4, 1 of 8, 1 of 4)
//!      Control: the pipeline's registers that the lanes of a group share
//!        LaneTable, OperandControl (Source, RegisterWord), LateControl
//!      Lane: registers, operands, the arithmetic of the module `lane`
//!        Operand, LocalMemory
//!    Gather: from lanes to a scalar register
//! ```
//! There are no interlocks: the core keeps the distances of docs/core.md.

mod control;
mod gather;
mod group;
mod lane;
mod late_control;
mod local;
mod operand;
mod operand_control;
mod pick;
mod register_word;
mod slow_pick;
mod source;
mod table;
mod unit;

pub use control::Control;
pub use gather::Gather;
pub use group::Group;
pub use lane::Lane;
pub use late_control::LateControl;
pub use local::LocalMemory;
pub use operand::Operand;
pub use operand_control::OperandControl;
pub use pick::Pick;
pub use register_word::RegisterWord;
pub use slow_pick::SlowPick;
pub use source::Source;
pub use table::LaneTable;
pub use unit::{VectorParameters, VectorUnit};
