//! Networks as other frameworks export them, against the float reference.
#![allow(clippy::unwrap_used)]

use spikevec_compiler::graph::{Connectivity, Network, from_nir};
use spikevec_compiler::quantise::{Calibration, seeded_spikes};
use spikevec_compiler::reference::{Recording, Reference};
use spikevec_compiler::{Options, compile_network};
use spikevec_tests::evaluate::run;
use spikevec_tests::shared;

const STEPS: usize = 1000;

/// Models, and the step that suits their time constants.
const MODELS: [(&str, f64); 6] = [
    ("lif_norse", 1e-4),
    ("lif_rockpool", 1e-4),
    ("two_lif_neurons", 1e-4),
    ("lif_norse_1000", 1e-4),
    ("spyx_shd", 1.0),
    ("braille_noDelay_bias_zero", 1e-4),
];

fn scale(network: &mut Network, target: usize, factor: f64) {
    for projection in network.projections.iter_mut().filter(|p| p.target == target && p.delay == 0) {
        match &mut projection.connectivity {
            Connectivity::Dense(weights) | Connectivity::OneToOne(weights) => {
                weights.iter_mut().for_each(|w| *w *= factor);
            }
        }
    }
}

/// Scales the weights into each spiking population until it spikes 100 times, and
/// gives the reference's run. A population that 1000 times the weights do not move stays as it is.
fn awaken(network: &mut Network, options: &Options, input: &[Vec<u32>]) -> Recording {
    let record = |network: &Network| {
        Reference::new(network, &options.dynamics, &network.outputs).unwrap().run(input)
    };
    for k in 0..network.populations.len() {
        let mut factor = 1.0;
        while network.populations[k].neuron.is_spiking() {
            let spikes: usize = record(network).spikes[k].iter().map(Vec::len).sum();
            if spikes >= 100 {
                break;
            }
            if factor > 1000.0 {
                scale(network, k, 1.0 / factor);
                println!("  `{}` cannot fire", network.populations[k].name);
                break;
            }
            scale(network, k, 1.5);
            factor *= 1.5;
        }
    }
    record(network)
}

#[test]
fn spikes_fall_in_the_same_steps() {
    let Some(root) = shared::data() else { return };
    for (name, dt) in MODELS {
        for rate in [0.05, 0.3] {
            let model = spikevec_nir::read(&root.join(format!("nir/{name}.nir"))).unwrap();
            let mut network = from_nir(&model.graph).unwrap();
            let recurrent = network.is_recurrent();
            let mut options = Options::default();
            options.dynamics.dt = Some(dt);
            options.record.spikes = vec!["*".to_owned()];
            let input = seeded_spikes(11, STEPS, network.inputs, rate);
            println!("{name} at {rate}:");
            let expected = awaken(&mut network, &options, &input);
            let compiled = compile_network(network, &Calibration::Seeded, &options).unwrap();
            let summary = run(&compiled, &[input], 1);
            let found = &summary.results[0];
            for (k, p) in compiled.network.populations.iter().enumerate() {
                if p.neuron.is_spiking() {
                    let total: usize = expected.spikes[k].iter().map(Vec::len).sum();
                    let steps = expected.spikes[k].iter().zip(&found.spikes[&p.name]);
                    let same: usize = steps
                        .map(|(a, b)| a.iter().filter(|n| b.binary_search(n).is_ok()).count())
                        .sum();
                    let extra: usize =
                        found.spikes[&p.name].iter().map(Vec::len).sum::<usize>() - same;
                    let fraction = same as f64 / total.max(1) as f64;
                    println!("  {}: {total} reference spikes, {:.2} % in the same step, {extra} extra", p.name, 100.0 * fraction);
                    let fires = total >= 100;
                    if fires && !recurrent {
                        assert!(fraction >= 0.99, "{name} at {rate}: {}", p.name);
                        assert!(extra as f64 <= 0.01 * total as f64, "{name} at {rate}: {}", p.name);
                    }
                } else {
                    let recording = &found.membranes[&p.name];
                    let step = 1.0 / f64::from(1u32 << recording.fraction);
                    let reference = &expected.membranes[k];
                    let pairs = reference.iter().zip(&recording.values);
                    let squares: f64 = pairs.map(|(a, b)| (a - f64::from(*b) * step).powi(2)).sum();
                    let error = (squares / reference.len() as f64).sqrt();
                    let low = reference.iter().copied().fold(f64::INFINITY, f64::min);
                    let high = reference.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                    let relative = error / (high - low);
                    println!("  {}: membrane RMSE {:.3} % of its range", p.name, 100.0 * relative);
                    assert!(relative <= 0.01 || recurrent, "{name} at {rate}: {}", p.name);
                }
            }
        }
    }
}
