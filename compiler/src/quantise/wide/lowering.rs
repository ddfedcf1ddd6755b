//! The operations of the wide form.

use spikevec_isa::LANES;
use spikevec_isa::fixed::Rounding;

use super::WideReset;
use crate::format::Format;
use crate::neuron::Normal;
use crate::neuron::normal::NormalSpike;
use crate::quantise::digits::{Digits, split_all};
use crate::quantise::kernel::{Constant, Fire, Kernel, Values};
use crate::quantise::lower::DoesNotFit;
use crate::quantise::operation::{Operation, Slot};
use crate::vectors::pack;

/// Name of word `word` of a variable or parameter.
pub(super) fn word_name(name: &str, word: usize) -> String {
    match word {
        0 => name.to_owned(),
        _ => format!("{name}_low{word}"),
    }
}

/// A kernel in the making.
pub(super) struct Lowering {
    pub digits: Digits,
    pub shift: u32,
    pub rounding: Rounding,
    pub code: Vec<Operation>,
    pub kernel: Kernel,
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

    pub fn uniform(&mut self, name: &str, value: i16) -> usize {
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

    /// The first `count` words of a parameter as constants, `None` for those that are zero.
    pub fn constants(
        &mut self,
        name: &str,
        values: &[f64],
        format: Format,
        count: usize,
    ) -> Result<Vec<Option<usize>>, DoesNotFit> {
        let digits = Digits {
            words: count,
            bits: self.digits.bits,
        };
        let words = split_all(name, values, format, digits)?;
        let mut indices = Vec::with_capacity(count);
        for (m, word) in words.iter().enumerate() {
            let first = word.first().copied().unwrap_or(0);
            let same = word.iter().all(|w| *w == first);
            if same && first == 0 {
                indices.push(None);
                continue;
            }
            indices.push(Some(self.kernel.constants.len()));
            self.kernel.constants.push(Constant {
                name: word_name(name, m),
                format: Format::new(format.fraction() + digits.bits * m as u32),
                values: if same {
                    Values::Uniform(first)
                } else {
                    Values::PerNeuron(pack(word))
                },
            });
        }
        Ok(indices)
    }

    /// Word `m` of a variable of the chain.
    fn word(&self, variable: usize, m: usize) -> Slot {
        Slot::State(variable * self.digits.words + m)
    }

    /// Adds a variable, as it is, to the next.
    pub fn feed(&mut self, from: usize, to: usize) {
        for m in 0..self.digits.words {
            let (dst, b) = (self.word(to, m), self.word(from, m));
            self.code.push(Operation::Add { dst, a: dst, b });
        }
    }

    /// Carries from the last word of a variable to its first.
    pub fn carry(&mut self, variable: usize) {
        for m in (1..self.digits.words).rev() {
            let (word, above) = (self.word(variable, m), self.word(variable, m - 1));
            let carried = self.shift_right(word, self.digits.bits, Rounding::Truncate);
            self.code.push(Operation::LowBits {
                dst: word,
                a: word,
                bits: self.digits.bits,
            });
            self.code.push(Operation::Add {
                dst: above,
                a: above,
                b: carried,
            });
        }
    }

    /// The comparison of a variable, and the reset.
    pub fn fire(
        &mut self,
        model: &Normal,
        (rule, threshold): (&NormalSpike, usize),
        variable: usize,
        format: Format,
    ) -> Result<(), DoesNotFit> {
        let count = self.digits.words;
        let parameter = |k: usize| &model.parameters[k];
        let p = parameter(threshold);
        let threshold = self.constants(&p.name, &p.values, format, count)?;
        // Digit by digit: what the digits so far exceed the threshold by, at a bit more
        // than the range of the next digit, decides over all that follow.
        let radix = Slot::Constant(self.uniform("power of two", 1 << self.digits.bits));
        let mut excess = None;
        for (m, threshold) in threshold.into_iter().enumerate() {
            let word = self.word(variable, m);
            let own = match threshold {
                Some(c) => self.sub(word, Slot::Constant(c)),
                None => word,
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
                let amount = self.constants(&p.name, &p.values, format, count)?;
                for (m, amount) in amount.into_iter().enumerate() {
                    let Some(c) = amount else { continue };
                    let dst = self.word(variable, m);
                    let a = self.sub(dst, Slot::Constant(c));
                    self.code.push(Operation::Select { dst, a });
                }
                // The comparison that follows a late reset needs proper digits.
                self.carry(variable);
            }
            Some(WideReset::To(k)) => {
                let p = parameter(k);
                let value = self.constants(&p.name, &p.values, format, count)?;
                for (m, value) in value.into_iter().enumerate() {
                    let c = value.unwrap_or_else(|| self.uniform("zero", 0));
                    let dst = self.word(variable, m);
                    let a = Slot::Constant(c);
                    self.code.push(Operation::Select { dst, a });
                }
            }
            Some(WideReset::None) => {}
            // `Wide::of` took no model with another reset.
            None => return Ok(()),
        }
        let reset = std::mem::take(&mut self.code);
        self.kernel.fire = Some(Fire {
            margin,
            compared: excess.unwrap_or(self.word(variable, 0)),
            threshold: Slot::Constant(self.uniform("zero", 0)),
            gate: None,
            comparison: rule.comparison,
            reset,
            when: rule.when,
            mask_padding: !self.kernel.size.is_multiple_of(LANES),
        });
        Ok(())
    }

    /// `v = v - factor v + drive`, of a variable.
    pub fn prepare(&mut self, variable: usize, factor: &[Option<usize>], drive: &[Option<usize>]) {
        let count = self.digits.words;
        let begin = self.code.len();
        let mut next: Vec<Slot> = (0..count).map(|m| self.word(variable, m)).collect();
        // The last word first: of each word all products are done before the next one's.
        for i in (0..count).rev() {
            for (j, factor) in factor.iter().enumerate().take(count - i).rev() {
                if let Some(c) = *factor {
                    let word = self.word(variable, i);
                    self.take_product(&mut next, i + j, word, Slot::Constant(c));
                }
            }
        }
        for (next, drive) in next.iter_mut().zip(drive) {
            if let Some(c) = *drive {
                *next = self.add(*next, Slot::Constant(c));
            }
        }
        for (m, value) in next.into_iter().enumerate() {
            let dst = self.word(variable, m);
            if value == dst {
                continue;
            }
            let made = self.code.iter().rposition(|o| o.result() == value);
            let last = made.filter(|&at| {
                let mut later = self.code[at + 1..].iter();
                at >= begin && !later.any(|o| o.reads().contains(&dst))
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
    fn take_product(&mut self, next: &mut [Slot], m: usize, a: Slot, b: Slot) {
        let count = self.digits.words;
        let bits = self.digits.bits;
        if m + 1 == count {
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
            if left <= bits {
                let shift = bits - left;
                if shift > 0 {
                    let a = rest;
                    rest = self.new_value(|dst| Operation::ShiftLeft { dst, a, shift });
                }
                *next = self.sub(*next, rest);
                return;
            }
            left -= bits;
            let last = word + 1 == count;
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
