//! The rule of spiking, where the last thing that a step does is `if CONDITION { spike() ... }`.

use std::collections::BTreeMap;

use super::draft::{Rule, free, reads, reads_input};
use super::elaborate::{Elaborate, Inside};
use super::names::Meaning;
use super::syntax::{Action, At, Relation, Syntax};
use crate::neuron::Expr;
use crate::reading::Comparison;

impl Elaborate<'_> {
    /// The rule, where there is one that the machine has: one spike, and resets that need nothing beyond the step.
    pub(super) fn rule(&mut self, when: &At<Syntax>, then: &[At<Action>]) -> Option<Rule> {
        let once = then.iter().filter(|a| a.is == Action::Spike).count() == 1;
        let nested = then.iter().any(|action| match &action.is {
            Action::If {
                then, otherwise, ..
            } => then.iter().chain(otherwise).any(spikes),
            _ => false,
        });
        if !once || nested || self.spiked.is_some() {
            return None;
        }
        let kept = self.draft.clone();
        let rule = self.rule_at(when, then);
        if rule.is_none() {
            self.draft = kept;
        }
        rule
    }

    fn rule_at(&mut self, when: &At<Syntax>, then: &[At<Action>]) -> Option<Rule> {
        let (variable, threshold, comparison, counter) = self.compared(when)?;
        let resets = self.resets(then)?;
        let read = resets.iter().any(|(_, expr)| reads_input(expr));
        if read || reads_input(&threshold) {
            return None;
        }
        Some(Rule {
            variable,
            threshold,
            comparison,
            counter,
            resets,
        })
    }

    /// What a spike does, in order.
    fn resets(&mut self, then: &[At<Action>]) -> Option<Vec<(usize, Expr)>> {
        let states = self.text.tree.states.len();
        let mut resets = Vec::new();
        // What is local is not needed any more afterwards, and so only has a meaning here.
        let mut inside = Inside::new();
        self.scopes.push(BTreeMap::new());
        let mut possible = true;
        for action in then {
            let mut all = inside.clone();
            match &action.is {
                Action::Spike => continue,
                Action::Assign {
                    name, local, value, ..
                } => {
                    let (variable, expr) = self.assigned((name, *local), value, &inside);
                    all.insert(variable, expr);
                }
                Action::If {
                    when,
                    then,
                    otherwise,
                } => self.branch(when, (then, otherwise), &mut all),
            }
            let mut changed: Vec<(usize, Expr)> = Vec::new();
            for (k, expr) in all {
                if k >= states {
                    inside.insert(k, expr);
                } else {
                    changed.push((k, expr));
                }
            }
            // A local value that was worked out before a variable changes must not see the change.
            let stale = |k: &usize| inside.values().any(|expr| reads(expr).contains(k));
            possible &= !changed.iter().any(|(k, _)| stale(k));
            while !changed.is_empty() {
                match free(&changed) {
                    Some(at) => resets.push(changed.remove(at)),
                    None => {
                        possible = false;
                        break;
                    }
                }
            }
        }
        self.scopes.pop();
        possible.then_some(resets)
    }

    /// The variable that decides over a spike, what it is compared with and how, and the
    /// variable that must be 0 beside it.
    fn compared(&mut self, when: &At<Syntax>) -> Option<(usize, Expr, Comparison, Option<usize>)> {
        let mut parts = Vec::new();
        conjunction(when, &mut parts);
        let mut counter = None;
        let mut others = Vec::new();
        for part in parts {
            match self.counter(part).filter(|_| counter.is_none()) {
                Some(k) => counter = Some(k),
                None => others.push(part),
            }
        }
        let none = Inside::new();
        if let [only] = others[..]
            && let Syntax::Compare(relation, a, b) = &only.is
        {
            let (a, b) = (self.expr(a, &none), self.expr(b, &none));
            let (large, small, comparison) = match relation {
                Relation::Greater => (a, b, Comparison::Above),
                Relation::AtLeast => (a, b, Comparison::AtLeast),
                Relation::Less => (b, a, Comparison::Above),
                Relation::AtMost => (b, a, Comparison::AtLeast),
                Relation::Equal | Relation::NotEqual => return self.flagged(when),
            };
            if let Expr::State(k) = large {
                return Some((k, small, comparison, counter));
            }
            let compared = self.draft.local("compared");
            let fixed = reads(&small).is_empty() && !reads_input(&small);
            let (value, threshold) = if fixed {
                (large, small)
            } else {
                (large - small, 0.0.into())
            };
            self.draft.statements.push((compared, value));
            return Some((compared, threshold, comparison, counter));
        }
        self.flagged(when)
    }

    /// As [`compared`](Self::compared): any condition, worked out to 0 or 1.
    fn flagged(&mut self, when: &At<Syntax>) -> Option<(usize, Expr, Comparison, Option<usize>)> {
        let value = self.chosen(when, 1.0.into(), 0.0.into(), &Inside::new());
        let fires = self.draft.local("fires");
        self.draft.statements.push((fires, value));
        Some((fires, 0.5.into(), Comparison::Above, None))
    }

    /// The state variable of `name == 0`.
    fn counter(&self, at: &At<Syntax>) -> Option<usize> {
        match &at.is {
            Syntax::Compare(Relation::Equal, a, b) if b.is == Syntax::Number(0.0) => match &a.is {
                Syntax::Name(name) => match self.meaning(name)? {
                    Meaning::State(k) => Some(k),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }
    }
}

/// The conditions that must all hold.
fn conjunction<'a>(at: &'a At<Syntax>, parts: &mut Vec<&'a At<Syntax>>) {
    match &at.is {
        Syntax::And(a, b) => {
            conjunction(a, parts);
            conjunction(b, parts);
        }
        _ => parts.push(at),
    }
}

/// True where an action spikes somewhere.
pub fn spikes(action: &At<Action>) -> bool {
    match &action.is {
        Action::Spike => true,
        Action::Assign { .. } => false,
        Action::If {
            then, otherwise, ..
        } => then.iter().chain(otherwise).any(spikes),
    }
}
