//! What the text of a model says, before anything is known of its names.

use std::ops::Range;

use crate::format::Format;

/// Something, and the bytes of the text that say it.
#[derive(Debug, Clone, PartialEq)]
pub struct At<T> {
    /// What.
    pub is: T,
    /// Where.
    pub range: Range<usize>,
}

impl<T> At<T> {
    /// `is`, said by the bytes `range`.
    pub fn new(is: T, range: Range<usize>) -> Self {
        At { is, range }
    }
}

/// A name as it stands in the text.
pub type Name = At<String>;

/// An expression; a condition is one, too.
#[derive(Debug, Clone, PartialEq)]
pub enum Syntax {
    /// A number.
    Number(f64),
    /// What a name stands for.
    Name(String),
    /// The negative of an expression.
    Negative(Box<At<Syntax>>),
    /// Two expressions and an operator between them.
    Binary(Binary, Box<At<Syntax>>, Box<At<Syntax>>),
    /// A comparison.
    Compare(Relation, Box<At<Syntax>>, Box<At<Syntax>>),
    /// `not`.
    Not(Box<At<Syntax>>),
    /// Both conditions.
    And(Box<At<Syntax>>, Box<At<Syntax>>),
    /// One of two conditions, or both.
    Or(Box<At<Syntax>>, Box<At<Syntax>>),
    /// A function of its arguments.
    Call(Name, Vec<At<Syntax>>),
}

/// An operator between two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // they say what they are
pub enum Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
}

/// How two numbers are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // they say what they are
pub enum Relation {
    Less,
    AtMost,
    Greater,
    AtLeast,
    Equal,
    NotEqual,
}

/// A step of an update.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// `name = value`, and `let name = value` where `local`.
    Assign {
        /// What is assigned.
        name: Name,
        /// True where the name is new and of this step only.
        local: bool,
        /// The format that its values are to have.
        format: Option<Format>,
        /// Its value.
        value: At<Syntax>,
    },
    /// `if`, with what is done where the condition holds and where not.
    If {
        /// The condition.
        when: At<Syntax>,
        /// What is done where it holds.
        then: Vec<At<Action>>,
        /// What is done where it does not.
        otherwise: Vec<At<Action>>,
    },
    /// `spike()`.
    Spike,
}

/// A name with the number or expression that it begins with.
#[derive(Debug, Clone, PartialEq)]
pub struct Declaration {
    /// The name.
    pub name: Name,
    /// The format that its values are to have.
    pub format: Option<Format>,
    /// What the program keeps it relative to.
    pub around: Option<Name>,
    /// Its value.
    pub value: Option<At<Syntax>>,
}

/// A model as it stands in the text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tree {
    /// The model's name.
    pub name: String,
    /// What is given from outside, perhaps with what it is otherwise.
    pub parameters: Vec<Declaration>,
    /// What is worked out once.
    pub constants: Vec<Declaration>,
    /// What spikes add their weights to.
    pub inputs: Vec<Name>,
    /// What lasts from step to step.
    pub states: Vec<Declaration>,
    /// What is recorded as the membrane potential.
    pub membrane: Option<Name>,
    /// The update.
    pub actions: Vec<At<Action>>,
}
