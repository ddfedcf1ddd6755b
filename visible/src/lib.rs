//! Names from files, as text that may be shown.
//!
//! Names are data: whoever writes a file chooses them, and a terminal obeys some of what they may
//! hold. A name is made visible where it comes in, so that it is the same in messages, tables,
//! JSON, symbols and arrays, or, where it must stay as it is, where a message is written
//! ([`write_visible`]); what is printed passes through [`visible_lines`] besides.

use std::borrow::Cow;
use std::fmt::{self, Write};

/// True for what is not shown but obeyed: control characters, ends of lines among them, and marks
/// that join, hide or reorder what stands beside them.
fn is_obeyed(c: char) -> bool {
    let mark = matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
    );
    c.is_control() || mark
}

/// `text` with what `hidden` says as `\u001b`, which is JSON's form as well.
fn escaped(text: &str, hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if hidden(c) {
            // Writing to a String cannot fail.
            let _ = write!(out, "\\u{:04x}", c as u32);
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// The character, or U+FFFD for one that a terminal would obey; a tab stays.
pub fn stand_in(c: char) -> char {
    if is_obeyed(c) && c != '\t' {
        '\u{fffd}'
    } else {
        c
    }
}

/// A name on one line, with what a terminal would obey as `\u001b`.
pub fn visible(name: &str) -> Cow<'_, str> {
    escaped(name, is_obeyed)
}

/// Lines of text, with what a terminal would obey, but tabs and ends of lines, as `\u001b`. JSON
/// stays the same JSON.
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    escaped(text, |c| is_obeyed(c) && c != '\n' && c != '\t')
}

/// Passes on what it is given, [`visible`].
struct Visible<'a, 'b>(&'a mut fmt::Formatter<'b>);

impl Write for Visible<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write_str(&visible(text))
    }
}

/// Writes to `f` what `message` writes, with what a terminal would obey as `\u001b`: all of the
/// `Display` of an error or a warning that holds names as they are in a file.
///
/// # Errors
/// Those of `f`.
pub fn write_visible(
    f: &mut fmt::Formatter<'_>,
    message: impl FnOnce(&mut dyn Write) -> fmt::Result,
) -> fmt::Result {
    message(&mut Visible(f))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_shown() {
        assert_eq!(visible("hidden.0 (größer) λ"), "hidden.0 (größer) λ");
        assert_eq!(
            visible("\u{1b}[31mred\u{1b}]0;pwn\u{7}\n\rerror: \u{9b}2J\u{7f}\u{202e}x"),
            "\\u001b[31mred\\u001b]0;pwn\\u0007\\u000a\\u000derror: \\u009b2J\\u007f\\u202ex"
        );
        assert_eq!(
            visible_lines("a\tb\n\u{1b}c\r\n"),
            "a\tb\n\\u001bc\\u000d\n"
        );
        assert!(matches!(visible_lines("a\tb\n"), Cow::Borrowed(_)));
        assert_eq!(['a', '\t', '\u{7}'].map(stand_in), ['a', '\t', '\u{fffd}']);
    }

    #[test]
    fn a_message_is_shown_with_all_that_it_holds() {
        struct Message;
        impl fmt::Display for Message {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let names = ["a", "b\u{1b}"];
                write_visible(f, |out| write!(out, "no \u{7} in {names:?}: {}", names[1]))
            }
        }
        let shown = Message.to_string();
        assert_eq!(shown, "no \\u0007 in [\"a\", \"b\\u{1b}\"]: b\\u001b");
    }
}
