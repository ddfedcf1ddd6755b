//! How long networks take to compile and to run on this host.
#![allow(missing_docs)] // of the function that criterion_group makes
#![allow(clippy::unwrap_used)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use spikevec_compiler::options::Options;
use spikevec_compiler::quantise::Calibration;
use spikevec_compiler::{Compiled, compile};
use spikevec_nir::Graph;
use spikevec_runtime::{Session, SessionOptions, SimulatorBackend, SimulatorOptions};
use spikevec_tests::{shared, synthetic};

fn compiled(graph: &Graph, options: &Options) -> Compiled {
    compile(graph, &Calibration::Seeded, options).unwrap()
}

fn compiling(c: &mut Criterion) {
    let mut group = c.benchmark_group("compile");
    group.sample_size(10);
    let graph = synthetic::network(1);
    group.bench_function("recurrent_700_256_20", |b| {
        b.iter(|| compiled(&graph, &Options::default()))
    });
    if let Some(root) = shared::data() {
        let model = spikevec_nir::read(&root.join("nir/spyx_shd.nir")).unwrap();
        let mut options = Options::default();
        options.readings.dt = Some(1.0);
        group.bench_function("spyx_shd", |b| b.iter(|| compiled(&model.graph, &options)));
    }
    group.finish();
}

fn running(c: &mut Criterion) {
    let program = compiled(&synthetic::network(1), &Options::default());
    let input = synthetic::input(1, 1000);
    let backend = SimulatorBackend::for_image(&program.image, SimulatorOptions::default()).unwrap();
    let mut session = Session::new(backend, &program.image, &SessionOptions::default()).unwrap();
    let instructions = session.run_sample(&input, 0).unwrap().instructions;
    let mut group = c.benchmark_group("run");
    group.throughput(Throughput::Elements(instructions));
    group.bench_function("recurrent_700_256_20", |b| {
        b.iter(|| session.run_sample(&input, 0).unwrap());
    });
    group.finish();
}

criterion_group!(benches, compiling, running);
criterion_main!(benches);
