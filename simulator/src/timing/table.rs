//! What each code word waits for, and what waits for it.
//!
//! A register is up to three *slots*, one for each kind of consumer that the table of
//! operands in `docs/core.md` tells apart; a slot holds the clock from which such a
//! consumer may enter the stage A.

use spikevec_isa::{Instruction, Op, Operand};

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
    VectorLoad,
    VectorStore,
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
    let tail = tail(i.op, beats);
    let mut row = Row {
        kind: kind(i),
        tail,
        length: match i.op {
            Op::Jal | Op::Jalr => JUMP,
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
        row.delays = scalar_delays(i.op, beats);
    } else if let Some(r) = i.vector_write() {
        row.targets[0] = VECTOR + r;
        row.delays[0] = vector_delay(i.op, beats);
    }
    row
}

fn kind(i: &Instruction) -> Kind {
    match i.op {
        Op::Div | Op::Divu | Op::Rem | Op::Remu => Kind::Division,
        Op::Lb | Op::Lh | Op::Lw | Op::Lbu | Op::Lhu => Kind::ScalarLoad,
        Op::Sb | Op::Sh | Op::Sw => Kind::ScalarStore,
        Op::Vloadv | Op::Vloadr0 | Op::Vloadr1 => Kind::VectorLoad,
        Op::Vstorev => Kind::VectorStore,
        Op::Csrrw | Op::Csrrs | Op::Csrrc | Op::Csrrwi | Op::Csrrsi | Op::Csrrci => Kind::Csr,
        op if op.spec().has(Operand::Branch) && i.imm == 4 => Kind::BranchToNext,
        _ => Kind::Plain,
    }
}

/// True for instructions that go through the vector unit beat by beat.
fn is_vector(op: Op) -> bool {
    op.spec().extension == spikevec_isa::Extension::Vector
}

/// `l - h`.
fn tail(op: Op, beats: u8) -> u8 {
    match op {
        // The first pass looks for lanes whose address is bad.
        Op::Vloadl if beats > 1 => 2 * beats - 1,
        op if is_vector(op) => beats - 1,
        _ => 0,
    }
}

/// Slots of the scalar operands. The value that SB, SH and SW store is no operand
/// that anything waits for.
fn scalar_sources(i: &Instruction) -> impl Iterator<Item = u8> + use<> {
    let sources = match i.op {
        Op::Sb | Op::Sh | Op::Sw => [Some(i.rs1), None].map(|r| r.map(|r| SCALAR + r)),
        Op::Vsel => [Some(SELECT + i.rs1), None],
        op => {
            let first = if matches!(op, Op::Vfill | Op::Vandadd) {
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
fn scalar_delays(op: Op, beats: u8) -> [u8; 3] {
    match op {
        Op::Lw | Op::Clz | Op::Ctz | Op::Cpop => [2, 1, 1],
        Op::Lb | Op::Lh | Op::Lbu | Op::Lhu => [3, 1, 1],
        Op::Mul | Op::Mulh | Op::Mulhsu | Op::Mulhu => [3, 1, 1],
        // The bit of a lane is there before the word of all bits is.
        Op::Vteq | Op::Vtne | Op::Vtlt | Op::Vtge if beats == 1 => [4, 2, 1],
        Op::Vteq | Op::Vtne | Op::Vtlt | Op::Vtge | Op::Vextract => {
            [beats + 3, beats + 1, beats + 1]
        }
        _ => [1; 3],
    }
}

/// Clocks from `h` until a consumer of a vector result may enter A.
fn vector_delay(op: Op, beats: u8) -> u8 {
    match op {
        Op::Vmul | Op::VmulRn | Op::VmulRs | Op::VmulS | Op::VmulSRn | Op::VmulSRs => 4,
        Op::VsraiRn | Op::VsraiRs => 4,
        Op::Vloadl if beats > 1 => beats + 2,
        Op::Vloadl => 2,
        _ => beats,
    }
}
