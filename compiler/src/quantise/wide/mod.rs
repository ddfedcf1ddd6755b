//! The wide form: state variables in several 16-bit words, for neurons that grow and for networks
//! whose spikes must fall in the reference's steps.
//!
//! The words are digits. The first is the variable in its format, with a sign; each of
//! the others counts `2^-bits` of the one before. Weights are split into the same words and
//! added word by word, without carries: a digit has so few bits that the spikes of a
//! step cannot overflow its word. All variables of a population have the same format. The update
//! carries, compares and multiplies:
//!
//! - `integrate` carries, after which all digits but the first are in `0..2^bits`, and adds a
//!   synaptic current to the membrane that it feeds;
//! - the comparison is that of the digits one after the other;
//! - `prepare` takes `k v` off `v`, with `k = 1 - decay` in digits, too. Only what falls
//!   below the last digit is rounded.

use spikevec_isa::LANES;
use spikevec_isa::fixed::Rounding;

mod lowering;

use super::digits::{Digits, digit_bits, split, split_all};
use super::kernel::{Kernel, KernelState};
use super::lower::{DoesNotFit, set_initial};
use crate::format::{Format, Narrow};
use crate::neuron::normal::{Factor, NormalSpike, Term};
use crate::neuron::{Leaky, Normal};
use crate::options::Precision;
use crate::vectors::pack;
use lowering::{Lowering, word_name};

/// Words of a variable that grows.
const GROWING_WORDS: usize = 4;

/// Words of a variable where the user asks for more than one.
const HIGH_WORDS: usize = 2;

/// The same where the user asks for most.
pub(super) const HIGHEST_WORDS: usize = 3;

/// Most words of the factor.
const FACTOR_WORDS: usize = 3;

/// Fraction bits of the first word of a factor below 1, and of one below 2: as many bits
/// does the multiplier drop from a product.
const SHIFTS: [u32; 2] = [15, 14];

/// A model that has a wide form.
#[derive(Debug, Clone)]
pub struct Wide<'a> {
    model: &'a Normal,
    chain: Vec<Leaky>,
    digits: Digits,
    shift: u32,
}

impl<'a> Wide<'a> {
    /// The wide form of `model`, where it has neurons that grow or `precision` asks for it, and one
    /// is possible. `sources` is the number of neurons whose spikes may arrive in one step.
    pub fn of(model: &'a Normal, sources: usize, precision: Precision) -> Option<Self> {
        let chain = model.chain()?;
        let bits = digit_bits(sources)?;
        let words = match precision {
            _ if model.growing() > 0 && chain.len() == 1 => GROWING_WORDS,
            Precision::Standard => return None,
            Precision::High | Precision::Highest if model.growing() > 0 => GROWING_WORDS,
            Precision::High => HIGH_WORDS,
            Precision::Highest => HIGHEST_WORDS,
        };
        let decays = chain.iter().filter_map(|leaky| leaky.decay);
        let decays = decays.flat_map(|k| &model.parameters[k].values);
        let largest = decays.fold(0.0, |largest: f64, d| largest.max((1.0 - d).abs()));
        let shift = match largest {
            factor if factor < 1.0 => Some(SHIFTS[0]),
            factor if factor < 2.0 => Some(SHIFTS[1]),
            _ => None,
        }?;
        let resets = match &model.spike {
            // What is compared is the last of the chain, and so up to date.
            Some(rule) => {
                let last = chain.last().is_some_and(|leaky| leaky.state == rule.state);
                last && rule.parameter().is_some() && WideReset::of(rule).is_some()
            }
            None => true,
        };
        resets.then_some(Wide {
            model,
            chain,
            digits: Digits { words, bits },
            shift,
        })
    }

    /// Words of a weight.
    pub fn words(&self) -> usize {
        self.digits.words
    }

    /// The words of a weight into a variable of `format`.
    ///
    /// # Errors
    /// [`Narrow`] where the value is beyond the format.
    pub fn weight(&self, value: f64, format: Format) -> Result<Vec<i16>, Narrow> {
        // Digits about zero, so that sums of many stay small.
        split(value, format, self.digits, 1 << (self.digits.bits - 1))
    }

    /// The value of the words of a weight.
    pub fn value(&self, words: &[i16], format: Format) -> f64 {
        let word = |(m, w): (usize, &i16)| self.format(format, m).value(*w);
        words.iter().enumerate().map(word).sum()
    }

    fn format(&self, first: Format, word: usize) -> Format {
        Format::new(first.fraction() + self.digits.bits * word as u32)
    }

    /// The place in the chain of state variable `state` of the model.
    fn place(&self, state: usize) -> usize {
        let place = self.chain.iter().position(|leaky| leaky.state == state);
        place.unwrap_or(0)
    }

    /// Lowers the model with variables of `format`.
    ///
    /// # Errors
    /// [`DoesNotFit`] names the first parameter beyond its format.
    pub fn lower(&self, format: Format, rounding: Rounding) -> Result<Kernel, DoesNotFit> {
        let size = self.model.size();
        let count = self.digits.words;
        let states = self.chain.iter().flat_map(|leaky| {
            let name = &self.model.states[leaky.state].name;
            (0..count).map(|m| KernelState {
                name: word_name(name, m),
                format: self.format(format, m),
                initial: vec![[0; LANES]; size.div_ceil(LANES)],
            })
        });
        let mut lowering = Lowering {
            digits: self.digits,
            shift: self.shift,
            rounding,
            code: Vec::new(),
            kernel: Kernel {
                size,
                states: states.collect(),
                accumulator: 0,
                words: count,
                membrane: count * self.place(self.model.membrane),
                rest: None,
                constants: Vec::new(),
                temps: 0,
                integrate: Vec::new(),
                fire: None,
                prepare: Vec::new(),
            },
        };
        for variable in 0..self.chain.len() {
            if variable > 0 {
                lowering.feed(variable - 1, variable);
            }
            lowering.carry(variable);
        }
        lowering.kernel.integrate = std::mem::take(&mut lowering.code);
        if let Some(rule) = &self.model.spike {
            let threshold = rule.parameter().unwrap_or(0);
            let place = self.place(rule.state);
            lowering.fire(self.model, (rule, threshold), place, format)?;
        }
        for (variable, leaky) in self.chain.iter().enumerate() {
            let name = |what: &str| match self.chain.len() {
                1 => what.to_owned(),
                _ => format!("{what}_{}", self.model.states[leaky.state].name),
            };
            let factor = match leaky.decay {
                Some(k) => {
                    let decay = self.model.parameters[k].values.iter();
                    let factor: Vec<f64> = decay.map(|d| 1.0 - d).collect();
                    let words = count.min(FACTOR_WORDS);
                    lowering.constants(&name("leak"), &factor, Format::new(self.shift), words)?
                }
                None => Vec::new(),
            };
            let drive = match leaky.drive {
                Some(k) => {
                    let drive = &self.model.parameters[k].values;
                    lowering.constants(&name("drive"), drive, format, count)?
                }
                None => Vec::new(),
            };
            lowering.prepare(variable, &factor, &drive);
        }
        lowering.kernel.prepare = std::mem::take(&mut lowering.code);
        if self.model.rest.iter().any(|v| *v != 0.0) {
            let rest = lowering.constants("rest", &self.model.rest, format, 1)?;
            let rest = rest.first().copied().flatten();
            let rest = rest.unwrap_or_else(|| lowering.uniform("zero", 0));
            lowering.kernel.rest = Some(rest);
        }
        let mut kernel = lowering.kernel;
        let mut initial = Vec::new();
        for leaky in &self.chain {
            let state = &self.model.states[leaky.state];
            let what = format!("initial {}", state.name);
            let words = split_all(&what, &state.initial, format, self.digits)?;
            initial.extend(words.iter().map(|word| pack(word)));
        }
        set_initial(&mut kernel, &initial);
        Ok(kernel)
    }
}

/// What a spike does to a membrane in the wide form, with a parameter by index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WideReset {
    /// Nothing.
    None,
    /// It takes the parameter's value.
    To(usize),
    /// The parameter is subtracted from it.
    Subtract(usize),
}

impl WideReset {
    fn of(rule: &NormalSpike) -> Option<Self> {
        let reset = match &rule.resets[..] {
            [] => return Some(WideReset::None),
            [reset] => reset,
            _ => return None,
        };
        let constant = |t: &Term| t.factor.filter(|_| t.product.is_empty());
        match &reset.sum.terms[..] {
            [to] if !to.negative => constant(to).map(WideReset::To),
            [own, amount] if amount.negative => {
                let kept = !own.negative && own.factor.is_none();
                let own = kept && own.product == [Factor::State(rule.state)];
                constant(amount).filter(|_| own).map(WideReset::Subtract)
            }
            _ => None,
        }
    }
}
