//! A machine behind a pseudo-terminal, opened as a board's port is.

use std::path::Path;
use std::time::Duration;

use spikevec_isa::Target;
use spikevec_runtime::LinkBackend;
use spikevec_runtime::link::{LinkError, LinkOptions, SerialLine, serve};

use crate::faulty::Random;
use crate::model::Model;
use crate::{system, workload};

fn options() -> LinkOptions {
    LinkOptions {
        // The thread at the other end may have to wait for a processor.
        patience: Duration::from_millis(2000),
        ..LinkOptions::default()
    }
}

#[test]
fn a_model_behind_a_terminal() {
    let terminal = serve(Model::new(&Target::small())).unwrap();
    for seed in 0..2 {
        let line = SerialLine::open(terminal.path(), 1_000_000).unwrap();
        let mut machine = LinkBackend::open(line, options()).unwrap();
        workload::run(&mut machine, None, 10, &mut Random(seed));
        assert_eq!(machine.statistics().retries, 0);
    }
}

#[test]
fn a_verilated_system_behind_a_terminal() {
    let Some(pipe) = system::pipe("tiny") else {
        return;
    };
    let terminal = serve(pipe).unwrap();
    let line = SerialLine::open(terminal.path(), 115_200).unwrap();
    let mut machine = LinkBackend::open(line, options()).unwrap();
    workload::run(&mut machine, None, 2, &mut Random(1));
}

#[test]
fn a_port_that_is_not_there() {
    let error = SerialLine::open(Path::new("/dev/no_such_port"), 115_200).unwrap_err();
    assert!(matches!(error, LinkError::Open { .. }));
    assert!(error.to_string().contains("/dev/no_such_port"), "{error}");
}
