//! Writes the seeds of all fuzz targets to `fuzz/seeds`: small inputs of our own, so that a target
//! begins with what is right. `fuzz/seeds.py` writes those of NIR; those of findings (`found-...`)
//! stay as they are.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use spikevec_assembler::{assemble, write_elf};
use spikevec_compiler::quantise::Calibration;
use spikevec_compiler::{Options, compile};
use spikevec_nir::{Graph, Input, LIF, Linear, NodeKind, Output, Tensor};
use spikevec_runtime::data::{Array, Values, write_npz};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds")
}

fn seed(target: &str, name: &str, bytes: &[u8]) {
    let folder = folder().join(target);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(name), bytes).unwrap();
    println!("{target}/{name}: {} bytes", bytes.len());
}

/// Bytes that mean nothing, the same each time.
fn noise(mut state: u64, count: usize) -> Vec<u8> {
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 24) as u8
    };
    (0..count).map(|_| next()).collect()
}

fn chain(nodes: Vec<(&str, NodeKind)>) -> Graph {
    let mut graph = Graph::default();
    let names: Vec<String> = nodes.iter().map(|node| node.0.to_owned()).collect();
    graph.edges = names
        .windows(2)
        .map(|w| (w[0].clone(), w[1].clone()))
        .collect();
    for (name, kind) in nodes {
        graph.nodes.insert(name.to_owned(), kind.into());
    }
    graph
}

fn lif(size: usize) -> NodeKind {
    NodeKind::LIF(LIF {
        tau: Tensor::full(&[size], 0.01),
        r: Tensor::full(&[size], 1.0),
        v_leak: Tensor::full(&[size], 0.0),
        v_threshold: Tensor::full(&[size], 1.0),
        v_reset: Some(Tensor::full(&[size], 0.0)),
    })
}

fn small() -> Graph {
    let input = Input { shape: vec![2] };
    let linear = Linear {
        weight: Tensor::new(vec![3, 2], vec![5.0, -3.0, 8.0, 2.0, 0.5, 9.0]).unwrap(),
    };
    let output = Output { shape: vec![3] };
    chain(vec![
        ("in", NodeKind::Input(input)),
        ("w", NodeKind::Linear(linear)),
        ("lif", lif(3)),
        ("out", NodeKind::Output(output)),
    ])
}

const SOURCE: &str = "\
.equ count, 4
.scalar
table: .word 1, 2, count
.vector
weights: .vec q7.8(0.5), *q7.8(-1.25)
.text
start:  li a0, count
        la a1, table
loop:   lw a2, 0(a1)
        vlui v1, 3
        vadd.s v2, v2, v1
        addi a0, a0, -1
        bnez a0, loop   # back
        ecall
";

const OPTIONS: &str = "\
format q7.8
format q-3.18
precision high
framework norse
integration exponential
reset subtract
reset-step next
comparison ge
initial zero
spikes-a-step several
input-scale 0.5
readout spikes
target base
core tiny
register a0
register v31
";

fn arrays() {
    let array = |shape: &[usize], values| Array {
        shape: shape.to_vec(),
        values,
    };
    let path = std::env::temp_dir().join(format!("spikevec-seed-{}.npz", std::process::id()));
    let write = |name: &str, choice: u8, all: &[(&str, &Array)]| {
        write_npz(&path, all).unwrap();
        let bytes = fs::read(&path).unwrap();
        seed("arrays", name, &[&[choice], &bytes[..]].concat());
    };
    let counts = array(&[2, 3, 3], Values::U8(vec![1; 18]));
    write("counts.npz", 1, &[("x", &counts)]);
    let column = |values: [i64; 4]| array(&[4], Values::I64(values.to_vec()));
    let (t, x, y) = (
        column([0, 900, 2100, 9000]),
        column([0, 1, 2, 3]),
        column([3, 2, 1, 0]),
    );
    let (p, offsets) = (
        column([0, 1, 1, 0]),
        array(&[3], Values::I64(vec![0, 2, 4])),
    );
    let columns = [
        ("t", &t),
        ("x", &x),
        ("y", &y),
        ("p", &p),
        ("offsets", &offsets),
    ];
    write("events.npz", 192, &columns);
    fs::remove_file(&path).unwrap();
    let header = "{'descr': '<i2', 'fortran_order': True, 'shape': (3, 2), }\n";
    let mut npy = b"\0\x93NUMPY\x01\0".to_vec();
    npy.extend((header.len() as u16).to_le_bytes());
    npy.extend(header.as_bytes());
    npy.extend([1, 0, 0, 0, 2, 0, 1, 0, 0, 0, 1, 0]);
    seed("arrays", "counts.npy", &npy);
    let made = noise(11, 200);
    seed("arrays", "made", &[&[32], &made[..]].concat());
}

fn main() {
    let image = assemble(SOURCE, "seed.s").unwrap();
    seed("elf", "assembled.elf", &write_elf(&image).unwrap());
    let options = Options::default();
    let options = Options {
        readings: spikevec_compiler::reading::Readings {
            dt: Some(0.001),
            ..options.readings.clone()
        },
        ..options
    };
    let calibration = Calibration::Samples(vec![vec![vec![0, 1]; 8]]);
    let compiled = compile(&small(), &calibration, &options).unwrap();
    seed("elf", "network.elf", &write_elf(&compiled.image).unwrap());
    seed("assembly", "small.s", SOURCE.as_bytes());
    let errors = "x: .word y, 1f\n .fill 3, 4, (2 + 3) * 0x10 % 7\n add a0 a1\n .asciz \"a\\n\"\n";
    seed("assembly", "errors.s", errors.as_bytes());
    arrays();
    seed("options", "all.txt", OPTIONS.as_bytes());
    for (k, count) in [(1, 60), (2, 150), (3, 400)] {
        let name = format!("noise-{k}");
        seed("network", &name, &noise(k, count));
        seed("program", &name, &noise(k + 10, count));
        seed("host", &name, &noise(k + 20, count));
    }
    seed("host", "right", &[0; 4]);
}
