#![allow(clippy::unwrap_used)]
use super::*;
use crate::repair::tests::{graph, input, lif, output};
use crate::{Conv1d, Conv2d, Flatten, Padding, SumPool2d, Tensor};

fn conv2d(padding: Padding<2>, stride: [usize; 2], dilation: [usize; 2]) -> Conv2d {
    Conv2d {
        input_shape: None,
        weight: Tensor::full(&[6, 2, 3, 5], 1.0),
        bias: Tensor::full(&[6], 0.0),
        stride,
        padding,
        dilation,
        groups: 1,
    }
}

/// The output shape of `node` for an input of `shape`.
fn output_of(node: NodeKind, shape: &[usize]) -> Result<Vec<usize>, Error> {
    let g = graph(&[("in", input(shape)), ("x", node)], &[("in", "x")]);
    shapes(&g).map(|all| all.get("x").unwrap().1.clone())
}

#[test]
fn convolutions_follow_stride_padding_and_dilation() {
    let cases = [
        (conv2d(Padding::Valid, [1, 1], [1, 1]), [6, 8, 6]),
        (conv2d(Padding::Same, [1, 1], [1, 1]), [6, 10, 10]),
        (
            conv2d(Padding::Explicit([1, 2]), [1, 1], [1, 1]),
            [6, 10, 10],
        ),
        (conv2d(Padding::Explicit([1, 2]), [2, 3], [1, 1]), [6, 5, 4]),
        (conv2d(Padding::Valid, [1, 1], [2, 2]), [6, 6, 2]),
    ];
    for (conv, expected) in cases {
        let shape = output_of(NodeKind::Conv2d(conv.clone()), &[2, 10, 10]).unwrap();
        assert_eq!(shape, expected, "{conv:?}");
    }
    let conv = NodeKind::Conv1d(Conv1d {
        input_shape: None,
        weight: Tensor::full(&[4, 1, 3], 1.0),
        bias: Tensor::full(&[4], 0.0),
        stride: 2,
        padding: Padding::Explicit([1]),
        dilation: 1,
        groups: 2,
    });
    assert_eq!(output_of(conv, &[2, 9]).unwrap(), [4, 5]);
}

#[test]
fn what_a_convolution_cannot_take_is_refused() {
    let refused = |conv: Conv2d, shape: &[usize]| {
        let error = output_of(NodeKind::Conv2d(conv), shape).unwrap_err();
        assert!(matches!(error, Error::ShapeRefused { .. }), "{error}");
    };
    let valid = || conv2d(Padding::Valid, [1, 1], [1, 1]);
    refused(valid(), &[3, 10, 10]); // channels
    refused(valid(), &[2, 2, 10]); // kernel larger than the image
    refused(valid(), &[2, 10]); // an axis short
    refused(conv2d(Padding::Same, [2, 2], [1, 1]), &[2, 10, 10]);
    let mut groups = valid();
    groups.groups = 4; // 6 output channels cannot be split
    refused(groups, &[8, 10, 10]);
    let mut bias = valid();
    bias.bias = Tensor::full(&[5], 0.0);
    let error = output_of(NodeKind::Conv2d(bias), &[2, 10, 10]).unwrap_err();
    assert!(matches!(error, Error::FieldShape { .. }), "{error}");
}

#[test]
fn an_input_shape_that_the_node_states_is_checked() {
    let mut conv = conv2d(Padding::Valid, [1, 1], [1, 1]);
    conv.input_shape = Some([9, 9]);
    let error = output_of(NodeKind::Conv2d(conv), &[2, 10, 10]).unwrap_err();
    assert!(matches!(error, Error::ShapeMismatch { .. }), "{error}");
}

#[test]
fn pooling_rounds_down() {
    let pool = NodeKind::SumPool2d(SumPool2d {
        kernel_size: [2, 2],
        stride: [2, 2],
        padding: [0, 0],
    });
    assert_eq!(output_of(pool, &[3, 7, 8]).unwrap(), [3, 3, 4]);
}

#[test]
fn flatten_counts_axes_from_both_ends() {
    let flatten = |start_dim, end_dim| {
        NodeKind::Flatten(Flatten {
            input_shape: None,
            start_dim,
            end_dim,
        })
    };
    let of = |start, end| output_of(flatten(start, end), &[2, 3, 4]);
    assert_eq!(of(0, -1).unwrap(), [24]);
    assert_eq!(of(1, -1).unwrap(), [2, 12]);
    assert_eq!(of(-3, -2).unwrap(), [6, 4]);
    assert_eq!(of(1, 1).unwrap(), [2, 3, 4]);
    for (start, end) in [(2, 1), (0, 3), (-4, -1), (i64::MIN, i64::MAX)] {
        assert!(of(start, end).is_err(), "{start} {end}");
    }
}

#[test]
fn a_cycle_is_fine() {
    let g = graph(
        &[
            ("in", input(&[3])),
            ("a", lif(3)),
            ("b", lif(3)),
            ("out", output(&[3])),
        ],
        &[
            ("in", "a"),
            ("a", "b"),
            ("b", "a"),
            ("a", "a"),
            ("b", "out"),
        ],
    );
    assert_eq!(shapes(&g).unwrap().len(), 4);
}

#[test]
fn a_node_about_which_nothing_is_known_is_named() {
    let pool = NodeKind::SumPool2d(SumPool2d {
        kernel_size: [2, 2],
        stride: [2, 2],
        padding: [0, 0],
    });
    let g = graph(&[("lost", pool)], &[]);
    let error = shapes(&g).unwrap_err();
    assert!(
        matches!(&error, Error::ShapeUnknown { node } if node == "lost"),
        "{error}"
    );
}

#[test]
fn edges_to_nothing_and_to_graphs_of_many_ports_are_refused() {
    let g = graph(&[("in", input(&[3]))], &[("in", "x")]);
    assert!(matches!(shapes(&g), Err(Error::UnresolvedEdge { .. })));
    let inner = graph(
        &[("a", input(&[3])), ("b", input(&[3])), ("c", output(&[3]))],
        &[("a", "c"), ("b", "c")],
    );
    let g = graph(
        &[("in", input(&[3])), ("sub", NodeKind::Graph(inner))],
        &[("in", "sub")],
    );
    match shapes(&g) {
        Err(Error::PortCount { node, port, count }) => {
            assert_eq!((node.as_str(), port, count), ("sub", "Input", 2));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_matrix_as_w_in_is_told_where_it_belongs() {
    let one = |value: f64| Tensor::full(&[], value);
    let node = NodeKind::CubaLI(crate::CubaLI {
        tau_syn: one(0.002),
        tau_mem: one(0.004),
        r: one(1.0),
        v_leak: one(0.0),
        w_in: Tensor::full(&[8, 8], 1.0),
    });
    let text = output_of(node, &[8]).unwrap_err().to_string();
    assert!(
        text.contains("'w_in'") && text.contains("8x8") && text.contains("Linear"),
        "{text}"
    );
}
