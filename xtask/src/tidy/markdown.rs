//! As much of Markdown as the checks need: which lines are prose, fenced blocks, links, anchors.

use std::collections::BTreeMap;

/// What a line is part of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Blank,
    Prose,
    Heading,
    Table,
    /// Inside a fence, the fences included, or indented by four spaces after a blank line.
    Code,
    /// A comment or another element of HTML that begins the line.
    Html,
}

/// A line of a page.
pub struct Line<'a> {
    /// From 1.
    pub number: usize,
    pub text: &'a str,
    pub kind: Kind,
}

/// The lines of a page, each with its kind.
pub fn lines(page: &str) -> Vec<Line<'_>> {
    let mut lines: Vec<Line> = Vec::new();
    let mut fence: Option<&str> = None;
    for (index, text) in page.lines().enumerate() {
        let bare = text.trim_start();
        let before = lines.last().map_or(Kind::Blank, |line| line.kind);
        let kind = match (fence, fence_of(bare)) {
            (Some(open), _) => {
                if bare.starts_with(open) {
                    fence = None;
                }
                Kind::Code
            }
            (None, Some(open)) => {
                fence = Some(open);
                Kind::Code
            }
            _ if bare.is_empty() => Kind::Blank,
            _ if text.starts_with("    ") && matches!(before, Kind::Blank | Kind::Code) => {
                Kind::Code
            }
            _ if bare.starts_with('#') => Kind::Heading,
            _ if bare.starts_with('|') => Kind::Table,
            _ if bare.starts_with('<') => Kind::Html,
            _ => Kind::Prose,
        };
        lines.push(Line {
            number: index + 1,
            text,
            kind,
        });
    }
    lines
}

/// The backquotes that open a fenced block.
fn fence_of(line: &str) -> Option<&str> {
    let length = line.len() - line.trim_start_matches('`').len();
    // Behind it no backquote may follow: that would be code inside a line.
    (length >= 3 && !line[length..].contains('`')).then(|| &line[..length])
}

/// A fenced block.
pub struct Block {
    /// The line of its opening fence.
    pub line: usize,
    pub body: String,
    /// The text of the HTML comment on the line before it.
    pub comment: Option<String>,
}

/// The fenced blocks of a page.
pub fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<(Block, &str)> = None;
    let mut before = "";
    for line in lines(page) {
        let bare = line.text.trim_start();
        match &mut open {
            Some((_, fence)) if bare.starts_with(*fence) => {
                blocks.extend(open.take().map(|(block, _)| block));
            }
            Some((block, _)) => {
                block.body.push_str(line.text);
                block.body.push('\n');
            }
            None => {
                if let Some(fence) = fence_of(bare).filter(|_| line.kind == Kind::Code) {
                    let block = Block {
                        line: line.number,
                        body: String::new(),
                        comment: comment(before).map(str::to_owned),
                    };
                    open = Some((block, fence));
                }
            }
        }
        before = line.text;
    }
    blocks
}

/// The text of an HTML comment that is a line of its own.
pub fn comment(line: &str) -> Option<&str> {
    let inner = line.trim().strip_prefix("<!--")?.strip_suffix("-->")?;
    Some(inner.trim())
}

/// Line and target of each link and picture outside of code.
pub fn links(page: &str) -> Vec<(usize, String)> {
    let mut links = Vec::new();
    for line in lines(page).iter().filter(|line| line.kind != Kind::Code) {
        let text = without_code(line.text);
        let text = text.as_str();
        let inline = text
            .match_indices("](")
            .map(|(at, open)| (at + open.len(), ')'));
        let attributes = ["src=\"", "href=\"", "srcset=\""];
        let html = attributes.iter().flat_map(|name| {
            text.match_indices(name)
                .map(|(at, open)| (at + open.len(), '"'))
        });
        for (start, end) in inline.chain(html) {
            let target = text[start..].split(end).next().unwrap_or_default();
            let target = target.split(" \"").next().unwrap_or_default();
            links.push((line.number, target.to_owned()));
        }
        if let Some((name, target)) = text.split_once("]: ")
            && name.starts_with('[')
        {
            links.push((line.number, target.trim().to_owned()));
        }
    }
    links
}

/// The line with what stands between backquotes taken out.
pub fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect::<Vec<_>>().join("``")
}

/// What stands between backquotes.
pub fn code(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// The anchors of a page's headings, as forges and mdBook make them.
pub fn anchors(page: &str) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut anchors = Vec::new();
    for line in lines(page).iter().filter(|line| line.kind == Kind::Heading) {
        let anchor = slug(line.text.trim_start_matches('#').trim());
        let count = seen.entry(anchor.clone()).or_default();
        anchors.push(match *count {
            0 => anchor,
            n => format!("{anchor}-{n}"),
        });
        *count += 1;
    }
    anchors
}

fn slug(heading: &str) -> String {
    let mut slug = String::new();
    // Of a link, the text remains.
    let text = heading
        .split("](")
        .enumerate()
        .map(|(index, part)| match index {
            0 => part,
            _ => part.split_once(')').map_or(part, |(_, rest)| rest),
        });
    for c in text.collect::<String>().chars() {
        match c {
            ' ' | '-' => slug.push('-'),
            c if c.is_alphanumeric() || c == '_' => slug.extend(c.to_lowercase()),
            _ => {}
        }
    }
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# One `two`, three\n\n``` `prose` ``` with [a link](x.md#y)\n- item\n\n| a | [b](c.md) |\n\n\
        <!-- run: ls -->\n```text\nfile [no](link.md)\n# no heading\n```\n    more\n\n    code\n## Again\n## Again\n";

    #[test]
    fn lines_have_kinds() {
        use Kind::{Blank, Code, Heading, Html, Prose, Table};
        let kinds: Vec<Kind> = lines(PAGE).iter().map(|line| line.kind).collect();
        let prose = [Heading, Blank, Prose, Prose, Blank, Table, Blank, Html];
        let code = [Code, Code, Code, Code, Code, Blank, Code, Heading, Heading];
        assert_eq!(kinds, [&prose[..], &code[..]].concat());
    }

    #[test]
    fn blocks_know_their_comment() {
        let blocks = blocks(PAGE);
        assert_eq!(blocks.len(), 1);
        assert_eq!(blocks[0].line, 9);
        assert_eq!(blocks[0].body, "file [no](link.md)\n# no heading\n");
        assert_eq!(blocks[0].comment.as_deref(), Some("run: ls"));
    }

    #[test]
    fn links_and_anchors_are_found_outside_of_code() {
        let page = format!("{PAGE}`[no](code.md)` <img src=\"p.svg\">\n[name]: other.md\n");
        let targets: Vec<String> = links(&page).into_iter().map(|link| link.1).collect();
        assert_eq!(targets, ["x.md#y", "c.md", "p.svg", "other.md"]);
        assert_eq!(anchors(PAGE), ["one-two-three", "again", "again-1"]);
    }
}
