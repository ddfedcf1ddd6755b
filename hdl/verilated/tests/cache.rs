//! What is loaded is what was built, in a folder that is the user's alone.
#![allow(clippy::unwrap_used)]
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use spikevec_design::{Design, Direction, Port};
use spikevec_verilated::own::NotOwn;
use spikevec_verilated::{Model, VerilatedError};

fn inverter() -> Design {
    let port = |name: &str, direction| Port {
        name: name.to_owned(),
        direction,
        width: 8,
        signed: false,
    };
    Design {
        top: "inverter".to_owned(),
        ports: vec![port("a", Direction::Input), port("y", Direction::Output)],
        modules: vec!["inverter".to_owned()],
        verilog: "module inverter(input [7:0] a, output [7:0] y);\n  assign y = ~a;\nendmodule\n"
            .to_owned(),
    }
}

/// Builds or finds the model, and tries it.
fn run(cache: &Path) -> Result<(), VerilatedError> {
    let model = Model::in_cache(&inverter(), cache)?;
    let (a, y) = (model.input("a")?, model.output("y")?);
    let mut circuit = model.instance();
    circuit.set(a, 0x5a);
    circuit.eval();
    assert_eq!(circuit.get(y), 0xa5);
    Ok(())
}

fn library(cache: &Path) -> PathBuf {
    let folders = fs::read_dir(cache).unwrap();
    let mut files = folders.map(|entry| entry.unwrap().path().join("model.so"));
    files.find(|file| file.is_file()).unwrap()
}

#[test]
fn a_library_is_loaded_only_as_it_was_built() {
    match spikevec_verilated::check_tools() {
        Err(error @ VerilatedError::Missing { .. }) => {
            println!("skipped: {error}");
            return;
        }
        other => other.unwrap(),
    }
    let name = format!("spikevec-models-{}", std::process::id());
    let cache = std::env::temp_dir().join(name);
    let _ = fs::remove_dir_all(&cache);
    run(&cache).unwrap();
    let mode = fs::metadata(&cache).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    let file = library(&cache);
    let built = fs::read(&file).unwrap();
    run(&cache).unwrap();
    // A damaged library, and one that is no library at all, are built again.
    let mut damaged = built.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    for bytes in [damaged, b"no library".to_vec()] {
        // Another file in its place: the first may be loaded still.
        fs::remove_file(&file).unwrap();
        fs::write(&file, &bytes).unwrap();
        run(&cache).unwrap();
        assert_ne!(fs::read(&file).unwrap(), bytes);
    }
    // One that others can change is not loaded.
    fs::set_permissions(&file, fs::Permissions::from_mode(0o777)).unwrap();
    let error = run(&cache).unwrap_err();
    assert!(
        matches!(error, VerilatedError::NotOwn(NotOwn::Mode { .. })),
        "{error}"
    );
    // Nothing of a build is left.
    let names = fs::read_dir(&cache).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(names.into_iter().all(|name| !name.starts_with("build-")));
    fs::remove_dir_all(&cache).unwrap();
}
