//! Faults that are chosen while the core runs.

/// One expression of the Verilog, and what takes its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// Value of the input that chooses it.
    pub number: u8,
    /// What is broken, for people.
    pub what: &'static str,
    /// Configuration on which it is tried: some need beats, some need that there are none.
    pub config: &'static str,
    /// Module.
    pub module: &'static str,
    /// How the line begins, once in the module.
    pub line: &'static str,
    /// Expression of the line, once in it.
    pub right: &'static str,
    /// What takes its place.
    pub broken: &'static str,
}

const fn fault(
    number: u8,
    what: &'static str,
    [module, line]: [&'static str; 2],
    [right, broken]: [&'static str; 2],
) -> Fault {
    Fault {
        number,
        what,
        config: "half",
        module,
        line,
        right,
        broken,
    }
}

/// All of them. `half` has two beats and still all stalls of products; where a stall only ever
/// is one with a single beat, `base`.
pub const FAULTS: [Fault; 26] = [
    fault(
        1,
        "bypass: no scalar result from M",
        ["scalar_operand", "assign same_1 ="],
        ["writes_1 & (rd_1 == register)", "1'd0"],
    ),
    fault(
        2,
        "bypass: late scalar operand of a vector instruction not updated",
        ["access", "assign operand ="],
        ["late_m_value", "m_late"],
    ),
    fault(
        3,
        "bypass: no vector result from X1",
        ["source", "assign same_1 ="],
        ["writes_1 & (written_1 == number)", "1'd0"],
    ),
    fault(
        4,
        "bypass: beats of a vector register taken for each other",
        ["source", "assign same_2 ="],
        ["written_2 == number", "written_2[7:3] == number[7:3]"],
    ),
    fault(
        5,
        "bypass: no vector result that was just written",
        ["source", "assign same_4 ="],
        ["writes_4 & (written_4 == number)", "1'd0"],
    ),
    fault(
        6,
        "interlock: none from scalar load to use",
        ["hazards", "assign absent_0 ="],
        ["stage_0_load", "1'd0"],
    ),
    fault(
        7,
        "interlock: none from scalar product to use",
        ["hazards", "assign absent_0 ="],
        ["stage_0_multiply", "1'd0"],
    ),
    fault(
        8,
        "interlock: comparison to scalar one clock short",
        ["hazards", "assign absent_2 ="],
        ["stage_2_gathers", "1'd0"],
    ),
    fault(
        9,
        "interlock: none from comparison to VSEL",
        ["hazards", "assign late ="],
        ["stage_0_gathers", "1'd0"],
    ),
    fault(
        10,
        "interlock: vector product to use too short",
        ["hazards", "assign pending_0 ="],
        ["stage_beat_0 < 3'd3", "stage_beat_0 < 3'd1"],
    ),
    Fault {
        config: "base",
        ..fault(
            11,
            "interlock: none from VLOADL to use",
            ["hazards", "assign pending_0 ="],
            ["stage_0_lane_load & (stage_beat_0 == 3'd0)", "1'd0"],
        )
    },
    fault(
        12,
        "interlock: CSR one clock early",
        ["hazards", "assign stall ="],
        ["stage_valid_2", "1'd0"],
    ),
    fault(
        13,
        "interlock: load passes the store before it",
        ["access", "assign conflict ="],
        ["(x_valid & in_x_store)", "1'd0"],
    ),
    fault(
        14,
        "beat counter: ends after the first beat",
        ["execute", "if (held_beat == final_beat"],
        ["held_beat == final_beat", "held_beat == 3'd0"],
    ),
    fault(
        15,
        "mask: VLOADL ignores negative lane addresses",
        ["local_memory", "taken <="],
        ["load & active", "load"],
    ),
    fault(
        16,
        "mask: every beat takes the first beat's bits",
        ["vector_unit", "assign mask_and_unused ="],
        ["scalar >> (amount << lane_bits)", "scalar"],
    ),
    fault(
        17,
        "rounding: to nearest adds all bits below",
        ["rounding", "half = below_mask"],
        ["below_mask ^ shifted", "below_mask"],
    ),
    fault(
        18,
        "saturation: products just out of range wrap",
        ["narrow", "assign fits ="],
        ["&top", "&top[16:1]"],
    ),
    fault(
        19,
        "RNG: a rotation by one bit less",
        ["rng_step", "assign rotated_sum ="],
        ["sum >> 7", "sum >> 8"],
    ),
    fault(
        20,
        "DMA arbitration: writes always first",
        ["dma_arbiter", "assign choice ="],
        ["(~to_vector_wanted) | (~to_external)", "1'd1"],
    ),
    fault(
        21,
        "halt gating: generators step behind a fault",
        ["control", "assign draws ="],
        ["x_draws & go", "x_draws"],
    ),
    fault(
        22,
        "commit: an instruction that faults writes its register",
        ["commit", "assign write ="],
        ["retires", "(held_valid & held_last)"],
    ),
    fault(
        23,
        "address check: one byte beyond the end",
        ["address_check", "assign outside ="],
        ["address >= limit", "address > limit"],
    ),
    fault(
        24,
        "counters: minstret counts its own writes",
        ["csrs", "assign instret_count ="],
        ["~retire_uncounted", "1'd1"],
    ),
    fault(
        25,
        "bypass: no vector that is about to be stored, two beats ahead",
        ["control", "assign operand_a_stored ="],
        ["same_as_before", "1'd0"],
    ),
    Fault {
        config: "base",
        ..fault(
            26,
            "bypass: no vector that is about to be stored, one beat ahead",
            ["control", "assign operand_a_stored_ahead ="],
            ["same_as_ahead", "1'd0"],
        )
    },
];
