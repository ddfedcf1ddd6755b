//! Manifests that a host cannot serve.

use spikevec_assembler::Image;
use spikevec_assembler::image::{Buffer, ElementFormat, Manifest, MemoryName, Role};
use spikevec_runtime::{
    BackendError, Session, SessionError, SessionOptions, SimulatorBackend, SimulatorOptions,
};

use crate::echo::{self, Form};

fn refused(form: Form, change: impl FnOnce(&mut Manifest)) -> SessionError {
    let mut image = echo::image(form);
    change(image.manifest.as_mut().unwrap());
    open(&image).expect_err("refused")
}

fn open(image: &Image) -> Result<Session<SimulatorBackend>, SessionError> {
    let backend = SimulatorBackend::for_image(image, SimulatorOptions::default())?;
    Session::new(backend, image, &SessionOptions::default())
}

fn buffer<'a>(manifest: &'a mut Manifest, name: &str) -> &'a mut Buffer {
    let mut all = manifest.buffers.iter_mut();
    all.find(|buffer| buffer.name == name).unwrap()
}

#[test]
fn no_manifest_and_another_version() {
    let mut image = echo::image(Form::Bits);
    image.manifest = None;
    assert!(matches!(open(&image), Err(SessionError::NoManifest)));
    let error = refused(Form::Bits, |m| m.version = 9);
    assert!(matches!(error, SessionError::Version { found: 9 }));
}

#[test]
fn missing_buffers_are_named() {
    for name in ["steps", "restart", "in.spikes"] {
        let error = refused(Form::Bits, |m| m.buffers.retain(|b| b.name != name));
        let SessionError::Missing { what } = error else {
            panic!("{error}");
        };
        assert!(
            what.contains(name) || name == "in.spikes" && what == "input buffer",
            "{what}"
        );
    }
}

#[test]
fn two_inputs_are_named() {
    let error = refused(Form::Bits, |m| {
        let mut second = buffer(m, "in.spikes").clone();
        second.name = "in2".to_owned();
        m.buffers.push(second);
    });
    let text = error.to_string();
    assert!(text.contains("2 input buffers (in.spikes, in2)"), "{text}");
}

/// Each change makes the named buffer one that is refused by name.
#[test]
fn buffers_of_a_wrong_form_are_named() {
    type Change = fn(&mut Buffer);
    let cases: [(Form, &str, Change); 13] = [
        (Form::Bits, "steps", |b| b.shape = vec![2]),
        (Form::Bits, "restart", |b| b.format = ElementFormat::U16),
        (Form::Bits, "seed", |b| b.shape = vec![2, 16]),
        (Form::Bits, "in.spikes", |b| b.step_stride = 4),
        (Form::Bits, "in.spikes", |b| b.shape = vec![0, 40]),
        (Form::Bits, "in.spikes", |b| b.format = ElementFormat::U32),
        (Form::Bits, "in.spikes", |b| b.address = u32::MAX - 8),
        (Form::List(9), "in.spikes", |b| {
            b.format = ElementFormat::SpikeList {
                base: 0,
                stride: u32::MAX,
                neurons: 2,
            };
        }),
        (Form::Bits, "out.spikes", |b| b.step_stride = 0),
        (Form::Bits, "out.spikes", |b| b.format = ElementFormat::U16),
        (Form::Bits, "out.v", |b| b.vector_stride = 32),
        (Form::Bits, "out.v", |b| b.memory = MemoryName::LaneLocal),
        (Form::Bits, "out.v", |b| b.shape = vec![1, 2, 3]),
    ];
    for (index, (form, name, change)) in cases.into_iter().enumerate() {
        let error = refused(form, |m| change(buffer(m, name)));
        let SessionError::Buffer { buffer, .. } = &error else {
            panic!("case {index}: {error}");
        };
        assert_eq!(buffer, name, "case {index}: {error}");
    }
}

#[test]
fn no_steps_a_run() {
    let error = refused(Form::Bits, |m| m.max_steps = 0);
    assert!(matches!(error, SessionError::NoSteps));
    let image = echo::image(Form::Bits);
    let backend = SimulatorBackend::for_image(&image, SimulatorOptions::default()).unwrap();
    let options = SessionOptions {
        max_steps: Some(0),
        ..SessionOptions::default()
    };
    assert!(matches!(
        Session::new(backend, &image, &options),
        Err(SessionError::NoSteps)
    ));
}

#[test]
fn a_recording_outside_its_memory_is_an_error_when_it_is_read() {
    for (address, step_stride) in [(1 << 20, 64), (4096, 1 << 27)] {
        let mut image = echo::image(Form::Bits);
        let rows = buffer(image.manifest.as_mut().unwrap(), "out.v");
        rows.address = address;
        rows.step_stride = step_stride;
        let error = open(&image).unwrap().run_sample(&echo::sample(16, 2, 0), 0);
        let Err(SessionError::Run {
            source: BackendError::Access(access),
            ..
        }) = error
        else {
            panic!("{error:?}");
        };
        assert!(access.to_string().contains("vector memory"), "{access}");
    }
}

#[test]
fn without_a_counter_recorded_spikes_are_counted() {
    let mut image = echo::image(Form::Bits);
    let manifest = image.manifest.as_mut().unwrap();
    manifest.buffers.retain(|b| b.name != "out.count");
    let sample = echo::sample(40, 5, 3);
    let result = open(&image).unwrap().run_sample(&sample, 0).unwrap();
    let spikes: usize = sample.iter().map(Vec::len).sum();
    assert_eq!(result.spike_counts["out"], spikes as u64);
}

#[test]
fn variables_other_than_v_go_by_the_buffers_name() {
    let mut image = echo::image(Form::Bits);
    let manifest = image.manifest.as_mut().unwrap();
    let mut second = buffer(manifest, "out.v").clone();
    second.name = "out.i_syn".to_owned();
    second.role = Role::Output;
    manifest.buffers.push(second);
    let sample = echo::sample(20, 5, 3);
    let result = open(&image).unwrap().run_sample(&sample, 0).unwrap();
    assert_eq!(result.recordings["out.i_syn"], result.membranes["out"]);
}
