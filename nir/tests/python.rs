//! Against Python's `nir` in both directions. The interpreter is `SPIKEVEC_PYTHON` or `python3`;
//! the tests skip where it has no `nir`.
#![allow(clippy::unwrap_used)]

#[path = "common/everything.rs"]
mod everything;

use std::path::{Path, PathBuf};
use std::process::Command;

use everything::{element, everything};
use spikevec_nir::{DType, Error, MetaValue, Model, NodeKind, Tensor, read, write};

/// A folder that goes when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("spikevec-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn python() -> Option<String> {
    let name = std::env::var("SPIKEVEC_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let found = Command::new(&name)
        .args(["-c", "import nir"])
        .output()
        .is_ok_and(|output| output.status.success());
    if !found {
        println!("skipped: {name} cannot import nir (set SPIKEVEC_PYTHON)");
    }
    found.then_some(name)
}

fn run(python: &str, command: &str, paths: &[&Path]) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/nir_check.py");
    let output = Command::new(python)
        .arg(script)
        .arg(command)
        .args(paths)
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command}: {errors}");
}

#[test]
fn python_reads_what_is_written() {
    let Some(python) = python() else { return };
    let folder = Folder::new("check");
    let path = folder.file("all.nir");
    write(&path, &everything()).unwrap();
    run(&python, "check", &[&path]);
}

#[test]
fn a_graph_survives_python_reading_and_writing_it() {
    let Some(python) = python() else { return };
    let folder = Folder::new("copy");
    let (path, copy) = (folder.file("all.nir"), folder.file("copy.nir"));
    write(&path, &everything()).unwrap();
    run(&python, "copy", &[&path, &copy]);
    let mut model = read(&copy).unwrap();
    assert_eq!(model.warnings, []);
    model.graph.edges.sort();
    assert_eq!(model.graph, everything());
}

#[test]
fn a_data_set_that_claims_more_than_the_file_can_hold_is_refused() {
    let Some(python) = python() else { return };
    let folder = Folder::new("huge");
    let path = folder.file("huge.nir");
    run(&python, "huge", &[&path]);
    match read(&path) {
        Err(Error::TooLarge {
            dataset, claimed, ..
        }) => assert_eq!((dataset.as_str(), claimed), ("/node/x", 80_000_000_000)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn members_that_double_with_each_level_are_refused() {
    let Some(python) = python() else { return };
    let folder = Folder::new("double");
    let path = folder.file("double.nir");
    run(&python, "double", &[&path]);
    assert!(matches!(read(&path), Err(Error::Damaged { .. })));
}

#[test]
fn the_network_with_everything_needs_no_repair() {
    let mut graph = everything();
    assert_eq!(spikevec_nir::repair(&mut graph).unwrap(), []);
    assert_eq!(graph, everything());
}

fn assert_values(tensor: &Tensor, shape: &[usize], dtype: DType) {
    assert_eq!((tensor.shape.as_slice(), tensor.dtype), (shape, dtype));
    let expected: Vec<f64> = (0..tensor.len()).map(element).collect();
    assert_eq!(tensor.data, expected);
}

#[test]
fn what_python_writes_is_read() {
    let Some(python) = python() else { return };
    let folder = Folder::new("make");
    let path = folder.file("python.nir");
    run(&python, "make", &[&path]);
    let Model {
        version,
        graph,
        warnings,
    } = read(&path).unwrap();
    assert!(version.is_some());
    assert_eq!(warnings, []);
    assert_eq!(graph.edges.len(), 4);
    let node = |name: &str| graph.nodes.get(name).unwrap();
    match &node("fc").kind {
        NodeKind::Affine(p) => {
            assert_values(&p.weight, &[200, 300], DType::F32);
            assert_values(&p.bias, &[200], DType::F32);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(node("fc").metadata.get("layer"), Some(&MetaValue::Int(1)));
    assert_eq!(node("fc").metadata.get("on"), Some(&MetaValue::Int(1)));
    match &node("a.b").kind {
        NodeKind::CubaLIF(p) => {
            assert_values(&p.tau_mem, &[200], DType::F64);
            // Python fills in what was not given
            assert_eq!(p.v_reset, Some(Tensor::full(&[200], 0.0)));
            assert_eq!(p.w_in, Tensor::full(&[200], 1.0));
        }
        other => panic!("{other:?}"),
    }
    match &node("sub").kind {
        NodeKind::Graph(sub) => {
            let part = MetaValue::Text("inner".to_owned());
            assert_eq!(sub.metadata.get("part"), Some(&part));
            for (_, tensor) in sub.nodes.get("li").unwrap().kind.tensors() {
                assert_values(tensor, &[200], DType::F16);
            }
        }
        other => panic!("{other:?}"),
    }
    let meta = |key: &str| graph.metadata.get(key).unwrap().clone();
    assert_eq!(meta("dt"), MetaValue::Float(1e-3));
    assert_eq!(meta("who/name"), MetaValue::Text("x".to_owned()));
    let mut list = Tensor::vector(vec![1.0, 2.0, 3.0]);
    list.dtype = DType::Int;
    assert_eq!(meta("list"), MetaValue::Array(list));
}
