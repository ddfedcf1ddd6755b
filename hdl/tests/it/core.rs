//! The configurations of the core: their Verilog, and what cannot be configured.

use spikevec_hdl::core::{Config, ConfigError};
use spikevec_isa::Memory;
use spikevec_isa::target::TargetError;

use crate::bench::have_tools;

#[test]
fn verilator_has_no_warning_for_any_configuration() {
    if !have_tools() {
        return;
    }
    for name in Config::NAMES {
        let design = Config::named(name).unwrap().design().unwrap();
        assert_eq!(spikevec_verilated::lint(&design).unwrap(), "", "{name}");
    }
}

#[test]
fn configurations_with_fewer_lanes_share_their_modules() {
    // Blocks that do not know the lanes are printed once, however often they are used.
    for name in Config::NAMES {
        let design = Config::named(name).unwrap().design().unwrap();
        for module in ["fetch", "issue", "execute", "access", "commit", "lane"] {
            let found = design
                .verilog
                .matches(&format!("\nmodule {module} ("))
                .count();
            assert_eq!(found, 1, "{module} of {name}");
        }
    }
}

#[test]
fn what_cannot_be_built_is_named_with_its_limit() {
    let base = || Config::named("base").unwrap();
    let mut config = base();
    config.target.extensions.pop();
    let error = config.check().unwrap_err();
    assert!(matches!(error, ConfigError::Extension { .. }), "{error}");
    let mut config = base();
    config.target.lanes = 12;
    let error = config.design().unwrap_err();
    assert!(
        matches!(error, ConfigError::Target(TargetError::Lanes { lanes: 12 })),
        "{error}"
    );

    let mut config = base();
    config.target.vector_bytes = 128 << 20;
    let error = config.check().unwrap_err().to_string();
    assert!(error.contains("67108864"), "{error}");

    let mut config = base();
    config.target.instruction_bytes = 0;
    let error = config.check().unwrap_err();
    let instruction = Memory::Instruction;
    assert!(
        matches!(error, ConfigError::Memory { memory, .. } if memory == instruction),
        "{error}"
    );

    let mut config = base();
    config.target.lane_local_bytes = 1536;
    let error = config.check().unwrap_err().to_string();
    assert!(error.contains("power of two"), "{error}");

    assert!(Config::named("huge").is_none());
}
