//! What goes over the line.

use proptest::prelude::*;
use spikevec_runtime::link::{Frame, FrameError, MARKER, MAX_WORDS, Scanner};

fn frames() -> impl Strategy<Value = Frame> {
    let words = prop_oneof![
        prop::collection::vec(any::<u32>(), 0..=12),
        // Full of markers.
        prop::collection::vec(Just(0xa5a5_a5a5), 0..=12),
        prop::collection::vec(any::<u32>(), MAX_WORDS - 2..=MAX_WORDS),
    ];
    (any::<u8>(), any::<u8>(), any::<u8>(), words).prop_map(|(sequence, kind, argument, words)| {
        Frame {
            sequence,
            kind,
            argument,
            words,
        }
    })
}

/// One thing that happens to bytes.
#[derive(Debug, Clone)]
enum Damage {
    Lose(usize),
    Double(usize),
    Change(usize, u8),
    Cut(usize),
    Insert(usize, u8),
}

fn damages() -> impl Strategy<Value = Damage> {
    prop_oneof![
        any::<usize>().prop_map(Damage::Lose),
        any::<usize>().prop_map(Damage::Double),
        (any::<usize>(), 1..=255u8).prop_map(|(at, by)| Damage::Change(at, by)),
        any::<usize>().prop_map(Damage::Cut),
        (any::<usize>(), any::<u8>()).prop_map(|(at, byte)| Damage::Insert(at, byte)),
    ]
}

fn damage(bytes: &mut Vec<u8>, damage: &Damage) {
    if bytes.is_empty() {
        return;
    }
    let length = bytes.len();
    match *damage {
        Damage::Lose(at) => drop(bytes.remove(at % length)),
        Damage::Double(at) => bytes.insert(at % length, bytes[at % length]),
        Damage::Change(at, by) => bytes[at % length] ^= by,
        Damage::Cut(at) => bytes.truncate(at % length),
        Damage::Insert(at, byte) => bytes.insert(at % (length + 1), byte),
    }
}

/// All frames in `bytes`, which come in parts of `part`.
fn scan(bytes: &[u8], part: usize) -> Vec<Frame> {
    let mut scanner = Scanner::default();
    let mut found = Vec::new();
    for part in bytes.chunks(part.max(1)) {
        scanner.push(part);
        found.extend(std::iter::from_fn(|| scanner.next(false)));
    }
    found.extend(std::iter::from_fn(|| scanner.next(true)));
    assert!(scanner.is_empty());
    found
}

proptest! {
    #[test]
    fn frames_come_back_in_parts_of_any_size(
        sent in prop::collection::vec(frames(), 1..4),
        part in 1usize..2000,
    ) {
        let bytes: Vec<u8> = sent.iter().flat_map(|frame| frame.encode().unwrap()).collect();
        prop_assert_eq!(scan(&bytes, part), sent);
    }

    /// Whatever is done to a frame: it is found as it was, or not at all.
    #[test]
    fn a_damaged_frame_is_the_same_or_none(
        frame in frames(),
        all in prop::collection::vec(damages(), 1..6),
        part in 1usize..64,
    ) {
        let mut bytes = frame.encode().unwrap();
        all.iter().for_each(|d| damage(&mut bytes, d));
        for found in scan(&bytes, part) {
            prop_assert_eq!(&found, &frame);
        }
    }

    /// A frame behind garbage is found once the line is silent, and only it.
    #[test]
    fn garbage_hides_no_frame(
        frame in frames(),
        garbage in prop::collection::vec(prop_oneof![Just(MARKER), any::<u8>()], 0..300),
        part in 1usize..64,
    ) {
        let bytes = [garbage, frame.encode().unwrap()].concat();
        prop_assert_eq!(scan(&bytes, part), [frame]);
    }

    #[test]
    fn garbage_is_no_frame(bytes in prop::collection::vec(any::<u8>(), 0..3000)) {
        prop_assert_eq!(scan(&bytes, 100), []);
    }
}

/// The example of docs/protocol.md, and the CRC's check value.
#[test]
fn bytes_are_as_documented() {
    let frame = Frame {
        sequence: 7,
        kind: 4,
        argument: 2,
        words: vec![0x40, 1],
    };
    let bytes = frame.encode().unwrap();
    assert_eq!(bytes[..13], [0xa5, 7, 4, 2, 2, 0x40, 0, 0, 0, 1, 0, 0, 0]);
    assert_eq!(bytes.len(), 17);
    assert_eq!(crc32fast::hash(b"123456789"), 0xcbf4_3926);
    let crc = crc32fast::hash(&bytes[1..13]);
    assert_eq!(bytes[13..], crc.to_le_bytes());
    println!("CRC {crc:#010x}");
}

#[test]
fn a_frame_of_256_words_is_refused() {
    let frame = Frame {
        sequence: 0,
        kind: 1,
        argument: 0,
        words: vec![0; 256],
    };
    assert_eq!(frame.encode(), Err(FrameError { words: 256 }));
}

/// A frame in another one's payload is only found where the outer one is damaged.
#[test]
fn no_frame_is_found_inside_of_another() {
    let inner = Frame {
        sequence: 1,
        kind: 2,
        argument: 3,
        words: vec![4; 4],
    };
    let mut bytes = inner.encode().unwrap();
    bytes.resize(28, 0);
    let word = |c: &[u8]| u32::from_le_bytes(c.try_into().unwrap());
    let outer = Frame {
        words: bytes.chunks_exact(4).map(word).collect(),
        ..inner.clone()
    };
    assert_eq!(scan(&outer.encode().unwrap(), 1), [outer]);
}
