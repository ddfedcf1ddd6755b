//! A program that echoes its input, and what it should do, in Rust.
//!
//! The output spikes are the input spikes. The state `out.v` (40 neurons, two groups)
//! grows at each step by a random number and by the step's number of spikes, saturating.

use spikevec_assembler::image::{
    Buffer, ElementFormat, MANIFEST_VERSION, Manifest, MemoryName, PopulationNote, Role,
    SaturationSite,
};
use spikevec_assembler::{Builder, Image, build};
use spikevec_isa::{Op, Rng, Target};

pub const NEURONS: u32 = 40;
/// Steps that the program's record buffers hold.
pub const MAX_STEPS: u32 = 16;

const BASE: u32 = 0x40;
const STRIDE_LOG: i32 = 6;
const INPUT: u32 = 0x100;
const SPIKES: u32 = 0x4000;
const STATE: i32 = 128;
const RECORD: u32 = 4096;
const RECORD_STEP: u32 = 64;
/// Rows of group 1 begin behind all rows of group 0.
const RECORD_GROUP_FAR: u32 = RECORD_STEP * MAX_STEPS;

/// How the program takes its input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A list of spikes in a buffer of so many words.
    List(u32),
    /// Bits.
    Bits,
}

/// The program with its manifest.
pub fn image(form: Form) -> Image {
    let mut b = Builder::new();
    b.emit(build::load(Op::Lw, 5, 0, 0));
    b.emit(build::load(Op::Lw, 6, 4, 0));
    let go = b.label();
    b.branch(Op::Beq, 6, 0, go);
    b.emit(build::load_rng(Op::Vloadr0, 0, 0));
    b.emit(build::load_rng(Op::Vloadr1, 64, 0));
    b.emit(build::u(Op::Vlui, 1, 0));
    b.emit(build::store(Op::Vstorev, 1, STATE, 0));
    b.emit(build::store(Op::Vstorev, 1, STATE + 64, 0));
    b.bind(go);
    b.li(7, INPUT as i32);
    b.li(8, SPIKES as i32);
    b.li(9, RECORD as i32);
    b.li(20, (RECORD + RECORD_GROUP_FAR) as i32);
    b.li(10, 0);
    b.li(12, -1);
    let step = b.here();
    let end = b.label();
    b.branch(Op::Beq, 5, 0, end);
    b.li(16, 0);
    match form {
        Form::List(_) => take_list(&mut b),
        Form::Bits => take_bits(&mut b),
    }
    b.emit(build::r(Op::Add, 10, 10, 16));
    b.emit(build::unary(Op::Vfill, 4, 16));
    let mut sites = Vec::new();
    for (offset, record, lanes) in [(STATE, 9, 32), (STATE + 64, 20, 8)] {
        b.emit(build::load(Op::Vloadv, 3, offset, 0));
        b.emit(build::d(Op::Vrng, 2));
        b.emit(build::i(Op::Vsrai, 2, 2, 3));
        b.emit(build::r(Op::Vadd, 2, 2, 4));
        sites.push((b.here(), lanes));
        b.emit(build::r(Op::VaddS, 3, 3, 2));
        b.emit(build::store(Op::Vstorev, 3, offset, 0));
        b.emit(build::store(Op::Vstorev, 3, 0, record));
    }
    b.emit(build::i(Op::Addi, 5, 5, -1));
    b.emit(build::i(Op::Addi, 8, 8, 8));
    b.emit(build::i(Op::Addi, 9, 9, RECORD_STEP as i32));
    b.emit(build::i(Op::Addi, 20, 20, RECORD_STEP as i32));
    b.jump(0, step);
    b.bind(end);
    b.emit(build::store(Op::Sw, 10, 8, 0));
    b.emit(build::op(Op::Ecall));
    let program = b.finish().unwrap();
    let sites = sites.iter().map(|(label, lanes)| SaturationSite {
        pc: program.address(*label).unwrap(),
        population: 1,
        lanes: *lanes,
    });
    Image {
        manifest: Some(manifest(form, sites.collect())),
        code: program.code,
        ..Image::default()
    }
}

/// Sets the bits of a list's spikes; x16 counts them.
fn take_list(b: &mut Builder) {
    b.emit(build::store(Op::Sw, 0, 0, 8));
    b.emit(build::store(Op::Sw, 0, 4, 8));
    let spike = b.here();
    let done = b.label();
    b.emit(build::load(Op::Lw, 11, 0, 7));
    b.emit(build::i(Op::Addi, 7, 7, 4));
    b.branch(Op::Beq, 11, 12, done);
    b.emit(build::i(Op::Addi, 11, 11, -(BASE as i32)));
    b.emit(build::i(Op::Srli, 11, 11, STRIDE_LOG));
    b.emit(build::i(Op::Srli, 13, 11, 5));
    b.emit(build::i(Op::Slli, 13, 13, 2));
    b.emit(build::r(Op::Add, 13, 13, 8));
    b.emit(build::load(Op::Lw, 14, 0, 13));
    b.emit(build::i(Op::Addi, 15, 0, 1));
    b.emit(build::r(Op::Sll, 15, 15, 11));
    b.emit(build::r(Op::Or, 14, 14, 15));
    b.emit(build::store(Op::Sw, 14, 0, 13));
    b.emit(build::i(Op::Addi, 16, 16, 1));
    b.jump(0, spike);
    b.bind(done);
}

/// Copies the two words of a row; x16 counts the bits.
fn take_bits(b: &mut Builder) {
    for word in [0, 4] {
        b.emit(build::load(Op::Lw, 11, word, 7));
        b.emit(build::store(Op::Sw, 11, word, 8));
        b.emit(build::unary(Op::Cpop, 13, 11));
        b.emit(build::r(Op::Add, 16, 16, 13));
    }
    b.emit(build::i(Op::Addi, 7, 7, 12));
}

/// A buffer of one word in scalar memory.
fn word(name: &str, role: Role, population: &str, address: u32) -> Buffer {
    Buffer {
        name: name.to_owned(),
        role,
        population: population.to_owned(),
        memory: MemoryName::Scalar,
        address,
        shape: vec![1],
        format: ElementFormat::U32,
        step_stride: 0,
        vector_stride: 0,
    }
}

fn manifest(form: Form, saturation_sites: Vec<SaturationSite>) -> Manifest {
    let input = word("in.spikes", Role::Input, "in", INPUT);
    let input = match form {
        Form::List(words) => Buffer {
            shape: vec![words],
            format: ElementFormat::SpikeList {
                base: BASE,
                stride: 1 << STRIDE_LOG,
                neurons: NEURONS,
            },
            ..input
        },
        Form::Bits => Buffer {
            shape: vec![MAX_STEPS, NEURONS],
            format: ElementFormat::Bits,
            step_stride: 12,
            ..input
        },
    };
    let vectors = |name: &str, role, address| Buffer {
        memory: MemoryName::Vector,
        format: ElementFormat::Fixed { fraction: 8 },
        ..word(name, role, "out", address)
    };
    let note = |name: &str, spiking| PopulationNote {
        name: name.to_owned(),
        kind: "Echo".to_owned(),
        neurons: NEURONS,
        spiking,
        channels: 1,
        formats: vec![],
    };
    Manifest {
        version: MANIFEST_VERSION,
        model: "echo".to_owned(),
        target: Target {
            name: "tiny".to_owned(),
            instruction_bytes: 4096,
            scalar_bytes: 32 << 10,
            vector_bytes: 16 << 10,
            lane_local_bytes: 64,
            external_bytes: 0,
            ..Target::base()
        },
        dt: None,
        rounding: "stochastic".to_owned(),
        reset: "zero".to_owned(),
        reading: None,
        seed: 7,
        max_steps: MAX_STEPS,
        buffers: vec![
            word("steps", Role::Control, "", 0),
            word("restart", Role::Control, "", 4),
            Buffer {
                memory: MemoryName::Vector,
                shape: vec![2, 32],
                format: ElementFormat::U16,
                vector_stride: 64,
                ..word("seed", Role::Control, "", 0)
            },
            input,
            Buffer {
                shape: vec![MAX_STEPS, NEURONS],
                format: ElementFormat::Bits,
                step_stride: 8,
                ..word("out.spikes", Role::Output, "out", SPIKES)
            },
            Buffer {
                shape: vec![MAX_STEPS, NEURONS],
                step_stride: RECORD_STEP,
                vector_stride: RECORD_GROUP_FAR,
                ..vectors("out.v", Role::Record, RECORD)
            },
            word("out.count", Role::Record, "out", 8),
            Buffer {
                shape: vec![NEURONS],
                vector_stride: 64,
                ..vectors("out.v_now", Role::State, STATE as u32)
            },
        ],
        populations: vec![note("in", true), note("out", true)],
        saturation_sites,
    }
}

/// What the program should record of `out.v`: the values, and how many were clamped.
pub fn expected_v(sample: &[Vec<u32>], seed: u64, index: u64) -> (Vec<i16>, u64) {
    let mut rng = Rng::from_seed(seed, index);
    let mut v = [0i16; NEURONS as usize];
    let (mut record, mut clamped) = (Vec::new(), 0);
    for spikes in sample {
        for group in v.chunks_mut(32) {
            let random = rng.sample();
            for (v, random) in group.iter_mut().zip(random) {
                let drive = i32::from((random >> 1) >> 3) + spikes.len() as i32;
                let sum = i32::from(*v) + drive;
                clamped += u64::from(sum > i32::from(i16::MAX));
                *v = sum.min(i32::from(i16::MAX)) as i16;
            }
        }
        record.extend(v);
    }
    (record, clamped)
}

/// A seeded sample: up to `most` different neurons a step.
pub fn sample(steps: usize, most: usize, seed: u64) -> Vec<Vec<u32>> {
    let mut rng = Rng::from_seed(seed, 1000);
    (0..steps)
        .map(|_| {
            let words = rng.sample();
            let count = words[0] as usize % (most + 1);
            let neurons = words.iter().skip(1).take(count);
            let set: std::collections::BTreeSet<u32> =
                neurons.map(|w| u32::from(*w) % NEURONS).collect();
            set.into_iter().collect()
        })
        .collect()
}
