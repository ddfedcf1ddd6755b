//! DMA beside a timed program: what docs/dma.md and docs/core.md say of each clock.

use super::common::{machine_for, small_target, vector};
use proptest::prelude::*;
use spikevec_assembler::assemble;
use spikevec_isa::dma::status as dma_status;
use spikevec_isa::{Memory, Target};
use spikevec_simulator::timing::dma::ExternalTiming;
use spikevec_simulator::{Cause, Limits, Machine, Timing};

const FAST: ExternalTiming = ExternalTiming {
    latency: 2,
    clocks_per_word: 1,
    burst_vectors: 16,
};

/// A machine whose external memory counts up from 1 in halfwords, and whose vector memory is all -1.
fn machine(lanes: u32, external: ExternalTiming, text: &str) -> Machine {
    let mut machine = machine_for(&small_target());
    let timing = Timing::new(lanes).unwrap().with_external(external).unwrap();
    machine.set_timing(Some(timing));
    let image = assemble(text, "test.s").unwrap();
    machine.load_code(&image.code).unwrap();
    let up: Vec<u8> = (1..=512u16).flat_map(u16::to_le_bytes).collect();
    machine.write(Memory::External, 0, &up).unwrap();
    machine.write(Memory::Vector, 0, &[255; 1024]).unwrap();
    machine
}

/// Starts a transfer of x3 bytes from x1 to x2: the start is written in the clock
/// 3 + 4 * 3, which is [`START`].
fn transfer(channel: &str, then: &str) -> String {
    let then = then.replace(';', "\n");
    format!(
        "csrw {channel}_src_addr, x1\ncsrw {channel}_dst_addr, x2\ncsrw {channel}_count, x3\n\
         csrwi {channel}_control, 1\n{then}\necall"
    )
}

const START: u64 = 15;

fn run(machine: &mut Machine, values: [u32; 3]) -> u64 {
    machine.x[1..4].copy_from_slice(&values);
    let stop = machine.run(&Limits::default());
    assert_eq!(stop.cause, Cause::Ecall, "{stop}");
    stop.clocks.unwrap()
}

#[test]
fn status_is_that_of_the_clock() {
    // Two vectors on 8 lanes in bursts of one: n = 2, v = 2, B = 4.
    let external = ExternalTiming {
        latency: 5,
        clocks_per_word: 2,
        burst_vectors: 1,
    };
    let after = 3 + 2 * (5 + 3) + (2 * 4 - 2) * 2;
    for channel in ["mm2s", "s2mm"] {
        // Reads in START + 4, + 8, ... + 4 * 12 of a transfer that is idle from START + 31 on.
        let reads: String = (0..12)
            .map(|k| format!("csrr x{}, {channel}_status;", k + 10))
            .collect();
        let mut m = machine(8, external, &transfer(channel, &reads));
        run(&mut m, [64, 128, 128]);
        for k in 0..12u64 {
            let wanted = if 4 * (k + 1) >= after {
                dma_status::IDLE | dma_status::DONE
            } else {
                dma_status::TRANSFERRING
            };
            assert_eq!(m.x[10 + k as usize], wanted, "{channel} {k}");
        }
        assert_eq!(after, 31);
    }
}

#[test]
fn a_refused_start_moves_nothing() {
    let mut m = machine(32, FAST, &transfer("mm2s", "csrr x10, mm2s_status"));
    run(&mut m, [64, 32, 64]);
    assert_eq!(m.x[10], dma_status::IDLE | dma_status::DECODE_ERROR);
    assert_eq!(vector(&m, 0), [-1; 32]);
}

#[test]
fn a_start_while_busy_is_an_error() {
    let then = "csrwi mm2s_control, 1; csrr x10, mm2s_status";
    let mut m = machine(32, FAST, &transfer("mm2s", then));
    run(&mut m, [0, 0, 1024]);
    let wanted = dma_status::TRANSFERRING | dma_status::INTERNAL_ERROR;
    assert_eq!(m.x[10], wanted);
}

/// First lane of what each of `registers` has loaded.
fn loaded(m: &Machine, registers: std::ops::Range<usize>) -> Vec<i16> {
    registers.map(|r| m.v[r][0]).collect()
}

fn loads(count: usize) -> String {
    (1..=count)
        .map(|k| format!("vloadv v{k}, 0(zero);"))
        .collect()
}

#[test]
fn a_load_sees_memory_as_it_is_in_its_clock() {
    // The word moves in START + 5 and is written in START + 6: the load of START + 7 sees it.
    let mut m = machine(32, FAST, &transfer("mm2s", &loads(9)));
    run(&mut m, [0, 0, 64]);
    assert_eq!(loaded(&m, 1..10), [-1, -1, -1, -1, -1, -1, 1, 1, 1]);
}

#[test]
fn a_store_of_the_core_goes_first() {
    // The store in START + 4 is in X in START + 6.
    let mut text = loads(9).replace("vloadv v4, 0(zero)", "vstorev v0, 128(zero)");
    let mut m = machine(32, FAST, &transfer("mm2s", &text));
    run(&mut m, [0, 0, 64]);
    assert_eq!(loaded(&m, 5..10), [-1, -1, -1, 1, 1]);
    assert_eq!(vector(&m, 128), [0; 32]);
    // One in START + 3 is in nobody's way.
    text = loads(9).replace("vloadv v3, 0(zero)", "vstorev v0, 128(zero)");
    let mut m = machine(32, FAST, &transfer("mm2s", &text));
    run(&mut m, [0, 0, 64]);
    assert_eq!(loaded(&m, 5..10), [-1, -1, 1, 1, 1]);
}

/// What the engine has copied out of vector memory at 0 while the core did this.
fn copied_out(then: &str) -> i16 {
    let mut m = machine(32, FAST, &transfer("s2mm", then));
    run(&mut m, [0, 0, 64]);
    assert_eq!(vector(&m, 0), [0; 32]);
    let mut first = [0; 2];
    m.read(Memory::External, 0, &mut first).unwrap();
    i16::from_le_bytes(first)
}

#[test]
fn dma_reads_before_a_store_of_the_same_clock() {
    // Vector memory is read in START + 3. A store in START + 1 is in X in that clock.
    assert_eq!(copied_out("vstorev v0, 0(zero)"), -1);
    assert_eq!(copied_out("nop; vstorev v0, 0(zero)"), -1);
}

#[test]
fn dma_waits_for_the_read_port() {
    // Loads in START + 3 and + 4 put the read off to + 5, after the store that is in X in + 4.
    let (load, store) = ("vloadv v1, 128(zero)", "vstorev v0, 0(zero)");
    assert_eq!(copied_out(&format!("nop; {store}; {load}; {load}")), 0);
    assert_eq!(copied_out(&format!("nop; {store}; {load}")), -1);
    assert_eq!(copied_out(&format!("nop; {store}; nop; {load}")), -1);
    // A load of what is about to be stored does not wait, and has the port no longer than others.
    let same = "vloadv v1, 0(zero)";
    assert_eq!(copied_out(&format!("nop; {store}; {same}; {same}")), 0);
    assert_eq!(copied_out(&format!("nop; {store}; {same}")), -1);
}

#[test]
fn beats_are_read_in_their_clocks() {
    // On 8 lanes with two clocks a word: words move in START + 5, 7, 9, 11 and are
    // written a clock later. A load of START + 8 reads its beats in + 8 to + 11: what
    // was written until + 7, 8, 9, 10.
    let external = ExternalTiming {
        clocks_per_word: 2,
        ..FAST
    };
    let text = format!("{}vloadv v1, 0(zero)", "nop;".repeat(7));
    let mut m = machine(8, external, &transfer("mm2s", &text));
    run(&mut m, [0, 0, 64]);
    let wanted: Vec<i16> = (1..=32).map(|k| if k <= 16 { k } else { -1 }).collect();
    assert_eq!(m.v[1].to_vec(), wanted);
    // The generators' words are loaded in the same way.
    let mut m = machine(
        8,
        external,
        &transfer("mm2s", &text.replace("vloadv v1,", "vloadr0")),
    );
    run(&mut m, [0, 0, 64]);
    let bits: Vec<u16> = wanted.iter().map(|lane| *lane as u16).collect();
    assert_eq!(m.rng.s0.to_vec(), bits);
    // When the run has stopped everything is there.
    assert_eq!(vector(&m, 0)[31], 32);
}

#[test]
fn a_stop_ends_transfers_without_counting_their_clocks() {
    let mut m = machine(32, ExternalTiming::default(), &transfer("mm2s", ""));
    assert_eq!(run(&mut m, [0, 0, 1024]), START + 1 + 4);
    assert_eq!(vector(&m, 960)[31], 512);
    // The next run finds the engine idle.
    let status = assemble("csrr x10, mm2s_status\necall", "status.s").unwrap();
    m.load_code(&status.code).unwrap();
    m.restart();
    m.run(&Limits::default());
    assert_eq!(m.x[10], dma_status::IDLE | dma_status::DONE);
}

#[test]
fn many_stores_beside_a_long_transfer_are_not_slow() {
    let mut target = Target::base();
    target.external_bytes = 1 << 16;
    let mut m = machine_for(&target);
    let slow = ExternalTiming {
        latency: 60000,
        ..ExternalTiming::default()
    };
    m.set_timing(Some(Timing::default().with_external(slow).unwrap()));
    let stores = "li a0, 50000; loop: vstorev v0, 0(zero); vstorev v1, 64(zero); addi a0, a0, -1; bnez a0, loop";
    let code = assemble(&transfer("mm2s", stores), "test.s").unwrap().code;
    m.load_code(&code).unwrap();
    run(&mut m, [0, 0, 1024]);
}

proptest! {
    /// A program that waits for the engine to be idle ends in the same state at any speed.
    #[test]
    fn programs_that_wait_end_in_the_same_state(
        lanes in prop::sample::select(vec![4u32, 8, 16, 32]),
        latency in 1u32..40,
        clocks_per_word in 1u32..4,
        burst_vectors in 1u32..9,
        from in 0u32..5,
        to in 0u32..4,
        count in 0u32..5,
        beside in prop::collection::vec((0usize..4, 0u32..6), 0..12),
        inwards in any::<bool>(),
    ) {
        let channel = if inwards { "mm2s" } else { "s2mm" };
        // The core works in the upper half of vector memory, the engine in the lower.
        let work: String = beside
            .into_iter()
            .map(|(op, k)| {
                let at = 512 + 64 * k;
                match op {
                    0 => format!("vloadv v{k}, {at}(zero);"),
                    1 => format!("vstorev v{k}, {at}(zero);"),
                    2 => format!("vadd v{k}, v{k}, v1;"),
                    _ => format!("vloadr1 {at}(zero);"),
                }
            })
            .collect();
        let wait = format!("wait: csrr a0, {channel}_status; andi a0, a0, 2; beqz a0, wait;");
        let rest = "vloadv v8, 0(zero); vloadv v9, 64(zero); vstorev v8, 192(zero)";
        let text = transfer(channel, &format!("{work}{wait}{rest}"));
        let external = ExternalTiming { latency, clocks_per_word, burst_vectors };
        let mut timed = machine(lanes, external, &text);
        timed.v[1] = [3; 32];
        let mut plain = timed.clone();
        plain.set_timing(None);
        let values = [64 * from, 64 * to, 64 * count];
        for m in [&mut timed, &mut plain] {
            m.x[1..4].copy_from_slice(&values);
            let stop = m.run(&Limits::default());
            prop_assert_eq!(stop.cause, Cause::Ecall);
        }
        prop_assert!(super::common::state(&timed) == super::common::state(&plain));
    }
}
