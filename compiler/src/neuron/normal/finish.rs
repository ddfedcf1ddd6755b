//! What is the same in every step is worked out, and terms get their order.

use super::polynomial::{Atom, Monomial, Number, Polynomial, is_constant, is_one, number};
use super::rewrite::Assigned;
use super::{Assignment, Factor, Selection, Sum, Term};
use crate::neuron::model::{Model, Parameter};

/// Works out what is the same in every step, and puts terms in order.
pub(super) struct Finish<'a> {
    model: &'a Model,
    /// The model's parameters, and behind them those derived so far.
    pub parameters: Vec<Parameter>,
    /// Derived parameters: what they are made of, and the parameter by index.
    derived: Vec<(Polynomial, usize)>,
    /// The state variable that is assigned or compared.
    own: usize,
}

impl<'a> Finish<'a> {
    pub fn new(model: &'a Model) -> Self {
        Finish {
            model,
            parameters: model.parameters.clone(),
            derived: Vec::new(),
            own: 0,
        }
    }

    /// `values` times a constant.
    pub fn times(&self, values: &[f64], by: &Polynomial) -> Vec<f64> {
        if is_one(by) {
            return values.to_vec();
        }
        let values = values.iter().enumerate();
        values.map(|(n, v)| v * self.value(by, n)).collect()
    }

    pub fn assignment(&mut self, assigned: &Assigned) -> Assignment {
        self.own = assigned.state;
        Assignment {
            state: assigned.state,
            sum: self.sum(&assigned.value),
        }
    }

    /// A threshold of variable `state`: one parameter where it is the same in every step.
    pub fn threshold(&mut self, state: usize, threshold: &Polynomial) -> Sum {
        self.own = state;
        if !is_constant(threshold) {
            return self.sum(threshold);
        }
        let parameter = match &threshold[..] {
            [m] if m.number == Number(1.0) => match m.constants[..] {
                [Atom::Parameter(k)] => k,
                _ => self.derived(threshold.clone(), "threshold"),
            },
            _ => self.derived(threshold.clone(), "threshold"),
        };
        Sum {
            terms: vec![Term {
                negative: false,
                factor: Some(parameter),
                product: Vec::new(),
            }],
        }
    }

    fn sum(&mut self, polynomial: &Polynomial) -> Sum {
        // Monomials with the same changing factors are neighbours.
        let mut groups: Vec<&[Monomial]> = polynomial
            .chunk_by(|a, b| a.changing == b.changing)
            .collect();
        groups.sort_by_key(|group| self.rank(&group[0].changing));
        let terms = groups.into_iter().map(|group| {
            let (negative, factor) = self.factor(group);
            let changing = group[0].changing.iter();
            Term {
                negative,
                factor,
                product: changing.map(|atom| self.changing(atom)).collect(),
            }
        });
        Sum {
            terms: terms.collect(),
        }
    }

    fn rank(&self, changing: &[Atom]) -> u32 {
        if changing.contains(&Atom::State(self.own)) {
            0
        } else if changing.is_empty() {
            2
        } else if changing.iter().any(|atom| matches!(atom, Atom::Input(_))) {
            3
        } else {
            1
        }
    }

    fn changing(&mut self, atom: &Atom) -> Factor {
        match atom {
            Atom::Input(k) => Factor::Input(*k),
            Atom::State(k) => Factor::State(*k),
            Atom::Sum(sum) => Factor::Sum(self.sum(sum)),
            Atom::Select(c) => Factor::Select(Box::new(Selection {
                test: c.test,
                left: self.sum(&c.left),
                right: self.sum(&c.right),
                then: self.sum(&c.then),
                otherwise: self.sum(&c.otherwise),
            })),
            // A parameter is the same in every step: it is no changing factor.
            Atom::Parameter(k) => Factor::Sum(Sum {
                terms: vec![Term {
                    negative: false,
                    factor: Some(*k),
                    product: Vec::new(),
                }],
            }),
        }
    }

    /// The sign, and the parameter that holds the constant factor of `group`, monomials
    /// with the same changing factors.
    fn factor(&mut self, group: &[Monomial]) -> (bool, Option<usize>) {
        let constants = |number: f64, m: &Monomial| Monomial {
            changing: Vec::new(),
            constants: m.constants.clone(),
            number: Number(number),
        };
        let role = match &group[0].changing[..] {
            [] => "drive",
            [Atom::State(k)] if *k == self.own => "decay",
            _ => "factor",
        };
        let [m] = group else {
            let all = group.iter().map(|m| constants(m.number.0, m)).collect();
            return (false, Some(self.derived(all, role)));
        };
        let size = m.number.0.abs();
        let factor = match &m.constants[..] {
            [] if size == 1.0 && !m.changing.is_empty() => None,
            [Atom::Parameter(k)] if size == 1.0 => Some(*k),
            _ => Some(self.derived(vec![constants(size, m)], role)),
        };
        (m.number.0 < 0.0, factor)
    }

    fn derived(&mut self, made_of: Polynomial, role: &str) -> usize {
        if let Some((_, k)) = self.derived.iter().find(|(known, _)| *known == made_of) {
            return *k;
        }
        let name = self.name(&made_of, role);
        let size = self.model.size;
        let values = (0..size).map(|n| self.value(&made_of, n)).collect();
        self.parameters.push(Parameter { name, values });
        self.derived.push((made_of, self.parameters.len() - 1));
        self.parameters.len() - 1
    }

    /// A name for a derived parameter: that of the parameter which it is relative to what
    /// its variable is relative to, or its role.
    fn name(&self, made_of: &Polynomial, role: &str) -> String {
        if let Some(value) = number(made_of) {
            return value.to_string();
        }
        let relative = self.model.states[self.own].relative;
        let mut others = made_of.iter().filter(|m| {
            let rest = relative.is_some_and(|k| m.constants == [Atom::Parameter(k)]);
            !(rest && m.number == Number(-1.0))
        });
        if let (Some(m), None) = (others.next(), others.next())
            && made_of.len() == 2
            && m.number == Number(1.0)
            && let [Atom::Parameter(k)] = m.constants[..]
        {
            return self.parameters[k].name.clone();
        }
        let own = &self.model.states[self.own].name;
        let taken = |name: &String| self.parameters.iter().any(|p| p.name == *name);
        let mut name = match role {
            "decay" if self.model.states.len() > 1 => format!("decay_{own}"),
            _ => role.to_owned(),
        };
        if taken(&name) {
            name = format!("{role}_{own}");
        }
        while taken(&name) {
            name.push('_');
        }
        name
    }

    /// The value of a constant polynomial for neuron `n`.
    fn value(&self, polynomial: &Polynomial, n: usize) -> f64 {
        let monomial = |m: &Monomial| {
            let factors = m.constants.iter().map(|atom| self.constant(atom, n));
            factors.fold(m.number.0, |product, factor| product * factor)
        };
        let mut monomials = polynomial.iter().map(monomial);
        let first = monomials.next().unwrap_or(0.0);
        monomials.fold(first, |sum, m| sum + m)
    }

    fn constant(&self, atom: &Atom, n: usize) -> f64 {
        match atom {
            Atom::Parameter(k) => self.parameters[*k].values[n],
            Atom::Sum(sum) => self.value(sum, n),
            Atom::Select(c) => {
                let holds = c
                    .test
                    .holds(self.value(&c.left, n), self.value(&c.right, n));
                self.value(if holds { &c.then } else { &c.otherwise }, n)
            }
            // They change: no constant has them.
            Atom::State(_) | Atom::Input(_) => 0.0,
        }
    }
}
