//! Clocks of little programs, counted by hand from docs/core.md, "Timing, exactly".

use super::common::{machine_for, small_target};
use spikevec_assembler::assemble;
use spikevec_simulator::{Cause, Limits, Machine, Stop, Timing};

const LANES: [u32; 4] = [32, 16, 8, 4];

fn machine(lanes: u32, text: &str) -> Machine {
    let mut machine = machine_for(&small_target());
    machine.set_timing(Some(Timing::new(lanes).unwrap()));
    machine
        .load_code(&assemble(text, "test.s").unwrap().code)
        .unwrap();
    machine
}

fn run(lanes: u32, text: &str) -> (Machine, Stop) {
    let mut machine = machine(lanes, text);
    let stop = machine.run(&Limits::default());
    assert_eq!(stop.clocks, Some(machine.clocks()));
    (machine, stop)
}

/// Programs, and their clocks with 32, 16, 8 and 4 lanes. `ecall` follows each.
fn check(rows: &[(&str, [u64; 4])]) {
    for (text, wanted) in rows {
        for (lanes, wanted) in LANES.into_iter().zip(wanted) {
            let (_, stop) = run(lanes, &text.replace(';', "\n").replace('$', "\necall\n"));
            assert_eq!(stop.cause, Cause::Ecall, "{text}: {stop}");
            assert_eq!(stop.clocks, Some(*wanted), "{text} on {lanes} lanes");
        }
    }
}

/// Clocks of a program without vector instructions.
fn scalar(clocks: u64) -> [u64; 4] {
    [clocks; 4]
}

#[test]
fn an_instruction_a_clock() {
    check(&[
        ("$", scalar(7)),
        ("nop; nop; nop $", scalar(10)),
        ("fence $", scalar(8)),
        ("vlui v0, 1; vlui v1, 2 $", [9, 11, 15, 23]),
        ("vlui v0, 1; nop; vlui v1, 2 $", [10, 12, 16, 24]),
    ]);
}

#[test]
fn scalar_operands_of_the_scalar_core() {
    check(&[
        ("addi a0, zero, 1; addi a1, a0, 1 $", scalar(9)),
        ("jal a0, .+4; addi a1, a0, 1 $", scalar(11)),
        ("csrr a0, mcycle; addi a1, a0, 1 $", scalar(9)),
        ("div a0, a1, a2; addi a3, a0, 1 $", scalar(42)),
        ("lw a0, 0(zero); addi a1, a0, 1 $", scalar(10)),
        ("lw a0, 0(zero); addi a1, a2, 1 $", scalar(9)),
        ("lw a0, 0(zero); nop; addi a1, a0, 1 $", scalar(10)),
        ("lbu a0, 0(zero); lw a1, 0(a0) $", scalar(11)),
        ("lh a0, 0(zero); nop; addi a1, a0, 1 $", scalar(11)),
        ("clz a0, a1; addi a1, a0, 1 $", scalar(10)),
        ("cpop a0, a1; nop; addi a1, a0, 1 $", scalar(10)),
        ("sext.h a0, a1; addi a1, a0, 1 $", scalar(9)),
        ("lw a0, 0(zero); sw a1, 64(a0) $", scalar(10)),
        ("lw a0, 0(zero); vloadv v0, 0(a0) $", [10, 11, 13, 17]),
        ("lw a0, 0(zero); bnez a0, .+8 $", scalar(10)),
        ("lw a0, 0(zero); csrw mcycle, a0 $", scalar(12)),
        ("mul a0, a1, a2; add a1, a2, a0 $", scalar(11)),
        ("mulhu a0, a1, a2; add a1, a2, a0 $", scalar(11)),
        ("vtne a0, v0, v0; bnez a0, .+8 $", [12, 13, 15, 19]),
        ("vtlt a0, v0, v1; addi a0, a0, 1 $", [12, 13, 15, 19]),
        ("vextract a0, v0, 3; addi a0, a0, 1 $", [12, 13, 15, 19]),
        (
            "vextract a0, v0, 3; nop; nop; nop; addi a0, a0, 1 $",
            [12, 13, 15, 19],
        ),
    ]);
}

#[test]
fn scalar_values_that_are_stored() {
    check(&[
        ("lw a0, 0(zero); sw a0, 4(zero) $", scalar(9)),
        ("mul a0, a1, a2; sb a0, 4(zero) $", scalar(9)),
        ("vteq a0, v0, v0; sw a0, 4(zero) $", [9, 10, 12, 16]),
        ("vextract a0, v0, 3; sh a0, 4(zero) $", [9, 10, 12, 16]),
    ]);
}

#[test]
fn scalar_operands_of_vector_instructions() {
    check(&[
        ("addi a0, zero, 1; vfill v0, a0 $", [9, 10, 12, 16]),
        ("lw a0, 0(zero); vfill v0, a0 $", [9, 10, 12, 16]),
        ("mul a0, a1, a2; vandadd v0, v1, a0, 3 $", [9, 10, 12, 16]),
        ("lw a0, 0(zero); vsel v0, a0, v1 $", [9, 10, 12, 16]),
        ("vteq a0, v0, v0; vfill v0, a0 $", [10, 12, 16, 24]),
        ("vteq a0, v0, v0; vandadd v0, v1, a0, 3 $", [10, 12, 16, 24]),
        ("vteq a0, v0, v0; vsel v0, a0, v1 $", [9, 12, 16, 24]),
        ("vextract a0, v0, 1; vfill v0, a0 $", [10, 12, 16, 24]),
        ("vextract a0, v0, 1; vsel v0, a0, v1 $", [10, 12, 16, 24]),
    ]);
}

#[test]
fn vector_operands() {
    check(&[
        ("vadd v0, v1, v2; vadd v3, v0, v2 $", [9, 11, 15, 23]),
        ("vmul v0, v1, v2, 3; vadd v3, v0, v2 $", [12, 13, 15, 23]),
        (
            "vmul.s.rs v0, v1, v2, 3; vadd v3, v2, v0 $",
            [12, 13, 15, 23],
        ),
        ("vmul v0, v1, v2, 3; vadd v3, v1, v2 $", [9, 11, 15, 23]),
        (
            "vmul v0, v1, v2, 3; nop; nop; vadd v3, v0, v2 $",
            [12, 13, 17, 25],
        ),
        ("vsrai v0, v1, 3; vadd v3, v0, v2 $", [9, 11, 15, 23]),
        ("vsrai.rn v0, v1, 3; vadd v3, v0, v2 $", [12, 13, 15, 23]),
        ("vsrai.rs v0, v1, 3; vteq a0, v0, v2 $", [12, 13, 15, 23]),
        ("vmul v0, v1, v2, 3; vsel v0, zero, v2 $", [12, 13, 15, 23]),
        (
            "vmul v0, v1, v2, 3; vstorev v0, 0(zero) $",
            [12, 13, 15, 23],
        ),
        ("vmul v0, v1, v2, 3; vstorel v0, 0(v1) $", [12, 13, 15, 23]),
        ("vmul v0, v1, v2, 3; vstorel v1, 0(v0) $", [12, 13, 15, 23]),
        ("vmul v0, v1, v2, 3; vextract a0, v0, 0 $", [12, 13, 15, 23]),
        ("vloadv v0, 0(zero); vadd v3, v0, v2 $", [9, 11, 15, 23]),
        ("vrng v0; vadd v3, v0, v2 $", [9, 11, 15, 23]),
        ("vandadd v0, v1, a0, 3; vadd v3, v0, v2 $", [9, 11, 15, 23]),
    ]);
}

#[test]
fn lane_local_loads_take_two_passes() {
    check(&[
        ("vloadl v0, 0(v1) $", [8, 11, 15, 23]),
        ("vloadl v0, 0(v1); vadd v3, v0, v2 $", [10, 13, 19, 31]),
        ("vloadl v0, 0(v1); vadd v3, v1, v2 $", [9, 13, 19, 31]),
        ("vmul v0, v1, v2, 3; vloadl v0, 0(v1) $", [12, 15, 19, 31]),
        (
            "vandadd v0, v1, zero, 1; vloadl v3, 0(v0) $",
            [9, 13, 19, 31],
        ),
        ("vstorel v0, 0(v1); vloadl v2, 0(v1) $", [9, 13, 19, 31]),
    ]);
}

#[test]
fn the_youngest_writer_counts() {
    check(&[
        (
            "lw a0, 0(zero); addi a0, zero, 1; addi a1, a0, 1 $",
            scalar(10),
        ),
        (
            "addi a0, zero, 1; lw a0, 0(zero); addi a1, a0, 1 $",
            scalar(11),
        ),
        (
            "vmul v0, v1, v2, 3; vlui v0, 1; vadd v3, v0, v2 $",
            [10, 13, 19, 31],
        ),
        ("lw zero, 0(zero); addi a0, zero, 1 $", scalar(9)),
        ("vteq zero, v0, v0; addi a0, zero, 1 $", [9, 10, 12, 16]),
    ]);
}

#[test]
fn jumps_and_taken_branches() {
    check(&[
        ("j .+8; nop $", scalar(10)),
        ("jal ra, .+4 $", scalar(10)),
        ("addi a0, zero, 12; jalr ra, 0(a0); nop $", scalar(11)),
        ("beq zero, zero, .+8; nop $", scalar(10)),
        ("bne zero, zero, .+8; nop $", scalar(9)),
        ("beq zero, zero, .+4 $", scalar(10)),
        ("bgeu zero, zero, .+4 $", scalar(10)),
        ("blt zero, zero, .+4 $", scalar(8)),
        // Three times through: 3 | 4 5, 8 9, 12 13 | 14.
        ("li a0, 3; addi a0, a0, -1; bnez a0, .-4 $", scalar(18)),
        // The branch in 7 waits for the comparison in 3.
        ("vteq a0, v0, v0; bnez a0, .+4 $", [14, 15, 17, 21]),
    ]);
}

#[test]
fn csr_instructions_wait_for_commit() {
    check(&[
        ("csrr a0, mcycle $", scalar(8)),
        ("nop; csrr a0, mcycle; addi a1, a0, 1 $", scalar(13)),
        ("csrr a0, mcycle; csrr a1, mcycle $", scalar(12)),
        ("j .+4; csrr a1, mcycle $", scalar(12)),
        ("vlui v0, 1; csrr a1, mcycle $", [12, 13, 15, 19]),
        ("vloadl v0, 0(v1); csrr a1, mcycle $", [12, 15, 19, 27]),
        ("div a0, a0, a0; csrr a1, mcycle $", scalar(45)),
    ]);
}

#[test]
fn scalar_loads_wait_for_scalar_stores() {
    check(&[
        ("sw a0, 0(zero); lw a1, 0(zero) $", scalar(11)),
        ("sw a0, 0(zero); nop; lw a1, 0(zero) $", scalar(11)),
        ("sw a0, 0(zero); nop; nop; lw a1, 0(zero) $", scalar(11)),
        ("sw a0, 0(zero); lw a1, 4(zero) $", scalar(11)),
        ("sb a0, 1(zero); lhu a1, 2(zero) $", scalar(11)),
        (
            "sw a0, 0(zero); sw a0, 4(zero); lw a1, 0(zero) $",
            scalar(12),
        ),
        (
            "sw a0, 4(zero); sw a0, 0(zero); lw a1, 0(zero) $",
            scalar(12),
        ),
        (
            "sw a0, 0(zero); sw a0, 0(zero); lw a1, 0(zero) $",
            scalar(12),
        ),
        // Waiting puts the use off as well: 3, 6, 8.
        (
            "sw a0, 0(zero); lw a1, 0(zero); addi a1, a1, 1 $",
            scalar(13),
        ),
        // Vectors are taken from the store.
        ("vstorev v0, 0(zero); vloadv v1, 0(zero) $", [9, 11, 15, 23]),
        ("vstorev v0, 0(zero); vloadr0 0(zero) $", [9, 11, 15, 23]),
        (
            "vstorev v0, 0(zero); nop; vloadr1 0(zero) $",
            [10, 12, 16, 24],
        ),
        (
            "vstorev v0, 0(zero); vloadv v1, 64(zero) $",
            [9, 11, 15, 23],
        ),
        // Another memory's loads do not wait.
        ("sw a0, 0(zero); vloadv v1, 0(zero) $", [9, 10, 12, 16]),
        ("vstorev v0, 0(zero); lw a1, 0(zero) $", [9, 10, 12, 16]),
    ]);
}

/// Clocks of a run that does not end by itself.
fn stopped(lanes: u32, text: &str) -> (Cause, u64) {
    let (_, stop) = run(lanes, &text.replace(';', "\n"));
    (stop.cause, stop.clocks.unwrap())
}

#[test]
fn stops() {
    for lanes in LANES {
        let clocks = |text| stopped(lanes, text).1;
        assert_eq!(stopped(lanes, "ebreak"), (Cause::Ebreak, 7));
        assert_eq!(stopped(lanes, "nop"), (Cause::Illegal { word: 0 }, 8));
        assert_eq!(clocks("lw a0, -4(zero)"), 7);
        assert_eq!(clocks("lw a0, 0(zero); sw a1, -4(a0)"), 9);
        assert_eq!(clocks("lw a0, 0(zero); jalr 2(a0)"), 9);
        assert_eq!(clocks("li a0, 1; slli a0, a0, 20; jalr 0(a0)"), 12);
        assert_eq!(clocks("vloadv v0, 4(zero)"), 7);
        assert_eq!(clocks("nop; csrw mm2s_status, zero"), 11);
        assert_eq!(clocks("nop; csrr a0, 0x123"), 11);
    }
}

#[test]
fn a_bad_lane_stops_in_its_beat() {
    for instruction in ["vloadl v1, 0(v0)", "vstorel v1, 0(v0)"] {
        for lanes in LANES {
            for bad in 0..32 {
                let mut m = machine(lanes, instruction);
                m.v[0][bad] = 1;
                let stop = m.run(&Limits::default());
                assert_eq!(stop.clocks, Some(7 + bad as u64 / u64::from(lanes)));
            }
        }
    }
}

#[test]
fn a_host_that_sets_a_bad_pc_waits_too() {
    let mut m = machine(32, "nop");
    m.pc = 2;
    let stop = m.run(&Limits::default());
    assert_eq!((stop.instructions, stop.clocks), (0, Some(7)));
    m.pc = 4096;
    let stop = m.run(&Limits::default());
    assert_eq!((stop.instructions, stop.clocks), (0, Some(7)));
    assert_eq!(m.clocks(), 14);
}

#[test]
fn counters_count_clocks() {
    let read = |text: &str| run(32, &text.replace(';', "\n")).0.x[10];
    let go = "csrwi mcountinhibit, 0";
    // The write in 3, the read in 7: the clocks 4, 5 and 6.
    assert_eq!(read(&format!("{go}; csrr a0, mcycle; ecall")), 3);
    assert_eq!(read(&format!("{go}; nop; csrr a0, mcycle; ecall")), 4);
    // The clock that sets the bit, 7, counts; the one that clears it does not.
    assert_eq!(
        read(&format!(
            "{go}; csrwi mcountinhibit, 1; csrr a0, mcycle; csrr a0, mcycle; ecall"
        )),
        4
    );
    // Written in 7, read in 11: what the clock 8 reads, and 8, 9 and 10.
    assert_eq!(
        read(&format!("{go}; csrwi mcycle, 20; csrr a0, mcycle; ecall")),
        23
    );
    assert_eq!(read("csrwi mcycle, 20; csrr a0, mcycle; ecall"), 20);
    assert_eq!(
        read(&format!("csrwi mcycle, 20; {go}; csrr a0, mcycle; ecall")),
        23
    );
    assert_eq!(
        read(&format!(
            "{go}; addi a1, zero, -1; csrw mcycle, a1; nop; csrr a0, mcycleh; ecall"
        )),
        1
    );
    // The instruction that starts minstret is counted, one that writes it is not.
    assert_eq!(read(&format!("{go}; csrr a0, minstret; ecall")), 1);
    assert_eq!(read(&format!("{go}; nop; csrr a0, minstret; ecall")), 2);
    assert_eq!(
        read(&format!(
            "{go}; csrwi minstret, 20; csrr a0, minstret; ecall"
        )),
        20
    );
}

#[test]
fn the_clock_of_the_counters_goes_on_across_runs() {
    let mut m = machine(
        32,
        "csrwi mcountinhibit, 0\n ecall\n csrr a0, mcycle\n ecall",
    );
    assert_eq!(m.run(&Limits::default()).clocks, Some(8));
    m.pc = 8;
    assert_eq!(m.run(&Limits::default()).clocks, Some(8));
    // 4 to 7 of the first run and 0 to 2 of the second.
    assert_eq!(m.x[10], 7);
    assert_eq!(m.clocks(), 16);
    // A run that is not timed adds a clock an instruction.
    m.set_timing(None);
    m.pc = 8;
    assert_eq!(m.run(&Limits::default()).clocks, None);
    assert_eq!((m.x[10], m.clocks()), (12, 17));
}
