//! Each primitive's model computes what its equation says, step by step.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use spikevec_compiler::neuron::{
    CubaLi, CubaLif, Firing, IntegrateAndFire, Integrator, Li, Lif, Neuron, NeuronState, Readout,
    Threshold,
};
use spikevec_compiler::reading::{
    Comparison, Initial, InputScale, Integration, Reading, Reset, ResetStep,
};

fn number(low: f64, high: f64) -> impl Strategy<Value = f64> {
    (0.0..1.0f64).prop_map(move |x| low + (high - low) * x)
}

/// One neuron of any kind.
fn any_neuron() -> impl Strategy<Value = Neuron> {
    let parameters = (
        number(0.5, 9.0),
        number(0.5, 9.0),
        number(-2.0, 3.0),
        number(-1.0, 1.0),
        number(0.2, 2.0),
    );
    (0..8usize, parameters, number(0.2, 2.0), number(-0.5, 0.2)).prop_map(
        |(kind, (tau, tau_syn, r, v_leak, w_in), threshold, v_reset)| {
            let one = |x: f64| vec![x];
            let firing = Firing {
                threshold: one(threshold),
                v_reset: one(v_reset),
            };
            let li = Li {
                tau: one(tau),
                r: one(r),
                v_leak: one(v_leak),
            };
            let cuba_li = CubaLi {
                tau_syn: one(tau_syn),
                tau_mem: one(tau),
                r: one(r),
                v_leak: one(v_leak),
                w_in: one(w_in),
            };
            let integrator = Integrator { r: one(r) };
            match kind {
                0 => Neuron::Lif(Lif {
                    membrane: li,
                    firing,
                }),
                1 => Neuron::CubaLif(CubaLif {
                    membrane: cuba_li,
                    firing,
                }),
                2 => Neuron::IntegrateAndFire(IntegrateAndFire {
                    membrane: integrator,
                    firing,
                }),
                3 => Neuron::Threshold(Threshold { firing }),
                4 => Neuron::Li(li),
                5 => Neuron::CubaLi(cuba_li),
                6 => Neuron::Integrator(integrator),
                _ => Neuron::Readout(Readout),
            }
        },
    )
}

fn any_reading() -> impl Strategy<Value = Reading> {
    let rules = (
        prop::sample::select(Integration::ALL),
        prop::sample::select(Reset::ALL),
        prop::sample::select(ResetStep::ALL),
        prop::sample::select(Comparison::ALL),
        prop::sample::select(Initial::ALL),
    );
    let scales = [InputScale::Factor(1.5), InputScale::Factor(0.25)];
    let scales = [InputScale::NAMED, &scales].concat();
    (
        number(0.1, 1.0),
        rules,
        prop::sample::select(vec![0u32, 0, 1, 4]),
        prop::sample::select(scales),
    )
        .prop_map(|(dt, rules, refractory, input_scale)| {
            let (integration, reset, reset_step, comparison, initial) = rules;
            Reading {
                integration,
                reset,
                reset_step,
                comparison,
                initial,
                refractory,
                input_scale,
                ..Reading::assumed(dt)
            }
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_model_follows_the_equation(
        neuron in any_neuron(),
        reading in any_reading(),
        bias in number(-0.5, 0.5),
        inputs in prop::collection::vec(number(-1.0, 2.0), 1..30),
    ) {
        let equation = neuron.equation().unwrap();
        // Biases are part of the model; the gain is applied to what arrives.
        let model = neuron.model(&reading, &[bias]).unwrap();
        let mut expected = equation.start(&reading, 0);
        let mut state = model.start();
        prop_assert_eq!(model.potentials(&state)[0], expected.v);
        let mut was = Vec::new();
        // A threshold has no memory: nothing is reset, and it never rests.
        let resets = !matches!(neuron, Neuron::Threshold(_));
        let late = reading.reset_step == ResetStep::Next;
        let mut last = None;
        for (step, input) in inputs.into_iter().enumerate() {
            equation.integrate(&reading, 0, &mut expected, input + bias);
            let mut spikes = false;
            if let Some(firing) = equation.firing() {
                if late && resets && !was.is_empty() {
                    expected.v = firing.reset(&reading, 0, expected.v);
                }
                let rests = last.is_some_and(|last| step - last <= reading.refractory as usize);
                spikes = reading.comparison.holds(expected.v, firing.threshold[0]) && !(rests && resets);
                if spikes {
                    last = Some(step);
                }
                if spikes && resets && !late {
                    expected.v = firing.reset(&reading, 0, expected.v);
                }
            }
            was = model.step(&mut state, &[vec![input]], &was);
            prop_assert_eq!(!was.is_empty(), spikes);
            let potential = model.potentials(&state)[0];
            // The model is the equation, operation by operation.
            prop_assert_eq!(potential, expected.v);
        }
    }
}

#[test]
fn exponential_integration_is_exact_for_constant_input() {
    // dv/dt = (v_leak - v + r I) / tau from 0 has the solution (1 - exp(-t / tau)) (v_leak + r I).
    let li = Li {
        tau: vec![5.0],
        r: vec![2.0],
        v_leak: vec![0.25],
    };
    let reading = Reading {
        integration: Integration::Exponential,
        ..Reading::assumed(0.5)
    };
    let neuron = Neuron::Li(li);
    let mut state = NeuronState::default();
    for step in 1..=20 {
        neuron
            .equation()
            .unwrap()
            .integrate(&reading, 0, &mut state, 0.75);
        let time = f64::from(step) * reading.dt;
        let exact = (1.0 - (-time / 5.0).exp()) * (0.25 + 2.0 * 0.75);
        assert!((state.v - exact).abs() < 1e-12);
    }
}
