//! The simulator as a backend.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use spikevec_assembler::image::Segment;
use spikevec_assembler::{Builder, Image, build};
use spikevec_isa::{Extension, Instruction, Memory, Op, Target};
use spikevec_runtime::{Backend, BackendError, SimulatorBackend, SimulatorOptions};
use spikevec_simulator::{Cause, Stall, StallProfile, Timing};

use crate::echo::{self, Form};

fn program(instructions: &[spikevec_isa::Instruction]) -> Image {
    let mut b = Builder::new();
    instructions.iter().for_each(|i| b.emit(*i));
    Image {
        code: b.finish().unwrap().code,
        ..Image::default()
    }
}

fn loaded(image: &Image, options: SimulatorOptions) -> SimulatorBackend {
    let mut backend = SimulatorBackend::for_image(image, options).unwrap();
    backend.load(image).unwrap();
    backend
}

#[test]
fn runs_keep_memories_and_registers_and_begin_at_the_start() {
    let image = program(&[
        build::i(Op::Addi, 5, 5, 1),
        build::store(Op::Sw, 5, 0, 0),
        build::op(Op::Ecall),
    ]);
    let mut backend = loaded(&image, SimulatorOptions::default());
    let mut word = [0; 4];
    for k in 1..=3u8 {
        let outcome = backend.run(100).unwrap();
        assert_eq!(outcome.instructions, 3);
        backend.read(Memory::Scalar, 0, &mut word).unwrap();
        assert_eq!(word, [k, 0, 0, 0]);
    }
    let counters = backend.counters();
    assert_eq!((counters.instructions, counters.runs), (9, 3));
    backend.load(&image).unwrap();
    assert_eq!(backend.counters().instructions, 0);
    backend.run(100).unwrap();
    backend.read(Memory::Scalar, 0, &mut word).unwrap();
    assert_eq!(word, [1, 0, 0, 0], "loading resets the machine");
}

#[test]
fn a_stop_that_is_no_end_is_an_error_with_its_cause() {
    let cases = [
        (program(&[build::op(Op::Ebreak)]), Cause::Ebreak),
        (
            program(&[build::nop(), build::nop()]),
            Cause::Illegal { word: 0 },
        ),
    ];
    for (image, _) in &cases {
        let error = loaded(image, SimulatorOptions::default())
            .run(100)
            .unwrap_err();
        let BackendError::Stopped(stop) = &error else {
            panic!("{error}");
        };
        assert!(!stop.is_end());
        assert!(error.to_string().contains("pc 0x"), "{error}");
    }
    let error = loaded(&cases[0].0, SimulatorOptions::default())
        .run(0)
        .unwrap_err();
    assert!(matches!(error, BackendError::Budget { budget: 0, ref place } if place.pc == 0));
}

#[test]
fn strict_mode_stops_on_a_load_hazard() {
    let image = program(&[
        build::load(Op::Vloadv, 1, 0, 0),
        build::r(Op::Vadd, 2, 1, 1),
        build::op(Op::Ecall),
    ]);
    loaded(&image, SimulatorOptions::default()).run(10).unwrap();
    let strict = SimulatorOptions {
        strict: true,
        ..SimulatorOptions::default()
    };
    let error = loaded(&image, strict).run(10).unwrap_err();
    assert!(
        matches!(error, BackendError::Stopped(stop) if stop.cause == Cause::Hazard { register: 1 })
    );
}

#[test]
fn an_image_for_a_larger_machine_is_refused_with_the_numbers() {
    let image = echo::image(Form::Bits);
    let mut target = Target::base();
    target.vector_bytes = 4 << 10;
    let mut backend = SimulatorBackend::new(&target, SimulatorOptions::default()).unwrap();
    let text = backend.load(&image).unwrap_err().to_string();
    for part in ["vector memory", "6144", "4096", "tiny", "base"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let mut backend = SimulatorBackend::new(&Target::base(), SimulatorOptions::default()).unwrap();
    backend.load(&image).unwrap();
}

#[test]
fn contents_outside_a_memory_are_refused() {
    let mut image = program(&[build::op(Op::Ecall)]);
    image.segments.push(Segment {
        memory: Memory::Vector,
        address: 512 << 10,
        bytes: vec![1],
    });
    let mut backend = SimulatorBackend::for_image(&image, SimulatorOptions::default()).unwrap();
    let text = backend.load(&image).unwrap_err().to_string();
    for part in [
        "the program needs 524289 bytes of vector memory",
        "larger one",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

/// What a program was made for is a description; what it uses is needed.
#[test]
fn a_machine_may_have_fewer_lanes_and_less_memory_than_the_target() {
    let mut image = echo::image(Form::Bits);
    let manifest = image.manifest.as_mut().unwrap();
    manifest.target = Target::large();
    let small = Target {
        lanes: 4,
        burst_vectors: 1,
        scalar_bytes: 20 << 10,
        ..Target::small()
    };
    let mut backend = SimulatorBackend::new(&small, SimulatorOptions::default()).unwrap();
    backend.load(&image).unwrap();
}

#[test]
fn an_instruction_of_an_extension_that_the_machine_lacks_is_named() {
    let image = echo::image(Form::Bits);
    let scalar = Target {
        name: "scalar".to_owned(),
        extensions: vec![Extension::Rv32i, Extension::Zbb],
        ..Target::base()
    };
    let mut backend = SimulatorBackend::new(&scalar, SimulatorOptions::default()).unwrap();
    let text = backend.load(&image).unwrap_err().to_string();
    for part in ["vloadr0", Extension::Vector.title(), "\"scalar\""] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn lane_local_contents_follow_the_lanes_of_a_larger_machine() {
    let mut image = echo::image(Form::Bits);
    // The image's lanes have 64 bytes: the segment covers the end of lane 0 and all of lane 1.
    image.segments.push(Segment {
        memory: Memory::LaneLocal,
        address: 62,
        bytes: (1..=66).collect(),
    });
    let mut backend = SimulatorBackend::new(&Target::base(), SimulatorOptions::default()).unwrap();
    backend.load(&image).unwrap();
    let mut bytes = [0; 4];
    backend.read(Memory::LaneLocal, 60, &mut bytes).unwrap();
    assert_eq!(bytes, [0, 0, 1, 2]);
    backend.read(Memory::LaneLocal, 64, &mut bytes).unwrap();
    assert_eq!(bytes, [0; 4]);
    backend.read(Memory::LaneLocal, 2048, &mut bytes).unwrap();
    assert_eq!(bytes, [3, 4, 5, 6]);
    backend
        .read(Memory::LaneLocal, 2048 + 62, &mut bytes)
        .unwrap();
    assert_eq!(bytes, [65, 66, 0, 0]);
}

#[test]
fn a_wrong_saturation_site_is_named() {
    let mut image = echo::image(Form::Bits);
    image.manifest.as_mut().unwrap().saturation_sites[1].pc = 0x4000;
    let counting = SimulatorOptions {
        count_saturation: true,
        ..SimulatorOptions::default()
    };
    let mut backend = SimulatorBackend::for_image(&image, counting).unwrap();
    let text = backend.load(&image).unwrap_err().to_string();
    assert!(text.contains("site 1") && text.contains("0x4000"), "{text}");
}

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// On 32 lanes the sum waits three clocks for the product.
fn multiply_and_add() -> Image {
    let v1 = |op| Instruction {
        rd: 1,
        rs1: 1,
        rs2: 1,
        ..Instruction::new(op)
    };
    let ecall = Instruction::new(Op::Ecall);
    program(&[v1(Op::Vmul), v1(Op::Vadd), ecall])
}

#[test]
fn clocks_are_those_of_the_core_and_stay_on_when_another_program_is_loaded() {
    let image = multiply_and_add();
    let mut backend = loaded(&image, SimulatorOptions::default());
    assert_eq!(backend.run(100).unwrap().clocks, None);
    for (name, clocks) in [("base", 12), ("half", 13), ("small", 15), ("tiny", 23)] {
        backend.set_timing(Timing::named(name));
        backend.load(&image).unwrap();
        for _ in 0..2 {
            assert_eq!(backend.run(100).unwrap().clocks, Some(clocks), "{name}");
        }
    }
}

#[test]
fn stalls_of_all_forks_are_counted_together() {
    let image = multiply_and_add();
    let mut backend = loaded(&image, SimulatorOptions::default());
    backend.set_timing(Some(Timing::default()));
    assert_eq!(backend.stalls(), StallProfile::default());
    backend.count_stalls();
    let mut fork = backend.fork().unwrap();
    backend.run(100).unwrap();
    fork.run(100).unwrap();
    let profile = backend.stalls();
    assert_eq!(profile.executed(), 4);
    let sites: Vec<_> = profile.sites().collect();
    assert_eq!(sites, [(4, Stall::Operand(Op::Vmul), 6)]);
}

#[test]
fn a_trace_has_a_line_an_instruction() {
    let image = program(&[build::i(Op::Addi, 10, 0, 42), build::op(Op::Ecall)]);
    let mut backend = loaded(&image, SimulatorOptions::default());
    let out = Shared::default();
    backend.trace_to(Box::new(out.clone()));
    let error = backend.fork().unwrap_err();
    assert!(matches!(error, BackendError::NoFork { .. }), "{error}");
    backend.run(10).unwrap();
    backend.run(10).unwrap();
    backend.finish_trace().unwrap();
    backend.run(10).unwrap();
    let text = String::from_utf8(out.0.lock().unwrap().clone()).unwrap();
    assert_eq!(text.lines().count(), 2, "{text}");
    assert!(
        text.contains("addi a0, zero, 42") && text.contains("0x2a"),
        "{text}"
    );
}
