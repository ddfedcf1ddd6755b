//! What is said of texts of models with mistakes.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use spikevec_compiler::neuron::{Described, Text};

fn described(source: &str) -> Described {
    match Text::parse("test.neuron", source) {
        Ok(text) => Described::new(Arc::new(text)),
        Err(errors) => panic!("{errors}"),
    }
}

fn errors(source: &str) -> String {
    match Text::parse("test.neuron", source) {
        Ok(_) => panic!("no error"),
        Err(errors) => errors.to_string(),
    }
}

/// Texts with mistakes, the place of each and what is said of it.
const MISTAKES: &[(&str, &[&str])] = &[
    ("", &["1:1: error: the text ends where `neuron NAME`"]),
    (
        "neuron",
        &["the text ends where the model's name is wanted"],
    ),
    (
        "neuron if\nstate v",
        &["1:8: error: `if` is a word of the language"],
    ),
    (
        "synapse S\n",
        &[
            "1:1: error: models of synapses cannot be written yet",
            "begins with `neuron NAME`",
        ],
    ),
    (
        "neuron N\non spike { }\n",
        &["2:1: error: `on` is kept for what a synapse does"],
    ),
    ("neuron N\n", &["the model has no state variable"]),
    (
        "neuron N\nstate v\nv = \n",
        &["the text ends where a number, a name or `(` is wanted"],
    ),
    ("neuron N\nstate v\nv = (1 + 2\n", &["where `)` is wanted"]),
    (
        "neuron N\nstate v\nv = 1 $ 2\n",
        &["3:7: error: `$` has no meaning here"],
    ),
    (
        "neuron N\nstate v\nv = 1e999\n",
        &["3:5: error: `1e999` has no meaning here"],
    ),
    (
        "neuron N\nstate v\nv = vv\n",
        &["3:5: error: `vv` is not known", "did you mean v?"],
    ),
    (
        "neuron N\nstate v\nu = 1\n",
        &["3:1: error: `u` is not declared", "did you mean v?"],
    ),
    (
        "neuron N\nstate v\ncurrent = 1\n",
        &["`state current` keeps it from step to step"],
    ),
    (
        "neuron N\nstate v\nstate v\nv = 1",
        &["3:7: error: `v` is the name of two things"],
    ),
    (
        "neuron N\nstate dt\n",
        &["2:7: error: `dt` is the length of a step"],
    ),
    (
        "neuron N\nstate exp\n",
        &["`exp` is a function and can be no name"],
    ),
    (
        "neuron N\ninput i\nstate v\nv = 1\n",
        &["2:7: error: nothing reads the input `i`"],
    ),
    (
        "neuron N\nparameter p = 1\nstate v\np = v\n",
        &["4:1: error: `p` is a parameter, which is the same in every step"],
    ),
    (
        "neuron N\ninput i\nstate v\nv = 1 / i\n",
        &["4:9: error: the divisor changes from step to step"],
    ),
    ("neuron N\nstate v\nv = v ^ 0.5\n", &["whole powers 1 to 8"]),
    (
        "neuron N\nstate v\nv = exp(v)\n",
        &["3:5: error: `exp` of what changes cannot be worked out"],
    ),
    (
        "neuron N\nstate v\nv = min(v)\n",
        &["`min` has 2 arguments, not 1"],
    ),
    (
        "neuron N\nstate v\nv = foo(v)\n",
        &["there is no function `foo`"],
    ),
    (
        "neuron N\nstate v\nv = exp\n",
        &["`exp` is a function: its argument goes into brackets"],
    ),
    (
        "neuron N\nstate v\nv = spike()\n",
        &["`spike()` is a statement and has no value"],
    ),
    (
        "neuron N\nstate v\nv = v > 1\n",
        &["3:5: error: a condition stands where a number is wanted"],
    ),
    (
        "neuron N\nstate v\nif v { v = 1 }\n",
        &["3:4: error: a number stands where a condition is wanted"],
    ),
    (
        "neuron N\nstate v\nif 0 < v < 1 { v = 1 }\n",
        &["two comparisons in a row: join them with `and`"],
    ),
    (
        "neuron N\nstate v\nif v > 1 { v = 1\n",
        &["the text ends where `}` is wanted"],
    ),
    (
        "neuron N\nconstant k = v\nstate v\nv = k\n",
        &["2:14: error: `v` is not known", "must be declared above"],
    ),
    (
        "neuron N\nconstant k\nstate v\nv = k\n",
        &["2:10: error: the constant `k` has no value"],
    ),
    (
        "neuron N\nstate u\nstate v = u\nv = u\n",
        &["3:11: error: `u` changes from step to step"],
    ),
    (
        "neuron N\nstate v around u\nv = 1\n",
        &["2:16: error: `u` is neither a parameter nor a constant"],
    ),
    (
        "neuron N\nstate v: q9.9\nv = 1\n",
        &["2:10: error: `q9.9` is not a 16-bit format"],
    ),
    (
        "neuron N\nparameter p: q7.8 = 1\nstate v\nv = p\n",
        &["only state variables and `let` have a format"],
    ),
    (
        "neuron N\nstate v\nmembrane p\nv = 1\n",
        &["3:10: error: `p` is no state variable"],
    ),
    (
        "neuron N\nstate v\nlet x = 1\nlet x = 2\nv = x\n",
        &["4:5: error: `x` has a value already"],
    ),
    (
        "neuron N\nstate v\nif v > 0 { let x = 1 }\nv = x\n",
        &["4:5: error: `x` is not known"],
    ),
    (
        "neuron N\nstate v\nstat w\nv = 1\n",
        &[
            "`w` stands where `=` behind `stat` is wanted",
            "did you mean state?",
        ],
    ),
    // All of them at once.
    (
        "neuron N\nstate v\nv = a + b\nw = c\n",
        &[
            "`a` is not known",
            "`b` is not known",
            "`w` is not declared",
            "`c` is not known",
            "4 errors",
        ],
    ),
];

#[test]
fn mistakes_are_told_with_their_places() {
    for (source, wanted) in MISTAKES {
        let found = errors(source);
        for wanted in *wanted {
            assert!(found.contains(wanted), "{source}\n{wanted}\n{found}");
        }
        assert!(found.contains("test.neuron:"), "{found}");
    }
}

#[test]
fn long_and_deep_texts_are_refused_at_once() {
    let deep = format!("neuron N\nstate v\nv = {}1", "(".repeat(5000));
    assert!(errors(&deep).contains("more than 100 brackets"));
    let signs = format!("neuron N\nstate v\nv = {}1", "-".repeat(5000));
    assert!(errors(&signs).contains("more than 100 brackets"));
    let nots = format!("neuron N\nstate v\nif {}v > 1 {{ }}", "not ".repeat(5000));
    assert!(errors(&nots).contains("more than 100 brackets"));
    let blocks = format!("neuron N\nstate v\n{}", "if v > 1 { ".repeat(5000));
    assert!(errors(&blocks).contains("more than 100 brackets"));
    let chain = format!(
        "neuron N\nstate v\nif v > 1 {{ }} {}",
        "else if v > 1 { } ".repeat(2000)
    );
    assert!(errors(&chain).contains("more than 100 brackets"));
    let wide = format!("neuron N\nstate v\nv = 1{}", " + 1".repeat(5000));
    assert!(errors(&wide).contains("more than 1000 words"));
    let long = format!("neuron N\nstate v\nv = 1 # {}", "x".repeat(70_000));
    assert!(errors(&long).contains("65536 is the most"));
    // Branches that double an expression each time.
    let mut doubling = "neuron N\ninput i\nstate v\nif v > 0 {\nlet x = v + i\n".to_owned();
    for _ in 0..60 {
        doubling.push_str("x = x * x\n");
    }
    doubling.push_str("v = x }\n");
    let text = described(&doubling)
        .model_of(1, 1e-3)
        .unwrap_err()
        .to_string();
    assert!(text.contains("more than 4000 parts"), "{text}");
    let nested = format!(
        "neuron N\ninput i\nstate v\nv = {}i{}",
        "min(v, max(i, ".repeat(40),
        "))".repeat(40)
    );
    assert!(
        described(&nested)
            .model_of(1, 1e-3)
            .unwrap_err()
            .to_string()
            .contains("4000 parts")
    );
    // Each choice stands once, however many conditions decide over it.
    let choices = vec!["(v > i or v < 0.5)"; 60].join(" and ");
    let choices = format!("neuron N\ninput i\nstate v\nv = v + i\nif {choices} {{ v = 0 }}");
    assert!(described(&choices).model_of(1, 1e-3).is_ok());
}
