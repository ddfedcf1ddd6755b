//! Results as arrays.

use spikevec_runtime::data::{Array, Values, read_arrays};
use spikevec_runtime::{
    Session, SessionOptions, SimulatorBackend, SimulatorOptions, result_arrays, write_npz,
};

use crate::echo::{self, Form, NEURONS};
use crate::files::Folder;

#[test]
fn results_of_samples_of_different_lengths() {
    let image = echo::image(Form::Bits);
    let backend = SimulatorBackend::for_image(&image, SimulatorOptions::default()).unwrap();
    let mut session = Session::new(backend, &image, &SessionOptions::default()).unwrap();
    let samples = [echo::sample(5, 4, 1), echo::sample(3, 4, 2)];
    let mut run = |k: usize| session.run_sample(&samples[k], k as u64).unwrap();
    let results = [run(0), run(1)];
    let width = NEURONS as usize;
    let arrays = result_arrays(session.manifest(), &results, &[Some(6), None]);

    let folder = Folder::new("output");
    let path = folder.path("out.npz");
    let list: Vec<(&str, &Array)> = arrays.iter().map(|(n, a)| (n.as_str(), a)).collect();
    write_npz(&path, &list).unwrap();
    assert_eq!(read_arrays(&path).unwrap(), arrays);

    let names: Vec<&str> = arrays.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        ["predictions", "steps", "out.spikes", "out.v", "out.count"]
    );
    assert_eq!(arrays[0].1.values, Values::I64(vec![6, -1]));
    assert_eq!(arrays[1].1.values, Values::I64(vec![5, 3]));
    for array in [&arrays[2].1, &arrays[3].1] {
        assert_eq!(array.shape, [2, 5, width]);
    }
    let (Values::U8(spikes), Values::F32(v)) = (&arrays[2].1.values, &arrays[3].1.values) else {
        panic!("types");
    };
    for (k, sample) in samples.iter().enumerate() {
        let recorded = &results[k].membranes["out"].values;
        for step in 0..5 {
            for neuron in 0..width {
                let at = (k * 5 + step) * width + neuron;
                let here = sample
                    .get(step)
                    .is_some_and(|s| s.contains(&(neuron as u32)));
                assert_eq!(spikes[at], u8::from(here));
                let raw = recorded.get(step * width + neuron).copied().unwrap_or(0);
                assert_eq!(v[at], f32::from(raw) / 256.0);
            }
        }
    }
}

#[test]
fn no_results() {
    let arrays = result_arrays(&echo::image(Form::Bits).manifest.unwrap(), &[], &[]);
    assert_eq!(arrays.len(), 2);
    assert_eq!(arrays[0].1.shape, [0]);
}
