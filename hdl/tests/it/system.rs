//! The Verilated system byte by byte, with a host written out by hand from docs/protocol.md.

use std::sync::OnceLock;

use spikevec_hdl::core::Config;
use spikevec_hdl::system::{SystemConfig, SystemError};
use spikevec_isa::protocol::MAGIC;
use spikevec_verilated::Model;
use spikevec_verilated::pipe::SystemPipe;

use crate::bench::{Random, have_tools};

const CLOCK: u32 = 1_000_000;

fn config() -> SystemConfig {
    let mut config = SystemConfig::new(&Config::named("tiny").unwrap(), CLOCK, CLOCK / 4);
    config.gap_microseconds = 400;
    config
}

fn pipe() -> Option<SystemPipe> {
    static MODEL: OnceLock<Model> = OnceLock::new();
    if MODEL.get().is_none() && !have_tools() {
        return None;
    }
    let build = || {
        let design = config().design().unwrap_or_else(|error| panic!("{error}"));
        Model::new(&design).unwrap_or_else(|error| panic!("{error}"))
    };
    Some(SystemPipe::from_model(MODEL.get_or_init(build), config().rates()).unwrap())
}

/// Bit by bit, as the standard has it.
pub fn crc(bytes: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = (sum >> 1) ^ (0xedb8_8320 * (sum & 1));
        }
    }
    !sum
}

pub fn frame(sequence: u8, kind: u8, argument: u8, words: &[u32]) -> Vec<u8> {
    let mut bytes = vec![0xa5, sequence, kind, argument, words.len() as u8];
    bytes.extend(words.iter().flat_map(|w| w.to_le_bytes()));
    let sum = crc(&bytes[1..]);
    bytes.extend(sum.to_le_bytes());
    bytes
}

/// What comes until the line is silent.
fn answer(pipe: &mut SystemPipe) -> Vec<u8> {
    std::iter::from_fn(|| pipe.receive(3000)).collect()
}

/// One request; code and words of its answer.
fn ask(pipe: &mut SystemPipe, kind: u8, argument: u8, words: &[u32]) -> (u8, Vec<u32>) {
    let sequence = kind.wrapping_mul(37) ^ argument;
    pipe.send(&frame(sequence, kind, argument, words));
    let bytes = answer(pipe);
    assert!(bytes.len() >= 9, "kind {kind}: {bytes:02x?}");
    let (head, body) = bytes.split_at(5);
    let (body, sum) = body.split_at(body.len() - 4);
    assert_eq!(head[..3], [0xa5, sequence, kind | 0x80]);
    assert_eq!(usize::from(head[4]) * 4, body.len());
    assert_eq!(sum, crc(&bytes[1..bytes.len() - 4]).to_le_bytes());
    let words = body.chunks_exact(4);
    let words = words.map(|c| u32::from_le_bytes(c.try_into().unwrap()));
    (head[3], words.collect())
}

/// Adds 1 to the first word of scalar memory.
const COUNT: [u32; 4] = [
    0x0000_2283, // lw x5, 0(x0)
    0x0012_8293, // addi x5, x5, 1
    0x0050_2023, // sw x5, 0(x0)
    0x0000_0073, // ecall
];

/// `j .`
const FOREVER: u32 = 0x0000_006f;

#[test]
fn the_check_value_of_the_crc() {
    assert_eq!(crc(b"123456789"), 0xcbf4_3926);
}

#[test]
fn the_verilog_is_clean() {
    let design = config().design().unwrap();
    if have_tools() {
        assert_eq!(spikevec_verilated::lint(&design).unwrap(), "");
    }
}

#[test]
fn a_system_that_cannot_be_says_what_can() {
    let tiny = Config::named("tiny").unwrap();
    let design = |clock, baud| tiny.system_design(clock, baud);
    for name in Config::NAMES {
        let config = Config::named(name).unwrap();
        for (clock, baud) in [(25_000_000, 115_200), (80_000_000, 3_000_000)] {
            let design = config.system_design(clock, baud).unwrap();
            assert_eq!(design.top, "system");
            assert_eq!(design.ports.len(), 6);
        }
    }
    assert!(matches!(
        design(1_000_000, 0),
        Err(SystemError::Rate { .. })
    ));
    assert!(matches!(
        design(1_000_000, 300_000),
        Err(SystemError::Rate { .. })
    ));
    let error = design(25_000_000, 3_000_000).unwrap_err().to_string();
    assert!(error.contains("3125000"), "{error}");
    let gap = SystemConfig {
        gap_microseconds: 50,
        ..config()
    };
    assert!(matches!(
        gap.check(),
        Err(SystemError::Gap {
            least: 80,
            clocks: 50,
            ..
        })
    ));
}

#[test]
fn every_request_is_answered() {
    let Some(mut pipe) = pipe() else { return };
    let target = config().core.target;
    assert_eq!(
        ask(&mut pipe, 1, 0, &[1, 0xa5a5_a5a5, 3]),
        (0, vec![1, 0xa5a5_a5a5, 3])
    );
    assert_eq!(ask(&mut pipe, 1, 0, &[]), (0, vec![]));
    let all: Vec<u32> = (0..255).map(|k| k * 0x0101_0101).collect();
    assert_eq!(ask(&mut pipe, 1, 9, &all), (0, all.clone()));
    let facts = vec![
        MAGIC,
        1,
        4,
        target.instruction_bytes,
        target.scalar_bytes,
        target.vector_bytes,
        target.lane_local_bytes,
        0,
        1000,
        250_000,
        0,
        255,
    ];
    assert_eq!(ask(&mut pipe, 2, 0, &[]), (0, facts));
    assert_eq!(ask(&mut pipe, 3, 0, &[]), (0, vec![0; 8]));
    // All memories, to their last word.
    let lanes = target.lane_local_bytes * 32;
    let sizes = [
        target.instruction_bytes,
        target.scalar_bytes,
        target.vector_bytes,
        lanes,
    ];
    for (memory, size) in (0..).zip(sizes) {
        assert_eq!(
            ask(&mut pipe, 5, memory, &[8, 0x1234_5678, memory.into(), !0]),
            (0, vec![])
        );
        assert_eq!(
            ask(&mut pipe, 4, memory, &[4, 4]),
            (0, vec![0, 0x1234_5678, memory.into(), !0])
        );
        assert_eq!(ask(&mut pipe, 6, memory, &[size - 12, 3, 77]), (0, vec![]));
        assert_eq!(
            ask(&mut pipe, 4, memory, &[size - 16, 4]),
            (0, vec![0, 77, 77, 77])
        );
        assert_eq!(ask(&mut pipe, 4, memory, &[size - 4, 2]), (3, vec![size]));
        assert_eq!(ask(&mut pipe, 5, memory, &[size, 0]), (3, vec![size]));
        assert_eq!(
            ask(&mut pipe, 6, memory, &[size - 4, 9, 1]),
            (3, vec![size])
        );
        assert_eq!(ask(&mut pipe, 4, memory, &[2, 1]), (3, vec![2]));
    }
    assert_eq!(ask(&mut pipe, 4, 4, &[64, 1]), (3, vec![64]));
    assert_eq!(ask(&mut pipe, 4, 9, &[64, 1]), (3, vec![64]));
    // Lengths, counts, and what there is not.
    for (kind, words) in [
        (2, vec![0]),
        (3, vec![0]),
        (4, vec![]),
        (4, vec![0]),
        (4, vec![0, 0]),
        (4, vec![0, 256]),
        (5, vec![]),
        (5, vec![0]),
        (6, vec![0, 1]),
        (6, vec![0, 0, 0]),
        (6, vec![0, 1 << 16, 0]),
        (7, vec![]),
        (8, vec![1]),
    ] {
        assert_eq!(
            ask(&mut pipe, kind, 0, &words),
            (2, vec![]),
            "{kind} {words:?}"
        );
    }
    for kind in [0, 9, 77, 127] {
        assert_eq!(ask(&mut pipe, kind, 0, &[5]), (1, vec![]));
    }
    assert_eq!(ask(&mut pipe, 3, 0, &[]).1[7], 0, "no frame was dropped");
}

#[test]
fn runs_are_numbered() {
    let Some(mut pipe) = pipe() else { return };
    let words: Vec<u32> = std::iter::once(0).chain(COUNT).collect();
    assert_eq!(ask(&mut pipe, 5, 0, &words), (0, vec![]));
    assert_eq!(ask(&mut pipe, 7, 0, &[2]), (4, vec![]));
    assert_eq!(
        ask(&mut pipe, 7, 0, &[0]),
        (0, vec![]),
        "run 0 has been started"
    );
    for run in 1..=3 {
        // The second request is the same run, not another one.
        assert_eq!(ask(&mut pipe, 7, 0, &[run]), (0, vec![]));
        assert_eq!(ask(&mut pipe, 7, 0, &[run]), (0, vec![]));
        assert_eq!(ask(&mut pipe, 4, 1, &[0, 1]), (0, vec![run]));
        let (code, status) = ask(&mut pipe, 3, 0, &[]);
        assert_eq!((code, status[0], status[1]), (0, 1 << 8, 12));
        assert!(
            status[2] > 4 && status[2] < 40 && status[3] == 0,
            "{status:?}"
        );
        assert_eq!(status[4..], [3, 0, run, 0]);
    }
    // A loop: memories are busy, and an abort ends it.
    assert_eq!(ask(&mut pipe, 5, 0, &[0, FOREVER]), (0, vec![]));
    assert_eq!(ask(&mut pipe, 7, 0, &[4]), (0, vec![]));
    assert_eq!(ask(&mut pipe, 3, 0, &[]).1[0], 1 << 8 | 1);
    assert_eq!(ask(&mut pipe, 4, 1, &[0, 1]), (5, vec![]));
    assert_eq!(ask(&mut pipe, 7, 0, &[5]), (5, vec![]));
    let led = pipe.circuit().model().output("led_running").unwrap();
    assert_eq!(pipe.circuit().get(led), 1);
    assert_eq!(ask(&mut pipe, 8, 0, &[]), (0, vec![]));
    assert_eq!(
        ask(&mut pipe, 8, 0, &[]),
        (0, vec![]),
        "nothing is left to stop"
    );
    assert_eq!(pipe.circuit().get(led), 0);
    assert_eq!(ask(&mut pipe, 3, 0, &[]).1[0], 10 << 8);
    assert_eq!(ask(&mut pipe, 4, 1, &[0, 1]), (0, vec![3]));
}

/// Damaged requests are not answered, do nothing, and the next good one is answered.
#[test]
fn damaged_requests_do_nothing() {
    let Some(mut pipe) = pipe() else { return };
    let mut random = Random(7);
    let mut dropped = 0;
    for round in 0..300 {
        let mut bytes = frame(round as u8, 5, 1, &[16, random.next() as u32, 0xa5a5_a5a5]);
        let at = random.below(bytes.len() as u64) as usize;
        match random.below(4) {
            0 => bytes[at] ^= 1 << random.below(8),
            1 => drop(bytes.remove(at)),
            2 => bytes.truncate(at),
            _ => bytes[at] = bytes[at].wrapping_add(1 + random.below(255) as u8),
        }
        pipe.send(&bytes);
        assert_eq!(answer(&mut pipe), [0; 0], "{bytes:02x?}");
        assert_eq!(ask(&mut pipe, 4, 1, &[16, 2]), (0, vec![0, 0]));
        let now = ask(&mut pipe, 3, 0, &[]).1[7];
        assert!(now >= dropped);
        dropped = now;
    }
    assert!(dropped > 200, "{dropped}");
    // A doubled byte too, unless it is the last one, or the first: those frames are whole.
    for at in 0..21 {
        let mut bytes = frame(at as u8, 5, 1, &[20 * 4, 0x0403_0201, 0x0807_0605]);
        bytes.insert(at, bytes[at]);
        pipe.send(&bytes);
        let silent = answer(&mut pipe).is_empty();
        assert_eq!(silent, at < 20, "{at}");
        pipe.receive(3000);
    }
    // Lines that are not idle: a break, a false start, garbage with markers in it.
    let rx = pipe.circuit().model().input("uart_rx").unwrap();
    let clock = pipe.circuit().model().input("clock").unwrap();
    for low in [1, 3, 4, 17, 40, 100, 1000] {
        pipe.circuit().set(rx, 0);
        for _ in 0..low {
            pipe.circuit().tick(clock);
        }
        pipe.circuit().set(rx, 1);
        for _ in 0..2000 {
            pipe.circuit().tick(clock);
        }
        assert_eq!(ask(&mut pipe, 1, 0, &[low]), (0, vec![low]));
    }
    pipe.send(&[0xa5; 40]);
    answer(&mut pipe);
    assert_eq!(ask(&mut pipe, 1, 0, &[6]), (0, vec![6]));
}

/// Whatever comes, a request after the gap is answered.
#[test]
fn garbage_never_hangs_it() {
    let Some(mut pipe) = pipe() else { return };
    let mut random = Random(23);
    for round in 0..150u32 {
        let count = random.below(60);
        let garbage: Vec<u8> = (0..count)
            .map(|_| match random.below(4) {
                0 => 0xa5,
                1 => random.below(10) as u8,
                _ => random.next() as u8,
            })
            .collect();
        pipe.send(&garbage);
        if random.below(2) == 0 {
            // At once: it may be heard or not.
            pipe.send(&frame(1, 1, 0, &[round]));
        }
        answer(&mut pipe);
        assert_eq!(ask(&mut pipe, 1, 0, &[round]), (0, vec![round]));
    }
    // Requests that do not wait for answers: the first is done, and others as they are heard.
    for round in 1..=20 {
        let first = frame(1, 7, 0, &[round]);
        let all: Vec<u8> = (2..6).flat_map(|k| frame(k, 5, 1, &[0, round])).collect();
        pipe.send(&first);
        pipe.send(&all);
        let bytes = answer(&mut pipe);
        assert_eq!(bytes[..5], [0xa5, 1, 0x87, 0, 0]);
        assert_eq!(ask(&mut pipe, 3, 0, &[]).1[6], round);
    }
}
