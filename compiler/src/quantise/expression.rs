//! Expressions in normal form as vector operations.

use spikevec_isa::fixed::Rounding;

use super::kernel::{Constant, Kernel, Values};
use super::lower::DoesNotFit;
use super::operation::{Operation, Slot};
use crate::format::{Format, Narrow};
use crate::neuron::Normal;
use crate::neuron::normal::{Factor, Selection, Sum, Term};
use crate::vectors::pack;

/// A kernel as it grows.
pub(super) struct Lowering<'a> {
    pub(super) model: &'a Normal,
    pub(super) rounding: Rounding,
    pub(super) kernel: Kernel,
    /// Where each variable of the model is. A local one is wherever its value was made.
    pub(super) variables: Vec<(Slot, Format)>,
    pub(super) code: Vec<Operation>,
    /// True once a uniform constant that is not zero is added or assigned: padding
    /// lanes then do not stay at zero.
    pub(super) loud_padding: bool,
}

impl Lowering<'_> {
    pub(super) fn temp(&mut self) -> Slot {
        self.kernel.temps += 1;
        Slot::Temp(self.kernel.temps - 1)
    }

    /// Lowers a sum to a slot that holds it in `format`. A `Temp` result is that of the
    /// operation pushed last.
    pub(super) fn sum(&mut self, terms: &[Term], format: Format) -> Result<Slot, DoesNotFit> {
        let zero = |t: &Term| t.product.is_empty() && self.is_uniform(t.factor, 0.0);
        let (nothing, mut added): (Vec<&Term>, Vec<&Term>) = terms.iter().partition(|t| zero(t));
        if added.is_empty() {
            // A zero that has a name keeps it.
            added.extend(nothing.first());
        }
        let mut sum = None;
        for term in added {
            let before = match (sum, term.negative) {
                (None, false) => {
                    sum = Some(self.term(term, format)?);
                    continue;
                }
                (None, true) => Slot::Constant(self.uniform("zero", format, 0)),
                (Some(sum), _) => sum,
            };
            let (a, b) = (before, self.term(term, format)?);
            let dst = self.temp();
            self.code.push(if term.negative {
                Operation::Sub { dst, a, b }
            } else {
                Operation::Add { dst, a, b }
            });
            sum = Some(dst);
        }
        match sum {
            Some(slot) => Ok(slot),
            None => Ok(Slot::Constant(self.uniform("zero", format, 0))),
        }
    }

    /// Lowers a term without its sign.
    fn term(&mut self, term: &Term, format: Format) -> Result<Slot, DoesNotFit> {
        let Some((first, others)) = term.product.split_first() else {
            return match term.factor {
                Some(k) => self.added_constant(k, format),
                None => Ok(Slot::Constant(self.uniform("zero", format, 0))),
            };
        };
        if self.is_uniform(term.factor, 0.0) {
            return Ok(Slot::Constant(self.uniform("zero", format, 0)));
        }
        let factor = term.factor.filter(|k| !self.is_uniform(Some(*k), 1.0));
        let mut product = self.natural(first, format)?;
        if let Some(k) = factor {
            // A parameter takes the format that suits the other factor.
            let a = self.factor(k, product.1, format)?;
            product = (self.product(a, product, format), format);
        }
        for other in others {
            let other = self.natural(other, format)?;
            product = (self.product(product, other, format), format);
        }
        Ok(self.convert(product.0, product.1, format))
    }

    /// The constant of parameter `k` where it is added or assigned.
    fn added_constant(&mut self, k: usize, format: Format) -> Result<Slot, DoesNotFit> {
        let index = self.constant(k, format)?;
        if matches!(self.kernel.constants[index].values, Values::Uniform(v) if v != 0) {
            self.loud_padding = true;
        }
        Ok(Slot::Constant(index))
    }

    /// `a * b` in `format`.
    fn product(
        &mut self,
        (a, a_format): (Slot, Format),
        (b, b_format): (Slot, Format),
        format: Format,
    ) -> Slot {
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
        self.convert(dst, reached, format)
    }

    /// Lowers a factor in the format it has by itself, or else in `format`.
    fn natural(&mut self, factor: &Factor, format: Format) -> Result<(Slot, Format), DoesNotFit> {
        Ok(match factor {
            Factor::State(k) => self.variables[*k],
            Factor::Input(_) => {
                let from = self.kernel.accumulator;
                let own = self.kernel.states[from].format;
                (self.convert(Slot::State(from), own, format), format)
            }
            Factor::Sum(sum) => (self.sum(&sum.terms, format)?, format),
            Factor::Select(selection) => (self.select(selection, format)?, format),
        })
    }

    fn select(&mut self, selection: &Selection, format: Format) -> Result<Slot, DoesNotFit> {
        // What is compared is so in the format of a variable that stands alone on a side.
        let alone = |sum: &Sum| match &sum.terms[..] {
            [
                Term {
                    negative: false,
                    factor: None,
                    product,
                },
            ] => match product[..] {
                [Factor::State(k)] => Some(self.variables[k].1),
                [Factor::Input(_)] => Some(self.kernel.states[self.kernel.accumulator].format),
                _ => None,
            },
            _ => None,
        };
        let compared = alone(&selection.left).or(alone(&selection.right));
        let compared = compared.unwrap_or(format);
        let a = self.sum(&selection.left.terms, compared)?;
        let b = self.sum(&selection.right.terms, compared)?;
        let then = self.sum(&selection.then.terms, format)?;
        let otherwise = self.sum(&selection.otherwise.terms, format)?;
        let dst = self.temp();
        self.code.push(Operation::Choose {
            dst,
            test: selection.test,
            a,
            b,
            then,
            otherwise,
        });
        Ok(dst)
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

    /// Whether a parameter is `value` for all neurons.
    fn is_uniform(&self, parameter: Option<usize>, value: f64) -> bool {
        let all = |k: usize| self.model.parameters[k].values.iter().all(|&v| v == value);
        parameter.is_some_and(all)
    }

    /// The constant of parameter `k` in `format`, made once.
    pub(super) fn constant(&mut self, k: usize, format: Format) -> Result<usize, DoesNotFit> {
        let parameter = &self.model.parameters[k];
        let constant = quantise_constant(&parameter.name, &parameter.values, format)?;
        if let Some(index) = self.kernel.constants.iter().position(|c| *c == constant) {
            return Ok(index);
        }
        self.kernel.constants.push(constant);
        Ok(self.kernel.constants.len() - 1)
    }

    pub(super) fn uniform(&mut self, name: &str, format: Format, value: i16) -> usize {
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

/// A constant of `values` in `format`.
pub(super) fn quantise_constant(
    name: &str,
    values: &[f64],
    format: Format,
) -> Result<Constant, DoesNotFit> {
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
