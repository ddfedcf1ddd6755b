//! What kind of work an instruction is: the column that other crates ask where
//! several instructions are treated alike.

use crate::table::{Op, TABLE};

/// The kind of an instruction.
///
/// A class says what is done, never how fast: the simulator's clocks and the
/// compiler's latencies are numbers of their own, given to classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// Upper immediates: `lui`, `auipc`.
    Upper,
    /// Jumps that link: `jal`, `jalr`.
    Jump,
    /// Conditional branches.
    Branch,
    /// Loads from scalar memory.
    Load,
    /// Stores to scalar memory.
    Store,
    /// Scalar sums, comparisons and bitwise operations.
    Arithmetic,
    /// Scalar shifts.
    Shift,
    /// `fence`.
    Fence,
    /// `ecall`, `ebreak`: the program hands over.
    Environment,
    /// Scalar products.
    Multiply,
    /// Scalar quotients and remainders.
    Divide,
    /// Accesses to control and status registers.
    Csr,
    /// Counts of zeros or ones.
    BitCount,
    /// Sign extensions of a byte or halfword.
    SignExtend,
    /// Sums and differences of lanes.
    VectorAdd,
    /// Bitwise operations on lanes.
    VectorLogic,
    /// Shifts of lanes that drop what they shift out.
    VectorShift,
    /// Products of lanes, shifted and rounded.
    VectorMultiply,
    /// Right shifts of lanes that round.
    RoundedShift,
    /// Comparisons of lanes, to a mask in a scalar register.
    Compare,
    /// VSEL: lanes chosen by a mask.
    Select,
    /// VLOADV: a vector from vector memory.
    VectorLoad,
    /// VLOADL: a halfword a lane from lane-local memory.
    LaneLoad,
    /// The generators' states from vector memory.
    GeneratorLoad,
    /// VSTOREV: a vector to vector memory.
    VectorStore,
    /// VSTOREL: a halfword a lane to lane-local memory.
    LaneStore,
    /// VLUI: an immediate to all lanes.
    VectorImmediate,
    /// VFILL: a scalar to all lanes.
    Broadcast,
    /// VEXTRACT: a lane to a scalar register.
    Extract,
    /// VRNG: a random number a lane.
    Random,
    /// VANDADD: lanes masked, plus a scalar.
    MaskedAdd,
}

impl Class {
    /// The instructions of this class, in the table's order.
    pub fn ops(self) -> impl Iterator<Item = Op> {
        let rows = TABLE.iter().filter(move |spec| spec.class == self);
        rows.map(|spec| spec.op)
    }

    /// True where lanes do the work, so that a core with fewer lanes takes several beats.
    pub const fn is_vector(self) -> bool {
        self as u8 >= Class::VectorAdd as u8
    }

    /// True where the result takes the way through the lanes' multipliers.
    pub const fn is_product(self) -> bool {
        matches!(self, Class::VectorMultiply | Class::RoundedShift)
    }

    /// True where a whole vector is read from vector memory.
    pub const fn reads_vector_memory(self) -> bool {
        matches!(self, Class::VectorLoad | Class::GeneratorLoad)
    }

    /// True where some memory is written.
    pub const fn is_store(self) -> bool {
        matches!(self, Class::Store | Class::VectorStore | Class::LaneStore)
    }

    /// True where a memory's word goes to a vector register.
    pub const fn loads_lanes(self) -> bool {
        matches!(self, Class::VectorLoad | Class::LaneLoad)
    }

    /// True where the next instruction may be another than the one behind it.
    pub const fn is_control(self) -> bool {
        matches!(self, Class::Jump | Class::Branch | Class::Environment)
    }

    /// True where a scalar register's value goes to all lanes.
    pub const fn spreads_scalar(self) -> bool {
        matches!(self, Class::Select | Class::Broadcast | Class::MaskedAdd)
    }
}

#[cfg(test)]
mod tests {
    use crate::table::{Extension, TABLE};
    use crate::{Class, Operand};

    #[test]
    fn classes_agree_with_the_other_columns() {
        for spec in TABLE {
            let class = spec.class;
            let name = spec.mnemonic;
            assert_eq!(
                class.is_vector(),
                spec.extension == Extension::Vector,
                "{name}"
            );
            assert_eq!(class == Class::Branch, spec.has(Operand::Branch), "{name}");
            assert_eq!(class == Class::Csr, spec.has(Operand::Csr), "{name}");
            let stores = spec.has(Operand::Store) || spec.has(Operand::LaneStore);
            assert_eq!(class.is_store(), stores, "{name}");
            let loads =
                spec.has(Operand::LaneLoad) || spec.has(Operand::Load) && spec.class != Class::Jump;
            let reads = class == Class::Load || class.reads_vector_memory() || class.loads_lanes();
            assert_eq!(reads, loads, "{name}");
            assert_eq!(spec.access_bytes().is_some(), loads || stores, "{name}");
            let reads_scalar = spec.has(Operand::XRs1) || spec.has(Operand::XRs2);
            assert_eq!(
                class.spreads_scalar(),
                class.is_vector() && reads_scalar,
                "{name}"
            );
            assert!(
                spec.rounding().is_none() || class.is_product() || class == Class::VectorShift,
                "{name}"
            );
        }
    }
}
