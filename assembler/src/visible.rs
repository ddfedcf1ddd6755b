//! Names from files, as text that may be shown.
//!
//! Names are data: whoever writes a file chooses them, and a terminal obeys some of what they may
//! hold. A name is made visible where it comes in, so that it is the same in messages, tables,
//! JSON, symbols and arrays; what is printed passes through [`visible_lines`] besides.

use std::borrow::Cow;
use std::fmt::Write;

use crate::image::Image;

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

/// A name on one line, with what a terminal would obey as `\u001b`.
pub fn visible(name: &str) -> Cow<'_, str> {
    escaped(name, is_obeyed)
}

/// Lines of text, with what a terminal would obey, but tabs and ends of lines, as `\u001b`. JSON
/// stays the same JSON.
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    escaped(text, |c| is_obeyed(c) && c != '\n' && c != '\t')
}

impl Image {
    /// Makes the names of symbols and all texts of the manifest [`visible`].
    pub fn make_names_visible(&mut self) {
        for symbol in &mut self.symbols {
            show(&mut symbol.name);
        }
        let Some(manifest) = &mut self.manifest else {
            return;
        };
        show(&mut manifest.model);
        show(&mut manifest.target.name);
        show(&mut manifest.rounding);
        show(&mut manifest.reset);
        for buffer in &mut manifest.buffers {
            show(&mut buffer.name);
            show(&mut buffer.population);
        }
        for population in &mut manifest.populations {
            show(&mut population.name);
            show(&mut population.kind);
            for (what, format) in &mut population.formats {
                show(what);
                show(format);
            }
        }
    }
}

fn show(name: &mut String) {
    if let Cow::Owned(shown) = visible(name) {
        *name = shown;
    }
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
    }
}
