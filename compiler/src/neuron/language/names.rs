//! What the names of a model stand for, and everything that can be wrong with it before it has
//! numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use spikevec_assembler::{Diagnostic, Span, did_you_mean};

use super::functions::{Function, NAMES};
use super::syntax::{Action, At, Binary, Declaration, Name, Syntax, Tree};

/// What a name stands for, by index among those of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// The length of a step.
    Dt,
    /// The number.
    Pi,
    /// A parameter.
    Parameter(usize),
    /// A constant.
    Constant(usize),
    /// An input.
    Input(usize),
    /// A state variable.
    State(usize),
    /// A name of `let`.
    Local,
}

impl Meaning {
    /// True of what is the same in every step.
    pub fn is_constant(self) -> bool {
        matches!(
            self,
            Meaning::Dt | Meaning::Pi | Meaning::Parameter(_) | Meaning::Constant(_)
        )
    }
}

/// What each name stands for.
pub type Names = BTreeMap<String, Meaning>;

/// The names that a tree declares, those that something reads, and the errors of all of it.
pub fn check(source: &str, tree: &Tree) -> (Names, BTreeSet<String>, Vec<Diagnostic>) {
    let mut check = Check {
        source,
        names: BTreeMap::new(),
        errors: Vec::new(),
        read: BTreeSet::new(),
        scopes: Vec::new(),
        fixed: false,
    };
    check.names.insert("dt".to_owned(), Meaning::Dt);
    check.names.insert("pi".to_owned(), Meaning::Pi);
    check.tree(tree);
    (check.names, check.read, check.errors)
}

/// What an expression is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Condition,
}

struct Check<'a> {
    source: &'a str,
    names: BTreeMap<String, Meaning>,
    errors: Vec<Diagnostic>,
    /// Names that something reads.
    read: BTreeSet<String>,
    /// Names of `let` in each open block.
    scopes: Vec<BTreeSet<String>>,
    /// True where only what is the same in every step may stand.
    fixed: bool,
}

impl Check<'_> {
    fn error(&mut self, range: &Range<usize>, message: impl Into<String>) -> &mut Diagnostic {
        let span = Span::of(self.source, range.clone());
        let at = self.errors.len();
        self.errors.push(Diagnostic::new(span, message));
        &mut self.errors[at]
    }

    fn declare(&mut self, name: &Name, meaning: Meaning) {
        if NAMES.contains(&name.is.as_str()) {
            let message = format!("`{}` is a function and can be no name", name.is);
            self.error(&name.range, message);
        } else if self.names.contains_key(&name.is) {
            let message = match name.is.as_str() {
                "dt" => "`dt` is the length of a step and known without a declaration".to_owned(),
                "pi" => "`pi` is known without a declaration".to_owned(),
                other => format!("`{other}` is the name of two things: rename one"),
            };
            self.error(&name.range, message);
        } else {
            self.names.insert(name.is.clone(), meaning);
        }
    }

    fn tree(&mut self, tree: &Tree) {
        // Parameters and constants see what stands above them.
        for (k, declaration) in tree.parameters.iter().enumerate() {
            self.constant(declaration.value.as_ref());
            self.declare(&declaration.name, Meaning::Parameter(k));
        }
        for (k, declaration) in tree.constants.iter().enumerate() {
            match &declaration.value {
                Some(value) => self.constant(Some(value)),
                None => {
                    let message = format!("the constant `{}` has no value", declaration.name.is);
                    self.error(&declaration.name.range, message).hint =
                        Some("write `= ` and an expression of parameters and `dt`".to_owned());
                }
            }
            self.declare(&declaration.name, Meaning::Constant(k));
        }
        for (k, name) in tree.inputs.iter().enumerate() {
            self.declare(name, Meaning::Input(k));
        }
        for (k, declaration) in tree.states.iter().enumerate() {
            if declaration.name.is == "input" {
                let message = "`input` can only be the name of an input";
                self.error(&declaration.name.range, message);
            }
            self.constant(declaration.value.as_ref());
            self.around(declaration);
            self.declare(&declaration.name, Meaning::State(k));
        }
        if let Some(membrane) = &tree.membrane {
            let found = self.names.get(&membrane.is);
            if !matches!(found, Some(Meaning::State(_))) {
                let message = format!("`{}` is no state variable", membrane.is);
                self.error(&membrane.range, message);
            }
        }
        if tree.states.is_empty() {
            let message =
                "the model has no state variable: `state v`, say, keeps a membrane potential";
            self.error(&(0..0), message);
        }
        self.block(&tree.actions);
        for name in &tree.inputs {
            if !self.read.contains(&name.is) {
                let message = format!(
                    "nothing reads the input `{}`: use it, or leave it out",
                    name.is
                );
                self.error(&name.range, message);
            }
        }
    }

    fn around(&mut self, declaration: &Declaration) {
        let Some(around) = &declaration.around else {
            return;
        };
        let found = self.names.get(&around.is);
        if !matches!(found, Some(Meaning::Parameter(_) | Meaning::Constant(_))) {
            let message = format!("`{}` is neither a parameter nor a constant", around.is);
            self.error(&around.range, message);
        }
    }

    /// An expression that is worked out once.
    fn constant(&mut self, value: Option<&At<Syntax>>) {
        self.fixed = true;
        if let Some(value) = value {
            self.number(value);
        }
        self.fixed = false;
    }

    fn block(&mut self, actions: &[At<Action>]) {
        self.scopes.push(BTreeSet::new());
        for action in actions {
            self.action(action);
        }
        self.scopes.pop();
    }

    fn action(&mut self, action: &At<Action>) {
        match &action.is {
            Action::Assign {
                name, local, value, ..
            } => {
                self.number(value);
                if *local {
                    if let Some(Meaning::Local) = self.meaning(&name.is) {
                        let message = format!("`{}` has a value already", name.is);
                        self.error(&name.range, message).hint =
                            Some("without `let` it takes another".to_owned());
                        return;
                    }
                    self.declare_local(name);
                } else {
                    self.assigned(name);
                }
            }
            Action::If {
                when,
                then,
                otherwise,
            } => {
                self.condition(when);
                self.block(then);
                self.block(otherwise);
            }
            Action::Spike => {}
        }
    }

    fn declare_local(&mut self, name: &Name) {
        let before = self.errors.len();
        self.declare(name, Meaning::Local);
        if self.errors.len() == before {
            // It is known in its block only.
            self.names.remove(&name.is);
            if let Some(scope) = self.scopes.last_mut() {
                scope.insert(name.is.clone());
            }
        }
    }

    fn meaning(&self, name: &str) -> Option<Meaning> {
        let local = self.scopes.iter().any(|scope| scope.contains(name));
        if local {
            return Some(Meaning::Local);
        }
        self.names.get(name).copied()
    }

    fn assigned(&mut self, name: &Name) {
        let what = match self.meaning(&name.is) {
            Some(Meaning::State(_) | Meaning::Local) => return,
            Some(Meaning::Parameter(_)) => "a parameter, which is the same in every step",
            Some(Meaning::Constant(_) | Meaning::Dt | Meaning::Pi) => {
                "a constant, which is the same in every step"
            }
            Some(Meaning::Input(_)) => "an input, which spikes make",
            None => {
                let hint = self.guess(&name.is);
                let message = format!("`{}` is not declared", name.is);
                let new = format!(
                    "`state {0}` keeps it from step to step, `let {0} = ` within one",
                    name.is
                );
                self.error(&name.range, message).hint = Some(hint.unwrap_or(new));
                return;
            }
        };
        self.error(&name.range, format!("`{}` is {what}", name.is));
    }

    fn guess(&self, name: &str) -> Option<String> {
        let locals = self.scopes.iter().flatten();
        let all = self.names.keys().chain(locals).map(String::as_str);
        did_you_mean(name, all.chain(NAMES))
    }

    fn number(&mut self, at: &At<Syntax>) {
        if self.expression(at) == Some(Kind::Condition) {
            let message = "a condition stands where a number is wanted";
            self.error(&at.range, message).hint =
                Some("`if` chooses between two numbers by a condition".to_owned());
        }
    }

    fn condition(&mut self, at: &At<Syntax>) {
        if self.expression(at) == Some(Kind::Number) {
            let message = "a number stands where a condition is wanted";
            self.error(&at.range, message).hint =
                Some("compare it with another, with `> 0` for instance".to_owned());
        }
    }

    /// What an expression is; nothing where it has an error that says so already.
    fn expression(&mut self, at: &At<Syntax>) -> Option<Kind> {
        match &at.is {
            Syntax::Number(_) => Some(Kind::Number),
            Syntax::Name(name) => {
                self.named(name, &at.range)?;
                Some(Kind::Number)
            }
            Syntax::Negative(a) => {
                self.number(a);
                Some(Kind::Number)
            }
            Syntax::Binary(operator, a, b) => {
                self.number(a);
                self.number(b);
                self.binary(*operator, a, b);
                Some(Kind::Number)
            }
            Syntax::Compare(_, a, b) => {
                self.number(a);
                self.number(b);
                Some(Kind::Condition)
            }
            Syntax::Not(a) => {
                self.condition(a);
                Some(Kind::Condition)
            }
            Syntax::And(a, b) | Syntax::Or(a, b) => {
                self.condition(a);
                self.condition(b);
                Some(Kind::Condition)
            }
            Syntax::Call(name, arguments) => {
                for argument in arguments {
                    self.number(argument);
                }
                self.call(name, arguments, &at.range);
                Some(Kind::Number)
            }
        }
    }

    fn named(&mut self, name: &str, range: &Range<usize>) -> Option<()> {
        match self.meaning(name) {
            Some(meaning) => {
                self.read.insert(name.to_owned());
                if self.fixed && !meaning.is_constant() {
                    let message = format!("`{name}` changes from step to step");
                    self.error(range, message).hint = Some(
                        "what is worked out once has only parameters, constants and `dt`"
                            .to_owned(),
                    );
                }
                Some(())
            }
            None => {
                let hint = if NAMES.contains(&name) {
                    Some(format!(
                        "`{name}` is a function: its argument goes into brackets"
                    ))
                } else if self.fixed {
                    let hint = self.guess(name);
                    Some(hint.unwrap_or("it must be declared above".to_owned()))
                } else {
                    self.guess(name)
                };
                self.error(range, format!("`{name}` is not known")).hint = hint;
                None
            }
        }
    }

    fn binary(&mut self, operator: Binary, a: &At<Syntax>, b: &At<Syntax>) {
        match operator {
            Binary::Divide if !self.is_constant(b) => {
                let message =
                    "the divisor changes from step to step, and the machine cannot divide";
                self.error(&b.range, message).hint =
                    Some("divide by parameters and constants only".to_owned());
            }
            Binary::Power if !(self.is_constant(a) && self.is_constant(b) || is_small(b)) => {
                let message = "a value that changes can be raised to the whole powers 1 to 8 only";
                self.error(&b.range, message);
            }
            _ => {}
        }
    }

    fn call(&mut self, name: &Name, arguments: &[At<Syntax>], range: &Range<usize>) {
        let Some(function) = Function::of(&name.is) else {
            let (message, hint) = match name.is.as_str() {
                "spike" => ("`spike()` is a statement and has no value".to_owned(), None),
                other => (
                    format!("there is no function `{other}`"),
                    did_you_mean(other, NAMES).or(Some(format!("there are {}", NAMES.join(", ")))),
                ),
            };
            self.error(&name.range, message).hint = hint;
            return;
        };
        let (found, wanted) = (arguments.len(), function.arguments());
        if found != wanted {
            let s = if wanted == 1 { "" } else { "s" };
            let message = format!("`{}` has {wanted} argument{s}, not {found}", name.is);
            self.error(range, message);
        }
        let changing = arguments.iter().any(|argument| !self.is_constant(argument));
        if changing && !function.runs() {
            let message = format!(
                "`{}` of what changes cannot be worked out in a step",
                name.is
            );
            self.error(range, message).hint = Some(
                "of parameters, constants and `dt` it can; in a step there are abs, min and max"
                    .to_owned(),
            );
        }
    }

    fn is_constant(&self, at: &At<Syntax>) -> bool {
        is_constant(at, &|name| {
            // What is not known has an error of its own.
            self.meaning(name).is_none_or(Meaning::is_constant)
        })
    }
}

/// True of the powers that become products.
fn is_small(power: &At<Syntax>) -> bool {
    matches!(power.is, Syntax::Number(n) if n.fract() == 0.0 && (1.0..=8.0).contains(&n))
}

/// True where all names of an expression stand for what is the same in every step.
pub fn is_constant(at: &At<Syntax>, constant: &impl Fn(&str) -> bool) -> bool {
    match &at.is {
        Syntax::Number(_) => true,
        Syntax::Name(name) => constant(name),
        Syntax::Negative(a) | Syntax::Not(a) => is_constant(a, constant),
        Syntax::Binary(_, a, b)
        | Syntax::Compare(_, a, b)
        | Syntax::And(a, b)
        | Syntax::Or(a, b) => is_constant(a, constant) && is_constant(b, constant),
        Syntax::Call(_, arguments) => arguments.iter().all(|a| is_constant(a, constant)),
    }
}
