//! Faults in the core's Verilog: each must be noticed, and a report must name its waveform.
//!
//! `cargo test -p spikevec-tests --test sabotage -- --include-ignored --nocapture` runs all of it
//! (minutes) and prints the tables of docs/log.
#![allow(clippy::unwrap_used)]

#[path = "sabotage/coverage.rs"]
mod coverage;
#[path = "sabotage/waves.rs"]
mod waves;

use std::collections::BTreeSet;

use spikevec_tests::lockstep::{Rig, Setup, named};
use spikevec_tests::sabotage::faults::FAULTS;
use spikevec_tests::sabotage::mutate::{EQUIVALENT, mutate};
use spikevec_tests::sabotage::{Catch, INPUT, PATIENCE, selected, suite};
use spikevec_verilated::{Model, VerilatedError, check_tools};

/// Instructions within which a fault must be noticed.
const MOST: u64 = 300_000;

/// Instructions that the design with all faults and none chosen must retire.
const SOUND: u64 = 50_000;

/// Random mutations.
const MUTATIONS: usize = 10;

fn have_tools() -> bool {
    match check_tools() {
        Err(error @ VerilatedError::Missing { .. }) => {
            println!("skipped: {error}");
            false
        }
        _ => true,
    }
}

fn number(name: &str, other: u64) -> u64 {
    let text = std::env::var(name).ok();
    text.map_or(other, |text| text.parse().unwrap())
}

/// A core of `config` with all faults in it, and the model that they share.
fn sabotaged(config: &str) -> Setup {
    let mut setup = Setup::new(&named(config).unwrap()).unwrap();
    setup.design = selected(&setup.design, &FAULTS).unwrap();
    setup.clocks = PATIENCE;
    setup
}

fn row(number: impl std::fmt::Display, what: &str, catch: Option<&Catch>) {
    match catch {
        Some(Catch { program, after, by }) => {
            println!("| {number} | {what} | {by} | {program} | {after} |");
        }
        None => println!("| {number} | {what} | **nothing** | | |"),
    }
}

#[test]
fn every_fault_has_one_place_in_every_configuration() {
    let numbers: BTreeSet<_> = FAULTS.iter().map(|fault| fault.number).collect();
    assert_eq!(numbers.len(), FAULTS.len());
    assert!(!numbers.contains(&0));
    for config in ["tiny", "base"] {
        let setup = Setup::new(&named(config).unwrap()).unwrap();
        let design = selected(&setup.design, &FAULTS).unwrap();
        assert_eq!(
            design.verilog.matches(" ? (").count(),
            FAULTS.len() + setup.design.verilog.matches(" ? (").count()
        );
        assert_eq!(design.ports.len(), setup.design.ports.len() + 1);
    }
}

#[test]
fn a_seed_changes_one_line() {
    let design = Setup::new(&named("tiny").unwrap()).unwrap().design;
    let mut modules = BTreeSet::new();
    for seed in 0..200 {
        let (changed, mutation) = mutate(&design, seed).unwrap();
        let pairs = design.verilog.lines().zip(changed.verilog.lines());
        let changes: Vec<_> = pairs.filter(|(a, b)| a != b).collect();
        assert_eq!(changes.len(), 1, "{mutation}");
        assert_eq!(changes[0].0.trim(), mutation.line);
        assert_eq!(mutate(&design, seed).unwrap().1, mutation);
        modules.insert(mutation.module);
    }
    assert!(modules.len() > 40, "{}", modules.len());
}

#[test]
#[ignore = "runs the suite once for each fault"]
fn selected_faults_are_caught() {
    if !have_tools() {
        return;
    }
    let mut survivors = Vec::new();
    for config in ["half", "base"] {
        let setup = sabotaged(config);
        let model = Model::new(&setup.design).unwrap();
        let mut sound = Rig::of(setup.clone(), &model).unwrap();
        let (catch, retired) = suite(&mut sound, SOUND);
        assert_eq!(catch, None, "{config} without a fault");
        println!("{config}: {retired} instructions agree with no fault chosen");
        for fault in FAULTS.iter().filter(|fault| fault.config == config) {
            let mut broken = setup.clone();
            broken.inputs.push((INPUT.to_owned(), fault.number.into()));
            let mut rig = Rig::of(broken, &model).unwrap();
            let (catch, _) = suite(&mut rig, MOST);
            row(fault.number, fault.what, catch.as_ref());
            if catch.is_none() {
                survivors.push(fault.what);
            }
        }
    }
    assert!(survivors.is_empty(), "{survivors:#?}");
}

/// `SPIKEVEC_MUTATIONS` says how many, `SPIKEVEC_MUTATION_SEED` where they begin.
#[test]
#[ignore = "builds a core for each mutation"]
fn mutations_are_caught() {
    if !have_tools() {
        return;
    }
    let count = number("SPIKEVEC_MUTATIONS", MUTATIONS as u64) as usize;
    let first = number("SPIKEVEC_MUTATION_SEED", 1);
    let setup = Setup::new(&named("half").unwrap()).unwrap();
    let folder = std::env::temp_dir().join(format!("spikevec-mutations-{}", std::process::id()));
    let (mut caught, mut survivors) = (0, Vec::new());
    for seed in first.. {
        if caught + survivors.len() == count {
            break;
        }
        let (design, mutation) = mutate(&setup.design, seed).unwrap();
        let text = mutation.to_string();
        if let Some((_, why)) = EQUIVALENT.iter().find(|known| known.0 == text) {
            println!("redrawn: seed {seed}, {text}: {why}");
            continue;
        }
        let model = match Model::in_cache(&design, &folder) {
            Ok(model) => model,
            Err(VerilatedError::Build { .. }) => {
                println!("redrawn: seed {seed}, {text}: Verilator refuses it");
                continue;
            }
            Err(other) => panic!("{other}"),
        };
        let mut setup = setup.clone();
        (setup.design, setup.clocks) = (design, PATIENCE);
        let (catch, _) = suite(&mut Rig::of(setup, &model).unwrap(), MOST);
        row(format!("seed {seed}"), &text, catch.as_ref());
        match catch {
            Some(_) => caught += 1,
            None => survivors.push(text),
        }
    }
    let _ = std::fs::remove_dir_all(&folder);
    assert!(survivors.is_empty(), "{survivors:#?}");
}
