//! A core on a board: behind a serial line instead of wires. docs/protocol.md is what goes over the line.
//!
//! ```text
//!  uart_rx --> UartReceiver --> FrameReceiver --> buffer --> Requests --> Core
//!                                                   |           |
//!  uart_tx <-- UartTransmitter <-- FrameTransmitter +           + Facts
//! ```

mod config;
mod crc;
mod facts;
mod frame_receiver;
mod frame_transmitter;
mod link;
mod requests;
mod top;
mod uart_receiver;
mod uart_transmitter;

pub use config::{SystemConfig, SystemError};
pub use crc::Crc;
pub use facts::Facts;
pub use frame_receiver::FrameReceiver;
pub use frame_transmitter::FrameTransmitter;
pub use link::HostLink;
pub use requests::Requests;
pub use top::System;
pub use uart_receiver::UartReceiver;
pub use uart_transmitter::UartTransmitter;
