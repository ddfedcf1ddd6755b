//! The choices of which a reading is made, each with the word that a flag spells it with.

use std::fmt;
use std::str::FromStr;

/// A word that names none of the choices.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not one of {choices}")]
pub struct UnknownChoice {
    given: String,
    choices: String,
}

impl UnknownChoice {
    pub(crate) fn new(given: &str, choices: &[&str]) -> Self {
        UnknownChoice {
            given: given.to_owned(),
            choices: choices.join(", "),
        }
    }
}

/// An enumeration whose variants have a word each.
macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub enum $name { $($(#[$variant_doc])* $variant,)+ }

        impl $name {
            /// All of them.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            /// Their words, in the same order.
            pub const NAMES: &'static [&'static str] = &[$($word),+];

            /// The word that flags and reports use.
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }
        }

        impl FromStr for $name {
            type Err = UnknownChoice;
            fn from_str(word: &str) -> Result<Self, UnknownChoice> {
                let found = $name::ALL.iter().find(|choice| choice.name() == word);
                found.copied().ok_or_else(|| UnknownChoice::new(word, $name::NAMES))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}
pub(crate) use choices;

choices! {
    /// How a leaky equation `tau dx/dt = a - x` becomes a step of length dt: `x += k (a - x)`.
    Integration {
        /// Forward Euler: `k = dt / tau`.
        #[default]
        Euler = "euler",
        /// Exact for an input that is constant over the step: `k = 1 - exp(-dt / tau)`.
        Exponential = "exponential",
    }
}

choices! {
    /// What happens to the membrane of a neuron that spiked.
    Reset {
        /// `v = v_reset`, which is 0 where the model has none.
        #[default]
        ToVReset = "v_reset",
        /// `v = 0`, whatever the model's `v_reset`.
        Zero = "zero",
        /// `v = v - v_threshold`.
        Subtract = "subtract",
        /// Nothing: the neuron spikes in every step that its membrane is above the threshold.
        Nothing = "none",
    }
}

choices! {
    /// When the reset takes effect.
    ResetStep {
        /// In the step of the spike, before anything reads the membrane.
        #[default]
        Same = "same",
        /// In the step after, between integration and the comparison with the threshold.
        Next = "next",
    }
}

choices! {
    /// How the membrane is compared with the threshold.
    Comparison {
        /// A spike when `v > v_threshold`.
        #[default]
        Above = "gt",
        /// A spike when `v >= v_threshold`.
        AtLeast = "ge",
    }
}

choices! {
    /// The membrane at the start of a sample. A synaptic current starts at 0.
    Initial {
        /// What it leaks to; 0 where the model has no `v_leak`.
        #[default]
        VLeak = "v_leak",
        /// What a spike resets it to; 0 where the model has no `v_reset`.
        VReset = "v_reset",
        /// 0.
        Zero = "zero",
    }
}

choices! {
    /// Most spikes of a neuron in a step.
    SpikesAStep {
        /// One, however far above the threshold its membrane is.
        #[default]
        One = "1",
        /// As many as thresholds fit into its membrane, at most
        /// [`MOST_SPIKES_A_STEP`](crate::neuron::MOST_SPIKES_A_STEP). The float reference only.
        Several = "several",
    }
}

impl Integration {
    /// The fraction `k` of the way to its target that a variable goes in one step.
    pub fn rate(self, dt: f64, tau: f64) -> f64 {
        match self {
            Integration::Euler => dt / tau,
            Integration::Exponential => -(-dt / tau).exp_m1(),
        }
    }
}

impl Comparison {
    /// Whether a membrane of `v` spikes.
    pub fn holds(self, v: f64, threshold: f64) -> bool {
        match self {
            Comparison::Above => v > threshold,
            Comparison::AtLeast => v >= threshold,
        }
    }

    /// Its sign.
    pub fn sign(self) -> &'static str {
        match self {
            Comparison::Above => ">",
            Comparison::AtLeast => ">=",
        }
    }
}

/// What the input of a neuron is multiplied by beside its weights: a correction for exporters
/// whose `r` or `w_in` is not what the network computes with.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum InputScale {
    /// What the file's equation says: `k r` for a membrane, `k_syn w_in k_mem r` through a
    /// synaptic current.
    #[default]
    File,
    /// That times a number.
    Factor(f64),
    /// A spike adds its weight to the synaptic current: `w_in` is replaced by `1 / k_syn`, which
    /// under forward Euler is `tau_syn / dt`. Neurons without a current are as in the file.
    Current,
    /// A spike adds its weight to the membrane in its step: `r` and `w_in` are replaced.
    Membrane,
    /// As [`Membrane`](InputScale::Membrane), after the current has decayed for one step:
    /// times `1 - k_syn`.
    DecayedMembrane,
}

impl InputScale {
    /// Those that have a word.
    pub const NAMED: &'static [InputScale] = &[
        InputScale::File,
        InputScale::Current,
        InputScale::Membrane,
        InputScale::DecayedMembrane,
    ];

    /// The words and what else there may be.
    pub const NAMES: &'static [&'static str] = &[
        "file",
        "current",
        "membrane",
        "decayed-membrane",
        "a number",
    ];

    /// What stands for the resistance `r` of a membrane without a synaptic current, of which a
    /// step is `v += rate r I`.
    pub(crate) fn resistance(self, r: f64, rate: f64) -> f64 {
        match self {
            InputScale::File | InputScale::Current => r,
            InputScale::Factor(factor) => factor * r,
            InputScale::Membrane | InputScale::DecayedMembrane => 1.0 / rate,
        }
    }
}

impl fmt::Display for InputScale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InputScale::File => f.write_str("file"),
            InputScale::Factor(factor) => write!(f, "{factor}"),
            InputScale::Current => f.write_str("current"),
            InputScale::Membrane => f.write_str("membrane"),
            InputScale::DecayedMembrane => f.write_str("decayed-membrane"),
        }
    }
}

impl FromStr for InputScale {
    type Err = UnknownChoice;
    fn from_str(word: &str) -> Result<Self, UnknownChoice> {
        let named = InputScale::NAMED.iter();
        let mut named = named.filter(|scale| scale.to_string() == word);
        let factor = || word.parse().ok().filter(|f: &f64| f.is_finite());
        let found = named.next().copied();
        found
            .or_else(|| factor().map(InputScale::Factor))
            .ok_or_else(|| UnknownChoice::new(word, InputScale::NAMES))
    }
}
