//! FeNN's headline: its trained network for spoken digits (700-256-20, adaptive neurons with
//! refractory time), on its own weights.

use std::path::Path;

use spikevec::compiler::options::Options;
use spikevec::isa::fixed::Rounding;
use spikevec::runtime::data::{Sample, read_arrays};
use spikevec::{Calibration, CompileOptions, Data, Model, Program, Run, RunOptions};

use crate::common::{Folder, shared};

const OUTPUT: &str = "neuron Output\nparameter tau_m = 20e-3\nconstant alpha = exp(-dt / tau_m)\ninput i\n\
    state v\nv = alpha * v + i\n";

/// The network for a test, its recurrent weights times `recurrence` and those of the input times `drive`.
fn model(test: &str, data: &Path, recurrence: f64, drive: f64) -> Model {
    let folder = Folder::new(&format!("{test}-{recurrence}-{drive}"));
    let hidden = include_str!("../../../examples/neurons/alif_refractory.neuron");
    folder.text("hidden.neuron", hidden);
    folder.text("out.neuron", OUTPUT);
    let arrays = data.join("network.npz").display().to_string();
    let projection = |from: &str, to: &str, array: &str, scale: f64| {
        format!(
            "[[projections]]\nfrom = '{from}'\nto = '{to}'\nweights = '{arrays}:{array}'\nscale = {scale:?}\n"
        )
    };
    let text = [
        "spikevec = 1\ndt = 1e-3\noutputs = ['out']\n[input]\nneurons = 700\n".to_owned(),
        "[populations.hidden]\nneurons = 256\nmodel = 'hidden.neuron'\n".to_owned(),
        format!("[populations.out]\nneurons = 20\nmodel = 'out.neuron'\nbias = '{arrays}:bias'\n"),
        projection("input", "hidden", "w_in", drive),
        projection("hidden", "hidden", "w_rec", recurrence),
        projection("hidden", "out", "w_out", 1.0),
    ];
    Model::from_description(&text.concat(), &folder.path(""), "fenn.toml").unwrap()
}

/// The recording of a spoken digit, in steps of a millisecond.
fn digit(data: &Path) -> Sample {
    let arrays = read_arrays(&data.join("sample.npz")).unwrap();
    let column = |name: &str| {
        let (_, array) = arrays.iter().find(|(own, _)| own == name).unwrap();
        (0..array.values.len())
            .map(|k| array.values.whole(k).unwrap())
            .collect::<Vec<u64>>()
    };
    let (times, places) = (column("t"), column("x"));
    let mut sample = vec![Vec::new(); *times.iter().max().unwrap() as usize + 1];
    for (time, place) in times.iter().zip(places) {
        sample[*time as usize].push(place as u32);
    }
    sample.iter_mut().for_each(|step| step.sort_unstable());
    sample
}

fn compile(model: &Model, on: &Sample, rounding: Rounding) -> Program {
    let options = CompileOptions {
        compiler: Options {
            rounding,
            ..Options::default()
        },
        calibration: Calibration::Samples(vec![on.clone()]),
    };
    model.compile(&options).unwrap()
}

fn run(program: &Program, input: &Sample, seed: u64) -> Run {
    let options = RunOptions {
        seed: Some(seed),
        ..RunOptions::default()
    };
    program
        .run(&Data::new(700, vec![input.clone()]), &options)
        .unwrap()
}

#[test]
fn hidden_spikes_fall_in_their_step_and_rates_are_those_of_float() {
    let Some(data) = shared("shd_alif") else {
        return;
    };
    let digit = digit(&data);
    let alone = run(
        &compile(&model("rates", &data, 0.0, 1.0), &digit, Rounding::Nearest),
        &digit,
        1,
    );
    let difference = alone.report.populations[0].difference.as_ref().unwrap();
    let elsewhere = difference.moved_spikes + difference.missing_spikes;
    let share = 1.0 - elsewhere as f64 / difference.reference_spikes as f64;
    println!(
        "without recurrence {:.2} % of the hidden spikes fall in float's step",
        100.0 * share
    );
    assert!(share >= 0.98, "{difference:?}");
    // With it the network is chaotic: rates stay.
    let program = compile(
        &model("rates", &data, 1.0, 1.0),
        &digit,
        Rounding::Stochastic,
    );
    for seed in 1..=10 {
        let run = run(&program, &digit, seed);
        let hidden = &run.report.populations[0];
        let (fixed, float) = (
            hidden.spikes_per_step.unwrap(),
            hidden.float_spikes_per_step.unwrap(),
        );
        println!("seed {seed}: {fixed:.2} hidden spikes a step, {float:.2} in float");
        assert!((fixed - float).abs() <= 0.03 * float, "{fixed} {float}");
    }
}

#[test]
fn clocks_are_within_those_aimed_at() {
    let Some(data) = shared("shd_alif") else {
        return;
    };
    let digit = digit(&data);
    // So weak an input that nothing spikes but it, and the network as it is.
    let quiet = compile(
        &model("clocks", &data, 1.0, 0.01),
        &digit,
        Rounding::Nearest,
    );
    let loud = compile(&model("clocks", &data, 1.0, 1.0), &digit, Rounding::Nearest);
    let clocks = |program: &Program, input: &Sample| {
        let run = run(program, input, 1);
        let hidden = run.report.populations[0].spikes_per_step.unwrap();
        (run.report.timing.cycles_per_step.unwrap(), hidden)
    };
    let silence = vec![Vec::new(); 500];
    let seven: Sample = (0..500u32)
        .map(|t| (0..7).map(|k| k * 100 + t * 37 % 100).collect())
        .collect();
    let (step, _) = clocks(&quiet, &silence);
    let (with_input, none) = clocks(&quiet, &seven);
    assert!(none == 0.0);
    let input = (with_input - step) / 7.0;
    let (silent, _) = clocks(&loud, &silence);
    let (with_hidden, spikes) = clocks(&loud, &seven);
    let hidden = (with_hidden - silent - 7.0 * input) / spikes;
    println!("{step:.1} clocks a step, {input:.1} an input spike, {hidden:.1} a hidden spike");
    println!(
        "{:.0} at 7 and 1; FeNN takes 1890",
        step + 7.0 * input + hidden
    );
    assert!(step <= 185.0 && input <= 26.0 && hidden <= 40.0);
}
