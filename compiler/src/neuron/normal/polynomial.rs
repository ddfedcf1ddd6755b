//! Sums of products, in one order: the algebra behind the normal form.

use std::cmp::Ordering;

use crate::neuron::{Condition, Expr, Test};

/// A number with a total order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number(pub f64);

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// A factor before what is the same in every step is worked out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Atom {
    Parameter(usize),
    State(usize),
    Input(usize),
    Sum(Polynomial),
    Select(Box<Choice>),
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Choice {
    pub test: Test,
    pub left: Polynomial,
    pub right: Polynomial,
    pub then: Polynomial,
    pub otherwise: Polynomial,
}

/// `number * constants * changing`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Monomial {
    /// Factors that change, in order.
    pub changing: Vec<Atom>,
    /// Factors that are the same in every step, in order.
    pub constants: Vec<Atom>,
    pub number: Number,
}

/// A sum of monomials in order, no two of which differ only in their number, none zero.
pub(super) type Polynomial = Vec<Monomial>;

impl Atom {
    fn is_constant(&self) -> bool {
        match self {
            Atom::Parameter(_) => true,
            Atom::State(_) | Atom::Input(_) => false,
            Atom::Sum(sum) => is_constant(sum),
            Atom::Select(c) => [&c.left, &c.right, &c.then, &c.otherwise]
                .into_iter()
                .all(is_constant),
        }
    }

    /// The atom as a polynomial.
    pub fn alone(self) -> Polynomial {
        let (mut changing, mut constants) = (Vec::new(), Vec::new());
        if self.is_constant() {
            constants.push(self);
        } else {
            changing.push(self);
        }
        let number = Number(1.0);
        vec![Monomial {
            changing,
            constants,
            number,
        }]
    }
}

pub(super) fn polynomial(expr: &Expr) -> Polynomial {
    let mut monomials = Vec::new();
    flatten_sum(expr, 1.0, &mut monomials);
    collect(monomials)
}

/// Adds the monomials of `sign * expr` to `out`.
fn flatten_sum(expr: &Expr, sign: f64, out: &mut Vec<Monomial>) {
    let own = match expr {
        Expr::Add(a, b) => {
            flatten_sum(a, sign, out);
            return flatten_sum(b, sign, out);
        }
        Expr::Sub(a, b) => {
            flatten_sum(a, sign, out);
            return flatten_sum(b, -sign, out);
        }
        Expr::Mul(..) => {
            let mut factors = Vec::new();
            flatten_product(expr, &mut factors);
            product(factors)
        }
        Expr::Constant(value) => collect(vec![Monomial {
            changing: Vec::new(),
            constants: Vec::new(),
            number: Number(*value),
        }]),
        Expr::Input(k) => Atom::Input(*k).alone(),
        Expr::State(k) => Atom::State(*k).alone(),
        Expr::Parameter(k) => Atom::Parameter(*k).alone(),
        Expr::Select {
            when,
            then,
            otherwise,
        } => select(when, polynomial(then), polynomial(otherwise)),
    };
    out.extend(own.into_iter().map(|m| Monomial {
        number: Number(sign * m.number.0),
        ..m
    }));
}

fn flatten_product(expr: &Expr, out: &mut Vec<Polynomial>) {
    match expr {
        Expr::Mul(a, b) => {
            flatten_product(a, out);
            flatten_product(b, out);
        }
        _ => out.push(polynomial(expr)),
    }
}

/// Brings monomials into order and adds up those that differ only in their number.
fn collect(mut monomials: Vec<Monomial>) -> Polynomial {
    monomials.sort();
    let mut out: Polynomial = Vec::new();
    for m in monomials {
        match out.last_mut() {
            Some(last) if last.changing == m.changing && last.constants == m.constants => {
                last.number.0 += m.number.0;
            }
            _ => out.push(m),
        }
    }
    out.retain(|m| m.number.0 != 0.0);
    out
}

pub(super) fn product(factors: Vec<Polynomial>) -> Polynomial {
    let mut numbers = Vec::new();
    let (mut constants, mut changing, mut sums) = (Vec::new(), Vec::new(), Vec::new());
    for mut factor in factors {
        match (factor.pop(), factor.is_empty()) {
            (None, _) => return Vec::new(),
            (Some(m), true) => {
                numbers.push(m.number);
                constants.extend(m.constants);
                changing.extend(m.changing);
            }
            (Some(last), false) => {
                factor.push(last);
                let sum = Atom::Sum(factor);
                if sum.is_constant() {
                    constants.push(sum);
                } else {
                    sums.push(sum);
                }
            }
        }
    }
    // In order, so that the product does not depend on how the factors were grouped.
    numbers.sort();
    let number = Number(numbers.iter().map(|n| n.0).product());
    let times = |m: Monomial| {
        let mut all = [m.constants, constants.clone()].concat();
        all.sort();
        let number = Number(m.number.0 * number.0);
        Monomial {
            constants: all,
            number,
            ..m
        }
    };
    if let ([Atom::Sum(sum)], true) = (&sums[..], changing.is_empty()) {
        return collect(sum.iter().cloned().map(times).collect());
    }
    changing.extend(sums);
    changing.sort();
    collect(vec![times(Monomial {
        changing,
        constants: Vec::new(),
        number: Number(1.0),
    })])
}

fn select(when: &Condition, then: Polynomial, otherwise: Polynomial) -> Polynomial {
    if then == otherwise {
        return then;
    }
    let test = when.test;
    let (mut left, mut right) = (polynomial(&when.left), polynomial(&when.right));
    if let (Some(a), Some(b)) = (number(&left), number(&right)) {
        return if test.holds(a, b) { then } else { otherwise };
    }
    // Constants go where there is least else.
    if is_constant(&left) {
        move_constants(&mut right, &mut left);
    } else {
        move_constants(&mut left, &mut right);
    }
    if test == Test::Equal && right < left {
        std::mem::swap(&mut left, &mut right);
    }
    Atom::Select(Box::new(Choice {
        test,
        left,
        right,
        then,
        otherwise,
    }))
    .alone()
}

/// Subtracts the constant terms of one side of a condition from both sides.
fn move_constants(from: &mut Polynomial, to: &mut Polynomial) {
    let (constants, rest) = std::mem::take(from)
        .into_iter()
        .partition(|m| m.changing.is_empty());
    *from = rest;
    let constants: Polynomial = constants;
    let negative = constants.into_iter().map(|m| Monomial {
        number: Number(-m.number.0),
        ..m
    });
    *to = collect(std::mem::take(to).into_iter().chain(negative).collect());
}

/// True where a polynomial is the same in every step.
pub(super) fn is_constant(polynomial: &Polynomial) -> bool {
    polynomial.iter().all(|m| m.changing.is_empty())
}

/// The polynomial 1.
pub(super) fn one() -> Polynomial {
    vec![Monomial {
        changing: Vec::new(),
        constants: Vec::new(),
        number: Number(1.0),
    }]
}

/// Whether a polynomial is 1.
pub(super) fn is_one(polynomial: &Polynomial) -> bool {
    number(polynomial) == Some(1.0)
}

/// How often `atom`, which changes, stands in a polynomial.
pub(super) fn occurrences(polynomial: &Polynomial, atom: &Atom) -> usize {
    let atoms = polynomial.iter().flat_map(|m| &m.changing);
    let each = |own: &Atom| match own {
        _ if own == atom => 1,
        Atom::Sum(sum) => occurrences(sum, atom),
        Atom::Select(c) => [&c.left, &c.right, &c.then, &c.otherwise]
            .map(|part| occurrences(part, atom))
            .iter()
            .sum(),
        _ => 0,
    };
    atoms.map(each).sum()
}

/// The number that a polynomial is, if it is one.
pub(super) fn number(polynomial: &Polynomial) -> Option<f64> {
    match &polynomial[..] {
        [] => Some(0.0),
        [m] if m.changing.is_empty() && m.constants.is_empty() => Some(m.number.0),
        _ => None,
    }
}
