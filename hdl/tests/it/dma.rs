//! The DMA engine in Verilator against its model in the simulator, equal in every clock: registers,
//! pins and memories.

use spikevec_hdl::dma::DmaParameters;
use spikevec_isa::LANES;
use spikevec_isa::dma::status;
use spikevec_simulator::timing::dma as model;
use spikevec_verilated::burst::{ExternalInputs, ExternalMemory, ExternalOutputs, ExternalTiming};
use spikevec_verilated::lint;

use crate::bench::{Random, have_tools};
use crate::dma_circuit::{Circuit, ENGINES, Shape, Shown, design};
use crate::dma_unruly::Unruly;

const CHANNELS: [model::Channel; 2] = [model::Channel::ToVector, model::Channel::ToExternal];
const REGISTERS: [model::Register; 5] = [
    model::Register::Source,
    model::Register::Destination,
    model::Register::Count,
    model::Register::Control,
    model::Register::Status,
];

fn word(bytes: &[u8]) -> [u16; LANES] {
    let mut out = [0; LANES];
    for (to, pair) in out.iter_mut().zip(bytes.chunks_exact(2)) {
        *to = u16::from_le_bytes([pair[0], pair[1]]);
    }
    out
}

/// What the model drives, as the circuit shows it.
fn shown(engine: &model::DmaEngine) -> Shown {
    let pins = engine.pins();
    Shown {
        busy: engine.is_busy(),
        read: engine.wants_read(),
        write: engine.wants_write().map(|(at, bytes)| (at, bytes.to_vec())),
        external: ExternalInputs {
            request: pins.request,
            write: pins.burst.write,
            address: pins.burst.address,
            vectors: pins.burst.vectors,
            read_ready: pins.read_ready,
            write_valid: pins.write_valid,
            data: match pins.write_valid {
                true => word(engine.word()),
                false => [0; LANES],
            },
        },
    }
}

/// External memory on both sides: one each with a timing, or the same random answers for both.
enum External {
    Timed {
        hardware: ExternalMemory,
        state: model::ExternalMemory,
        bytes: Vec<u8>,
    },
    Random(Unruly),
}

fn outputs(answer: model::Answer, data: &[u8]) -> ExternalOutputs {
    ExternalOutputs {
        accept: answer.accept,
        read_valid: answer.read_valid,
        write_ready: answer.write_ready,
        done: answer.done,
        error: answer.error,
        data: match answer.read_valid {
            true => word(data),
            false => [0; LANES],
        },
    }
}

/// What has been seen, so that a test can say that it has tested something.
#[derive(Debug, Default)]
struct Seen {
    clocks: u64,
    both_busy: u64,
    outcomes: [u64; 8],
}

struct Pair {
    circuit: Circuit,
    engine: model::DmaEngine,
    vector: Vec<u8>,
    external: External,
    random: Random,
    seen: Seen,
}

impl Pair {
    fn new(at: usize, seed: u64, external: External) -> Option<Self> {
        let mut circuit = Circuit::new(at)?;
        let mut random = Random(seed);
        circuit.vector.fill_with(|| random.next() as u8);
        let vector = circuit.vector.clone();
        let shape = ENGINES[at];
        let engine = model::DmaEngine::new(&model::DmaParameters {
            vector_bytes: shape.vector_bytes,
            external_bytes: shape.external_bytes,
            burst_vectors: shape.burst_vectors,
            lanes: shape.lanes as u32,
        });
        Some(Self {
            circuit,
            engine,
            vector,
            external,
            random,
            seen: Seen::default(),
        })
    }

    fn status(&self, channel: usize) -> u32 {
        self.engine.read(CHANNELS[channel], model::Register::Status)
    }

    /// One clock of both sides with the core at these ports, compared.
    fn clock(&mut self, core_reads: bool, core_writes: bool, csr: Option<(u64, u64, u32)>) {
        let clock = self.seen.clocks;
        for (c, channel) in CHANNELS.into_iter().enumerate() {
            for (r, register) in REGISTERS.into_iter().enumerate() {
                let (got, expected) = (
                    self.circuit.csr(c as u64, r as u64),
                    self.engine.read(channel, register),
                );
                assert_eq!(got, expected, "{channel:?} {register:?} in clock {clock}");
            }
        }
        let before = self.circuit.shown();
        let out = match &mut self.external {
            External::Timed { hardware, .. } => hardware.outputs(),
            External::Random(unruly) => {
                unruly.choose(&before.external, &mut self.random);
                outputs(unruly.answer, &unruly.data)
            }
        };
        let (read, write) = (!core_reads, !core_writes);
        let after = self.circuit.drive(&out, read, write);
        assert_eq!(before, after, "an input reaches an output in clock {clock}");
        assert_eq!(after, shown(&self.engine), "in clock {clock}");

        if let Some((channel, register, value)) = csr {
            let (c, r) = (CHANNELS[channel as usize], REGISTERS[register as usize]);
            self.engine.write(c, r, value);
        }
        let busy = model::PortsBusy {
            read: core_reads,
            write: core_writes,
        };
        let old = [self.status(0), self.status(1)];
        match &mut self.external {
            External::Timed {
                hardware,
                state,
                bytes,
            } => {
                let mut port = state.port(bytes);
                let answer = model::ExternalPort::answer(&port);
                let mut data = [0; 2 * LANES];
                if answer.read_valid {
                    let data = &mut data[..2 * self.circuit.lanes];
                    model::ExternalPort::read_word(&port, data);
                }
                assert_eq!(outputs(answer, &data), out, "in clock {clock}");
                self.engine.clock(busy, &mut self.vector, &mut port);
                hardware.clock(&after.external);
                assert_eq!(&hardware.bytes, bytes, "in clock {clock}");
            }
            External::Random(unruly) => self.engine.clock(busy, &mut self.vector, unruly),
        }
        self.circuit
            .clock(&after, read, write, csr, core_reads, &mut self.random);
        let compared = match after.write {
            _ if self.vector.len() < 1 << 16 => 0..self.vector.len(),
            Some((at, bytes)) => at..at + bytes.len(),
            None => 0..0,
        };
        let (got, expected) = (&self.circuit.vector, &self.vector);
        assert_eq!(
            got[compared.clone()],
            expected[compared],
            "in clock {clock}"
        );
        self.seen.clocks += 1;
        let new = [self.status(0), self.status(1)];
        self.seen.both_busy += u64::from(new.iter().all(|s| s & status::IDLE == 0));
        for (old, new) in old.into_iter().zip(new) {
            for bit in 0..8 {
                self.seen.outcomes[bit] += u64::from(new >> bit & !(old >> bit) & 1);
            }
        }
    }

    /// A random write to a register: mostly of a transfer that is possible.
    fn csr(&mut self) -> (u64, u64, u32) {
        let random = &mut self.random;
        let (channel, register) = (
            random.below(2),
            [0, 1, 2, 3, 3, 3, 4][random.below(7) as usize],
        );
        let value = match (register, random.below(40)) {
            (3, 0) => 2,
            (3, _) => 1,
            (_, 0) => random.next() as u32,
            (_, 1) => (random.next() as u32) & !63,
            (_, 2) => 4 * random.below(200) as u32,
            (2, 3) => 0,
            (2, _) => 64 * random.below(24) as u32,
            _ => 64 * random.below(26) as u32,
        };
        (channel, register, value)
    }

    /// Random clocks: `writes` is the mean distance of register writes, `load` (of 8) how often the core has a port.
    fn run(&mut self, clocks: u64, writes: u64, load: u64) {
        for _ in 0..clocks {
            let csr = (self.random.below(writes) == 0).then(|| self.csr());
            let reads = self.random.below(8) < load;
            let core_writes = self.random.below(8) < load;
            self.clock(reads, core_writes, csr);
        }
    }
}

fn timed(at: usize, random: &mut Random) -> External {
    let (latency, clocks) = (random.below(12) as u32, random.below(4) as u32);
    let Shape {
        lanes,
        burst_vectors,
        external_bytes,
        ..
    } = ENGINES[at];
    let timing = ExternalTiming {
        latency,
        clocks_per_word: clocks,
    };
    let mut hardware = ExternalMemory::new(external_bytes as usize, timing, lanes);
    hardware.bytes.fill_with(|| random.next() as u8);
    let bytes = hardware.bytes.clone();
    let timing = model::ExternalTiming {
        latency,
        clocks_per_word: clocks,
        burst_vectors,
    };
    let mut state = model::ExternalMemory::new(timing, lanes as u32);
    if random.below(4) == 0 {
        let start = 64 * random.below(40) as u32 + 2 * lanes as u32 * random.below(2) as u32;
        hardware.bad = start..start + 64;
        state.set_bad(start..start + 64);
    }
    External::Timed {
        hardware,
        state,
        bytes,
    }
}

fn unruly(at: usize, random: &mut Random) -> External {
    External::Random(Unruly {
        lanes: ENGINES[at].lanes,
        slow: 1 + random.below(5),
        errors: random.below(2) == 0,
        ..Unruly::default()
    })
}

fn agree(at: usize, make: fn(usize, &mut Random) -> External) {
    let mut all = Seen::default();
    for seed in 0..60 {
        let mut random = Random(1000 * at as u64 + seed);
        let external = make(at, &mut random);
        let Some(mut pair) = Pair::new(at, random.next(), external) else {
            return;
        };
        for _ in 0..4 {
            let writes = [3, 10, 40, 120][random.below(4) as usize];
            pair.run(400, writes, random.below(8));
        }
        all.clocks += pair.seen.clocks;
        all.both_busy += pair.seen.both_busy;
        for (to, from) in all.outcomes.iter_mut().zip(pair.seen.outcomes) {
            *to += from;
        }
    }
    println!("{}: {all:?}", ENGINES[at].name);
    assert!(all.both_busy > all.clocks / 20, "{all:?}");
    assert!(all.outcomes[1..].iter().all(|count| *count > 20), "{all:?}");
}

macro_rules! engines {
    ($($name:ident $unruly:ident $at:literal;)+) => {
        $(
            #[test]
            fn $name() {
                agree($at, timed);
            }

            #[test]
            fn $unruly() {
                agree($at, unruly);
            }
        )+
    };
}

engines! {
    wide wide_with_any_answers 0;
    single single_with_any_answers 1;
    half half_with_any_answers 2;
    quarter quarter_with_any_answers 3;
    narrow narrow_with_any_answers 4;
}

/// All address bits: whole bursts of 255 vectors to the end of memories as large as they can be.
#[test]
fn large_transfers() {
    let mut random = Random(77);
    let mut external = Unruly {
        lanes: ENGINES[5].lanes,
        slow: 1,
        ..Unruly::default()
    };
    external.choose(&ExternalInputs::default(), &mut random);
    let Some(mut pair) = Pair::new(5, 78, External::Random(external)) else {
        return;
    };
    let count = 64 * 1000;
    let (vector_end, external_end) = ((8 << 20) - count, (1 << 31) - count);
    let sources = [external_end, vector_end - count];
    let destinations = [vector_end, external_end];
    for (register, values) in [sources, destinations, [count, count], [1, 1]]
        .into_iter()
        .enumerate()
    {
        for (channel, value) in values.into_iter().enumerate() {
            pair.clock(false, false, Some((channel as u64, register as u64, value)));
        }
    }
    while pair.engine.is_busy() {
        pair.clock(false, false, None);
        assert!(pair.seen.clocks < 20_000);
    }
    assert!(pair.seen.clocks > 16_000);
    assert!(pair.circuit.vector == pair.vector);
    let done = status::IDLE | status::DONE;
    assert_eq!([pair.status(0), pair.status(1)], [done, done]);
}

#[test]
fn the_verilog_has_no_warnings() {
    if have_tools() {
        assert_eq!(lint(&design()).unwrap(), "");
    }
}

#[test]
fn parameters_are_checked() {
    let good = DmaParameters {
        vector_bytes: 512 << 10,
        external_bytes: 1 << 30,
        burst_vectors: 16,
    };
    assert_eq!(good.check(32), Ok(()));
    let said = |parameters: DmaParameters, lanes| parameters.check(lanes).unwrap_err().to_string();
    assert!(said(good, 5).contains("use 4, 8, 16 or 32"));
    let vector_bytes = 16 << 20;
    let large = DmaParameters {
        vector_bytes,
        ..good
    };
    assert_eq!(large.check(8), Ok(()));
    assert!(said(large, 4).contains("2097152 words"));
    let odd = DmaParameters {
        external_bytes: 100,
        ..good
    };
    assert!(said(odd, 32).contains("external memory of 100 bytes"));
    for burst_vectors in [0, 256] {
        let burst = DmaParameters {
            burst_vectors,
            ..good
        };
        assert!(said(burst, 32).contains("1 to 255"));
    }
}
