//! Readings: what a NIR file leaves open, and how it is decided.
//!
//! A file says what the neurons' equations are. It does not say how long a step is, how an
//! equation becomes steps, what a spike does to a membrane and when, whether a neuron spikes at
//! its threshold or above it, where membranes start, how often a neuron may spike, or how long a
//! spike is under way. Frameworks differ in all of these. A [`Reading`] is an answer for one
//! population.
//!
//! - [`rules`](self) has the choices, and [`Reading`] puts them together;
//! - [`Readings`] is what a user says: for all populations, for one, or by naming a [`Framework`];
//! - [`NetworkReading`] is what follows for a network, and where each choice comes from;
//! - [`search`](mod@search) finds the reading under which a network does what its framework did.

mod display;
mod framework;
mod hints;
mod readings;
mod resolve;
mod rules;
pub mod search;

use std::fmt;

pub use framework::Framework;
pub use readings::{ReadingError, Readings};
pub use resolve::{NetworkReading, PopulationReading};
pub(crate) use rules::choices;
pub use rules::{
    Comparison, Initial, InputScale, Integration, Reset, ResetStep, SpikesAStep, UnknownChoice,
};

/// Where a choice comes from; the first that says something decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Origin {
    /// A user gave it.
    Given,
    /// The framework that a user named computes so.
    Framework,
    /// The file says so.
    File,
    /// Nobody says so.
    #[default]
    Assumed,
}

impl Origin {
    /// Its name, for reports.
    pub fn name(self) -> &'static str {
        match self {
            Origin::Given => "given",
            Origin::Framework => "framework",
            Origin::File => "file",
            Origin::Assumed => "assumed",
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The settings of a reading: one list for what is chosen, what follows, and where it comes from.
macro_rules! settings {
    ($($(#[$doc:meta])* $field:ident: $type:ty = $setting:ident $name:literal,)+) => {
        /// How one population is computed.
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub struct Reading {
            /// Length of a step, in the unit of the time constants. All populations share it.
            pub dt: f64,
            $($(#[$doc])* pub $field: $type,)+
        }

        /// What is chosen of a reading.
        #[derive(Debug, Clone, Copy, PartialEq, Default)]
        pub struct Choices {
            $($(#[$doc])* pub $field: Option<$type>,)+
        }

        /// Where each setting of a reading comes from.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub struct Origins {
            $($(#[$doc])* pub $field: Origin,)+
        }

        /// A setting of a reading.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Setting { $($(#[$doc])* $setting,)+ }

        impl Setting {
            /// All of them.
            pub const ALL: &'static [Setting] = &[$(Setting::$setting),+];

            /// Its name: the flag that gives it, without the dashes.
            pub fn name(self) -> &'static str {
                match self { $(Setting::$setting => $name),+ }
            }
        }

        impl Reading {
            /// What is computed where nothing is chosen, with a step of `dt`.
            pub fn assumed(dt: f64) -> Self {
                Reading { dt, $($field: <$type>::default(),)+ }
            }

            /// The first of `layers` that chooses decides each setting; what none chooses is assumed.
            fn of(dt: f64, layers: &[(&Choices, Origin)]) -> (Self, Origins) {
                let (mut reading, mut origins) = (Reading::assumed(dt), Origins::default());
                $(
                    let mut chosen = layers.iter().filter_map(|(c, from)| Some((c.$field?, *from)));
                    if let Some((value, from)) = chosen.next() {
                        reading.$field = value;
                        origins.$field = from;
                    }
                )+
                (reading, origins)
            }

            /// The word for a setting's value.
            pub fn word(&self, setting: Setting) -> String {
                match setting { $(Setting::$setting => self.$field.to_string()),+ }
            }
        }

        impl Origins {
            /// Where a setting comes from.
            pub fn of(&self, setting: Setting) -> Origin {
                match setting { $(Setting::$setting => self.$field),+ }
            }
        }

        impl Choices {
            /// The settings that are chosen.
            pub fn settings(&self) -> Vec<Setting> {
                let mut all = Vec::new();
                $(if self.$field.is_some() { all.push(Setting::$setting); })+
                all
            }

            /// These, and where they choose nothing what `other` chooses.
            pub fn or(self, other: Choices) -> Choices {
                Choices { $($field: self.$field.or(other.$field),)+ }
            }

            /// The choices of `settings` only.
            pub(crate) fn only(self, settings: &[Setting]) -> Choices {
                Choices {
                    $($field: self.$field.filter(|_| settings.contains(&Setting::$setting)),)+
                }
            }

            /// All choices but that of `setting`.
            fn without(self, setting: Setting) -> Choices {
                Choices { $($field: self.$field.filter(|_| setting != Setting::$setting),)+ }
            }

            /// The settings that are chosen, with the words for them.
            fn words(&self) -> Vec<(Setting, String)> {
                let mut all = Vec::new();
                $(if let Some(value) = self.$field {
                    all.push((Setting::$setting, value.to_string()));
                })+
                all
            }

            /// The reading's choice of each of `settings`.
            pub fn of(reading: &Reading, settings: &[Setting]) -> Choices {
                let mut choices = Choices::default();
                for setting in settings {
                    match setting {
                        $(Setting::$setting => choices.$field = Some(reading.$field),)+
                    }
                }
                choices
            }
        }
    };
}

settings! {
    /// How leaky equations become steps.
    integration: Integration = Integration "integration",
    /// What a spike does to the membrane.
    reset: Reset = Reset "reset",
    /// When it does that.
    reset_step: ResetStep = ResetStep "reset-step",
    /// How the membrane is compared with the threshold.
    comparison: Comparison = Comparison "comparison",
    /// The membrane at the start of a sample.
    initial: Initial = Initial "initial",
    /// Most spikes of a neuron in a step.
    spikes_a_step: SpikesAStep = SpikesAStep "spikes-a-step",
    /// Steps after a spike in which the neuron does not spike again. Its membrane goes on.
    refractory: u32 = Refractory "refractory",
    /// What the input is multiplied by beside its weights.
    input_scale: InputScale = InputScale "input-scale",
    /// Steps that spikes take to the population from those updated before it, and from the input.
    forward_delay: u32 = ForwardDelay "forward-delay",
}

impl Reading {
    /// How far a variable with time constant `tau` goes to its target in a step.
    pub fn rate(&self, tau: f64) -> f64 {
        self.integration.rate(self.dt, tau)
    }

    /// [`rate`](Reading::rate) of each of several time constants.
    pub(crate) fn rates(&self, tau: &[f64]) -> Vec<f64> {
        tau.iter().map(|&tau| self.rate(tau)).collect()
    }
}
