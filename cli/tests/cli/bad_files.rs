//! Files that are not what they should be: one message each, with the file's name.

use spikevec::assembler::{read_elf, write_elf};
use spikevec::nir::{Conv2d, NodeKind, Padding, Tensor};
use spikevec::runtime::data::Values;

use crate::common::{
    DIGITS, Folder, INPUT, LABELS, MODEL, PIN, fails, lif, network, output, vector,
};

#[test]
fn a_text_file_is_no_model() {
    let folder = Folder::new();
    let text = folder.file("text.nir", b"hello, this is no HDF5");
    for verb in [
        &["run", &text, "--input", INPUT][..],
        &["inspect", &text],
        &["compile", &text, "-o", "x.elf"],
    ] {
        fails(
            verb,
            &[
                "text.nir",
                "neither a NIR model",
                "nor a program",
                "hello, this",
            ],
        );
    }
    let empty = folder.file("empty.nir", b"");
    fails(&["inspect", &empty], &["empty.nir", "it is empty"]);
    fails(
        &["inspect", &folder.path("missing.nir")],
        &["missing.nir", "No such file"],
    );
}

#[test]
fn a_cut_model() {
    let folder = Folder::new();
    let whole = std::fs::read(format!("{}/../{MODEL}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let cut = folder.file("cut.nir", &whole[..whole.len() / 2]);
    fails(
        &["run", &cut, "--input", INPUT],
        &["cut.nir", "damaged or truncated"],
    );
}

#[test]
fn a_kernel_larger_than_its_input_is_named() {
    let folder = Folder::new();
    let mut graph = network(4, 4, lif(4));
    let mut weight = vector(&[1.0; 9]);
    weight.shape = vec![1, 1, 3, 3];
    graph.nodes.insert(
        "filter".to_owned(),
        NodeKind::Conv2d(Conv2d {
            input_shape: Some([2, 2]),
            weight,
            stride: [1, 1],
            padding: Padding::Explicit([0, 0]),
            dilation: [1, 1],
            groups: 1,
            bias: vector(&[0.0]),
        })
        .into(),
    );
    let shape = |kind: &mut NodeKind| {
        if let NodeKind::Input(input) = kind {
            input.shape = vec![1, 2, 2];
        }
    };
    graph
        .nodes
        .values_mut()
        .for_each(|node| shape(&mut node.kind));
    graph.nodes.remove("weights");
    graph
        .edges
        .retain(|(from, to)| from != "weights" && to != "weights");
    graph.edges.push(("input".to_owned(), "filter".to_owned()));
    graph
        .edges
        .push(("filter".to_owned(), "neurons".to_owned()));
    let square = |tensor: &mut Tensor| tensor.shape = vec![1, 2, 2];
    if let Some(node) = graph.nodes.get_mut("neurons") {
        node.kind
            .tensors_mut()
            .into_iter()
            .for_each(|(_, tensor)| square(tensor));
    }
    if let Some(NodeKind::Output(out)) = graph.nodes.get_mut("output").map(|node| &mut node.kind) {
        out.shape = vec![1, 2, 2];
    }
    let model = folder.model("conv.nir", &graph);
    fails(
        &["compile", &model, "-o", &folder.path("x.elf")],
        &["conv.nir", "filter", "a window of 3", "does not fit into 2"],
    );
    assert_eq!(folder.files(), ["conv.nir"]);
}

#[test]
fn weights_that_are_not_finite() {
    let folder = Folder::new();
    // The writer refuses such weights, so that they are put into the file's bytes.
    let mut graph = network(4, 4, lif(4));
    let mark = 0.123_456_789;
    if let Some(NodeKind::Affine(affine)) =
        graph.nodes.get_mut("weights").map(|node| &mut node.kind)
    {
        affine.weight.data[5] = mark;
    }
    let mut bytes = spikevec::nir::to_bytes(&graph).unwrap();
    let needle = f64::to_le_bytes(mark);
    let place = bytes
        .windows(8)
        .position(|window| window == needle)
        .unwrap();
    bytes[place..place + 8].copy_from_slice(&f64::NAN.to_le_bytes());
    let model = folder.file("nan.nir", &bytes);
    fails(
        &["run", &model, "--input", INPUT],
        &[
            "nan.nir",
            "'weights'",
            "'weight'",
            "NaN",
            "[1, 1]",
            "finite",
        ],
    );
}

#[test]
fn a_missing_time_step_is_asked_for() {
    let folder = Folder::new();
    let model = folder.model("lif.nir", &network(4, 4, lif(4)));
    let input = folder.spikes("x.npz", 1, 10, 4);
    fails(
        &["run", &model, "--input", &input],
        &["lif.nir", "--dt", "1.0000e-2"],
    );
    fails(
        &["run", &model, "--input", &input, "--dt", "-1"],
        &["-1", "--dt"],
    );
    // The graph can be looked at without.
    let output = output(&["inspect", &model]);
    assert!(crate::common::text(&output.stdout).contains("population neurons: 4 LIF"));
    assert!(crate::common::text(&output.stderr).contains("--dt"));
    fails(&["inspect", &model, "--stage", "placed"], &["--dt"]);
}

#[test]
fn input_of_another_width() {
    let folder = Folder::new();
    let input = folder.spikes("wide.npz", 2, 10, 65);
    fails(
        &["run", MODEL, PIN, DIGITS, "--input", &input],
        &["wide.npz", "65", "64 input neurons"],
    );
    fails(
        &[
            "run",
            MODEL,
            PIN,
            DIGITS,
            "--input",
            INPUT,
            "--calibrate",
            &input,
        ],
        &["wide.npz", "65", "64 input neurons"],
    );
    fails(
        &[
            "run",
            MODEL,
            PIN,
            DIGITS,
            "--input",
            &folder.path("none.npy"),
        ],
        &["none.npy", "No such file"],
    );
    let text = folder.file("text.npy", b"hello");
    fails(
        &["run", MODEL, PIN, DIGITS, "--input", &text],
        &["text.npy", "neither a .npy nor a .npz"],
    );
    let nothing = folder.array("nothing.npz", &[0, 10, 64], Values::U8(Vec::new()));
    fails(
        &["run", MODEL, PIN, DIGITS, "--input", &nothing],
        &["nothing.npz"],
    );
}

#[test]
fn labels_of_another_length_or_class() {
    let folder = Folder::new();
    let short = folder.array("y.npz", &[539], Values::I64(vec![1; 539]));
    // `--limit` does not hide it.
    for extra in [&[][..], &["--limit", "3"]] {
        let run = [
            "run", MODEL, PIN, DIGITS, "--input", INPUT, "--labels", &short,
        ];
        fails(
            &[&run[..], extra].concat(),
            &["y.npz", "539 labels", "540 samples"],
        );
    }
    let wrong = folder.array("z.npz", &[540], Values::I64(vec![10; 540]));
    fails(
        &[
            "run", MODEL, PIN, DIGITS, "--input", INPUT, "--labels", &wrong,
        ],
        &["z.npz", "label 10", "10 classes"],
    );
    fails(
        &[
            "run", MODEL, PIN, DIGITS, "--input", INPUT, "--labels", INPUT,
        ],
        &["test_x.npy", "one axis"],
    );
    fails(
        &["run", MODEL, PIN, DIGITS, "--input", LABELS],
        &["test_y.npy", "samples, steps, neurons"],
    );
}

#[test]
fn programs_that_are_damaged_or_for_another_machine() {
    let folder = Folder::new();
    let elf = folder.path("digits.elf");
    output(&["compile", MODEL, PIN, DIGITS, "-o", &elf]);
    let whole = std::fs::read(&elf).unwrap();
    for length in [whole.len() - 1, whole.len() / 2, 60, 20, 5] {
        let cut = folder.file("cut.elf", &whole[..length]);
        for verb in [
            &["run", &cut, "--input", INPUT][..],
            &["inspect", &cut],
            &["disasm", &cut],
        ] {
            fails(verb, &["cut.elf"]);
        }
    }
    let mut other = whole.clone();
    // e_machine: 62 is x86-64.
    other[18] = 62;
    let other = folder.file("other.elf", &other);
    fails(
        &["run", &other, "--input", INPUT],
        &["other.elf", "another machine", "RISC-V"],
    );
    let bare = folder.file("bare.s", b"ecall\n");
    let program = folder.path("bare.elf");
    output(&["asm", &bare, "-o", &program]);
    fails(
        &["run", &program, "--input", INPUT],
        &["bare.elf", "no manifest", "spikevec compile"],
    );
}

/// A program whose manifest claims four thousand million neurons.
#[test]
fn a_manifest_that_contradicts_itself_is_refused() {
    let folder = Folder::new();
    let elf = folder.path("a.elf");
    output(&["compile", MODEL, PIN, DIGITS, "-o", &elf]);
    let mut bytes = std::fs::read(&elf).unwrap();
    let (from, to) = (&b"\"neurons\":10,"[..], &b"\"neurons\":99,"[..]);
    let at = bytes.windows(from.len()).position(|w| w == from).unwrap();
    bytes[at..at + to.len()].copy_from_slice(to);
    let bad = folder.file("bad.elf", &bytes);
    fails(
        &["run", &bad, "-i", INPUT],
        &["bad.elf is no program", "damaged", "checksum"],
    );
    // The same in a file that is whole.
    let mut image = read_elf(&std::fs::read(&elf).unwrap()).unwrap().image;
    let populations = &mut image.manifest.as_mut().unwrap().populations;
    let note = populations.iter_mut().find(|p| p.neurons == 10).unwrap();
    note.neurons = 99;
    folder.file("bad.elf", &write_elf(&image).unwrap());
    fails(
        &["run", &bad, "-i", INPUT, "-o", &folder.path("o.npz")],
        &["bad.elf cannot be run", "lif2", "10 neurons a row", "99"],
    );
    let half = folder.file("half.elf", &std::fs::read(&elf).unwrap()[..1000]);
    fails(
        &["inspect", &half],
        &[
            "half.elf",
            "cut short (1000 bytes)",
            "lies outside the file",
        ],
    );
    assert_eq!(folder.files(), ["a.elf", "bad.elf", "half.elf"]);
}
