//! Networks that are text with arrays beside it.

use spikevec::compiler::reference::Reference;
use spikevec::runtime::data::{Array, Values, write_npz};
use spikevec::{CompileOptions, Data, DataOptions, Error, Model, RunOptions, open};

use crate::common::Folder;

fn write(folder: &Folder, name: &str, arrays: &[(&str, &[usize], &[f64])]) {
    let made = arrays.iter().map(|(name, shape, values)| {
        let array = Array {
            shape: shape.to_vec(),
            values: Values::F64(values.to_vec()),
        };
        (*name, array)
    });
    let made: Vec<(&str, Array)> = made.collect();
    let made: Vec<(&str, &Array)> = made.iter().map(|(name, array)| (*name, array)).collect();
    write_npz(&folder.path(name), &made).unwrap();
}

fn model(folder: &Folder, text: &str) -> Result<Model, Box<Error>> {
    Model::from_description(text, &folder.path(""), "network.toml").map_err(Box::new)
}

const NETWORK: &str = r#"
spikevec = 1
dt = 1.0
outputs = ["out"]

[input]
neurons = 2

[populations.out]
neurons = 2
model = "LI"
parameters = { tau = 4.0 }
bias = [0.5, 0.0]

[populations.hidden]
shape = [3, 1]
model = "LIF"
parameters = { tau = 2.0, v_threshold = "w.npz:threshold" }

[[projections]]
from = "input"
to = "hidden"
weights = "w.npz:in"
scale = 2.0

[[projections]]
from = "hidden"
to = "hidden"
kind = "one-to-one"
weights = -0.25

[[projections]]
from = "hidden"
to = "out"
weights = "w.npz:out"
transposed = true
"#;

fn arrays(folder: &Folder) {
    write(
        folder,
        "w.npz",
        &[
            ("in", &[2, 3], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]),
            ("out", &[2, 3], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]),
            ("threshold", &[3], &[1.0, 2.0, 3.0]),
            ("wrong", &[3, 2], &[1.0, 2.0, 3.0, 4.0, 5.0, f64::NAN]),
            ("nan", &[2, 3], &[1.0, 2.0, 3.0, 4.0, 5.0, f64::NAN]),
        ],
    );
}

#[test]
fn a_description_is_a_network() {
    let folder = Folder::new("description");
    arrays(&folder);
    let network = model(&folder, NETWORK).unwrap().network().unwrap();
    let text = network.graph().to_string();
    let wanted = "network: 2 inputs\n  population hidden: 3 LIF (3 x 1)\n  population out: 2 LI, output\n  \
        projection input -> hidden: dense, 6 weights, delay 0\n  projection hidden -> hidden: one-to-one, 3 weights, \
        delay 1\n  projection hidden -> out: dense, 6 weights, delay 0\n";
    assert_eq!(text, wanted);
    let weights: Vec<&[f64]> = network
        .graph()
        .projections
        .iter()
        .map(|p| p.connectivity.weights())
        .collect();
    assert_eq!(weights[0], [2.0, 4.0, 6.0, 8.0, 10.0, 12.0]);
    assert_eq!(weights[1], [-0.25; 3]);
    // Rows were targets.
    assert_eq!(weights[2], [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
    assert_eq!(network.graph().populations[1].bias, [0.5, 0.0]);
    // By hand: the first input gives 2, 4 and 6 at half; none exceeds 1, 2 or 3 but by the second step.
    let reference = Reference::new(network.graph(), &Default::default(), &[1]).unwrap();
    let run = reference.run(&[vec![0], vec![0, 1]]);
    assert_eq!(run.spikes[0], [vec![], vec![0, 1, 2]]);
}

#[test]
fn it_runs_with_neurons_of_its_own() {
    let folder = Folder::new("own");
    arrays(&folder);
    folder.text(
        "alif.neuron",
        include_str!("../../../examples/neurons/alif.neuron"),
    );
    let text = NETWORK
        .replace("model = \"LIF\"", "model = \"alif.neuron\"")
        .replace("{ tau = 2.0, ", "{ tau_m = 20.0, tau_a = 200.0, ");
    folder.text("network.toml", &text);
    write(&folder, "x.npz", &[("x", &[2, 20, 2], &[1.0; 80])]);
    let path = folder.path("network.toml");
    let Ok(spikevec::Opened::Model(model)) = open(&path) else {
        panic!("it is a model");
    };
    let program = model.compile(&CompileOptions::default()).unwrap();
    let options = program.data_options(&DataOptions::default()).unwrap();
    let data = Data::load(folder.path("x.npz"), &options).unwrap();
    let run = program.run(&data, &RunOptions::default()).unwrap();
    assert_eq!(run.report.populations[0].kind, "ALIF");
    assert!(run.report.populations[0].spikes > Some(10));
}

/// What in [`NETWORK`] is replaced, by what, and what is said then.
const MISTAKES: &[(&str, &str, &str)] = &[
    ("spikevec = 1", "spikevec = 2", "does not know; it reads 1"),
    (
        "dt = 1.0",
        "dt = ",
        "network.toml: TOML parse error at line 3",
    ),
    ("dt = 1.0", "step = 1.0", "unknown field `step`"),
    (
        "neurons = 2\n\n[populations.out]",
        "\n[populations.out]",
        "input: give `neurons`, or `shape`",
    ),
    (
        "shape = [3, 1]",
        "shape = [3, 1]\nneurons = 3",
        "populations.hidden: `neurons` and `shape` say the same",
    ),
    (
        "shape = [3, 1]",
        "shape = []",
        "populations.hidden: () neurons",
    ),
    (
        "shape = [3, 1]",
        "neurons = 0",
        "populations.hidden: (0) neurons",
    ),
    (
        "shape = [3, 1]",
        "shape = [4000000000, 4000000000, 4000000000]",
        "1 to 1048576",
    ),
    (
        "\"LIF\"",
        "\"Lif\"",
        "populations.hidden.model: `Lif` is no type of neurons: there are LIF, LI",
    ),
    (
        "tau = 2.0,",
        "",
        "populations.hidden.parameters.tau: it is needed",
    ),
    (
        "tau = 2.0,",
        "tau = 0.0,",
        "populations.hidden.parameters.tau: the time constant of neuron 0 is 0",
    ),
    (
        "tau = 2.0,",
        "tau = 2.0, beta = 1,",
        "parameters.beta: there is no such parameter; there are tau, r, v_leak",
    ),
    (
        "w.npz:threshold",
        "w.npz:in",
        "v_threshold: the array has the shape (2, 3), and (3) is needed",
    ),
    (
        "[0.5, 0.0]",
        "[0.5, inf]",
        "populations.out.bias: number 1 is inf: it must be finite",
    ),
    (
        "from = \"input\"",
        "from = \"inputs\"",
        "there is no population `inputs`; there are hidden, out",
    ),
    (
        "to = \"out\"",
        "to = \"oot\"",
        "there is no population `oot`",
    ),
    (
        "outputs = [\"out\"]",
        "outputs = [\"hid\"]",
        "outputs[0]: there is no population `hid`",
    ),
    (
        "outputs = [\"out\"]",
        "outputs = []",
        "outputs: name a population",
    ),
    (
        "outputs = [\"out\"]",
        "outputs = [\"out\", \"out\"]",
        "outputs[1]: `out` stands twice",
    ),
    (
        "w.npz:in",
        "v.npz:in",
        "projections[0] (input -> hidden).weights: v.npz:in:",
    ),
    (
        "w.npz:in",
        "w.npz:inn",
        "w.npz:inn: there is no such array; there are in, out, threshold",
    ),
    (
        "w.npz:in",
        "w.npz",
        "write w.npz:ARRAY with one of its arrays",
    ),
    (
        "w.npz:in",
        "w.npz:wrong",
        "the array has the shape (3, 2), and (2, 3) is needed: rows are sources",
    ),
    ("w.npz:in", "w.npz:nan", "number 5 is NaN"),
    (
        "transposed = true",
        "",
        "the array has the shape (2, 3), and (3, 2) is needed: rows are sources",
    ),
    (
        "from = \"input\"",
        "from = \"out\"",
        "none leads from `input`",
    ),
    (
        "from = \"hidden\"\nto = \"hidden\"",
        "from = \"input\"\nto = \"hidden\"",
        "there is a projection between these two already",
    ),
    (
        "to = \"hidden\"\nkind",
        "to = \"out\"\nkind",
        "one-to-one from 3 neurons to 2",
    ),
    (
        "[populations.out]",
        "[populations.input]\nneurons = 1\nmodel = \"LI\"\n\n[populations.out]",
        "`input` is the network's input",
    ),
    (
        "\"LIF\"",
        "\"none.neuron\"",
        "populations.hidden.model: none.neuron:",
    ),
    (
        "\"LIF\"",
        "\"bad.neuron\"",
        "bad.neuron:3:5: error: `w` is not known",
    ),
    (
        "\"LIF\"",
        "\"n.neuron\"",
        "populations.hidden.parameters.tau: N has no parameter `tau`; it has p",
    ),
];

#[test]
fn mistakes_are_told_with_the_key() {
    let folder = Folder::new("mistakes");
    arrays(&folder);
    folder.text("bad.neuron", "neuron N\nstate v\nv = w\n");
    folder.text(
        "n.neuron",
        "neuron N\nparameter p = 1\ninput i\nstate v\nv = p * i\n",
    );
    for (old, new, wanted) in MISTAKES {
        assert!(NETWORK.contains(old), "{old}");
        let error = model(&folder, &NETWORK.replacen(old, new, 1)).unwrap_err();
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert!(source.contains(wanted), "{new}: {source}");
    }
}
