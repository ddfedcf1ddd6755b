//! Errors that say what to do, and requests that do not what they are for.

use std::io;
use std::time::Duration;

use spikevec_assembler::image::Segment;
use spikevec_assembler::{Builder, Image, build};
use spikevec_isa::{Memory, Op, Target};
use spikevec_runtime::link::{Line, Link, LinkError, LinkOptions};
use spikevec_runtime::{Backend, BackendError, LinkBackend};

use crate::model::Model;

fn options() -> LinkOptions {
    LinkOptions {
        patience: Duration::from_millis(30),
        ..LinkOptions::default()
    }
}

fn machine() -> LinkBackend<Model> {
    LinkBackend::open(Model::new(&Target::small()), options()).unwrap()
}

fn program(instructions: &[spikevec_isa::Instruction]) -> Image {
    let mut b = Builder::new();
    instructions.iter().for_each(|i| b.emit(*i));
    Image {
        code: b.finish().unwrap().code,
        ..Image::default()
    }
}

#[test]
fn a_machine_that_is_not_there_or_another_is_named() {
    let mut model = Model::new(&Target::small());
    model.deaf = true;
    let error = LinkBackend::open(model, options()).unwrap_err();
    assert!(matches!(
        error,
        LinkError::NoAnswer {
            attempts: 8,
            rate: 1_000_000,
            ..
        }
    ));
    assert!(error.to_string().contains("bitstream"), "{error}");
    let mut model = Model::new(&Target::small());
    model.version = 9;
    let error = LinkBackend::open(model, options()).unwrap_err();
    assert!(
        matches!(
            error,
            LinkError::Version {
                machine: 9,
                host: 1
            }
        ),
        "{error}"
    );
}

/// Answers come only after the host has asked again.
struct Late {
    machine: Model,
    silent: bool,
}

impl Line for Late {
    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.silent = !self.silent;
        self.machine.send(bytes)
    }

    fn receive(&mut self, out: &mut [u8], patience: Duration) -> io::Result<usize> {
        match self.silent {
            true => Ok(0),
            false => self.machine.receive(out, patience),
        }
    }

    fn rate(&self) -> u32 {
        self.machine.rate()
    }

    fn elapsed(&self) -> Duration {
        self.machine.elapsed()
    }
}

#[test]
fn late_answers_are_taken_once() {
    let machine = Model::new(&Target::small());
    let late = Late {
        machine,
        silent: false,
    };
    let mut link = Link::new(late, options());
    for run in 1..=40 {
        link.ping(&[run]).unwrap();
        link.start(run).unwrap();
        assert_eq!(link.status().unwrap().runs, run);
        link.write(Memory::Scalar, 4, &[run, !run]).unwrap();
        let mut back = [0; 2];
        link.read(Memory::Scalar, 4, &mut back).unwrap();
        assert_eq!(back, [run, !run]);
    }
    // Every request was done twice; the second answers, where they are whole, are no one's.
    let statistics = link.statistics();
    assert_eq!((statistics.requests, statistics.retries), (200, 200));
    assert!(statistics.strays > 0, "{statistics:?}");
    assert_eq!(link.line().machine.done, 400);
}

#[test]
fn requests_that_the_machine_refuses() {
    let mut link = Link::new(Model::new(&Target::small()), options());
    link.ping(&[1, 2, 3]).unwrap();
    let mut out = [0; 4];
    let error = link.read(Memory::Scalar, 8184, &mut out).unwrap_err();
    assert!(matches!(
        error,
        LinkError::Address {
            memory: Memory::Scalar,
            address: 8192
        }
    ));
    let error = link.write(Memory::External, 0, &[1]).unwrap_err();
    assert!(matches!(error, LinkError::External));
    assert!(matches!(
        link.start(7),
        Err(LinkError::RunNumber { run: 7 })
    ));
    link.abort().unwrap();
    let words: Vec<u32> = (0..2000).collect();
    link.write(Memory::Vector, 64, &words).unwrap();
    link.fill(Memory::Vector, 64 + 4 * 700, 10, 9).unwrap();
    let mut back = vec![0; 2000];
    link.read(Memory::Vector, 64, &mut back).unwrap();
    assert_eq!(back[..700], words[..700]);
    assert_eq!(back[700..710], [9; 10]);
    assert_eq!(back[710..], words[710..]);
}

#[test]
fn programs_that_do_not_fit_or_end() {
    let mut machine = machine();
    let large = Image {
        code: vec![0x13; 2049],
        ..Image::default()
    };
    let error = machine.load(&large).unwrap_err();
    assert!(
        matches!(
            error,
            BackendError::TooSmall {
                memory: Memory::Instruction,
                needed: 8196,
                available: 8192,
                ..
            }
        ),
        "{error}"
    );
    let external = Image {
        segments: vec![Segment {
            memory: Memory::External,
            address: 0,
            bytes: vec![1; 4],
        }],
        ..program(&[build::op(Op::Ecall)])
    };
    let error = machine.load(&external).unwrap_err();
    assert!(
        matches!(
            error,
            BackendError::TooSmall {
                memory: Memory::External,
                ..
            }
        ),
        "{error}"
    );
    machine.load(&program(&[build::op(Op::Ebreak)])).unwrap();
    let error = machine.run(100).unwrap_err().to_string();
    assert!(
        error.contains("breakpoint") && error.contains("pc 0x0"),
        "{error}"
    );
    // A loop is aborted, and the machine then works.
    let image = Image {
        code: vec![0x6f],
        ..Image::default()
    };
    machine.load(&image).unwrap();
    let error = machine.run(100).unwrap_err().to_string();
    assert!(
        error.contains("after 100 instructions: it is at pc 0x0"),
        "{error}"
    );
    machine
        .load(&program(&[build::nop(), build::op(Op::Ecall)]))
        .unwrap();
    assert_eq!(machine.run(2).unwrap().instructions, 2);
    let error = machine.run(1).unwrap_err().to_string();
    assert!(error.contains("after 1 instructions"), "{error}");
    let error = machine.read(Memory::Scalar, 8190, &mut [0; 4]).unwrap_err();
    assert!(error.to_string().contains("8192 bytes"), "{error}");
}

#[test]
fn loading_resets_registers_and_memories() {
    let image = program(&[
        build::i(Op::Addi, 5, 5, 1),
        build::store(Op::Sw, 5, 0, 0),
        build::op(Op::Ecall),
    ]);
    let mut machine = machine();
    let mut word = [0; 4];
    for _ in 0..2 {
        machine.load(&image).unwrap();
        for k in 1..=3u8 {
            assert_eq!(machine.run(100).unwrap().instructions, 3);
            machine.read(Memory::Scalar, 0, &mut word).unwrap();
            assert_eq!(word, [k, 0, 0, 0]);
        }
        machine.write(Memory::Scalar, 101, &[9; 3]).unwrap();
    }
    machine.load(&image).unwrap();
    machine.read(Memory::Scalar, 100, &mut word).unwrap();
    assert_eq!(word, [0; 4]);
}

#[test]
fn there_is_one_machine_at_the_end_of_a_line() {
    let error = machine().fork().unwrap_err();
    assert!(matches!(error, BackendError::NoFork { .. }), "{error}");
    assert!(error.to_string().contains("serial line"), "{error}");
}

/// What `evaluate` asks of a backend.
#[test]
fn backends_can_go_to_other_threads() {
    fn check<B: Backend + Send>() {}
    check::<LinkBackend<spikevec_verilated::pipe::SystemPipe>>();
    check::<LinkBackend<Box<dyn Line + Send>>>();
    #[cfg(unix)]
    check::<spikevec_runtime::AnyBackend>();
}
