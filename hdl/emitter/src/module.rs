//! A rust-hdl design taken apart: one [`Module`] for each instance.

use std::collections::BTreeMap;

use rust_hdl::core::ast::Verilog;
use rust_hdl::core::atom::{Atom, AtomKind, is_atom_signed};
use rust_hdl::core::block::Block;
use rust_hdl::core::probe::Probe;
use rust_hdl::core::type_descriptor::{TypeDescriptor, TypeKind};

/// A port or local signal under the name that rust-hdl gives it.
#[derive(Debug, Clone)]
pub(super) struct Atomic {
    pub raw: String,
    pub width: usize,
    pub signed: bool,
}

/// A constant and its bits, as Verilog writes them.
pub(super) struct Constant {
    pub atomic: Atomic,
    pub value: String,
}

/// An instance inside a module: its name there and its path.
pub(super) struct Child {
    pub raw: String,
    pub path: String,
}

/// One instance of a block.
pub(super) struct Module {
    pub ports: Vec<(Atomic, AtomKind)>,
    pub locals: Vec<Atomic>,
    pub constants: Vec<Constant>,
    /// Variants of the enums that the module's signals hold: width and value.
    pub variants: BTreeMap<String, (usize, usize)>,
    pub children: Vec<Child>,
    pub code: Verilog,
}

/// Walks a design and keeps every instance under its path.
#[derive(Default)]
pub(super) struct Collector {
    pub modules: BTreeMap<String, Module>,
    stack: Vec<String>,
    namespace: Vec<String>,
}

/// The variants of every enum inside a type.
fn variants(descriptor: &TypeDescriptor, out: &mut BTreeMap<String, (usize, usize)>) {
    match &descriptor.kind {
        TypeKind::Enum(labels) => {
            let width = labels.len().next_power_of_two().trailing_zeros().max(1) as usize;
            for (value, label) in labels.iter().enumerate() {
                out.insert(label.replace("::", "$"), (width, value));
            }
        }
        TypeKind::Composite(fields) => fields.iter().for_each(|f| variants(&f.kind, out)),
        TypeKind::Bits(_) | TypeKind::Signed(_) => {}
    }
}

impl Probe for Collector {
    fn visit_start_scope(&mut self, name: &str, node: &dyn Block) {
        let path = match self.stack.last() {
            Some(parent) => format!("{parent}.{name}"),
            None => name.to_owned(),
        };
        if let Some(module) = self.stack.last().and_then(|p| self.modules.get_mut(p)) {
            module.children.push(Child {
                raw: name.to_owned(),
                path: path.clone(),
            });
        }
        self.namespace.clear();
        let module = Module {
            ports: Vec::new(),
            locals: Vec::new(),
            constants: Vec::new(),
            variants: BTreeMap::new(),
            children: Vec::new(),
            code: node.hdl(),
        };
        self.modules.insert(path.clone(), module);
        self.stack.push(path);
    }

    fn visit_end_scope(&mut self, _name: &str, _node: &dyn Block) {
        self.stack.pop();
    }

    fn visit_start_namespace(&mut self, name: &str, _node: &dyn Block) {
        self.namespace.push(name.to_owned());
    }

    fn visit_end_namespace(&mut self, _name: &str, _node: &dyn Block) {
        self.namespace.pop();
    }

    fn visit_atom(&mut self, name: &str, signal: &dyn Atom) {
        let mut parts = self.namespace.clone();
        parts.push(name.to_owned());
        let atomic = Atomic {
            raw: parts.join("$"),
            width: signal.bits(),
            signed: is_atom_signed(signal),
        };
        let mut found = BTreeMap::new();
        variants(&signal.descriptor(), &mut found);
        let count = self.stack.len();
        // A parent sees the ports of its children, so it may name their variants too.
        for path in &self.stack[count.saturating_sub(2)..] {
            if let Some(module) = self.modules.get_mut(path) {
                module.variants.extend(found.clone());
            }
        }
        let Some(module) = self.stack.last().and_then(|p| self.modules.get_mut(p)) else {
            return;
        };
        match signal.kind() {
            AtomKind::Constant => module.constants.push(Constant {
                atomic,
                value: signal.verilog().to_string(),
            }),
            AtomKind::LocalSignal => module.locals.push(atomic),
            kind => module.ports.push((atomic, kind)),
        }
    }
}
