//! What the scalar side does for each instruction.

use rust_hdl::prelude::*;
use spikevec_isa::table::TABLE;
use spikevec_isa::{Class, Op, Spec};

use super::alu_op::{ALU_BITS, AluOp};
use crate::decode::OP_BITS;

/// A port's value by its number.
trait FromNumber {
    fn from_number(number: u64) -> Self;
}

impl FromNumber for Bit {
    fn from_number(number: u64) -> Self {
        number != 0
    }
}

impl<const N: usize> FromNumber for Bits<N> {
    fn from_number(number: u64) -> Self {
        number.into()
    }
}

/// funct3 of an instruction.
fn funct3(spec: &Spec) -> u64 {
    u64::from(spec.bits >> 12 & 7)
}

macro_rules! class {
    ($($class:ident)|+) => { |spec: &Spec| u64::from(matches!(spec.class, $(Class::$class)|+)) };
}

macro_rules! one_of {
    ($($op:ident)|+) => { |spec: &Spec| u64::from(matches!(spec.op, $(Op::$op)|+)) };
}

/// Declares the outputs, each with its width and its value for a row, from one list.
macro_rules! control {
    ($($(#[$doc:meta])* $name:ident: $type:ty, $width:expr, $value:expr;)+) => {
        /// Control of the scalar side for each row of the instruction table: a leaf whose Verilog
        /// is written from the table. A number that is no row's gives zeros.
        #[derive(LogicBlock, Default)]
        pub struct ScalarControl {
            /// Number of the instruction's row.
            pub op: Signal<In, Bits<OP_BITS>>,
            $($(#[$doc])* pub $name: Signal<Out, $type>,)+
        }

        /// Bits of all outputs of [`ScalarControl`].
        pub const CONTROL_BITS: usize = 0 $(+ $width)+;

        const NAMES: &[&str] = &[$(stringify!($name)),+];

        impl ScalarControl {
            /// Each output's name, width and value for a row.
            pub fn values(spec: &Spec) -> Vec<(&'static str, usize, u64)> {
                vec![$((stringify!($name), $width, ($value)(spec))),+]
            }
        }

        impl Logic for ScalarControl {
            fn update(&mut self) {
                let row = TABLE.get(self.op.val().index());
                $(
                    let value: fn(&Spec) -> u64 = $value;
                    self.$name.next = <$type>::from_number(row.map_or(0, value));
                )+
            }

            fn connect(&mut self) {
                $(self.$name.connect();)+
            }

            fn hdl(&self) -> Verilog {
                Verilog::Custom(verilog())
            }
        }
    };
}

control! {
    /// An [`AluOp`]; addition for addresses and for whatever does not use the ALU.
    alu: Bits<ALU_BITS>, ALU_BITS, |spec: &Spec| AluOp::of(spec) as u64;
    /// The ALU's first operand is pc: `auipc`, `jal`.
    a_is_pc: Bit, 1, one_of!(Auipc | Jal);
    /// The ALU's second operand is the immediate. Not so for branches and CSR instructions.
    b_is_immediate: Bit, 1, |spec: &Spec| u64::from(AluOp::takes_immediate(spec));
    /// A conditional branch.
    branch: Bit, 1, class!(Branch);
    /// `jal`.
    jump: Bit, 1, one_of!(Jal);
    /// `jalr`.
    jump_register: Bit, 1, one_of!(Jalr);
    /// A load from scalar memory.
    load: Bit, 1, class!(Load);
    /// A store to scalar memory.
    store: Bit, 1, class!(Store);
    /// A scalar multiplication.
    multiply: Bit, 1, class!(Multiply);
    /// A division or remainder.
    divide: Bit, 1, class!(Divide);
    /// A CSR instruction.
    csr: Bit, 1, class!(Csr);
    /// `ecall`.
    ecall: Bit, 1, one_of!(Ecall);
    /// `ebreak`.
    ebreak: Bit, 1, one_of!(Ebreak);
    /// Any instruction of the vector set.
    vector: Bit, 1, |spec: &Spec| u64::from(spec.class.is_vector());
    /// A load from vector memory: VLOADV, VLOADR0, VLOADR1.
    vector_load: Bit, 1, |spec: &Spec| u64::from(spec.class.reads_vector_memory());
    /// VSTOREV.
    vector_store: Bit, 1, class!(VectorStore);
    /// VLOADL.
    lane_load: Bit, 1, class!(LaneLoad);
    /// VSTOREL.
    lane_store: Bit, 1, class!(LaneStore);
    /// A scalar operand goes to the lanes, and is taken in M: VSEL, VFILL, VANDADD.
    scalar_late: Bit, 1, |spec: &Spec| u64::from(spec.class.spreads_scalar());
    /// That operand is rs2, not rs1: VANDADD.
    late_is_rs2: Bit, 1, class!(MaskedAdd);
    /// Lanes give a scalar result: VTEQ, VTNE, VTLT, VTGE, VEXTRACT.
    gathers: Bit, 1, class!(Compare | Extract);
    /// VTEQ, VTNE, VTLT, VTGE.
    compares: Bit, 1, class!(Compare);
    /// The lanes' result comes from the multiplication's path: VMUL all, VSRAI.rn, VSRAI.rs.
    long_result: Bit, 1, |spec: &Spec| u64::from(spec.class.is_product());
    /// VSEL.
    select: Bit, 1, class!(Select);
    /// funct3 of a branch, for [`Condition`](super::Condition).
    condition: Bits<3>, 3, |spec: &Spec| match spec.class {
        Class::Branch => funct3(spec),
        _ => 0,
    };
    /// Bytes of an access: 0 one, 1 two, 2 four, 3 a vector of 64.
    width: Bits<2>, 2, |spec: &Spec| match (spec.class, spec.access_bytes()) {
        (Class::Load | Class::Store, Some(bytes)) => u64::from(bytes.ilog2()),
        (class, Some(_)) if class.reads_vector_memory() || class == Class::VectorStore => 3,
        _ => 0,
    };
    /// A load extends the sign.
    load_signed: Bit, 1, one_of!(Lb | Lh);
    /// The product's high word.
    multiply_high: Bit, 1, one_of!(Mulh | Mulhsu | Mulhu);
    /// The first factor is signed.
    multiply_a_signed: Bit, 1, one_of!(Mulh | Mulhsu);
    /// The second factor is signed.
    multiply_b_signed: Bit, 1, one_of!(Mulh);
    /// Divide as signed numbers.
    divide_signed: Bit, 1, one_of!(Div | Rem);
    /// The remainder, not the quotient.
    divide_remainder: Bit, 1, one_of!(Rem | Remu);
    /// 0 write, 1 set, 2 clear.
    csr_operation: Bits<2>, 2, |spec: &Spec| match spec.op {
        Op::Csrrs | Op::Csrrsi => 1,
        Op::Csrrc | Op::Csrrci => 2,
        _ => 0,
    };
    /// The operand is the rs1 field itself.
    csr_immediate: Bit, 1, one_of!(Csrrwi | Csrrsi | Csrrci);
}

fn verilog() -> String {
    let all = NAMES.join(", ");
    let mut text = format!(
        "// module scalar_control\n// Made from the instruction table: each row's control.\n\
         always @(*) begin\n    // Not in block RAM, whose words come late.\n    \
         (* rom_style = \"logic\" *)\n    case (op)\n        // {all}\n"
    );
    for spec in TABLE {
        let values = ScalarControl::values(spec);
        let digits: Vec<_> = values
            .iter()
            .map(|(_, width, value)| format!("{value:0width$b}"))
            .collect();
        text.push_str(&format!(
            "        {OP_BITS}'d{}: {{{all}}} = {CONTROL_BITS}'b{}; // {}\n",
            spec.op as u8,
            digits.join("_"),
            spec.mnemonic
        ));
    }
    text.push_str(&format!(
        "        default: {{{all}}} = {CONTROL_BITS}'d0;\n    endcase\nend"
    ));
    text
}
