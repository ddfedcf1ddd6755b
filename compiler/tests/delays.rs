//! Delays of any number of steps: the reference and the interpreter carry them, programs say
//! which they cannot make.
#![allow(clippy::unwrap_used)]

use spikevec_compiler::graph::{Connectivity, Network, Population, Projection, Source};
use spikevec_compiler::neuron::{Firing, IntegrateAndFire, Integrator, Neuron};
use spikevec_compiler::quantise::{
    Calibration, Formats, Interpreter, quantise_with, seeded_spikes,
};
use spikevec_compiler::reading::Readings;
use spikevec_compiler::reference::{Recording, Reference, Spikes};
use spikevec_compiler::{CompileError, Format, Options, compile_network};
use spikevec_isa::Rng;

const SIZE: usize = 5;
const STEPS: usize = 60;

fn population(name: &str) -> Population {
    Population {
        name: name.to_owned(),
        neuron: Neuron::IntegrateAndFire(IntegrateAndFire {
            membrane: Integrator { r: vec![1.0; SIZE] },
            firing: Firing {
                threshold: vec![2.0; SIZE],
                v_reset: vec![0.0; SIZE],
            },
        }),
        shape: vec![SIZE],
        bias: vec![0.0; SIZE],
    }
}

fn projection(source: Source, target: usize, delay: u32) -> Projection {
    let weights = (0..SIZE * SIZE).map(|k| 0.25 * (k % 5) as f64).collect();
    let connectivity = match source {
        Source::Input => Connectivity::dense(weights),
        Source::Population(_) => Connectivity::one_to_one(vec![1.5; SIZE]),
    };
    Projection {
        source,
        target,
        connectivity,
        delay,
    }
}

/// Two layers, and feedback of the second to itself.
fn network(input: u32, forward: u32, feedback: u32) -> Network {
    Network {
        input_shape: vec![SIZE],
        stated_dt: Some(1.0),
        populations: vec![population("first"), population("second")],
        projections: vec![
            projection(Source::Input, 0, input),
            projection(Source::Population(0), 1, forward),
            projection(Source::Population(1), 1, feedback),
        ],
        outputs: vec![1],
        warnings: Vec::new(),
    }
}

fn reference(network: &Network, input: &[Vec<u32>]) -> Recording {
    Reference::new(network, &Readings::default(), &[])
        .unwrap()
        .run(input)
}

/// Spikes of the two populations in fixed point, in formats that hold every value exactly.
fn interpreted(network: &Network, input: &[Vec<u32>]) -> Vec<Spikes> {
    let formats = Formats {
        states: vec![Format::new(8)],
        accumulator: Some(Format::new(8)),
    };
    let formats = vec![formats; 2];
    let quantised = quantise_with(network, &formats, &Options::default()).unwrap();
    let mut interpreter = Interpreter::new(&quantised, Rng::default());
    let mut spikes = vec![Vec::new(); 2];
    for step in input {
        interpreter.step(step);
        for (k, all) in spikes.iter_mut().enumerate() {
            all.push(interpreter.spiking(k));
        }
    }
    spikes
}

#[test]
fn a_delay_is_a_shift_of_the_spikes() {
    let input = seeded_spikes(3, STEPS, SIZE, 0.4);
    let plain = reference(&network(0, 0, 1), &input).spikes;
    assert!(plain[1].iter().map(Vec::len).sum::<usize>() > 10);
    for delay in 1..6 {
        let late = delay as usize;
        let shifted: Spikes = vec![Vec::new(); late]
            .into_iter()
            .chain(input.clone())
            .collect();
        let expected = reference(&network(0, 0, 1), &shifted[..STEPS]).spikes;
        assert_eq!(reference(&network(delay, 0, 1), &input).spikes, expected);
        let forward = reference(&network(0, delay, 1), &input).spikes;
        assert_eq!(forward[0], plain[0]);
        assert_eq!(forward[1][late..], plain[1][..STEPS - late]);
    }
}

#[test]
fn reference_and_interpreter_agree_on_delays() {
    let input = seeded_spikes(4, STEPS, SIZE, 0.4);
    let mut seen = Vec::new();
    for delays in [(0, 0, 1), (2, 0, 1), (0, 3, 2), (1, 4, 5), (5, 2, 3)] {
        let network = network(delays.0, delays.1, delays.2);
        let spikes = reference(&network, &input).spikes;
        assert_eq!(interpreted(&network, &input), spikes, "{delays:?}");
        assert!(!seen.contains(&spikes), "{delays:?} does nothing");
        seen.push(spikes);
    }
}

#[test]
fn delays_that_cannot_be_are_refused() {
    let compile = |network| {
        let (calibration, options) = (Calibration::Seeded, Options::default());
        compile_network(network, &calibration, &options).map(|_| ())
    };
    assert!(compile(network(0, 0, 1)).is_ok());
    let error = compile(network(0, 3, 1)).unwrap_err();
    assert!(matches!(
        error,
        CompileError::LongDelay {
            delay: 3,
            most: 0,
            ..
        }
    ));
    let text = error.to_string();
    assert!(
        text.contains("first -> second has a delay of 3 steps"),
        "{text}"
    );
    // Feedback cannot arrive in the step of its spike.
    let error = compile(network(0, 0, 0)).unwrap_err();
    assert!(matches!(
        error,
        CompileError::Delay {
            delay: 0,
            least: 1,
            ..
        }
    ));
}
