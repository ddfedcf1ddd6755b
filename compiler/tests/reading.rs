//! Readings: what is chosen decides, and the search finds what a network was run under.
#![allow(clippy::unwrap_used)]

use spikevec_compiler::graph::{Connectivity, Network, Population, Projection, Source};
use spikevec_compiler::neuron::{
    CubaLi, CubaLif, Firing, IntegrateAndFire, Integrator, Li, Lif, Neuron,
};
use spikevec_compiler::quantise::{Calibration, quantise, seeded_spikes};
use spikevec_compiler::reading::search::{Expected, Trace, search};
use spikevec_compiler::reading::{
    Choices, Comparison, Framework, Initial, InputScale, Integration, Origin, ReadingError,
    Readings, Reset, ResetStep, SpikesAStep,
};
use spikevec_compiler::reference::Reference;
use spikevec_compiler::{CompileError, Options};

const INPUTS: usize = 8;

fn firing(size: usize) -> Firing {
    Firing {
        threshold: vec![1.0; size],
        v_reset: vec![-0.25; size],
    }
}

fn lif(size: usize) -> Neuron {
    Neuron::Lif(Lif {
        membrane: Li {
            tau: vec![0.01; size],
            r: vec![3.0; size],
            v_leak: vec![0.125; size],
        },
        firing: firing(size),
    })
}

fn cuba_lif(size: usize) -> Neuron {
    Neuron::CubaLif(CubaLif {
        membrane: CubaLi {
            tau_syn: vec![0.004; size],
            tau_mem: vec![0.01; size],
            r: vec![2.0; size],
            v_leak: vec![0.0; size],
            w_in: vec![2.0; size],
        },
        firing: firing(size),
    })
}

fn integrate_and_fire(size: usize) -> Neuron {
    Neuron::IntegrateAndFire(IntegrateAndFire {
        membrane: Integrator {
            r: vec![1000.0; size],
        },
        firing: firing(size),
    })
}

/// Two populations in a row, `hidden` leading back to itself where `recurrent`.
fn network(hidden: Neuron, out: Neuron, recurrent: bool) -> Network {
    let (sizes, mut draw) = ((12, 4), 7u64);
    let mut weights = |count: usize, low: f64, high: f64| -> Vec<f64> {
        let next = |_| {
            draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            low + (high - low) * (draw >> 40) as f64 / f64::from(1 << 24)
        };
        (0..count).map(next).collect()
    };
    let population = |name: &str, neuron, size| Population {
        name: name.to_owned(),
        neuron,
        shape: vec![size],
        bias: vec![0.0; size],
    };
    let mut projection = |source, target, from: usize, to: usize, delay| Projection {
        source,
        target,
        connectivity: Connectivity::dense(weights(from * to, -0.5, 1.0)),
        delay,
    };
    let mut projections = vec![
        projection(Source::Input, 0, INPUTS, sizes.0, 0),
        projection(Source::Population(0), 1, sizes.0, sizes.1, 0),
    ];
    if recurrent {
        projections.push(projection(Source::Population(0), 0, sizes.0, sizes.0, 1));
    }
    projections.sort_by_key(|p| (p.source, p.target));
    Network {
        input_shape: vec![INPUTS],
        stated_dt: None,
        populations: vec![
            population("hidden", hidden, sizes.0),
            population("out", out, sizes.1),
        ],
        projections,
        outputs: vec![1],
        warnings: Vec::new(),
    }
}

/// What the populations in `seen` do under `readings`, and the input.
fn run(network: &Network, readings: &Readings, seen: &[usize]) -> (Vec<Vec<Vec<u32>>>, Expected) {
    let samples: Vec<Vec<Vec<u32>>> = (0..4)
        .map(|seed| seeded_spikes(seed + 1, 60, INPUTS, 0.2))
        .collect();
    let reference = Reference::new(network, readings, &[]).unwrap();
    let recordings: Vec<_> = samples.iter().map(|sample| reference.run(sample)).collect();
    let expected = seen.iter().map(|&k| {
        let spikes = recordings.iter().map(|r| r.spikes[k].clone());
        (k, Trace::Spikes(spikes.collect()))
    });
    (samples, expected.collect())
}

#[test]
fn the_search_finds_what_a_network_was_run_under() {
    let odd = Choices {
        integration: Some(Integration::Exponential),
        reset: Some(Reset::Zero),
        reset_step: Some(ResetStep::Next),
        comparison: Some(Comparison::AtLeast),
        initial: Some(Initial::VReset),
        ..Choices::default()
    };
    let resting = Choices {
        refractory: Some(3),
        forward_delay: Some(1),
        ..Choices::default()
    };
    let scaled = Choices {
        input_scale: Some(InputScale::Current),
        reset: Some(Reset::Nothing),
        ..Choices::default()
    };
    let several = Choices {
        spikes_a_step: Some(SpikesAStep::Several),
        reset: Some(Reset::Subtract),
        input_scale: Some(InputScale::Membrane),
        ..Choices::default()
    };
    let networks = [
        network(lif(12), lif(4), false),
        network(cuba_lif(12), lif(4), true),
        network(integrate_and_fire(12), cuba_lif(4), false),
    ];
    let all = [Choices::default(), odd, resting, several, scaled];
    // Enough of the combinations that each kind of neuron and each setting has its turn.
    for (n, m) in [(0, 0), (0, 1), (0, 2), (2, 2), (2, 3), (1, 4)] {
        let (network, hidden) = (&networks[n], all[m]);
        let mut readings = Readings {
            dt: Some(1e-3),
            ..Readings::default()
        };
        *readings.population("hidden") = hidden;
        *readings.population("out") = Choices {
            reset: Some(Reset::Subtract),
            ..Choices::default()
        };
        let (samples, expected) = run(network, &readings, &[0, 1]);
        let given = Readings::default();
        let found = search(network, &given, &samples, &expected, &|_| ()).unwrap();
        let what = format!(
            "network {n}, reading {m}: {}",
            found.readings.flags().join(" ")
        );
        println!("{what}; {} tried", found.tried);
        assert!(found.is_exact(), "{what}: {:?}", found.populations);
        for p in &found.populations {
            assert!(
                p.tally.spikes > 20,
                "{what}: {} spikes of {}",
                p.tally.spikes,
                p.name
            );
        }
        // The readings that are printed are those that agree.
        let (_, again) = run(network, &found.readings, &[0, 1]);
        assert_eq!(again, expected, "{what}");
    }
}

#[test]
fn a_population_that_nobody_saw_is_read_as_the_one_behind_it() {
    let network = network(lif(12), lif(4), false);
    let readings = Readings {
        dt: Some(1e-3),
        all: Choices {
            reset: Some(Reset::Subtract),
            reset_step: Some(ResetStep::Next),
            integration: Some(Integration::Exponential),
            ..Choices::default()
        },
        ..Readings::default()
    };
    let (samples, expected) = run(&network, &readings, &[1]);
    let found = search(&network, &Readings::default(), &samples, &expected, &|_| ()).unwrap();
    assert!(found.is_exact(), "{:?}", found.readings.flags());
    // What is given stays, and then there may be nothing that agrees: the first difference is told.
    let given = Readings {
        all: Choices {
            reset: Some(Reset::Nothing),
            ..Choices::default()
        },
        ..Readings::default()
    };
    let found = search(&network, &given, &samples, &expected, &|_| ()).unwrap();
    assert_eq!(found.reading.populations[1].reading.reset, Reset::Nothing);
    assert!(!found.is_exact() && found.populations[0].tally.first.is_some());
}

#[test]
fn a_population_goes_before_all_and_these_before_the_framework() {
    let network = network(lif(12), lif(4), true);
    let mut readings = Readings {
        framework: Some(Framework::SnnTorch),
        ..Readings::default()
    };
    readings.all.comparison = Some(Comparison::AtLeast);
    readings.population("out").comparison = Some(Comparison::Above);
    readings.population("out").reset = Some(Reset::Zero);
    let reading = readings.of(&network).unwrap();
    assert_eq!((reading.dt, reading.dt_origin), (1e-4, Origin::Framework));
    let [hidden, out] = &reading.populations[..] else {
        panic!("two populations");
    };
    assert_eq!(hidden.reading.comparison, Comparison::AtLeast);
    assert_eq!(out.reading.comparison, Comparison::Above);
    assert_eq!(
        (hidden.reading.reset, hidden.origins.reset),
        (Reset::Subtract, Origin::Framework)
    );
    assert_eq!(
        (out.reading.reset, out.origins.reset),
        (Reset::Zero, Origin::Given)
    );
    // Leaky resets to zero in the step itself, RLeaky in the next one.
    assert_eq!(out.reading.reset_step, ResetStep::Same);
    assert_eq!(hidden.reading.reset_step, ResetStep::Next);
    assert_eq!(
        reading.to_string(),
        "given: reset zero (out), comparison ge (hidden) and gt (out); snntorch: dt 1e-4, integration euler, \
         reset subtract (hidden), reset-step next (hidden) and same (out), initial zero"
    );
}

#[test]
fn what_cannot_be_read_is_refused_by_name() {
    let network = network(lif(12), integrate_and_fire(4), false);
    let with = |fill: &dyn Fn(&mut Readings)| {
        let mut readings = Readings {
            dt: Some(1e-3),
            ..Readings::default()
        };
        fill(&mut readings);
        readings
    };
    let refused = |fill: &dyn Fn(&mut Readings)| with(fill).of(&network).unwrap_err().to_string();
    let text = refused(&|r| r.population("hiden").reset = Some(Reset::Zero));
    assert_eq!(
        text,
        "--reset hiden=...: there is no population `hiden`; there are hidden, out"
    );
    let text = refused(&|r| r.population("out").integration = Some(Integration::Euler));
    assert!(
        text.contains("--integration out=...") && text.contains("no time constant"),
        "{text}"
    );
    let text = refused(&|r| r.all.refractory = Some(5000));
    assert_eq!(text, "--refractory 5000: 4096 steps are the most");
    let error = with(&|r| {
        r.all.refractory = Some(1);
        r.all.spikes_a_step = Some(SpikesAStep::Several);
    })
    .of(&network)
    .unwrap_err();
    assert!(matches!(
        error,
        CompileError::Reading(ReadingError::SeveralSpikes { .. })
    ));
    let options = Options {
        readings: with(&|r| r.all.spikes_a_step = Some(SpikesAStep::Several)),
        ..Options::default()
    };
    let error = quantise(&network, &Calibration::Seeded, &options).unwrap_err();
    assert!(
        matches!(error, CompileError::SeveralSpikes { .. }),
        "{error}"
    );
}

#[test]
fn hints_name_what_contradicts_a_reading() {
    let hints = |network: &Network, readings: &Readings| {
        readings.of(network).unwrap().hints(network).join("\n")
    };
    let step = |dt: f64| Readings {
        dt: Some(dt),
        ..Readings::default()
    };
    let plain = network(lif(12), lif(4), false);
    let text = hints(&plain, &step(1e-3));
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(
        text.contains("--framework") && text.contains("--reset"),
        "{text}"
    );
    let mut named = step(1e-3);
    named.framework = Some(Framework::Nir);
    assert_eq!(hints(&plain, &named), "");
    assert!(
        hints(&plain, &step(0.007)).contains("coarse"),
        "dt / tau is 0.7"
    );
    let text = hints(&plain, &step(0.03));
    assert!(
        text.contains("diverges") && text.contains("`hidden` (3.000), `out` (3.000)"),
        "{text}"
    );
    // Integrators whose r is one over another step.
    let text = hints(&network(integrate_and_fire(12), lif(4), false), &step(1e-2));
    assert!(
        text.contains("`hidden`: r is 1000") && text.contains("--dt 0.001"),
        "{text}"
    );
    // Neurons that start above their threshold.
    let mut resting = plain;
    if let Neuron::Lif(own) = &mut resting.populations[1].neuron {
        own.firing.threshold = vec![-50.0; 4];
        own.membrane.v_leak = vec![-65.0; 4];
    }
    named.all.initial = Some(Initial::Zero);
    assert!(hints(&resting, &named).contains("4 of `out` (initial zero)"));
    named.all.initial = None;
    assert_eq!(hints(&resting, &named), "");
    // Files that show who wrote them.
    let mut written = network(lif(12), lif(4), false);
    for population in &mut written.populations {
        if let Neuron::Lif(own) = &mut population.neuron {
            own.membrane.tau.fill(1e-3);
            own.membrane.r.fill(10.0);
        }
    }
    let text = hints(&written, &step(1e-4));
    assert!(
        text.contains("--framework snntorch") && text.lines().count() == 1,
        "{text}"
    );
}
