//! From Verilog to a shared library, once for each text.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;

use super::cache::{self, Folder, io};
use super::error::VerilatedError;
use super::kind::Recording;
use super::{shim, tool};
use spikevec_design::Design;

/// Quick to compile, and fast enough: -O2 takes twice as long.
const CXX_FLAGS: &[&str] = &[
    "-std=c++17",
    "-O1",
    "-fPIC",
    "-fvisibility=hidden",
    // Several models in one process must not share Verilator's globals.
    "-fno-gnu-unique",
];
const LINK_FLAGS: &[&str] = &["-shared", "-Wl,-Bsymbolic"];

/// Warnings that are off: rust-hdl's arithmetic relies on Verilog's widening, and a file holds
/// many modules.
pub(super) const WARNINGS: &[&str] = &["-Wall", "-Wno-WIDTH", "-Wno-DECLFILENAME"];

/// One build at a time in a process; processes are kept apart by folders of their own.
static BUILDING: Mutex<()> = Mutex::new(());

/// Runs a program; `Missing` where it is not on the path.
fn run(
    program: &'static str,
    arguments: impl FnOnce(&mut Command),
) -> Result<Output, VerilatedError> {
    let failed = |source: std::io::Error| match source.kind() {
        std::io::ErrorKind::NotFound => VerilatedError::Missing {
            program,
            package: program,
            needed: match program {
                "verilator" => "5.006 and later",
                _ => "any compiler with C++17",
            },
        },
        _ => io(Path::new(program))(source),
    };
    // Verilator may be told where its own files are.
    let mut command = tool::command(program, &["VERILATOR_ROOT"]).map_err(failed)?;
    arguments(&mut command);
    command.output().map_err(failed)
}

fn text(output: &Output) -> String {
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    text
}

/// Verilator's version and the folder of its headers.
fn verilator() -> Result<(String, PathBuf), VerilatedError> {
    let version = run("verilator", |c| {
        c.arg("--version");
    })?;
    let root = run("verilator", |c| {
        c.args(["--getenv", "VERILATOR_ROOT"]);
    })?;
    Ok((text(&version), PathBuf::from(text(&root).trim())))
}

/// Whether the programs are there that a build needs.
///
/// # Errors
/// [`VerilatedError::Missing`] names the program and the package.
pub fn check_tools() -> Result<(), VerilatedError> {
    verilator()?;
    run("g++", |c| {
        c.arg("--version");
    })?;
    Ok(())
}

/// What `verilator --lint-only` says about a design: nothing where it is clean.
///
/// # Errors
/// [`VerilatedError::Missing`] and [`VerilatedError::Io`].
pub fn lint(design: &Design) -> Result<String, VerilatedError> {
    let cache = cache::open(&cache::cache_folder()?)?;
    let folder = Folder::new(&cache)?;
    let file = folder.path.join(format!("{}.v", design.top));
    std::fs::write(&file, &design.verilog).map_err(io(&file))?;
    let output = run("verilator", |c| {
        c.arg("--lint-only").args(WARNINGS);
        c.args(["--top-module", &design.top]).arg(&file);
    })?;
    Ok(text(&output))
}

/// What the design's library depends on; kept beside it, so that equal hashes are no proof.
fn identity(design: &Design, recording: Recording, shim: &str, version: &str) -> String {
    let flags = flags(recording);
    format!("// {version}// {flags}\n{shim}\n{}", design.verilog)
}

/// All that the compiler is told of how a model is built.
fn flags(recording: Recording) -> String {
    let all = CXX_FLAGS.iter().chain(recording.defines());
    all.copied().collect::<Vec<_>>().join(" ")
}

/// The end of a folder's name: enough of a checksum to tell apart what one cache holds.
fn key(parts: &[&str]) -> String {
    let parts: Vec<_> = parts.iter().map(|part| part.as_bytes()).collect();
    let mut sum = cache::hash(&parts);
    sum.truncate(16);
    sum
}

/// The shared library of a design, built where the cache has none that is as it was built.
pub(super) fn library(
    design: &Design,
    recording: Recording,
    cache: &Path,
) -> Result<PathBuf, VerilatedError> {
    let _guard = BUILDING.lock().unwrap_or_else(|e| e.into_inner());
    let (version, root) = verilator()?;
    let shim = shim::source(design, recording);
    let identity = identity(design, recording, &shim, &version);
    let cache = cache::open(cache)?;
    let place = cache.join(format!("{}-{}", design.top, key(&[&identity])));
    let library = place.join("model.so");
    let known = std::fs::read_to_string(place.join("identity"));
    if known.is_ok_and(|known| known == identity) && cache::is_sound(&library)? {
        return Ok(library);
    }
    // Half a result of an earlier run, a damaged one, or a collision.
    let _ = std::fs::remove_dir_all(&place);
    let runtime = runtime(&cache, recording, &root, &version)?;
    let folder = Folder::new(&cache)?;
    let note = folder.path.join("identity");
    std::fs::write(&note, identity).map_err(io(&note))?;
    let parts = Parts {
        design,
        recording,
        shim: &shim,
        root: &root,
        runtime: &runtime,
    };
    compile(&parts, folder, &place)?;
    Ok(library)
}

/// What a library is made of.
struct Parts<'a> {
    design: &'a Design,
    recording: Recording,
    shim: &'a str,
    root: &'a Path,
    runtime: &'a Path,
}

fn compile(parts: &Parts<'_>, mut folder: Folder, place: &Path) -> Result<(), VerilatedError> {
    let (design, recording) = (parts.design, parts.recording);
    let cache = folder.path.parent().unwrap_or(place).to_owned();
    let (cache, path) = (cache.as_path(), folder.path.clone());
    let write = |name: &str, text: &str| {
        let file = path.join(name);
        std::fs::write(&file, text).map_err(io(&file))
    };
    write("design.v", &design.verilog)?;
    write("shim.cpp", parts.shim)?;
    let output = run("verilator", |c| {
        // Warnings are `lint`'s business.
        c.args([
            "--cc",
            "-O3",
            "--prefix",
            shim::CLASS,
            "-Wno-fatal",
            "-Wno-lint",
        ]);
        c.args(recording.arguments());
        c.args(["--top-module", &design.top, "--Mdir"]).arg(&path);
        // One large file compiles faster than many small ones.
        c.args(["--output-split", "0", "design.v"])
            .current_dir(&path);
    })?;
    if !output.status.success() {
        let kept = folder.keep_failed(cache, &design.top);
        return Err(failed("verilator", design, kept, &output));
    }
    let mut unit = String::from("#include \"shim.cpp\"\n");
    let mut names: Vec<_> = std::fs::read_dir(&path)
        .map_err(io(&path))?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.starts_with(shim::CLASS) && name.ends_with(".cpp"))
        .collect();
    names.sort();
    names
        .iter()
        .for_each(|name| unit.push_str(&format!("#include \"{name}\"\n")));
    write("unit.cpp", &unit)?;
    let output = run("g++", |c| {
        includes(c, parts.root)
            .args(CXX_FLAGS)
            .args(recording.defines());
        c.args(LINK_FLAGS).arg("unit.cpp").arg(parts.runtime);
        c.args(["-o", "model.so", "-pthread"]);
        c.args(recording.libraries());
        c.current_dir(&path);
    })?;
    if !output.status.success() {
        let kept = folder.keep_failed(cache, &design.top);
        return Err(failed("g++", design, kept, &output));
    }
    cache::seal(&path.join("model.so"))?;
    folder.publish(place)
}

fn failed(
    program: &'static str,
    design: &Design,
    folder: PathBuf,
    output: &Output,
) -> VerilatedError {
    VerilatedError::Build {
        program,
        top: design.top.clone(),
        folder,
        output: text(output),
    }
}

fn includes<'a>(command: &'a mut Command, root: &Path) -> &'a mut Command {
    let include = root.join("include");
    command
        .arg("-I.")
        .arg("-isystem")
        .arg(include.join("vltstd"));
    command.arg("-isystem").arg(include)
}

/// Verilator's own C++, which all models share as an object file: most of a build's time.
fn runtime(
    cache: &Path,
    recording: Recording,
    root: &Path,
    version: &str,
) -> Result<PathBuf, VerilatedError> {
    let key = key(&[version, &root.to_string_lossy(), &flags(recording)]);
    let place = cache.join(format!("runtime-{key}"));
    let object = place.join("runtime.o");
    if cache::is_sound(&object)? {
        return Ok(object);
    }
    let _ = std::fs::remove_dir_all(&place);
    let folder = Folder::new(cache)?;
    let more = recording.runtime();
    let names = ["verilated.cpp", "verilated_threads.cpp"].into_iter();
    let unit: String = names
        .chain(more)
        .map(|name| format!("#include \"{name}\"\n"))
        .collect();
    let file = folder.path.join("unit.cpp");
    std::fs::write(&file, unit).map_err(io(&file))?;
    let output = run("g++", |c| {
        includes(c, root).args(CXX_FLAGS).args(recording.defines());
        c.args(["-c", "unit.cpp", "-o", "runtime.o"])
            .current_dir(&folder.path);
    })?;
    if !output.status.success() {
        return Err(VerilatedError::Build {
            program: "g++",
            top: "Verilator's library".to_owned(),
            folder: root.to_owned(),
            output: text(&output),
        });
    }
    cache::seal(&folder.path.join("runtime.o"))?;
    folder.publish(&place)?;
    Ok(object)
}
