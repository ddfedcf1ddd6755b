//! One module as text: what follows its name.

use std::collections::{BTreeMap, BTreeSet};

use rust_hdl::core::ast::{Verilog, VerilogBlock};

use super::error::EmitError;
use super::expression::{Expression, Scope};
use super::module::{Atomic, Module};
use super::names::{Net, Nets, flat, is_input, register};
use super::statement::Statement;
use spikevec_design::{Direction, Port};

/// The modules of a design, and the names that those below have got.
pub(super) struct Design<'a> {
    pub modules: &'a BTreeMap<String, Module>,
    pub names: &'a BTreeMap<String, String>,
}

fn range(width: usize) -> String {
    match width {
        1 => String::new(),
        _ => format!(" [{}:0]", width - 1),
    }
}

fn declaration(kind: &str, net: &Net) -> String {
    let signed = if net.signed { " signed" } else { "" };
    format!("{kind}{signed}{} {}", range(net.width), net.name)
}

/// The ports of a module, in the order of the block's fields.
pub(super) fn ports(path: &str, module: &Module) -> Result<Vec<Port>, EmitError> {
    let port = |(atomic, kind): &(Atomic, _)| {
        let input = is_input(kind).ok_or_else(|| EmitError::Unsupported {
            module: path.to_owned(),
            construct: format!("the two-way port `{}`", atomic.raw),
            remedy: "use an input, an output and an enable",
        })?;
        let direction = if input {
            Direction::Input
        } else {
            Direction::Output
        };
        Ok(Port {
            name: flat(&atomic.raw),
            direction,
            width: atomic.width,
            signed: atomic.signed,
        })
    };
    module.ports.iter().map(port).collect()
}

/// A port list; outputs in `variables` are assigned by an `always` block.
pub(super) fn header(ports: &[Port], variables: impl Fn(&str) -> bool) -> String {
    let line = |port: &Port| {
        let kind = match port.direction {
            Direction::Input => "input wire",
            Direction::Output if variables(&port.name) => "output reg",
            Direction::Output => "output wire",
        };
        let net = Net {
            name: port.name.clone(),
            width: port.width,
            signed: port.signed,
        };
        format!("    {}", declaration(kind, &net))
    };
    let lines: Vec<_> = ports.iter().map(line).collect();
    format!(" (\n{}\n);\n", lines.join(",\n"))
}

/// Everything after `module NAME`.
pub(super) fn print(path: &str, design: &Design) -> Result<String, EmitError> {
    let module = &design.modules[path];
    let ports = ports(path, module)?;
    let unsupported = |construct: &str| EmitError::Unsupported {
        module: path.to_owned(),
        construct: construct.to_owned(),
        remedy: "write a leaf with custom Verilog",
    };
    match &module.code {
        Verilog::Combinatorial(block) => combinatorial(path, module, block, &ports, design),
        Verilog::Custom(code) => {
            let mut text = header(&ports, |_| true);
            let named = |line: &&str| !line.starts_with("// module ");
            for line in code.trim().lines().filter(named) {
                let line = line.trim_end();
                let pad = if line.is_empty() { "" } else { "    " };
                text.push_str(&format!("{pad}{line}\n"));
            }
            Ok(text)
        }
        Verilog::Empty => Err(unsupported("a block without Verilog")),
        Verilog::Blackbox(_) => Err(unsupported("a black box")),
        Verilog::Wrapper(_) => Err(unsupported("a wrapper")),
    }
}

/// Statements that assign the same nets, in their order.
struct Group {
    statements: Vec<usize>,
    targets: BTreeSet<String>,
}

/// Drops a whole assignment that another one overrides before anything reads it: the defaults
/// of `dff_setup!`.
fn without_dead(statements: Vec<Statement>) -> Vec<Statement> {
    let dead = |at: usize| {
        let Statement::Assign {
            target, part: None, ..
        } = &statements[at]
        else {
            return false;
        };
        for later in &statements[at + 1..] {
            if later.reads().contains(target) {
                return false;
            }
            if let Statement::Assign {
                target: other,
                part: None,
                ..
            } = later
                && other == target
            {
                return true;
            }
            if later.targets().contains(target) {
                return false;
            }
        }
        false
    };
    let keep: Vec<_> = (0..statements.len()).map(|at| !dead(at)).collect();
    let kept = statements.into_iter().zip(keep);
    kept.filter_map(|(s, keep)| keep.then_some(s)).collect()
}

fn groups(path: &str, statements: &[Statement]) -> Result<Vec<Group>, EmitError> {
    let mut groups: Vec<Group> = Vec::new();
    for (at, statement) in statements.iter().enumerate() {
        let mut group = Group {
            statements: vec![at],
            targets: statement.targets(),
        };
        if group.targets.is_empty() {
            continue;
        }
        let (mut same, rest): (Vec<Group>, _) = groups
            .into_iter()
            .partition(|g| !g.targets.is_disjoint(&group.targets));
        for mut other in same.drain(..).rev() {
            other.statements.append(&mut group.statements);
            other.targets.append(&mut group.targets);
            group = other;
        }
        group.statements.sort_unstable();
        groups = rest;
        groups.push(group);
    }
    groups.sort_by_key(|g| g.statements[0]);
    // Groups become processes of their own, which see every net's final value.
    for (at, statement) in statements.iter().enumerate() {
        let reads = statement.reads();
        for group in &groups {
            let inside = group.statements.contains(&at);
            for net in group.targets.intersection(&reads) {
                let assigns = |s: &&usize| statements[**s].targets().contains(net);
                let before = group.statements.iter().filter(assigns).any(|s| *s < at);
                let after = group.statements.iter().filter(assigns).any(|s| *s > at);
                let own = statement.targets().contains(net);
                if (after && !(inside && before)) || (own && !before && is_assign(statement)) {
                    return Err(EmitError::ReadBeforeWrite {
                        module: path.to_owned(),
                        signal: net.clone(),
                    });
                }
            }
        }
    }
    Ok(groups)
}

fn is_assign(statement: &Statement) -> bool {
    matches!(statement, Statement::Assign { .. })
}

fn combinatorial(
    path: &str,
    module: &Module,
    block: &VerilogBlock,
    ports: &[Port],
    design: &Design,
) -> Result<String, EmitError> {
    let nets = Nets::of(path, module, design.modules)?;
    let mut scope = Scope {
        module: path,
        nets: &nets,
        variants: &module.variants,
        loops: Vec::new(),
    };
    let mut statements = scope.block(block)?;
    let mut about = None;
    if let Some(Statement::Comment(text)) = statements.first()
        && let Some(text) = text.strip_prefix("module ")
    {
        about = text
            .split_once(':')
            .map(|(_, about)| about.trim().to_owned());
        statements.remove(0);
    }
    let statements = without_dead(statements);
    let groups = groups(path, &statements)?;

    // Nets with one plain assignment, and all others that are assigned.
    let mut single: BTreeMap<&str, &Expression> = BTreeMap::new();
    let mut variables = BTreeSet::new();
    for group in &groups {
        match (
            group.statements.as_slice(),
            &statements[group.statements[0]],
        ) {
            (
                [_],
                Statement::Assign {
                    target,
                    part: None,
                    value,
                },
            ) => {
                single.insert(target, value);
            }
            _ => variables.extend(group.targets.iter().map(String::as_str)),
        }
    }
    let mut reads: BTreeSet<String> = statements.iter().flat_map(Statement::reads).collect();

    let mut declarations = String::new();
    let mut instances = String::new();
    let mut clocked: BTreeMap<String, String> = BTreeMap::new();
    // Nets whose one assignment has gone into a port or a register.
    let mut absorbed = BTreeSet::new();
    let mut declare = |net: &Net, variables: &BTreeSet<&str>| {
        let kind = if variables.contains(net.name.as_str()) {
            "reg"
        } else {
            "wire"
        };
        declarations.push_str(&format!("    {};\n", declaration(kind, net)));
    };
    for local in &module.locals {
        declare(&nets.by_raw[&local.raw], &variables);
    }
    let mut registers = String::new();
    for child in &module.children {
        let inner = &design.modules[&child.path];
        let net = |port: &str| &nets.by_raw[&format!("{}${port}", child.raw)];
        if let Some(initial) = register(inner) {
            let clock = single
                .get(net("clock").name.as_str())
                .filter(|c| c.is_wire());
            let clock = clock.ok_or_else(|| EmitError::Unsupported {
                module: path.to_owned(),
                construct: format!("the clock of `{}`", child.raw),
                remedy: "assign the clock itself to it (`dff_setup!`), and guard `d` instead",
            })?;
            absorbed.insert(net("clock").name.as_str());
            let (q, d) = (net("q"), net("d"));
            let value = match single.get(d.name.as_str()) {
                Some(value) => {
                    absorbed.insert(d.name.as_str());
                    value.text.clone()
                }
                None => {
                    declare(d, &variables);
                    d.name.clone()
                }
            };
            registers.push_str(&format!("    {} = {initial};\n", declaration("reg", q)));
            let lines = clocked.entry(clock.text.clone()).or_default();
            lines.push_str(&format!("        {} <= {value};\n", q.name));
            continue;
        }
        let mut connections = Vec::new();
        for (port, kind) in &inner.ports {
            let mut net = net(&port.raw).clone();
            let mut text = net.name.clone();
            if is_input(kind) == Some(true) {
                match single.get(net.name.as_str()).filter(|e| e.is_wire()) {
                    Some(value) => {
                        text = value.connection().to_owned();
                        let raw = format!("{}${}", child.raw, port.raw);
                        absorbed.insert(nets.by_raw[&raw].name.as_str());
                    }
                    None => declare(&net, &variables),
                }
            } else {
                if !reads.contains(&net.name) {
                    net.name.push_str("_unused");
                    text = net.name.clone();
                }
                declare(&net, &variables);
            }
            connections.push(format!("        .{}({text})", flat(&port.raw)));
        }
        instances.push_str(&format!(
            "\n    {} {} (\n{}\n    );\n",
            design.names[&child.path],
            flat(&child.raw),
            connections.join(",\n")
        ));
    }
    declarations.push_str(&registers);

    let mut text = header(ports, |name| variables.contains(name));
    if let Some(about) = about {
        text.push_str(&format!("    // {about}\n"));
    }
    for constant in &module.constants {
        let net = &nets.by_raw[&constant.atomic.raw];
        if reads.remove(&net.name) {
            let line = declaration("localparam", net);
            text.push_str(&format!("    {line} = {};\n", constant.value));
        }
    }
    for (raw, (width, value)) in &module.variants {
        if reads.remove(&flat(raw)) {
            let name = flat(raw);
            text.push_str(&format!(
                "    localparam{} {name} = {width}'d{value};\n",
                range(*width)
            ));
        }
    }
    text.push_str(&declarations);
    text.push_str(&instances);
    text.push_str(&processes(&statements, &groups, &absorbed));
    for (clock, lines) in &clocked {
        text.push_str(&format!(
            "\n    always @(posedge {clock}) begin\n{lines}    end\n"
        ));
    }
    Ok(text)
}

/// Each group as an `assign` or an `always` block, with the comments that stand before it.
fn processes(statements: &[Statement], groups: &[Group], absorbed: &BTreeSet<&str>) -> String {
    let mut text = String::new();
    let mut was_assign = false;
    for group in groups {
        let first = group.statements[0];
        let plain = match (group.statements.len(), &statements[first]) {
            (
                1,
                Statement::Assign {
                    target,
                    part: None,
                    value,
                },
            ) => Some((target, value)),
            _ => None,
        };
        if plain.is_some_and(|(target, _)| absorbed.contains(target.as_str())) {
            continue;
        }
        let comment = |at: usize| match at.checked_sub(1).map(|at| &statements[at]) {
            Some(Statement::Comment(text)) => Some(text),
            _ => None,
        };
        let before = comment(first);
        if plain.is_none() || !was_assign || before.is_some() {
            text.push('\n');
        }
        if let Some(before) = before {
            text.push_str(&format!("    // {before}\n"));
        }
        was_assign = plain.is_some();
        match plain {
            Some((target, value)) => {
                text.push_str(&format!("    assign {target} = {};\n", value.text));
            }
            None => {
                text.push_str("    always @(*) begin\n");
                for (nth, at) in group.statements.iter().enumerate() {
                    if let (Some(comment), true) = (comment(*at), nth > 0) {
                        text.push_str(&format!("        // {comment}\n"));
                    }
                    statements[*at].print(2, &mut text);
                }
                text.push_str("    end\n");
            }
        }
    }
    text
}
