//! The wide form: a membrane in several 16-bit words, for neurons that grow.
//!
//! The words are digits. The first is the membrane in its format, with a sign; each of
//! the others counts `2^-bits` of the one before. Weights are split into the same words and
//! added word by word, without carries: a digit has so few bits that the spikes of a
//! step cannot overflow its word. The update carries, compares and multiplies:
//!
//! - `integrate` carries, after which all digits but the first are in `0..2^bits`;
//! - the comparison is that of the digits one after the other;
//! - `prepare` takes `k v` off `v`, with `k = 1 - decay` in digits, too. Only what falls
//!   below the last digit is rounded.

use spikevec_isa::LANES;
use spikevec_isa::fixed::Rounding;

use super::digits::{digit_bits, split, split_all};
use super::kernel::{Constant, Fire, Kernel, KernelState, Values};
use super::lower::{DoesNotFit, set_initial};
use super::operation::{Operation, Slot};
use crate::format::{Format, Narrow};
use crate::neuron::normal::{Factor, NormalSpike, Term};
use crate::neuron::{Leaky, Normal};
use crate::vectors::pack;

/// Words of a membrane and of a weight.
pub const WORDS: usize = 4;

/// Words of the factor.
const FACTOR_WORDS: usize = 3;

/// Fraction bits of the first word of a factor below 1, and of one below 2: as many bits
/// does the multiplier drop from a product.
const SHIFTS: [u32; 2] = [15, 14];

/// A model that has a wide form.
#[derive(Debug, Clone, Copy)]
pub struct Wide<'a> {
    model: &'a Normal,
    leaky: Leaky,
    bits: u32,
    shift: u32,
}

impl<'a> Wide<'a> {
    /// The wide form of `model`, where it has neurons that grow and one is possible.
    /// `sources` is the number of neurons whose spikes may arrive in one step.
    pub fn of(model: &'a Normal, sources: usize) -> Option<Self> {
        let leaky = model.leaky().filter(|_| model.growing() > 0)?;
        let decays = model.parameters[leaky.decay].values.iter();
        let largest = decays.fold(0.0, |largest: f64, d| largest.max((1.0 - d).abs()));
        let shift = match largest {
            factor if factor < 1.0 => Some(SHIFTS[0]),
            factor if factor < 2.0 => Some(SHIFTS[1]),
            _ => None,
        }?;
        let resets = match &model.spike {
            Some(rule) => WideReset::of(rule).is_some(),
            None => true,
        };
        let bits = digit_bits(sources).filter(|_| resets)?;
        Some(Wide {
            model,
            leaky,
            bits,
            shift,
        })
    }

    /// The words of a weight into a membrane of `format`.
    ///
    /// # Errors
    /// [`Narrow`] where the value is beyond the format.
    pub fn weight(&self, value: f64, format: Format) -> Result<[i16; WORDS], Narrow> {
        // Digits about zero, so that sums of many stay small.
        split(value, format, self.bits, 1 << (self.bits - 1))
    }

    /// The value of the words of a weight.
    pub fn value(&self, words: &[i16; WORDS], format: Format) -> f64 {
        let word = |(m, w): (usize, &i16)| self.format(format, m).value(*w);
        words.iter().enumerate().map(word).sum()
    }

    fn format(&self, first: Format, word: usize) -> Format {
        Format::new(first.fraction() + self.bits * word as u32)
    }

    /// Lowers the model with membranes of `format`.
    ///
    /// # Errors
    /// [`DoesNotFit`] names the first parameter beyond its format.
    pub fn lower(&self, format: Format, rounding: Rounding) -> Result<Kernel, DoesNotFit> {
        let size = self.model.size();
        let name = &self.model.states[0].name;
        let states = (0..WORDS).map(|m| KernelState {
            name: word_name(name, m),
            format: self.format(format, m),
            initial: vec![[0; LANES]; size.div_ceil(LANES)],
        });
        let mut lowering = Lowering {
            bits: self.bits,
            shift: self.shift,
            rounding,
            code: Vec::new(),
            kernel: Kernel {
                size,
                states: states.collect(),
                accumulator: 0,
                words: WORDS,
                membrane: 0,
                rest: None,
                constants: Vec::new(),
                temps: 0,
                integrate: Vec::new(),
                fire: None,
                prepare: Vec::new(),
            },
        };
        lowering.carry();
        lowering.kernel.integrate = std::mem::take(&mut lowering.code);
        lowering.fire(self.model, format)?;
        let decay = &self.model.parameters[self.leaky.decay].values;
        let factor: Vec<f64> = decay.iter().map(|d| 1.0 - d).collect();
        let factor =
            lowering.constants::<FACTOR_WORDS>("leak", &factor, Format::new(self.shift))?;
        let drive = match self.leaky.drive {
            Some(k) => {
                let drive = &self.model.parameters[k].values;
                lowering.constants::<WORDS>("drive", drive, format)?
            }
            None => [None; WORDS],
        };
        lowering.prepare(factor, drive);
        lowering.kernel.prepare = std::mem::take(&mut lowering.code);
        if self.model.rest.iter().any(|v| *v != 0.0) {
            let [rest] = lowering.constants::<1>("rest", &self.model.rest, format)?;
            let rest = rest.unwrap_or_else(|| lowering.uniform("zero", 0));
            lowering.kernel.rest = Some(rest);
        }
        let mut kernel = lowering.kernel;
        let initial = &self.model.states[0].initial;
        let words = split_all::<WORDS>(&format!("initial {name}"), initial, format, self.bits)?;
        set_initial(&mut kernel, &words.map(|word| pack(&word)));
        Ok(kernel)
    }
}

/// What a spike does to a membrane in the wide form, with a parameter by index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WideReset {
    /// It takes the parameter's value.
    To(usize),
    /// The parameter is subtracted from it.
    Subtract(usize),
}

impl WideReset {
    fn of(rule: &NormalSpike) -> Option<Self> {
        let [reset] = &rule.resets[..] else {
            return None;
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

fn word_name(name: &str, word: usize) -> String {
    match word {
        0 => name.to_owned(),
        _ => format!("{name}_low{word}"),
    }
}

struct Lowering {
    bits: u32,
    shift: u32,
    rounding: Rounding,
    code: Vec<Operation>,
    kernel: Kernel,
}

impl Lowering {
    fn temp(&mut self) -> Slot {
        self.kernel.temps += 1;
        Slot::Temp(self.kernel.temps - 1)
    }

    /// A new value: the result of what `operation` makes of its slot.
    fn new_value(&mut self, operation: impl FnOnce(Slot) -> Operation) -> Slot {
        let dst = self.temp();
        self.code.push(operation(dst));
        dst
    }

    fn add(&mut self, a: Slot, b: Slot) -> Slot {
        self.new_value(|dst| Operation::Add { dst, a, b })
    }

    fn sub(&mut self, a: Slot, b: Slot) -> Slot {
        self.new_value(|dst| Operation::Sub { dst, a, b })
    }

    fn mul(&mut self, a: Slot, b: Slot, shift: u32, rounding: Rounding) -> Slot {
        self.new_value(|dst| Operation::Mul {
            dst,
            a,
            b,
            shift,
            rounding,
        })
    }

    fn shift_right(&mut self, a: Slot, shift: u32, rounding: Rounding) -> Slot {
        self.new_value(|dst| Operation::ShiftRight {
            dst,
            a,
            shift,
            rounding,
        })
    }

    fn low_bits(&mut self, a: Slot, bits: u32) -> Slot {
        self.new_value(|dst| Operation::LowBits { dst, a, bits })
    }

    fn uniform(&mut self, name: &str, value: i16) -> usize {
        let values = Values::Uniform(value);
        let known = |c: &Constant| c.values == values;
        if let Some(index) = self.kernel.constants.iter().position(known) {
            return index;
        }
        self.kernel.constants.push(Constant {
            name: name.to_owned(),
            format: Format::INTEGER,
            values,
        });
        self.kernel.constants.len() - 1
    }

    /// The words of a parameter as constants, `None` for those that are zero.
    fn constants<const N: usize>(
        &mut self,
        name: &str,
        values: &[f64],
        format: Format,
    ) -> Result<[Option<usize>; N], DoesNotFit> {
        let mut indices = [None; N];
        let words = split_all::<N>(name, values, format, self.bits)?;
        for (m, (word, index)) in words.iter().zip(&mut indices).enumerate() {
            let first = word.first().copied().unwrap_or(0);
            let same = word.iter().all(|w| *w == first);
            if same && first == 0 {
                continue;
            }
            *index = Some(self.kernel.constants.len());
            self.kernel.constants.push(Constant {
                name: word_name(name, m),
                format: Format::new(format.fraction() + self.bits * m as u32),
                values: if same {
                    Values::Uniform(first)
                } else {
                    Values::PerNeuron(pack(word))
                },
            });
        }
        Ok(indices)
    }

    /// Carries from the last word to the first.
    fn carry(&mut self) {
        for m in (1..WORDS).rev() {
            let (word, above) = (Slot::State(m), Slot::State(m - 1));
            let carried = self.shift_right(word, self.bits, Rounding::Truncate);
            self.code.push(Operation::LowBits {
                dst: word,
                a: word,
                bits: self.bits,
            });
            self.code.push(Operation::Add {
                dst: above,
                a: above,
                b: carried,
            });
        }
    }

    /// The comparison and the reset.
    fn fire(&mut self, model: &Normal, format: Format) -> Result<(), DoesNotFit> {
        let Some(rule) = &model.spike else {
            return Ok(());
        };
        let parameter = |k: usize| &model.parameters[k];
        let p = parameter(rule.threshold);
        let threshold = self.constants::<WORDS>(&p.name, &p.values, format)?;
        // Digit by digit: what the digits so far exceed the threshold by, at a bit more
        // than the range of the next digit, decides over all that follow.
        let radix = Slot::Constant(self.uniform("power of two", 1 << self.bits));
        let mut excess = None;
        for (m, threshold) in threshold.into_iter().enumerate() {
            let own = match threshold {
                Some(c) => self.sub(Slot::State(m), Slot::Constant(c)),
                None => Slot::State(m),
            };
            excess = Some(match excess {
                None => own,
                Some(above) => {
                    let above = self.mul(above, radix, 0, Rounding::Truncate);
                    self.add(above, own)
                }
            });
        }
        let margin = std::mem::take(&mut self.code);
        match WideReset::of(rule) {
            Some(WideReset::Subtract(k)) => {
                let p = parameter(k);
                let amount = self.constants::<WORDS>(&p.name, &p.values, format)?;
                for (m, amount) in amount.into_iter().enumerate() {
                    let Some(c) = amount else { continue };
                    let a = self.sub(Slot::State(m), Slot::Constant(c));
                    let dst = Slot::State(m);
                    self.code.push(Operation::Select { dst, a });
                }
                // The comparison that follows a late reset needs proper digits.
                self.carry();
            }
            Some(WideReset::To(k)) => {
                let p = parameter(k);
                let value = self.constants::<WORDS>(&p.name, &p.values, format)?;
                for (m, value) in value.into_iter().enumerate() {
                    let c = value.unwrap_or_else(|| self.uniform("zero", 0));
                    self.code.push(Operation::Select {
                        dst: Slot::State(m),
                        a: Slot::Constant(c),
                    });
                }
            }
            // `Wide::of` took no model with another reset.
            None => return Ok(()),
        }
        let reset = std::mem::take(&mut self.code);
        self.kernel.fire = Some(Fire {
            margin,
            compared: excess.unwrap_or(Slot::State(0)),
            threshold: self.uniform("zero", 0),
            comparison: rule.comparison,
            reset,
            when: rule.when,
            mask_padding: !self.kernel.size.is_multiple_of(LANES),
        });
        Ok(())
    }

    /// `v = v - factor v + drive`.
    fn prepare(&mut self, factor: [Option<usize>; FACTOR_WORDS], drive: [Option<usize>; WORDS]) {
        let mut next: [Slot; WORDS] = std::array::from_fn(Slot::State);
        // The last word first: of each word all products are done before the next one's.
        for i in (0..WORDS).rev() {
            for j in (0..FACTOR_WORDS.min(WORDS - i)).rev() {
                if let Some(c) = factor[j] {
                    self.take_product(&mut next, i + j, Slot::State(i), Slot::Constant(c));
                }
            }
        }
        for (next, drive) in next.iter_mut().zip(drive) {
            if let Some(c) = drive {
                *next = self.add(*next, Slot::Constant(c));
            }
        }
        for (m, value) in next.into_iter().enumerate() {
            let dst = Slot::State(m);
            if value == dst {
                continue;
            }
            let made = self.code.iter().rposition(|o| o.result() == value);
            let last = made.filter(|&at| {
                let mut later = self.code[at + 1..].iter();
                !later.any(|o| o.reads().contains(&dst))
            });
            match last {
                // Nothing reads the old word any more: the new one takes its place.
                Some(at) => self.code[at].redirect(dst),
                None => self.code.push(Operation::ShiftRight {
                    dst,
                    a: value,
                    shift: 0,
                    rounding: Rounding::Truncate,
                }),
            }
        }
    }

    /// Takes `a * b`, in units of `2^-shift` of word `m`, off `next`.
    fn take_product(&mut self, next: &mut [Slot; WORDS], m: usize, a: Slot, b: Slot) {
        if m + 1 == WORDS {
            let product = self.mul(a, b, self.shift, self.rounding);
            next[m] = self.sub(next[m], product);
            return;
        }
        let whole = self.mul(a, b, self.shift, Rounding::Truncate);
        let low = self.new_value(|dst| Operation::MulLow { dst, a, b });
        let mut rest = self.low_bits(low, self.shift);
        next[m] = self.sub(next[m], whole);
        let mut left = self.shift;
        for (word, next) in next.iter_mut().enumerate().skip(m + 1) {
            if left <= self.bits {
                let shift = self.bits - left;
                if shift > 0 {
                    let a = rest;
                    rest = self.new_value(|dst| Operation::ShiftLeft { dst, a, shift });
                }
                *next = self.sub(*next, rest);
                return;
            }
            left -= self.bits;
            let last = word + 1 == WORDS;
            let rounding = if last {
                self.rounding
            } else {
                Rounding::Truncate
            };
            let digit = self.shift_right(rest, left, rounding);
            *next = self.sub(*next, digit);
            if !last {
                rest = self.low_bits(rest, left);
            }
        }
    }
}
