//! From a neuron model and chosen formats to a kernel: the one lowering of neuron models.

use spikevec_isa::fixed::Rounding;
use spikevec_isa::{LANES, Rng, Vector};

use super::expression::{Lowering, quantise_constant};
use super::kernel::{Fire, Gate, Kernel, KernelState, Values};
use super::operation::{Operation, Slot};
use super::pressure::TooLarge;
use crate::format::{Format, Narrow};
use crate::neuron::normal::Term;
use crate::neuron::{Normal, Test};
use crate::reading::Comparison;
use crate::vectors::pack;

/// The formats of a population's variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formats {
    /// One a state variable of the model.
    pub states: Vec<Format>,
    /// Format of the weights and of the accumulator; `None` adds weights to the
    /// state variable of the first statement, in its format.
    pub accumulator: Option<Format>,
}

/// A value that does not fit the format chosen for it.
#[derive(Debug, Clone, PartialEq)]
pub struct DoesNotFit {
    /// Which value.
    pub what: String,
    /// Why.
    pub narrow: Narrow,
}

/// Why a model has no kernel in the formats given.
#[derive(Debug, Clone, PartialEq)]
pub enum LowerError {
    /// A value does not fit its format.
    DoesNotFit(DoesNotFit),
    /// The model has these inputs. No connection can say yet which of several it leads to.
    Inputs(Vec<String>),
    /// There are fewer formats than state variables.
    Formats {
        /// Formats given.
        given: usize,
        /// State variables.
        needed: usize,
    },
    /// The kernel takes more than the machine has.
    TooLarge(TooLarge),
    /// Neurons that would share weights have different gains, and so many weights of their own
    /// cannot be.
    Unshared {
        /// Weights that they would have.
        weights: usize,
    },
}

impl From<TooLarge> for LowerError {
    fn from(error: TooLarge) -> Self {
        LowerError::TooLarge(error)
    }
}

impl From<DoesNotFit> for LowerError {
    fn from(error: DoesNotFit) -> Self {
        LowerError::DoesNotFit(error)
    }
}

/// True where [`Formats::accumulator`] may be `None`: where weights can be added to a state
/// variable itself.
pub fn can_add_directly(model: &Normal) -> bool {
    model.direct().is_some()
}

/// Lowers `model`.
///
/// # Errors
/// The first parameter beyond its format, several inputs, or too large a model.
pub fn lower(model: &Normal, formats: &Formats, rounding: Rounding) -> Result<Kernel, LowerError> {
    if model.inputs.len() > 1 {
        let names = model.inputs.iter().map(|input| input.name.clone());
        return Err(LowerError::Inputs(names.collect()));
    }
    let (given, needed) = (formats.states.len(), model.states.len());
    if given < needed {
        return Err(LowerError::Formats { given, needed });
    }
    let size = model.size;
    let zero = vec![[0; LANES]; size.div_ceil(LANES)];
    let mut states = Vec::new();
    let mut variables = Vec::new();
    for (s, &format) in model.states.iter().zip(&formats.states) {
        variables.push((Slot::State(states.len()), format));
        if !s.local {
            states.push(KernelState {
                name: s.name.clone(),
                format,
                initial: zero.clone(),
            });
        }
    }
    let place = |k: usize| model.states[..k].iter().filter(|s| !s.local).count();
    let membrane = place(model.membrane);
    let kernel = Kernel {
        size,
        states,
        accumulator: 0,
        words: 1,
        membrane,
        rest: None,
        constants: Vec::new(),
        temps: 0,
        integrate: Vec::new(),
        fire: None,
        prepare: Vec::new(),
    };
    let mut lowering = Lowering {
        model,
        rounding,
        kernel,
        variables,
        code: Vec::new(),
        loud_padding: false,
    };
    let direct = model.direct().filter(|_| formats.accumulator.is_none());
    let statements = match direct {
        Some((state, rest)) => {
            lowering.kernel.accumulator = place(state);
            lowering.assign(state, rest)?;
            lowering.kernel.prepare = std::mem::take(&mut lowering.code);
            &model.statements[1..]
        }
        None => {
            let first = formats.states.first().copied();
            let format = formats.accumulator.or(first).unwrap_or(Format::INTEGER);
            lowering.kernel.accumulator = lowering.kernel.states.len();
            lowering.kernel.states.push(KernelState {
                name: "input".to_owned(),
                format,
                initial: zero,
            });
            let constant = lowering.uniform("zero", format, 0);
            let dst = Slot::State(lowering.kernel.accumulator);
            lowering.kernel.prepare = vec![Operation::Set { dst, constant }];
            &model.statements[..]
        }
    };
    for statement in statements {
        lowering.assign(statement.state, &statement.sum.terms)?;
    }
    lowering.kernel.integrate = std::mem::take(&mut lowering.code);
    lowering.fire()?;
    if model.rest.iter().any(|v| *v != 0.0) {
        let format = lowering.kernel.states[membrane].format;
        let constant = quantise_constant("rest", &model.rest, format)?;
        lowering.kernel.rest = Some(lowering.kernel.constants.len());
        lowering.kernel.constants.push(constant);
    }
    let mut kernel = lowering.kernel;
    let mut initial = Vec::new();
    let kept = model.states.iter().filter(|state| !state.local);
    for (own, state) in kept.zip(&kernel.states) {
        let values = own.initial.iter().map(|&v| state.format.quantise(v));
        let values: Result<Vec<i16>, Narrow> = values.collect();
        initial.push(pack(&values.map_err(|narrow| DoesNotFit {
            what: format!("initial {}", state.name),
            narrow,
        })?));
    }
    set_initial(&mut kernel, &initial);
    kernel.check()?;
    Ok(kernel)
}

/// A sample begins with `initial`, the values of the first state variables (the others
/// are zero), and `prepare` done.
pub(super) fn set_initial(kernel: &mut Kernel, initial: &[Vec<Vector>]) {
    let mut prepare = kernel.prepare.clone();
    for operation in &mut prepare {
        // The start of a sample draws no random numbers: it is part of the image.
        if let Operation::Mul { rounding, .. } | Operation::ShiftRight { rounding, .. } = operation
        {
            // The wide form takes words apart with shifts that must not round.
            if kernel.words == 1 || *rounding == Rounding::Stochastic {
                *rounding = Rounding::Nearest;
            }
        }
    }
    let ready = Kernel {
        integrate: Vec::new(),
        fire: None,
        prepare,
        ..kernel.clone()
    };
    for k in 0..kernel.vectors() {
        let mut states = vec![[0; LANES]; kernel.states.len()];
        for (state, own) in states.iter_mut().zip(initial) {
            *state = own[k];
        }
        ready.update(k, &mut states, 0, &mut Rng::default(), |_| ());
        for (state, value) in kernel.states.iter_mut().zip(states) {
            state.initial[k] = value;
        }
    }
}

impl Lowering<'_> {
    /// The comparison and the resets.
    fn fire(&mut self) -> Result<(), DoesNotFit> {
        let Some(rule) = &self.model.spike else {
            return Ok(());
        };
        let (state, format) = self.variables[rule.state];
        let threshold = match rule.parameter() {
            Some(parameter) => Some(self.constant(parameter, format)?),
            None => None,
        };
        for reset in &rule.resets {
            let (dst, format) = self.variables[reset.state];
            let a = self.sum(&reset.sum.terms, format)?;
            if a != dst {
                self.code.push(Operation::Select { dst, a });
            }
        }
        let reset = std::mem::take(&mut self.code);
        // The membrane of padding lanes is zero, and so is their threshold where there is one a neuron.
        let constants = &self.kernel.constants;
        let values = threshold.map(|constant| &constants[constant].values);
        let padding_fires = match (values, rule.comparison) {
            (Some(Values::Uniform(t)), Comparison::Above) => *t < 0,
            (Some(Values::Uniform(t)), Comparison::AtLeast) => *t <= 0,
            (Some(Values::PerNeuron(_)), comparison) => comparison == Comparison::AtLeast,
            (None, _) => true,
        };
        let gate = rule.counter.map(|counter| {
            let (a, format) = self.variables[counter];
            Gate {
                test: Test::Equal,
                a,
                b: Slot::Constant(self.uniform("zero", format, 0)),
            }
        });
        let threshold = match threshold {
            Some(constant) => Slot::Constant(constant),
            None => self.sum(&rule.threshold.terms, format)?,
        };
        let margin = std::mem::take(&mut self.code);
        self.kernel.fire = Some(Fire {
            margin,
            compared: state,
            threshold,
            gate,
            comparison: rule.comparison,
            reset,
            when: rule.when,
            mask_padding: !self.kernel.size.is_multiple_of(LANES)
                && (self.loud_padding || padding_fires),
        });
        Ok(())
    }

    fn assign(&mut self, state: usize, terms: &[Term]) -> Result<(), DoesNotFit> {
        let (dst, format) = self.variables[state];
        let value = self.sum(terms, format)?;
        if self.model.states[state].local {
            // A value that stays where it is needs no copy of its own. That of a variable may
            // change before this one is read.
            let value = match value {
                Slot::State(_) => {
                    let dst = self.temp();
                    self.copy(dst, value);
                    dst
                }
                Slot::Constant(_) | Slot::Temp(_) => value,
            };
            self.variables[state].0 = value;
            return Ok(());
        }
        if value == dst {
            return Ok(());
        }
        let shared = self.variables.iter().any(|(slot, _)| *slot == value);
        match (value, self.code.last_mut()) {
            // The last operation made the value: let it write the variable itself.
            (Slot::Temp(_), Some(last)) if !shared => last.redirect(dst),
            (Slot::Constant(constant), _) => self.code.push(Operation::Set { dst, constant }),
            _ => self.copy(dst, value),
        }
        Ok(())
    }

    fn copy(&mut self, dst: Slot, a: Slot) {
        self.code.push(Operation::ShiftRight {
            dst,
            a,
            shift: 0,
            rounding: Rounding::Truncate,
        });
    }
}
