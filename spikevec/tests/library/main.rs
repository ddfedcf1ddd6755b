//! The library, as its users call it.
#![allow(clippy::unwrap_used)]

mod budget;
mod cancel;
mod common;
mod description;
mod errors;
mod fenn;
mod interop;
mod machines;
mod runs;
mod warnings;
