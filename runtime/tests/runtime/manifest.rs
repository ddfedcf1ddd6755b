//! Manifests that a host cannot serve.

use spikevec_assembler::Image;
use spikevec_assembler::image::{
    Buffer, ElementFormat, Manifest, MemoryName, Role, SaturationSite,
};
use spikevec_isa::Extension;
use spikevec_runtime::{Session, SessionError, SessionOptions, SimulatorBackend, SimulatorOptions};

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
fn a_target_that_lacks_what_the_program_has_is_refused() {
    let error = refused(Form::Bits, |m| {
        m.target.extensions.retain(|e| *e != Extension::Vector);
    });
    let text = error.to_string();
    for part in ["vloadr0", Extension::Vector.title(), "own manifest"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let error = refused(Form::Bits, |m| m.target.lanes = 12).to_string();
    assert!(error.contains("not 12"), "{error}");
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

/// Each change contradicts something else of the manifest; the message names the buffer and why.
#[test]
fn a_manifest_that_contradicts_itself_is_refused_before_anything_runs() {
    type Change = fn(&mut Manifest);
    let cases: [(Form, &str, &str, Change); 20] = [
        (
            Form::Bits,
            "out.spikes",
            "40 neurons a row, but population \"out\" has 4000000000",
            |m| {
                m.populations[1].neurons = 4_000_000_000;
            },
        ),
        (Form::Bits, "out.spikes", "is not in the manifest", |m| {
            m.populations[1].name = "other".to_owned();
        }),
        (Form::Bits, "out.v_now", "39 neurons a row", |m| {
            buffer(m, "out.v_now").shape = vec![39];
        }),
        (Form::Bits, "out.v", "vector memory has 0x4000", |m| {
            buffer(m, "out.v").address = 1 << 20
        }),
        (Form::Bits, "out.v", "vector memory has 0x4000", |m| {
            buffer(m, "out.v").step_stride = 1 << 27
        }),
        (
            Form::List(200_000),
            "in.spikes",
            "scalar memory has 0x8000",
            |_| {},
        ),
        (Form::Bits, "steps", "scalar memory has", |m| {
            buffer(m, "steps").address = 0x8000
        }),
        (Form::Bits, "out.count", "scalar memory has", |m| {
            buffer(m, "out.count").address = 0x8000
        }),
        (Form::Bits, "seed", "vector memory has", |m| {
            buffer(m, "seed").address = 0x3fc0
        }),
        (Form::Bits, "steps", "it should be in scalar memory", |m| {
            buffer(m, "steps").memory = MemoryName::Vector;
        }),
        (
            Form::Bits,
            "in.spikes",
            "it should be in scalar memory",
            |m| {
                buffer(m, "in.spikes").memory = MemoryName::Vector;
            },
        ),
        (Form::Bits, "seed", "it should be in vector memory", |m| {
            buffer(m, "seed").memory = MemoryName::Scalar;
        }),
        (Form::Bits, "restart", "not a multiple of 4", |m| {
            buffer(m, "restart").address = 6
        }),
        (Form::Bits, "out.v", "not a multiple of 64", |m| {
            buffer(m, "out.v").step_stride = 96
        }),
        (Form::Bits, "restart", "overlaps buffer \"steps\"", |m| {
            buffer(m, "restart").address = 0
        }),
        (Form::Bits, "out.v_now", "overlaps buffer \"seed\"", |m| {
            buffer(m, "out.v_now").address = 0
        }),
        (Form::Bits, "out.v", "its own rows overlap", |m| {
            buffer(m, "out.v").vector_stride = 64
        }),
        (Form::Bits, "out.spikes", "its own rows overlap", |m| {
            buffer(m, "out.spikes").step_stride = 4
        }),
        (
            Form::Bits,
            "out.count",
            "overlaps buffer \"out.spikes\"",
            |m| {
                buffer(m, "out.count").address = 0x4000 + 15 * 8 + 4;
            },
        ),
        (
            Form::Bits,
            "out.v",
            "another buffer has the same name",
            |m| {
                buffer(m, "out.v_now").name = "out.v".to_owned();
            },
        ),
    ];
    for (index, (form, name, words, change)) in cases.into_iter().enumerate() {
        let error = refused(form, change);
        let SessionError::Buffer { buffer, .. } = &error else {
            panic!("case {index}: {error}");
        };
        assert_eq!(buffer, name, "case {index}: {error}");
        assert!(error.to_string().contains(words), "case {index}: {error}");
    }
}

#[test]
fn saturation_sites_are_instructions_of_populations() {
    type Change = fn(&mut SaturationSite);
    let cases: [(&str, Change); 4] = [
        ("pc 0x40000 is no instruction", |s| s.pc = 0x40000),
        ("pc 0x2 is no instruction", |s| s.pc = 2),
        ("population 2 is not there", |s| s.population = 2),
        ("33 lanes", |s| s.lanes = 33),
    ];
    for (words, change) in cases {
        let error = refused(Form::Bits, |m| change(&mut m.saturation_sites[1]));
        assert!(
            matches!(error, SessionError::Site { index: 1, .. }),
            "{error}"
        );
        assert!(error.to_string().contains(words), "{error}");
    }
}

/// Steps of one recording lie between those of the other.
#[test]
fn recordings_may_alternate() {
    let mut image = echo::image(Form::Bits);
    let manifest = image.manifest.as_mut().unwrap();
    let other = Buffer {
        name: "out.w".to_owned(),
        ..buffer(manifest, "out.v").clone()
    };
    manifest.buffers.push(other);
    let rows = buffer(manifest, "out.v");
    (rows.step_stride, rows.vector_stride) = (256, 64);
    let rows = buffer(manifest, "out.w");
    (rows.step_stride, rows.vector_stride) = (256, 64);
    assert!(
        open(&image)
            .unwrap_err()
            .to_string()
            .contains("overlaps buffer \"out.v\"")
    );
    // Each in every second 128 bytes.
    buffer(image.manifest.as_mut().unwrap(), "out.w").address += 128;
    open(&image).unwrap();
    buffer(image.manifest.as_mut().unwrap(), "out.w").step_stride = 320;
    assert!(
        open(&image)
            .unwrap_err()
            .to_string()
            .contains("overlaps buffer \"out.v\"")
    );
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
    second.address += 0x1000;
    manifest.buffers.push(second);
    let sample = echo::sample(20, 5, 3);
    let result = open(&image).unwrap().run_sample(&sample, 0).unwrap();
    let other = &result.recordings["out.i_syn"];
    assert_eq!(other.fraction, result.membranes["out"].fraction);
    // The program writes nothing there.
    assert_eq!(other.values, vec![0; 20 * echo::NEURONS as usize]);
}
