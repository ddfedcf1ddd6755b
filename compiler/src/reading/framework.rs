//! Frameworks: the reading under which a file computes what its exporter computes.
//!
//! Each row was found by running the framework beside the float reference; docs/frameworks.md
//! says with which versions and networks.

use super::rules::choices;
use super::{
    Choices, Comparison, Initial, InputScale, Integration, Reset, ResetStep, SpikesAStep,
    UnknownChoice,
};
use crate::neuron::Neuron;

use std::fmt;
use std::str::FromStr;

choices! {
    /// A framework that exports NIR.
    Framework {
        /// snnTorch.
        SnnTorch = "snntorch",
        /// Norse.
        Norse = "norse",
        /// Sinabs.
        Sinabs = "sinabs",
        /// Rockpool.
        Rockpool = "rockpool",
        /// Spyx.
        Spyx = "spyx",
        /// SpikingJelly.
        SpikingJelly = "spikingjelly",
        /// mlGeNN and FeNN.
        MlGenn = "mlgenn",
        /// None: NIR's equations by forward Euler, with the reset that they state.
        #[default]
        Nir = "nir",
    }
}

/// What a framework tells populations apart by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Traits<'a> {
    /// Its neurons.
    pub neuron: &'a Neuron,
    /// True where its spikes lead back to itself.
    pub recurrent: bool,
    /// True where the network's input leads to it.
    pub fed_by_input: bool,
    /// The reset that a user gives, if any: some frameworks reset at different times by it.
    pub reset: Option<Reset>,
}

impl Framework {
    /// The length of its step, where it always writes time constants in the same unit.
    pub fn dt(self) -> Option<f64> {
        match self {
            Framework::SnnTorch | Framework::SpikingJelly => Some(1e-4),
            // It writes `dt / tau_inv`, with a dt of 1 ms and `tau_inv` in 1/s.
            Framework::Norse => Some(1e-6),
            Framework::Rockpool => Some(1e-3),
            Framework::Sinabs | Framework::Spyx => Some(1.0),
            Framework::MlGenn | Framework::Nir => None,
        }
    }

    /// How it computes a population.
    pub(super) fn choices(self, population: Traits<'_>) -> Choices {
        let Traits { neuron, .. } = population;
        let has_current = matches!(neuron, Neuron::CubaLif(_) | Neuron::CubaLi(_));
        let integrates = matches!(neuron, Neuron::IntegrateAndFire(_) | Neuron::Integrator(_));
        let plain = Choices {
            integration: Some(Integration::Euler),
            reset: Some(Reset::ToVReset),
            reset_step: Some(ResetStep::Same),
            comparison: Some(Comparison::Above),
            initial: Some(Initial::VLeak),
            spikes_a_step: Some(SpikesAStep::One),
            refractory: Some(0),
            input_scale: Some(InputScale::File),
            forward_delay: Some(0),
        };
        match self {
            Framework::Nir => plain,
            Framework::SnnTorch => Choices {
                // Files say `v_reset = 0` whatever the reset mechanism is.
                reset: Some(Reset::Subtract),
                reset_step: Some(snntorch_reset_step(population)),
                // A Leaky with a beta of 1, whose input its file tells nothing of.
                input_scale: Some(if integrates {
                    InputScale::Membrane
                } else {
                    InputScale::File
                }),
                initial: Some(Initial::Zero),
                ..plain
            },
            Framework::Norse => Choices {
                // Its LIFCell adds the input to the current without `dt tau_syn_inv`; its IAF
                // knows no time step.
                input_scale: Some(if has_current {
                    InputScale::Current
                } else if integrates {
                    InputScale::Membrane
                } else {
                    InputScale::File
                }),
                ..plain
            },
            Framework::Sinabs => Choices {
                integration: Some(Integration::Exponential),
                reset: Some(Reset::Subtract),
                comparison: Some(Comparison::AtLeast),
                initial: Some(Initial::Zero),
                spikes_a_step: Some(SpikesAStep::Several),
                ..plain
            },
            Framework::Rockpool => Choices {
                integration: Some(Integration::Exponential),
                reset: Some(Reset::Subtract),
                comparison: Some(Comparison::AtLeast),
                initial: Some(Initial::Zero),
                // Unless `max_spikes_per_dt` is 1, which files do not say.
                spikes_a_step: Some(SpikesAStep::Several),
                input_scale: Some(InputScale::DecayedMembrane),
                ..plain
            },
            Framework::Spyx => Choices {
                reset: Some(Reset::Subtract),
                reset_step: Some(if has_current {
                    ResetStep::Same
                } else {
                    ResetStep::Next
                }),
                initial: Some(Initial::Zero),
                input_scale: Some(InputScale::Membrane),
                // It compares the membrane of the step before.
                forward_delay: Some(1),
                ..plain
            },
            Framework::SpikingJelly => Choices {
                comparison: Some(Comparison::AtLeast),
                initial: Some(Initial::VReset),
                ..plain
            },
            Framework::MlGenn => Choices {
                integration: Some(Integration::Exponential),
                comparison: Some(Comparison::AtLeast),
                initial: Some(Initial::VReset),
                refractory: None,
                // The input acts in its step, all other spikes in the next one.
                forward_delay: Some(u32::from(!population.fed_by_input)),
                ..plain
            },
        }
    }
}

/// Leaky resets to zero in the step of the spike, all else in the next one.
fn snntorch_reset_step(population: Traits<'_>) -> ResetStep {
    let leaky = matches!(
        population.neuron,
        Neuron::Lif(_) | Neuron::IntegrateAndFire(_)
    ) && !population.recurrent;
    let to_a_value = matches!(population.reset, Some(Reset::Zero | Reset::ToVReset));
    if leaky && to_a_value {
        ResetStep::Same
    } else {
        ResetStep::Next
    }
}
