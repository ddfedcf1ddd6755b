//! Sources that make no sense: errors with places, never a panic, never a hang.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use spikevec_assembler::{Diagnostics, assemble};

/// Pieces of the language, to be thrown together.
const PIECES: &[&str] = &[
    "add",
    "vadd.s",
    "vmul",
    "lw",
    "li",
    "la",
    "beq",
    "j",
    "csrr",
    "fence",
    "jalr",
    ".word",
    ".half",
    ".byte",
    ".vec",
    ".org",
    ".align",
    ".balign",
    ".zero",
    ".fill",
    ".asciz",
    ".equ",
    ".set",
    ".symbol",
    ".size",
    ".section",
    ".text",
    ".scalar",
    ".vector",
    ".lanelocal",
    ".external",
    "a0",
    "v1",
    "x",
    "y",
    "loop",
    "mcycle",
    "1f",
    "1b",
    "1",
    "0x10",
    "-1",
    "4096",
    "0xffffffffffff",
    "q8.7(0.5)",
    "q8.7(",
    "%hi(",
    "%lo(",
    "(",
    ")",
    ",",
    ",",
    ":",
    ":",
    "=",
    "+",
    "-",
    "*",
    "/",
    "%",
    "<<",
    ">>",
    "~",
    "!",
    "&&",
    ".",
    "\"x y\"",
    "\"",
    "'",
    "'a'",
    "/*",
    "*/",
    "#",
    "//",
    ";",
    "\n",
    "\n",
    "\n",
    "é",
    "\t",
    "\r\n",
    "\\",
    "@",
    "\u{1}",
    "$",
];

/// Every place lies in the text; the message can be printed.
fn check(source: &str, errors: &Diagnostics) {
    assert!(!errors.list.is_empty());
    let lines: Vec<&str> = source.split('\n').collect();
    for error in &errors.list {
        let line = lines.get(error.span.line as usize - 1);
        let length = line.unwrap().chars().count() as u32;
        assert!(
            error.span.column >= 1 && error.span.column <= length + 1,
            "{error:?} {line:?}"
        );
        assert!(!error.message.is_empty());
    }
    let text = errors.to_string();
    assert!(text.contains("x.s:"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn pieces_in_any_order(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..60)) {
        let source = pieces.join(" ");
        if let Err(errors) = assemble(&source, "x.s") {
            check(&source, &errors);
        }
    }

    #[test]
    fn any_text(source in "\\PC{0,40}|[ -~\n\t]{0,80}|[\\x00-\\x7f]{0,40}") {
        if let Err(errors) = assemble(&source, "x.s") {
            check(&source, &errors);
        }
    }
}

fn fails(source: &str) -> String {
    let errors = assemble(source, "x.s").unwrap_err();
    check(source, &errors);
    errors.to_string()
}

#[test]
fn sizes_beyond_all_reason_are_refused() {
    assert!(fails(".zero 4000000000").contains("out of range"));
    assert!(fails(".scalar\n.fill 0x7fffffff, 4").contains("out of range"));
    assert!(fails(".scalar\n.org 0x1dfffffe\n.word 1").contains("scalar memory ends"));
    assert!(fails(".org 0xffffc\nnop\nnop").contains("instruction memory"));
    assert!(fails(".fill 200000, 4, 0x13\n.fill 200000, 4, 0x13").contains("1600000 bytes"));
    assert!(fails(&"x: ".repeat(3)).contains("defined twice"));
}

#[test]
fn names_that_double_at_each_step_do_not_hang() {
    let mut source = String::from(".equ a0_, end\n");
    for k in 1..15 {
        source += &format!(
            ".equ a{k}_, {}\n",
            vec![format!("a{}_", k - 1); 50].join("+")
        );
    }
    source += ".word a14_\nend:\n";
    assert!(fails(&source).contains("does not fit: 64 bits"));
}

/// One line, wrong in very many places.
#[test]
fn of_a_long_line_only_what_is_around_an_error_is_shown() {
    let line = format!(".scalar; .word {}", "1, ".repeat(300));
    let text = assemble(&format!("{line}nix, 2{}", ", 3".repeat(300)), "long.s");
    let text = text.unwrap_err().to_string();
    let expected = format!(
        "long.s:1:{}: error: nix is not defined\n 1 | ...{}nix, 2{}...\n   |    {}^^^\n1 error",
        line.len() + 1,
        &line[line.len() - 40..],
        &", 3".repeat(300)[..74],
        " ".repeat(40),
    );
    assert_eq!(text, expected);
    let start = std::time::Instant::now();
    let errors = assemble(&"?! ".repeat(1 << 17), "long.s").unwrap_err();
    assert_eq!(errors.list.len(), 1 << 17);
    assert!(errors.to_string().lines().all(|line| line.len() < 140));
    assert!(start.elapsed().as_secs() < 60);
}
