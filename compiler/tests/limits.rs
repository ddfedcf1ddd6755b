//! Formats that do not hold, networks that do not fit, options that name nothing.
#![allow(clippy::unwrap_used)]

use spikevec_compiler::graph::{Connectivity, Network, Population, Projection, Source};
use spikevec_compiler::neuron::{Firing, Li, Lif, Neuron};
use spikevec_compiler::quantise::Calibration;
use spikevec_compiler::{CompileError, Options, compile_network};
use spikevec_isa::{Extension, Memory, Target};

fn network(inputs: usize, size: usize, weight: f64, threshold: f64) -> Network {
    let neuron = Neuron::Lif(Lif {
        membrane: Li {
            tau: vec![4.0; size],
            r: vec![4.0; size],
            v_leak: vec![0.0; size],
        },
        firing: Firing {
            threshold: vec![threshold; size],
            v_reset: vec![0.0; size],
        },
    });
    Network {
        input_shape: vec![inputs],
        stated_dt: Some(1.0),
        populations: vec![Population {
            name: "hidden".to_owned(),
            neuron,
            shape: vec![size],
            bias: vec![0.0; size],
        }],
        projections: vec![Projection {
            source: Source::Input,
            target: 0,
            connectivity: Connectivity::dense(vec![weight; inputs * size]),
            delay: 0,
        }],
        outputs: vec![0],
        warnings: Vec::new(),
    }
}

fn error(network: Network, options: &Options) -> CompileError {
    compile_network(network, &Calibration::Seeded, options).unwrap_err()
}

fn pinned(name: &str, format: &str) -> Options {
    let mut options = Options::default();
    options
        .formats
        .insert(name.to_owned(), format.parse().unwrap());
    options
}

#[test]
fn pinned_formats_are_used() {
    let compiled = compile_network(
        network(8, 40, 0.25, 1.0),
        &Calibration::Seeded,
        &pinned("hidden.v", "q5.10"),
    )
    .unwrap();
    let kernel = &compiled.placed.network.populations[0].kernel;
    assert_eq!(kernel.states[kernel.membrane].format.to_string(), "q5.10");
}

#[test]
fn a_pin_that_does_not_hold_the_values_is_refused() {
    let text = error(network(8, 40, 0.25, 1.5), &pinned("hidden.v", "q0.15")).to_string();
    assert!(
        text.contains("`hidden`: threshold") && text.contains("q0.15") && text.contains("1.5"),
        "{text}"
    );
    let text = error(network(8, 40, 0.25, 1.0), &pinned("hiden.v", "q5.10")).to_string();
    assert!(
        text.contains("hiden.v") && text.contains("hidden.v, hidden.input"),
        "{text}"
    );
}

#[test]
fn values_beyond_16_bits_are_refused() {
    let text = error(network(8, 40, 1e6, 1.0), &Options::default()).to_string();
    assert!(
        text.contains("`hidden`: the values of weights go up to 1.0000e6"),
        "{text}"
    );
}

#[test]
fn a_network_that_does_not_fit_says_which_tensor_takes_how_much() {
    let found = error(network(2000, 512, 0.01, 1.0), &Options::default());
    let CompileError::TooLarge {
        memory,
        needed,
        available,
        ..
    } = &found
    else {
        panic!("{found}");
    };
    // 2000 rows of 16 vectors of 64 bytes, and the state with its image.
    assert_eq!((*memory, *available), (Memory::Vector, 512 << 10));
    assert_eq!(*needed, (2000 + 2) * 16 * 64);
    let text = found.to_string();
    assert!(
        text.contains("2048000 bytes  input -> hidden: weights"),
        "{text}"
    );
    assert!(text.contains("--target large"), "{text}");
    let options = Options {
        target: Target::large(),
        ..Options::default()
    };
    assert!(
        compile_network(
            network(2000, 512, 0.01, 1.0),
            &Calibration::Seeded,
            &options
        )
        .is_ok()
    );
}

#[test]
fn code_that_does_not_fit_is_rolled_into_loops() {
    let compile = |words: u32| {
        let mut target = Target::base();
        target.instruction_bytes = 4 * words;
        let options = Options {
            target,
            ..Options::default()
        };
        compile_network(network(8, 384, 0.25, 1.0), &Calibration::Seeded, &options)
    };
    let roomy = compile(1024).unwrap().image.code.len();
    let tight = compile(100).unwrap().image.code.len();
    assert!(tight <= 100 && roomy > 100, "{tight} {roomy}");
    let found = compile(20).unwrap_err();
    assert!(
        matches!(
            found,
            CompileError::TooLarge {
                memory: Memory::Instruction,
                ..
            }
        ),
        "{found}"
    );
}

#[test]
fn calibration_of_another_width_is_refused() {
    let samples = Calibration::Samples(vec![vec![vec![1], vec![2, 8]]]);
    let found =
        compile_network(network(8, 4, 0.25, 1.0), &samples, &Options::default()).unwrap_err();
    let text = found.to_string();
    assert!(
        text.contains("sample 0 has input 8 in step 1") && text.contains("8 inputs (0 to 7)"),
        "{text}"
    );
}

#[test]
fn a_recording_of_nothing_is_refused() {
    let mut options = Options::default();
    options.record.spikes = vec!["nobody".to_owned()];
    let text = error(network(8, 4, 0.25, 1.0), &options).to_string();
    assert!(
        text.contains("--record nobody") && text.contains("hidden"),
        "{text}"
    );
}

#[test]
fn the_same_options_give_the_same_image() {
    let compile = || {
        compile_network(
            network(30, 70, 0.2, 1.0),
            &Calibration::Seeded,
            &Options::default(),
        )
        .unwrap()
    };
    assert_eq!(compile().image, compile().image);
}

#[test]
fn a_program_needs_no_extension_that_the_target_does_not_name() {
    let mut options = Options::default();
    let kept = |e: &Extension| *e != Extension::Vector;
    options.target.extensions.retain(kept);
    let compile =
        |options| compile_network(network(3, 5, 0.25, 1.0), &Calibration::Seeded, options);
    let error = compile(&options).unwrap_err();
    assert!(
        matches!(
            error,
            CompileError::Extension {
                extension: Extension::Vector,
                ..
            }
        ),
        "{error}"
    );
    assert!(compile(&Options::default()).is_ok());
}

#[test]
fn code_that_cannot_fit_is_refused_before_formats_are_searched() {
    let one = network(4, 4, 0.25, 1.0);
    let mut many = one.clone();
    for k in 1..3000 {
        let mut population = one.populations[0].clone();
        population.name = format!("p{k}");
        many.populations.push(population);
        let mut projection = one.projections[0].clone();
        (projection.source, projection.target) = (Source::Population(k - 1), k);
        many.projections.push(projection);
    }
    let options = Options {
        target: Target::large(),
        ..Options::default()
    };
    let begin = std::time::Instant::now();
    let error = error(many, &options);
    // The search takes seconds for each hundred populations.
    assert!(begin.elapsed().as_secs() < 5);
    assert!(
        matches!(&error, CompileError::TooLarge { memory: Memory::Instruction, needed, .. }
            if *needed > 64 << 10),
        "{error}"
    );
    assert!(error.to_string().contains("3000 populations"), "{error}");
}
