#![allow(clippy::unwrap_used)]
use super::*;
use crate::{Input, LIF, Linear, Node, Output, Tensor};

pub(crate) fn graph(nodes: &[(&str, NodeKind)], edges: &[(&str, &str)]) -> Graph {
    Graph {
        nodes: nodes
            .iter()
            .map(|(name, kind)| ((*name).to_owned(), Node::from(kind.clone())))
            .collect(),
        edges: edges
            .iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
            .collect(),
        metadata: Default::default(),
    }
}

pub(crate) fn input(shape: &[usize]) -> NodeKind {
    NodeKind::Input(Input {
        shape: shape.to_vec(),
    })
}

pub(crate) fn output(shape: &[usize]) -> NodeKind {
    NodeKind::Output(Output {
        shape: shape.to_vec(),
    })
}

pub(crate) fn lif(size: usize) -> NodeKind {
    lif_of(&[size])
}

fn lif_of(shape: &[usize]) -> NodeKind {
    let p = |value| Tensor::full(shape, value);
    NodeKind::LIF(LIF {
        tau: p(0.01),
        r: p(1.0),
        v_leak: p(0.0),
        v_threshold: p(1.0),
        v_reset: None,
    })
}

/// A matrix whose elements count up.
pub(crate) fn linear(rows: usize, columns: usize) -> NodeKind {
    let data = (0..rows * columns).map(|v| v as f64).collect();
    NodeKind::Linear(Linear {
        weight: Tensor::new(vec![rows, columns], data).unwrap(),
    })
}

fn weight<'a>(g: &'a Graph, name: &str) -> &'a Tensor {
    match &g.nodes.get(name).unwrap().kind {
        NodeKind::Linear(p) => &p.weight,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_sound_graph_is_left_alone() {
    let mut g = graph(
        &[
            ("in", input(&[2])),
            ("w", linear(3, 2)),
            ("n", lif(3)),
            ("out", output(&[3])),
        ],
        &[("in", "w"), ("w", "n"), ("n", "out")],
    );
    let before = g.clone();
    assert_eq!(repair(&mut g).unwrap(), []);
    assert_eq!(g, before);
}

#[test]
fn a_chain_stored_the_other_way_is_transposed_with_its_square_matrix() {
    let mut g = graph(
        &[
            ("in", input(&[2])),
            ("a", linear(2, 3)),
            ("b", linear(3, 3)),
            ("n", lif(3)),
        ],
        &[("in", "a"), ("a", "b"), ("b", "n")],
    );
    let warnings = repair(&mut g).unwrap();
    let nodes = vec!["a".to_owned(), "b".to_owned()];
    assert_eq!(warnings, [Warning::WeightsTransposed { nodes }]);
    assert_eq!(weight(&g, "a").shape, [3, 2]);
    assert_eq!(weight(&g, "b").data, [0., 3., 6., 1., 4., 7., 2., 5., 8.]);
}

#[test]
fn square_matrices_that_fit_as_stored_stay() {
    let mut g = graph(
        &[("in", input(&[3])), ("b", linear(3, 3)), ("n", lif(3))],
        &[("in", "b"), ("b", "n")],
    );
    assert_eq!(repair(&mut g).unwrap(), []);
    assert_eq!(weight(&g, "b").data.get(1), Some(&1.0));
}

#[test]
fn what_fits_neither_way_names_both_nodes_and_leaves_the_graph() {
    let mut g = graph(
        &[("in", input(&[4])), ("a", linear(3, 2)), ("n", lif(3))],
        &[("in", "a"), ("a", "n")],
    );
    let before = g.clone();
    let message = repair(&mut g).unwrap_err().to_string();
    assert!(message.contains("'in' gives 4") && message.contains("'a', which it feeds, takes 2"));
    assert_eq!(g, before);
}

#[test]
fn scalars_take_the_size_of_the_population() {
    for shape in [&[][..], &[1][..]] {
        let mut g = graph(
            &[
                ("in", input(&[5])),
                ("n", lif_of(shape)),
                ("out", output(&[5])),
            ],
            &[("in", "n"), ("n", "out")],
        );
        let warnings = repair(&mut g).unwrap();
        assert!(
            matches!(warnings.as_slice(), [Warning::Broadcast { .. }]),
            "{warnings:?}"
        );
        for (_, tensor) in g.nodes.get("n").unwrap().kind.tensors() {
            assert_eq!(tensor.shape, [5]);
        }
    }
}

#[test]
fn one_value_a_channel_fills_the_channel() {
    let mut g = graph(
        &[("in", input(&[2, 3, 3])), ("n", lif_of(&[2, 1, 1]))],
        &[("in", "n")],
    );
    assert_eq!(repair(&mut g).unwrap().len(), 1);
    assert_eq!(shapes::shapes(&g).unwrap().get("n").unwrap().0, [2, 3, 3]);
}

#[test]
fn an_absurd_population_is_refused() {
    let mut g = graph(
        &[("in", input(&[1 << 20, 1 << 20])), ("n", lif_of(&[]))],
        &[("in", "n")],
    );
    assert!(matches!(repair(&mut g), Err(Error::ShapeRefused { .. })));
}

#[test]
fn time_and_unit_axes_of_ports_are_dropped() {
    let mut g = graph(
        &[
            ("in", input(&[256, 1, 2])),
            ("w", linear(3, 2)),
            ("n", lif(3)),
            ("out", output(&[1, 3, 1])),
        ],
        &[("in", "w"), ("w", "n"), ("n", "out")],
    );
    let warnings = repair(&mut g).unwrap();
    assert!(matches!(
        warnings.as_slice(),
        [
            Warning::TimeAxisDropped { .. },
            Warning::UnitAxesDropped { .. },
            Warning::UnitAxesDropped { .. }
        ]
    ));
    let all = shapes::shapes(&g).unwrap();
    assert_eq!(all.get("in").unwrap().0, [2]);
    assert_eq!(all.get("out").unwrap().0, [3]);
}

#[test]
fn a_time_axis_shows_even_if_only_the_output_tells_the_size() {
    let mut g = graph(
        &[
            ("in", input(&[9, 5])),
            ("n", lif_of(&[])),
            ("out", output(&[5])),
        ],
        &[("in", "n"), ("n", "out")],
    );
    let warnings = repair(&mut g).unwrap();
    assert!(matches!(
        warnings.as_slice(),
        [Warning::TimeAxisDropped { .. }, Warning::Broadcast { .. }]
    ));
}

#[test]
fn unit_axes_of_parameters_are_dropped() {
    let mut g = graph(
        &[
            ("in", input(&[2])),
            ("w", linear(3, 2)),
            ("n", lif_of(&[1, 3])),
        ],
        &[("in", "w"), ("w", "n")],
    );
    let warnings = repair(&mut g).unwrap();
    assert!(matches!(
        warnings.as_slice(),
        [Warning::UnitAxesDropped { .. }]
    ));
}

#[test]
fn nested_graphs_are_repaired_too() {
    let inner = graph(
        &[
            ("input", input(&[3])),
            ("n", lif_of(&[])),
            ("output", output(&[1, 3])),
        ],
        &[("input", "lif"), ("lif", "output")],
    );
    let mut g = graph(
        &[
            ("in", input(&[3])),
            ("sub", NodeKind::Graph(inner)),
            ("out", output(&[3])),
        ],
        &[("in", "sub"), ("sub", "out")],
    );
    let warnings = repair(&mut g).unwrap();
    assert_eq!(warnings.len(), 4, "{warnings:?}");
    assert!(warnings.iter().all(|w| w.to_string().contains("sub/")));
    assert_eq!(shapes::shapes(&g).unwrap().get("sub").unwrap().1, [3]);
}
