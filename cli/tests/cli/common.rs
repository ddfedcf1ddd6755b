//! Running the binary, and files for it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;
use spikevec::nir::{Affine, Graph, Input, LI, LIF, NodeKind, Output as NirOutput, Tensor};
use spikevec::runtime::data::{Array, Values};
use spikevec::runtime::write_npz;

pub const MODEL: &str = "examples/digits/digits.nir";
pub const INPUT: &str = "examples/digits/test_x.npy";
pub const LABELS: &str = "examples/digits/test_y.npy";

/// Formats are pinned in most tests: with nothing to search, a model compiles at once.
pub const PIN: &str = "--format";

/// Formats of the digits model.
pub const DIGITS: &str = "lif1.v=q4.11,lif2.v=q4.11";

/// Formats of [`network`].
pub const SMALL: &str = "neurons.v=q4.11";

/// A folder that is removed at the end of a test.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("spikevec-cli-{}-{count}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    /// A file in the folder.
    pub fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    /// A file in the folder with these contents.
    pub fn file(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// A model in the folder.
    pub fn model(&self, name: &str, graph: &Graph) -> String {
        let path = self.path(name);
        spikevec::nir::write(Path::new(&path), graph).unwrap();
        path
    }

    /// An array as the only one of a `.npz` file.
    pub fn array(&self, name: &str, shape: &[usize], values: Values) -> String {
        let path = self.path(name);
        let array = Array {
            shape: shape.to_vec(),
            values,
        };
        write_npz(Path::new(&path), &[("x", &array)]).unwrap();
        path
    }

    /// Samples in which about a third of the inputs spike.
    pub fn spikes(&self, name: &str, samples: usize, steps: usize, neurons: usize) -> String {
        let values = (0..samples * steps * neurons)
            .map(|k| u8::from(k * k % 7 < 2))
            .collect();
        self.array(name, &[samples, steps, neurons], Values::U8(values))
    }

    /// Names of the files.
    pub fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).unwrap();
        let mut names: Vec<String> = entries
            .map(|e| e.unwrap().file_name().to_str().unwrap().to_owned())
            .collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The binary, to be run at the root of the workspace.
pub fn spikevec(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spikevec"));
    command
        .args(arguments)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    command
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Runs it, which must succeed, and gives what it printed.
pub fn output(arguments: &[&str]) -> Output {
    let output = spikevec(arguments).output().unwrap();
    assert!(
        output.status.success(),
        "{arguments:?}\n{}",
        text(&output.stderr)
    );
    output
}

/// Standard output of a run that must succeed.
pub fn stdout(arguments: &[&str]) -> String {
    text(&output(arguments).stdout)
}

/// The JSON object that a run prints, apart from the host's speed.
pub fn json(arguments: &[&str]) -> Value {
    let mut value: Value = serde_json::from_str(&stdout(arguments)).unwrap();
    let object = value.as_object_mut().unwrap();
    assert!(
        object
            .remove("instructions_per_second")
            .unwrap()
            .as_f64()
            .unwrap()
            > 0.0
    );
    assert!(object.remove("seconds").unwrap().as_f64().unwrap() > 0.0);
    value
}

/// Runs it, which must fail with one error that has all these words, and no panic.
pub fn fails(arguments: &[&str], words: &[&str]) -> String {
    let output = spikevec(arguments).output().unwrap();
    let message = text(&output.stderr);
    assert!(!output.status.success(), "{arguments:?} succeeds");
    assert!(
        output.status.code().is_some(),
        "{arguments:?} was killed: {message}"
    );
    assert!(output.stdout.is_empty(), "{}", text(&output.stdout));
    assert!(!message.contains("panicked"), "{message}");
    let errors = message.lines().filter(|line| line.starts_with("error: "));
    assert_eq!(errors.count(), 1, "{message}");
    for word in words {
        assert!(message.contains(word), "no {word:?} in: {message}");
    }
    message
}

/// A tensor of one axis.
pub fn vector(values: &[f64]) -> Tensor {
    Tensor::vector(values.to_vec())
}

/// Input, dense weights and one population.
pub fn network(inputs: usize, neurons: usize, population: NodeKind) -> Graph {
    let mut weight = vector(
        &(0..inputs * neurons)
            .map(|k| ((k * 5) % 11) as f64 / 11.0 - 0.3)
            .collect::<Vec<_>>(),
    );
    weight.shape = vec![neurons, inputs];
    let nodes = [
        (
            "input",
            NodeKind::Input(Input {
                shape: vec![inputs],
            }),
        ),
        (
            "weights",
            NodeKind::Affine(Affine {
                weight,
                bias: vector(&vec![0.05; neurons]),
            }),
        ),
        ("neurons", population),
        (
            "output",
            NodeKind::Output(NirOutput {
                shape: vec![neurons],
            }),
        ),
    ];
    let edges = [
        ("input", "weights"),
        ("weights", "neurons"),
        ("neurons", "output"),
    ];
    Graph {
        nodes: nodes
            .into_iter()
            .map(|(name, kind)| (name.to_owned(), kind.into()))
            .collect(),
        edges: edges
            .map(|(from, to)| (from.to_owned(), to.to_owned()))
            .to_vec(),
        ..Graph::default()
    }
}

pub fn lif(neurons: usize) -> NodeKind {
    let all = |value: f64| vector(&vec![value; neurons]);
    NodeKind::LIF(LIF {
        tau: all(0.01),
        r: all(2.0),
        v_leak: all(0.0),
        v_threshold: all(0.2),
        v_reset: Some(all(0.0)),
    })
}

pub fn li(neurons: usize) -> NodeKind {
    let all = |value: f64| vector(&vec![value; neurons]);
    NodeKind::LI(LI {
        tau: all(0.01),
        r: all(1.0),
        v_leak: all(0.0),
    })
}
