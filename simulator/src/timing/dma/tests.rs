//! Transfers by themselves: how long they take, and that they end as the functional model's do.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use spikevec_isa::csr::Csr;
use spikevec_isa::dma::status;

use super::*;
use crate::state::Dma as Functional;
use crate::state::{Bytes, VectorMemory};

const VECTOR: u32 = 1024;
const EXTERNAL: u32 = 2048;

struct Machine {
    dma: Dma,
    vector: VectorMemory,
    external: Bytes,
}

impl Machine {
    fn new(lanes: u32, timing: ExternalTiming) -> Self {
        let mut vector = VectorMemory::new(VECTOR);
        let bytes: Vec<_> = (0..VECTOR).map(|k| (k / 64 + k * 7) as u8).collect();
        vector.write(0, &bytes);
        let mut external = Bytes::new(EXTERNAL);
        let bytes: Vec<_> = (0..EXTERNAL).map(|k| (k / 64 * 3 + k) as u8).collect();
        external.write(0, &bytes);
        Machine {
            dma: Dma::new(VECTOR, EXTERNAL, lanes, timing),
            vector,
            external,
        }
    }

    fn clock(&mut self, busy: PortsBusy) {
        self.dma.clock(busy, &mut self.vector, &mut self.external);
    }

    fn write(&mut self, csr: Csr, value: u32) {
        assert!(self.dma.write(csr, value));
        self.clock(PortsBusy::default());
    }

    /// Sets up and starts; the start is the last clock that is over.
    fn start(&mut self, csrs: [Csr; 4], values: [u32; 3]) {
        for (csr, value) in csrs.into_iter().zip(values) {
            self.write(csr, value);
        }
        self.write(csrs[3], 1);
    }

    /// Clocks from the one with the start to the first one that reads `idle`.
    fn wait(&mut self, csr: Csr, mut busy: impl FnMut() -> PortsBusy) -> u32 {
        for clocks in 1..100_000 {
            if self.dma.read(csr).unwrap() & status::IDLE != 0 {
                return clocks;
            }
            self.clock(busy());
        }
        panic!("never idle");
    }
}

const TO_VECTOR: [Csr; 4] = [
    Csr::Mm2sSrcAddr,
    Csr::Mm2sDstAddr,
    Csr::Mm2sCount,
    Csr::Mm2sControl,
];
const TO_EXTERNAL: [Csr; 4] = [
    Csr::S2mmSrcAddr,
    Csr::S2mmDstAddr,
    Csr::S2mmCount,
    Csr::S2mmControl,
];

/// Clocks of a transfer that nothing disturbs, as docs/dma.md gives them.
fn clocks(vectors: u32, lanes: u32, timing: &ExternalTiming, first: u32) -> u32 {
    let words = vectors * (32 / lanes);
    let bursts = vectors.div_ceil(timing.burst_vectors);
    let rate = timing.clocks_per_word;
    3 + bursts * first + (words - bursts) * rate + 3 * bursts
}

#[test]
fn a_transfer_by_itself_takes_what_the_documentation_says() {
    for lanes in [4, 8, 16, 32] {
        for (latency, clocks_per_word, burst_vectors) in
            [(1, 1, 4), (2, 1, 3), (7, 3, 1), (32, 1, 16), (1, 2, 255)]
        {
            let timing = ExternalTiming {
                latency,
                clocks_per_word,
                burst_vectors,
            };
            for vectors in 1..=16 {
                let mut machine = Machine::new(lanes, timing);
                machine.start(TO_VECTOR, [0, 0, 64 * vectors]);
                let took = machine.wait(Csr::Mm2sStatus, PortsBusy::default);
                assert_eq!(took, clocks(vectors, lanes, &timing, latency));
                machine.start(TO_EXTERNAL, [0, 1024, 64 * vectors]);
                let took = machine.wait(Csr::S2mmStatus, PortsBusy::default);
                assert_eq!(took, clocks(vectors, lanes, &timing, latency.max(2)));
                assert!(machine.dma.is_idle());
                let bytes = 64 * vectors as usize;
                let moved = &machine.external.stored()[1024..1024 + bytes];
                assert_eq!(moved, &machine.external.stored()[0..bytes]);
            }
        }
    }
}

#[test]
fn a_start_is_seen_and_checked_at_once() {
    let mut machine = Machine::new(32, ExternalTiming::default());
    let status = |machine: &Machine| machine.dma.read(Csr::Mm2sStatus).unwrap();
    assert_eq!(status(&machine), status::IDLE);
    machine.start(TO_VECTOR, [0, 0, 0]);
    assert_eq!(status(&machine), status::STARTING);
    machine.clock(PortsBusy::default());
    assert_eq!(status(&machine), status::IDLE | status::DONE);
    machine.start(TO_VECTOR, [32, 0, 64]);
    assert_eq!(status(&machine), status::STARTING);
    machine.clock(PortsBusy::default());
    assert_eq!(status(&machine), status::IDLE | status::DECODE_ERROR);
    machine.start(TO_VECTOR, [64, 0, 64]);
    machine.clock(PortsBusy::default());
    assert_eq!(status(&machine), status::TRANSFERRING);
    machine.write(Csr::Mm2sControl, 1);
    let noted = status::INTERNAL_ERROR;
    assert_eq!(status(&machine), status::TRANSFERRING | noted);
    machine.wait(Csr::Mm2sStatus, PortsBusy::default);
    assert_eq!(status(&machine), status::IDLE | status::DONE | noted);
    machine.start(TO_VECTOR, [64, 0, 64]);
    assert_eq!(status(&machine), status::STARTING);
}

#[test]
fn an_error_of_external_memory_ends_a_transfer() {
    let timing = ExternalTiming {
        burst_vectors: 4,
        ..ExternalTiming::default()
    };
    let mut machine = Machine::new(8, timing);
    machine.dma.external.set_bad(320..384);
    machine.start(TO_VECTOR, [0, 0, 640]);
    machine.wait(Csr::Mm2sStatus, PortsBusy::default);
    let error = status::IDLE | status::SLAVE_ERROR;
    assert_eq!(machine.dma.read(Csr::Mm2sStatus), Some(error));
    let mut moved = [0; 320];
    machine.vector.read(0, &mut moved);
    assert_eq!(moved, &machine.external.stored()[0..320]);
    let untouched = Machine::new(8, timing);
    let (mut a, mut b) = ([0; 704], [0; 704]);
    machine.vector.read(320, &mut a);
    untouched.vector.read(320, &mut b);
    assert_eq!(a, b);
    machine.start(TO_EXTERNAL, [0, 256, 128]);
    machine.wait(Csr::S2mmStatus, PortsBusy::default);
    assert_eq!(machine.dma.read(Csr::S2mmStatus), Some(error));
    machine.start(TO_EXTERNAL, [0, 384, 128]);
    machine.wait(Csr::S2mmStatus, PortsBusy::default);
    let done = status::IDLE | status::DONE;
    assert_eq!(machine.dma.read(Csr::S2mmStatus), Some(done));
}

#[test]
fn only_its_own_registers_are_written() {
    let mut dma = Dma::new(VECTOR, EXTERNAL, 32, ExternalTiming::default());
    assert!(!dma.write(Csr::Mcycle, 1) && !dma.write(Csr::S2mmStatus, 1));
    assert!(dma.is_idle());
    assert_eq!(dma.read(Csr::Minstret), None);
    assert_eq!(dma.read(Csr::S2mmControl), Some(0));
}

fn address(limit: u32) -> impl Strategy<Value = u32> {
    prop_oneof![
        12 => (0..=limit / 64).prop_map(|k| 64 * k),
        1 => 0..=limit,
        1 => any::<u32>(),
        1 => (0u32..4).prop_map(|k| 0u32.wrapping_sub(64 * k)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A program that waits sees nothing of the time that a transfer takes.
    #[test]
    fn waiting_gives_the_functional_models_state(
        lanes in prop::sample::select(vec![4u32, 8, 16, 32]),
        latency in 0u32..20,
        clocks_per_word in 0u32..4,
        burst_vectors in 1u32..20,
        ports in any::<u64>(),
        transfers in prop::collection::vec(
            (any::<bool>(), address(EXTERNAL), address(VECTOR), address(VECTOR / 2)), 1..12
        ),
    ) {
        let timing = ExternalTiming { latency, clocks_per_word, burst_vectors };
        let mut machine = Machine::new(lanes, timing);
        let Machine { mut vector, mut external, .. } = Machine::new(lanes, timing);
        let mut functional = Functional::default();
        let mut ports = ports | 1;
        let mut busy = || {
            ports = ports.rotate_left(1);
            PortsBusy { read: ports & 2 == 0, write: ports & 16 == 0 }
        };
        for (in_vector, at_external, at_vector, count) in transfers {
            let (csrs, state, values) = if in_vector {
                (TO_VECTOR, Csr::Mm2sStatus, [at_external, at_vector, count])
            } else {
                (TO_EXTERNAL, Csr::S2mmStatus, [at_vector, at_external, count])
            };
            machine.start(csrs, values);
            machine.wait(state, &mut busy);
            for (csr, value) in csrs.into_iter().zip(values.into_iter().chain([1])) {
                prop_assert!(functional.write(csr, value, &mut vector, &mut external));
            }
            for csr in csrs.into_iter().chain([state]) {
                prop_assert_eq!(machine.dma.read(csr), functional.read(csr));
            }
        }
        let mut bytes = [[0; VECTOR as usize]; 2];
        vector.read(0, &mut bytes[0]);
        machine.vector.read(0, &mut bytes[1]);
        prop_assert!(bytes[0] == bytes[1]);
        let all = 0..EXTERNAL as usize;
        prop_assert!(machine.external.stored()[all.clone()] == external.stored()[all]);
    }
}
