//! Names: from rust-hdl's to those that a person reads, and the words that Verilog reserves.

use std::collections::BTreeMap;

use rust_hdl::core::ast::{Verilog, VerilogStatement};
use rust_hdl::core::atom::AtomKind;

use super::error::EmitError;
use super::module::{Atomic, Module};
use super::statement::comment;

/// A net of a module.
#[derive(Debug, Clone)]
pub(super) struct Net {
    pub name: String,
    pub width: usize,
    pub signed: bool,
}

/// Everything that a module's statements may name, by rust-hdl's name.
#[derive(Default)]
pub(super) struct Nets {
    pub by_raw: BTreeMap<String, Net>,
    taken: BTreeMap<String, String>,
}

/// The reserved words of SystemVerilog, which tools may take Verilog for.
const RESERVED: &str = "\
    accept_on alias always always_comb always_ff always_latch and assert assign assume \
    automatic before begin bind bins binsof bit break buf bufif0 bufif1 byte case casex \
    casez cell chandle checker class clocking cmos config const constraint context continue \
    cover covergroup coverpoint cross deassign default defparam design disable dist do edge \
    else end endcase endchecker endclass endclocking endconfig endfunction endgenerate \
    endgroup endinterface endmodule endpackage endprimitive endprogram endproperty \
    endspecify endsequence endtable endtask enum event eventually expect export extends \
    extern final first_match for force foreach forever fork forkjoin function generate \
    genvar global highz0 highz1 if iff ifnone ignore_bins illegal_bins implements implies \
    import incdir include initial inout input inside instance int integer interconnect \
    interface intersect join join_any join_none large let liblist library local localparam \
    logic longint macromodule matches medium modport module nand negedge nettype new \
    nexttime nmos nor noshowcancelled not notif0 notif1 null or output package packed \
    parameter pmos posedge primitive priority program property protected pull0 pull1 \
    pulldown pullup pulsestyle_ondetect pulsestyle_onevent pure rand randc randcase \
    randsequence rcmos real realtime ref reg reject_on release repeat restrict return rnmos \
    rpmos rtran rtranif0 rtranif1 s_always s_eventually s_nexttime s_until s_until_with \
    scalared sequence shortint shortreal showcancelled signed small soft solve specify \
    specparam static string strong strong0 strong1 struct super supply0 supply1 \
    sync_accept_on sync_reject_on table tagged task this throughout time timeprecision \
    timeunit tran tranif0 tranif1 tri tri0 tri1 triand trior trireg type typedef union \
    unique unique0 unsigned until until_with untyped use uwire var vectored virtual void \
    wait wait_order wand weak weak0 weak1 while wildcard wire with within wor xnor xor";

/// Whether tools would take a name for a word of the language.
pub(super) fn is_reserved(name: &str) -> bool {
    RESERVED.split(' ').any(|word| word.trim() == name)
}

/// rust-hdl's name with array elements and fields joined by underscores.
pub(super) fn flat(raw: &str) -> String {
    raw.replace(['$', '.'], "_")
}

/// The name without the number of an array's element.
pub(super) fn without_index(raw: &str) -> &str {
    match raw.rsplit_once('$') {
        Some((name, index)) if index.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => raw,
    }
}

/// The initial value of a register, where the module is rust-hdl's flip-flop.
pub(super) fn register(module: &Module) -> Option<&str> {
    let Verilog::Custom(code) = &module.code else {
        return None;
    };
    let names: Vec<_> = module.ports.iter().map(|(p, _)| p.raw.as_str()).collect();
    if names != ["d", "q", "clock"] || !code.contains("q <= d;") {
        return None;
    }
    code.split_once("q = ")?.1.split(';').next()
}

/// The first comment of a block, where it is `module ...`: what follows.
fn heading(module: &Module) -> Option<&str> {
    let first = match &module.code {
        Verilog::Combinatorial(block) => match block.first() {
            Some(VerilogStatement::Comment(text)) => Some(comment(text)),
            _ => None,
        },
        Verilog::Custom(code) => code.lines().next().and_then(|l| l.strip_prefix("// ")),
        _ => None,
    };
    first.and_then(|text| text.strip_prefix("module "))
}

/// What a block calls itself: a comment `module NAME` at its start, or the instance's name.
pub(super) fn module_name(module: &Module, raw: &str) -> String {
    let name = heading(module).and_then(|text| text.split([':', ' ']).next());
    flat(name.unwrap_or_else(|| without_index(raw)))
}

/// Whether a block asks to be kept apart from its surroundings: a comment `module NAME (kept): ...`.
pub(super) fn is_kept(module: &Module) -> bool {
    let name = heading(module).and_then(|text| text.split(':').next());
    name.is_some_and(|name| name.ends_with(" (kept)"))
}

impl Nets {
    fn add(&mut self, module: &str, raw: &str, name: String, of: &Atomic) -> Result<(), EmitError> {
        self.reserve(module, &name, raw)?;
        let net = Net {
            name,
            width: of.width,
            signed: of.signed,
        };
        self.by_raw.insert(raw.to_owned(), net);
        Ok(())
    }

    /// Takes a name out of use; refuses one that is taken or reserved.
    pub(super) fn reserve(&mut self, module: &str, name: &str, by: &str) -> Result<(), EmitError> {
        let clash = self
            .taken
            .insert(name.to_owned(), by.to_owned())
            .is_some_and(|other| other != by);
        if clash || is_reserved(name) {
            return Err(EmitError::Name {
                module: module.to_owned(),
                name: name.to_owned(),
            });
        }
        Ok(())
    }

    /// The nets of `module`: its own signals, and the ports of its instances.
    pub(super) fn of(
        path: &str,
        module: &Module,
        all: &BTreeMap<String, Module>,
    ) -> Result<Self, EmitError> {
        let mut nets = Self::default();
        let own = module.ports.iter().map(|(atomic, _)| atomic);
        let constants = module.constants.iter().map(|c| &c.atomic);
        for atomic in own.chain(&module.locals).chain(constants) {
            nets.add(path, &atomic.raw, flat(&atomic.raw), atomic)?;
        }
        for child in &module.children {
            let Some(inner) = all.get(&child.path) else {
                continue;
            };
            let instance = flat(&child.raw);
            let held = register(inner).is_some();
            if !held {
                nets.reserve(path, &instance, &child.raw)?;
            }
            for (port, _) in &inner.ports {
                let raw = format!("{}${}", child.raw, port.raw);
                // A register is read under its own name and written under `_next`.
                let name = match (held, port.raw.as_str()) {
                    (true, "q") => instance.clone(),
                    (true, "d") => format!("{instance}_next"),
                    _ => flat(&raw),
                };
                nets.add(path, &raw, name, port)?;
            }
        }
        Ok(nets)
    }
}

/// Whether a port is driven from outside; none for what has both directions.
pub(super) fn is_input(kind: &AtomKind) -> Option<bool> {
    match kind {
        AtomKind::InputParameter => Some(true),
        AtomKind::OutputParameter => Some(false),
        _ => None,
    }
}
