//! The tests, which run on the engine that the module above names.

/// The engine that is tested.
const ENGINE: spikevec_simulator::EngineKind = super::ENGINE;

mod common;
mod conformance;
mod counters;
mod dma;
mod meaning;
mod memory;
mod qemu;
mod saturation;
mod stops;
mod timing;
mod timing_dma;
mod timing_random;
