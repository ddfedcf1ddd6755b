//! The core: docs/core.md is its description.
//!
//! ```text
//!  Fetch --> Issue --> Execute --> Access (M, X) --> Commit (X1)
//!    F         D          A  \         |                ^
//!                             +--> VectorUnit (M .. W) -+
//!                                      ^
//!                          DmaEngine --+-- Host
//! ```

mod access;
pub mod cause;
mod commit;
mod config;
mod execute;
mod fetch;
mod flags;
mod hazards;
mod host;
mod issue;
mod late;
mod operand;
mod predecode;
mod prepare;
mod synthesis;
mod top;

pub use access::Access;
pub use commit::Commit;
pub use config::{Config, ConfigError};
pub use execute::Execute;
pub use fetch::Fetch;
pub use flags::{FLAGS, Flag, FlagTable, Flags};
pub use hazards::{Hazards, VectorHazard};
pub use host::Host;
pub use issue::Issue;
pub use late::LateOperand;
pub use operand::ScalarOperand;
pub use predecode::{NOTE, Predecode};
pub use prepare::Prepare;
pub use synthesis::CoreTop;
pub use top::Core;

/// Bits of the number of a word of instruction memory: enough for any that programs can address.
pub const INSTRUCTION_ADDRESS: usize = 18;
/// Bits of the number of a word of scalar memory.
pub const SCALAR_ADDRESS: usize = 18;
