//! What each code word waits for, and what waits for it.
//!
//! A register is up to three *slots*, one for each kind of consumer that the table of
//! operands in `docs/core.md` tells apart; a slot holds the clock from which such a
//! consumer may enter the stage A.

use spikevec_isa::{Class, Instruction, Spec};

use super::Timing;

/// Slots that there are room for: as many as a byte can name.
pub(super) const SLOTS: usize = 256;
/// Slots of scalar registers as operands of the scalar core begin here; that of `x0` is never written and stays 0.
const SCALAR: u8 = 0;
/// Of scalar registers as operands of vector instructions but VSEL.
const BROADCAST: u8 = 32;
/// Of scalar registers as operands of VSEL.
const SELECT: u8 = 64;
/// Of vector registers.
const VECTOR: u8 = 96;
/// Is written, never read: the destination of what has none.
const NOWHERE: u8 = 255;
/// Is read, never written: the operand of what has none.
const ALWAYS: u8 = SCALAR;

/// What beyond its operands decides when an instruction leaves A, and what follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing.
    Plain,
    /// It stays in A for 33 clocks more.
    Division,
    /// It waits for a store to scalar memory.
    ScalarLoad,
    ScalarStore,
    /// It waits until nothing older is left before commit.
    Csr,
    /// A branch to the next instruction: whether it is taken cannot be told by where it goes.
    BranchToNext,
}

/// A code word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub kind: Kind,
    /// Slots of the operands.
    pub sources: [u8; 3],
    /// Slots of the register written.
    pub targets: [u8; 3],
    /// Clocks from `h` until a consumer of each target may enter A.
    pub delays: [u8; 3],
    /// Clocks from `h` until the next instruction may enter A, where this one does not branch.
    pub length: u8,
    /// `l - h`: clocks from the first beat to the last.
    pub tail: u8,
}

/// Clocks from `h` until the instruction at the target of a jump may enter A.
pub(super) const JUMP: u8 = 3;
/// Clocks that a division stays in A beyond the one of entering it.
pub(super) const DIVISION: u64 = 33;
/// Clocks from a scalar store until a scalar load may leave A.
pub(super) const STORE_TO_LOAD: u64 = 3;
/// Clocks from the last beat of an instruction until a CSR instruction may enter A.
pub(super) const DRAIN: u64 = 4;
/// Clocks from `h` until the core has stopped.
pub(super) const STOP: u64 = 4;
/// `e` of the first instruction.
pub(super) const START: u64 = 3;

/// The row of a word that is no instruction: nothing is known of its operands.
pub(super) const ILLEGAL: Row = Row {
    kind: Kind::Plain,
    sources: [ALWAYS; 3],
    targets: [NOWHERE; 3],
    delays: [1; 3],
    length: 1,
    tail: 0,
};

/// Rows of a program.
pub(super) fn rows(code: &[Option<Instruction>], timing: Timing) -> Vec<Row> {
    // At most 8.
    let beats = timing.beats() as u8;
    let each = code.iter();
    each.map(|slot| slot.as_ref().map_or(ILLEGAL, |i| row(i, beats)))
        .collect()
}

fn row(i: &Instruction, beats: u8) -> Row {
    let spec = i.op.spec();
    let tail = tail(spec.class, beats);
    let mut row = Row {
        kind: kind(i),
        tail,
        length: match spec.class {
            Class::Jump => JUMP,
            _ => tail + 1,
        },
        ..ILLEGAL
    };
    let mut sources = i
        .vector_reads()
        .map(|r| VECTOR + r)
        .chain(scalar_sources(i));
    for source in &mut row.sources {
        *source = sources.next().unwrap_or(ALWAYS);
    }
    if let Some(r) = i.scalar_write() {
        row.targets = [SCALAR + r, BROADCAST + r, SELECT + r];
        row.delays = scalar_delays(spec, beats);
    } else if let Some(r) = i.vector_write() {
        row.targets[0] = VECTOR + r;
        row.delays[0] = vector_delay(spec.class, beats);
    }
    row
}

fn kind(i: &Instruction) -> Kind {
    match i.op.spec().class {
        Class::Divide => Kind::Division,
        Class::Load => Kind::ScalarLoad,
        Class::Store => Kind::ScalarStore,
        Class::Csr => Kind::Csr,
        Class::Branch if i.imm == 4 => Kind::BranchToNext,
        _ => Kind::Plain,
    }
}

/// `l - h`.
fn tail(class: Class, beats: u8) -> u8 {
    match class {
        // The first pass looks for lanes whose address is bad.
        Class::LaneLoad if beats > 1 => 2 * beats - 1,
        class if class.is_vector() => beats - 1,
        _ => 0,
    }
}

/// Slots of the scalar operands. The value that SB, SH and SW store is no operand
/// that anything waits for.
fn scalar_sources(i: &Instruction) -> impl Iterator<Item = u8> + use<> {
    let sources = match i.op.spec().class {
        Class::Store => [Some(i.rs1), None].map(|r| r.map(|r| SCALAR + r)),
        Class::Select => [Some(SELECT + i.rs1), None],
        class => {
            let first = if class.spreads_scalar() {
                BROADCAST
            } else {
                SCALAR
            };
            let mut reads = i.scalar_reads();
            [reads.next(), reads.next()].map(|r| r.map(|r| first + r))
        }
    };
    sources.into_iter().flatten()
}

/// Clocks from `h` until a consumer of a scalar result may enter A: one of the scalar
/// core, one that gives it to all lanes, and VSEL.
fn scalar_delays(spec: &Spec, beats: u8) -> [u8; 3] {
    match spec.class {
        Class::BitCount => [2, 1, 1],
        Class::Load if spec.access_bytes() == Some(4) => [2, 1, 1],
        Class::Load | Class::Multiply => [3, 1, 1],
        // The bit of a lane is there before the word of all bits is.
        Class::Compare if beats == 1 => [4, 2, 1],
        Class::Compare | Class::Extract => [beats + 3, beats + 1, beats + 1],
        _ => [1; 3],
    }
}

/// Clocks from `h` until a consumer of a vector result may enter A.
fn vector_delay(class: Class, beats: u8) -> u8 {
    match class {
        Class::VectorMultiply | Class::RoundedShift => 4,
        Class::LaneLoad if beats > 1 => beats + 2,
        Class::LaneLoad => 2,
        _ => beats,
    }
}
