//! The digits, and a network made by hand.

use std::path::{Path, PathBuf};

use spikevec::nir::{Affine, Graph, Input, LIF, NodeKind, Output, Tensor};
use spikevec::{CompileOptions, Data, DataOptions, Framework, Model, Program};

/// A file of the digits' folder.
pub fn digits(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../examples/digits")
        .join(name)
}

/// The digits, compiled.
pub fn program() -> Program {
    let model = Model::open(digits("digits.nir")).unwrap();
    model.compile(&as_trained()).unwrap()
}

/// Its training script computes NIR's equations, so that there is nothing to warn of.
pub fn as_trained() -> CompileOptions {
    let mut options = CompileOptions::default();
    options.compiler.readings.framework = Some(Framework::Nir);
    options
}

/// The digits' test data with its labels.
pub fn data(program: &Program) -> Data {
    let options = program.data_options(&DataOptions::default()).unwrap();
    let data = Data::load(digits("test_x.npy"), &options).unwrap();
    data.with_labels_from(digits("test_y.npy")).unwrap()
}

/// A folder for a test, which goes away with it.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let folder = format!("spikevec-library-{}-{name}", std::process::id());
        let folder = std::env::temp_dir().join(folder);
        std::fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn text(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }
}

/// A folder of data that is not part of the project, or nothing, having said so.
pub fn shared(name: &str) -> Option<PathBuf> {
    let data = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let folder = data.join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: ../shared/data/{name} is missing");
    None
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Four inputs to each of `outputs`, a population of two neurons whose constants are stored once.
pub fn graph(outputs: &[&str]) -> Graph {
    let mut graph = Graph::default();
    let mut add = |name: &str, kind: NodeKind| {
        graph.nodes.insert(name.to_owned(), kind.into());
    };
    let input = Input { shape: vec![4] };
    add("input", NodeKind::Input(input));
    for name in outputs {
        let weight = Tensor {
            shape: vec![2, 4],
            ..Tensor::vector(vec![0.5; 8])
        };
        let bias = Tensor::vector(vec![0.0, 0.1]);
        add(
            &format!("{name}_weights"),
            NodeKind::Affine(Affine { weight, bias }),
        );
        let one = |value: f64| Tensor::full(&[1], value);
        add(
            name,
            NodeKind::LIF(LIF {
                tau: one(20e-3),
                r: one(20.0),
                v_leak: one(0.0),
                v_threshold: one(1.0),
                v_reset: None,
            }),
        );
        let output = Output { shape: vec![2] };
        add(&format!("{name}_output"), NodeKind::Output(output));
    }
    for name in outputs {
        for (from, to) in [
            ("input".to_owned(), format!("{name}_weights")),
            (format!("{name}_weights"), (*name).to_owned()),
            ((*name).to_owned(), format!("{name}_output")),
        ] {
            graph.edges.push((from, to));
        }
    }
    graph
}
