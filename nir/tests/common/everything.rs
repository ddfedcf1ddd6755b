//! One sound network with every primitive, a nested graph, metadata and all element types.

use spikevec_nir::*;

/// The value of element `i` of every tensor; exact in f16.
pub fn element(i: usize) -> f64 {
    (i % 7) as f64 / 8.0 - 0.25
}

fn tensor(shape: &[usize], dtype: DType) -> Tensor {
    let count = shape.iter().product();
    Tensor {
        shape: shape.to_vec(),
        data: (0..count).map(element).collect(),
        dtype,
    }
}

// A list.
fn nodes() -> Vec<(&'static str, NodeKind)> {
    let p = |dtype| tensor(&[3], dtype);
    let (f16, f32, f64) = (DType::F16, DType::F32, DType::F64);
    let image = tensor(&[4, 8, 8], f32);
    vec![
        (
            "in",
            NodeKind::Input(Input {
                shape: vec![2, 8, 8],
            }),
        ),
        (
            "conv2d",
            NodeKind::Conv2d(Conv2d {
                input_shape: Some([8, 8]),
                weight: tensor(&[4, 2, 3, 3], f32),
                bias: tensor(&[4], f32),
                stride: [1, 1],
                padding: Padding::Same,
                dilation: [1, 1],
                groups: 1,
            }),
        ),
        (
            "if",
            NodeKind::IF(IntegrateAndFire {
                r: image.clone(),
                v_threshold: image.clone(),
                v_reset: Some(image),
            }),
        ),
        (
            "sum",
            NodeKind::SumPool2d(SumPool2d {
                kernel_size: [2, 2],
                stride: [2, 2],
                padding: [0, 0],
            }),
        ),
        (
            "avg",
            NodeKind::AvgPool2d(AvgPool2d {
                kernel_size: [2, 2],
                stride: [2, 2],
                padding: [0, 0],
            }),
        ),
        (
            "flat",
            NodeKind::Flatten(Flatten {
                input_shape: Some(vec![4, 2, 2]),
                start_dim: 0,
                end_dim: -1,
            }),
        ),
        (
            "fc.1",
            NodeKind::Affine(Affine {
                weight: tensor(&[3, 16], f16),
                bias: tensor(&[3], f16),
            }),
        ),
        (
            "cubalif",
            NodeKind::CubaLIF(CubaLIF {
                tau_syn: p(f64),
                tau_mem: p(f64),
                r: p(f64),
                v_leak: p(f64),
                v_threshold: p(f64),
                v_reset: Some(p(f64)),
                w_in: p(f64),
            }),
        ),
        ("scale", NodeKind::Scale(Scale { scale: p(f16) })),
        ("delay", NodeKind::Delay(Delay { delay: p(f64) })),
        (
            "threshold",
            NodeKind::Threshold(Threshold { threshold: p(f32) }),
        ),
        (
            "linear",
            NodeKind::Linear(Linear {
                weight: tensor(&[3, 3], f64),
            }),
        ),
        (
            "li",
            NodeKind::LI(LI {
                tau: p(f32),
                r: p(f32),
                v_leak: p(f32),
            }),
        ),
        ("i", NodeKind::I(Integrator { r: p(f64) })),
        (
            "cubali",
            NodeKind::CubaLI(CubaLI {
                tau_syn: p(f32),
                tau_mem: p(f32),
                r: p(f32),
                v_leak: p(f32),
                w_in: p(f32),
            }),
        ),
        ("sub", NodeKind::Graph(nested())),
        ("out", NodeKind::Output(Output { shape: vec![3] })),
        ("in1d", NodeKind::Input(Input { shape: vec![2, 10] })),
        (
            "conv1d",
            NodeKind::Conv1d(Conv1d {
                input_shape: Some(10),
                weight: tensor(&[4, 2, 3], f64),
                bias: tensor(&[4], f64),
                stride: 1,
                padding: Padding::Explicit([1]),
                dilation: 1,
                groups: 1,
            }),
        ),
        ("out1d", NodeKind::Output(Output { shape: vec![4, 10] })),
    ]
}

fn nested() -> Graph {
    let p = tensor(&[3], DType::F64);
    let lif = NodeKind::LIF(LIF {
        tau: p.clone(),
        r: p.clone(),
        v_leak: p.clone(),
        v_threshold: p.clone(),
        v_reset: Some(p.clone()),
    });
    Graph {
        nodes: [
            ("input", NodeKind::Input(Input { shape: vec![3] })),
            ("lif", lif),
            ("output", NodeKind::Output(Output { shape: vec![3] })),
        ]
        .into_iter()
        .map(|(name, kind)| (name.to_owned(), Node::from(kind)))
        .collect(),
        edges: pairs(&["input", "lif", "output"]),
        metadata: Metadata::from([("part".to_owned(), MetaValue::Text("inner".to_owned()))]),
    }
}

fn pairs(chain: &[&str]) -> Vec<(String, String)> {
    chain
        .windows(2)
        .map(|w| (w[0].to_owned(), w[1].to_owned()))
        .collect()
}

/// The network.
pub fn everything() -> Graph {
    let mut edges = pairs(&[
        "in",
        "conv2d",
        "if",
        "sum",
        "avg",
        "flat",
        "fc.1",
        "cubalif",
        "scale",
        "delay",
        "threshold",
        "linear",
        "li",
        "i",
        "cubali",
        "sub",
        "out",
    ]);
    edges.extend(pairs(&["in1d", "conv1d", "out1d"]));
    edges.sort();
    let mut graph = Graph {
        nodes: nodes()
            .into_iter()
            .map(|(name, kind)| (name.to_owned(), Node::from(kind)))
            .collect(),
        edges,
        metadata: Metadata::from([
            ("dt".to_owned(), MetaValue::Float(1e-4)),
            ("steps".to_owned(), MetaValue::Int(-3)),
            (
                "by/name".to_owned(),
                MetaValue::Text("\u{e9}t\u{e9}".to_owned()),
            ),
        ]),
    };
    if let Some(node) = graph.nodes.get_mut("linear") {
        let shape = MetaValue::Array(tensor(&[2, 40], DType::F32));
        node.metadata.insert("shape".to_owned(), shape);
    }
    graph
}
