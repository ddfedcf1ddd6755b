//! What is worked out once, for all neurons or for each.

use std::collections::BTreeMap;

use spikevec_assembler::{Diagnostic, Span};

use super::functions::Function;
use super::syntax::{At, Binary, Declaration, Relation, Syntax, Tree};
use crate::neuron::Numbers;

/// Values of the names that are the same in every step.
pub struct Constants<'a> {
    source: &'a str,
    values: BTreeMap<&'a str, Numbers>,
    /// What came out infinite, or was not given.
    pub errors: Vec<Diagnostic>,
}

/// `operation` of each pair of numbers.
fn zip(a: &Numbers, b: &Numbers, operation: impl Fn(f64, f64) -> f64) -> Numbers {
    let count = |numbers: &Numbers| match numbers {
        Numbers::All(_) => None,
        Numbers::Each(values) => Some(values.len()),
    };
    match count(a).or(count(b)) {
        None => Numbers::All(operation(a.of(0), b.of(0))),
        Some(count) => Numbers::Each((0..count).map(|n| operation(a.of(n), b.of(n))).collect()),
    }
}

impl<'a> Constants<'a> {
    /// The constants of a tree with the parameters `given`, each one number or `size`.
    pub fn new(
        source: &'a str,
        tree: &'a Tree,
        given: &BTreeMap<String, Numbers>,
        dt: f64,
    ) -> Self {
        let mut constants = Constants {
            source,
            values: BTreeMap::new(),
            errors: Vec::new(),
        };
        let pi = Numbers::All(std::f64::consts::PI);
        constants.values.insert("dt", Numbers::All(dt));
        constants.values.insert("pi", pi);
        for declaration in &tree.parameters {
            let name = &declaration.name;
            let value = match (given.get(&name.is), &declaration.value) {
                (Some(value), _) => value.clone(),
                (None, Some(value)) => constants.value(value),
                (None, None) => {
                    let message = format!("the parameter `{}` has no value", name.is);
                    constants.error(name.range.clone(), message).hint =
                        Some("give it one, or a default with `=`".to_owned());
                    Numbers::All(1.0)
                }
            };
            constants.define(declaration, value);
        }
        for declaration in &tree.constants {
            if let Some(value) = &declaration.value {
                let value = constants.value(value);
                constants.define(declaration, value);
            }
        }
        constants
    }

    fn error(&mut self, range: std::ops::Range<usize>, message: String) -> &mut Diagnostic {
        let at = self.errors.len();
        let span = Span::of(self.source, range);
        self.errors.push(Diagnostic::new(span, message));
        &mut self.errors[at]
    }

    fn define(&mut self, declaration: &'a Declaration, value: Numbers) {
        let name = &declaration.name;
        let value = self.finite(&name.range, &format!("`{}`", name.is), value);
        self.values.insert(&name.is, value);
    }

    /// `value`, or ones where it is not finite, which is an error.
    pub fn finite(
        &mut self,
        range: &std::ops::Range<usize>,
        what: &str,
        value: Numbers,
    ) -> Numbers {
        let wrong = match &value {
            Numbers::All(v) => (!v.is_finite()).then(|| format!("{what} is {v}")),
            Numbers::Each(all) => all
                .iter()
                .position(|v| !v.is_finite())
                .map(|n| format!("{what} is {} for neuron {n}", all[n])),
        };
        match wrong {
            Some(message) => {
                self.error(range.clone(), format!("{message}: it must be finite"));
                Numbers::All(1.0)
            }
            None => value,
        }
    }

    /// The value of a constant that is known by its name.
    pub fn named(&self, name: &str) -> Numbers {
        let found = self.values.get(name);
        found.cloned().unwrap_or(Numbers::All(0.0))
    }

    /// The value of an expression of constants.
    pub fn value(&self, at: &At<Syntax>) -> Numbers {
        match &at.is {
            Syntax::Number(number) => Numbers::All(*number),
            Syntax::Name(name) => self.named(name),
            Syntax::Negative(a) => zip(&Numbers::All(0.0), &self.value(a), |zero, a| zero - a),
            Syntax::Binary(operator, a, b) => {
                let operation = match operator {
                    Binary::Add => |a: f64, b: f64| a + b,
                    Binary::Subtract => |a: f64, b: f64| a - b,
                    Binary::Multiply => |a: f64, b: f64| a * b,
                    Binary::Divide => |a: f64, b: f64| a / b,
                    Binary::Power => f64::powf,
                };
                zip(&self.value(a), &self.value(b), operation)
            }
            Syntax::Call(name, arguments) => {
                let mut values = arguments.iter().map(|argument| self.value(argument));
                let a = values.next().unwrap_or(Numbers::All(0.0));
                let b = values.next().unwrap_or(Numbers::All(0.0));
                match Function::of(&name.is) {
                    Some(function) => zip(&a, &b, |a, b| function.value(a, b)),
                    None => Numbers::All(0.0),
                }
            }
            // Conditions are asked for with `holds`.
            Syntax::Compare(..) | Syntax::Not(_) | Syntax::And(..) | Syntax::Or(..) => {
                Numbers::All(0.0)
            }
        }
    }

    /// Whether a condition of constants holds: of all neurons or of none. Nothing where it holds
    /// of some.
    pub fn holds(&self, at: &At<Syntax>) -> Option<bool> {
        Some(match &at.is {
            Syntax::Not(a) => !self.holds(a)?,
            Syntax::And(a, b) => self.holds(a)? && self.holds(b)?,
            Syntax::Or(a, b) => self.holds(a)? || self.holds(b)?,
            Syntax::Compare(relation, a, b) => {
                let relation = *relation;
                let compared = zip(&self.value(a), &self.value(b), move |a, b| {
                    f64::from(u8::from(relation.holds(a, b)))
                });
                match compared {
                    Numbers::All(value) => value == 1.0,
                    Numbers::Each(values) => {
                        let first = *values.first()?;
                        if values.iter().any(|v| *v != first) {
                            return None;
                        }
                        first == 1.0
                    }
                }
            }
            _ => return None,
        })
    }
}

impl Relation {
    /// Whether it holds of two numbers.
    pub fn holds(self, a: f64, b: f64) -> bool {
        match self {
            Relation::Less => a < b,
            Relation::AtMost => a <= b,
            Relation::Greater => a > b,
            Relation::AtLeast => a >= b,
            Relation::Equal => a == b,
            Relation::NotEqual => a != b,
        }
    }
}
