//! What goes wrong has a type and a text.

use std::error::Error as _;

use spikevec::{
    Data, DataOptions, Error, Machine, MachineKind, MachineOptions, Model, Program, RunOptions,
    open,
};

use crate::common::{Folder, data, digits, program};

#[test]
fn files_are_told_apart_by_their_first_bytes() {
    let folder = Folder::new("files");
    let path = folder.path("program.elf");
    program().save(&path).unwrap();
    let error = Model::open(&path).unwrap_err();
    assert!(matches!(error, Error::NotAModel { .. }), "{error}");
    assert!(error.to_string().contains("spikevec run"), "{error}");
    let error = Program::open(digits("digits.nir")).unwrap_err();
    assert!(matches!(error, Error::NotAProgram { .. }), "{error}");
    let error = open(digits("test_x.npy")).unwrap_err();
    assert!(matches!(error, Error::UnknownFile { .. }), "{error}");
    assert!(error.to_string().contains("93 4e 55 4d"), "{error}");
    let error = open(folder.path("none")).unwrap_err();
    assert!(matches!(error, Error::Read { .. }) && error.source().is_some());
    let error = Program::from_bytes(b"\x7fELF", "cut.elf").unwrap_err();
    assert!(matches!(error, Error::Program { .. }) && error.source().is_some());
    let error = Model::from_bytes(b"\x89HDF\r\n\x1a\n", "cut.nir").unwrap_err();
    assert!(matches!(error, Error::Model { .. }) && error.source().is_some());
}

#[test]
fn data_that_does_not_fit() {
    let program = program();
    let run = |data: Data| program.run(&data, &RunOptions::default()).unwrap_err();
    let error = run(Data::new(64, vec![vec![]]));
    assert!(matches!(error, Error::NothingToRun { .. }), "{error}");
    let samples = data(&program).samples()[..2].to_vec();
    for labels in [vec![1], vec![1, 10]] {
        let error = run(Data::new(64, samples.clone()).with_labels(labels));
        assert!(matches!(error, Error::Labels { .. }), "{error}");
        assert!(error.source().is_some());
    }
    let error = run(Data::new(64, vec![vec![vec![64]]]));
    assert!(error.to_string().contains("input neuron 64"), "{error}");
    // Labels beyond the limit are looked at as well.
    let error = program.run(
        &Data::new(64, samples).with_labels(vec![1, 10]),
        &RunOptions {
            limit: Some(1),
            ..RunOptions::default()
        },
    );
    assert!(matches!(error, Err(Error::Labels { .. })));
}

#[test]
fn a_program_without_a_manifest_has_no_data() {
    let program = Program::assemble("ecall\n", "bare.s").unwrap();
    let error = program.data_options(&DataOptions::default()).unwrap_err();
    assert!(matches!(error, Error::Run { .. }), "{error}");
    let error = Machine::open(&MachineOptions::default(), &program).unwrap_err();
    assert_eq!(error.to_string(), "bare.s cannot be run");
    let source = error.source().unwrap().to_string();
    assert!(source.contains("no manifest"), "{source}");
    let error = Program::assemble("nonsense\n", "bare.s").unwrap_err();
    assert!(matches!(error, Error::Assembly(_)), "{error}");
}

#[test]
fn limits_come_with_a_remedy() {
    let program = program();
    let options = RunOptions {
        budget: Some(10),
        ..RunOptions::default()
    };
    let error = program.run(&data(&program), &options).unwrap_err();
    assert!(matches!(error, Error::Limit { .. }), "{error}");
    let source = error.source().unwrap().to_string();
    assert!(source.contains("sample 0"), "{source}");
}

#[test]
fn machines_that_are_not_there() {
    let program = program();
    let open = |options: MachineOptions| Machine::open(&options, &program).unwrap_err();
    let board = MachineOptions {
        kind: MachineKind::Board,
        ..MachineOptions::default()
    };
    let error = open(board.clone());
    assert!(matches!(error, Error::NoPort), "{error}");
    let error = open(MachineOptions {
        port: Some("/dev/there-is-no-such-port".into()),
        ..board.clone()
    });
    assert!(matches!(error, Error::Link(_)), "{error}");
    for (option, options) in [
        (
            "stalls",
            MachineOptions {
                stalls: true,
                ..board.clone()
            },
        ),
        (
            "untimed",
            MachineOptions {
                timed: false,
                ..board
            },
        ),
    ] {
        let error = open(options);
        let Error::SimulatorOnly {
            option: found,
            kind: MachineKind::Board,
        } = error
        else {
            panic!("{error}");
        };
        assert_eq!(found, option);
    }
    for name in MachineKind::NAMES {
        assert_eq!(MachineKind::named(name).unwrap().to_string(), name);
    }
    assert_eq!(MachineKind::named("fpga"), None);
}
