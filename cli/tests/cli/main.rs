//! The binary as a user runs it.
#![allow(clippy::unwrap_used, missing_docs)]

mod bad_files;
mod bad_flags;
mod bare;
mod common;
mod data;
mod hardware;
mod help;
mod interop;
mod names;
mod neuron;
#[cfg(unix)]
mod outputs;
mod programs;
mod reading;
mod run;
mod timing;
