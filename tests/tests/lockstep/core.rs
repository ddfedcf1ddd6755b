//! The core itself. Where Verilator is missing these tests say so and pass.
//!
//! `SPIKEVEC_CONFIGS=base,small` names the configurations, `SPIKEVEC_INSTRUCTIONS` how many
//! random instructions are retired on each, `SPIKEVEC_FIRST_SEED` the seed of the first random
//! program, the others having those behind it.

use std::time::Instant;

use spikevec_hdl::core::Config;
use spikevec_tests::lockstep::{Rig, SHAPE, Setup, named};
use spikevec_tests::programs::coverage::Coverage;
use spikevec_tests::programs::directed::directed;
use spikevec_tests::programs::random::random;
use spikevec_tests::programs::{Program, dump, fits};
use spikevec_verilated::{VerilatedError, check_tools};

pub fn configs() -> Vec<Config> {
    let names = std::env::var("SPIKEVEC_CONFIGS").unwrap_or_else(|_| "base,small".to_owned());
    let named = |name: &str| named(name).unwrap_or_else(|| panic!("no configuration {name}"));
    names.split(',').map(named).collect()
}

fn number(variable: &str, default: u64) -> u64 {
    let text = std::env::var(variable);
    text.map_or(default, |text| text.parse().unwrap())
}

/// A core beside the simulator, both at reset; `None` where Verilator is missing.
pub fn core(config: &Config) -> Option<Rig> {
    if let Err(error @ VerilatedError::Missing { .. }) = check_tools() {
        println!("skipped: {error}");
        return None;
    }
    let start = Instant::now();
    let rig = Rig::new(Setup::new(config).unwrap()).unwrap();
    println!("{}: model ready after {:.1?}", config.name, start.elapsed());
    Some(rig)
}

/// Runs a program and then shows what it has left; fails with the report, which names a waveform.
pub fn agree(rig: &mut Rig, program: &Program, coverage: &mut Coverage) {
    coverage.start();
    let mut watch = |step: &_, busy| coverage.step(step, busy);
    if let Err(error) = rig.run(program, &mut watch) {
        panic!("{error}");
    }
}

#[test]
fn directed_programs_agree_on_the_core() {
    for config in configs() {
        fits(&config.target).unwrap();
        let Some(mut lockstep) = core(&config) else {
            return;
        };
        let mut coverage = Coverage::new(false, true);
        let (start, ticks) = (Instant::now(), lockstep.dut().ticks());
        let all = directed(&config.target);
        for program in &all {
            agree(&mut lockstep, program, &mut coverage);
        }
        let ticks = lockstep.dut().ticks() - ticks;
        println!(
            "{}: {} directed programs, {} instructions, {ticks} clocks, {:.0} clocks a second",
            config.name,
            all.len(),
            coverage.retired(),
            ticks as f64 / start.elapsed().as_secs_f64()
        );
    }
}

#[test]
fn random_programs_agree_on_the_core_and_reach_every_point() {
    for config in configs() {
        let Some(mut lockstep) = core(&config) else {
            return;
        };
        let mut coverage = Coverage::new(SHAPE.dma, true);
        let (start, ticks) = (Instant::now(), lockstep.dut().ticks());
        let dump = dump(&config.target);
        let mut unseen = Coverage::new(false, true);
        let first = number("SPIKEVEC_FIRST_SEED", 0);
        let instructions = number("SPIKEVEC_INSTRUCTIONS", 1_000_000);
        let mut seed = first;
        while coverage.retired() < instructions
            || (seed - first < 60 && !coverage.holes().is_empty())
        {
            agree(
                &mut lockstep,
                &random(seed, SHAPE, &config.target),
                &mut coverage,
            );
            agree(&mut lockstep, &dump, &mut unseen);
            seed += 1;
        }
        let ticks = lockstep.dut().ticks() - ticks;
        println!(
            "{}: {} random programs from seed {first} on, {ticks} clocks, {:.0} clocks a second, {coverage}",
            config.name,
            seed - first,
            ticks as f64 / start.elapsed().as_secs_f64()
        );
        assert!(coverage.holes().is_empty(), "{coverage}");
    }
}

/// `SPIKEVEC_SEED=17` or `SPIKEVEC_PROGRAM='vmul 0'`, as a report says, on each of the
/// configurations.
#[test]
fn rerun() {
    let seed = std::env::var("SPIKEVEC_SEED")
        .ok()
        .map(|text| text.parse().unwrap());
    let name = std::env::var("SPIKEVEC_PROGRAM").ok();
    if seed.is_none() && name.is_none() {
        return;
    }
    for config in configs() {
        let Some(mut lockstep) = core(&config) else {
            return;
        };
        let mut programs = Vec::new();
        if let Some(seed) = seed {
            programs.push(random(seed, SHAPE, &config.target));
        }
        if let Some(name) = &name {
            let all = directed(&config.target);
            programs.extend(all.into_iter().filter(|program| program.name == *name));
            assert!(
                !programs.is_empty(),
                "no directed program is called `{name}`"
            );
        }
        for program in &programs {
            agree(&mut lockstep, program, &mut Coverage::new(false, true));
            agree(
                &mut lockstep,
                &dump(&config.target),
                &mut Coverage::new(false, true),
            );
            println!("{}: {} agrees", config.name, program.name);
        }
    }
}
