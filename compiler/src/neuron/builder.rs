//! How a model is made, and what is checked of it.

use std::collections::BTreeSet;

use super::model::{Input, Model, Parameter, SpikeRule, State, Statement};
use super::model_error::{ModelError, ModelErrors};
use super::{Expr, InputId, ParameterId, StateId};
use crate::format::Format;
use crate::reading::{Comparison, ResetStep};

/// One number for all neurons, or one for each.
#[derive(Debug, Clone, PartialEq)]
pub enum Numbers {
    /// The same for all.
    All(f64),
    /// One a neuron.
    Each(Vec<f64>),
}

impl Numbers {
    /// The number of neuron `n`.
    pub(super) fn of(&self, n: usize) -> f64 {
        match self {
            Numbers::All(value) => *value,
            Numbers::Each(values) => values[n],
        }
    }
}

impl From<f64> for Numbers {
    fn from(value: f64) -> Self {
        Numbers::All(value)
    }
}

impl From<Vec<f64>> for Numbers {
    fn from(values: Vec<f64>) -> Self {
        Numbers::Each(values)
    }
}

impl From<&[f64]> for Numbers {
    fn from(values: &[f64]) -> Self {
        Numbers::Each(values.to_vec())
    }
}

impl From<&Vec<f64>> for Numbers {
    fn from(values: &Vec<f64>) -> Self {
        Numbers::Each(values.clone())
    }
}

/// What is said of the spike rule beside the variable and the threshold.
#[derive(Debug, Clone, Default)]
struct Changes {
    comparison: Comparison,
    counter: Option<usize>,
    several: bool,
}

/// Puts a [`Model`] together. What is wrong is collected and told by
/// [`build`](ModelBuilder::build), all of it at once.
#[derive(Debug, Clone)]
pub struct ModelBuilder {
    model: Model,
    membrane: Option<usize>,
    resets: Vec<Statement>,
    changes: Changes,
    errors: Vec<ModelError>,
}

impl ModelBuilder {
    /// An empty model of `size` neurons.
    pub fn new(size: usize) -> Self {
        ModelBuilder {
            model: Model {
                size,
                inputs: Vec::new(),
                states: Vec::new(),
                parameters: Vec::new(),
                statements: Vec::new(),
                spike: None,
                membrane: 0,
            },
            membrane: None,
            resets: Vec::new(),
            changes: Changes::default(),
            errors: Vec::new(),
        }
    }

    /// Adds an input whose weights are multiplied by `gain`.
    pub fn input(&mut self, name: &str, gain: impl Into<Numbers>) -> InputId {
        self.name(name);
        let gain = self.numbers(|| format!("the gain of `{name}`"), gain.into());
        let name = name.to_owned();
        self.model.inputs.push(Input { name, gain });
        InputId(self.model.inputs.len() - 1)
    }

    /// Adds a state variable.
    pub fn state(&mut self, name: &str, initial: impl Into<Numbers>) -> StateId {
        self.name(name);
        self.not_reserved(name, "state variable");
        let initial = self.numbers(|| format!("the initial value of `{name}`"), initial.into());
        let name = name.to_owned();
        self.model.states.push(State {
            name,
            initial,
            relative: None,
            local: false,
            format: None,
        });
        StateId(self.model.states.len() - 1)
    }

    /// Adds a variable that every step assigns before it is read, so that nothing of it is left
    /// when the step ends.
    pub fn local(&mut self, name: &str) -> StateId {
        let local = self.state(name, 0.0);
        self.model.states[local.0].local = true;
        local
    }

    /// Pins the format of a variable.
    pub fn format(&mut self, state: StateId, format: Format) {
        let states = self.model.states.len();
        match self.model.states.get_mut(state.0) {
            Some(state) => state.format = Some(format),
            None => self.in_range("`format`", "state variable", state.0, states),
        }
    }

    /// Makes `state` the membrane potential: what is recorded.
    pub fn membrane(&mut self, state: StateId) {
        if self.membrane.replace(state.0).is_some() {
            self.errors.push(ModelError::TwoMembranes);
        }
    }

    /// Lets the compiled program keep `state` relative to `parameter`.
    pub fn relative(&mut self, state: StateId, parameter: ParameterId) {
        let states = self.model.states.len();
        match self.model.states.get_mut(state.0) {
            Some(state) => state.relative = Some(parameter.0),
            None => self.in_range("`relative`", "state variable", state.0, states),
        }
    }

    /// Adds a parameter.
    pub fn parameter(&mut self, name: &str, values: impl Into<Numbers>) -> ParameterId {
        self.name(name);
        self.not_reserved(name, "parameter");
        let values = self.numbers(|| format!("`{name}`"), values.into());
        let name = name.to_owned();
        self.model.parameters.push(Parameter { name, values });
        ParameterId(self.model.parameters.len() - 1)
    }

    /// Appends `state = expr` to the update.
    pub fn assign(&mut self, state: StateId, expr: impl Into<Expr>) {
        let (state, expr) = (state.0, expr.into());
        self.model.statements.push(Statement { state, expr });
    }

    /// Makes the neuron spike when `state`, after the update, is greater than `threshold`.
    pub fn spike(&mut self, state: StateId, threshold: impl Into<Expr>, when: ResetStep) {
        let rule = SpikeRule {
            state: state.0,
            threshold: threshold.into(),
            comparison: Comparison::Above,
            resets: Vec::new(),
            when,
            counter: None,
            several: false,
        };
        if self.model.spike.replace(rule).is_some() {
            self.errors.push(ModelError::TwoSpikeRules);
        }
    }

    /// How the variable of the spike rule is compared; without a call, a spike is above the
    /// threshold.
    pub fn comparison(&mut self, comparison: Comparison) {
        self.changes.comparison = comparison;
    }

    /// Keeps neurons from spiking while `state` is not 0.
    pub fn rest_while(&mut self, state: StateId) {
        self.changes.counter = Some(state.0);
    }

    /// Lets a neuron spike as often in a step as thresholds fit into its variable; each spike
    /// resets it.
    pub fn several_spikes(&mut self) {
        self.changes.several = true;
    }

    /// Appends `state = expr` to what a spike does to its neuron.
    pub fn reset(&mut self, state: StateId, expr: impl Into<Expr>) {
        let (state, expr) = (state.0, expr.into());
        self.resets.push(Statement { state, expr });
    }

    /// Checks the model.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn build(mut self) -> Result<Model, ModelErrors> {
        match self.membrane {
            Some(membrane) => {
                let states = self.model.states.len();
                self.in_range("the membrane", "state variable", membrane, states);
                self.model.membrane = membrane;
            }
            None => self.errors.push(ModelError::NoMembrane),
        }
        let statements = std::mem::take(&mut self.model.statements);
        let resets = std::mem::take(&mut self.resets);
        self.check_names();
        let parameters = self.model.parameters.len();
        let relative: Vec<usize> = self
            .model
            .states
            .iter()
            .filter_map(|s| s.relative)
            .collect();
        for k in relative {
            self.in_range("`relative`", "parameter", k, parameters);
        }
        let mut used = BTreeSet::new();
        for (k, statement) in statements.iter().enumerate() {
            used.extend(self.check(&format!("statement {k}"), statement));
        }
        for (k, input) in self.model.inputs.iter().enumerate() {
            if !used.contains(&k) {
                self.errors
                    .push(ModelError::UnusedInput(input.name.clone()));
            }
        }
        for (k, reset) in resets.iter().enumerate() {
            for input in self.check(&format!("reset {k}"), reset) {
                if let Some(input) = self.model.inputs.get(input) {
                    self.errors
                        .push(ModelError::InputInReset(input.name.clone()));
                }
            }
        }
        if let Some(rule) = &self.model.spike {
            let (state, expr) = (rule.state, rule.threshold.clone());
            for input in self.check("the spike rule", &Statement { state, expr }) {
                if let Some(input) = self.model.inputs.get(input) {
                    self.errors
                        .push(ModelError::InputInReset(input.name.clone()));
                }
            }
        }
        self.check_locals(&statements, &resets);
        self.model.statements = statements;
        match &mut self.model.spike {
            Some(rule) => {
                rule.resets = resets;
                rule.comparison = self.changes.comparison;
                rule.counter = self.changes.counter;
                rule.several = self.changes.several;
                let counter = rule.counter;
                let states = self.model.states.len();
                if let Some(counter) = counter {
                    self.in_range("the spike rule", "state variable", counter, states);
                }
            }
            None if !resets.is_empty() => self.errors.push(ModelError::ResetWithoutSpike),
            None => {}
        }
        if self.errors.is_empty() {
            Ok(self.model)
        } else {
            Err(ModelErrors(self.errors))
        }
    }

    /// Finds local variables that are read before they are assigned, or outlive the step.
    fn check_locals(&mut self, statements: &[Statement], resets: &[Statement]) {
        let local = |k: &usize| self.model.states.get(*k).is_some_and(|s| s.local);
        let mut assigned = BTreeSet::new();
        let mut wrong = BTreeSet::new();
        let mut read = |assigned: &BTreeSet<usize>, expr: &Expr| {
            expr.visit(&mut |part| match part {
                Expr::State(k) if local(k) && !assigned.contains(k) => {
                    wrong.insert(*k);
                }
                _ => {}
            });
        };
        for Statement { state, expr } in statements {
            read(&assigned, expr);
            assigned.insert(*state);
        }
        let rule = self.model.spike.iter();
        let rule = rule.flat_map(|rule| [Some(rule.state), rule.counter]);
        let kept = rule.flatten().chain(self.membrane);
        for k in kept {
            read(&assigned, &Expr::State(k));
        }
        if let Some(rule) = &self.model.spike {
            read(&assigned, &rule.threshold);
        }
        for Statement { expr, .. } in resets {
            read(&assigned, expr);
        }
        // What a spike changes lasts.
        let reset = resets.iter().map(|reset| reset.state);
        wrong.extend(reset.filter(&local));
        // So does the membrane, which is recorded and where a sample begins.
        wrong.extend(self.membrane.iter().filter(|k| local(k)));
        let states = &self.model.states;
        let names = wrong.into_iter().map(|k| states[k].name.clone());
        self.errors.extend(names.map(ModelError::Local));
    }

    fn name(&mut self, name: &str) {
        let first = |c: char| c.is_ascii_alphabetic() || c == '_';
        let other = |c: char| first(c) || c.is_ascii_digit();
        if !(name.starts_with(first) && name.chars().all(other)) {
            self.errors.push(ModelError::Name(name.to_owned()));
        }
    }

    fn not_reserved(&mut self, name: &str, what: &'static str) {
        if name == "input" {
            self.errors.push(ModelError::Reserved(what));
        }
    }

    fn check_names(&mut self) {
        let inputs = self.model.inputs.iter().map(|i| &i.name);
        let states = self.model.states.iter().map(|s| &s.name);
        let parameters = self.model.parameters.iter().map(|p| &p.name);
        let mut seen = BTreeSet::new();
        let all = inputs.chain(states).chain(parameters);
        let twice: BTreeSet<&String> = all.filter(|name| !seen.insert(*name)).collect();
        let errors = twice
            .into_iter()
            .map(|name| ModelError::Duplicate(name.clone()));
        self.errors.extend(errors);
    }

    /// One number a neuron; zeros where there is something wrong with them.
    fn numbers(&mut self, what: impl Fn() -> String, numbers: Numbers) -> Vec<f64> {
        let size = self.model.size;
        let values = match numbers {
            Numbers::All(value) => vec![value; size],
            Numbers::Each(values) => values,
        };
        let found = values.len();
        if found != size {
            let what = what();
            self.errors.push(ModelError::Count { what, found, size });
            return vec![0.0; size];
        }
        if let Some(neuron) = values.iter().position(|v| !v.is_finite()) {
            self.errors.push(ModelError::NotFinite {
                what: what(),
                neuron,
                value: values[neuron],
            });
            return vec![0.0; size];
        }
        values
    }

    /// Checks a statement and gives the inputs that it uses.
    fn check(&mut self, place: &str, statement: &Statement) -> BTreeSet<usize> {
        let (inputs, states, parameters) = (
            self.model.inputs.len(),
            self.model.states.len(),
            self.model.parameters.len(),
        );
        let mut used = BTreeSet::new();
        self.in_range(place, "state variable", statement.state, states);
        statement.expr.visit(&mut |part| match part {
            Expr::Input(k) => {
                self.in_range(place, "input", *k, inputs);
                used.insert(*k);
            }
            Expr::State(k) => self.in_range(place, "state variable", *k, states),
            Expr::Parameter(k) => self.in_range(place, "parameter", *k, parameters),
            Expr::Constant(value) if !value.is_finite() => {
                self.errors.push(ModelError::Constant {
                    place: place.to_owned(),
                    value: *value,
                });
            }
            _ => {}
        });
        used
    }

    fn in_range(&mut self, place: &str, what: &'static str, index: usize, count: usize) {
        if index >= count {
            self.errors.push(ModelError::Unknown {
                place: place.to_owned(),
                what,
                index,
                count,
            });
        }
    }
}
