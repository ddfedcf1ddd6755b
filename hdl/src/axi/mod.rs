//! A core on a bus: AXI4-Lite to its host port, AXI4 to external memory. docs/axi.md has the registers and the rules.
//!
//! ```text
//!  s_axi --> AxiLitePort --> AxiRegisters --> Core --> AxiMaster --> m_axi
//!            one access at    AxiRegister     host     DMA's bursts
//!            a time                           port     in pieces
//! ```

mod config;
mod lite;
mod lite_port;
mod map;
mod master;
mod registers;
mod top;

pub use lite::AxiLite;
pub use lite_port::AxiLitePort;
pub use map::{AxiRegister, MAP_VERSION, markdown};
pub use master::{AxiMaster, piece_vectors};
pub use registers::AxiRegisters;
pub use top::AxiSystem;
