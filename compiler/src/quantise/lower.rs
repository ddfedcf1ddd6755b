//! From a neuron model and chosen formats to a kernel: the one lowering of neuron models.

use spikevec_isa::fixed::Rounding;
use spikevec_isa::{LANES, Rng, Vector};

use super::kernel::{Constant, Fire, Kernel, KernelState, Values};
use super::operation::{Operation, Slot};
use crate::format::{Format, Narrow};
use crate::neuron::{Expr, Model, Statement};

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

/// Packs one number a neuron into vectors of 32, the padding zero.
pub fn pack(values: &[i16]) -> Vec<Vector> {
    values
        .chunks(LANES)
        .map(|chunk| {
            let mut vector = [0; LANES];
            vector[..chunk.len()].copy_from_slice(chunk);
            vector
        })
        .collect()
}

/// The state variable that weights can be added to directly: the first statement
/// is `state = rest + input`, so that `rest` can be computed ahead, at the end of
/// the step before.
fn direct_target(model: &Model) -> Option<(usize, &Expr)> {
    match model.statements.first() {
        Some(Statement {
            state,
            expr: Expr::Add(rest, input),
        }) if **input == Expr::Input => Some((*state, rest)),
        _ => None,
    }
}

/// True where [`Formats::accumulator`] may be `None`.
pub fn can_add_directly(model: &Model) -> bool {
    direct_target(model).is_some()
}

/// Lowers `model` for `size` neurons.
///
/// # Errors
/// [`DoesNotFit`] names the first parameter beyond its format.
pub fn lower(
    model: &Model,
    size: usize,
    formats: &Formats,
    rounding: Rounding,
) -> Result<Kernel, DoesNotFit> {
    let zero = vec![[0; LANES]; size.div_ceil(LANES)];
    let states = model.states.iter().zip(&formats.states);
    let kernel = Kernel {
        size,
        states: states
            .map(|(s, &format)| KernelState {
                name: s.name.to_owned(),
                format,
                initial: zero.clone(),
            })
            .collect(),
        accumulator: 0,
        words: 1,
        membrane: model.membrane,
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
        code: Vec::new(),
        loud_padding: false,
    };
    let direct = direct_target(model).filter(|_| formats.accumulator.is_none());
    let statements = match direct {
        Some((state, rest)) => {
            lowering.kernel.accumulator = state;
            lowering.assign(state, rest)?;
            lowering.kernel.prepare = std::mem::take(&mut lowering.code);
            &model.statements[1..]
        }
        None => {
            let format = formats.accumulator.unwrap_or(formats.states[0]);
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
        lowering.assign(statement.state, &statement.expr)?;
    }
    lowering.kernel.integrate = std::mem::take(&mut lowering.code);
    if let Some(rule) = &model.spike {
        let format = lowering.kernel.states[rule.state].format;
        let threshold = lowering.constant(rule.threshold, format)?;
        if rule.reset != Expr::State(rule.state) {
            let a = lowering.value(&rule.reset, format)?;
            lowering.code.push(Operation::Select {
                dst: Slot::State(rule.state),
                a,
            });
        }
        let reset = std::mem::take(&mut lowering.code);
        let below_zero = match &lowering.kernel.constants[threshold].values {
            Values::Uniform(t) => *t < 0,
            // The threshold of padding lanes is zero, and so must their membrane be.
            Values::PerNeuron(_) => false,
        };
        lowering.kernel.fire = Some(Fire {
            margin: Vec::new(),
            compared: Slot::State(rule.state),
            threshold,
            reset,
            when: rule.when,
            mask_padding: !size.is_multiple_of(LANES) && (lowering.loud_padding || below_zero),
        });
    }
    if model.rest.iter().any(|v| *v != 0.0) {
        let format = lowering.kernel.states[model.membrane].format;
        let constant = quantise_constant("rest", &model.rest, format)?;
        lowering.kernel.rest = Some(lowering.kernel.constants.len());
        lowering.kernel.constants.push(constant);
    }
    let mut kernel = lowering.kernel;
    let mut initial = Vec::new();
    for (own, state) in model.states.iter().zip(&kernel.states) {
        let values = own.initial.iter().map(|&v| state.format.quantise(v));
        let values: Result<Vec<i16>, Narrow> = values.collect();
        initial.push(pack(&values.map_err(|narrow| DoesNotFit {
            what: format!("initial {}", state.name),
            narrow,
        })?));
    }
    set_initial(&mut kernel, &initial);
    Ok(kernel)
}

/// A constant of `values` in `format`.
fn quantise_constant(name: &str, values: &[f64], format: Format) -> Result<Constant, DoesNotFit> {
    let quantised: Result<Vec<i16>, Narrow> = values.iter().map(|&v| format.quantise(v)).collect();
    let quantised = quantised.map_err(|narrow| DoesNotFit {
        what: name.to_owned(),
        narrow,
    })?;
    let values = match quantised.split_first() {
        Some((first, rest)) if rest.iter().all(|v| v == first) => Values::Uniform(*first),
        _ => Values::PerNeuron(pack(&quantised)),
    };
    Ok(Constant {
        name: name.to_owned(),
        format,
        values,
    })
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

struct Lowering<'a> {
    model: &'a Model,
    rounding: Rounding,
    kernel: Kernel,
    code: Vec<Operation>,
    /// True once a uniform constant that is not zero is added or assigned: padding
    /// lanes then do not stay at zero.
    loud_padding: bool,
}

impl Lowering<'_> {
    fn assign(&mut self, state: usize, expr: &Expr) -> Result<(), DoesNotFit> {
        let dst = Slot::State(state);
        let format = self.kernel.states[state].format;
        let value = self.value(expr, format)?;
        if value == dst {
            return Ok(());
        }
        match (value, self.code.last_mut()) {
            // The last operation made the value: let it write the variable itself.
            (Slot::Temp(_), Some(last)) => last.redirect(dst),
            (Slot::Constant(constant), _) => self.code.push(Operation::Set { dst, constant }),
            _ => self.code.push(Operation::ShiftRight {
                dst,
                a: value,
                shift: 0,
                rounding: Rounding::Truncate,
            }),
        }
        Ok(())
    }

    fn temp(&mut self) -> Slot {
        self.kernel.temps += 1;
        Slot::Temp(self.kernel.temps - 1)
    }

    /// Lowers `expr` to a slot that holds it in `format`. A `Temp` result is that of
    /// the operation pushed last.
    fn value(&mut self, expr: &Expr, format: Format) -> Result<Slot, DoesNotFit> {
        match expr {
            Expr::Input => {
                let from = self.kernel.accumulator;
                Ok(self.convert(Slot::State(from), self.kernel.states[from].format, format))
            }
            Expr::State(k) => {
                Ok(self.convert(Slot::State(*k), self.kernel.states[*k].format, format))
            }
            Expr::Parameter(k) => {
                let index = self.constant(*k, format)?;
                if matches!(self.kernel.constants[index].values, Values::Uniform(v) if v != 0) {
                    self.loud_padding = true;
                }
                Ok(Slot::Constant(index))
            }
            Expr::Add(a, b) if self.is_uniform(a, 0.0) => self.value(b, format),
            Expr::Add(a, b) | Expr::Sub(a, b) if self.is_uniform(b, 0.0) => self.value(a, format),
            Expr::Mul(a, b) if self.is_uniform(a, 1.0) => self.value(b, format),
            Expr::Mul(a, b) if self.is_uniform(b, 1.0) => self.value(a, format),
            Expr::Mul(a, b) if self.is_uniform(a, 0.0) || self.is_uniform(b, 0.0) => {
                Ok(Slot::Constant(self.uniform("zero", format, 0)))
            }
            Expr::Add(a, b) => {
                let (a, b) = (self.value(a, format)?, self.value(b, format)?);
                let dst = self.temp();
                self.code.push(Operation::Add { dst, a, b });
                Ok(dst)
            }
            Expr::Sub(a, b) => {
                let (a, b) = (self.value(a, format)?, self.value(b, format)?);
                let dst = self.temp();
                self.code.push(Operation::Sub { dst, a, b });
                Ok(dst)
            }
            Expr::Mul(a, b) => {
                // A parameter takes the format that suits the other factor.
                let (factor, other) = match (&**a, &**b) {
                    (Expr::Parameter(k), other) | (other, Expr::Parameter(k)) => (Some(*k), other),
                    (_, other) => (None, other),
                };
                let (b, b_format) = self.natural(other, format)?;
                let (a, a_format) = match factor {
                    Some(k) => self.factor(k, b_format, format)?,
                    None => self.natural(a, format)?,
                };
                let product = a_format.fraction() + b_format.fraction();
                // What the multiplier's shift cannot do in one go is left to a conversion.
                let shift = product.saturating_sub(format.fraction()).min(15);
                let reached = Format::new(product - shift);
                let rounding = if shift == 0 {
                    Rounding::Truncate
                } else {
                    self.rounding
                };
                let dst = self.temp();
                self.code.push(Operation::Mul {
                    dst,
                    a,
                    b,
                    shift,
                    rounding,
                });
                Ok(self.convert(dst, reached, format))
            }
        }
    }

    /// Lowers `expr` in the format it has by itself, or else in `format`.
    fn natural(&mut self, expr: &Expr, format: Format) -> Result<(Slot, Format), DoesNotFit> {
        match expr {
            Expr::State(k) => Ok((Slot::State(*k), self.kernel.states[*k].format)),
            _ => Ok((self.value(expr, format)?, format)),
        }
    }

    /// A constant factor on a value of format `other`, for a product of format
    /// `result`: as fine as its values and the shift of at most 15 bits allow.
    fn factor(
        &mut self,
        k: usize,
        other: Format,
        result: Format,
    ) -> Result<(Slot, Format), DoesNotFit> {
        let parameter = &self.model.parameters[k];
        let limit = (15 + result.fraction()).saturating_sub(other.fraction());
        let least = result.fraction().saturating_sub(other.fraction());
        let format = Format::finest(&parameter.values, limit)
            .filter(|format| format.fraction() >= least)
            .unwrap_or(Format::new(least));
        Ok((Slot::Constant(self.constant(k, format)?), format))
    }

    /// Brings a value into another format. Rounding right, saturating left.
    fn convert(&mut self, mut a: Slot, from: Format, to: Format) -> Slot {
        let (mut from, to) = (from.fraction(), to.fraction());
        while from > to {
            let shift = (from - to).min(15);
            let rounding = if from - shift == to {
                self.rounding
            } else {
                Rounding::Truncate
            };
            let dst = self.temp();
            self.code.push(Operation::ShiftRight {
                dst,
                a,
                shift,
                rounding,
            });
            (a, from) = (dst, from - shift);
        }
        while from < to {
            let bits = (to - from).min(14);
            let b = Slot::Constant(self.uniform("power of two", Format::INTEGER, 1 << bits));
            let dst = self.temp();
            let rounding = Rounding::Truncate;
            self.code.push(Operation::Mul {
                dst,
                a,
                b,
                shift: 0,
                rounding,
            });
            (a, from) = (dst, from + bits);
        }
        a
    }

    fn is_uniform(&self, expr: &Expr, value: f64) -> bool {
        matches!(expr, Expr::Parameter(k) if self.model.parameters[*k].values.iter().all(|&v| v == value))
    }

    /// The constant of parameter `k` in `format`, made once.
    fn constant(&mut self, k: usize, format: Format) -> Result<usize, DoesNotFit> {
        let parameter = &self.model.parameters[k];
        let known = |c: &Constant| c.name == parameter.name && c.format == format;
        if let Some(index) = self.kernel.constants.iter().position(known) {
            return Ok(index);
        }
        let constant = quantise_constant(parameter.name, &parameter.values, format)?;
        self.kernel.constants.push(constant);
        Ok(self.kernel.constants.len() - 1)
    }

    fn uniform(&mut self, name: &str, format: Format, value: i16) -> usize {
        let values = Values::Uniform(value);
        let known = |c: &Constant| c.values == values;
        if let Some(index) = self.kernel.constants.iter().position(known) {
            return index;
        }
        self.kernel.constants.push(Constant {
            name: name.to_owned(),
            format,
            values,
        });
        self.kernel.constants.len() - 1
    }
}
