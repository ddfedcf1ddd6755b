//! The notes of a file: the manifest, and the checksum of the whole file.
//!
//! The checksum is CRC-32 (ISO-HDLC: that of zlib, PNG and Ethernet) of all bytes of the file,
//! with its own four taken as zero, so that no byte can change unseen.

use std::ops::Range;

use super::{ElfError, NOTE_CHECKSUM, NOTE_MANIFEST, NOTE_OWNER};

/// Words before the owner: its length, the length of the contents, and the type.
const HEADER: usize = 12;

/// Bytes of the checksum.
pub const CHECKSUM_BYTES: usize = 4;

/// A note's bytes.
pub fn bytes(kind: u32, contents: &[u8]) -> Vec<u8> {
    let owner = owner();
    let mut note = Vec::new();
    for word in [owner.len() as u32, contents.len() as u32, kind] {
        note.extend(word.to_le_bytes());
    }
    for field in [owner.as_bytes(), contents] {
        note.extend(field);
        note.resize(note.len().next_multiple_of(4), 0);
    }
    note
}

fn owner() -> String {
    format!("{NOTE_OWNER}\0")
}

/// Where the contents of the notes are in their section.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Notes {
    pub manifest: Option<Range<usize>>,
    pub checksum: Option<Range<usize>>,
}

impl Notes {
    /// Those of a section.
    pub fn of(section: &[u8]) -> Result<Self, ElfError> {
        let mut notes = Self::default();
        let mut at = 0;
        while at < section.len() {
            let (kind, contents) = note(section, at)?;
            at = contents.end.next_multiple_of(4);
            let (place, what) = match kind {
                NOTE_MANIFEST => (&mut notes.manifest, "manifest"),
                NOTE_CHECKSUM => (&mut notes.checksum, "checksum"),
                other => return Err(broken(format!("a note of type {other}, not 1 or 2"))),
            };
            if place.is_some() {
                return Err(broken(format!("a second {what}")));
            }
            *place = Some(contents);
        }
        match &notes.checksum {
            Some(range) if range.len() != CHECKSUM_BYTES => Err(broken(format!(
                "a checksum of {} bytes, not 4",
                range.len()
            ))),
            _ => Ok(notes),
        }
    }
}

fn broken(problem: impl Into<String>) -> ElfError {
    ElfError::Note {
        problem: problem.into(),
    }
}

/// Type and contents of the note at `at`.
fn note(section: &[u8], at: usize) -> Result<(u32, Range<usize>), ElfError> {
    let word = |k: usize| {
        let start = at.checked_add(4 * k)?;
        let bytes = section.get(start..start.checked_add(4)?)?;
        Some(u32::from_le_bytes(bytes.try_into().ok()?))
    };
    let (Some(owner_len), Some(len), Some(kind)) = (word(0), word(1), word(2)) else {
        return Err(broken("its header is cut short"));
    };
    let owner = owner();
    let start = at + HEADER;
    let found = start.checked_add(owner_len as usize);
    let found = found.and_then(|end| section.get(start..end));
    if found != Some(owner.as_bytes()) {
        return Err(broken("its owner is not Spikevec"));
    }
    let start = start + owner.len().next_multiple_of(4);
    let end = start.checked_add(len as usize);
    match end.filter(|end| *end <= section.len()) {
        Some(end) => Ok((kind, start..end)),
        None => Err(broken("its contents are cut short")),
    }
}

/// The checksum of `file`, whose own bytes are those at `place`.
pub fn checksum(file: &[u8], place: &Range<usize>) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(file.get(..place.start).unwrap_or_default());
    hasher.update(&[0; CHECKSUM_BYTES]);
    hasher.update(file.get(place.end..).unwrap_or_default());
    hasher.finalize()
}
