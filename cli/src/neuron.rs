//! Flags that give populations other neurons.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::Args;
use spikevec::runtime::read_whole;
use spikevec::{Model, Network};

use crate::terminal::Warnings;

/// Neurons other than the model's.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Neurons")]
pub struct NeuronFlags {
    /// Neurons of a population, as a text in the neuron language; may be repeated. Its parameters take the numbers that the
    /// model has under the same names
    #[arg(long, value_name = "POPULATION=FILE", value_parser = assignment)]
    neuron: Vec<(String, String)>,
    /// A parameter of such neurons, for instance `hidden.beta=0.02`; may be repeated
    #[arg(long, value_name = "POPULATION.NAME=VALUE", value_parser = parameter)]
    parameter: Vec<(String, String, f64)>,
}

fn assignment(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').unwrap_or_default();
    if name.is_empty() || value.is_empty() {
        return Err("write POPULATION=FILE, for instance hidden=alif.neuron".to_owned());
    }
    Ok((name.to_owned(), value.to_owned()))
}

fn parameter(text: &str) -> Result<(String, String, f64), String> {
    let wanted = || "write POPULATION.NAME=VALUE, for instance hidden.beta=0.02".to_owned();
    let (name, value) = text.split_once('=').ok_or_else(wanted)?;
    let (population, name) = name.rsplit_once('.').ok_or_else(wanted)?;
    let value: f64 = value.trim().parse().map_err(|_| wanted())?;
    if !value.is_finite() {
        return Err("a parameter is a finite number".to_owned());
    }
    Ok((population.to_owned(), name.to_owned(), value))
}

impl NeuronFlags {
    /// The flags that were given.
    pub fn given(&self) -> Vec<&'static str> {
        let all = [
            ("--neuron", !self.neuron.is_empty()),
            ("--parameter", !self.parameter.is_empty()),
        ];
        let given = all.into_iter().filter(|(_, given)| *given);
        given.map(|(name, _)| name).collect()
    }

    /// The network of `model` with the neurons that the flags give, after all warnings so far.
    ///
    /// # Errors
    /// A graph that the compiler cannot express, and neurons that cannot be had.
    pub fn network(&self, model: &Model, warnings: &mut Warnings) -> Result<Network> {
        warnings.warn_all(model.warnings());
        let mut network = model.network()?;
        self.apply(&mut network)?;
        warnings.warn_all(network.warnings());
        Ok(network)
    }

    /// Gives the populations of `network` their neurons.
    fn apply(&self, network: &mut Network) -> Result<()> {
        for (population, name, _) in &self.parameter {
            ensure!(
                self.neuron.iter().any(|(own, _)| own == population),
                "--parameter {population}.{name}: only neurons that --neuron gives have such parameters: add --neuron \
                 {population}=FILE"
            );
        }
        for (k, (population, file)) in self.neuron.iter().enumerate() {
            let twice = self.neuron[..k]
                .iter()
                .any(|(other, _)| other == population);
            ensure!(
                !twice,
                "--neuron gives {population} two models: leave one of them out"
            );
            let path = PathBuf::from(file);
            let bytes = read_whole(&path).with_context(|| format!("cannot read {file}"))?;
            let text = String::from_utf8(bytes)
                .ok()
                .with_context(|| format!("{file} is no text in UTF-8"))?;
            let own = self
                .parameter
                .iter()
                .filter(|(own, _, _)| own == population);
            let values = own.map(|(_, name, value)| (name.clone(), *value));
            let values: BTreeMap<String, f64> = values.collect();
            network.describe(population, (file, &text), &values)?;
        }
        Ok(())
    }
}
