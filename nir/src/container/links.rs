//! Links that name a path instead of an object: soft ones, and external ones into another file.
//!
//! The HDF5 library passes over them, so that what they stand for would be missing without a word.
//! They are found by their form in the bytes of the file: link messages of object headers of both
//! versions and of heaps (HDF5 File Format Specification 3.0, IV.A.2.g), and entries of symbol
//! tables (III.C).

use crate::Error;

/// Links that a message names.
const NAMED: usize = 4;

/// Most bytes of a name or a path that is looked at.
const LONGEST: usize = 1024;

/// Number of a link message, and the types of links.
const MESSAGE: u8 = 6;
const SOFT: u8 = 1;
const EXTERNAL: u8 = 64;

/// An entry of a symbol table, and the type of one that is a soft link.
const ENTRY: usize = 40;
const ENTRY_SOFT: u32 = 2;

/// Refuses a file with links that are not followed. `name` stands for it in messages.
pub(super) fn check(bytes: &[u8], name: &str) -> Result<(), Error> {
    let mut links = Vec::new();
    let mut more = 0;
    let mut add = |link: String| match links.len() {
        NAMED => more += 1,
        _ => links.push(link),
    };
    for at in places(bytes) {
        if let Some(link) = message(bytes, at) {
            add(link);
        }
        for _ in 0..symbols(bytes, at) {
            add("one of a symbol table".to_owned());
        }
    }
    if links.is_empty() {
        return Ok(());
    }
    Err(Error::Links {
        path: name.to_owned(),
        links,
        more,
    })
}

/// Places at which a message or a symbol table may begin: most bytes are neither's.
fn places(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let pairs = bytes.array_windows().enumerate();
    pairs.filter_map(|(at, pair)| {
        let link = pair[0] == 1 && pair[1] & 0b1110_1000 == 0b1000;
        (link || pair == b"SN").then_some(at)
    })
}

/// `name -> target` of a soft or external link whose message begins at `at`.
fn message(bytes: &[u8], at: usize) -> Option<String> {
    let mut rest = bytes.get(at..)?;
    let [version, flags, kind] = *take(&mut rest, 3)?.first_chunk()?;
    // The type is there, and no bit that the specification does not have.
    if version != 1 || flags & 0b1110_1000 != 0b1000 || ![SOFT, EXTERNAL].contains(&kind) {
        return None;
    }
    let order = if flags & 4 != 0 { 8 } else { 0 };
    let charset = usize::from(flags & 16 != 0);
    take(&mut rest, order + charset)?;
    let length = number(take(&mut rest, 1 << (flags & 3))?);
    let name = text(take(&mut rest, length)?)?;
    let length = number(take(&mut rest, 2)?);
    let target = take(&mut rest, length)?;
    let target = match kind {
        SOFT => text(target)?.to_owned(),
        _ => {
            let mut parts = target.strip_prefix(&[0])?.split(|byte| *byte == 0);
            let (file, object) = (text(parts.next()?)?, text(parts.next()?)?);
            format!("{object} of the file {file}")
        }
    };
    let size = bytes.len() - at - rest.len();
    // In a heap nothing stands before the message: there the target must be a whole path.
    (stated(bytes, at, size) || target.starts_with('/')).then(|| format!("{name} -> {target}"))
}

/// Whether the header before `at` says that a link message of `size` bytes is there.
fn stated(bytes: &[u8], at: usize, size: usize) -> bool {
    let before = |count: usize| bytes.get(at.checked_sub(count)?..at);
    let new = [4, 6].into_iter().any(|count| {
        let head = before(count).unwrap_or_default();
        head.first() == Some(&MESSAGE) && head.get(1..3).map(number) == Some(size)
    });
    let old = before(8).unwrap_or_default();
    let padded = size.next_multiple_of(8);
    new || (old.starts_with(&[MESSAGE, 0]) && old.get(2..4).map(number) == Some(padded))
}

/// Soft links among the entries of a symbol table that begins at `at`.
fn symbols(bytes: &[u8], at: usize) -> usize {
    let Some(rest) = bytes
        .get(at..)
        .and_then(|rest| rest.strip_prefix(b"SNOD\x01\0"))
    else {
        return 0;
    };
    let Some((count, entries)) = rest.split_at_checked(2) else {
        return 0;
    };
    let entries = entries.chunks_exact(ENTRY).take(number(count));
    let kind = |entry: &[u8]| entry.get(16..20).map(number);
    entries
        .filter(|entry| kind(entry) == Some(ENTRY_SOFT as usize))
        .count()
}

fn take<'a>(rest: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, after) = rest.split_at_checked(count)?;
    *rest = after;
    Some(taken)
}

fn number(bytes: &[u8]) -> usize {
    let digits = bytes.iter().rev();
    digits.fold(0usize, |all, byte| all << 8 | usize::from(*byte))
}

/// A name or path: not empty, not endless, and nothing but characters.
fn text(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    let fits = (1..=LONGEST).contains(&text.len());
    (fits && !text.contains(char::is_control)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A soft link `tau -> target` with what stands before it.
    fn soft(before: &[u8], target: &str) -> Vec<u8> {
        let mut bytes = before.to_vec();
        bytes.extend([1, 0b1_1000, SOFT, 1, 3]);
        bytes.extend(b"tau");
        bytes.extend((target.len() as u16).to_le_bytes());
        bytes.extend(target.as_bytes());
        bytes
    }

    fn found(bytes: &[u8]) -> String {
        check(bytes, "x.nir").map_or_else(|error| error.to_string(), |()| String::new())
    }

    #[test]
    fn links_are_found_in_all_their_places() {
        // Headers of version 2 without and with an order of creation, of version 1, and a heap.
        for before in [
            &[MESSAGE, 14, 0, 0][..],
            &[MESSAGE, 14, 0, 0, 7, 0],
            &[MESSAGE, 0, 16, 0, 0, 0, 0, 0],
        ] {
            let text = found(&soft(before, "../r"));
            assert!(text.contains("tau -> ../r"), "{text}");
        }
        let text = found(&soft(b"FHDB", "/node/r"));
        assert!(text.contains("tau -> /node/r"), "{text}");
        let mut table = b"SNOD\x01\0\x02\0".to_vec();
        for kind in [1u8, 2] {
            let mut entry = [0; ENTRY];
            entry[16] = kind;
            table.extend(entry);
        }
        assert!(found(&table).contains("symbol table"));
        let external = [
            1, 0b1000, EXTERNAL, 1, b'v', 8, 0, 0, b'a', b'.', b'h', 0, b'/', b'v', 0,
        ];
        let stated = [&[MESSAGE, 15, 0, 0], &external[..]].concat();
        assert!(found(&stated).contains("v -> /v of the file a.h"));
    }

    #[test]
    fn what_only_resembles_a_link_is_none() {
        assert_eq!(found(&soft(b"FHDB", "r")), "");
        assert_eq!(found(&soft(&[MESSAGE, 12, 0, 0], "../r")), "");
        for cut in 0..20 {
            let whole = soft(&[MESSAGE, 14, 0, 0], "../r");
            assert_eq!(found(&whole[..cut.min(whole.len() - 1)]), "");
        }
        assert_eq!(found(b"SNOD\x01\0\xff\xff"), "");
    }

    #[test]
    fn many_links_are_counted() {
        let all = soft(b"", "/a").repeat(9);
        let text = found(&all);
        assert!(text.contains("and 5 more"), "{text}");
    }
}
