//! What the pipeline needs to know of an instruction: one bit each.

use rust_hdl::prelude::*;
use spikevec_isa::table::TABLE;
use spikevec_isa::{Class, Op, Operand, Spec};

use crate::comment;
use crate::decode::OP_BITS;

/// A bit of an instruction's flags, by its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Flag {
    /// A conditional branch.
    Branch,
    /// `jal`.
    Jump,
    /// `jalr`.
    JumpRegister,
    /// A scalar load.
    Load,
    /// A scalar store.
    Store,
    /// A scalar multiplication, or bits are counted.
    Multiply,
    /// A scalar division.
    Divide,
    /// A CSR instruction.
    Csr,
    /// `ecall`.
    Ecall,
    /// `ebreak`.
    Ebreak,
    /// It has beats.
    Vector,
    /// Reads vector memory.
    VectorLoad,
    /// Writes vector memory.
    VectorStore,
    /// VLOADL.
    LaneLoad,
    /// Its scalar operand is taken in M: that of VSEL, VFILL and VANDADD.
    Late,
    /// The late operand is rs2: VANDADD's, and what a scalar store writes.
    LateIsSecond,
    /// Its scalar result comes from the lanes.
    Gathers,
    /// A vector comparison.
    Compares,
    /// Its vector result takes the way through the multiplier.
    Long,
    /// VSEL.
    Select,
    /// A scalar result that is there in X only: a product, or a part of a word of memory.
    Slow,
}

/// Number of flags.
pub const FLAGS: usize = 21;

impl Flag {
    /// All of them, by position.
    pub const ALL: [Self; FLAGS] = [
        Self::Branch,
        Self::Jump,
        Self::JumpRegister,
        Self::Load,
        Self::Store,
        Self::Multiply,
        Self::Divide,
        Self::Csr,
        Self::Ecall,
        Self::Ebreak,
        Self::Vector,
        Self::VectorLoad,
        Self::VectorStore,
        Self::LaneLoad,
        Self::Late,
        Self::LateIsSecond,
        Self::Gathers,
        Self::Compares,
        Self::Long,
        Self::Select,
        Self::Slow,
    ];

    /// Whether it holds for an instruction.
    pub fn of(self, spec: &Spec) -> bool {
        let class = spec.class;
        match self {
            Self::Branch => class == Class::Branch,
            Self::Jump => spec.op == Op::Jal,
            Self::JumpRegister => spec.op == Op::Jalr,
            Self::Load => class == Class::Load,
            Self::Store => class == Class::Store,
            Self::Multiply => matches!(class, Class::Multiply | Class::BitCount),
            Self::Divide => class == Class::Divide,
            Self::Csr => class == Class::Csr,
            Self::Ecall => spec.op == Op::Ecall,
            Self::Ebreak => spec.op == Op::Ebreak,
            Self::Vector => class.is_vector(),
            Self::VectorLoad => class.reads_vector_memory(),
            Self::VectorStore => class == Class::VectorStore,
            Self::LaneLoad => class == Class::LaneLoad,
            Self::Late => class.spreads_scalar(),
            Self::LateIsSecond => matches!(class, Class::MaskedAdd | Class::Store),
            Self::Gathers => class.is_vector() && spec.has(Operand::XRd),
            Self::Compares => class == Class::Compare,
            Self::Long => class.is_product(),
            Self::Select => class == Class::Select,
            Self::Slow => {
                class == Class::Multiply || class == Class::Load && spec.access_bytes() != Some(4)
            }
        }
    }

    fn bits(spec: &Spec) -> u64 {
        let bits = Self::ALL.iter().map(|f| u64::from(f.of(spec)) << *f as u8);
        bits.sum()
    }
}

/// The flags of an instruction: a leaf whose Verilog is written from the instruction table.
#[derive(LogicBlock, Default)]
pub struct FlagTable {
    /// Number of the instruction's row.
    pub op: Signal<In, Bits<OP_BITS>>,
    /// The word is no instruction: it has no flags.
    pub illegal: Signal<In, Bit>,
    /// A bit for each [`Flag`].
    pub flags: Signal<Out, Bits<FLAGS>>,
}

impl Logic for FlagTable {
    fn update(&mut self) {
        let row = TABLE.get(self.op.val().index());
        let row = row.filter(|_| !self.illegal.val());
        self.flags.next = row.map_or(0, Flag::bits).to_bits();
    }

    fn connect(&mut self) {
        self.flags.connect();
    }

    fn hdl(&self) -> Verilog {
        let mut text = String::from("// module flag_table\nalways @(*) begin\n    case (op)\n");
        for spec in TABLE.iter().filter(|spec| Flag::bits(spec) != 0) {
            text.push_str(&format!(
                "        {OP_BITS}'d{}: flags = {FLAGS}'b{:0FLAGS$b}; // {}\n",
                spec.op as u8,
                Flag::bits(spec),
                spec.mnemonic
            ));
        }
        text.push_str(&format!(
            "        default: flags = {FLAGS}'d0;\n    endcase\n    \
             if (illegal) flags = {FLAGS}'d0;\nend"
        ));
        Verilog::Custom(text)
    }
}

/// The flags by name.
#[derive(LogicBlock, Default)]
pub struct Flags {
    /// A bit for each [`Flag`].
    pub flags: Signal<In, Bits<FLAGS>>,
    /// [`Flag::Branch`].
    pub branch: Signal<Out, Bit>,
    /// [`Flag::Jump`].
    pub jump: Signal<Out, Bit>,
    /// [`Flag::JumpRegister`].
    pub jump_register: Signal<Out, Bit>,
    /// [`Flag::Load`].
    pub load: Signal<Out, Bit>,
    /// [`Flag::Store`].
    pub store: Signal<Out, Bit>,
    /// [`Flag::Multiply`].
    pub multiply: Signal<Out, Bit>,
    /// [`Flag::Divide`].
    pub divide: Signal<Out, Bit>,
    /// [`Flag::Csr`].
    pub csr: Signal<Out, Bit>,
    /// [`Flag::Ecall`].
    pub ecall: Signal<Out, Bit>,
    /// [`Flag::Ebreak`].
    pub ebreak: Signal<Out, Bit>,
    /// [`Flag::Vector`].
    pub vector: Signal<Out, Bit>,
    /// [`Flag::VectorLoad`].
    pub vector_load: Signal<Out, Bit>,
    /// [`Flag::VectorStore`].
    pub vector_store: Signal<Out, Bit>,
    /// [`Flag::LaneLoad`].
    pub lane_load: Signal<Out, Bit>,
    /// [`Flag::Late`].
    pub late: Signal<Out, Bit>,
    /// [`Flag::LateIsSecond`].
    pub late_is_second: Signal<Out, Bit>,
    /// [`Flag::Gathers`].
    pub gathers: Signal<Out, Bit>,
    /// [`Flag::Compares`].
    pub compares: Signal<Out, Bit>,
    /// [`Flag::Long`].
    pub long: Signal<Out, Bit>,
    /// [`Flag::Select`].
    pub select: Signal<Out, Bit>,
    /// [`Flag::Slow`].
    pub slow: Signal<Out, Bit>,
}

impl Logic for Flags {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module flags: the flags of an instruction by name");
        self.branch.next = self.flags.val().get_bit(0);
        self.jump.next = self.flags.val().get_bit(1);
        self.jump_register.next = self.flags.val().get_bit(2);
        self.load.next = self.flags.val().get_bit(3);
        self.store.next = self.flags.val().get_bit(4);
        self.multiply.next = self.flags.val().get_bit(5);
        self.divide.next = self.flags.val().get_bit(6);
        self.csr.next = self.flags.val().get_bit(7);
        self.ecall.next = self.flags.val().get_bit(8);
        self.ebreak.next = self.flags.val().get_bit(9);
        self.vector.next = self.flags.val().get_bit(10);
        self.vector_load.next = self.flags.val().get_bit(11);
        self.vector_store.next = self.flags.val().get_bit(12);
        self.lane_load.next = self.flags.val().get_bit(13);
        self.late.next = self.flags.val().get_bit(14);
        self.late_is_second.next = self.flags.val().get_bit(15);
        self.gathers.next = self.flags.val().get_bit(16);
        self.compares.next = self.flags.val().get_bit(17);
        self.long.next = self.flags.val().get_bit(18);
        self.select.next = self.flags.val().get_bit(19);
        self.slow.next = self.flags.val().get_bit(20);
    }
}
