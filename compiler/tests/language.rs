//! Models that are texts: what they mean, their programs, and what is wrong with bad ones.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use spikevec_compiler::graph::{Connectivity, Network, Population, Projection, Source};
use spikevec_compiler::neuron::{Described, Model, Neuron, Text};
use spikevec_compiler::quantise::{Calibration, seeded_spikes};
use spikevec_compiler::{Options, compile_network};

fn described(source: &str) -> Described {
    match Text::parse("test.neuron", source) {
        Ok(text) => Described::new(Arc::new(text)),
        Err(errors) => panic!("{errors}"),
    }
}

fn model(source: &str) -> Model {
    described(source).model_of(3, 1e-3).unwrap()
}

const ALIF: &str = include_str!("../../examples/neurons/alif.neuron");
const RESTING: &str = include_str!("../../examples/neurons/lif_refractory.neuron");
const IZHIKEVICH: &str = include_str!("../../examples/neurons/izhikevich.neuron");

/// One step of a text in floating point, word by word: a witness that shares nothing with the
/// compiler but the text.
mod witness {
    use std::collections::BTreeMap;

    /// A statement; conditions and values are small closed forms over names.
    #[derive(Debug, Clone)]
    pub enum Do {
        Set(String, Value),
        Let(String, Value),
        If(Test, Vec<Do>, Vec<Do>),
        Spike,
    }

    #[derive(Debug, Clone)]
    pub enum Value {
        Number(f64),
        Name(String),
        Pair(char, Box<Value>, Box<Value>),
        Call(&'static str, Vec<Value>),
    }

    #[derive(Debug, Clone)]
    pub enum Test {
        Compare(&'static str, Value, Value),
        And(Box<Test>, Box<Test>),
        Or(Box<Test>, Box<Test>),
        Not(Box<Test>),
    }

    pub fn text(all: &[Do], indent: usize) -> String {
        let pad = "    ".repeat(indent);
        let one = |d: &Do| match d {
            Do::Set(name, value) => format!("{pad}{name} = {}\n", value.text()),
            Do::Let(name, value) => format!("{pad}let {name} = {}\n", value.text()),
            Do::Spike => format!("{pad}spike()\n"),
            Do::If(test, yes, no) => format!(
                "{pad}if {} {{\n{}{pad}}} else {{\n{}{pad}}}\n",
                test.text(),
                text(yes, indent + 1),
                text(no, indent + 1)
            ),
        };
        all.iter().map(one).collect()
    }

    impl Value {
        pub fn text(&self) -> String {
            match self {
                Value::Number(n) => format!("({n})"),
                Value::Name(name) => name.clone(),
                Value::Pair(sign, a, b) => format!("({} {sign} {})", a.text(), b.text()),
                Value::Call(name, all) => {
                    let all: Vec<String> = all.iter().map(Value::text).collect();
                    format!("{name}({})", all.join(", "))
                }
            }
        }

        pub fn of(&self, names: &BTreeMap<String, f64>) -> f64 {
            match self {
                Value::Number(n) => *n,
                Value::Name(name) => names[name],
                Value::Pair(sign, a, b) => match sign {
                    '+' => a.of(names) + b.of(names),
                    '-' => a.of(names) - b.of(names),
                    _ => a.of(names) * b.of(names),
                },
                Value::Call(name, all) => {
                    let all: Vec<f64> = all.iter().map(|v| v.of(names)).collect();
                    match *name {
                        "abs" => all[0].abs(),
                        "min" => all[0].min(all[1]),
                        _ => all[0].max(all[1]),
                    }
                }
            }
        }
    }

    impl Test {
        pub fn text(&self) -> String {
            match self {
                Test::Compare(sign, a, b) => format!("{} {sign} {}", a.text(), b.text()),
                Test::And(a, b) => format!("({} and {})", a.text(), b.text()),
                Test::Or(a, b) => format!("({} or {})", a.text(), b.text()),
                Test::Not(a) => format!("not ({})", a.text()),
            }
        }

        pub fn of(&self, names: &BTreeMap<String, f64>) -> bool {
            match self {
                Test::Compare(sign, a, b) => {
                    let (a, b) = (a.of(names), b.of(names));
                    match *sign {
                        "<" => a < b,
                        "<=" => a <= b,
                        ">" => a > b,
                        ">=" => a >= b,
                        "==" => a == b,
                        _ => a != b,
                    }
                }
                Test::And(a, b) => a.of(names) && b.of(names),
                Test::Or(a, b) => a.of(names) || b.of(names),
                Test::Not(a) => !a.of(names),
            }
        }
    }

    /// Does it all; true where there was a spike.
    pub fn run(all: &[Do], names: &mut BTreeMap<String, f64>) -> bool {
        let mut spiked = false;
        for step in all {
            match step {
                Do::Set(name, value) | Do::Let(name, value) => {
                    let value = value.of(names);
                    names.insert(name.clone(), value);
                }
                Do::Spike => spiked = true,
                Do::If(test, yes, no) => {
                    let branch = if test.of(names) { yes } else { no };
                    spiked |= run(branch, names);
                }
            }
        }
        spiked
    }
}

use witness::{Do, Test, Value};

/// Eighths, so that sums and products are exact and `==` means something.
fn number() -> impl Strategy<Value = f64> {
    (-12i32..=12).prop_map(|n| f64::from(n) / 4.0)
}

fn value(names: &'static [&'static str]) -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        number().prop_map(Value::Number),
        prop::sample::select(names).prop_map(|name| Value::Name(name.to_owned())),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        let two = (inner.clone(), inner.clone());
        prop_oneof![
            (prop::sample::select(&['+', '-', '*'][..]), two.clone())
                .prop_map(|(sign, (a, b))| Value::Pair(sign, Box::new(a), Box::new(b))),
            two.clone()
                .prop_map(|(a, b)| Value::Call("min", vec![a, b])),
            two.prop_map(|(a, b)| Value::Call("max", vec![a, b])),
            inner.prop_map(|a| Value::Call("abs", vec![a])),
        ]
    })
}

fn test() -> impl Strategy<Value = Test> {
    const SIGNS: &[&str] = &["<", "<=", ">", ">=", "==", "!="];
    let leaf = (prop::sample::select(SIGNS), value(&READ), value(&READ))
        .prop_map(|(sign, a, b)| Test::Compare(sign, a, b));
    leaf.prop_recursive(2, 4, 2, |inner| {
        let two = (inner.clone(), inner.clone());
        prop_oneof![
            two.clone()
                .prop_map(|(a, b)| Test::And(Box::new(a), Box::new(b))),
            two.prop_map(|(a, b)| Test::Or(Box::new(a), Box::new(b))),
            inner.prop_map(|a| Test::Not(Box::new(a))),
        ]
    })
}

/// What an expression may read, and what a statement may set.
const READ: [&str; 6] = ["v", "u", "w", "x", "p", "i"];
const SET: [&str; 4] = ["v", "u", "w", "x"];

fn steps() -> impl Strategy<Value = Vec<Do>> {
    let set = (prop::sample::select(&SET[..]), value(&READ))
        .prop_map(|(name, value)| Do::Set(name.to_owned(), value));
    let leaf = prop_oneof![6 => set, 1 => Just(Do::Spike)];
    let one = leaf.prop_recursive(2, 8, 3, |inner| {
        let block = prop::collection::vec(inner, 0..3);
        (test(), block.clone(), block).prop_map(|(test, yes, no)| Do::If(test, yes, no))
    });
    prop::collection::vec(one, 1..5)
}

/// Gives the branches names of their own: each begins with a `let` that what follows reads.
fn with_lets(all: &mut [Do], depth: usize) {
    for step in all {
        if let Do::If(_, yes, no) = step {
            with_lets(yes, depth + 1);
            with_lets(no, depth + 1);
            let name = format!("t{depth}");
            let pair = |sign, a: &str, b: &str| {
                let name = |name: &str| Box::new(Value::Name(name.to_owned()));
                Value::Pair(sign, name(a), name(b))
            };
            yes.insert(0, Do::Let(name.clone(), pair('-', "v", "u")));
            yes.push(Do::Set("w".to_owned(), pair('+', &name, "p")));
        }
    }
}

/// A text whose last step is the usual one: a comparison and what a spike does.
fn program() -> impl Strategy<Value = Vec<Do>> {
    let reset = (prop::sample::select(&SET[..]), value(&READ))
        .prop_map(|(name, value)| Do::Set(name.to_owned(), value));
    let last = (test(), prop::collection::vec(reset, 0..3), 0..3usize).prop_map(
        |(test, mut resets, at)| {
            resets.insert(at.min(resets.len()), Do::Spike);
            Do::If(test, resets, Vec::new())
        },
    );
    (steps(), prop::option::of(last)).prop_map(|(mut all, last)| {
        with_lets(&mut all, 0);
        all.extend(last);
        all
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    /// A model does in a step what its text says.
    #[test]
    fn a_model_does_what_its_text_says(
        all in program(),
        start in prop::collection::vec(number(), 4),
        arriving in prop::collection::vec(number(), 3),
    ) {
        let [v, u, w, x] = start[..] else { unreachable!() };
        let source = format!(
            "neuron N\nparameter p = 0.75\ninput i\nstate v = {v}\nstate u = {u}\nstate w = {w}\n\
             let x = {x}\nv = v + i\n{}",
            witness::text(&all, 0)
        );
        let model = described(&source).model_of(1, 1e-3).unwrap();
        let mut state = model.start();
        let mut names: BTreeMap<String, f64> =
            [("v", v), ("u", u), ("w", w), ("p", 0.75)].map(|(n, v)| (n.to_owned(), v)).into();
        for i in arriving {
            names.insert("i".to_owned(), i);
            names.insert("x".to_owned(), x);
            *names.get_mut("v").unwrap() += i;
            let expected = witness::run(&all, &mut names);
            if names.values().any(|v| v.abs() > 1e6) {
                break;
            }
            let spikes = model.step(&mut state, &[vec![i]], &[]);
            prop_assert_eq!(!spikes.is_empty(), expected, "{}\n{}", source, model);
            let found = model.potentials(&state)[0];
            prop_assert_eq!(found, names["v"], "{}\n{}", source, model);
        }
    }
}

#[test]
fn examples_run_as_programs() {
    for source in [ALIF, RESTING, IZHIKEVICH] {
        for size in [1, 33] {
            let network = network(described(source), size, 20, 0.2);
            let compiled =
                compile_network(network, &Calibration::Seeded, &Options::default()).unwrap();
            support::lockstep(&compiled, &seeded_spikes(3, 30, 20, 0.2), 5);
        }
    }
}

#[test]
fn adaptation_makes_spikes_rarer_and_rest_bounds_them() {
    let spikes = |model: &Model, i: f64| {
        let mut state = model.start();
        let steps = (0..400).map(|_| model.step(&mut state, &[vec![i; 3]], &[]).contains(&0));
        steps.collect::<Vec<bool>>()
    };
    let count = |steps: &[bool]| steps.iter().filter(|s| **s).count();
    let all = spikes(&model(ALIF), 0.2);
    assert!(count(&all[..200]) > count(&all[200..]) && count(&all[200..]) > 0);
    let all = spikes(&model(RESTING), 50.0);
    // Five steps without a spike after each.
    let places: Vec<usize> = (0..400).filter(|k| all[*k]).collect();
    assert!(
        places.len() > 60 && places.windows(2).all(|p| p[1] - p[0] == 6),
        "{places:?}"
    );
}

#[test]
fn what_nothing_depends_on_and_constant_branches_vanish() {
    let source = "neuron N\nparameter adapts = 0\ninput i\nstate v\nstate a\nstate dead\n\
        dead = dead + i\nlet half = 0.5 * i\nv = 0.5 * v + half\n\
        if adapts == 1 { v = v - a\n a = 0.9 * a }\nif v > 1 { spike() v = 0 }";
    let found = model(source);
    let names: Vec<&str> = found.states().iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["v", "half"], "{found}");
    assert!(found.states()[1].local);
    let mut adapting = described(source);
    adapting.set("adapts", 1.0).unwrap();
    assert_eq!(adapting.model_of(3, 1e-3).unwrap().states().len(), 3);
}

#[test]
fn parameters_are_one_number_or_one_a_neuron() {
    let mut alif = described(ALIF);
    alif.set("beta", vec![0.1, 0.2, 0.3]).unwrap();
    let found = alif.model_of(3, 1e-3).unwrap();
    let beta = found
        .parameters()
        .iter()
        .find(|p| p.name == "beta")
        .unwrap();
    assert_eq!(beta.values, [0.1, 0.2, 0.3]);
    let text = alif.model_of(4, 1e-3).unwrap_err().to_string();
    assert!(
        text.contains("`beta` has 3 numbers for 4 neurons"),
        "{text}"
    );
    let text = alif.set("betta", 1.0).unwrap_err().to_string();
    assert!(
        text.contains("no parameter `betta`") && text.contains("tau_m, tau_a"),
        "{text}"
    );
    let text = described("neuron N\nparameter tau\ninput i\nstate v\nv = tau * i")
        .model_of(1, 1e-3)
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("2:11: error: the parameter `tau` has no value"),
        "{text}"
    );
    let text = described(
        "neuron N\nparameter tau = 0\nconstant k = dt / tau\ninput i\nstate v\nv = k * i",
    )
    .model_of(1, 1e-3)
    .unwrap_err()
    .to_string();
    assert!(
        text.contains("3:10: error: `k` is inf: it must be finite"),
        "{text}"
    );
}

#[test]
fn pinned_formats_are_kept() {
    let source = "neuron N\ninput i\nstate v: q5.10\nlet x: q2.13 = 0.5 * i\nv = 0.9 * v + x";
    let network = network(described(source), 5, 20, 0.2);
    let compiled = compile_network(network, &Calibration::Seeded, &Options::default()).unwrap();
    let kernel = &compiled.placed.network.populations[0].kernel;
    assert_eq!(kernel.states[0].format.to_string(), "q5.10");
    // A local variable has no memory.
    assert_eq!(kernel.states.len(), 2);
}

fn network(neuron: Described, size: usize, inputs: usize, weight: f64) -> Network {
    let weights = (0..inputs * size).map(|k| weight * ((k * 7919 % 101) as f64 / 50.0 - 0.8));
    Network {
        input_shape: vec![inputs],
        stated_dt: Some(1e-3),
        populations: vec![Population {
            name: "p".to_owned(),
            shape: vec![size],
            neuron: Neuron::Described(neuron),
            bias: vec![0.0; size],
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
