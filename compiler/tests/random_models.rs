//! Programs of neuron models drawn at random equal the interpreter, bit for bit.
#![allow(clippy::unwrap_used)]

mod support;

use proptest::prelude::*;
use spikevec_compiler::graph::{Connectivity, Network, Population, Projection, Source};
use spikevec_compiler::neuron::{Condition, Expr, Model, ModelBuilder, Neuron};
use spikevec_compiler::options::Record;
use spikevec_compiler::place::place;
use spikevec_compiler::quantise::{
    Calibration, Formats, Interpreter, quantise_with, seeded_spikes,
};
use spikevec_compiler::reading::ResetStep;
use spikevec_compiler::{CompileError, Compiled, Format, Options, compile_network, emit};
use spikevec_isa::fixed::Rounding;
use spikevec_isa::{Rng, Target};

/// A source of numbers for tests.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as f64 / (1u64 << 31) as f64
    }
    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.next()
    }
    fn pick(&mut self, n: usize) -> usize {
        (self.next() * n as f64) as usize % n
    }
    /// The same number for all neurons, or one for each.
    fn values(&mut self, size: usize) -> Vec<f64> {
        if self.next() < 0.5 {
            vec![self.between(-1.0, 1.0); size]
        } else {
            (0..size).map(|_| self.between(-1.0, 1.0)).collect()
        }
    }
}

fn expr(draw: &mut Draw, states: usize, input: bool, depth: usize) -> Expr {
    let part = |draw: &mut Draw| expr(draw, states, input, depth.saturating_sub(1));
    if depth == 0 || draw.next() < 0.2 {
        return match draw.pick(4) {
            0 if input => Expr::Input(0),
            1 => Expr::Parameter(draw.pick(3)),
            2 => Expr::Constant([0.0, 1.0, -0.5, 0.75][draw.pick(4)]),
            _ => Expr::State(draw.pick(states)),
        };
    }
    let (a, b) = (part(draw), part(draw));
    match draw.pick(6) {
        0 | 1 => a + b,
        2 => a - b,
        3 => a * b,
        test => {
            let when = if test == 4 {
                Condition::less(a, b)
            } else {
                Condition::equal(a, b)
            };
            when.select(part(draw), part(draw))
        }
    }
}

fn model(draw: &mut Draw, size: usize, states: usize, depth: usize) -> Model {
    let mut model = ModelBuilder::new(size);
    let input = model.input("x", draw.values(size));
    let parameters = ["a", "b", "c"].map(|name| model.parameter(name, draw.values(size)));
    let states: Vec<_> = (0..states)
        .map(|k| model.state(&format!("s{k}"), draw.values(size)))
        .collect();
    let mut seen = states.len();
    if draw.next() < 0.4 {
        let local = model.local("l");
        model.assign(local, expr(draw, seen, true, depth));
        seen += 1;
    }
    let any = |draw: &mut Draw| states[draw.pick(states.len())];
    let membrane = any(draw);
    model.membrane(membrane);
    if draw.next() < 0.4 {
        model.relative(any(draw), parameters[draw.pick(3)]);
    }
    for state in &states {
        if draw.next() < 0.8 {
            model.assign(*state, expr(draw, seen, true, depth));
        }
    }
    // The input is used in any case.
    let target = any(draw);
    model.assign(target, target + input);
    if draw.next() < 0.8 {
        let when = [ResetStep::Same, ResetStep::Next][draw.pick(2)];
        if draw.next() < 0.5 {
            model.spike(any(draw), parameters[draw.pick(3)], when);
        } else {
            model.spike(any(draw), expr(draw, seen, false, 1), when);
        }
        for _ in 0..draw.pick(3) {
            model.reset(any(draw), expr(draw, seen, false, 1));
        }
    }
    model.build().unwrap()
}

/// Five inputs to neurons of `model`.
fn network(draw: &mut Draw, model: Model) -> Network {
    let size = model.size();
    let weights = (0..5 * size).map(|_| draw.between(-1.0, 1.0));
    Network {
        input_shape: vec![5],
        stated_dt: Some(1.0),
        projections: vec![Projection {
            source: Source::Input,
            target: 0,
            connectivity: Connectivity::dense(weights.collect()),
            delay: 0,
        }],
        populations: vec![Population {
            name: "p".to_owned(),
            shape: vec![size],
            neuron: Neuron::Own(Box::new(model)),
            bias: vec![[0.0, 0.25][draw.pick(2)]; size],
        }],
        outputs: vec![0],
        warnings: Vec::new(),
    }
}

fn check(seed: u64, states: usize, depth: usize) {
    let draw = &mut Draw(seed);
    let size = [1, 31, 33, 70, 420][draw.pick(5)];
    let model = model(draw, size, states, depth);
    let variables = model.states().len();
    let network = network(draw, model);
    let options = Options {
        target: Target::large(),
        rounding: [Rounding::Nearest, Rounding::Stochastic, Rounding::Truncate][draw.pick(3)],
        record: Record {
            output_membranes: draw.next() < 0.5,
            spikes: vec!["*".to_owned(); draw.pick(2)],
        },
        ..Options::default()
    };
    let mut fractions: Vec<u32> = (0..=variables).map(|_| 4 + draw.pick(11) as u32).collect();
    let separate = draw.next() < 0.4;
    let quantised = loop {
        let formats = Formats {
            states: fractions[..variables]
                .iter()
                .map(|&f| Format::new(f))
                .collect(),
            accumulator: separate.then(|| Format::new(fractions[variables])),
        };
        match quantise_with(&network, &[formats], &options) {
            Ok(quantised) => break quantised,
            // A large model may be beyond a limit, which no format changes.
            Err(CompileError::ModelTooLarge { .. }) if states > 3 || depth > 3 => return,
            Err(error) => {
                assert!(fractions.iter().any(|f| *f > 0), "{error}");
                fractions.iter_mut().for_each(|f| *f = f.saturating_sub(1));
            }
        }
    };
    let placed = place(quantised, &options.target, &options.record, draw.pick(13)).unwrap();
    let image = emit(&placed, &options).unwrap();
    let input = seeded_spikes(seed, 6, network.inputs(), 0.3);
    let compiled = Compiled {
        network,
        placed,
        image,
    };
    support::lockstep(&compiled, &input, seed);
    let mut interpreter = Interpreter::new(&compiled.placed.network, Rng::from_seed(seed, 0));
    for spikes in &input {
        interpreter.step(spikes);
        // Lanes beyond the last neuron never spike.
        assert!(interpreter.spiking(0).iter().all(|n| (*n as usize) < size));
    }
}

/// Numbers with two fraction bits: what a short expression makes of them is exact in
/// eight, if nothing is lost on the way.
fn exact(draw: &mut Draw, size: usize) -> Vec<f64> {
    let same = draw.pick(17) as f64;
    let each = (0..size).map(|_| draw.pick(17) as f64).collect::<Vec<_>>();
    let values = if draw.next() < 0.5 {
        vec![same; size]
    } else {
        each
    };
    values.iter().map(|v| v / 4.0 - 2.0).collect()
}

/// One step of a kernel gives exactly what the model says, where nothing has to be rounded.
fn check_exact(seed: u64) {
    let draw = &mut Draw(seed);
    let size = [1, 33, 40][draw.pick(3)];
    let mut model = ModelBuilder::new(size);
    let input = model.input("x", 1.0);
    let parameters = ["a", "b", "c"].map(|name| model.parameter(name, exact(draw, size)));
    let states = ["v", "s", "t"].map(|name| model.state(name, exact(draw, size)));
    model.membrane(states[0]);
    if draw.next() < 0.4 {
        model.relative(states[0], parameters[2]);
    }
    let used = draw.next() < 0.5;
    let value = expr(draw, 3, used, 2);
    model.assign(states[0], if used { value } else { value + input });
    if used {
        // In any case.
        model.assign(states[1], input);
    }
    let when = ResetStep::Same;
    if draw.next() < 0.5 {
        model.spike(states[draw.pick(3)], parameters[0], when);
    } else {
        model.spike(states[draw.pick(3)], expr(draw, 3, false, 1), when);
    }
    if draw.next() < 0.5 {
        model.reset(states[0], expr(draw, 3, false, 1));
    }
    let model = model.build().unwrap();
    let mut network = network(draw, model.clone());
    let weights: Vec<f64> = (0..5 * size).map(|_| draw.pick(5) as f64 - 2.0).collect();
    network.projections[0].connectivity = Connectivity::dense(weights.clone());
    network.populations[0].bias.fill(0.0);
    let formats = Formats {
        states: vec![Format::new(8); 3],
        accumulator: (draw.next() < 0.5).then(|| Format::new(8)),
    };
    let quantised = quantise_with(&network, &[formats], &Options::default()).unwrap();
    let mut interpreter = Interpreter::new(&quantised, Rng::from_seed(1, 0));
    interpreter.step(&[1, 4]);
    let arrived = (0..size).map(|n| weights[size + n] + weights[4 * size + n]);
    let mut state = model.start();
    let spikes = model.step(&mut state, &[arrived.collect()], &[]);
    assert_eq!(interpreter.spiking(0), spikes, "{model}\n{quantised}");
    let found: Vec<f64> = interpreter
        .membrane(0)
        .iter()
        .map(|v| Format::new(8).value(*v))
        .collect();
    assert_eq!(found, model.potentials(&state), "{model}\n{quantised}");
}

#[test]
fn what_is_too_much_for_the_machine_is_refused_with_the_limit() {
    let draw = &mut Draw(1);
    let options = Options::default();
    let formats = |n: usize| Formats {
        states: vec![Format::new(8); n],
        accumulator: None,
    };
    // Forty variables that all see each other.
    let mut model = ModelBuilder::new(3);
    let input = model.input("x", 1.0);
    let states: Vec<_> = (0..40)
        .map(|k| model.state(&format!("s{k}"), 0.0))
        .collect();
    model.membrane(states[0]);
    model.assign(states[0], states[39] + input);
    for pair in states.windows(2) {
        model.assign(pair[1], pair[0] + pair[1]);
    }
    let large = network(draw, model.build().unwrap());
    let error = quantise_with(&large, &[formats(40)], &options).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("`p`")
            && text.contains("40 state variables")
            && text.contains("32 is the most"),
        "{text}"
    );
    let searched = compile_network(large, &Calibration::Seeded, &options).unwrap_err();
    // One more: the search tries an accumulator of its own.
    assert!(
        searched.to_string().contains("41 state variables"),
        "{searched}"
    );
    let small = network(draw, model_of_one_state());
    let error = quantise_with(&small, &[formats(0)], &options).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("0 formats for 1 state variables"),
        "{error}"
    );
    let error = quantise_with(&small, &[], &options).unwrap_err();
    assert!(
        error.to_string().contains("formats for 0 populations"),
        "{error}"
    );
}

fn model_of_one_state() -> Model {
    let mut model = ModelBuilder::new(3);
    let input = model.input("x", 1.0);
    let v = model.state("v", 0.0);
    model.membrane(v);
    model.assign(v, v + input);
    model.build().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn program_and_interpreter_agree(seed in any::<u64>(), states in 1..4usize, depth in 1..4usize) {
        check(seed, states, depth);
    }

    #[test]
    fn a_kernel_means_what_its_model_says(seed in any::<u64>()) {
        check_exact(seed);
    }

    #[test]
    fn they_agree_on_large_models_or_these_are_refused(
        seed in any::<u64>(), states in 4..12usize, depth in 3..6usize,
    ) {
        check(seed, states, depth);
    }
}
