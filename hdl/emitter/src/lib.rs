//! Verilog of rust-hdl designs.
//!
//! rust-hdl's own emission writes one module for each instance, names it by its path
//! and copies expressions as they are written, so that Verilog's precedence and
//! widths may say something else than Rust's. This one walks the same design and
//! - writes one module for each distinct shape, named by the block (`comment!("module NAME: ...")`
//!   as the first statement of `update`, or a first line `// module NAME` of custom Verilog);
//!   `module NAME (kept): ...` makes synthesis keep its instances apart (`keep_hierarchy`), so that equal
//!   registers of two instances stay two;
//! - writes flip-flops as registers of the module that holds them, single assignments as
//!   `assign`, and ties ports directly to the nets that drive them;
//! - parenthesises, sizes and extends as Rust does, and refuses what it cannot ([`EmitError`]).
//!
//! The text depends on the design alone.

mod body;
mod error;
mod expression;
mod module;
mod names;
mod statement;

use std::collections::{BTreeMap, BTreeSet};

use rust_hdl::core::block::Block;
use rust_hdl::core::check_error::{CheckError, PathedName, check_all};

pub use error::EmitError;
use module::Collector;
use spikevec_design::{Design, Port};

/// Distinct modules in the order in which they were finished: those below come first.
#[derive(Default)]
struct Library {
    modules: Vec<(String, String)>,
    by_text: BTreeMap<String, String>,
    kept: BTreeSet<String>,
}

impl Library {
    /// The name of the module with this text: the one that there is, or a new one.
    fn name(&mut self, wanted: String, text: String) -> String {
        if let Some(name) = self.by_text.get(&text) {
            return name.clone();
        }
        let taken = |name: &str| {
            names::is_reserved(name) || self.modules.iter().any(|(other, _)| other == name)
        };
        let mut name = wanted.clone();
        let mut count = 1;
        while taken(&name) {
            count += 1;
            name = format!("{wanted}_{count}");
        }
        self.by_text.insert(text.clone(), name.clone());
        self.modules.push((name.clone(), text));
        name
    }

    /// Adds a block with all that it is made of; gives its name and ports.
    fn add(&mut self, name: &str, block: &dyn Block) -> Result<(String, Vec<Port>), EmitError> {
        check_all(block).map_err(|error| EmitError::Check {
            design: name.to_owned(),
            reason: reason(error),
        })?;
        let mut collector = Collector::default();
        block.accept(name, &mut collector);
        let modules = collector.modules;
        let mut names = BTreeMap::new();
        self.emit(name, name, &modules, &mut names)?;
        let ports = match modules.get(name) {
            Some(top) => body::ports(name, top)?,
            None => Vec::new(),
        };
        Ok((names.remove(name).unwrap_or_default(), ports))
    }

    fn emit(
        &mut self,
        path: &str,
        raw: &str,
        modules: &BTreeMap<String, module::Module>,
        names: &mut BTreeMap<String, String>,
    ) -> Result<(), EmitError> {
        let Some(module) = modules.get(path) else {
            return Ok(());
        };
        for child in &module.children {
            let inner = modules.get(&child.path);
            if inner.is_some_and(|inner| names::register(inner).is_none()) {
                self.emit(&child.path, &child.raw, modules, names)?;
            }
        }
        let design = body::Design { modules, names };
        let text = body::print(path, &design)?;
        let name = self.name(names::module_name(module, raw), text);
        if names::is_kept(module) {
            self.kept.insert(name.clone());
        }
        names.insert(path.to_owned(), name);
        Ok(())
    }

    fn finish(self, top: String, ports: Vec<Port>) -> Design {
        let mut verilog = String::new();
        let mut modules = Vec::new();
        for (name, text) in self.modules.into_iter().rev() {
            if !verilog.is_empty() {
                verilog.push('\n');
            }
            if self.kept.contains(&name) {
                verilog.push_str("(* keep_hierarchy = \"yes\" *)\n");
            }
            verilog.push_str(&format!("module {name}{text}endmodule\n"));
            modules.push(name);
        }
        Design {
            top,
            ports,
            modules,
            verilog,
        }
    }
}

/// What rust-hdl's checks found, with the signals in a fixed order.
fn reason(error: CheckError) -> String {
    let (what, signals): (_, Vec<PathedName>) = match error {
        CheckError::OpenSignal(open) => ("nothing drives", open.into_values().collect()),
        CheckError::LogicLoops(signals) => ("there is a loop through", signals),
        CheckError::WritesToInputs(signals) => ("a block drives its own input", signals),
    };
    let name = |signal: &PathedName| format!("{}.{}", signal.path, signal.name.replace('$', "."));
    let mut names: Vec<_> = signals.iter().map(name).collect();
    names.sort();
    format!("{what} {}", names.join(", "))
}

/// Emits a block and everything that it is made of. `name` stands for the block where it has no
/// name of its own. The block's `connect_all` must have been called.
///
/// # Errors
/// [`EmitError`] where rust-hdl's checks fail, or where a construct has no Verilog of the same
/// meaning.
pub fn emit(name: &str, block: &dyn Block) -> Result<Design, EmitError> {
    let mut library = Library::default();
    let (top, ports) = library.add(name, block)?;
    Ok(library.finish(top, ports))
}

/// Emits several blocks side by side under one top module `name`, so that one model serves all of
/// them in tests. The ports of the block called `add` get the prefix `add_`.
///
/// # Errors
/// As [`emit`].
pub fn bench(name: &str, blocks: &[(&str, &dyn Block)]) -> Result<Design, EmitError> {
    let mut library = Library::default();
    let mut all = Vec::new();
    let mut instances = String::new();
    for (instance, block) in blocks {
        if names::is_reserved(instance) {
            return Err(EmitError::Name {
                module: name.to_owned(),
                name: (*instance).to_owned(),
            });
        }
        let (module, ports) = library.add(instance, *block)?;
        let mut connections = Vec::new();
        for mut port in ports {
            let outer = format!("{instance}_{}", port.name);
            connections.push(format!("        .{}({outer})", port.name));
            port.name = outer;
            all.push(port);
        }
        let connections = connections.join(",\n");
        instances.push_str(&format!(
            "\n    {module} {instance} (\n{connections}\n    );\n"
        ));
    }
    let text = format!("{}{instances}", body::header(&all, |_| false));
    let top = library.name(name.to_owned(), text);
    Ok(library.finish(top, all))
}
