//! Random single mutations of the core's Verilog, each in a build of its own: the programs must
//! notice. Takes minutes: `cargo test -p spikevec-tests --test lockstep mutations -- --ignored --nocapture`.
//! `SPIKEVEC_MUTATIONS=10` says how many, `SPIKEVEC_MUTATION_SEED` where they begin.

use spikevec_hdl::core::Config;
use spikevec_hdl::device::{BurstMemory, Device};
use spikevec_hdl::emit::Design;
use spikevec_hdl::verilated::{Model, VerilatedError, check_tools};
use spikevec_simulator::Timing;
use spikevec_tests::lockstep::{Lockstep, Options};
use spikevec_tests::programs::directed::directed;
use spikevec_tests::programs::random::random;
use spikevec_tests::programs::{Seed, dump};

use super::core::{EXTERNAL, SHAPE, device_timing, simulator_timing};

/// Replacements of one operator or constant by another of the same width.
const KINDS: [(&str, &str); 9] = [
    (" & ", " | "),
    (" | ", " & "),
    (" == ", " != "),
    (" + ", " - "),
    (" - ", " + "),
    (" ^ ", " & "),
    ("1'd0", "1'd1"),
    ("1'd1", "1'd0"),
    ("~", ""),
];

/// The text with one place changed, and what has been done to it: module, line, old and new.
fn mutate(design: &Design, seed: u64) -> (Design, String) {
    let mut random = Seed::new(seed);
    let mut places = Vec::new();
    let (mut at, mut module) = (0, "");
    for line in design.verilog.split_inclusive('\n') {
        let text = line.trim_start();
        if let Some(rest) = text.strip_prefix("module ") {
            module = rest.split([' ', '(']).next().unwrap_or("");
        }
        let statement = text.contains(" = ") || text.contains(" <= ") || text.starts_with("if ");
        if statement && !text.starts_with("//") && !text.starts_with("initial") {
            for (from, to) in KINDS {
                for (offset, _) in line.match_indices(from) {
                    places.push((module, at + offset, from, to));
                }
            }
        }
        at += line.len();
    }
    // By module first: otherwise the widest ones have all of them.
    let mut modules: Vec<&str> = places.iter().map(|place| place.0).collect();
    modules.dedup();
    let module = random.pick(&modules);
    places.retain(|place| place.0 == module);
    let (_, at, from, to) = random.pick(&places);
    let mut changed = design.clone();
    changed.verilog.replace_range(at..at + from.len(), to);
    let start = design.verilog[..at].rfind('\n').map_or(0, |end| end + 1);
    let line = design.verilog[start..].lines().next().unwrap_or("").trim();
    let column = at - start;
    (
        changed,
        format!("{module}: `{line}`: `{from}` to `{to}` at column {column}"),
    )
}

/// What noticed the mutation, if anything has.
fn notice(config: &Config, model: &Model) -> Option<String> {
    let lanes = config.lanes as usize;
    let external = BurstMemory::new(EXTERNAL as usize, device_timing(), lanes);
    let device = Device::from_model(model, lanes, &config.target, Box::new(external)).unwrap();
    let timing = Timing::new(config.lanes).unwrap();
    let options = Options {
        timing: Some(timing.with_external(simulator_timing(config)).unwrap()),
        clocks: 300_000,
    };
    let mut lockstep = Lockstep::new(device, &config.target, options).unwrap();
    let mut programs: Vec<_> = (0..6).map(|s| random(s, SHAPE, &config.target)).collect();
    programs.insert(1, dump(&config.target));
    programs.extend(directed(&config.target));
    programs.extend((6..34).map(|seed| random(seed, SHAPE, &config.target)));
    for program in &programs {
        if let Err(error) = lockstep.run(program, &mut |_, _| ()) {
            let text = error.to_string();
            return text.lines().next().map(str::to_owned);
        }
    }
    None
}

#[test]
#[ignore = "builds a core for each mutation"]
fn mutations_are_noticed() {
    if let Err(error @ VerilatedError::Missing { .. }) = check_tools() {
        println!("skipped: {error}");
        return;
    }
    let number = |name: &str, other: u64| {
        let text = std::env::var(name).ok();
        text.map_or(other, |text| text.parse().unwrap())
    };
    let (count, first) = (
        number("SPIKEVEC_MUTATIONS", 10),
        number("SPIKEVEC_MUTATION_SEED", 1),
    );
    let mut config = Config::named("tiny").unwrap();
    config.target.external_bytes = EXTERNAL;
    let design = config.design().unwrap();
    let folder = std::env::temp_dir().join(format!("spikevec-mutations-{}", std::process::id()));
    let mut unnoticed = Vec::new();
    for seed in first..first + count {
        let (changed, what) = mutate(&design, seed);
        let model = match Model::in_cache(&changed, &folder) {
            Ok(model) => model,
            Err(error) => {
                println!(
                    "{seed} {what}: does not build ({})",
                    error.to_string().lines().count()
                );
                continue;
            }
        };
        match notice(&config, &model) {
            Some(by) => println!("{seed} {what}: {by}"),
            None => {
                println!("{seed} {what}: NOT NOTICED");
                unnoticed.push(what);
            }
        }
    }
    let _ = std::fs::remove_dir_all(&folder);
    println!("{} of {count} mutations went unnoticed", unnoticed.len());
    // Some change nothing that can be seen; people decide which.
    assert!(unnoticed.len() as u64 * 4 <= count, "{unnoticed:#?}");
}
