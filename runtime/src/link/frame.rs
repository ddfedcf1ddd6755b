//! Frames and where they are in a stream.

/// The first byte of every frame.
pub const MARKER: u8 = 0xa5;

/// The most words in a payload.
pub const MAX_WORDS: usize = 255;

/// Bytes before the payload.
const HEADER: usize = 5;

/// Bytes of the CRC.
const CRC: usize = 4;

/// A request or an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The sequence number; an answer has its request's.
    pub sequence: u8,
    /// A number of [`super::request`].
    pub kind: u8,
    /// Of a request the memory, of an answer a number of [`super::code`].
    pub argument: u8,
    /// The payload.
    pub words: Vec<u32>,
}

/// A frame that cannot be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a frame has up to {MAX_WORDS} words, not {words}: send several")]
pub struct FrameError {
    /// Words asked for.
    pub words: usize,
}

impl Frame {
    /// The bytes on the line.
    ///
    /// # Errors
    /// Too many words.
    pub fn encode(&self) -> Result<Vec<u8>, FrameError> {
        let words = self.words.len();
        let length = u8::try_from(words).map_err(|_| FrameError { words })?;
        let mut bytes = Vec::with_capacity(HEADER + 4 * words + CRC);
        bytes.extend([MARKER, self.sequence, self.kind, self.argument, length]);
        bytes.extend(self.words.iter().flat_map(|word| word.to_le_bytes()));
        let sum = crc32fast::hash(&bytes[1..]);
        bytes.extend(sum.to_le_bytes());
        Ok(bytes)
    }
}

/// What a stream has at some place.
enum Seen {
    /// A frame of this many bytes.
    Frame(Frame, usize),
    /// What may become one.
    Partial,
    /// Something else.
    Nothing,
}

fn look(bytes: &[u8]) -> Seen {
    match bytes.first() {
        None => return Seen::Partial,
        Some(&MARKER) => {}
        Some(_) => return Seen::Nothing,
    }
    let &[_, sequence, kind, argument, length, ..] = bytes else {
        return Seen::Partial;
    };
    let end = HEADER + 4 * usize::from(length);
    let (Some(checked), Some(sum)) = (bytes.get(1..end), bytes.get(end..end + CRC)) else {
        return Seen::Partial;
    };
    if crc32fast::hash(checked).to_le_bytes() != sum {
        return Seen::Nothing;
    }
    let word = |c: &[u8]| c.iter().rev().fold(0, |all, b| all << 8 | u32::from(*b));
    let words = bytes[HEADER..end].chunks_exact(4).map(word).collect();
    let frame = Frame {
        sequence,
        kind,
        argument,
        words,
    };
    Seen::Frame(frame, end + CRC)
}

/// Finds frames in a stream of bytes that may have been damaged.
#[derive(Debug, Clone, Default)]
pub struct Scanner {
    bytes: Vec<u8>,
}

impl Scanner {
    /// Appends what has come.
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Bytes that no frame has claimed.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// True where none are left.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.bytes.clear();
    }

    /// The next good frame.
    ///
    /// What may still become a frame hides those behind it, so that none is found inside of another. Once the line is
    /// `silent` it will not, and does not.
    pub fn next(&mut self, silent: bool) -> Option<Frame> {
        let mut at = 0;
        while at < self.bytes.len() {
            match look(&self.bytes[at..]) {
                Seen::Frame(frame, length) => {
                    self.bytes.drain(..at + length);
                    return Some(frame);
                }
                Seen::Partial if !silent => break,
                Seen::Partial | Seen::Nothing => at += 1,
            }
        }
        // All before `at` is no frame's beginning.
        self.bytes.drain(..at);
        None
    }
}
