//! The core against the simulator, and the harness against a mock of the core.
#![allow(clippy::unwrap_used)]

#[path = "lockstep/conformance.rs"]
mod conformance;
#[path = "lockstep/core.rs"]
mod core;
#[path = "lockstep/device.rs"]
mod device;
#[path = "lockstep/harness.rs"]
mod harness;
#[path = "lockstep/networks.rs"]
mod networks;
#[path = "lockstep/programs.rs"]
mod programs;

use spikevec_isa::Target;
use spikevec_tests::lockstep::{Lockstep, Mock, Options, Sabotage};

/// Small memories, so that all of them can be compared.
fn target() -> Target {
    let mut target = Target::base();
    target.scalar_bytes = 4096;
    target.vector_bytes = 16 << 10;
    target.lane_local_bytes = 512;
    target.external_bytes = 64 << 10;
    target
}

fn mock(lanes: usize, sabotage: Option<Sabotage>) -> Lockstep<Mock> {
    let dut = Mock::new(lanes, &target(), sabotage).unwrap();
    Lockstep::new(dut, &target(), Options::default()).unwrap()
}
