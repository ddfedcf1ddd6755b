//! Assembly text: errors with their places, or a program that disassembles to itself.

use spikevec_assembler::image::Symbol;
use spikevec_assembler::{Image, assemble, disassemble, listing, read_elf, write_elf};

/// Bytes of code and contents up to which a program is written and read again.
const WRITTEN: usize = 1 << 16;

pub fn run(input: &[u8]) {
    let source = String::from_utf8_lossy(input);
    match assemble(&source, "fuzz.s") {
        Ok(image) => rewrite(&image),
        Err(errors) => {
            assert!(!errors.list.is_empty());
            let lines: Vec<&str> = source.split('\n').collect();
            for error in &errors.list {
                let line = lines.get((error.span.line as usize).wrapping_sub(1));
                let length = line.map(|line| line.chars().count());
                let column = error.span.column as usize;
                assert!(
                    length.is_some_and(|length| (1..=length + 1).contains(&column)),
                    "{error:?} lies outside of the text"
                );
            }
            crate::check_message(&errors);
        }
    }
}

/// Writes a program as text and as a file, and reads it again.
pub fn rewrite(image: &Image) {
    let contents = image.segments.iter().map(|s| s.bytes.len());
    if 4 * image.code.len() + contents.sum::<usize>() > WRITTEN {
        return;
    }
    let Ok(canonical) = image.clone().canonical() else {
        return;
    };
    let text = disassemble(&canonical);
    match assemble(&text, "again.s") {
        Ok(again) => {
            let manifest = canonical.manifest.clone();
            let mut again = ordered(&Image { manifest, ..again });
            let mut expected = ordered(&canonical);
            // Text has a name once.
            let mut names: Vec<&str> = canonical.symbols.iter().map(|s| s.name.as_str()).collect();
            names.sort_unstable();
            if names.array_windows().any(|[a, b]| a == b) {
                again.symbols.clear();
                expected.symbols.clear();
            }
            let found = again == expected;
            assert!(found, "{again:?} is not {canonical:?}, from\n{text}");
        }
        Err(errors) => panic!("{errors}\nin what was disassembled:\n{text}"),
    }
    let _ = listing(&image.code, &image.symbols);
    match write_elf(&canonical) {
        Ok(bytes) => {
            let file = read_elf(&bytes).unwrap_or_else(|error| panic!("read again: {error}"));
            assert_eq!(file.image, canonical, "read again");
        }
        Err(error) => crate::check_message(&error),
    }
}

/// Text has symbols by memory and address, a file in its own order.
fn ordered(image: &Image) -> Image {
    let mut image = image.clone();
    let key = |symbol: &Symbol| {
        (
            symbol.memory,
            symbol.value,
            symbol.name.clone(),
            symbol.size,
        )
    };
    image.symbols.sort_by_key(key);
    image
}
