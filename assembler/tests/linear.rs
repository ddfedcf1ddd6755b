//! Long texts, right and wrong: time grows with their length, and messages stay short.
#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};

use spikevec_assembler::assemble;

/// Lines of a text. One whose time grows with the square of it takes minutes.
const LINES: usize = 20_000;

/// What a text may take on a loaded machine, without optimisation.
const LIMIT: Duration = Duration::from_secs(10);

/// `line(k)` for each of `LINES` lines.
fn lines(line: impl Fn(usize) -> String) -> String {
    (0..LINES).map(|k| line(k) + "\n").collect()
}

/// Assembles `text`; errors, where there are any, take a screen.
fn timed(name: &str, text: &str) -> Result<usize, usize> {
    let start = Instant::now();
    let outcome = assemble(text, "long.s");
    let time = start.elapsed();
    println!("{name}: {} bytes in {time:?}", text.len());
    assert!(time < LIMIT, "{name}: {time:?}");
    match outcome {
        Ok(image) => Ok(image.code.len()),
        Err(errors) => {
            let (shown, count) = (errors.to_string(), errors.list.len());
            assert!(shown.lines().count() <= 81, "{name}: {shown}");
            let last = shown.lines().last().unwrap();
            let wanted = match count {
                21.. => format!("{count} errors: {} more than are shown", count - 20),
                1 => "1 error".to_owned(),
                _ => format!("{count} errors"),
            };
            assert_eq!(last, wanted, "{name}");
            Err(count)
        }
    }
}

#[test]
fn right_texts() {
    let texts = [
        (
            "instructions",
            lines(|_| "add a0, a1, a2 # comment".into()),
            LINES,
        ),
        (
            "names that come later",
            lines(|k| format!(".equ z{k}, l{k}"))
                + ".scalar\n"
                + &lines(|k| format!("l{k}: .word z{k}")),
            0,
        ),
        (
            "values that take long",
            "a0_ = end + 1\n".to_owned()
                + &(1..8)
                    .map(|k| format!(".equ a{k}_, a{0}_ + a{0}_\n", k - 1))
                    .collect::<String>()
                + &lines(|k| format!(".equ z{k}, a7_ + {k}\n.word z{k}"))
                + ".equ end, 3\n",
            LINES,
        ),
        (
            "numeric labels",
            lines(|_| "1: j 1b; bnez a0, 1f".into()) + "1: nop",
            2 * LINES + 1,
        ),
        (
            "values that move",
            lines(|_| ".set x, 5; .word x".into()),
            LINES,
        ),
        (
            "sizes",
            ".scalar\n".to_owned() + &lines(|k| format!("size{k}: .word 1; .size size{k}, 4")),
            0,
        ),
        (
            "gaps",
            ".scalar\n".to_owned() + &lines(|k| format!(".org {}; .byte 1", 8 * k)),
            0,
        ),
        ("comments", lines(|_| "/* a\nb */ nop // c".into()), LINES),
        ("one line", "nop;".repeat(LINES), LINES),
    ];
    for (name, text, words) in texts {
        assert_eq!(timed(name, &text), Ok(words), "{name}");
    }
}

#[test]
fn wrong_texts() {
    let texts = [
        (
            "labels that are not there",
            lines(|k| format!("l{k}: nop")) + &lines(|k| format!(" j m{k}")),
        ),
        (
            "branches to them",
            lines(|k| format!("l{k}: beqz a0, m{k}")),
        ),
        (
            "words of them",
            lines(|k| format!(".scalar; l{k}: .word m{k}")),
        ),
        ("instructions", lines(|k| format!("vad{k} v1, v2"))),
        ("directives", lines(|k| format!(".wor{k} 1"))),
        ("registers", lines(|k| format!("add a0, b{k}, a1"))),
        ("CSRs", lines(|k| format!("csrr a0, mfoo{k}"))),
        (
            "names twice",
            lines(|_| "twice: nop".into()) + "twice: nop\n",
        ),
        ("strings", lines(|_| ".ascii \"abc".into())),
        (
            "numbers of one line",
            ".word ".to_owned() + &"09, ".repeat(LINES),
        ),
        (
            "brackets of one line",
            ".word ".to_owned() + &"q8.7(,".repeat(LINES),
        ),
        (
            "letters of one line",
            ".word ".to_owned() + &"'ab',".repeat(LINES),
        ),
        ("characters of one line", "?!".repeat(LINES)),
        (
            "data on data",
            ".scalar\n".to_owned() + &lines(|_| ".org 0; .word 1".into()) + ".org 0; .byte 1",
        ),
    ];
    for (name, text) in texts {
        assert!(timed(name, &text).unwrap_err() >= LINES, "{name}");
    }
    let chain = lines(|k| format!(".equ c{k}, c{}", k + 1)) + &lines(|k| format!(".word c{k}"));
    assert!(timed("a chain of names", &chain).is_err());
    for (name, text) in [
        ("zeros", "\0".repeat(1 << 20)),
        (
            "zeros after a line",
            format!("nop\n{}", "\0".repeat(1 << 20)),
        ),
        ("an open comment", "/* ".repeat(LINES)),
        (
            "an open string",
            format!(".ascii \"{}", "a".repeat(1 << 20)),
        ),
    ] {
        assert_eq!(timed(name, &text), Err(1), "{name}");
    }
}

/// Branches that each reach until the next one grows: a pass finds one of them.
#[test]
fn branches_that_grow_one_after_the_other() {
    let chain = |count: usize| -> String {
        // Each ends behind the next one's branch, 1023 words on; the last one word too far away.
        let link = |k: usize| {
            let end = k.checked_sub(1).map(|k| format!("end{k}: "));
            let nops = "nop;".repeat(1021);
            format!("beqz a0, end{k}\n{}{nops}\n", end.unwrap_or_default())
        };
        let links: String = (0..count).map(link).collect();
        format!("{links}nop; nop\nend{}: nop", count - 1)
    };
    for count in [3, 60, 200] {
        let text = chain(count);
        let plain = text.matches("nop").count() + count;
        let words = timed(&format!("{count} branches"), &text).unwrap();
        // All have grown.
        assert_eq!(words, plain + count);
    }
}

#[test]
fn all_contents_of_a_file_have_a_limit() {
    let line = ".zero 0x2000000\n";
    let text = format!(".vector\n{line}{line}");
    let image = assemble(&text, "zeros.s").unwrap();
    assert_eq!(image.segments[0].bytes.len(), 64 << 20);
    let errors = assemble(&format!("{text}{line}"), "zeros.s").unwrap_err();
    let shown = errors.to_string();
    for part in ["zeros.s:4:", "67108864 bytes", ".org"] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
}
