//! The host at the end of a line whose machine may answer anything: it ends with an error or with
//! what it asked for, in a bounded time of the line's clock.

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use spikevec_assembler::image::Segment;
use spikevec_assembler::{Image, assemble};
use spikevec_isa::{Memory, Target};
use spikevec_runtime::link::{Frame, Line, LinkOptions, Scanner};
use spikevec_runtime::{Backend, BackendError, LinkBackend};

use crate::Bytes;
use crate::model::Model;

/// More than anything asked here may take on the line's clock.
const LONGEST: Duration = Duration::from_secs(120);

pub fn run(input: &[u8]) {
    scan(input);
    let mut line = Hostile {
        model: Model::new(&Target::small()),
        bytes: Bytes::new(input),
        answers: VecDeque::new(),
        time: Duration::ZERO,
    };
    if let Err(error) = work(&mut line) {
        crate::check_message(&error);
    }
    assert!(line.time < LONGEST, "the host waited {:?}", line.time);
}

/// A program is loaded, and run twice.
fn work(line: &mut Hostile) -> Result<(), BackendError> {
    let options = LinkOptions::default();
    let mut machine = LinkBackend::open(line, options).map_err(BackendError::from)?;
    machine.load(&image())?;
    for _ in 0..2 {
        machine.write(Memory::Vector, 3, &[1; 70])?;
        machine.run(1000)?;
        machine.read(Memory::Scalar, 1, &mut [0; 30])?;
    }
    Ok(())
}

fn image() -> Image {
    let source = "lw a0, 0(zero)\n addi a0, a0, 1\n sw a0, 0(zero)\n ecall\n";
    let image = assemble(source, "count.s").unwrap_or_else(|errors| panic!("{errors}"));
    let segments = vec![Segment {
        memory: Memory::Scalar,
        address: 13,
        bytes: vec![7; 50],
    }];
    Image { segments, ..image }
}

/// Frames do not depend on how their bytes come in.
fn scan(input: &[u8]) {
    let frames = |piece: usize| {
        let mut scanner = Scanner::default();
        let mut frames = Vec::new();
        for some in input.chunks(piece) {
            scanner.push(some);
            frames.extend(std::iter::from_fn(|| scanner.next(false)));
        }
        frames.extend(std::iter::from_fn(|| scanner.next(true)));
        assert!(scanner.is_empty());
        frames
    };
    let whole = frames(input.len().max(1));
    assert_eq!(frames(1), whole);
    assert_eq!(frames(7), whole);
    for frame in whole {
        let bytes = frame.encode().unwrap_or_else(|error| panic!("{error}"));
        let mut scanner = Scanner::default();
        scanner.push(&bytes);
        assert_eq!(scanner.next(false), Some(frame));
    }
}

/// A machine whose answers are changed as the input says, and right again when it has ended.
struct Hostile<'a> {
    model: Model,
    bytes: Bytes<'a>,
    answers: VecDeque<u8>,
    time: Duration,
}

impl Hostile<'_> {
    /// The machine's answer to what it has been sent, changed.
    fn answer(&mut self) -> io::Result<()> {
        let mut scanner = Scanner::default();
        let mut some = [0; 64];
        loop {
            let count = self.model.receive(&mut some, Duration::ZERO)?;
            scanner.push(&some[..count]);
            if count == 0 {
                break;
            }
        }
        while let Some(mut frame) = scanner.next(true) {
            let kind = self.bytes.byte();
            match kind {
                0..160 => {}
                160..200 => {
                    let at = self.bytes.below(frame.words.len().max(1));
                    let value = self.bytes.word();
                    if let Some(word) = frame.words.get_mut(at) {
                        *word = if kind.is_multiple_of(2) {
                            value
                        } else {
                            value % 256
                        };
                    }
                }
                200..210 => frame.words.truncate(self.bytes.below(256)),
                210..220 => frame.words.resize(self.bytes.below(256), 0),
                220..228 => frame.argument = self.bytes.byte(),
                228..232 => frame.kind = self.bytes.byte(),
                232..236 => frame.sequence = self.bytes.byte(),
                236..240 => continue,
                240..246 => self.send_back(&frame)?,
                _ => {
                    let count = self.bytes.below(600);
                    let some = self.bytes.take(count);
                    self.answers.extend(some);
                }
            }
            self.send_back(&frame)?;
        }
        Ok(())
    }

    fn send_back(&mut self, frame: &Frame) -> io::Result<()> {
        self.answers
            .extend(frame.encode().map_err(io::Error::other)?);
        Ok(())
    }
}

impl Line for Hostile<'_> {
    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.model.send(bytes)?;
        self.answer()
    }

    fn receive(&mut self, out: &mut [u8], patience: Duration) -> io::Result<usize> {
        let count = out.len().min(self.answers.len()).min(100);
        self.time += match count {
            0 => patience,
            count => Duration::from_micros(10 * count as u64),
        };
        for (to, from) in out.iter_mut().zip(self.answers.drain(..count)) {
            *to = from;
        }
        Ok(count)
    }

    fn rate(&self) -> u32 {
        1_000_000
    }

    fn elapsed(&self) -> Duration {
        self.time
    }
}
