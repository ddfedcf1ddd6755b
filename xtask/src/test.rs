//! `cargo xtask test`: every check of the project, in one command.

use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::output::View;
use crate::steps::{Outcome, Run};
use crate::{docs, process, tidy, tools};

/// All steps together, with some minutes left of the hour and a half that they may take.
const LIMIT: Duration = Duration::from_secs(85 * 60);

/// Arguments of `cargo xtask test`.
#[derive(clap::Args)]
pub struct Options {
    /// Install nothing; tests whose tools are missing are skipped
    #[arg(long)]
    no_install: bool,
    /// As --no-install, and cargo does not use the network either
    #[arg(long)]
    offline: bool,
}

/// Runs all steps, also after one has failed.
pub fn run(options: &Options) -> Result<ExitCode> {
    let mut run = Run::new(LIMIT, options.offline);
    let mut python = None;
    run.step("tools", |_| {
        let install = !options.no_install && !options.offline;
        let mut found = tools::prepare(install);
        if install {
            found.missing.extend(tidy::programs::install(|_| true));
        }
        python = found.python;
        if found.missing.is_empty() {
            return Ok(Outcome::Passed(String::new()));
        }
        let list = found.missing.join("\n    ");
        Ok(Outcome::Skipped(format!(
            "tests that need these skip:\n    {list}"
        )))
    });
    run.cargo_step("fmt", &["fmt", "--all", "--", "--check"], &[]);
    let clippy = ["clippy", "--workspace", "--all-targets"];
    run.cargo_step(
        "clippy",
        &[&clippy[..], &["--", "-D", "warnings"]].concat(),
        &[],
    );
    run.step("docs", |_| Ok(Outcome::Passed(docs::check()?)));
    let flags = [("RUSTDOCFLAGS", "-D warnings")];
    run.cargo_step("rustdoc", &["doc", "--workspace", "--no-deps"], &flags);
    tidy::steps(&mut run, |_| true);
    let mut view = View::default();
    run.step("test", |run| {
        let arguments = ["test", "--workspace", "--no-fail-fast"];
        let mut command = run.cargo(&[&arguments[..], &["--", "--show-output"]].concat());
        if let Some(python) = &python {
            command.env("SPIKEVEC_PYTHON", python);
        }
        let path = crate::target().join("test.log");
        let file = std::fs::File::create(&path)
            .with_context(|| format!("cannot write {}", path.display()))?;
        let mut log = std::io::BufWriter::new(file);
        let result = process::run_lines(&mut command, run.left(), |line| {
            let _ = writeln!(log, "{line}");
            if view.line(line) {
                println!("{line}");
            }
        });
        println!("(all that the tests printed: {})", path.display());
        result.map(|()| Outcome::Passed(String::new()))
    });
    let unchecked = [(view.skips(), "test"), (view.ignored, "ignored test")];
    Ok(run.summarise(&view, &unchecked))
}
