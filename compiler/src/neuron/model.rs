//! The intermediate form of a neuron update.

use std::fmt;

use super::{Expr, ModelError, ModelErrors, NeuronType};
use crate::format::Format;
use crate::reading::{Comparison, Reading, ResetStep};

/// An input: what spikes add their weights to.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// Name.
    pub name: String,
    /// Factor on every weight that arrives, one number a neuron.
    pub gain: Vec<f64>,
}

/// A state variable of a neuron.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// Name.
    pub name: String,
    /// Value at the start of a sample, one number a neuron.
    pub initial: Vec<f64>,
    /// A parameter, by index, that the compiled program keeps the variable relative to: a
    /// membrane's is what it leaks to. Its decay is then a product alone. A leak added in
    /// every step would be rounded in every step, always the same way, and shift when slow
    /// neurons fire.
    pub relative: Option<usize>,
    /// True where nothing of it is left when a step ends: every step assigns it before it is
    /// read, so that the compiled program keeps no memory for it.
    pub local: bool,
    /// The format that the model's text asks for.
    pub format: Option<Format>,
}

/// A parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Name.
    pub name: String,
    /// Values, one number a neuron.
    pub values: Vec<f64>,
}

/// An assignment `state = expr`.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// The state variable, by index.
    pub state: usize,
    /// Its new value.
    pub expr: Expr,
}

/// When a neuron spikes, and what the spike does to it.
#[derive(Debug, Clone, PartialEq)]
pub struct SpikeRule {
    /// The state variable that is compared, by index.
    pub state: usize,
    /// A spike when the variable exceeds this. It may change from step to step, but no input
    /// stands in it.
    pub threshold: Expr,
    /// Whether equal is enough.
    pub comparison: Comparison,
    /// What happens to the neurons that spiked, in order.
    pub resets: Vec<Statement>,
    /// When the reset takes effect.
    pub when: ResetStep,
    /// A state variable, by index, that must be 0 for a neuron to spike.
    pub counter: Option<usize>,
    /// True where a neuron spikes as often in a step as thresholds fit into its variable.
    pub several: bool,
}

/// A neuron update: the statements in order, then the comparison, then the reset.
///
/// A model is made by a [`ModelBuilder`](super::ModelBuilder), which checks it: names are
/// unique, every index is in range, there is one finite number a neuron everywhere, each
/// input is used, and none in a reset.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    pub(super) size: usize,
    pub(super) inputs: Vec<Input>,
    pub(super) states: Vec<State>,
    pub(super) parameters: Vec<Parameter>,
    pub(super) statements: Vec<Statement>,
    pub(super) spike: Option<SpikeRule>,
    pub(super) membrane: usize,
}

impl Model {
    /// Number of neurons.
    pub fn size(&self) -> usize {
        self.size
    }

    /// The inputs.
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// The state variables.
    pub fn states(&self) -> &[State] {
        &self.states
    }

    /// The parameters.
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// The update, in order.
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// Spiking, where the neurons do.
    pub fn spike(&self) -> Option<&SpikeRule> {
        self.spike.as_ref()
    }

    /// The state variable that is the membrane potential, by index.
    pub fn membrane(&self) -> usize {
        self.membrane
    }

    /// The membrane potentials at which the neurons spike at the start of a sample, one number a
    /// neuron; `None` where they do not spike, or not at a membrane potential.
    pub fn thresholds(&self) -> Option<Vec<f64>> {
        let rule = self
            .spike
            .as_ref()
            .filter(|rule| rule.state == self.membrane)?;
        Some(
            self.evaluate(&rule.threshold, &self.start(), &[])
                .into_owned(),
        )
    }
}

impl NeuronType for Model {
    fn kind(&self) -> &'static str {
        "model"
    }

    fn is_spiking(&self) -> bool {
        self.spike.is_some()
    }

    fn model(&self, _: &Reading, bias: &[f64]) -> Result<Model, ModelErrors> {
        let refused = |error| Err(ModelErrors(vec![error]));
        if bias.len() != self.size {
            return refused(ModelError::Count {
                what: "the bias".to_owned(),
                found: bias.len(),
                size: self.size,
            });
        }
        let mut model = self.clone();
        if bias.iter().all(|b| *b == 0.0) {
            return Ok(model);
        }
        let [input] = &self.inputs[..] else {
            let inputs = self.inputs.len();
            return refused(ModelError::BiasWithoutInput { inputs });
        };
        let scaled = input.gain.iter().zip(bias).map(|(gain, bias)| gain * bias);
        let values: Vec<f64> = scaled.collect();
        if let Some(neuron) = values.iter().position(|v| !v.is_finite()) {
            let (what, value) = ("the bias".to_owned(), values[neuron]);
            return refused(ModelError::NotFinite {
                what,
                neuron,
                value,
            });
        }
        let biased = Expr::Input(0) + Expr::Parameter(self.parameters.len());
        // A space, so that it is no name that a model can have.
        let name = "constant input".to_owned();
        model.parameters.push(Parameter { name, values });
        for statement in &mut model.statements {
            statement.expr.replace(&Expr::Input(0), &biased);
        }
        Ok(model)
    }
}

struct Show<'a>(&'a Model, &'a Expr);

impl fmt::Display for Show<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Show(model, expr) = *self;
        let show = |e| Show(model, e);
        match expr {
            Expr::Input(k) => f.write_str(&model.inputs[*k].name),
            Expr::State(k) => f.write_str(&model.states[*k].name),
            Expr::Parameter(k) => f.write_str(&model.parameters[*k].name),
            Expr::Constant(value) => write!(f, "{value}"),
            Expr::Add(a, b) => write!(f, "({} + {})", show(a), show(b)),
            Expr::Sub(a, b) => write!(f, "({} - {})", show(a), show(b)),
            Expr::Mul(a, b) => write!(f, "{} * {}", show(a), show(b)),
            Expr::Select {
                when,
                then,
                otherwise,
            } => write!(
                f,
                "({} {} {} ? {} : {})",
                show(&when.left),
                when.test.sign(),
                show(&when.right),
                show(then),
                show(otherwise)
            ),
        }
    }
}

impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let assign =
            |s: &Statement| format!("{} = {}", self.states[s.state].name, Show(self, &s.expr));
        for s in &self.statements {
            writeln!(f, "{}", assign(s))?;
        }
        if let Some(rule) = &self.spike {
            let v = &self.states[rule.state].name;
            write!(
                f,
                "spike when {v} {} {}",
                rule.comparison.sign(),
                Show(self, &rule.threshold)
            )?;
            if let Some(counter) = rule.counter {
                write!(f, " and {} == 0", self.states[counter].name)?;
            }
            if rule.several {
                f.write_str(", as often as it fits")?;
            }
            let when = match rule.when {
                ResetStep::Same => ", then",
                ResetStep::Next => ", then in the next step",
            };
            for (k, reset) in rule.resets.iter().enumerate() {
                let when = if k == 0 { when } else { "," };
                write!(f, "{when} {}", assign(reset))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
