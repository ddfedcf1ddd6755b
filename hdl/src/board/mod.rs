//! A system on a board: the board's clock, a PLL, and pins.
//!
//! ```text
//!  clock_in --> Pll ---------> ClockGate --> System <--> uart_rx, uart_tx
//!                |                 ^            |
//!                +--> ClockStart --+            +--> led
//! ```
//!
//! A [`DirectTop`] has neither PLL nor gate: its system runs from `clock_in`, on an FPGA of any family.
//!
//! There is no reset: all state has its first value from the bitstream. No clock may disturb it before a PLL has
//! locked, so the system's clock is held until then.

mod config;
mod direct;
mod lights;
mod pll;
mod start;
mod top;

pub use config::{BoardConfig, BoardError};
pub use direct::DirectTop;
pub use lights::Lights;
pub use pll::{PllError, PllSettings};
pub use start::ClockStart;
pub use top::BoardTop;
