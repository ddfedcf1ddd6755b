//! The choice of formats: what must not matter to it, and what must not be chosen.
#![allow(clippy::unwrap_used)]

use spikevec_compiler::graph::{Connectivity, Network, Population, Projection, Source};
use spikevec_compiler::neuron::{Firing, Li, Lif, Neuron};
use spikevec_compiler::quantise::{Calibration, seeded_spikes};
use spikevec_compiler::{Options, compile_network};

const SIZE: usize = 40;
const INPUTS: usize = 12;

/// A network whose membranes, thresholds and weights are in units of `unit`.
fn network(unit: f64, tau: f64, weight: f64) -> Network {
    let all = |value: f64| vec![value; SIZE];
    let neuron = Neuron::Lif(Lif {
        membrane: Li {
            tau: all(tau),
            r: all(tau),
            v_leak: all(-0.25 * unit),
        },
        firing: Firing {
            threshold: all(unit),
            v_reset: all(-0.125 * unit),
        },
    });
    let weights = (0..INPUTS * SIZE).map(|k| unit * weight * (1.0 + (k % 7) as f64));
    Network {
        input_shape: vec![INPUTS],
        stated_dt: Some(1.0),
        populations: vec![Population {
            name: "p".to_owned(),
            neuron,
            shape: vec![SIZE],
            bias: all(0.0),
        }],
        projections: vec![Projection {
            source: Source::Input,
            target: 0,
            connectivity: Connectivity::dense(weights.collect()),
            delay: 0,
        }],
        outputs: vec![0],
        warnings: Vec::new(),
    }
}

#[test]
fn units_do_not_matter() {
    let compile = |unit| {
        compile_network(
            network(unit, 8.0, 0.05),
            &Calibration::Seeded,
            &Options::default(),
        )
        .unwrap()
    };
    let volts = compile(1.0);
    for power in [-20, -10, -3, 4] {
        let scaled = compile(2f64.powi(power));
        assert_eq!(scaled.image.code, volts.image.code, "2^{power}");
        assert_eq!(scaled.image.segments, volts.image.segments, "2^{power}");
        let fraction = |c: &spikevec_compiler::Compiled| {
            let kernel = &c.placed.network.populations[0].kernel;
            i64::from(kernel.states[kernel.membrane].format.fraction())
        };
        assert_eq!(fraction(&scaled), fraction(&volts) - i64::from(power));
    }
}

#[test]
fn a_silent_network_is_never_the_best() {
    // Slow neurons that small steps bring to the threshold: when exactly is sensitive to
    // every rounding, whether at all is not.
    let slow = network(1.0, 2000.0, 6e-5);
    let input = vec![seeded_spikes(5, 3000, INPUTS, 0.4); 2];
    let compiled =
        compile_network(slow, &Calibration::Samples(input), &Options::default()).unwrap();
    let fidelity = compiled.placed.network.populations[0].fidelity;
    assert!(fidelity.reference_spikes > 20, "{fidelity:?}");
    assert!(
        fidelity.spikes * 10 > fidelity.reference_spikes * 7,
        "{fidelity:?}"
    );
}

#[test]
fn calibration_that_moves_nothing_is_said_and_loses_no_weights() {
    let silent = Calibration::Samples(vec![vec![Vec::new(); 20]]);
    let compiled = compile_network(network(1.0, 8.0, 0.05), &silent, &Options::default()).unwrap();
    let warned = |text: &String| text.contains("`p` does not spike on the calibration data");
    assert!(
        compiled.network.warnings.iter().any(warned),
        "{:?}",
        compiled.network.warnings
    );
    let kernel = &compiled.placed.network.populations[0].kernel;
    assert!(kernel.states[kernel.accumulator].format.step() < 0.005);
    let nothing = Calibration::Samples(Vec::new());
    let compiled = compile_network(network(1.0, 8.0, 0.05), &nothing, &Options::default()).unwrap();
    assert!(compiled.network.warnings.iter().any(warned));
}
