//! Expressions of a neuron model.

use std::ops::{Add, Mul, Neg, Sub};

/// An input of a [`ModelBuilder`](super::ModelBuilder), for expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InputId(pub(super) usize);

/// A state variable of a [`ModelBuilder`](super::ModelBuilder), for expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StateId(pub(super) usize);

/// A parameter of a [`ModelBuilder`](super::ModelBuilder), for expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParameterId(pub(super) usize);

/// An expression over a neuron's state, its parameters and its inputs.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// What arrived at an input in this step, by index: the sum of weighted spikes, in
    /// units where the input's gain is applied already.
    Input(usize),
    /// A state variable, by index.
    State(usize),
    /// A parameter, by index.
    Parameter(usize),
    /// A number, the same for all neurons.
    Constant(f64),
    /// A sum.
    Add(Box<Expr>, Box<Expr>),
    /// A difference.
    Sub(Box<Expr>, Box<Expr>),
    /// A product.
    Mul(Box<Expr>, Box<Expr>),
    /// One of two expressions.
    Select {
        /// What decides.
        when: Box<Condition>,
        /// The value where the condition holds.
        then: Box<Expr>,
        /// The value where it does not.
        otherwise: Box<Expr>,
    },
}

/// A comparison of two expressions. Others are these with sides or branches exchanged.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// What must hold.
    pub test: Test,
    /// Left side.
    pub left: Expr,
    /// Right side.
    pub right: Expr,
}

/// How two numbers are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Test {
    /// `left < right`.
    Less,
    /// `left == right`.
    Equal,
}

impl Condition {
    /// `left < right`.
    pub fn less(left: impl Into<Expr>, right: impl Into<Expr>) -> Self {
        Condition {
            test: Test::Less,
            left: left.into(),
            right: right.into(),
        }
    }

    /// `left == right`.
    pub fn equal(left: impl Into<Expr>, right: impl Into<Expr>) -> Self {
        Condition {
            test: Test::Equal,
            ..Condition::less(left, right)
        }
    }

    /// `then` where the condition holds, `otherwise` where it does not.
    pub fn select(self, then: impl Into<Expr>, otherwise: impl Into<Expr>) -> Expr {
        Expr::Select {
            when: Box::new(self),
            then: Box::new(then.into()),
            otherwise: Box::new(otherwise.into()),
        }
    }
}

impl Test {
    /// Whether the comparison holds of two numbers.
    pub fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Test::Less => left < right,
            Test::Equal => left == right,
        }
    }

    /// Its sign.
    pub fn sign(self) -> &'static str {
        match self {
            Test::Less => "<",
            Test::Equal => "==",
        }
    }
}

impl Expr {
    /// The expressions that it is made of.
    fn parts(&self) -> Vec<&Expr> {
        match self {
            Expr::Input(_) | Expr::State(_) | Expr::Parameter(_) | Expr::Constant(_) => Vec::new(),
            Expr::Add(a, b) | Expr::Sub(a, b) | Expr::Mul(a, b) => vec![a, b],
            Expr::Select {
                when,
                then,
                otherwise,
            } => vec![&when.left, &when.right, then, otherwise],
        }
    }

    /// The same, to be changed.
    fn parts_mut(&mut self) -> Vec<&mut Expr> {
        match self {
            Expr::Input(_) | Expr::State(_) | Expr::Parameter(_) | Expr::Constant(_) => Vec::new(),
            Expr::Add(a, b) | Expr::Sub(a, b) | Expr::Mul(a, b) => vec![a, b],
            Expr::Select {
                when,
                then,
                otherwise,
            } => vec![&mut when.left, &mut when.right, then, otherwise],
        }
    }

    /// Calls `visit` with this expression and each part of it.
    pub fn visit(&self, visit: &mut impl FnMut(&Expr)) {
        visit(self);
        for part in self.parts() {
            part.visit(visit);
        }
    }

    /// Puts `new` where `old` is.
    pub(super) fn replace(&mut self, old: &Expr, new: &Expr) {
        if self == old {
            self.clone_from(new);
            return;
        }
        for part in self.parts_mut() {
            part.replace(old, new);
        }
    }

    /// Puts the new index of each state variable for the old one.
    pub(super) fn rename_states(&mut self, new: &impl Fn(usize) -> usize) {
        if let Expr::State(k) = self {
            *k = new(*k);
        }
        for part in self.parts_mut() {
            part.rename_states(new);
        }
    }
}

impl From<InputId> for Expr {
    fn from(id: InputId) -> Expr {
        Expr::Input(id.0)
    }
}

impl From<StateId> for Expr {
    fn from(id: StateId) -> Expr {
        Expr::State(id.0)
    }
}

impl From<ParameterId> for Expr {
    fn from(id: ParameterId) -> Expr {
        Expr::Parameter(id.0)
    }
}

impl From<f64> for Expr {
    fn from(value: f64) -> Expr {
        Expr::Constant(value)
    }
}

macro_rules! operators {
    ($type:ty: $($trait:ident $method:ident),+) => { $(
        impl<T: Into<Expr>> $trait<T> for $type {
            type Output = Expr;
            fn $method(self, other: T) -> Expr {
                Expr::$trait(Box::new(self.into()), Box::new(other.into()))
            }
        }
    )+ };
}

operators!(Expr: Add add, Sub sub, Mul mul);
operators!(InputId: Add add, Sub sub, Mul mul);
operators!(StateId: Add add, Sub sub, Mul mul);
operators!(ParameterId: Add add, Sub sub, Mul mul);

impl Neg for Expr {
    type Output = Expr;
    fn neg(self) -> Expr {
        Expr::Constant(-1.0) * self
    }
}
