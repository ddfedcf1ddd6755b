//! Models that no primitive is: what the builder refuses, what the normal form makes equal,
//! and programs of models with selections, constants and several variables.
#![allow(clippy::unwrap_used)]

mod support;

use proptest::prelude::*;
use spikevec_compiler::graph::{Connectivity, Network, Population, Projection, Source};
use spikevec_compiler::neuron::{
    Condition, CubaLi, CubaLif, Expr, Firing, IntegrateAndFire, Integrator, Li, Lif, Model,
    ModelBuilder, ModelError, Neuron, ParameterId, Readout, StateId, Threshold,
};
use spikevec_compiler::options::Record;
use spikevec_compiler::quantise::{Calibration, Formats, can_add_directly, lower, seeded_spikes};
use spikevec_compiler::reading::{Comparison, Initial, Integration, Reading, Reset, ResetStep};
use spikevec_compiler::reference::Reference;
use spikevec_compiler::{CompileError, Format, Options, compile_network};
use spikevec_isa::fixed::Rounding;

fn network(model: Model, inputs: usize, weights: impl Fn(usize) -> f64, bias: f64) -> Network {
    let size = model.size();
    Network {
        input_shape: vec![inputs],
        stated_dt: Some(1.0),
        populations: vec![Population {
            name: "p".to_owned(),
            neuron: Neuron::Own(Box::new(model)),
            shape: vec![size],
            bias: vec![bias; size],
        }],
        projections: vec![Projection {
            source: Source::Input,
            target: 0,
            connectivity: Connectivity::dense((0..inputs * size).map(weights).collect()),
            delay: 0,
        }],
        outputs: vec![0],
        warnings: Vec::new(),
    }
}

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
    fn coin(&mut self) -> bool {
        self.next() < 0.5
    }
    fn each(&mut self, size: usize, low: f64, high: f64) -> Vec<f64> {
        (0..size).map(|_| self.between(low, high)).collect()
    }
}

fn built_in(draw: &mut Draw, size: usize) -> Neuron {
    let firing = Firing {
        threshold: draw.each(size, 0.3, 2.0),
        v_reset: draw.each(size, -0.5, 0.2),
    };
    let li = Li {
        tau: draw.each(size, 1.5, 20.0),
        r: draw.each(size, 0.5, 3.0),
        v_leak: draw.each(size, -0.3, 0.3),
    };
    let cuba_li = CubaLi {
        tau_syn: draw.each(size, 1.5, 9.0),
        tau_mem: draw.each(size, 1.5, 20.0),
        r: draw.each(size, 0.5, 3.0),
        v_leak: draw.each(size, -0.3, 0.3),
        w_in: draw.each(size, 0.5, 2.0),
    };
    let integrator = Integrator {
        r: draw.each(size, 0.5, 2.0),
    };
    match draw.pick(8) {
        0 => Neuron::Lif(Lif {
            membrane: li,
            firing,
        }),
        1 => Neuron::CubaLif(CubaLif {
            membrane: cuba_li,
            firing,
        }),
        2 => Neuron::IntegrateAndFire(IntegrateAndFire {
            membrane: integrator,
            firing,
        }),
        3 => Neuron::Threshold(Threshold { firing }),
        4 => Neuron::Li(li),
        5 => Neuron::CubaLi(cuba_li),
        6 => Neuron::Integrator(integrator),
        _ => Neuron::Readout(Readout),
    }
}

/// `expr` in another order and grouping, with constants that change nothing.
fn shuffled(draw: &mut Draw, expr: &Expr) -> Expr {
    let pair = |draw: &mut Draw, a: &Expr, b: &Expr| (shuffled(draw, a), shuffled(draw, b));
    let mixed = match expr {
        Expr::Add(a, b) => {
            let (a, b) = pair(draw, a, b);
            match (draw.pick(4), a) {
                // (x + y) + b = x + (y + b)
                (0, Expr::Add(x, y)) => *x + (*y + b),
                // (x - y) + b = x - (y - b)
                (1, Expr::Sub(x, y)) => *x - (*y - b),
                (2, a) => b + a,
                (_, a) => a + b,
            }
        }
        Expr::Sub(a, b) => {
            let (a, b) = pair(draw, a, b);
            match draw.pick(3) {
                0 => -b + a,
                1 => a + Expr::from(-1.0) * b,
                _ => a - b,
            }
        }
        Expr::Mul(a, b) => {
            let (a, b) = pair(draw, a, b);
            match (draw.pick(3), a) {
                (0, Expr::Mul(x, y)) => *x * (b * *y),
                (1, a) => b * a,
                (_, a) => a * b,
            }
        }
        other => other.clone(),
    };
    match draw.pick(12) {
        0 => Expr::from(1.0) * mixed,
        1 => mixed + 0.0,
        2 => Expr::from(0.5) * mixed * 2.0,
        3 => mixed + 3.0 - 3.0,
        4 => Condition::less(1.0, 2.0).select(mixed, 7.0),
        _ => mixed,
    }
}

/// `model` put together again with each expression replaced.
fn rebuilt(model: &Model, mut replace: impl FnMut(&Expr) -> Expr) -> Model {
    let mut builder = ModelBuilder::new(model.size());
    let states: Vec<StateId> = model
        .states()
        .iter()
        .map(|s| builder.state(&s.name, &s.initial))
        .collect();
    let parameters: Vec<ParameterId> = model
        .parameters()
        .iter()
        .map(|p| builder.parameter(&p.name, &p.values))
        .collect();
    for input in model.inputs() {
        builder.input(&input.name, &input.gain);
    }
    builder.membrane(states[model.membrane()]);
    for (state, id) in model.states().iter().zip(&states) {
        if let Some(k) = state.relative {
            builder.relative(*id, parameters[k]);
        }
    }
    for s in model.statements() {
        builder.assign(states[s.state], replace(&s.expr));
    }
    if let Some(rule) = model.spike() {
        let threshold = replace(&rule.threshold);
        builder.spike(states[rule.state], threshold, rule.when);
        builder.comparison(rule.comparison);
        if let Some(counter) = rule.counter {
            builder.rest_while(states[counter]);
        }
        for s in &rule.resets {
            builder.reset(states[s.state], replace(&s.expr));
        }
    }
    builder.build().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    /// However its terms are ordered and grouped, a model has one kernel and one gain.
    #[test]
    fn order_and_grouping_do_not_matter(seed in any::<u64>()) {
        let draw = &mut Draw(seed);
        let size = 1 + draw.pick(40);
        let neuron = built_in(draw, size);
        let reading = Reading {
            integration: Integration::ALL[draw.pick(2)],
            reset: Reset::ALL[draw.pick(4)],
            reset_step: ResetStep::ALL[draw.pick(2)],
            comparison: Comparison::ALL[draw.pick(2)],
            initial: Initial::ALL[draw.pick(3)],
            refractory: draw.pick(3) as u32,
            // Powers of two, so that constants that are worked out are exact.
            ..Reading::assumed([1.0, 0.5, 0.25][draw.pick(3)])
        };
        let bias = draw.each(size, -0.2, 0.2);
        let model = neuron.model(&reading, &bias).unwrap();
        let other = rebuilt(&model, |expr| shuffled(draw, expr));
        prop_assert_eq!(other.normal(), model.normal());
        let formats = Formats {
            states: vec![Format::new(10); 3],
            accumulator: draw.coin().then(|| Format::new(12)),
        };
        let kernel = |model: &Model| lower(&model.normal(), &formats, Rounding::Nearest).unwrap();
        prop_assert_eq!(kernel(&other), kernel(&model));
        prop_assert!(can_add_directly(&other.normal()));
        prop_assert_eq!(other.normal().chain(), model.normal().chain());
    }
}

/// A membrane, an adaptation and a refractory counter, as a user would write them.
fn adaptive(draw: &mut Draw, size: usize, when: ResetStep) -> Model {
    let mut model = ModelBuilder::new(size);
    let k = model.parameter("k", draw.each(size, 0.05, 0.4));
    let rho = model.parameter("rho", draw.between(0.7, 0.95));
    let beta = model.parameter("beta", draw.each(size, 0.1, 0.5));
    let v_leak = model.parameter("v_leak", draw.between(-0.2, 0.2));
    let input = model.input("current", draw.between(0.5, 1.5));
    let v = model.state("v", 0.0);
    let a = model.state("a", 0.0);
    let excess = model.state("excess", 0.0);
    let wait = model.state("wait", 0.0);
    model.membrane(v);
    if draw.coin() {
        model.relative(v, v_leak);
    }
    let integrated = v + k * (v_leak - v) + input;
    model.assign(
        v,
        Condition::less(0.5, wait).select(Expr::from(v_leak), integrated),
    );
    model.assign(a, rho * a);
    model.assign(
        wait,
        Condition::equal(wait, 0.0).select(0.0, Expr::from(wait) - 1.0),
    );
    model.assign(excess, v - 1.0 - beta * a);
    let zero = model.parameter("zero", 0.0);
    model.spike(excess, zero, when);
    model.reset(
        v,
        if draw.coin() {
            Expr::from(v_leak)
        } else {
            v - 1.0
        },
    );
    model.reset(a, a + 1.0);
    model.reset(wait, 2.0);
    model.build().unwrap()
}

fn options(draw: &mut Draw) -> Options {
    Options {
        rounding: [Rounding::Nearest, Rounding::Stochastic, Rounding::Truncate][draw.pick(3)],
        record: Record {
            output_membranes: draw.coin(),
            spikes: vec!["*".to_owned(); draw.pick(2)],
        },
        ..Options::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// Programs of models with selections run as the interpreter does, unrolled and looped.
    #[test]
    fn program_and_interpreter_agree(seed in any::<u64>()) {
        let draw = &mut Draw(seed);
        let size = [1, 31, 33, 100, 420][draw.pick(5)];
        let when = [ResetStep::Same, ResetStep::Next][draw.pick(2)];
        let model = adaptive(draw, size, when);
        let bias = draw.pick(2) as f64 * 0.05;
        let weights: Vec<f64> = draw.each(9 * size, -0.3, 0.8);
        let network = network(model, 9, |k| weights[k], bias);
        let options = options(draw);
        let input = seeded_spikes(seed, 15, 9, 0.2);
        let calibration = Calibration::Samples(vec![input.clone()]);
        let compiled = compile_network(network, &calibration, &options).unwrap();
        support::lockstep(&compiled, &input, seed);
    }
}

#[test]
fn a_model_with_selections_follows_the_reference() {
    let draw = &mut Draw(3);
    let model = adaptive(draw, 64, ResetStep::Same);
    let weights: Vec<f64> = draw.each(20 * 64, -0.2, 0.6);
    let network = network(model, 20, |k| weights[k], 0.0);
    let compiled = compile_network(network, &Calibration::Seeded, &Options::default()).unwrap();
    let fidelity = &compiled.placed.network.populations[0].fidelity;
    assert!(fidelity.reference_spikes > 1000, "{fidelity:?}");
    assert!(fidelity.spike_error() < 0.03, "{fidelity:?}");
}

#[test]
fn a_model_as_a_user_writes_it_has_the_kernel_of_the_primitive() {
    let size = 3;
    let lif = Lif {
        membrane: Li {
            tau: vec![5.0; size],
            r: vec![2.0; size],
            v_leak: vec![0.125; size],
        },
        firing: Firing {
            threshold: vec![1.0; size],
            v_reset: vec![0.0; size],
        },
    };
    let mut model = ModelBuilder::new(size);
    let input = model.input("input", 1.0);
    let v = model.state("v", 0.0);
    let k = model.parameter("rate", 1.0 / 5.0);
    let leak = model.parameter("leak", 0.125);
    let threshold = model.parameter("threshold", 1.0);
    let v_reset = model.parameter("v_reset", 0.0);
    model.membrane(v);
    model.relative(v, leak);
    model.assign(v, leak * k + input * k * 2.0 + (v - k * v));
    model.spike(v, threshold, ResetStep::Same);
    model.reset(v, v_reset);
    let own = model.build().unwrap().normal();
    let reading = Reading {
        initial: Initial::Zero,
        ..Reading::assumed(1.0)
    };
    let built_in = Neuron::Lif(lif)
        .model(&reading, &[0.0; 3])
        .unwrap()
        .normal();
    let formats = Formats {
        states: vec![Format::new(12)],
        accumulator: None,
    };
    let kernel = |model| lower(model, &formats, Rounding::Nearest).unwrap();
    assert_eq!(kernel(&own), kernel(&built_in));
    assert!(own.chain().is_some());
}

#[test]
fn several_inputs_run_in_floating_point_and_are_refused_by_name() {
    let mut model = ModelBuilder::new(2);
    let exc = model.input("exc", 1.0);
    let inh = model.input("inh", vec![2.0, 4.0]);
    let v = model.state("v", 0.25);
    model.membrane(v);
    model.assign(v, v + exc - inh * v);
    let model = model.build().unwrap();
    let mut state = model.start();
    let spikes = model.step(&mut state, &[vec![1.0, 2.0], vec![0.5, 0.25]], &[]);
    assert!(spikes.is_empty());
    // 0.25 + 1 - 1 * 0.25, 0.25 + 2 - 1 * 0.25
    assert_eq!(model.potentials(&state), [1.0, 2.0]);
    let network = network(model, 3, |_| 1.0, 0.0);
    let error = compile_network(network.clone(), &Calibration::Seeded, &Options::default());
    let error = error.unwrap_err();
    assert!(matches!(&error, CompileError::Inputs { inputs, .. } if inputs == &["exc", "inh"]));
    assert!(error.to_string().contains("`p`") && error.to_string().contains("exc, inh"));
    assert!(Reference::new(&network, &Options::default().readings, &[]).is_err());
    // The same where nothing leads to the population.
    let mut alone = network;
    alone.projections.clear();
    let error = compile_network(alone, &Calibration::Seeded, &Options::default()).unwrap_err();
    assert!(matches!(error, CompileError::Inputs { .. }), "{error}");
}

#[test]
fn a_model_of_another_size_is_refused() {
    let mut model = ModelBuilder::new(2);
    let input = model.input("x", 1.0);
    let v = model.state("v", 0.0);
    model.membrane(v);
    model.assign(v, input);
    let mut network = network(model.build().unwrap(), 3, |_| 1.0, 0.0);
    network.populations[0].shape = vec![3];
    network.populations[0].bias = vec![0.0; 3];
    let error = compile_network(network, &Calibration::Seeded, &Options::default()).unwrap_err();
    assert!(
        error.to_string().contains("3 numbers for 2 neurons"),
        "{error}"
    );
}

/// What the builder finds in a model that `wrong` spoils.
fn errors(wrong: impl Fn(&mut ModelBuilder, StateId, ParameterId)) -> Vec<ModelError> {
    let mut model = ModelBuilder::new(2);
    let input = model.input("x", 1.0);
    let v = model.state("v", 0.0);
    let k = model.parameter("k", 0.5);
    model.membrane(v);
    model.assign(v, k * v + input);
    wrong(&mut model, v, k);
    model.build().map_or_else(|errors| errors.0, |_| Vec::new())
}

#[test]
fn the_builder_tells_all_that_is_wrong() {
    use ModelError as E;
    assert_eq!(errors(|_, _, _| ()), []);
    let mut elsewhere = ModelBuilder::new(2);
    elsewhere.input("a", 1.0);
    let foreign_input = elsewhere.input("b", 1.0);
    elsewhere.state("c", 0.0);
    let foreign_state = elsewhere.state("d", 0.0);
    elsewhere.parameter("e", 0.0);
    let foreign_parameter = elsewhere.parameter("f", 0.0);

    let found = errors(|m, _, _| {
        m.state("2v", 0.0);
        m.parameter("a b", 0.0);
        m.parameter("", 0.0);
    });
    let name = |name: &str| E::Name(name.to_owned());
    assert_eq!(found, [name("2v"), name("a b"), name("")]);
    let found = errors(|m, _, _| {
        m.state("k", 0.0);
        m.parameter("x", 0.0);
    });
    let twice = |name: &str| E::Duplicate(name.to_owned());
    assert_eq!(found, [twice("k"), twice("x")]);
    let found = errors(|m, _, _| {
        m.state("input", 0.0);
    });
    assert_eq!(found, [E::Reserved("state variable")]);
    let found = errors(|m, _, _| {
        m.parameter("three", vec![1.0; 3]);
        m.state("odd", vec![0.0, f64::NAN]);
    });
    assert!(matches!(&found[0], E::Count { found: 3, size: 2, what } if what == "`three`"));
    assert!(matches!(&found[1], E::NotFinite { neuron: 1, .. }));
    assert_eq!(found.len(), 2);
    let found = errors(|m, v, _| m.assign(v, v * f64::INFINITY));
    assert!(matches!(&found[..], [E::Constant { .. }]), "{found:?}");
    let found = errors(|m, v, _| {
        m.assign(v, foreign_state + foreign_input + foreign_parameter);
        m.assign(foreign_state, v);
        m.relative(v, foreign_parameter);
    });
    let unknown = |e: &E| {
        matches!(
            e,
            E::Unknown {
                index: 1,
                count: 1,
                ..
            }
        )
    };
    assert!(found.len() == 5 && found.iter().all(unknown), "{found:?}");
    let found = errors(|m, _, _| {
        m.input("unused", 1.0);
    });
    assert_eq!(found, [E::UnusedInput("unused".to_owned())]);
    let found = errors(|m, v, k| {
        m.spike(v, k, ResetStep::Same);
        m.reset(v, Expr::Input(0));
        m.spike(v, k, ResetStep::Next);
    });
    assert_eq!(found, [E::TwoSpikeRules, E::InputInReset("x".to_owned())]);
    assert_eq!(errors(|m, v, _| m.reset(v, 0.0)), [E::ResetWithoutSpike]);
    assert_eq!(errors(|m, v, _| m.membrane(v)), [E::TwoMembranes]);
    let nothing = ModelBuilder::new(1).build().unwrap_err();
    assert_eq!(nothing.0, [E::NoMembrane]);
    // All of them in one message.
    let mut model = ModelBuilder::new(1);
    model.input("x", 1.0);
    model.state("x", f64::INFINITY);
    let text = model.build().unwrap_err().to_string();
    for part in [
        "finite",
        "membrane",
        "`x` is the name of two things",
        "no statement uses",
    ] {
        assert!(text.contains(part), "{text}");
    }
}
