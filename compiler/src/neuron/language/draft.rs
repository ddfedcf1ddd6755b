//! A model as it is put together: what its steps assign, before what is of no use is left out.

use std::collections::BTreeSet;

use crate::format::Format;
use crate::neuron::{Condition, Expr, Model, ModelBuilder, ModelErrors, Numbers, Test};
use crate::reading::{Comparison, ResetStep};

/// A state variable, or a local one.
#[derive(Debug, Clone)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// The format asked for.
    pub format: Option<Format>,
    /// Value at the start of a sample; nothing for a local variable.
    pub initial: Option<Numbers>,
    /// The parameter that it is kept relative to, by index.
    pub relative: Option<usize>,
}

/// When the neurons spike.
#[derive(Debug, Clone)]
pub struct Rule {
    /// What is compared, a variable by index.
    pub variable: usize,
    /// What with.
    pub threshold: Expr,
    /// How.
    pub comparison: Comparison,
    /// A variable by index that must be 0.
    pub counter: Option<usize>,
    /// What a spike does.
    pub resets: Vec<(usize, Expr)>,
}

/// A model under construction. `Expr::State` is a variable by index.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// Parameters that the update reads.
    pub parameters: Vec<(String, Numbers)>,
    /// Variables: the model's state first.
    pub variables: Vec<Variable>,
    /// The membrane, a variable by index.
    pub membrane: usize,
    /// The update, in order.
    pub statements: Vec<(usize, Expr)>,
    /// Spiking.
    pub rule: Option<Rule>,
}

impl Draft {
    /// The model of `size` neurons with `inputs`.
    ///
    /// # Errors
    /// As [`ModelBuilder::build`]'s.
    pub fn build(mut self, size: usize, inputs: &[String]) -> Result<Model, ModelErrors> {
        let live = self.live();
        self.statements.retain(|(k, _)| live.contains(k));
        if let Some(rule) = &mut self.rule {
            rule.resets.retain(|(k, _)| live.contains(k));
        }
        let mut builder = ModelBuilder::new(size);
        let parameters = self.parameters.iter();
        let parameters: Vec<_> = parameters
            .map(|(name, values)| builder.parameter(name, values.clone()))
            .collect();
        for input in inputs {
            builder.input(input, 1.0);
        }
        let mut new = vec![None; self.variables.len()];
        let mut states = Vec::new();
        for &k in &live {
            let variable = &self.variables[k];
            let state = match &variable.initial {
                Some(initial) if !self.is_local(k) => {
                    builder.state(&variable.name, initial.clone())
                }
                _ => builder.local(&variable.name),
            };
            if let Some(format) = variable.format {
                builder.format(state, format);
            }
            if let Some(parameter) = variable.relative.and_then(|k| parameters.get(k)) {
                builder.relative(state, *parameter);
            }
            new[k] = Some(states.len());
            states.push(state);
        }
        let index = |k: usize| new[k].unwrap_or(0);
        let place = |k: usize| states[index(k)];
        let renamed = |expr: &Expr| {
            let mut expr = expr.clone();
            expr.rename_states(&index);
            expr
        };
        builder.membrane(place(self.membrane));
        for (k, expr) in &self.statements {
            builder.assign(place(*k), renamed(expr));
        }
        if let Some(rule) = &self.rule {
            let threshold = renamed(&rule.threshold);
            builder.spike(place(rule.variable), threshold, ResetStep::Same);
            builder.comparison(rule.comparison);
            if let Some(counter) = rule.counter {
                builder.rest_while(place(counter));
            }
            for (k, expr) in &rule.resets {
                builder.reset(place(*k), renamed(expr));
            }
        }
        builder.build()
    }

    /// Variables that what can be seen of the neurons depends on.
    fn live(&self) -> BTreeSet<usize> {
        let mut live = BTreeSet::from([self.membrane]);
        let resets: &[(usize, Expr)] = match &self.rule {
            Some(rule) => {
                live.insert(rule.variable);
                live.extend(rule.counter);
                live.extend(reads(&rule.threshold));
                &rule.resets
            }
            None => &[],
        };
        loop {
            let before = live.len();
            for (k, expr) in self.statements.iter().chain(resets) {
                if live.contains(k) {
                    live.extend(reads(expr));
                }
            }
            if live.len() == before {
                return live;
            }
        }
    }

    /// True where a step assigns variable `k` before anything reads it, and no spike changes it.
    fn is_local(&self, k: usize) -> bool {
        if k == self.membrane {
            return false;
        }
        let resets = self.rule.iter().flat_map(|rule| &rule.resets);
        if resets.clone().any(|(reset, _)| *reset == k) {
            return false;
        }
        for (assigned, expr) in &self.statements {
            if reads(expr).contains(&k) {
                return false;
            }
            if *assigned == k {
                return true;
            }
        }
        false
    }

    /// Appends assignments that all see the variables as they are before the first of them.
    pub fn assign_at_once(&mut self, mut all: Vec<(usize, Expr)>) {
        while !all.is_empty() {
            if let Some(at) = free(&all) {
                self.statements.push(all.remove(at));
                continue;
            }
            // Each is read by another: the first one's old value is kept aside.
            let old = all[0].0;
            let name = format!("old_{}", self.variables[old].name);
            let copy = self.local(&name);
            self.statements.push((copy, Expr::State(old)));
            for (k, expr) in &mut all {
                if *k != old {
                    expr.replace(&Expr::State(old), &Expr::State(copy));
                }
            }
        }
    }

    /// A new local variable.
    pub fn local(&mut self, name: &str) -> usize {
        let variables = self.variables.iter().map(|v| v.name.clone());
        let parameters = self.parameters.iter().map(|p| p.0.clone());
        let taken: BTreeSet<String> = variables.chain(parameters).collect();
        let mut name = name.to_owned();
        while taken.contains(&name) {
            name.push('_');
        }
        self.variables.push(Variable {
            name,
            format: None,
            initial: None,
            relative: None,
        });
        self.variables.len() - 1
    }
}

/// The first of `all` whose variable no other reads.
pub fn free(all: &[(usize, Expr)]) -> Option<usize> {
    let seen = |k: usize| {
        let others = all.iter().filter(move |(other, _)| *other != k);
        others.into_iter().any(|(_, expr)| reads(expr).contains(&k))
    };
    all.iter().position(|(k, _)| !seen(*k))
}

/// Variables that an expression reads.
pub fn reads(expr: &Expr) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    expr.visit(&mut |part| {
        if let Expr::State(k) = part {
            found.insert(*k);
        }
    });
    found
}

/// True where an expression reads an input.
pub fn reads_input(expr: &Expr) -> bool {
    let mut found = false;
    expr.visit(&mut |part| found |= matches!(part, Expr::Input(_)));
    found
}

/// `left test right ? then : otherwise`, without a choice where there is none.
pub fn choose(test: Test, left: Expr, right: Expr, then: Expr, otherwise: Expr) -> Expr {
    if then == otherwise {
        return then;
    }
    let when = match test {
        Test::Less => Condition::less(left, right),
        Test::Equal => Condition::equal(left, right),
    };
    when.select(then, otherwise)
}
