//! Data sets, and readouts.

use std::sync::Mutex;

use spikevec_assembler::image::{Buffer, Manifest, Role};
use spikevec_assembler::{ElfFile, ElfWarning, Image, write_elf};
use spikevec_isa::Memory;
use spikevec_runtime::{
    Backend, BackendError, Counters, EvaluateError, EvaluateOptions, ImageError, Membranes,
    OutputView, Readout, ReadoutError, RunOutcome, Sample, Session, SessionError, SessionOptions,
    SimulatorBackend, SimulatorOptions, Summary, count_right, count_silent, evaluate, load_image,
    output_population,
};

use crate::echo::{self, Form, NEURONS};
use crate::files::Folder;

fn session(image: &Image) -> Session<SimulatorBackend> {
    let counting = SimulatorOptions {
        strict: true,
        count_saturation: true,
    };
    let backend = SimulatorBackend::for_image(image, counting).unwrap();
    Session::new(backend, image, &SessionOptions::default()).unwrap()
}

fn samples() -> Vec<Sample> {
    (0..25)
        .map(|k| echo::sample(10 + 3 * k, 6, k as u64))
        .collect()
}

fn in_threads(
    threads: usize,
    session: &mut Session<SimulatorBackend>,
    labels: Option<&[usize]>,
) -> Summary {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .unwrap();
    let options = EvaluateOptions::default();
    pool.install(|| evaluate(session, &samples(), labels, &options, &|_| {}))
        .unwrap()
}

#[test]
fn a_data_set_adds_up() {
    let image = echo::image(Form::List(64));
    let mut session = session(&image);
    let samples = samples();
    let labels: Vec<usize> = samples.iter().map(|s| most_frequent(s)).collect();
    let mut wrong = labels.clone();
    wrong[3] = (wrong[3] + 1) % NEURONS as usize;
    let seen = Mutex::new(Vec::new());
    let options = EvaluateOptions::default();
    let progress = |done| seen.lock().unwrap().push(done);
    let summary = evaluate(&mut session, &samples, Some(&wrong), &options, &progress).unwrap();

    assert_eq!(summary.readout, Readout::Count);
    let classes: Vec<Option<usize>> = labels.iter().copied().map(Some).collect();
    assert_eq!(summary.predictions, classes);
    assert_eq!((summary.samples, summary.correct), (25, Some(24)));
    assert_eq!(summary.accuracy, Some(0.96));
    let mut seen = seen.into_inner().unwrap();
    seen.sort_unstable();
    assert_eq!(seen, (1..=25).collect::<Vec<_>>());

    let steps: usize = samples.iter().map(Vec::len).sum();
    let spikes: usize = samples.iter().flatten().map(Vec::len).sum();
    assert_eq!(summary.steps, steps as u64);
    let out = &summary.populations[1];
    assert_eq!(
        (out.name.as_str(), out.spikes),
        ("out", Some(spikes as u64))
    );
    assert_eq!(out.spikes_per_step, Some(spikes as f64 / steps as f64));
    assert_eq!(summary.populations[0].spikes, None);
    assert_eq!(summary.populations[0].saturated, None);
    assert!(summary.instructions_per_step > 20.0 && summary.instructions_per_step < 200.0);
    assert!(summary.seconds > 0.0 && summary.instructions_per_second > 0.0);
    assert!(!summary.rng_used_unseeded);

    // The second site's padding lanes clamp too and must not count.
    let each = samples.iter().enumerate();
    let clamped: u64 = each.map(|(k, s)| echo::expected_v(s, 7, k as u64).1).sum();
    assert!(clamped > 0);
    assert_eq!(out.values, steps as u64 * u64::from(NEURONS));
    assert_eq!(out.saturated_values, clamped);
    assert_eq!(out.saturated, Some(clamped as f64 / out.values as f64));
}

#[test]
fn threads_do_not_change_results() {
    let image = echo::image(Form::Bits);
    let mut session = session(&image);
    let one = in_threads(1, &mut session, None);
    let four = in_threads(4, &mut session, None);
    assert_eq!(one.results, four.results);
    assert_eq!(one.predictions, four.predictions);
    assert_eq!(one.populations, four.populations);
    assert_eq!(one.instructions, four.instructions);
    assert_eq!(one.correct, None);
}

#[test]
fn what_ran_before_is_not_counted() {
    let image = echo::image(Form::Bits);
    let mut session = session(&image);
    let fresh = in_threads(2, &mut session, None);
    session.run_sample(&echo::sample(80, 5, 0), 0).unwrap();
    assert_eq!(
        in_threads(3, &mut session, None).populations,
        fresh.populations
    );
}

#[test]
fn a_data_set_without_samples() {
    let mut session = session(&echo::image(Form::Bits));
    let options = EvaluateOptions::default();
    let summary = evaluate(&mut session, &[], Some(&[]), &options, &|_| {}).unwrap();
    assert_eq!((summary.samples, summary.accuracy), (0, None));
    assert_eq!(summary.instructions_per_step, 0.0);
}

#[test]
fn labels_that_do_not_fit_are_refused() {
    let mut session = session(&echo::image(Form::Bits));
    let options = EvaluateOptions::default();
    let mut run = |labels: &[usize]| {
        evaluate(&mut session, &samples(), Some(labels), &options, &|_| {}).unwrap_err()
    };
    let text = run(&[0; 24]).to_string();
    assert!(
        text.contains("24 labels") && text.contains("25 samples"),
        "{text}"
    );
    let mut labels = [0; 25];
    labels[4] = 40;
    let error = run(&labels);
    assert!(
        matches!(
            error,
            EvaluateError::Label {
                sample: 4,
                label: 40,
                classes: 40
            }
        ),
        "{error}"
    );
}

#[test]
fn the_first_bad_sample_is_reported_whatever_the_threads() {
    let mut session = session(&echo::image(Form::Bits));
    let mut samples = samples();
    samples[20][0] = vec![100];
    samples[9][1] = vec![41];
    for threads in [1, 4] {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let options = EvaluateOptions::default();
        let error = pool.install(|| evaluate(&mut session, &samples, None, &options, &|_| {}));
        let text = error.unwrap_err().to_string();
        assert!(text.contains("sample 9, step 1"), "{text}");
    }
}

#[test]
fn an_unseeded_generator_is_reported() {
    let mut image = echo::image(Form::Bits);
    let manifest = image.manifest.as_mut().unwrap();
    manifest.buffers.retain(|buffer| buffer.name != "seed");
    assert!(in_threads(2, &mut session(&image), None).rng_used_unseeded);
}

#[test]
fn the_default_readout_follows_the_output() {
    let mut image = echo::image(Form::Bits);
    let manifest = image.manifest.as_mut().unwrap();
    let default = |manifest: &Manifest| {
        let output = output_population(manifest, None)?;
        Ok(Readout::default_for(&output))
    };
    assert_eq!(default(manifest), Ok(Readout::Count));
    manifest.populations[1].spiking = false;
    assert_eq!(default(manifest), Ok(Readout::MaxV));
    manifest
        .buffers
        .retain(|buffer| buffer.role != Role::Output);
    assert_eq!(default(manifest), Err(ReadoutError::NoOutput));
}

/// A second output, of which nothing is ever recorded.
#[test]
fn one_of_several_outputs_is_chosen_by_name() {
    let mut image = echo::image(Form::Bits);
    let manifest = image.manifest.as_mut().unwrap();
    let mut note = manifest.populations[1].clone();
    (note.name, note.neurons) = ("silent".to_owned(), 7);
    manifest.populations.push(note);
    let spikes = manifest.buffer("out.spikes").unwrap().clone();
    manifest.buffers.push(Buffer {
        name: "silent.spikes".to_owned(),
        population: "silent".to_owned(),
        address: 0x6000,
        shape: vec![16, 7],
        step_stride: 4,
        ..spikes
    });
    let mut session = session(&image);
    let mut run = |output: Option<&str>, labels: Option<&[usize]>| {
        let options = EvaluateOptions {
            output: output.map(str::to_owned),
            ..EvaluateOptions::default()
        };
        evaluate(&mut session, &samples(), labels, &options, &|_| {})
    };
    let (first, out, silent) = (
        run(None, None),
        run(Some("out"), None),
        run(Some("silent"), None),
    );
    let (first, out, silent) = (first.unwrap(), out.unwrap(), silent.unwrap());
    assert_eq!(
        (first.output.as_str(), silent.output.as_str()),
        ("out", "silent")
    );
    assert_eq!(first.predictions, out.predictions);
    assert_eq!(silent.predictions, [None; 25]);
    let labelled = run(Some("silent"), Some(&[0; 25])).unwrap();
    assert_eq!((labelled.correct, labelled.accuracy), (Some(0), Some(0.0)));
    assert_ne!(first.predictions, silent.predictions);
    let error = run(Some("silent"), Some(&[7; 25])).unwrap_err();
    assert!(
        matches!(error, EvaluateError::Label { classes: 7, .. }),
        "{error}"
    );
    let text = run(Some("in"), None).unwrap_err().to_string();
    assert_eq!(
        text,
        "there is no output population \"in\"; there are: out, silent"
    );
}

fn most_frequent(sample: &[Vec<u32>]) -> usize {
    let count = |n: u32| sample.iter().flatten().filter(|k| **k == n).count();
    let best = (0..NEURONS).map(count).max().unwrap();
    (0..NEURONS).position(|n| count(n) == best).unwrap()
}

#[test]
fn readouts_by_hand_in_both_number_forms() {
    let spikes = vec![vec![1], vec![0, 2], vec![2, 1]];
    // Three neurons, three steps.
    let v: [i16; 9] = [5, -9, 1, 5, 30, 1, 5, -30, 12];
    let float = v.map(|v| f64::from(v) / 256.0);
    for membranes in [Membranes::Fixed(&v), Membranes::Float(&float)] {
        let view = OutputView {
            population: "out",
            neurons: 3,
            spikes: Some(&spikes),
            membranes: Some(membranes),
        };
        // Neurons 1 and 2 tie with two spikes, 0 (15) leads 2 (14) in the mean.
        assert_eq!(Readout::Count.classify(&view), Ok(Some(1)));
        assert_eq!(Readout::MaxV.classify(&view), Ok(Some(1)));
        assert_eq!(Readout::MeanV.classify(&view), Ok(Some(0)));
        assert_eq!(Readout::LastV.classify(&view), Ok(Some(2)));
    }
}

#[test]
fn negative_membranes_and_ties() {
    let view = |v: &'static [f64]| OutputView {
        population: "out",
        neurons: 2,
        spikes: None,
        membranes: Some(Membranes::Float(v)),
    };
    assert_eq!(Readout::MaxV.classify(&view(&[-3.0, -1.0])), Ok(Some(1)));
    assert_eq!(Readout::MeanV.classify(&view(&[-3.0, -1.0])), Ok(Some(1)));
    assert_eq!(Readout::LastV.classify(&view(&[2.0, 2.0])), Ok(Some(0)));
    // All alike is a tie, as long as there is a step.
    for readout in [Readout::MaxV, Readout::MeanV, Readout::LastV] {
        assert_eq!(readout.classify(&view(&[0.0, 0.0])), Ok(Some(0)));
        assert_eq!(readout.classify(&view(&[])), Ok(None));
    }
}

#[test]
fn silence_is_no_class() {
    let silent = vec![vec![]; 3];
    let view = |spikes| OutputView {
        population: "out",
        neurons: 2,
        spikes: Some(spikes),
        membranes: None,
    };
    assert_eq!(Readout::Count.classify(&view(&silent)), Ok(None));
    assert_eq!(Readout::Count.classify(&view(&[])), Ok(None));
    let last: &[Vec<u32>] = &[vec![], vec![1]];
    assert_eq!(Readout::Count.classify(&view(last)), Ok(Some(1)));
    // Never right, whatever the label, and in two lists the same.
    assert_eq!(count_right(&[0, 1, 0], &[None, Some(1), Some(1)]), 1);
    assert_eq!(count_silent(&[None, Some(1), None]), 2);
}

#[test]
fn what_is_not_recorded_cannot_be_read() {
    let view = OutputView {
        population: "out",
        neurons: 2,
        spikes: None,
        membranes: None,
    };
    for readout in Readout::ALL {
        let text = readout.classify(&view).unwrap_err().to_string();
        assert!(
            text.contains(readout.name()) && text.contains("out"),
            "{text}"
        );
        let flag = text.contains("compile the model with --record-membranes");
        assert_eq!(flag, readout != Readout::Count, "{text}");
        assert_eq!(Readout::named(readout.name()), Some(readout));
    }
    let none = OutputView { neurons: 0, ..view };
    assert!(matches!(
        Readout::Count.classify(&none),
        Err(ReadoutError::Empty { .. })
    ));
}

#[test]
fn a_program_from_an_elf_file_does_the_same() {
    let folder = Folder::new("elf");
    let image = echo::image(Form::List(64));
    let path = folder.write("echo.elf", &write_elf(&image).unwrap());
    let read = load_image(&path).unwrap().image;
    assert_eq!(
        in_threads(2, &mut session(&read), None).results,
        in_threads(2, &mut session(&image), None).results
    );
    let path = folder.write("cut.elf", b"\x7fELF");
    assert!(matches!(load_image(&path), Err(ImageError::Elf { .. })));
    let text = load_image(&folder.path("none.elf"))
        .unwrap_err()
        .to_string();
    assert!(text.contains("none.elf"), "{text}");
}

/// A file whose manifest has version 1, as it was written then.
#[test]
fn a_program_of_version_1_does_the_same() {
    let folder = Folder::new("version1");
    let path = folder.write("echo.elf", include_bytes!("version1.elf"));
    let ElfFile {
        image: old,
        warnings,
    } = load_image(&path).unwrap();
    assert_eq!(warnings, [ElfWarning::NoChecksum]);
    let image = echo::image(Form::Bits);
    assert_eq!(old, image);
    assert_eq!(
        in_threads(2, &mut session(&old), None).results,
        in_threads(2, &mut session(&image), None).results
    );
}

/// A machine that there is only once.
struct Only(SimulatorBackend);

impl Backend for Only {
    fn load(&mut self, image: &Image) -> Result<(), BackendError> {
        self.0.load(image)
    }

    fn write(&mut self, memory: Memory, address: u32, bytes: &[u8]) -> Result<(), BackendError> {
        self.0.write(memory, address, bytes)
    }

    fn read(&mut self, memory: Memory, address: u32, out: &mut [u8]) -> Result<(), BackendError> {
        self.0.read(memory, address, out)
    }

    fn run(&mut self, budget: u64) -> Result<RunOutcome, BackendError> {
        self.0.run(budget)
    }

    fn counters(&self) -> Counters {
        self.0.counters()
    }

    fn fork(&self) -> Result<Self, BackendError> {
        Err(BackendError::NoFork { why: "a test" })
    }
}

#[test]
fn a_machine_without_forks_does_all_samples_in_order() {
    let image = echo::image(Form::Bits);
    let many = in_threads(4, &mut session(&image), None);
    let backend = SimulatorBackend::for_image(&image, SimulatorOptions::default()).unwrap();
    let mut alone = Session::new(Only(backend), &image, &SessionOptions::default()).unwrap();
    let seen = Mutex::new(Vec::new());
    let progress = |done| seen.lock().unwrap().push(done);
    let options = EvaluateOptions::default();
    let summary = evaluate(&mut alone, &samples(), None, &options, &progress).unwrap();
    assert_eq!(summary.results, many.results);
    assert_eq!(seen.into_inner().unwrap(), (1..=25).collect::<Vec<_>>());
}

#[test]
fn a_cancelled_evaluation_says_how_far_it_came() {
    let mut session = session(&echo::image(Form::Bits));
    let options = EvaluateOptions::default();
    let progress = |done| {
        if done == 3 {
            options.cancel.cancel();
        }
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(2)
        .build()
        .unwrap();
    let error = pool.install(|| evaluate(&mut session, &samples(), None, &options, &progress));
    let error = error.unwrap_err();
    let EvaluateError::Cancelled { done, samples: 25 } = error else {
        panic!("{error}");
    };
    // The other thread may have been in the middle of one.
    assert!(done == 3 || done == 4, "{done}");
    // And within a sample, before its next piece.
    let error = session.run_sample_unless(&options.cancel, &samples()[0], 0);
    assert!(
        matches!(error, Err(SessionError::Cancelled { sample: 0, step: 0 })),
        "{error:?}"
    );
}
