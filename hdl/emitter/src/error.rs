//! Why a design has no Verilog.

/// A design that cannot be emitted, or whose Verilog would not mean what its Rust means.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EmitError {
    /// rust-hdl's own checks: undriven signals, loops, inputs that are written.
    #[error("{design}: rust-hdl refuses the design: {reason} (was `connect_all` called?)")]
    Check {
        /// Name of the design.
        design: String,
        /// rust-hdl's finding.
        reason: String,
    },
    /// A construct that this emission does not translate.
    #[error("{module}: {construct} does not translate; {remedy}")]
    Unsupported {
        /// Path of the block.
        module: String,
        /// What it uses.
        construct: String,
        /// What to write instead.
        remedy: &'static str,
    },
    /// A name in `update` that is no signal, constant, variant or loop variable.
    #[error(
        "{module}: `{name}` is no signal of the block; only signals, literals, variants of \
         signals' enums and loop variables may be used in `update`"
    )]
    UnknownName {
        /// Path of the block.
        module: String,
        /// The name as it was written.
        name: String,
    },
    /// A signal is read between two of its assignments.
    #[error(
        "{module}: `{signal}` is read before its last assignment; Rust and Verilog would differ, \
         so move the reading statement down or use another Local signal"
    )]
    ReadBeforeWrite {
        /// Path of the block.
        module: String,
        /// The signal.
        signal: String,
    },
    /// Two signals get one name, or a name is a keyword of Verilog.
    #[error("{module}: the name `{name}` is taken or reserved in Verilog; rename the field")]
    Name {
        /// Path of the block.
        module: String,
        /// The name.
        name: String,
    },
}
