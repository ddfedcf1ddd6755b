//! Samples through a program, in any number of runs.

use proptest::prelude::*;
use spikevec_runtime::{
    SampleResult, Session, SessionError, SessionOptions, SimulatorBackend, SimulatorOptions,
};

use crate::echo::{self, Form, MAX_STEPS, NEURONS};

fn session(form: Form, options: &SessionOptions) -> Session<SimulatorBackend> {
    let image = echo::image(form);
    let backend = SimulatorBackend::for_image(&image, SimulatorOptions::default()).unwrap();
    Session::new(backend, &image, options).unwrap()
}

fn check(result: &SampleResult, sample: &[Vec<u32>], seed: u64, index: u64) {
    assert_eq!(result.steps, sample.len());
    assert_eq!(result.spikes["out"], sample);
    let spikes: usize = sample.iter().map(Vec::len).sum();
    assert_eq!(result.spike_counts["out"], spikes as u64);
    let v = &result.membranes["out"];
    assert_eq!((v.fraction, v.neurons), (8, NEURONS as usize));
    assert_eq!(v.values, echo::expected_v(sample, seed, index).0);
    assert!(!result.rng_used_unseeded);
}

#[test]
fn a_sample_longer_than_the_buffers_is_cut_into_runs() {
    let sample = echo::sample(100, 20, 1);
    for (form, runs) in [(Form::Bits, 7), (Form::List(2000), 7)] {
        let mut session = session(form, &SessionOptions::default());
        let result = session.run_sample(&sample, 3).unwrap();
        check(&result, &sample, 7, 3);
        assert_eq!(result.runs, runs);
        let state = session.read_state("out.v_now").unwrap();
        let last = &result.membranes["out"].values[99 * 40..];
        assert_eq!(state.values, last);
    }
}

#[test]
fn a_small_input_buffer_makes_more_runs() {
    let sample = echo::sample(50, 20, 2);
    let largest = sample.iter().map(Vec::len).max().unwrap() as u32;
    let mut tight = session(Form::List(largest + 1), &SessionOptions::default());
    let result = tight.run_sample(&sample, 0).unwrap();
    check(&result, &sample, 7, 0);
    assert!(result.runs > 50 / MAX_STEPS + 1, "{} runs", result.runs);

    let mut short = session(Form::List(largest), &SessionOptions::default());
    let error = short.run_sample(&sample, 0).unwrap_err();
    let SessionError::StepTooLarge {
        step,
        spikes,
        words,
        ..
    } = error
    else {
        panic!("{error}");
    };
    assert_eq!((spikes as u32, words as u32), (largest, largest));
    assert_eq!(sample[step].len(), spikes);
    assert!(
        error.to_string().contains(&format!("step {step}")),
        "{error}"
    );
}

#[test]
fn samples_do_not_depend_on_what_ran_before() {
    let samples: Vec<_> = (0..4).map(|k| echo::sample(30, 9, k)).collect();
    let mut session = session(Form::List(64), &SessionOptions::default());
    for index in [2, 0, 3, 1, 2] {
        let result = session.run_sample(&samples[index], index as u64).unwrap();
        check(&result, &samples[index], 7, index as u64);
    }
    let again = session.run_sample(&samples[0], 1).unwrap();
    let other = echo::expected_v(&samples[0], 7, 0).0;
    assert_ne!(again.membranes["out"].values, other, "another stream");
}

#[test]
fn the_seed_can_be_chosen() {
    let sample = echo::sample(10, 3, 0);
    let options = SessionOptions {
        seed: Some(99),
        ..SessionOptions::default()
    };
    let result = session(Form::Bits, &options)
        .run_sample(&sample, 4)
        .unwrap();
    check(&result, &sample, 99, 4);
}

#[test]
fn a_sample_without_steps_or_without_spikes() {
    let mut session = session(Form::List(8), &SessionOptions::default());
    let empty = session.run_sample(&[], 0).unwrap();
    assert_eq!((empty.steps, empty.runs, empty.instructions), (0, 0, 0));
    assert_eq!(empty.spikes["out"], Vec::<Vec<u32>>::new());
    assert_eq!(empty.spike_counts["out"], 0);
    let silent = vec![vec![]; 20];
    check(&session.run_sample(&silent, 0).unwrap(), &silent, 7, 0);
}

#[test]
fn more_spikes_than_neurons_can_fire_are_no_result() {
    // This program counts what it is fed, so that one input that spikes often makes it count too much.
    let mut session = session(Form::List(128), &SessionOptions::default());
    let neurons = NEURONS as usize;
    let all = [vec![3; neurons], vec![4; neurons]];
    let result = session.run_sample(&all, 0).unwrap();
    assert_eq!(result.spike_counts["out"], 2 * u64::from(NEURONS));
    let error = session.run_sample(&[vec![3; neurons + 1]], 6).unwrap_err();
    assert!(
        matches!(
            error,
            SessionError::Spikes {
                sample: 6,
                neurons: NEURONS,
                steps: 1,
                ..
            }
        ),
        "{error}"
    );
    let text = error.to_string();
    let most = format!("{NEURONS} times in 1 steps");
    assert!(text.contains("\"out\"") && text.contains(&most), "{text}");
}

#[test]
fn counts_are_repeated_in_lists_and_refused_in_bits() {
    let sample = vec![vec![1, 3, 3, 3], vec![]];
    let mut list = session(Form::List(8), &SessionOptions::default());
    let result = list.run_sample(&sample, 0).unwrap();
    assert_eq!(result.spike_counts["out"], 4);
    let mut bits = session(Form::Bits, &SessionOptions::default());
    let error = bits.run_sample(&sample, 5).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("put a dense layer (Linear or Affine) behind the Input")
    );
    let SessionError::Count {
        sample,
        step,
        neuron,
        count,
    } = error
    else {
        panic!("{error}");
    };
    assert_eq!((sample, step, neuron, count), (5, 0, 3, 3));
}

#[test]
fn neurons_that_are_not_there_and_unsorted_steps_are_refused() {
    let mut session = session(Form::Bits, &SessionOptions::default());
    let error = session.run_sample(&[vec![], vec![NEURONS]], 9).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("sample 9, step 1") && text.contains("40"),
        "{text}"
    );
    let error = session.run_sample(&[vec![5, 4]], 0).unwrap_err();
    assert!(
        matches!(
            error,
            SessionError::Order {
                before: 5,
                neuron: 4,
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn a_program_that_does_not_end_is_named_with_its_steps() {
    let options = SessionOptions {
        budget: Some(300),
        ..SessionOptions::default()
    };
    let mut session = session(Form::Bits, &options);
    let error = session.run_sample(&echo::sample(16, 2, 0), 2).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("sample 2, steps 0 to 15")
            && text.contains("after 300 instructions: it is in the loop from pc 0x"),
        "{text}"
    );
}

#[test]
fn an_unknown_state_names_those_there_are() {
    let mut session = session(Form::Bits, &SessionOptions::default());
    let text = session.read_state("out.w").unwrap_err().to_string();
    assert!(
        text.contains("out.w") && text.contains("out.v_now"),
        "{text}"
    );
    assert_eq!(session.state_names().collect::<Vec<_>>(), ["out.v_now"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    /// Any length of a run and any size of the input buffer give the same result.
    #[test]
    fn results_do_not_depend_on_the_chunks(
        steps in 1usize..60,
        max_steps in 1usize..40,
        words in 13u32..120,
        seed in any::<u64>(),
    ) {
        let sample = echo::sample(steps, 12, seed);
        let options = SessionOptions { max_steps: Some(max_steps), ..SessionOptions::default() };
        for form in [Form::List(words), Form::Bits] {
            let result = session(form, &options).run_sample(&sample, 11).unwrap();
            check(&result, &sample, 7, 11);
            let least = steps.div_ceil(max_steps.min(MAX_STEPS as usize));
            prop_assert!(result.runs as usize >= least);
        }
    }
}
