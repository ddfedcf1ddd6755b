//! Random instructions, programs and images.
#![allow(dead_code)] // not every test file uses all of it
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use spikevec_assembler::Image;
use spikevec_assembler::image::{
    Buffer, ElementFormat, MANIFEST_VERSION, Manifest, MemoryName, PopulationNote, Role,
    SaturationSite, Segment, Symbol,
};
use spikevec_isa::testing::instruction;
use spikevec_isa::{Memory, Target};

/// Words: mostly instructions, some of them anything.
pub fn any_code() -> impl Strategy<Value = Vec<u32>> {
    let word = prop_oneof![
        8 => instruction().prop_map(|i| i.encode().unwrap()),
        1 => any::<u32>(),
    ];
    prop::collection::vec(word, 0..60)
}

pub fn any_memory() -> impl Strategy<Value = Memory> {
    prop::sample::select(vec![
        Memory::Scalar,
        Memory::Vector,
        Memory::LaneLocal,
        Memory::External,
    ])
}

/// Segments that do not overlap: of each memory a few, with gaps of 0 or more bytes.
pub fn any_segments() -> impl Strategy<Value = Vec<Segment>> {
    let one = (
        any_memory(),
        prop_oneof![Just(0u32), 0..200u32],
        prop_oneof![
            prop::collection::vec(any::<u8>(), 0..150),
            (0..300usize).prop_map(|n| vec![0; n]),
            "[ -~]{0,20}".prop_map(|s| (s + "\0").into_bytes()),
        ],
    );
    prop::collection::vec(one, 0..8).prop_map(|list| {
        let mut ends = [0u32; 5];
        let mut segments = Vec::new();
        for (memory, gap, bytes) in list {
            let end = &mut ends[memory as usize];
            let address = *end + gap;
            *end = address + bytes.len() as u32;
            segments.push(Segment {
                memory,
                address,
                bytes,
            });
        }
        segments
    })
}

/// Symbols with different names.
pub fn any_symbols() -> impl Strategy<Value = Vec<Symbol>> {
    let place = prop_oneof![
        Just(None),
        Just(Some(Memory::Instruction)),
        any_memory().prop_map(Some)
    ];
    let value = prop_oneof![(0..60u32).prop_map(|k| 4 * k), 0..400u32, any::<u32>()];
    prop::collection::btree_map(
        "[a-zA-Z_.$][a-zA-Z0-9_.$]{0,6}",
        (place, value, 0..200u32),
        0..12,
    )
    .prop_map(|map| {
        map.into_iter()
            .map(|(name, (memory, value, size))| Symbol {
                name,
                memory,
                value,
                size,
            })
            .collect()
    })
}

pub fn any_image() -> impl Strategy<Value = Image> {
    (
        any_code(),
        any_segments(),
        any_symbols(),
        prop::option::of(any_manifest()),
    )
        .prop_map(|(code, segments, symbols, manifest)| Image {
            code,
            segments,
            symbols,
            manifest,
        })
}

fn any_manifest() -> impl Strategy<Value = Manifest> {
    (
        any::<String>(),
        prop::option::of(prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL | prop::num::f64::ZERO),
        any::<u64>(),
        prop::option::of(any::<String>()),
        prop::collection::vec(("[a-z]{1,8}", any::<u32>(), 0..5u8), 0..4),
    )
        .prop_map(|(model, dt, seed, reading, buffers)| Manifest {
            dt,
            seed,
            reading,
            buffers: buffers
                .into_iter()
                .map(|(name, address, kind)| Buffer {
                    format: match kind {
                        0 => ElementFormat::U32,
                        1 => ElementFormat::U16,
                        2 => ElementFormat::Fixed { fraction: 7 },
                        3 => ElementFormat::Bits,
                        _ => ElementFormat::SpikeList {
                            base: address,
                            stride: 64,
                            neurons: 3,
                        },
                    },
                    name,
                    role: Role::State,
                    population: "hidden".to_owned(),
                    memory: MemoryName::LaneLocal,
                    address,
                    shape: vec![address % 7, 3],
                    step_stride: address / 2,
                    vector_stride: 64,
                })
                .collect(),
            ..manifest(&model)
        })
}

/// A small manifest.
pub fn manifest(model: &str) -> Manifest {
    Manifest {
        version: MANIFEST_VERSION,
        model: model.to_owned(),
        target: Target::base(),
        dt: Some(1e-3),
        rounding: "nearest".to_owned(),
        reset: "zero".to_owned(),
        reading: None,
        seed: 1,
        max_steps: 100,
        buffers: Vec::new(),
        populations: vec![PopulationNote {
            name: "hidden".to_owned(),
            kind: "LIF".to_owned(),
            neurons: 33,
            spiking: true,
            channels: 1,
            formats: vec![("v".to_owned(), "q7.8".to_owned())],
        }],
        saturation_sites: vec![SaturationSite {
            pc: 8,
            population: 0,
            lanes: 1,
        }],
    }
}
