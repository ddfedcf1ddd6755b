//! Networks that frameworks exported, against the frameworks' own spikes: the reading that
//! `--framework` picks gives every spike, and the search finds such a reading by itself.

use std::path::Path;

use spikevec::compiler::reading::search::Found;
use spikevec::compiler::reading::{Reset, SpikesAStep};
use spikevec::{Data, DataOptions, Expected, Framework, Model, Readings};

use crate::common::shared;

/// A network, and what its command of docs/frameworks.md says beside the framework.
struct Pair {
    name: &'static str,
    framework: Framework,
    given: fn(&mut Readings),
}

const fn pair(name: &'static str, framework: Framework) -> Pair {
    Pair {
        name,
        framework,
        given: |_| (),
    }
}

const fn with(name: &'static str, framework: Framework, given: fn(&mut Readings)) -> Pair {
    Pair {
        name,
        framework,
        given,
    }
}

fn single(readings: &mut Readings) {
    readings.all.spikes_a_step = Some(SpikesAStep::One);
}

fn to_zero(readings: &mut Readings) {
    readings.all.reset = Some(Reset::Zero);
}

const PAIRS: [Pair; 20] = [
    pair("snntorch/beta1", Framework::SnnTorch),
    pair("snntorch/leaky_default", Framework::SnnTorch),
    with("snntorch/leaky_zero", Framework::SnnTorch, to_zero),
    with("snntorch/leaky_none_out", Framework::SnnTorch, |r| {
        r.population("3").reset = Some(Reset::Nothing);
    }),
    pair("snntorch/rleaky", Framework::SnnTorch),
    with("snntorch/rleaky_zero", Framework::SnnTorch, to_zero),
    pair("snntorch/synaptic", Framework::SnnTorch),
    pair("norse/iaf", Framework::Norse),
    pair("norse/lif", Framework::Norse),
    pair("norse/lifbox_default", Framework::Norse),
    pair("norse/lifbox_li", Framework::Norse),
    pair("sinabs/iaf_default", Framework::Sinabs),
    with("sinabs/iaf_single", Framework::Sinabs, single),
    with("sinabs/lif_single", Framework::Sinabs, single),
    with("rockpool/lif", Framework::Rockpool, single),
    with("rockpool/lifneuron", Framework::Rockpool, single),
    pair("spyx/lif", Framework::Spyx),
    pair("spikingjelly/if_int", Framework::SpikingJelly),
    pair("spikingjelly/lif", Framework::SpikingJelly),
    pair("spikingjelly/lif_vreset", Framework::SpikingJelly),
];

/// The search for the reading of a pair in `folder`, from `readings` on.
fn search(folder: &Path, name: &str, readings: &Readings) -> Found {
    let file = |path: String| folder.join(path);
    let framework = name.split('/').next().unwrap();
    let model = file(format!("{name}.nir"));
    let input = file(format!("{framework}/x.npy"));
    let expected = file(format!("{name}.expected.npz"));
    let network = Model::open(model).unwrap().network().unwrap();
    let options = network.data_options(&DataOptions::default());
    let data = Data::load(input, &options).unwrap();
    let expected = Expected::load(expected, &[]).unwrap();
    let found = network.search_reading(readings, &data, &expected, &|_| ());
    found.unwrap()
}

#[test]
fn the_reading_of_a_framework_gives_every_spike() {
    let Some(folder) = shared("interop") else {
        return;
    };
    for pair in &PAIRS {
        let mut readings = Readings {
            framework: Some(pair.framework),
            ..Readings::default()
        };
        (pair.given)(&mut readings);
        let found = search(&folder, pair.name, &readings);
        let spikes: u64 = found.populations.iter().map(|p| p.tally.spikes).sum();
        assert!(spikes > 200, "{}: {spikes} spikes say little", pair.name);
        // Nothing had to be changed.
        assert_eq!(found.readings, readings, "{}", pair.name);
        assert!(found.is_exact(), "{}: {:?}", pair.name, found.populations);
    }
}

#[test]
fn the_search_finds_a_reading_that_gives_every_spike() {
    let Some(folder) = shared("interop") else {
        return;
    };
    for pair in &PAIRS {
        let found = search(&folder, pair.name, &Readings::default());
        let flags = found.readings.flags().join(" ");
        println!("{}: {flags}", pair.name);
        assert!(found.is_exact(), "{}: {flags}", pair.name);
        assert!(found.tried < 500, "{}: {} tried", pair.name, found.tried);
    }
}
