//! From a tree with numbers to a model.

use std::collections::{BTreeMap, BTreeSet};

use spikevec_assembler::{Diagnostic, Diagnostics, Span};

use super::Text;
use super::constants::Constants;
use super::draft::{Draft, Rule, Variable, choose};
use super::functions::Function;
use super::names::{Meaning, is_constant};
use super::syntax::{Action, At, Binary, Name, Relation, Syntax};
use crate::neuron::{Expr, Model, ModelError, ModelErrors, Numbers, Test};
use crate::reading::Comparison;

/// Parts of an expression at most, once its names and branches are put in.
const PARTS: usize = 4000;

/// What variables are worth inside a branch, in terms of what they were before it.
pub(super) type Inside = BTreeMap<usize, Expr>;

/// The model of `size` neurons that `text` describes, with these parameters.
///
/// # Errors
/// A parameter without a value, a number that is not finite, or what is wrong with the model.
pub fn model(
    text: &Text,
    size: usize,
    given: &BTreeMap<String, Numbers>,
    dt: f64,
) -> Result<Model, ModelErrors> {
    let mut elaborate = Elaborate {
        text,
        constants: Constants::new(&text.source, &text.tree, given, dt),
        draft: Draft::default(),
        scopes: vec![BTreeMap::new()],
        spiked: None,
        errors: Vec::new(),
    };
    elaborate.states();
    elaborate.steps(&text.tree.actions, true);
    elaborate.rule_of_flag();
    let Elaborate {
        constants,
        draft,
        mut errors,
        ..
    } = elaborate;
    errors.extend(constants.errors);
    if !errors.is_empty() {
        let errors = Diagnostics::of(&text.file, &text.source, errors);
        return Err(ModelErrors(vec![ModelError::Text(errors)]));
    }
    let inputs = text.tree.inputs.iter().map(|input| input.is.clone());
    draft.build(size, &inputs.collect::<Vec<String>>())
}

/// A model on its way from a tree.
pub(super) struct Elaborate<'a> {
    pub(super) text: &'a Text,
    constants: Constants<'a>,
    pub(super) draft: Draft,
    /// Variables of `let` in each open block.
    pub(super) scopes: Vec<BTreeMap<String, usize>>,
    /// The variable that is 1 where the neuron spikes, where there is one.
    pub(super) spiked: Option<usize>,
    errors: Vec<Diagnostic>,
}

impl Elaborate<'_> {
    fn states(&mut self) {
        let tree = &self.text.tree;
        for declaration in &tree.states {
            let name = &declaration.name;
            let initial = match &declaration.value {
                Some(value) => {
                    let what = format!("`{}` at the start", name.is);
                    let numbers = self.constants.value(value);
                    self.constants.finite(&value.range, &what, numbers)
                }
                None => Numbers::All(0.0),
            };
            let relative = declaration.around.as_ref();
            let relative = relative.map(|around| self.parameter(&around.is));
            self.draft.variables.push(Variable {
                name: name.is.clone(),
                format: declaration.format,
                initial: Some(initial),
                relative,
            });
        }
        let names: Vec<&str> = tree.states.iter().map(|s| s.name.is.as_str()).collect();
        let wanted = tree.membrane.as_ref().map(|name| name.is.as_str());
        let mut usual = wanted.into_iter().chain(["v", "V"]);
        let membrane = usual.find_map(|name| names.iter().position(|own| *own == name));
        self.draft.membrane = membrane.unwrap_or(0);
    }

    /// Steps that stand in no branch. `last` says whether nothing follows them.
    fn steps(&mut self, actions: &[At<Action>], last: bool) {
        for (k, action) in actions.iter().enumerate() {
            let last = last && k + 1 == actions.len();
            match &action.is {
                Action::Assign {
                    name,
                    local,
                    format,
                    value,
                } => {
                    let (variable, expr) = self.assigned((name, *local), value, &Inside::new());
                    if *local {
                        self.draft.variables[variable].format = *format;
                    }
                    self.draft.statements.push((variable, expr));
                }
                Action::Spike => {
                    let spiked = self.flag();
                    self.draft.statements.push((spiked, 1.0.into()));
                }
                Action::If {
                    when,
                    then,
                    otherwise,
                } => match self.decided(when) {
                    Some(holds) => {
                        self.scopes.push(BTreeMap::new());
                        self.steps(if holds { then } else { otherwise }, last);
                        self.scopes.pop();
                    }
                    None => {
                        let rule = if last && otherwise.is_empty() {
                            self.rule(when, then)
                        } else {
                            None
                        };
                        match rule {
                            Some(rule) => self.draft.rule = Some(rule),
                            None => {
                                let mut inside = Inside::new();
                                self.branch(when, (then, otherwise), &mut inside);
                                self.draft.assign_at_once(inside.into_iter().collect());
                            }
                        }
                    }
                },
            }
        }
    }

    /// `expr`, unless it is so large that nothing good can come of it, and that what doubles it
    /// again would fill the memory.
    fn sized(&mut self, at: &At<Syntax>, expr: Expr) -> Expr {
        let mut parts = 0;
        expr.visit(&mut |_| parts += 1);
        if parts <= PARTS {
            return expr;
        }
        let message =
            format!("with its names and branches put in this has more than {PARTS} parts");
        let span = Span::of(&self.text.source, at.range.clone());
        let error = Diagnostic::new(span, message);
        self.errors
            .push(error.hint("give parts of it names with `let`, outside of branches"));
        Expr::Constant(0.0)
    }

    /// Whether a condition holds, where that is the same in every step.
    fn decided(&self, when: &At<Syntax>) -> Option<bool> {
        self.constants
            .holds(when)
            .filter(|_| self.is_constant(when))
    }

    fn is_constant(&self, at: &At<Syntax>) -> bool {
        is_constant(at, &|name| {
            self.meaning(name).is_some_and(Meaning::is_constant)
        })
    }

    pub(super) fn meaning(&self, name: &str) -> Option<Meaning> {
        if self.scopes.iter().any(|scope| scope.contains_key(name)) {
            return Some(Meaning::Local);
        }
        self.text.names.get(name).copied()
    }

    fn open(&mut self, name: &str, variable: usize) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(name.to_owned(), variable);
        }
    }

    fn variable(&self, name: &str) -> usize {
        let local = self.scopes.iter().rev().find_map(|scope| scope.get(name));
        match (local, self.text.names.get(name)) {
            (Some(local), _) => *local,
            (None, Some(Meaning::State(k))) => *k,
            // `names::check` has refused it.
            (None, _) => 0,
        }
    }

    /// The variable that is 1 where the neuron spikes.
    fn flag(&mut self) -> usize {
        if let Some(spiked) = self.spiked {
            return spiked;
        }
        let spiked = self.draft.local("spiked");
        self.draft.statements.insert(0, (spiked, 0.0.into()));
        self.spiked = Some(spiked);
        spiked
    }

    /// Spikes where the flag is set, if there is one.
    fn rule_of_flag(&mut self) {
        if let Some(variable) = self.spiked {
            self.draft.rule = Some(Rule {
                variable,
                threshold: 0.5.into(),
                comparison: Comparison::Above,
                counter: None,
                resets: Vec::new(),
            });
        }
    }

    /// The variable that an assignment is to, a new one where it is local, and its value.
    pub(super) fn assigned(
        &mut self,
        (name, local): (&Name, bool),
        value: &At<Syntax>,
        inside: &Inside,
    ) -> (usize, Expr) {
        let expr = self.expr(value, inside);
        if !local {
            return (self.variable(&name.is), expr);
        }
        let variable = self.draft.local(&name.is);
        self.open(&name.is, variable);
        (variable, expr)
    }

    /// What a block does to the variables, added to what is known of them inside it.
    fn block(&mut self, actions: &[At<Action>], inside: &mut Inside) {
        self.scopes.push(BTreeMap::new());
        for action in actions {
            match &action.is {
                Action::Assign {
                    name, local, value, ..
                } => {
                    let (variable, expr) = self.assigned((name, *local), value, inside);
                    inside.insert(variable, expr);
                }
                Action::Spike => {
                    let spiked = self.flag();
                    inside.insert(spiked, 1.0.into());
                }
                Action::If {
                    when,
                    then,
                    otherwise,
                } => self.branch(when, (then, otherwise), inside),
            }
        }
        for variable in self.scopes.pop().unwrap_or_default().values() {
            inside.remove(variable);
        }
    }

    pub(super) fn branch(
        &mut self,
        when: &At<Syntax>,
        (then, otherwise): (&[At<Action>], &[At<Action>]),
        inside: &mut Inside,
    ) {
        if let Some(holds) = self.decided(when) {
            return self.block(if holds { then } else { otherwise }, inside);
        }
        let (mut yes, mut no) = (inside.clone(), inside.clone());
        self.block(then, &mut yes);
        self.block(otherwise, &mut no);
        let variables: BTreeSet<usize> = yes.keys().chain(no.keys()).copied().collect();
        let before = inside.clone();
        for k in variables {
            let value = |branch: &Inside| branch.get(&k).cloned().unwrap_or(Expr::State(k));
            let chosen = self.chosen(when, value(&yes), value(&no), &before);
            inside.insert(k, chosen);
        }
    }

    /// `then` where a condition holds, `otherwise` where it does not.
    pub(super) fn chosen(
        &mut self,
        when: &At<Syntax>,
        then: Expr,
        otherwise: Expr,
        inside: &Inside,
    ) -> Expr {
        if then == otherwise {
            return then;
        }
        let chosen = self.unsized_choice(when, then, otherwise, inside);
        self.sized(when, chosen)
    }

    fn unsized_choice(
        &mut self,
        when: &At<Syntax>,
        then: Expr,
        otherwise: Expr,
        inside: &Inside,
    ) -> Expr {
        match &when.is {
            Syntax::Not(a) => self.chosen(a, otherwise, then, inside),
            // Worked out to 0 or 1 first, so that what is chosen stands there once.
            Syntax::And(a, b) => {
                let both = self.chosen(b, 1.0.into(), 0.0.into(), inside);
                let both = self.chosen(a, both, 0.0.into(), inside);
                choose(Test::Less, 0.5.into(), both, then, otherwise)
            }
            Syntax::Or(a, b) => {
                let one = self.chosen(b, 1.0.into(), 0.0.into(), inside);
                let one = self.chosen(a, 1.0.into(), one, inside);
                choose(Test::Less, 0.5.into(), one, then, otherwise)
            }
            Syntax::Compare(relation, a, b) => {
                let (a, b) = (self.expr(a, inside), self.expr(b, inside));
                match relation {
                    Relation::Less => choose(Test::Less, a, b, then, otherwise),
                    Relation::Greater => choose(Test::Less, b, a, then, otherwise),
                    Relation::AtLeast => choose(Test::Less, a, b, otherwise, then),
                    Relation::AtMost => choose(Test::Less, b, a, otherwise, then),
                    Relation::Equal => choose(Test::Equal, a, b, then, otherwise),
                    Relation::NotEqual => choose(Test::Equal, a, b, otherwise, then),
                }
            }
            // `names::check` has refused what is no condition.
            _ => then,
        }
    }

    /// The parameter with this name, by index, so that the update can read it.
    fn parameter(&mut self, name: &str) -> usize {
        let known = self.draft.parameters.iter().position(|p| p.0 == name);
        known.unwrap_or_else(|| {
            let value = self.constants.named(name);
            self.draft.parameters.push((name.to_owned(), value));
            self.draft.parameters.len() - 1
        })
    }

    /// What is worked out once and has no name.
    fn worked_out(&mut self, at: &At<Syntax>, value: Numbers) -> Expr {
        let value = self.constants.finite(&at.range, "this", value);
        match value {
            Numbers::All(value) => Expr::Constant(value),
            Numbers::Each(_) => {
                let known = self.draft.parameters.iter().position(|p| p.1 == value);
                Expr::Parameter(known.unwrap_or_else(|| {
                    let count = self.draft.parameters.len();
                    let mut name = format!("number_{count}");
                    while self.text.names.contains_key(&name) {
                        name.push('_');
                    }
                    self.draft.parameters.push((name, value));
                    count
                }))
            }
        }
    }

    pub(super) fn expr(&mut self, at: &At<Syntax>, inside: &Inside) -> Expr {
        let expr = self.unsized_expr(at, inside);
        self.sized(at, expr)
    }

    fn unsized_expr(&mut self, at: &At<Syntax>, inside: &Inside) -> Expr {
        match &at.is {
            Syntax::Number(number) => Expr::Constant(*number),
            Syntax::Name(name) => self.named(name, inside),
            Syntax::Negative(a) => -self.expr(a, inside),
            Syntax::Binary(operator, a, b) => match operator {
                Binary::Add => self.expr(a, inside) + self.expr(b, inside),
                Binary::Subtract => self.expr(a, inside) - self.expr(b, inside),
                Binary::Multiply => self.expr(a, inside) * self.expr(b, inside),
                _ if self.is_constant(at) => {
                    let value = self.constants.value(at);
                    self.worked_out(at, value)
                }
                Binary::Divide => {
                    let one = Box::new(At::new(Syntax::Number(1.0), b.range.clone()));
                    let one_by = Syntax::Binary(Binary::Divide, one, b.clone());
                    let value = self.constants.value(&At::new(one_by, b.range.clone()));
                    let factor = self.worked_out(b, value);
                    self.expr(a, inside) * factor
                }
                Binary::Power => {
                    let base = self.expr(a, inside);
                    let power = match b.is {
                        Syntax::Number(power) => power as usize,
                        _ => 1,
                    };
                    (1..power).fold(base.clone(), |product, _| product * base.clone())
                }
            },
            Syntax::Call(name, arguments) => {
                if self.is_constant(at) {
                    let value = self.constants.value(at);
                    return self.worked_out(at, value);
                }
                let mut values = arguments.iter();
                let mut next = || values.next().map(|argument| self.expr(argument, inside));
                let a = next().unwrap_or(Expr::Constant(0.0));
                let b = next();
                match (Function::of(&name.is), b) {
                    (Some(Function::Min), Some(b)) => {
                        choose(Test::Less, b.clone(), a.clone(), b, a)
                    }
                    (Some(Function::Max), Some(b)) => {
                        choose(Test::Less, a.clone(), b.clone(), b, a)
                    }
                    (Some(Function::Abs), _) => {
                        choose(Test::Less, a.clone(), 0.0.into(), -a.clone(), a)
                    }
                    // `names::check` has refused it.
                    _ => a,
                }
            }
            // `names::check` has refused conditions here.
            Syntax::Compare(..) | Syntax::Not(_) | Syntax::And(..) | Syntax::Or(..) => {
                Expr::Constant(0.0)
            }
        }
    }

    fn named(&mut self, name: &str, inside: &Inside) -> Expr {
        match self.meaning(name) {
            Some(Meaning::Local | Meaning::State(_)) => {
                let variable = self.variable(name);
                inside
                    .get(&variable)
                    .cloned()
                    .unwrap_or(Expr::State(variable))
            }
            Some(Meaning::Input(k)) => Expr::Input(k),
            Some(Meaning::Dt | Meaning::Pi) => match self.constants.named(name) {
                Numbers::All(value) => Expr::Constant(value),
                Numbers::Each(_) => Expr::Constant(0.0),
            },
            _ => Expr::Parameter(self.parameter(name)),
        }
    }
}
