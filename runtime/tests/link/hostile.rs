//! Machines that lie, hang or never are silent: each ends with an error, in a bounded time of the line's clock.

use std::io;
use std::time::Duration;

use spikevec_isa::{Memory, Target};
use spikevec_runtime::link::{Line, LinkError, LinkOptions};
use spikevec_runtime::{Backend, BackendError, LinkBackend};

use crate::model::{Hostile, Model};
use crate::workload;

/// More than any of these may take on the line's clock.
const LONGEST: Duration = Duration::from_secs(30);

fn model(hostile: Hostile) -> Model {
    let mut model = Model::new(&Target::small());
    model.hostile = hostile;
    model
}

fn opened(hostile: Hostile) -> LinkBackend<Model> {
    let options = LinkOptions::default();
    LinkBackend::open(model(hostile), options).unwrap_or_else(|error| panic!("{error}"))
}

fn load(machine: &mut LinkBackend<Model>) -> LinkError {
    let error = machine.load(&workload::image()).unwrap_err();
    let time = machine.with_line(|line| line.time);
    assert!(time < LONGEST, "{time:?}: {error}");
    match error {
        BackendError::Link(error) => *error,
        other => panic!("{other}"),
    }
}

#[test]
fn a_description_that_cannot_be_is_refused() {
    let sizes = [
        // Lanes.
        (2, 0),
        (2, 12),
        (2, u32::MAX),
        // Memories: no unit's multiple, none for the program that resets, more than there can be.
        (3, 0),
        (3, 6),
        (3, !3),
        (4, 3),
        (4, 1 << 30),
        (5, 65),
        (5, 1 << 30),
        (6, 64 << 10),
        (7, 1),
        // Clock, rate, payload.
        (8, 0),
        (8, 999),
        (8, u32::MAX),
        (9, 0),
        (9, 2_000_001),
        (11, 0),
        (11, 1),
        (11, 256),
    ];
    for (word, value) in sizes {
        let options = LinkOptions::default();
        let error = LinkBackend::open(model(Hostile::Query(word, value)), options).unwrap_err();
        let known = matches!(error, LinkError::Target(_) | LinkError::Impossible { .. });
        assert!(known, "word {word} is {value}: {error}");
    }
    // What the machine says of payloads is held to.
    let mut machine = opened(Hostile::Query(11, 2));
    machine.write(Memory::Scalar, 0, &[7; 40]).unwrap();
    assert!(machine.statistics().requests > 10);
}

#[test]
fn a_machine_that_forgets_is_found_when_it_is_loaded() {
    let error = load(&mut opened(Hostile::Forgets));
    let expected = matches!(
        error,
        LinkError::Differs {
            memory: Memory::Instruction,
            address: 2,
            found: 2,
            expected: 0
        }
    );
    assert!(expected, "{error}");
}

#[test]
fn a_run_that_does_not_advance_ends() {
    for (state, what) in [(1, "running"), (2 | 1 << 8, "busy with DMA")] {
        let error = load(&mut opened(Hostile::Status(0, state)));
        match error {
            LinkError::Still { what: said, .. } => assert_eq!(said, what),
            // It does not stop, either.
            LinkError::Stuck => {}
            other => panic!("{other}"),
        }
    }
    // A clock a second advances, and never comes to the budget.
    let error = load(&mut opened(Hostile::Clocks(1)));
    assert!(matches!(error, LinkError::Slow { .. }), "{error}");
    assert!(error.to_string().contains("the run"), "{error}");
}

#[test]
fn counts_that_cannot_be_are_errors() {
    // Clocks (low and high word), instructions (low and high word).
    for word in 2..6 {
        for value in [u32::MAX, 1 << 30] {
            let error = load(&mut opened(Hostile::Status(word, value)));
            let text = error.to_string();
            let known = matches!(
                error,
                LinkError::Impossible { .. } | LinkError::Budget { .. }
            );
            assert!(known, "word {word} is {value}: {text}");
        }
    }
    // A run that ended before all of it was executed, and one of another number.
    let error = load(&mut opened(Hostile::Status(4, 50)));
    assert!(
        error.to_string().contains("which must be 76 to 76"),
        "{error}"
    );
    let error = load(&mut opened(Hostile::Status(6, 9)));
    assert!(matches!(error, LinkError::RunNumber { .. }), "{error}");
}

/// What prints by itself: so many bytes every so often.
#[derive(Default)]
struct Chatter {
    every: Duration,
    bytes: usize,
    time: Duration,
    next: Duration,
}

impl Line for Chatter {
    fn send(&mut self, _: &[u8]) -> io::Result<()> {
        Ok(())
    }

    fn receive(&mut self, out: &mut [u8], patience: Duration) -> io::Result<usize> {
        let ends = self.time + patience;
        if self.next > ends {
            self.time = ends;
            return Ok(0);
        }
        self.time = self.time.max(self.next);
        self.next = self.time + self.every;
        let count = self.bytes.min(out.len());
        // Begins of frames, which are waited for longest.
        out[..count].fill(0xa5);
        Ok(count)
    }

    fn rate(&self) -> u32 {
        1_000_000
    }

    fn elapsed(&self) -> Duration {
        self.time
    }
}

#[test]
fn a_line_that_is_never_silent_is_given_up_in_seconds() {
    for (milliseconds, bytes) in [(300, 40), (149, 40), (100, 1), (10, 1), (1, 1), (0, 1024)] {
        let mut chatter = Chatter {
            every: Duration::from_millis(milliseconds),
            bytes,
            ..Chatter::default()
        };
        let error = LinkBackend::open(&mut chatter, LinkOptions::default()).unwrap_err();
        assert!(matches!(error, LinkError::Noise { .. }), "{error}");
        let time = chatter.time;
        assert!(time < Duration::from_secs(5), "{milliseconds} ms: {time:?}");
    }
}
