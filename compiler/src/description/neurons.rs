//! Populations: NIR's types by their names, and models of one's own.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::build::{floats, problem};
use super::{DescriptionError, Files, Given};
use crate::neuron::{
    CubaLi, CubaLif, Described, Firing, IntegrateAndFire, Integrator, Li, Lif, Neuron, Numbers,
    Text, Threshold,
};

/// The types that go by a name.
pub const TYPES: &str = "LIF, LI, CubaLIF, CubaLI, IF, I and Threshold";

/// The parameters of a population as they are taken.
struct Parameters<'a> {
    /// The key of the population.
    place: &'a str,
    size: usize,
    given: &'a BTreeMap<String, Given>,
    files: &'a dyn Files,
    known: Vec<&'static str>,
}

impl Parameters<'_> {
    fn take(
        &mut self,
        name: &'static str,
        usual: Option<f64>,
    ) -> Result<Vec<f64>, DescriptionError> {
        self.known.push(name);
        let place = self.key(name);
        match (self.given.get(name), usual) {
            (Some(given), _) => {
                let all = floats(&place, given, self.size, self.files)?;
                if name.starts_with("tau")
                    && let Some(n) = all.iter().position(|tau| *tau == 0.0)
                {
                    let text = format!("the time constant of neuron {n} is 0: give another");
                    return Err(problem(&place, text));
                }
                Ok(all)
            }
            (None, Some(value)) => Ok(vec![value; self.size]),
            (None, None) => Err(problem(&place, "it is needed".to_owned())),
        }
    }

    fn li(&mut self, tau: &'static str) -> Result<Li, DescriptionError> {
        Ok(Li {
            tau: self.take(tau, None)?,
            r: self.take("r", Some(1.0))?,
            v_leak: self.take("v_leak", Some(0.0))?,
        })
    }

    fn cuba(&mut self) -> Result<CubaLi, DescriptionError> {
        let Li { tau, r, v_leak } = self.li("tau_mem")?;
        Ok(CubaLi {
            tau_syn: self.take("tau_syn", None)?,
            tau_mem: tau,
            r,
            v_leak,
            w_in: self.take("w_in", Some(1.0))?,
        })
    }

    fn firing(&mut self, threshold: &'static str) -> Result<Firing, DescriptionError> {
        Ok(Firing {
            threshold: self.take(threshold, Some(1.0))?,
            v_reset: self.take("v_reset", Some(0.0))?,
        })
    }

    /// Neurons of the model in the text `model`, with all that is given.
    fn described(&self, model: &str) -> Result<Neuron, DescriptionError> {
        let source = self.files.text(model);
        let source = source.map_err(|why| DescriptionError::File {
            place: format!("{}.model", self.place),
            name: model.to_owned(),
            why,
        })?;
        let mut neuron = Described::new(Arc::new(Text::parse(model, &source)?));
        for (name, given) in self.given {
            let place = self.key(name);
            let numbers = match given {
                Given::Number(value) => Numbers::All(*value),
                _ => Numbers::Each(floats(&place, given, self.size, self.files)?),
            };
            let set = neuron.set(name, numbers);
            set.map_err(|source| DescriptionError::Parameter { place, source })?;
        }
        Ok(Neuron::Described(neuron))
    }

    /// The key of a parameter.
    fn key(&self, name: &str) -> String {
        format!("{}.parameters.{name}", self.place)
    }

    /// Refuses what the type does not have.
    fn check(&self) -> Result<(), DescriptionError> {
        let known = |name: &&String| !self.known.contains(&name.as_str());
        match self.given.keys().find(known) {
            Some(name) => {
                let text = format!(
                    "there is no such parameter; there are {}",
                    self.known.join(", ")
                );
                Err(problem(&self.key(name), text))
            }
            None => Ok(()),
        }
    }
}

/// The neurons of a population of `size` at `place`.
pub fn neuron(
    place: &str,
    model: &str,
    given: &BTreeMap<String, Given>,
    size: usize,
    files: &dyn Files,
) -> Result<Neuron, DescriptionError> {
    let mut p = Parameters {
        place,
        size,
        given,
        files,
        known: Vec::new(),
    };
    if model.ends_with(".neuron") {
        return p.described(model);
    }
    let neuron = match model {
        "LI" => Neuron::Li(p.li("tau")?),
        "LIF" => Neuron::Lif(Lif {
            membrane: p.li("tau")?,
            firing: p.firing("v_threshold")?,
        }),
        "CubaLI" => Neuron::CubaLi(p.cuba()?),
        "CubaLIF" => Neuron::CubaLif(CubaLif {
            membrane: p.cuba()?,
            firing: p.firing("v_threshold")?,
        }),
        "I" => Neuron::Integrator(Integrator {
            r: p.take("r", Some(1.0))?,
        }),
        "IF" => Neuron::IntegrateAndFire(IntegrateAndFire {
            membrane: Integrator {
                r: p.take("r", Some(1.0))?,
            },
            firing: p.firing("v_threshold")?,
        }),
        "Threshold" => Neuron::Threshold(Threshold {
            firing: p.firing("threshold")?,
        }),
        other => {
            let text = format!(
                "`{other}` is no type of neurons: there are {TYPES}, and texts whose file ends in `.neuron`"
            );
            return Err(problem(&format!("{place}.model"), text));
        }
    };
    p.check()?;
    Ok(neuron)
}
