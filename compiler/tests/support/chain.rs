//! Chains of linear nodes and neurons, drawn at random.

use spikevec_nir::{
    Affine, AvgPool2d, Conv2d, Flatten, Graph, Input, IntegrateAndFire, LIF, Linear, NodeKind,
    Output, Padding, Scale, SumPool2d, Tensor,
};

/// A source of numbers for building a network from one seed.
pub struct Draw(pub u64);

impl Draw {
    pub fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as f64 / (1u64 << 31) as f64
    }

    /// A number from `low` to `high`.
    pub fn of(&mut self, low: usize, high: usize) -> usize {
        low + (self.next() * (high - low + 1) as f64) as usize
    }

    pub fn one<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.of(0, all.len() - 1)]
    }

    pub fn tensor(&mut self, shape: &[usize], scale: f64) -> Tensor {
        let count = shape.iter().product();
        let data = (0..count).map(|_| scale * (2.0 * self.next() - 0.8));
        Tensor::new(shape.to_vec(), data.collect()).unwrap()
    }
}

/// A chain of nodes, and the shape behind it.
pub struct Chain {
    pub nodes: Vec<NodeKind>,
    pub shape: Vec<usize>,
}

impl Chain {
    pub fn new(shape: &[usize]) -> Self {
        let shape = shape.to_vec();
        Chain {
            nodes: vec![NodeKind::Input(Input {
                shape: shape.clone(),
            })],
            shape,
        }
    }

    pub fn size(&self) -> usize {
        self.shape.iter().product()
    }

    /// A convolution with everything drawn, to `outputs` channels or as many as groups allow.
    pub fn convolution(&mut self, draw: &mut Draw, outputs: usize) {
        let [inputs, height, width] = self.shape[..] else {
            panic!("a convolution needs channels, height and width");
        };
        let same = draw.next() < 0.2;
        let dilation = [draw.of(1, 2), draw.of(1, 2)];
        let (kernel, stride, padding) = if same {
            let kernel = [draw.of(1, 4), draw.of(1, 4)];
            (kernel, [1, 1], Padding::Same)
        } else {
            let padding = [draw.of(0, 2), draw.of(0, 2)];
            let most =
                |length: usize, axis: usize| (length + 2 * padding[axis] - 1) / dilation[axis] + 1;
            // Up to kernels larger than the input, which the padding makes room for.
            let kernel = [most(height, 0), most(width, 1)].map(|most| draw.of(1, most.min(5)));
            let stride = [draw.of(1, 3), draw.of(1, 3)];
            let none = padding == [0, 0] && draw.next() < 0.5;
            let padding = if none {
                Padding::Valid
            } else {
                Padding::Explicit(padding)
            };
            (kernel, stride, padding)
        };
        let mut groups = draw.one(&[1, 1, 2, inputs]);
        if inputs % groups != 0 {
            groups = 1;
        }
        let outputs = outputs.div_ceil(groups) * groups;
        let pad = |axis: usize| match &padding {
            Padding::Same => None,
            Padding::Valid => Some(0),
            Padding::Explicit(sizes) => Some(sizes[axis]),
        };
        let length = |length: usize, axis: usize| match pad(axis) {
            None => length,
            Some(p) => {
                (length + 2 * p - dilation[axis] * (kernel[axis] - 1) - 1) / stride[axis] + 1
            }
        };
        self.shape = vec![outputs, length(height, 0), length(width, 1)];
        let fan = ((inputs / groups * kernel[0] * kernel[1]) as f64).sqrt();
        let weight = draw.tensor(&[outputs, inputs / groups, kernel[0], kernel[1]], 1.0 / fan);
        self.nodes.push(NodeKind::Conv2d(Conv2d {
            input_shape: Some([height, width]),
            weight,
            bias: draw.tensor(&[outputs], 0.1),
            stride,
            padding,
            dilation,
            groups,
        }));
    }

    pub fn pool(&mut self, draw: &mut Draw) {
        let [channels, height, width] = self.shape[..] else {
            panic!("a pool needs channels, height and width");
        };
        let kernel_size = [draw.of(1, height.min(3)), draw.of(1, width.min(3))];
        let stride = match draw.next() < 0.6 {
            true => kernel_size,
            false => [draw.of(1, 3), draw.of(1, 3)],
        };
        let padding = match draw.next() < 0.7 {
            true => [0, 0],
            false => kernel_size.map(|k| k / 2),
        };
        let length = |n: usize, k: usize| (n + 2 * padding[k] - kernel_size[k]) / stride[k] + 1;
        self.shape = vec![channels, length(height, 0), length(width, 1)];
        self.nodes.push(match draw.next() < 0.5 {
            true => NodeKind::SumPool2d(SumPool2d {
                kernel_size,
                stride,
                padding,
            }),
            false => NodeKind::AvgPool2d(AvgPool2d {
                kernel_size,
                stride,
                padding,
            }),
        });
    }

    pub fn scale(&mut self, draw: &mut Draw) {
        let mut scale = draw.tensor(&self.shape, 1.0);
        if draw.next() < 0.5 {
            let positions = self.size() / self.shape[0];
            let of_channel = scale.data.clone();
            let each = scale.data.iter_mut().enumerate();
            each.for_each(|(k, s)| *s = of_channel[k / positions]);
        }
        self.nodes.push(NodeKind::Scale(Scale { scale }));
    }

    pub fn linear(&mut self, draw: &mut Draw, outputs: usize) {
        let size = self.size();
        if self.shape.len() > 1 {
            self.nodes.push(NodeKind::Flatten(Flatten {
                input_shape: Some(self.shape.clone()),
                start_dim: 0,
                end_dim: -1,
            }));
        }
        let weight = draw.tensor(&[outputs, size], 1.0 / (size as f64).sqrt());
        self.nodes.push(match draw.next() < 0.5 {
            true => NodeKind::Linear(Linear { weight }),
            false => NodeKind::Affine(Affine {
                weight,
                bias: draw.tensor(&[outputs], 0.1),
            }),
        });
        self.shape = vec![outputs];
    }

    pub fn neurons(&mut self, draw: &mut Draw) {
        let all = |shape: &[usize], value: f64| Tensor::full(shape, value);
        let mut r = all(&self.shape, 1.0);
        // Gains that differ within a channel leave no kernel.
        if draw.next() < 0.3 {
            r.data.iter_mut().for_each(|r| *r = 0.5 + draw.next());
        }
        let v_threshold = match draw.next() < 0.5 {
            true => all(&self.shape, 0.7),
            false => {
                let mut drawn = draw.tensor(&self.shape, 0.5);
                drawn.data.iter_mut().for_each(|t| *t = 0.3 + t.abs());
                drawn
            }
        };
        self.nodes.push(match draw.next() < 0.5 {
            true => NodeKind::IF(IntegrateAndFire {
                r,
                v_threshold,
                v_reset: None,
            }),
            false => NodeKind::LIF(LIF {
                tau: all(&self.shape, 3.0),
                r,
                v_leak: all(&self.shape, 0.0),
                v_threshold,
                v_reset: None,
            }),
        });
    }

    pub fn graph(mut self) -> Graph {
        self.nodes
            .push(NodeKind::Output(Output { shape: self.shape }));
        let name = |k: usize| format!("n{k:02}");
        Graph {
            edges: (1..self.nodes.len())
                .map(|k| (name(k - 1), name(k)))
                .collect(),
            nodes: self
                .nodes
                .into_iter()
                .enumerate()
                .map(|(k, kind)| (name(k), kind.into()))
                .collect(),
            ..Graph::default()
        }
    }
}
