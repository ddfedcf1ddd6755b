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

/// The second is refused before it changes anything, and the first one works on.
#[test]
fn a_port_has_one_program() {
    let terminal = serve(Model::new(&Target::small())).unwrap();
    let line = SerialLine::open(terminal.path(), 1_000_000).unwrap();
    let mut machine = LinkBackend::open(line, options()).unwrap();
    for _ in 0..3 {
        let error = SerialLine::open(terminal.path(), 9600).unwrap_err();
        assert!(matches!(error, LinkError::InUse { .. }), "{error}");
        let text = error.to_string();
        assert!(text.contains("is in use by"), "{text}");
        // Where there is a folder for lock files, they say whose it is.
        if Path::new("/run/lock").is_dir() {
            let process = format!("process {}", std::process::id());
            assert!(text.contains(&process), "{text}");
        }
    }
    workload::run(&mut machine, None, 2, &mut Random(4));
    assert_eq!(machine.statistics().retries, 0);
    drop(machine);
    SerialLine::open(terminal.path(), 1_000_000).unwrap();
}

#[test]
fn the_lock_file_of_a_program_that_was_killed_holds_nobody_up() {
    let terminal = serve(Model::new(&Target::small())).unwrap();
    let name = terminal.path().strip_prefix("/dev").unwrap();
    let name = name.to_string_lossy().replace('/', "_");
    let file = Path::new("/run/lock").join(format!("LCK..{name}"));
    let mut child = std::process::Command::new("true").spawn().unwrap();
    child.wait().unwrap();
    if std::fs::write(&file, format!("{:>10}\n", child.id())).is_err() {
        println!("skipped: {} cannot be written", file.display());
        return;
    }
    let line = SerialLine::open(terminal.path(), 1_000_000).unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    assert_eq!(text.trim(), std::process::id().to_string());
    drop(line);
    assert!(!file.exists());
    // One that lives has it, whoever it is.
    std::fs::write(&file, "1\n").unwrap();
    let error = SerialLine::open(terminal.path(), 1_000_000).unwrap_err();
    std::fs::remove_file(&file).unwrap();
    assert!(error.to_string().contains("process 1 "), "{error}");
}

#[test]
fn what_is_no_port_is_refused() {
    for path in ["/dev/null", "/dev/zero", "/"] {
        let error = SerialLine::open(Path::new(path), 115_200).unwrap_err();
        assert!(matches!(error, LinkError::Open { .. }), "{error}");
    }
}
