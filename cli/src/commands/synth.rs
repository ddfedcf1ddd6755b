//! `spikevec synth`: a core for a board, as a bitstream.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use spikevec::Program;
use spikevec_bitstreams::flow::{Options, Tools, synthesise};
use spikevec_bitstreams::{Board, fits};

use crate::arguments::choice;
use crate::files::{self, Plan};
use crate::terminal;

const EXAMPLES: &str = "\
Examples:
  The core with 8 lanes for a Colorlight i5, into the folder colorlight-i5:
    spikevec synth --board colorlight-i5
  A slower clock, the best of eight seeds, two at a time:
    spikevec synth --board ulx3s-85f --clock 40 --seeds 8 --jobs 2 -o build
  Whether a program fits the board, before that:
    spikevec synth --board colorlight-i5 --program digits.elf --check

The first run installs the tools from PyPI. docs/synthesis.md tells more.";

/// Build a core for a board: a bitstream and its report
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Board
    #[arg(long, value_name = "NAME", value_parser = choice(&Board::NAMES, |name| Board::named(name).ok()))]
    board: Board,
    /// Folder for the bitstream, report.md and report.json [default: the board's name]
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Clock of the core in MHz [default: the board's, in its board.toml]
    #[arg(long, value_name = "MHZ", value_parser = megahertz)]
    clock: Option<u32>,
    /// Seeds for place and route; the fastest makes the bitstream
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    seeds: u32,
    /// Seeds at the same time; each takes up to a gigabyte of memory
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100))]
    jobs: u32,
    /// A program that is to run on the board: an error if it does not fit
    #[arg(long, value_name = "FILE.elf")]
    program: Option<PathBuf>,
    /// Stop after the program has been checked
    #[arg(long, requires = "program")]
    check: bool,
    /// Folder of the tools' environment [default: SPIKEVEC_TOOLS, or spikevec/synthesis-tools in the user's cache]
    #[arg(long, value_name = "DIR")]
    tools: Option<PathBuf>,
}

fn megahertz(text: &str) -> Result<u32, String> {
    let mhz: f64 = text
        .parse()
        .map_err(|_| "a number of MHz, for instance 47.5".to_owned())?;
    match mhz.is_finite() && (1.0..=1000.0).contains(&mhz) {
        true => Ok((mhz * 1e6).round() as u32),
        false => Err("between 1 and 1000 MHz".to_owned()),
    }
}

/// Runs the verb.
pub fn run(arguments: &Arguments) -> Result<()> {
    let board = &arguments.board;
    if let Some(path) = &arguments.program {
        let program = Program::open(path)?;
        terminal::Warnings::default().warn_all(program.warnings().to_vec());
        let name = program.name();
        fits(board, program.image())
            .with_context(|| format!("{name} cannot run on {}", board.name))?;
        if arguments.check {
            return terminal::print(&format!("{name} fits {}\n", board.name));
        }
    }
    let folder = arguments.output.as_deref().unwrap_or(Path::new(board.name));
    let new = !folder.exists();
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let outcome = build(arguments, folder);
    if outcome.is_err() && new {
        // Empty, unless somebody else has put something there.
        let _ = std::fs::remove_dir(folder);
    }
    outcome
}

/// Builds into `folder`.
fn build(arguments: &Arguments, folder: &Path) -> Result<()> {
    let board = &arguments.board;
    let bitstream = folder.join(board.bitstream());
    let (markdown, json) = (folder.join("report.md"), folder.join("report.json"));
    Plan::default()
        .writes([&bitstream, &markdown, &json])
        .check()?;

    let mut progress = terminal::Steps::default();
    let tools = match &arguments.tools {
        Some(folder) => folder.clone(),
        None => Tools::default_folder()?,
    };
    let tools = Tools::prepare(&tools, &mut progress)?;
    let options = Options {
        clock_hz: arguments.clock,
        seeds: (1..=arguments.seeds).collect(),
        jobs: arguments.jobs as usize,
        ..Options::default()
    };
    let outcome = synthesise(board, &options, &tools, &mut progress);
    progress.finish();
    let outcome = outcome?;
    let report = &outcome.report;
    files::write_all(&[
        (&bitstream, &outcome.bitstream),
        (&markdown, report.to_string().as_bytes()),
        (&json, report.json().as_bytes()),
    ])?;
    let mut text = format!(
        "{}: {} at {:.2} MHz; {:.2} MHz are reached (seed {}; median {:.2} of {}, {:.2} to {:.2})\n",
        bitstream.display(),
        report.part,
        f64::from(report.clock.core_hz) / 1e6,
        report.mhz.most,
        report.seed,
        report.mhz.median,
        report.seeds.len(),
        report.mhz.least,
        report.mhz.most
    );
    for resource in &report.utilisation {
        text.push_str(&format!(
            "{:>20} {} of {}\n",
            resource.name, resource.used, resource.available
        ));
    }
    if let Some(path) = &report.critical_path {
        text.push_str(&format!("critical path: {}\n", path.summary()));
    }
    text.push_str(&format!(
        "{} has all of it. Load it with `spikevec flash --board {} --bitstream {}`, then `spikevec run ... --backend board \
         --baud {} --port PORT`\n",
        markdown.display(),
        board.name,
        bitstream.display(),
        report.clock.baud
    ));
    terminal::print(&text)
}
