//! Output that pages show, against that of a real run.
//!
//! A comment on the line before a fenced block says what the block is:
//!
//! - `<!-- run: COMMAND -->`: the block is what the command prints.
//! - `<!-- run -->`: the block has the commands, each behind `$ `, and what they print.
//! - `<!-- run all -->`: its lines are commands, but for those with `#`; each must succeed.
//! - `<!-- not run: REASON -->`: nothing is run.
//!
//! A block with a line `$ spikevec ...` and none of these is a problem. Beside blocks, `<!-- first: COMMAND -->` runs a
//! command that later ones of the page need. Commands run in a shell, in an empty folder of the page's own with a link to
//! `examples`; `cargo run --release --` stands for `spikevec`. Both output streams count.
//!
//! Of commands that are not run, in blocks or in running text, the verb must exist and know the flags.
//!
//! Two things may differ: a line `...` stands for any number of lines, and figures of [`VOLATILE`] are not compared.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use super::markdown::{self, Block};
use super::tree::{Problem, Tree};
use crate::process;

/// Words behind the only figures that differ from run to run. Their unit (k, M, G) may differ too.
const VOLATILE: &[&str] = &["a second on this host"];

/// All commands of a page together.
const LIMIT: Duration = Duration::from_secs(600);

/// A command of a page.
#[derive(Debug, PartialEq)]
struct Printed {
    /// Where what it prints begins.
    line: usize,
    command: String,
    /// None if only success counts.
    output: Option<String>,
}

/// Runs the commands of all pages. `programs` is the folder of the binary.
pub fn check(tree: &Tree, root: &Path, programs: &Path) -> Result<(usize, Vec<Problem>)> {
    let mut problems = Vec::new();
    let mut count = 0;
    for (path, page) in tree.with("md") {
        let printed = commands(path, page, &mut problems);
        if printed.is_empty() {
            continue;
        }
        count += printed.len();
        let folder = scratch(root, path)?;
        for Printed {
            line,
            command,
            output,
        } in printed
        {
            println!("{path}: {command}");
            let (success, lines) = run(&command, &folder, programs)?;
            match output {
                None if success => {}
                None => problems.push(Problem::new(
                    path,
                    line,
                    format!("{command} fails: {}", lines.join("\n")),
                )),
                Some(output) => {
                    if let Some((at, what)) = difference(&output, &lines) {
                        problems.push(Problem::new(path, line + at, format!("{command}: {what}")));
                    }
                }
            }
        }
    }
    Ok((count, problems))
}

/// Verbs and flags that pages name and the binary in the folder `programs` does not know.
pub fn flags(tree: &Tree, root: &Path, programs: &Path) -> Result<Vec<Problem>> {
    unknown(tree, |verb| {
        let (success, lines) = run(&format!("spikevec {verb} --help"), root, programs)?;
        Ok(success.then(|| lines.join("\n")))
    })
}

/// Verbs and flags that pages name and the command line does not know. `help` gives what a verb says of itself.
fn unknown(
    tree: &Tree,
    mut help: impl FnMut(&str) -> Result<Option<String>>,
) -> Result<Vec<Problem>> {
    let mut known: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut problems = Vec::new();
    for (path, page) in tree.with("md") {
        for line in markdown::lines(page) {
            let whole = (line.kind == markdown::Kind::Code).then_some(line.text);
            let commands = whole.into_iter().chain(markdown::code(line.text));
            let commands = commands.filter_map(|text| {
                text.trim_start_matches("$ ")
                    .trim_start()
                    .strip_prefix("spikevec ")
            });
            for command in commands {
                let mut words = command.split_whitespace();
                let verb = words.next().unwrap_or_default();
                if !verb.chars().all(|c| c.is_ascii_lowercase()) || verb == "help" {
                    continue;
                }
                if !known.contains_key(verb) {
                    known.insert(verb.to_owned(), help(verb)?);
                }
                let Some(help) = known.get(verb).and_then(Option::as_deref) else {
                    problems.push(Problem::new(
                        path,
                        line.number,
                        format!("spikevec has no verb {verb}"),
                    ));
                    continue;
                };
                let words = words.map(|word| word.trim_matches(|c: char| "`,;.)]".contains(c)));
                for flag in words.filter(|word| word.starts_with("--")) {
                    let flag = flag.split('=').next().unwrap_or(flag);
                    if !help.split([' ', ',', '\n']).any(|word| word == flag) {
                        let what = format!("spikevec {verb} has no flag {flag}");
                        problems.push(Problem::new(path, line.number, what));
                    }
                }
            }
        }
    }
    Ok(problems)
}

/// The commands of a page, in the order in which they stand there.
fn commands(path: &str, page: &str, problems: &mut Vec<Problem>) -> Vec<Printed> {
    let mut all = Vec::new();
    for line in markdown::lines(page) {
        let first = markdown::comment(line.text).and_then(|text| text.strip_prefix("first:"));
        if let Some(command) = first.filter(|_| line.kind == markdown::Kind::Html) {
            let command = command.trim().to_owned();
            all.push(Printed {
                line: line.number,
                command,
                output: None,
            });
        }
    }
    for block in markdown::blocks(page) {
        let comment = block.comment.as_deref().unwrap_or_default();
        if let Some(command) = comment.strip_prefix("run:") {
            let command = command.trim().to_owned();
            all.push(Printed {
                line: block.line + 1,
                command,
                output: Some(block.body),
            });
        } else if comment == "run" {
            all.extend(session(&block));
        } else if comment == "run all" {
            let lines = block.body.lines().enumerate();
            let lines = lines.filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
            all.extend(lines.map(|(index, command)| Printed {
                line: block.line + index + 1,
                command: command.to_owned(),
                output: None,
            }));
        } else if !comment.starts_with("not run:")
            && block
                .body
                .lines()
                .any(|line| line.starts_with("$ spikevec"))
        {
            let what = "shows what a command prints: put <!-- run --> or <!-- not run: REASON --> above it";
            problems.push(Problem::new(path, block.line, what));
        }
    }
    all.sort_by_key(|printed| printed.line);
    all
}

/// The commands of a block that has them behind `$ `.
fn session(block: &Block) -> Vec<Printed> {
    let mut all: Vec<Printed> = Vec::new();
    for (index, line) in block.body.lines().enumerate() {
        if let Some(command) = line.strip_prefix("$ ") {
            let (line, command) = (block.line + index + 2, command.to_owned());
            all.push(Printed {
                line,
                command,
                output: Some(String::new()),
            });
        } else if let Some(Printed {
            output: Some(output),
            ..
        }) = all.last_mut()
        {
            output.push_str(line);
            output.push('\n');
        }
    }
    all
}

/// An empty folder for the page, with a link to the examples.
fn scratch(root: &Path, path: &str) -> Result<PathBuf> {
    let folder = crate::target().join("tidy").join(path.replace('/', "-"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    #[cfg(unix)]
    std::os::unix::fs::symlink(root.join("examples"), folder.join("examples"))?;
    Ok(folder)
}

/// Whether the command succeeded, and what it printed.
fn run(command: &str, folder: &Path, programs: &Path) -> Result<(bool, Vec<String>)> {
    let command = command.replace("cargo run --release -- ", "spikevec ");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(programs.to_owned()).chain(std::env::split_paths(&path));
    let mut shell = Command::new("sh");
    shell.current_dir(folder).args(["-c", &command]);
    shell.env("PATH", std::env::join_paths(folders).context("PATH")?);
    let mut lines = Vec::new();
    let result = process::run_lines(&mut shell, LIMIT, |line| lines.push(line.to_owned()));
    Ok((result.is_ok(), lines))
}

/// Line of the block, from 0, and a message, where what is shown is not what was printed.
fn difference(shown: &str, printed: &[String]) -> Option<(usize, String)> {
    let mut printed = printed.iter().map(|line| mask(line)).peekable();
    // Empty lines at either end show nothing.
    while printed.next_if(|line| line.is_empty()).is_some() {}
    let shown: Vec<String> = shown.trim_end().lines().map(mask).collect();
    let mut any = false;
    for (at, line) in shown.iter().enumerate() {
        if line == "..." {
            any = true;
            continue;
        }
        if any {
            while printed.next_if(|other| other != line).is_some() {}
            any = false;
        }
        match printed.next() {
            Some(other) if other == *line => {}
            Some(other) => return Some((at, format!("prints `{other}` here"))),
            None => return Some((at, "prints no such line".to_owned())),
        }
    }
    let more = printed.find(|line| !line.is_empty() && !any)?;
    Some((
        shown.len().saturating_sub(1),
        format!("prints more: `{more}`"),
    ))
}

/// The line with volatile figures as `#` and without spaces at its end.
fn mask(line: &str) -> String {
    let mut line = line.trim_end().to_owned();
    for words in VOLATILE {
        if let Some((before, rest)) = line.split_once(words) {
            let figure = before
                .trim_end()
                .trim_end_matches(['k', 'M', 'G'])
                .trim_end();
            let figure = figure.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
            line = format!("{figure}# {words}{rest}");
        }
    }
    line
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const NONE: [usize; 0] = [];

    fn problems(page: &str) -> Vec<usize> {
        // Tests run at the same time, and each needs a folder of its own.
        let name = format!(
            "{}.md",
            std::thread::current().name().unwrap().replace("::", "-")
        );
        let tree = Tree::of(&[(name.as_str(), page)]);
        let (_, problems) = check(&tree, &crate::workspace(), Path::new("/")).unwrap();
        problems.iter().map(|problem| problem.line).collect()
    }

    #[test]
    fn what_a_command_prints_is_compared() {
        let page = |shown: &str| {
            format!("# A\n<!-- run: printf 'a\\nb\\nc\\n' -->\n```text\n{shown}```\n")
        };
        assert_eq!(problems(&page("a\nb\nc\n")), NONE);
        assert_eq!(problems(&page("a\n...\nc\n")), NONE);
        assert_eq!(problems(&page("a\nB\nc\n")), [5]);
        assert_eq!(problems(&page("a\nb\n")), [5]);
        assert_eq!(problems(&page("a\nb\nc\nd\n")), [7]);
        assert_eq!(problems(&page("...\nd\n")), [5]);
    }

    #[test]
    fn sessions_run_in_order_after_what_comes_first() {
        let session = "<!-- first: echo one > file -->\n\n<!-- run -->\n```text\n$ cat file\none\n\n$ echo two\n";
        assert_eq!(problems(&format!("{session}two\n```\n")), NONE);
        assert_eq!(problems(&format!("{session}three\n```\n")), [9]);
        assert_eq!(problems("<!-- first: false -->\n"), [1]);
        assert_eq!(
            problems("<!-- run all -->\n```sh\n# both\ntrue\nfalse\n```\n"),
            [5]
        );
    }

    #[test]
    fn a_session_without_a_comment_is_found() {
        assert_eq!(problems("```text\n$ spikevec run\n```\n"), [1]);
        assert_eq!(
            problems("<!-- not run: needs a board -->\n```text\n$ spikevec run\n```\n"),
            NONE
        );
    }

    #[test]
    fn speed_alone_is_masked() {
        for speed in ["129.7 M", "906.5 k", "12"] {
            let line = format!("x 1.5 a step; {speed} a second on this host ");
            assert_eq!(mask(&line), "x 1.5 a step; # a second on this host");
        }
        assert_eq!(mask("1.5 s"), "1.5 s");
    }

    #[test]
    fn verbs_and_flags_that_do_not_exist_are_found() {
        let page = "`spikevec run --input X`, `spikevec VERB`\n```sh\nspikevec run x --limit=3 --old\nspikevec walk\n```\n\
                    `spikevec run --inp`\n";
        let help = |verb: &str| {
            Ok((verb == "run").then(|| "  -i, --input <X>\n      --limit <N>\n".to_owned()))
        };
        let problems = unknown(&Tree::of(&[("a.md", page)]), help).unwrap();
        let lines: Vec<usize> = problems.iter().map(|problem| problem.line).collect();
        assert_eq!(lines, [3, 4, 6]);
    }
}
