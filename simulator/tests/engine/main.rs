//! What every engine must do: the tests of `suite`, over each engine of the list below. A new
//! engine is tested by a module more.
#![allow(clippy::unwrap_used)]
// The suite is a module once an engine.
#![allow(clippy::duplicate_mod)]

use spikevec_simulator::EngineKind;

#[path = "."]
mod interpreter {
    pub(crate) const ENGINE: super::EngineKind = super::EngineKind::Interpreter;
    #[path = "suite/mod.rs"]
    mod suite;
}
