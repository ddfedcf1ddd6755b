//! What an instruction does in a lane: the control of the vector side, made from the instruction table.

use rust_hdl::prelude::*;
use spikevec_isa::fixed::{Overflow, Rounding};
use spikevec_isa::table::{Op, Spec, TABLE};
use spikevec_isa::{Class, Operand};

/// What X gives to X1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Result {
    /// Sum or difference.
    Sum,
    /// Bitwise and.
    And,
    /// Shift without rounding.
    Shift,
    /// Masked add; with an empty mask, the shared value.
    AndAdd,
    /// `b` where the lane is chosen, else `a`; loads and VEXTRACT give `a`; VLOADL's old value is `b`, and so is what VSTOREV
    /// stores, which a load behind it may take.
    Select,
    /// The upper 15 bits of a random sample.
    Random,
    /// A random sample, for rounding in X2.
    Sample,
}

/// The value that all lanes share in X.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Shared {
    /// The immediate.
    Immediate,
    /// VFILL's value of the scalar.
    Fill,
    /// The low half of the scalar.
    Scalar,
}

fn result(spec: &Spec) -> Result {
    match spec.class {
        Class::VectorLogic => Result::And,
        Class::VectorShift => Result::Shift,
        Class::MaskedAdd | Class::VectorImmediate | Class::Broadcast => Result::AndAdd,
        Class::Select
        | Class::VectorLoad
        | Class::LaneLoad
        | Class::GeneratorLoad
        | Class::Extract
        | Class::VectorStore => Result::Select,
        Class::Random => Result::Random,
        _ if spec.steps_rng => Result::Sample,
        _ => Result::Sum,
    }
}

fn shared(class: Class) -> Shared {
    match class {
        Class::Broadcast => Shared::Fill,
        Class::MaskedAdd => Shared::Scalar,
        _ => Shared::Immediate,
    }
}

fn rounding(spec: &Spec) -> u8 {
    match spec.rounding() {
        Some(Rounding::Nearest) => 1,
        Some(Rounding::Stochastic) => 2,
        Some(Rounding::Truncate) | None => 0,
    }
}

/// A field of the control: its name, width, and value for an instruction.
type Field = (&'static str, usize, fn(&Spec) -> u8);

/// The fields in the order of [`LaneTable`]'s ports.
const FIELDS: [Field; 26] = [
    ("old_a", 1, |s| u8::from(s.class == Class::Select)),
    ("old_b", 1, |s| u8::from(s.class == Class::LaneLoad)),
    ("word_a", 1, |s| u8::from(s.class.reads_vector_memory())),
    ("one_b", 1, |s| u8::from(s.class == Class::RoundedShift)),
    ("writes", 1, |s| u8::from(s.has(Operand::VRd))),
    ("result", 3, |s| result(s) as u8),
    ("subtract", 1, |s| {
        u8::from(matches!(s.op, Op::Vsub | Op::VsubS) || s.class == Class::Compare)
    }),
    ("saturate", 1, |s| {
        u8::from(s.overflow() == Overflow::Saturate)
    }),
    ("order", 1, |s| {
        u8::from(matches!(s.op, Op::Vtlt | Op::Vtge))
    }),
    ("invert", 1, |s| {
        u8::from(matches!(s.op, Op::Vtne | Op::Vtge))
    }),
    ("right", 1, |s| {
        u8::from(matches!(s.op, Op::Vsra | Op::Vsrai))
    }),
    ("by_immediate", 1, |s| {
        u8::from(s.class == Class::VectorShift && s.has(Operand::ShiftI))
    }),
    ("late", 1, |s| u8::from(s.class.is_product())),
    ("rounding", 2, rounding),
    ("shared", 2, |s| shared(s.class) as u8),
    ("masked_add", 1, |s| u8::from(s.class == Class::MaskedAdd)),
    ("by_mask", 1, |s| u8::from(s.class == Class::Select)),
    ("take_b", 1, |s| {
        u8::from(matches!(s.class, Class::LaneLoad | Class::VectorStore))
    }),
    ("draws", 1, |s| u8::from(s.steps_rng)),
    ("loads0", 1, |s| u8::from(s.op == Op::Vloadr0)),
    ("loads1", 1, |s| u8::from(s.op == Op::Vloadr1)),
    ("loads_lane", 1, |s| u8::from(s.class == Class::LaneLoad)),
    ("stores_lane", 1, |s| u8::from(s.class == Class::LaneStore)),
    ("stores_vector", 1, |s| {
        u8::from(s.class == Class::VectorStore)
    }),
    ("compares", 1, |s| u8::from(s.class == Class::Compare)),
    ("extracts", 1, |s| u8::from(s.class == Class::Extract)),
];

/// What an instruction does in a lane: a leaf whose Verilog is written from the instruction table.
/// Everything is zero for scalar instructions.
#[derive(LogicBlock, Default)]
pub struct LaneTable {
    /// Number of the instruction's row.
    pub op: Signal<In, Bits<7>>,
    /// First operand: the destination's old value instead of rs1.
    pub old_a: Signal<Out, Bit>,
    /// Second operand: the destination's old value instead of rs2.
    pub old_b: Signal<Out, Bit>,
    /// First operand: the word of vector memory.
    pub word_a: Signal<Out, Bit>,
    /// Second operand: one, the factor of rounded shifts.
    pub one_b: Signal<Out, Bit>,
    /// A vector register is written.
    pub writes: Signal<Out, Bit>,
    /// Which result goes from X to X1.
    pub result: Signal<Out, Bits<3>>,
    /// Subtract.
    pub subtract: Signal<Out, Bit>,
    /// Saturate, in X or X3.
    pub saturate: Signal<Out, Bit>,
    /// Compare the order, not equality.
    pub order: Signal<Out, Bit>,
    /// The opposite comparison.
    pub invert: Signal<Out, Bit>,
    /// Shift right.
    pub right: Signal<Out, Bit>,
    /// Shift by the immediate.
    pub by_immediate: Signal<Out, Bit>,
    /// The result comes from the multiplier's path, in X3.
    pub late: Signal<Out, Bit>,
    /// The rounding mode.
    pub rounding: Signal<Out, Bits<2>>,
    /// The value that all lanes share: immediate, VFILL's value, low half of the scalar.
    pub shared: Signal<Out, Bits<2>>,
    /// VANDADD: bits of the first operand count.
    pub masked_add: Signal<Out, Bit>,
    /// Lanes choose by the scalar's bits.
    pub by_mask: Signal<Out, Bit>,
    /// Without such bits: choose the second operand.
    pub take_b: Signal<Out, Bit>,
    /// Draws a random sample.
    pub draws: Signal<Out, Bit>,
    /// Loads the generators' first words.
    pub loads0: Signal<Out, Bit>,
    /// Loads the generators' second words.
    pub loads1: Signal<Out, Bit>,
    /// Loads from lane-local memory.
    pub loads_lane: Signal<Out, Bit>,
    /// Stores to lane-local memory.
    pub stores_lane: Signal<Out, Bit>,
    /// Stores to vector memory.
    pub stores_vector: Signal<Out, Bit>,
    /// Compares.
    pub compares: Signal<Out, Bit>,
    /// Gives one lane to a scalar register.
    pub extracts: Signal<Out, Bit>,
}

impl LaneTable {
    fn bit_fields(&mut self) -> [&mut Signal<Out, Bit>; 23] {
        [
            &mut self.old_a,
            &mut self.old_b,
            &mut self.word_a,
            &mut self.one_b,
            &mut self.writes,
            &mut self.subtract,
            &mut self.saturate,
            &mut self.order,
            &mut self.invert,
            &mut self.right,
            &mut self.by_immediate,
            &mut self.late,
            &mut self.masked_add,
            &mut self.by_mask,
            &mut self.take_b,
            &mut self.draws,
            &mut self.loads0,
            &mut self.loads1,
            &mut self.loads_lane,
            &mut self.stores_lane,
            &mut self.stores_vector,
            &mut self.compares,
            &mut self.extracts,
        ]
    }
}

impl Logic for LaneTable {
    fn update(&mut self) {
        let spec = TABLE.get(self.op.val().index());
        let value = |field: &Field| spec.map_or(0, |spec| u64::from(field.2(spec)));
        let bits: Vec<_> = FIELDS.iter().filter(|f| f.1 == 1).map(value).collect();
        for (signal, value) in self.bit_fields().into_iter().zip(bits) {
            signal.next = value == 1;
        }
        let [result, rounding, shared] = ["result", "rounding", "shared"]
            .map(|name| FIELDS.iter().find(|f| f.0 == name).map_or(0, value));
        self.result.next = result.into();
        self.rounding.next = rounding.into();
        self.shared.next = shared.into();
    }

    fn connect(&mut self) {
        self.bit_fields().into_iter().for_each(|f| f.connect());
        self.result.connect();
        self.rounding.connect();
        self.shared.connect();
    }

    fn hdl(&self) -> Verilog {
        let names: Vec<_> = FIELDS.iter().map(|f| f.0).collect();
        let total: usize = FIELDS.iter().map(|f| f.1).sum();
        let mut text = format!(
            "// module lane_table\n\
             // Made from the instruction table: what each instruction does in a lane.\n\
             reg [{}:0] row;\n\nalways @(*) begin\n    case (op)\n",
            total - 1
        );
        for spec in TABLE {
            let field = |f: &Field| format!("{:0width$b}", f.2(spec), width = f.1);
            let bits: Vec<_> = FIELDS.iter().map(field).collect();
            if bits.iter().any(|b| b.contains('1')) || spec.class.is_vector() {
                text.push_str(&format!(
                    "        7'd{}: row = {total}'b{}; // {}\n",
                    spec.op as u8,
                    bits.join("_"),
                    spec.mnemonic
                ));
            }
        }
        text.push_str(&format!(
            "        default: row = {total}'d0;\n    endcase\n    {{{}}} = row;\nend",
            names.join(", ")
        ));
        Verilog::Custom(text)
    }
}
