//! Models and programs from files, told apart by their contents; files written whole or not at all.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use spikevec_assembler::{Image, read_elf};
use spikevec_nir::Model;

use crate::terminal;

const ELF: &[u8] = b"\x7fELF";
const HDF5: &[u8] = b"\x89HDF\r\n\x1a\n";

/// What a file holds.
pub enum Contents {
    /// A model in NIR.
    Model(Box<Model>),
    /// A program.
    Program(Box<Image>),
}

/// Reads a model or a program.
pub fn load(path: &Path) -> Result<Contents> {
    let name = path.display();
    let bytes = fs::read(path).with_context(|| format!("cannot read {name}"))?;
    if bytes.starts_with(ELF) {
        let image =
            read_elf(&bytes).with_context(|| format!("{name} is no program that can be loaded"))?;
        return Ok(Contents::Program(Box::new(image)));
    }
    if is_hdf5(&bytes) {
        let model = spikevec_nir::from_bytes(&bytes, &name.to_string())
            .with_context(|| format!("{name} is no model that can be read"))?;
        return Ok(Contents::Model(Box::new(model)));
    }
    bail!(
        "{name} is neither a NIR model (an HDF5 file, beginning with 89 48 44 46) nor a program (an ELF \
         file, beginning with 7f 45 4c 46): it begins with {}. Export a model with nir.write(path, graph) \
         in Python, or make a program with `spikevec compile` or `spikevec asm`",
        beginning(&bytes)
    )
}

/// Reads a program; a model is an error.
pub fn load_program(path: &Path) -> Result<Image> {
    match load(path)? {
        Contents::Program(image) => Ok(*image),
        Contents::Model(_) => bail!(
            "{name} is a NIR model, not a program: compile it first (`spikevec compile {name} -o out.elf`)",
            name = path.display()
        ),
    }
}

/// Reads a model; a program is an error.
pub fn load_model(path: &Path) -> Result<Model> {
    match load(path)? {
        Contents::Model(model) => Ok(*model),
        Contents::Program(_) => bail!(
            "{name} is a program already, not a NIR model: run it with `spikevec run {name}`, or look at it \
             with `spikevec inspect {name}`",
            name = path.display()
        ),
    }
}

/// HDF5's superblock lies at 0, or behind a block of 512 bytes or a doubling of that.
fn is_hdf5(bytes: &[u8]) -> bool {
    let mut start = 0;
    loop {
        match bytes.get(start..) {
            Some(rest) if rest.starts_with(HDF5) => return true,
            Some(rest) if !rest.is_empty() => start = if start == 0 { 512 } else { 2 * start },
            _ => return false,
        }
    }
}

fn beginning(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "nothing (it is empty)".to_owned();
    }
    let first: Vec<String> = bytes.iter().take(4).map(|b| format!("{b:02x}")).collect();
    let text: String = bytes
        .iter()
        .take(16)
        .take_while(|b| matches!(b, b' '..=b'~'))
        .map(|b| char::from(*b))
        .collect();
    if text.len() >= 4 {
        format!("{} ({text:?})", first.join(" "))
    } else {
        first.join(" ")
    }
}

/// Refuses to overwrite what is being read.
pub fn check_output(input: &Path, output: &Path) -> Result<()> {
    let same = matches!((input.canonicalize(), output.canonicalize()), (Ok(a), Ok(b)) if a == b);
    ensure!(
        !same,
        "{} is read, and would be overwritten by the output: give another file for that",
        input.display()
    );
    Ok(())
}

/// Writes a file under another name and renames it, so that nobody ever sees half
/// of it. What exists and is no plain file (a pipe, `/dev/null`) is written directly.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let special = fs::metadata(path).is_ok_and(|found| !found.is_file());
    let outcome = if special {
        fs::write(path, bytes)
    } else {
        let temporary = beside(path);
        let written = fs::File::create(&temporary)
            .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
            .and_then(|()| fs::rename(&temporary, path));
        written.inspect_err(|_| {
            // The error that counts is the first one.
            let _ = fs::remove_file(&temporary);
        })
    };
    outcome.with_context(|| format!("cannot write {}", path.display()))
}

/// As [`write()`]; `-` is standard output.
pub fn write_text(path: &Path, text: &str) -> Result<()> {
    if path == Path::new("-") {
        terminal::print(text)
    } else {
        write(path, text.as_bytes())
    }
}

/// A name in the same folder that no other process uses.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    path.with_file_name(name)
}

/// The file's name without folder and extension.
pub fn stem(path: &Path) -> String {
    path.file_stem().map_or_else(
        || "model".to_owned(),
        |stem| stem.to_string_lossy().into_owned(),
    )
}
