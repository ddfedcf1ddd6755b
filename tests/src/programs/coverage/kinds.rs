//! Kinds of instructions as the timing table of docs/core.md tells them apart.

use spikevec_isa::{Class, Instruction, Memory, Op, Operand};

/// A register of either file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Register {
    /// Scalar, not x0.
    X(u8),
    /// Vector.
    V(u8),
}

impl Register {
    /// The register of the same number in the other file.
    pub fn other(self) -> Self {
        match self {
            Register::X(number) => Register::V(number),
            Register::V(number) => Register::X(number),
        }
    }
}

macro_rules! kinds {
    ($(#[$doc:meta])* $name:ident $all:ident { $($(#[$each:meta])* $kind:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$each])* $kind),+ }

        /// All kinds, in their order.
        pub const $all: &[$name] = &[$($name::$kind),+];
    };
}

kinds! {
    /// How a register comes by its value.
    Producer PRODUCERS {
        /// One-clock scalar arithmetic.
        Alu,
        /// Scalar load.
        Load,
        /// Scalar product.
        Multiply,
        /// Division and remainder.
        Divide,
        /// CSR instruction.
        Csr,
        /// Link of a jump.
        Link,
        /// VTEQ and the like.
        Compare,
        /// VEXTRACT.
        Extract,
        /// One-clock vector arithmetic.
        Single,
        /// VLOADV.
        VectorLoad,
        /// VLOADL.
        LaneLoad,
        /// VMUL.
        VectorMultiply,
        /// VSRAI with rounding.
        RoundedShift,
        /// VSEL.
        Select,
        /// VLUI and VFILL.
        Fill,
        /// VRNG.
        Random,
    }
}

kinds! {
    /// What a value is needed for.
    Consumer CONSUMERS {
        /// One-clock scalar arithmetic.
        Alu,
        /// Scalar product.
        Multiply,
        /// Division and remainder.
        Divide,
        /// Branch.
        Branch,
        /// Base of JALR.
        Jump,
        /// Address of a scalar load.
        ScalarLoadAddress,
        /// Address of a scalar store.
        ScalarStoreAddress,
        /// Address of VLOADV, VLOADR0 and VLOADR1.
        VectorLoadAddress,
        /// Address of VSTOREV.
        VectorStoreAddress,
        /// Value that a scalar store stores.
        StoreData,
        /// Operand of a CSR instruction.
        Csr,
        /// Mask of VSEL.
        SelectMask,
        /// Operand of VFILL.
        FillOperand,
        /// Scalar operand of VANDADD.
        AndAddScalar,
        /// One-clock vector arithmetic.
        VectorOperand,
        /// VMUL.
        VectorMultiplyOperand,
        /// VSRAI with rounding.
        RoundedOperand,
        /// VTEQ and the like.
        CompareOperand,
        /// VEXTRACT.
        ExtractOperand,
        /// The vector of VSEL.
        SelectOperand,
        /// What VSEL keeps.
        SelectOld,
        /// Addresses of VLOADL.
        LaneLoadAddress,
        /// What VLOADL keeps.
        LaneLoadOld,
        /// Addresses of VSTOREL.
        LaneStoreAddress,
        /// Values of VSTOREL.
        LaneStoreData,
        /// Values of VSTOREV.
        VectorStoreData,
    }
}

kinds! {
    /// Instructions that access memory.
    MemoryKind MEMORY_KINDS {
        /// LB to LHU.
        ScalarLoad,
        /// SB to SW.
        ScalarStore,
        /// VLOADV.
        VectorLoad,
        /// VLOADR0 and VLOADR1.
        GeneratorLoad,
        /// VSTOREV.
        VectorStore,
        /// VLOADL.
        LaneLoad,
        /// VSTOREL.
        LaneStore,
    }
}

impl Producer {
    /// Writes a vector register.
    pub fn is_vector(self) -> bool {
        self as usize >= Producer::Single as usize
    }
}

impl Consumer {
    /// Reads a vector register.
    pub fn is_vector(self) -> bool {
        self as usize >= Consumer::VectorOperand as usize
    }
}

impl MemoryKind {
    /// The memory.
    pub fn memory(self) -> Memory {
        match self {
            MemoryKind::ScalarLoad | MemoryKind::ScalarStore => Memory::Scalar,
            MemoryKind::LaneLoad | MemoryKind::LaneStore => Memory::LaneLocal,
            _ => Memory::Vector,
        }
    }
}

/// The memory instruction that `op` is.
pub fn memory_kind(op: Op) -> Option<MemoryKind> {
    Some(match op.spec().class {
        Class::Load => MemoryKind::ScalarLoad,
        Class::Store => MemoryKind::ScalarStore,
        Class::VectorLoad => MemoryKind::VectorLoad,
        Class::GeneratorLoad => MemoryKind::GeneratorLoad,
        Class::VectorStore => MemoryKind::VectorStore,
        Class::LaneLoad => MemoryKind::LaneLoad,
        Class::LaneStore => MemoryKind::LaneStore,
        _ => return None,
    })
}

/// The register that an instruction writes, and how.
pub fn produced(i: &Instruction) -> Option<(Register, Producer)> {
    let spec = i.op.spec();
    if let Some(rd) = i.vector_write() {
        let kind = match spec.class {
            Class::VectorMultiply => Producer::VectorMultiply,
            Class::RoundedShift => Producer::RoundedShift,
            Class::VectorLoad => Producer::VectorLoad,
            Class::LaneLoad => Producer::LaneLoad,
            Class::Select => Producer::Select,
            Class::VectorImmediate | Class::Broadcast => Producer::Fill,
            Class::Random => Producer::Random,
            _ => Producer::Single,
        };
        return Some((Register::V(rd), kind));
    }
    let rd = i.scalar_write()?;
    let kind = match spec.class {
        Class::Multiply => Producer::Multiply,
        Class::Divide => Producer::Divide,
        Class::Compare => Producer::Compare,
        Class::Extract => Producer::Extract,
        Class::Jump => Producer::Link,
        Class::Csr => Producer::Csr,
        Class::Load => Producer::Load,
        _ => Producer::Alu,
    };
    Some((Register::X(rd), kind))
}

/// The registers that an instruction reads, and what for.
pub fn consumed(i: &Instruction) -> Vec<(Register, Consumer)> {
    let spec = i.op.spec();
    let mut list = Vec::with_capacity(3);
    for operand in spec.operands {
        let (register, kind) = match operand {
            Operand::XRs1 => (Register::X(i.rs1), scalar_use(i.op)),
            Operand::XRs2 if memory_kind(i.op).is_some() => {
                (Register::X(i.rs2), Consumer::StoreData)
            }
            Operand::XRs2 => (Register::X(i.rs2), scalar_use(i.op)),
            Operand::Load | Operand::Store => (Register::X(i.rs1), address_use(i.op)),
            Operand::VRs1 => (Register::V(i.rs1), vector_use(i.op)),
            Operand::VRs2 => (Register::V(i.rs2), vector_use(i.op)),
            Operand::LaneLoad => (Register::V(i.rs1), Consumer::LaneLoadAddress),
            Operand::LaneStore => (Register::V(i.rs1), Consumer::LaneStoreAddress),
            _ => continue,
        };
        if register != Register::X(0) {
            list.push((register, kind));
        }
    }
    match spec.class {
        Class::Select => list.push((Register::V(i.rd), Consumer::SelectOld)),
        Class::LaneLoad => list.push((Register::V(i.rd), Consumer::LaneLoadOld)),
        _ => {}
    }
    list
}

fn scalar_use(op: Op) -> Consumer {
    match op.spec().class {
        Class::Multiply => Consumer::Multiply,
        Class::Divide => Consumer::Divide,
        Class::Select => Consumer::SelectMask,
        Class::Broadcast => Consumer::FillOperand,
        Class::MaskedAdd => Consumer::AndAddScalar,
        Class::Branch => Consumer::Branch,
        Class::Csr => Consumer::Csr,
        _ => Consumer::Alu,
    }
}

fn address_use(op: Op) -> Consumer {
    match memory_kind(op) {
        Some(MemoryKind::ScalarLoad) => Consumer::ScalarLoadAddress,
        Some(MemoryKind::ScalarStore) => Consumer::ScalarStoreAddress,
        Some(MemoryKind::VectorStore) => Consumer::VectorStoreAddress,
        Some(_) => Consumer::VectorLoadAddress,
        None => Consumer::Jump,
    }
}

fn vector_use(op: Op) -> Consumer {
    match op.spec().class {
        Class::VectorMultiply => Consumer::VectorMultiplyOperand,
        Class::RoundedShift => Consumer::RoundedOperand,
        Class::Compare => Consumer::CompareOperand,
        Class::Extract => Consumer::ExtractOperand,
        Class::Select => Consumer::SelectOperand,
        Class::LaneStore => Consumer::LaneStoreData,
        Class::VectorStore => Consumer::VectorStoreData,
        _ => Consumer::VectorOperand,
    }
}
