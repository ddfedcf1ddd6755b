//! `cargo xtask tidy`: pages, comments and the shape of the repository.
//!
//! Each check is a function from a [`Tree`] to a list of [`Problem`]s, or another program ([`programs`]), and each has
//! a test in which it fails.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::output::number;
use crate::process;
use crate::steps::{Outcome, Run};

mod advisories;
mod arrows;
mod book;
mod conflicts;
mod dependencies;
mod limits;
mod links;
mod markdown;
mod paths;
mod printed;
pub mod programs;
mod sizes;
mod tree;

use tree::{Problem, Tree};

const LIMIT: Duration = Duration::from_secs(60 * 60);

/// Arguments of `cargo xtask tidy`.
#[derive(clap::Args)]
pub struct Options {
    /// Only these checks (all are run without a name): pages, printed, advisories, typos, deny, machete, book
    steps: Vec<String>,
    /// Install nothing; checks whose programs are missing are skipped
    #[arg(long)]
    no_install: bool,
    /// As --no-install, and cargo does not use the network either
    #[arg(long)]
    offline: bool,
}

/// Runs all checks, also after one has failed.
pub fn run(options: &Options) -> Result<ExitCode> {
    for wanted in &options.steps {
        if !names().any(|name| name == wanted) {
            let names: Vec<_> = names().collect();
            bail!(
                "no check is called {wanted}; there are {}",
                names.join(", ")
            );
        }
    }
    let mut run = Run::new(LIMIT, options.offline);
    let wanted =
        |name: &str| options.steps.is_empty() || options.steps.iter().any(|step| step == name);
    if !options.no_install && !options.offline {
        run.step("tools", |_| {
            let missing = programs::install(wanted);
            Ok(match missing.is_empty() {
                true => Outcome::Passed(String::new()),
                false => Outcome::Skipped(missing.join("\n    ")),
            })
        });
    }
    steps(&mut run, wanted);
    Ok(run.summarise("", &[]))
}

fn names() -> impl Iterator<Item = &'static str> {
    let programs = programs::PROGRAMS.iter().map(|program| program.step);
    ["pages", "printed", "advisories"]
        .into_iter()
        .chain(programs)
}

/// Adds the checks that are wanted to a run.
pub fn steps(run: &mut Run, wanted: impl Fn(&str) -> bool) {
    for name in names().filter(|name| wanted(name)) {
        run.step(name, |run| match name {
            "pages" => {
                let tree = Tree::read(&crate::workspace())?;
                judge(pages(&tree)?, &number(tree.with("md").count(), "page"))
            }
            "printed" => printed(run),
            "advisories" => advisories(run),
            _ => program(run, name),
        });
    }
}

/// Builds the command line, and compares what it prints with the pages.
fn printed(run: &Run) -> Result<Outcome> {
    // Of the whole workspace, so that features are those of the tests and nothing is compiled twice.
    let build = ["build", "--quiet", "--workspace", "--bin", "spikevec"];
    process::run(&mut run.cargo(&build), run.left())?;
    let root = crate::workspace();
    let programs = crate::target().join("debug");
    let tree = Tree::read(&root)?;
    let (count, mut problems) = printed::check(&tree, &root, &programs)?;
    problems.extend(printed::flags(&tree, &root, &programs)?);
    judge(problems, &number(count, "command"))
}

/// Looks for advisories about dependencies, with the program that checks their licences.
fn advisories(run: &Run) -> Result<Outcome> {
    let deny = programs::PROGRAMS.iter().find(|p| p.step == "deny");
    let Some(path) = deny.and_then(programs::Program::find) else {
        return Ok(Outcome::Skipped("its program is missing".to_owned()));
    };
    let folder = advisories::folder();
    let folder = folder.as_deref();
    advisories::check(&path, &crate::workspace(), folder, run.offline())
}

/// Runs the program of this name.
fn program(run: &Run, name: &str) -> Result<Outcome> {
    let program = programs::PROGRAMS
        .iter()
        .find(|program| program.step == name);
    let program = program.context("no such program")?;
    let Some(path) = program.find() else {
        return Ok(Outcome::Skipped("its program is missing".to_owned()));
    };
    program.check(&path, &crate::workspace(), run.offline())?;
    Ok(Outcome::Passed(String::new()))
}

/// All checks of files by themselves.
fn pages(tree: &Tree) -> Result<Vec<Problem>> {
    let checks = [
        conflicts::check,
        links::check,
        paths::check,
        limits::check,
        sizes::widths,
        sizes::lengths,
        sizes::functions,
        book::check,
        dependencies::check,
    ];
    let mut problems: Vec<Problem> = checks.iter().flat_map(|check| check(tree)).collect();
    let page = tree.text(arrows::PAGE).unwrap_or_default();
    problems.extend(arrows::check(page, &arrows::workspace()?));
    Ok(problems)
}

/// Passed where there is no problem; prints them otherwise.
fn judge(problems: Vec<Problem>, what: &str) -> Result<Outcome> {
    for problem in &problems {
        println!("{problem}");
    }
    if !problems.is_empty() {
        bail!("{}", number(problems.len(), "problem"));
    }
    Ok(Outcome::Passed(what.to_owned()))
}
