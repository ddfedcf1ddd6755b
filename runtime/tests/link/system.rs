//! The host's code and the Verilated system, byte by byte.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use spikevec_hdl::core::Config;
use spikevec_hdl::system::SystemConfig;
use spikevec_runtime::LinkBackend;
use spikevec_runtime::link::LinkOptions;
use spikevec_simulator::Timing;
use spikevec_verilated::pipe::SystemPipe;
use spikevec_verilated::{Model, VerilatedError};

use crate::faulty::{Faulty, Random};
use crate::workload;

const CLOCK: u32 = 1_000_000;

fn config(name: &str) -> SystemConfig {
    let mut config = SystemConfig::new(&Config::named(name).unwrap(), CLOCK, CLOCK / 4);
    config.gap_microseconds = 400;
    config
}

/// A fresh system, or none where the tools are missing.
pub fn pipe(name: &str) -> Option<SystemPipe> {
    static MODELS: [OnceLock<Model>; 2] = [OnceLock::new(), OnceLock::new()];
    match spikevec_verilated::check_tools() {
        Ok(()) => {}
        Err(error @ VerilatedError::Missing { .. }) => {
            println!("skipped: {error}");
            return None;
        }
        Err(error) => panic!("{error}"),
    }
    let build = || {
        let design = config(name)
            .design()
            .unwrap_or_else(|error| panic!("{error}"));
        Model::new(&design).unwrap_or_else(|error| panic!("{error}"))
    };
    let model = MODELS[usize::from(name == "tiny")].get_or_init(build);
    Some(SystemPipe::from_model(model, config(name).rates()).unwrap())
}

pub fn options(words: usize) -> LinkOptions {
    LinkOptions {
        patience: Duration::from_micros(1500),
        attempts: 200,
        words,
    }
}

fn faultless(name: &str, lanes: u32) {
    let Some(pipe) = pipe(name) else { return };
    let begin = Instant::now();
    let mut machine = LinkBackend::open(pipe, options(255)).unwrap();
    assert_eq!(machine.description().lanes, lanes);
    assert_eq!(
        machine.description().target,
        Config::named(name)
            .map(|c| {
                let mut target = c.target;
                target.name = "board".to_owned();
                target.external_bytes = 0;
                target
            })
            .unwrap()
    );
    workload::run(
        &mut machine,
        Some(Timing::new(lanes).unwrap()),
        12,
        &mut Random(lanes.into()),
    );
    let statistics = machine.statistics();
    assert_eq!((statistics.retries, statistics.strays), (0, 0));
    let (ticks, bytes) = machine.with_line(|pipe| (pipe.ticks(), pipe.bytes()));
    let seconds = begin.elapsed().as_secs_f64();
    println!(
        "{name}: {} requests, {bytes} bytes, {ticks} clocks in {seconds:.1} s: {:.0} bytes/s, {:.2} M clocks/s",
        statistics.requests,
        bytes as f64 / seconds,
        ticks as f64 / seconds / 1e6
    );
}

#[test]
fn a_program_on_tiny() {
    faultless("tiny", 4);
}

#[test]
fn a_program_on_small() {
    faultless("small", 8);
}

#[test]
fn a_bad_line_changes_nothing() {
    let Some(pipe) = pipe("tiny") else { return };
    let begin = Instant::now();
    let mut machine = LinkBackend::open(Faulty::new(pipe, 5), options(40)).unwrap();
    machine.with_line(|line| line.rate = 120);
    let mut random = Random(6);
    let timing = Some(Timing::new(4).unwrap());
    let mut loads = 0;
    // Until there were a thousand faults.
    loop {
        workload::run(&mut machine, timing, 10, &mut random);
        loads += 1;
        let faults = machine.with_line(|l| l.to_machine.total() + l.from_machine.total());
        if faults >= 1000 {
            break;
        }
    }
    let statistics = machine.statistics();
    let seconds = begin.elapsed().as_secs_f64();
    machine.with_line(|line| {
        println!(
            "{loads} loads, {:?} to, {:?} from the system; {statistics:?}; {} clocks in {seconds:.1} s",
            line.to_machine,
            line.from_machine,
            line.line.ticks()
        );
    });
    assert!(statistics.retries > 500);
}
