//! The link: its frames, a machine in software, and a Verilated system, with faults on the line.
#![allow(clippy::unwrap_used)]

mod faults;
mod faulty;
mod frames;
mod hostile;
mod model;
mod requests;
mod stops;
mod system;
#[cfg(unix)]
mod terminal;
mod workload;
