//! Prints what compiling a generated network costs: `compile_cost NEURONS`. A process has one peak of memory, so that each
//! size needs a run of its own.
#![allow(clippy::unwrap_used)]

use std::time::Instant;

use spikevec_compiler::quantise::Calibration;
use spikevec_compiler::{Options, compile};
use spikevec_isa::Target;
use spikevec_tests::synthetic;

/// The most memory that this process has had, in MiB, where the system says it.
fn peak() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kib / 1024.0)
}

fn main() {
    let neurons = std::env::args()
        .nth(1)
        .expect("the number of hidden neurons");
    let graph = synthetic::sized(1, neurons.parse().unwrap());
    let options = Options {
        target: Target::large(),
        ..Options::default()
    };
    let before = peak();
    let start = Instant::now();
    let compiled = compile(&graph, &Calibration::Seeded, &options).unwrap();
    println!("seconds {:.2}", start.elapsed().as_secs_f64());
    println!("code_bytes {}", 4 * compiled.image.code.len());
    if let (Some(before), Some(peak)) = (before, peak()) {
        println!("graph_mib {before:.0}");
        println!("peak_mib {peak:.0}");
    }
}
