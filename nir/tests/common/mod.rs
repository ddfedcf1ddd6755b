//! Random graphs with every primitive.
#![allow(clippy::unwrap_used)]
#![allow(dead_code)] // each test binary uses a part

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use spikevec_nir::*;

/// A value that the type holds exactly, so that a round trip keeps it.
fn value(dtype: DType) -> BoxedStrategy<f64> {
    match dtype {
        DType::F64 => (-1e9f64..1e9).boxed(),
        DType::F32 => (-1e9f32..1e9).prop_map(f64::from).boxed(),
        DType::F16 => (-2048i32..2048).prop_map(|v| f64::from(v) / 64.0).boxed(),
        DType::Int => (-1_000_000i64..1_000_000).prop_map(|v| v as f64).boxed(),
    }
}

pub fn tensor(shape: Vec<usize>) -> BoxedStrategy<Tensor> {
    let count = shape.iter().product::<usize>();
    prop_oneof![
        Just(DType::F64),
        Just(DType::F32),
        Just(DType::F16),
        Just(DType::Int)
    ]
    .prop_flat_map(move |dtype| {
        let shape = shape.clone();
        vec(value(dtype), count).prop_map(move |data| Tensor {
            shape: shape.clone(),
            data,
            dtype,
        })
    })
    .boxed()
}

fn shape() -> impl Strategy<Value = Vec<usize>> {
    vec(1usize..5, 0..4)
}

fn any_tensor() -> BoxedStrategy<Tensor> {
    shape().prop_flat_map(tensor).boxed()
}

/// `N` tensors of one shape.
fn population<const N: usize>() -> impl Strategy<Value = [Tensor; N]> {
    prop_oneof![shape(), (60usize..80).prop_map(|n| vec![n])]
        .prop_flat_map(|shape| std::array::from_fn::<_, N, _>(|_| tensor(shape.clone())))
}

fn matrix() -> BoxedStrategy<Tensor> {
    (1usize..12, 1usize..12)
        .prop_flat_map(|(rows, columns)| tensor(vec![rows, columns]))
        .boxed()
}

fn pair() -> impl Strategy<Value = [usize; 2]> {
    [1usize..5, 1usize..5]
}

fn padding<const N: usize>() -> impl Strategy<Value = Padding<N>> {
    prop_oneof![
        Just(Padding::Same),
        Just(Padding::Valid),
        (0usize..3).prop_map(|n| Padding::Explicit([n; N])),
    ]
}

fn conv1d() -> BoxedStrategy<NodeKind> {
    (
        proptest::option::of(1usize..50),
        tensor(vec![4, 2, 3]),
        tensor(vec![4]),
        (1usize..4, 1usize..4, 1usize..3),
        padding::<1>(),
    )
        .prop_map(
            |(input_shape, weight, bias, (stride, dilation, groups), padding)| {
                NodeKind::Conv1d(Conv1d {
                    input_shape,
                    weight,
                    bias,
                    stride,
                    padding,
                    dilation,
                    groups,
                })
            },
        )
        .boxed()
}

fn conv2d() -> BoxedStrategy<NodeKind> {
    (
        proptest::option::of(pair()),
        tensor(vec![4, 2, 3, 5]),
        tensor(vec![4]),
        (pair(), pair(), 1usize..3),
        padding::<2>(),
    )
        .prop_map(
            |(input_shape, weight, bias, (stride, dilation, groups), padding)| {
                NodeKind::Conv2d(Conv2d {
                    input_shape,
                    weight,
                    bias,
                    stride,
                    padding,
                    dilation,
                    groups,
                })
            },
        )
        .boxed()
}

fn neuron() -> BoxedStrategy<NodeKind> {
    let reset = any::<bool>();
    prop_oneof![
        population::<1>().prop_map(|[r]| NodeKind::I(Integrator { r })),
        (population::<3>(), reset).prop_map(|([r, v_threshold, v], keep)| NodeKind::IF(
            IntegrateAndFire {
                r,
                v_threshold,
                v_reset: keep.then_some(v)
            }
        )),
        population::<3>().prop_map(|[tau, r, v_leak]| NodeKind::LI(LI { tau, r, v_leak })),
        (population::<5>(), reset).prop_map(|([tau, r, v_leak, v_threshold, v], keep)| {
            NodeKind::LIF(LIF {
                tau,
                r,
                v_leak,
                v_threshold,
                v_reset: keep.then_some(v),
            })
        }),
        population::<5>().prop_map(|[tau_syn, tau_mem, r, v_leak, w_in]| NodeKind::CubaLI(
            CubaLI {
                tau_syn,
                tau_mem,
                r,
                v_leak,
                w_in
            }
        )),
        (population::<7>(), reset).prop_map(
            |([tau_syn, tau_mem, r, v_leak, v_threshold, w_in, v], keep)| {
                NodeKind::CubaLIF(CubaLIF {
                    tau_syn,
                    tau_mem,
                    r,
                    v_leak,
                    v_threshold,
                    v_reset: keep.then_some(v),
                    w_in,
                })
            }
        ),
    ]
    .boxed()
}

pub fn primitive() -> BoxedStrategy<NodeKind> {
    prop_oneof![
        4 => neuron(),
        2 => prop_oneof![conv1d(), conv2d()],
        1 => shape().prop_map(|shape| NodeKind::Input(Input { shape })),
        1 => shape().prop_map(|shape| NodeKind::Output(Output { shape })),
        1 => (matrix(), any_tensor())
            .prop_map(|(weight, bias)| NodeKind::Affine(Affine { weight, bias })),
        1 => matrix().prop_map(|weight| NodeKind::Linear(Linear { weight })),
        1 => any_tensor().prop_map(|scale| NodeKind::Scale(Scale { scale })),
        1 => any_tensor().prop_map(|delay| NodeKind::Delay(Delay { delay })),
        1 => any_tensor().prop_map(|threshold| NodeKind::Threshold(Threshold { threshold })),
        1 => (proptest::option::of(shape()), -3i64..3, -3i64..3).prop_map(
            |(input_shape, start_dim, end_dim)| NodeKind::Flatten(Flatten {
                input_shape,
                start_dim,
                end_dim
            })
        ),
        1 => (pair(), pair(), pair()).prop_map(|(kernel_size, stride, padding)| {
            NodeKind::SumPool2d(SumPool2d { kernel_size, stride, padding })
        }),
        1 => (pair(), pair(), pair()).prop_map(|(kernel_size, stride, padding)| {
            NodeKind::AvgPool2d(AvgPool2d { kernel_size, stride, padding })
        }),
    ]
    .boxed()
}

fn meta_value() -> BoxedStrategy<MetaValue> {
    prop_oneof![
        any::<i64>().prop_map(MetaValue::Int),
        (-1e300f64..1e300).prop_map(MetaValue::Float),
        "[^\0]{0,12}".prop_map(MetaValue::Text),
        vec("[a-z]{0,6}", 1..4).prop_map(MetaValue::Texts),
        vec(1usize..4, 1..3)
            .prop_flat_map(tensor)
            .prop_map(MetaValue::Array),
    ]
    .boxed()
}

fn metadata() -> BoxedStrategy<Metadata> {
    // one of the keys lies in a nested dictionary
    btree_map("[a-z]{2,6}|x/[a-z]{1,4}", meta_value(), 0..3).boxed()
}

fn name() -> &'static str {
    "[a-zA-Z0-9_.-]{2,14}[a-z0-9]|\u{e9}t\u{e9}[0-9]"
}

/// A graph of `depth` levels at most. Its edges connect nodes at random.
pub fn graph(depth: u32) -> BoxedStrategy<Graph> {
    let kind = if depth == 0 {
        primitive()
    } else {
        prop_oneof![6 => primitive(), 1 => graph(depth - 1).prop_map(NodeKind::Graph)].boxed()
    };
    let node = (kind, metadata()).prop_map(|(kind, metadata)| match kind {
        // a nested graph keeps its metadata itself
        NodeKind::Graph(_) => Node::from(kind),
        kind => Node { kind, metadata },
    });
    (
        btree_map(name(), node, 0..6),
        vec(
            (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
            0..8,
        ),
        metadata(),
    )
        .prop_map(|(nodes, picks, metadata)| {
            let names: Vec<String> = nodes.keys().cloned().collect();
            let edges = picks
                .iter()
                .filter(|_| !names.is_empty())
                .map(|(a, b)| (a.get(&names).clone(), b.get(&names).clone()))
                .collect();
            Graph {
                nodes,
                edges,
                metadata,
            }
        })
        .boxed()
}

/// A small sound network: 4 inputs, a dense layer, 3 neurons.
pub fn small() -> Graph {
    let p = |value| Tensor::full(&[3], value);
    let weight = Tensor::new(vec![3, 4], (0..12).map(|v| f64::from(v) / 8.0).collect()).unwrap();
    let nodes = [
        ("in", NodeKind::Input(Input { shape: vec![4] })),
        (
            "fc",
            NodeKind::Affine(Affine {
                weight,
                bias: p(0.5),
            }),
        ),
        (
            "lif",
            NodeKind::LIF(LIF {
                tau: p(0.01),
                r: p(1.0),
                v_leak: p(0.0),
                v_threshold: p(1.0),
                v_reset: Some(p(0.0)),
            }),
        ),
        ("out", NodeKind::Output(Output { shape: vec![3] })),
    ];
    Graph {
        nodes: nodes
            .into_iter()
            .map(|(name, kind)| (name.to_owned(), Node::from(kind)))
            .collect(),
        edges: [("in", "fc"), ("fc", "lif"), ("lif", "out")]
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .to_vec(),
        metadata: Metadata::from([("dt".to_owned(), MetaValue::Float(1e-3))]),
    }
}
