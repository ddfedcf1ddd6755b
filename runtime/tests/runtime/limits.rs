//! Limits of data and machines (docs/limits.md): each refuses what is beyond it, says so, and moves
//! where a user says so.

use spikevec_isa::{Memory, Target};
use spikevec_runtime::data::{Array, Values};
use spikevec_runtime::{
    Backend, DataOptions, Dataset, Limits, Session, SessionOptions, SimulatorBackend,
    SimulatorOptions, write_npz,
};

use crate::echo;
use crate::files::{Folder, array, assert_names, text};

fn options(memory: Option<u64>, steps: Option<u64>) -> DataOptions {
    DataOptions {
        limits: Limits { memory, steps },
        ..DataOptions::default()
    }
}

fn column(values: Vec<u64>) -> Array {
    array(&[values.len()], Values::U64(values))
}

/// Events of `times`, a sample each.
fn events(folder: &Folder, times: Vec<u64>) -> std::path::PathBuf {
    let path = folder.path("events.npz");
    let count = times.len();
    let zeros = column(vec![0; count]);
    let (t, offsets) = (column(times), column((0..=count as u64).collect()));
    let arrays = [
        ("t", &t),
        ("x", &zeros),
        ("y", &zeros),
        ("p", &zeros),
        ("offsets", &offsets),
    ];
    write_npz(&path, &arrays).unwrap();
    path
}

#[test]
fn what_an_archive_unpacks_to() {
    let folder = Folder::new("limits-archive");
    let path = folder.path("zeros.npz");
    let zeros = array(&[1, 400_000, 100], Values::U8(vec![0; 40_000_000]));
    write_npz(&path, &[("x", &zeros)]).unwrap();
    let size = std::fs::metadata(&path).unwrap().len();
    let most = (32 << 20) + 64 * size;
    assert!(most < 40_000_000, "{size}");
    let message = text(Dataset::load(&path, &DataOptions::default()));
    assert_names(&message, &["zeros.npz", &most.to_string(), "--max-memory"]);
    let set = Dataset::load(&path, &options(Some(50_000_000), None)).unwrap();
    assert_eq!(set.steps(), 400_000);
    let message = text(Dataset::load(&path, &options(Some(1000), None)));
    assert_names(&message, &["at most 1000 are read"]);
}

#[test]
fn steps_of_events_and_frames() {
    let folder = Folder::new("limits-steps");
    let path = events(&folder, vec![3_000_000_000, 3_000_000_000]);
    let message = text(Dataset::load(&path, &DataOptions::default()));
    assert_names(&message, &["6000002 steps", "at most 40000", "--max-steps"]);
    let set = Dataset::load(&path, &options(None, Some(6_000_002))).unwrap();
    assert_eq!(set.steps(), 6_000_002);
    let message = text(Dataset::load(&path, &options(None, Some(100))));
    assert_names(
        &message,
        &["event 0 of sample 0", "at most 100", "--max-steps"],
    );
    let path = folder.path("frames.npz");
    write_npz(
        &path,
        &[("x", &array(&[2, 60, 1], Values::U8(vec![0; 120])))],
    )
    .unwrap();
    assert!(Dataset::load(&path, &options(None, Some(120))).is_ok());
    let message = text(Dataset::load(&path, &options(None, Some(119))));
    assert_names(&message, &["up to 1", "119", "--max-steps"]);
}

#[test]
fn a_sample_of_events_beside_the_others() {
    let folder = Folder::new("limits-stray");
    let path = events(&folder, vec![1000, 1000, 1000, 200_000_000]);
    let message = text(Dataset::load(&path, &DataOptions::default()));
    assert_names(&message, &["sample 3 has 200001 steps", "its event 0"]);
}

#[test]
fn samples_of_events() {
    let folder = Folder::new("limits-samples");
    let path = folder.path("events.npz");
    let one = column(vec![0]);
    let offsets = column(vec![0; (1 << 20) + 2]);
    let arrays = [
        ("t", &one),
        ("x", &one),
        ("y", &one),
        ("p", &one),
        ("offsets", &offsets),
    ];
    write_npz(&path, &arrays).unwrap();
    let message = text(Dataset::load(&path, &DataOptions::default()));
    assert_names(&message, &["1048577 samples", "at most 1048576"]);
}

#[test]
fn spikes_of_all_samples() {
    let folder = Folder::new("limits-spikes");
    let path = folder.path("x.npy");
    let path = {
        let ones = array(&[1, 10, 10], Values::U8(vec![1; 100]));
        let archive = path.with_extension("npz");
        write_npz(&archive, &[("x", &ones)]).unwrap();
        archive
    };
    // 100 spikes of 4 bytes; the archive itself unpacks to 228 bytes.
    assert!(Dataset::load(&path, &options(Some(400), None)).is_ok());
    let message = text(Dataset::load(&path, &options(Some(396), None)));
    assert_names(&message, &["have 100 spikes", "at most 99", "--max-memory"]);
}

/// A target that asks for gigabytes, and a program that does not need them.
#[test]
fn memories_of_a_machine() {
    let mut image = echo::image(echo::Form::Bits);
    let manifest = image.manifest.as_mut().unwrap();
    manifest.target = Target {
        scalar_bytes: 1 << 30,
        vector_bytes: 1 << 30,
        external_bytes: 1 << 31,
        ..manifest.target.clone()
    };
    let machine = |memory| {
        let limits = Limits {
            memory,
            steps: None,
        };
        let how = SimulatorOptions::default();
        SimulatorBackend::for_image_within(&image, how, &limits).unwrap()
    };
    for (given, bytes) in [
        (None, 32 << 20),
        (Some(64 << 20), 64 << 20),
        (Some(1), 6144),
    ] {
        let backend = machine(given);
        let target = backend.machine().target();
        assert_eq!(target.vector_bytes, bytes);
        // What the program needs is there in any case.
        let mut session = Session::new(machine(given), &image, &SessionOptions::default()).unwrap();
        let result = session.run_sample(&echo::sample(16, 2, 0), 2);
        assert!(result.is_ok(), "{result:?}");
        let end = session.backend_mut().read(Memory::Vector, bytes, &mut [0]);
        let text = end.unwrap_err().to_string();
        assert!(text.contains(&format!("has {bytes} bytes")), "{text}");
    }
}
