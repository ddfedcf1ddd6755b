//! Text that assembles to the image that it came from.
#![allow(clippy::unwrap_used)]

mod common;

use proptest::prelude::*;
use spikevec_assembler::image::Symbol;
use spikevec_assembler::{Image, assemble, disassemble, listing};

/// What text can carry, in an order that does not depend on the text.
fn comparable(image: Image) -> Image {
    let mut image = image.canonical().unwrap();
    image.manifest = None;
    image.symbols.sort_by(|a, b| a.name.cmp(&b.name));
    image
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn assembling_undoes_disassembling(image in common::any_image()) {
        let text = disassemble(&image);
        match assemble(&text, "disassembly.s") {
            Ok(again) => prop_assert_eq!(comparable(again), comparable(image), "{}", text),
            Err(errors) => prop_assert!(false, "{errors}\n{text}"),
        }
    }

    #[test]
    fn any_name_survives(name in "\\PC{1,8}|[\\x02-\\x7f]{1,6}", value in any::<u32>()) {
        let image = Image {
            code: vec![0x73],
            symbols: vec![Symbol { name, memory: None, value, size: 0 }],
            ..Image::default()
        };
        let text = disassemble(&image);
        match assemble(&text, "names.s") {
            Ok(again) => prop_assert_eq!(again, image),
            Err(errors) => prop_assert!(false, "{errors}"),
        }
    }

    #[test]
    fn a_listing_has_a_line_for_each_word(code in common::any_code()) {
        prop_assert_eq!(listing(&code, &[]).lines().count(), code.len());
    }
}

#[test]
fn what_no_source_can_hold_is_a_comment() {
    let symbol = |name: &str| Symbol {
        name: name.to_owned(),
        memory: None,
        value: 7,
        size: 0,
    };
    let image = Image {
        symbols: vec![
            symbol("twice"),
            symbol("twice"),
            symbol(""),
            symbol("\u{1}"),
        ],
        ..Image::default()
    };
    let text = disassemble(&image);
    assert_eq!(assemble(&text, "x.s").unwrap().symbols, [symbol("twice")]);
    assert_eq!(text.matches("# no symbol").count(), 3);
}
