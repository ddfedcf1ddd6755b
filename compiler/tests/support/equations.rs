//! Linear nodes as NIR's equations say, number by number.

use spikevec_nir::{NodeKind, Padding, Tensor};

/// What a linear node makes of `x`, as NIR's equations say.
pub fn applied(kind: &NodeKind, x: Vec<f64>, shape: &mut Vec<usize>) -> Vec<f64> {
    match kind {
        NodeKind::Conv2d(p) => {
            let [_, inputs, rows, columns] = p.weight.shape[..] else {
                unreachable!()
            };
            let pad = |axis: usize| match &p.padding {
                Padding::Same => p.dilation[axis] * ([rows, columns][axis] - 1) / 2,
                Padding::Valid => 0,
                Padding::Explicit(sizes) => sizes[axis],
            };
            let window = Window {
                kernel: [rows, columns],
                stride: p.stride,
                dilation: p.dilation,
                padding: [pad(0), pad(1)],
                same: p.padding == Padding::Same,
            };
            let outputs = p.weight.shape[0];
            let group = outputs / p.groups;
            let weight = |o: usize, c: usize, k: usize, l: usize| {
                let first = o / group * inputs;
                let within = c.checked_sub(first).filter(|c| *c < inputs);
                within.map_or(0.0, |c| {
                    p.weight.data[((o * inputs + c) * rows + k) * columns + l]
                })
            };
            window.slide(&x, shape, outputs, weight, &p.bias.data)
        }
        NodeKind::SumPool2d(p) => pooled(&x, shape, (p.kernel_size, p.stride, p.padding), 1.0),
        NodeKind::AvgPool2d(p) => {
            let mean = 1.0 / (p.kernel_size[0] * p.kernel_size[1]) as f64;
            pooled(&x, shape, (p.kernel_size, p.stride, p.padding), mean)
        }
        NodeKind::Scale(p) => x.iter().zip(&p.scale.data).map(|(x, s)| x * s).collect(),
        NodeKind::Flatten(_) => x,
        NodeKind::Linear(p) => product(&p.weight, &x),
        NodeKind::Affine(p) => {
            let sums = product(&p.weight, &x);
            sums.iter().zip(&p.bias.data).map(|(a, b)| a + b).collect()
        }
        _ => x,
    }
}

fn product(weight: &Tensor, x: &[f64]) -> Vec<f64> {
    let rows = weight.data.chunks(x.len());
    rows.map(|row| row.iter().zip(x).map(|(w, x)| w * x).sum())
        .collect()
}

type Sizes = ([usize; 2], [usize; 2], [usize; 2]);

fn pooled(x: &[f64], shape: &mut Vec<usize>, (kernel, stride, padding): Sizes, w: f64) -> Vec<f64> {
    let window = Window {
        kernel,
        stride,
        padding,
        dilation: [1, 1],
        same: false,
    };
    let channels = shape[0];
    let own = |o: usize, c: usize, _: usize, _: usize| if o == c { w } else { 0.0 };
    window.slide(x, shape, channels, own, &vec![0.0; channels])
}

struct Window {
    kernel: [usize; 2],
    stride: [usize; 2],
    padding: [usize; 2],
    dilation: [usize; 2],
    same: bool,
}

impl Window {
    fn slide(
        &self,
        x: &[f64],
        shape: &mut Vec<usize>,
        outputs: usize,
        weight: impl Fn(usize, usize, usize, usize) -> f64,
        bias: &[f64],
    ) -> Vec<f64> {
        let [inputs, height, width] = shape[..] else {
            unreachable!()
        };
        let length = |n: usize, a: usize| match self.same {
            true => n,
            false => {
                (n + 2 * self.padding[a] - self.dilation[a] * (self.kernel[a] - 1) - 1)
                    / self.stride[a]
                    + 1
            }
        };
        let (rows, columns) = (length(height, 0), length(width, 1));
        let at = |a: usize, to: usize, k: usize| {
            (self.stride[a] * to + self.dilation[a] * k).checked_sub(self.padding[a])
        };
        let mut y = Vec::new();
        for (o, bias) in bias.iter().enumerate() {
            for i in 0..rows {
                for j in 0..columns {
                    let mut sum = *bias;
                    for c in 0..inputs {
                        for k in 0..self.kernel[0] {
                            for l in 0..self.kernel[1] {
                                if let (Some(r), Some(s)) = (at(0, i, k), at(1, j, l))
                                    && r < height
                                    && s < width
                                {
                                    sum += weight(o, c, k, l) * x[(c * height + r) * width + s];
                                }
                            }
                        }
                    }
                    y.push(sum);
                }
            }
        }
        *shape = vec![outputs, rows, columns];
        y
    }
}
