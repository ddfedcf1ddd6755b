//! Flags that say how what a file leaves open is read.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

use anyhow::{Result, bail};
use clap::Args;
use spikevec::compiler::reading::{
    Choices, Comparison, Initial, InputScale, Integration, Reset, ResetStep, SpikesAStep,
};
use spikevec::{Framework, Readings};

use crate::arguments::choice;

/// What a NIR file does not say. Each of these but --dt and --framework may be given for all populations (VALUE) and for single
/// ones (POPULATION=VALUE), and be repeated.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Reading (for all populations, or for one as POPULATION=VALUE)")]
pub struct ReadingFlags {
    /// Framework that the model comes from: its reading is taken where no flag says another
    #[arg(long, value_name = "NAME", value_parser = choice(Framework::NAMES, |name| name.parse::<Framework>().ok()))]
    framework: Option<Framework>,
    /// Length of a step in the unit of the model's time constants [default: the framework's, or the model's own]
    #[arg(long, value_name = "TIME", allow_negative_numbers = true)]
    dt: Option<f64>,
    /// How a leaky equation becomes a step: euler or exponential [default: euler]
    #[arg(long, value_name = "METHOD", value_parser = Given::<Integration>::parse)]
    integration: Vec<Given<Integration>>,
    /// What a spike does to the membrane: v_reset, zero, subtract or none [default: v_reset]
    #[arg(long, value_name = "RULE", value_parser = Given::<Reset>::parse)]
    reset: Vec<Given<Reset>>,
    /// When it does that: in the same step as the spike or in the next [default: same]
    #[arg(long, value_name = "STEP", value_parser = Given::<ResetStep>::parse)]
    reset_step: Vec<Given<ResetStep>>,
    /// A spike above the threshold (gt) or from it on (ge) [default: gt]
    #[arg(long, value_name = "TEST", value_parser = Given::<Comparison>::parse)]
    comparison: Vec<Given<Comparison>>,
    /// Membranes at the start of a sample: v_leak, v_reset or zero [default: v_leak]
    #[arg(long, value_name = "VALUE", value_parser = Given::<Initial>::parse)]
    initial: Vec<Given<Initial>>,
    /// Most spikes of a neuron in a step: 1 or several; programs take 1 [default: 1]
    #[arg(long, value_name = "MOST", value_parser = Given::<SpikesAStep>::parse)]
    spikes_a_step: Vec<Given<SpikesAStep>>,
    /// Steps after a spike in which a neuron does not spike again [default: 0]
    #[arg(long, value_name = "STEPS", value_parser = Given::<u32>::parse)]
    refractory: Vec<Given<u32>>,
    /// What input is multiplied by beside its weights: file, current, membrane, decayed-membrane or a factor [default: file]
    #[arg(long, value_name = "SCALE", value_parser = Given::<InputScale>::parse)]
    input_scale: Vec<Given<InputScale>>,
    /// Steps that spikes which feed forward take to a population [default: 0]
    #[arg(long, value_name = "STEPS", value_parser = Given::<u32>::parse)]
    forward_delay: Vec<Given<u32>>,
}

/// `VALUE` or `POPULATION=VALUE`.
#[derive(Debug, Clone, PartialEq)]
struct Given<T> {
    population: Option<String>,
    value: T,
}

impl<T: FromStr<Err: Display>> Given<T> {
    fn parse(text: &str) -> Result<Self, String> {
        let (population, word) = match text.rsplit_once('=') {
            Some((population, word)) => (Some(population.to_owned()), word),
            None => (None, text),
        };
        let value = word.parse().map_err(|error: T::Err| error.to_string())?;
        Ok(Given { population, value })
    }
}

/// Puts what `flag` says into `readings`.
fn put<T: Copy + PartialEq>(
    readings: &mut Readings,
    flag: &str,
    given: &[Given<T>],
    field: fn(&mut Choices) -> &mut Option<T>,
) -> Result<()> {
    let mut seen = BTreeMap::new();
    for Given { population, value } in given {
        if seen
            .insert(population, *value)
            .is_some_and(|other| other != *value)
        {
            match population {
                Some(name) => bail!("--{flag} is given twice for {name}: leave one of them out"),
                None => bail!("--{flag} is given twice for all populations: leave one of them out"),
            }
        }
        let choices = match population {
            Some(name) => readings.population(name),
            None => &mut readings.all,
        };
        *field(choices) = Some(*value);
    }
    Ok(())
}

impl ReadingFlags {
    /// The flags that were given.
    pub fn given(&self) -> Vec<&'static str> {
        let given = [
            ("--framework", self.framework.is_some()),
            ("--dt", self.dt.is_some()),
            ("--integration", !self.integration.is_empty()),
            ("--reset", !self.reset.is_empty()),
            ("--reset-step", !self.reset_step.is_empty()),
            ("--comparison", !self.comparison.is_empty()),
            ("--initial", !self.initial.is_empty()),
            ("--spikes-a-step", !self.spikes_a_step.is_empty()),
            ("--refractory", !self.refractory.is_empty()),
            ("--input-scale", !self.input_scale.is_empty()),
            ("--forward-delay", !self.forward_delay.is_empty()),
        ];
        let given = given.into_iter().filter(|(_, given)| *given);
        given.map(|(name, _)| name).collect()
    }

    /// What they say.
    ///
    /// # Errors
    /// A flag that says two things of one population.
    pub fn readings(&self) -> Result<Readings> {
        let mut all = Readings {
            dt: self.dt,
            framework: self.framework,
            ..Readings::default()
        };
        put(&mut all, "integration", &self.integration, |c| {
            &mut c.integration
        })?;
        put(&mut all, "reset", &self.reset, |c| &mut c.reset)?;
        put(&mut all, "reset-step", &self.reset_step, |c| {
            &mut c.reset_step
        })?;
        put(&mut all, "comparison", &self.comparison, |c| {
            &mut c.comparison
        })?;
        put(&mut all, "initial", &self.initial, |c| &mut c.initial)?;
        put(&mut all, "spikes-a-step", &self.spikes_a_step, |c| {
            &mut c.spikes_a_step
        })?;
        put(&mut all, "refractory", &self.refractory, |c| {
            &mut c.refractory
        })?;
        put(&mut all, "input-scale", &self.input_scale, |c| {
            &mut c.input_scale
        })?;
        put(&mut all, "forward-delay", &self.forward_delay, |c| {
            &mut c.forward_delay
        })?;
        Ok(all)
    }
}
