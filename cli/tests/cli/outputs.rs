//! Files that are read stay as they are, and outputs are written all or none.

use std::fs;
use std::os::unix::fs::{FileTypeExt, symlink};
use std::process::Command;

use crate::common::{Folder, PIN, SMALL, fails, lif, network, output, text};

/// A small model, data for it, a program of it, and contents of all files.
struct Files {
    folder: Folder,
    model: String,
    data: String,
    elf: String,
}

impl Files {
    fn new() -> Self {
        let folder = Folder::new();
        let model = folder.model("m.nir", &network(4, 4, lif(4)));
        let data = folder.spikes("x.npz", 2, 5, 4);
        let elf = folder.path("a.elf");
        output(&["compile", &model, "-o", &elf, "--dt", "1e-3", PIN, SMALL]);
        Files {
            folder,
            model,
            data,
            elf,
        }
    }

    fn contents(&self) -> Vec<(String, Vec<u8>)> {
        let read = |name: String| {
            let bytes = fs::read(self.folder.path(&name)).unwrap();
            (name, bytes)
        };
        self.folder.files().into_iter().map(read).collect()
    }

    /// The command fails with these words and changes no file.
    fn refused(&self, arguments: &[&str], words: &[&str]) {
        let before = self.contents();
        fails(arguments, words);
        assert!(before == self.contents(), "{arguments:?} changes files");
    }
}

const STEP: [&str; 4] = ["--dt", "1e-3", PIN, SMALL];

#[test]
fn what_is_read_is_never_written() {
    let files = Files::new();
    let Files {
        folder,
        model,
        data,
        elf,
    } = &files;
    let labels = folder.array(
        "y.npz",
        &[2],
        spikevec::runtime::data::Values::U8(vec![0, 1]),
    );
    let (linked, soft) = (folder.path("hard.nir"), folder.path("soft.nir"));
    fs::hard_link(model, &linked).unwrap();
    symlink(model, &soft).unwrap();
    let out = folder.path("out.elf");
    let overwritten = &["is read, and would be overwritten"];
    let run = |rest: &[&str]| {
        [&["run", model, "-i", data], &STEP[..], rest]
            .concat()
            .iter()
            .map(|s| s.to_string())
            .collect::<Vec<_>>()
    };
    let compile = |rest: &[&str]| {
        [&["compile", model], &STEP[..], rest]
            .concat()
            .iter()
            .map(|s| s.to_string())
            .collect::<Vec<_>>()
    };
    let plain = |all: &[&str]| all.iter().map(|s| s.to_string()).collect::<Vec<_>>();
    let cases = [
        compile(&["-o", model]),
        compile(&["-o", &out, "--disasm", model]),
        compile(&["-o", data, "--calibrate", data]),
        compile(&["-o", &out, "--calibrate", data, "--disasm", data]),
        compile(&["-o", &linked]),
        compile(&["-o", &soft]),
        plain(&["disasm", elf, "-o", elf]),
        plain(&["asm", model, "-o", &soft]),
        run(&["--calibrate", &labels, "-o", &labels]),
        run(&["--calibrate", &labels, "--trace", &labels]),
        run(&["-l", &labels, "--trace", &labels]),
        run(&["-o", data]),
        run(&["--trace", &linked]),
        run(&["--trace", &soft]),
    ];
    for case in cases {
        let case: Vec<&str> = case.iter().map(String::as_str).collect();
        files.refused(&case, overwritten);
    }
}

#[test]
fn two_outputs_need_two_files() {
    let files = Files::new();
    let Files {
        folder,
        model,
        data,
        elf,
    } = &files;
    let (new, dotted) = (folder.path("new"), folder.path("./new"));
    let two = &["two outputs", "a file of its own"];
    for other in [&new, &dotted] {
        files.refused(
            &[
                &["run", model, "-i", data, "--trace", &new, "-o", other],
                &STEP[..],
            ]
            .concat(),
            two,
        );
        files.refused(
            &[
                &["compile", model, "-o", &new, "--disasm", other],
                &STEP[..],
            ]
            .concat(),
            two,
        );
    }
    files.refused(
        &[&["compile", model, "-o", elf, "--disasm", elf], &STEP[..]].concat(),
        two,
    );
}

#[test]
fn all_outputs_or_none() {
    let files = Files::new();
    let Files {
        folder,
        model,
        data,
        ..
    } = &files;
    let (out, nowhere) = (folder.path("out"), folder.path("no/x"));
    let compile = [&["compile", model, "-o", &out], &STEP[..]].concat();
    files.refused(
        &[&compile[..], &["--disasm", &nowhere]].concat(),
        &[&nowhere, "No such file"],
    );
    files.refused(
        &[&compile[..], &["--disasm", &folder.path("")]].concat(),
        &["directory"],
    );
    if std::path::Path::new("/dev/full").exists() {
        files.refused(
            &[&compile[..], &["--disasm", "/dev/full"]].concat(),
            &["/dev/full", "No space"],
        );
    }
    files.refused(
        &[
            &["run", model, "-i", data, "--trace", &out, "-o", &nowhere],
            &STEP[..],
        ]
        .concat(),
        &[&nowhere, "No such file"],
    );
}

#[test]
fn devices_stay_devices() {
    let files = Files::new();
    let run = [&["run", &files.model, "-i", &files.data], &STEP[..]].concat();
    output(&[&run[..], &["-o", "/dev/null", "--trace", "/dev/null"]].concat());
    assert!(
        fs::metadata("/dev/null")
            .unwrap()
            .file_type()
            .is_char_device()
    );
    let pipe = files.folder.path("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let reader = {
        let pipe = pipe.clone();
        std::thread::spawn(move || fs::read(pipe).unwrap())
    };
    output(&[&run[..], &["-o", &pipe]].concat());
    assert!(reader.join().unwrap().starts_with(b"PK"));
    assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
}

#[test]
fn standard_output_may_be_named() {
    let files = Files::new();
    let out = files.folder.path("out.elf");
    let shown = output(
        &[
            &["compile", &files.model, "-o", &out, "--disasm", "-"],
            &STEP[..],
        ]
        .concat(),
    );
    assert!(text(&shown.stdout).contains("vstorev"));
    let shown = output(&["disasm", &out, "-o", "/dev/stdout"]);
    assert!(text(&shown.stdout).contains("vstorev"));
}
