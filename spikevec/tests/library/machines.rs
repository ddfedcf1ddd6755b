//! What machines can do beside running.

use spikevec::runtime::{Backend, BackendError};
use spikevec::simulator::Timing;
use spikevec::{Error, Machine, MachineKind, MachineOptions, RunOptions};

use crate::common::{Folder, data, program};

#[test]
fn a_traced_machine_has_no_forks_and_its_samples_in_order() {
    let folder = Folder::new("trace");
    let program = program();
    let options = MachineOptions {
        trace: Some(folder.path("trace.txt")),
        ..MachineOptions::default()
    };
    let mut machine = Machine::open(&options, &program).unwrap();
    let how = RunOptions {
        limit: Some(2),
        float: false,
        ..RunOptions::default()
    };
    let data = data(&program);
    let run = machine.run(&data, &how).unwrap();
    let trace = std::fs::read_to_string(folder.path("trace.txt")).unwrap();
    // But for the `ecall` that ends each sample's only run.
    assert_eq!(trace.lines().count() as u64 + 2, run.report.instructions);
    // Each run writes it anew.
    machine.run(&data, &how).unwrap();
    let again = std::fs::read_to_string(folder.path("trace.txt")).unwrap();
    assert_eq!(again.lines().count(), trace.lines().count());
    // A trace that cannot be written is an error before anything has run.
    let options = MachineOptions {
        trace: Some(folder.path("no/trace.txt")),
        ..MachineOptions::default()
    };
    let mut machine = Machine::open(&options, &program).unwrap();
    let error = machine.run(&data, &how).unwrap_err();
    assert!(matches!(error, Error::Trace { .. }), "{error}");
}

#[test]
fn stalls_are_counted_where_they_are_asked_for() {
    let program = program();
    let how = RunOptions {
        limit: Some(4),
        float: false,
        ..RunOptions::default()
    };
    let data = data(&program);
    assert!(program.run(&data, &how).unwrap().stalls.is_none());
    let options = MachineOptions {
        stalls: true,
        core: Timing::named("small"),
        ..MachineOptions::default()
    };
    let run = Machine::open(&options, &program).unwrap().run(&data, &how);
    let run = run.unwrap();
    // But for the `ecall` that ends each sample's only run.
    assert_eq!(run.stalls.unwrap().executed() + 4, run.report.instructions);
    assert_eq!(run.report.timing.lanes, Some(8));
}

/// A model for a smaller core is compiled for that core's memories.
#[test]
fn a_core_has_a_target() {
    let options = |core: Option<&str>| MachineOptions {
        core: core.and_then(Timing::named),
        ..MachineOptions::default()
    };
    assert!(options(None).target().is_none());
    for (core, target) in [
        ("base", "base"),
        ("half", "base"),
        ("small", "small"),
        ("tiny", "small"),
    ] {
        assert_eq!(options(Some(core)).target().unwrap().name, target);
    }
}

/// The core behind its serial link: one machine, with the simulator's results and clocks.
#[test]
fn a_machine_behind_a_link_refuses_to_fork() {
    let program = {
        let model = spikevec::Model::open(crate::common::digits("digits.nir")).unwrap();
        let mut options = spikevec::CompileOptions::default();
        options.compiler.target = spikevec::isa::Target::small();
        model.compile(&options).unwrap()
    };
    let options = |kind: MachineKind| MachineOptions {
        kind,
        core: Timing::named("tiny"),
        ..MachineOptions::default()
    };
    let mut machine = match Machine::open(&options(MachineKind::System), &program) {
        Ok(machine) => machine,
        // Hardware is not built in.
        Err(error @ Error::NoHardware { .. }) => {
            println!("skipped: {error}");
            return;
        }
        // Verilator is missing.
        #[cfg(feature = "hardware")]
        Err(error @ Error::Verilated(_)) => {
            println!("skipped: {error}");
            return;
        }
        Err(error) => panic!("{error}"),
    };
    let error = machine.session().backend().fork().unwrap_err();
    assert!(matches!(error, BackendError::NoFork { .. }), "{error}");
    let how = RunOptions {
        limit: Some(2),
        ..RunOptions::default()
    };
    let data = data(&program);
    let behind = machine.run(&data, &how).unwrap();
    let mut simulator = Machine::open(&options(MachineKind::Simulator), &program).unwrap();
    let simulated = simulator.run(&data, &how).unwrap();
    assert_eq!(behind.results, simulated.results);
    assert_eq!(behind.report.timing, simulated.report.timing);
}
