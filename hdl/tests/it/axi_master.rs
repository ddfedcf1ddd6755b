//! DMA's bursts on AXI4, with an engine that the test plays.

use spikevec_hdl::axi::piece_vectors;
use spikevec_verilated::{Handle, Instance};

use crate::axi_lite::blocks;
use crate::axi_memory::{AxiMemory, Burst, Order};
use crate::bench::Random;

const BASE: u64 = 0x12_3456_7000;
const BYTES: usize = 5 * 4096;

/// The masters under test and their lanes.
const MASTERS: [(&str, usize); 4] = [("wide", 32), ("half", 16), ("quarter", 8), ("narrow", 4)];

/// An engine's end of the burst port.
struct Engine {
    circuit: Instance,
    memory: AxiMemory,
    random: Random,
    name: &'static str,
    lanes: usize,
    clock: Handle,
    reset: Handle,
    base: Handle,
    request: Handle,
    write: Handle,
    address: Handle,
    vectors: Handle,
    accept: Handle,
    read_valid: Handle,
    read_ready: Handle,
    read_data: Vec<Handle>,
    write_valid: Handle,
    write_ready: Handle,
    write_data: Vec<Handle>,
    done: Handle,
    error: Handle,
    /// Of eight clocks, those in which the engine moves a word.
    pace: u64,
}

/// How a burst went.
#[derive(Debug)]
struct Outcome {
    failed: bool,
    /// Bytes that the engine was given or has given.
    bytes: Vec<u8>,
    /// Clocks from the accept to the done.
    clocks: u64,
}

impl Engine {
    fn new((name, lanes): (&'static str, usize)) -> Option<Self> {
        let circuit = blocks()?;
        let model = circuit.model();
        let input = |port: &str| model.input(&format!("{name}_{port}")).unwrap();
        let output = |port: &str| model.output(&format!("{name}_{port}")).unwrap();
        let mut memory = AxiMemory::new(
            model,
            &format!("{name}_"),
            ["arvalid", "arready", "address", "length"],
            ["awvalid", "awready", "address", "length"],
            2 * lanes,
            BYTES,
        );
        memory.base = BASE;
        Some(Self {
            memory,
            random: Random(lanes as u64),
            name,
            lanes,
            clock: input("clock"),
            reset: input("reset"),
            base: input("base"),
            request: input("external_request"),
            write: input("external_write"),
            address: input("external_address"),
            vectors: input("external_vectors"),
            accept: output("external_accept"),
            read_valid: output("external_read_valid"),
            read_ready: input("external_read_ready"),
            read_data: (0..lanes)
                .map(|i| output(&format!("external_read_data_{i}")))
                .collect(),
            write_valid: input("external_write_valid"),
            write_ready: output("external_write_ready"),
            write_data: (0..lanes)
                .map(|i| input(&format!("external_write_data_{i}")))
                .collect(),
            done: output("external_done"),
            error: output("external_error"),
            pace: 8,
            circuit,
        })
    }

    fn clock(&mut self) {
        self.memory.sample(&mut self.circuit);
        self.circuit.tick(self.clock);
    }

    /// One burst from its request to its end; for a write `words` go out.
    fn burst(&mut self, address: u32, vectors: u64, write: Option<&[u8]>) -> Outcome {
        self.circuit.set(self.base, BASE);
        self.circuit.set(self.request, 1);
        self.circuit.set(self.write, write.is_some().into());
        self.circuit.set(self.address, address.into());
        self.circuit.set(self.vectors, vectors);
        for clock in 0.. {
            assert!(clock < 8, "{}: not accepted", self.name);
            self.memory.drive(&mut self.circuit, &mut self.random);
            self.circuit.eval();
            assert_eq!(self.circuit.get(self.done), 0);
            let accepted = self.circuit.get(self.accept) != 0;
            self.clock();
            if accepted {
                break;
            }
        }
        self.circuit.set(self.request, 0);
        // What described the burst is gone.
        for pin in [self.write, self.address, self.vectors] {
            self.circuit.set(pin, self.random.next());
        }
        let mut bytes = Vec::new();
        let mut shown = false;
        for clocks in 1..100_000 {
            if let Some(outcome) = self.moving(write, &mut bytes, &mut shown) {
                return Outcome {
                    failed: outcome,
                    bytes,
                    clocks,
                };
            }
        }
        panic!("{}: a burst without end", self.name);
    }

    /// One clock of a burst; whether it has failed where it ends.
    fn moving(
        &mut self,
        write: Option<&[u8]>,
        bytes: &mut Vec<u8>,
        shown: &mut bool,
    ) -> Option<bool> {
        let width = 2 * self.lanes;
        self.memory.drive(&mut self.circuit, &mut self.random);
        let moves = self.random.below(8) < self.pace;
        let ready = write.is_none() && moves;
        self.circuit.set(self.read_ready, ready.into());
        let left = write.is_some_and(|all| bytes.len() < all.len());
        *shown = left && (*shown || moves);
        self.circuit.set(self.write_valid, (*shown).into());
        let at = bytes.len();
        let word: Vec<u8> = match write {
            Some(all) if *shown => all[at..at + width].to_vec(),
            _ => (0..width).map(|_| self.random.next() as u8).collect(),
        };
        for (pin, pair) in self.write_data.iter().zip(word.chunks_exact(2)) {
            let halfword = u16::from_le_bytes([pair[0], pair[1]]);
            self.circuit.set(*pin, halfword.into());
        }
        self.circuit.eval();
        let valid = self.circuit.get(self.read_valid) != 0;
        assert!(!valid || write.is_none(), "a word of a burst that writes");
        if valid && ready {
            for pin in &self.read_data {
                bytes.extend((self.circuit.get(*pin) as u16).to_le_bytes());
            }
        }
        if *shown && self.circuit.get(self.write_ready) != 0 {
            bytes.extend(&word);
            *shown = false;
        }
        let done = self.circuit.get(self.done) != 0;
        let failed = self.circuit.get(self.error) != 0;
        assert_eq!(
            self.circuit.get(self.accept),
            0,
            "{}: two bursts",
            self.name
        );
        self.clock();
        done.then_some(failed)
    }

    /// The pieces that a burst must have.
    fn pieces(&self, address: u64, vectors: u64, write: bool) -> Vec<Burst> {
        let most = u64::from(piece_vectors(self.lanes)) * 64;
        let (mut at, end) = (address, address + 64 * vectors);
        let mut pieces = Vec::new();
        while at < end {
            let next = ((at / most + 1) * most).min(end);
            pieces.push(Burst {
                write,
                address: BASE + at,
                words: (next - at) / (2 * self.lanes as u64),
            });
            at = next;
        }
        pieces
    }
}

#[test]
fn bursts_move_every_byte_in_pieces() {
    for master in MASTERS {
        let Some(mut engine) = Engine::new(master) else {
            return;
        };
        let mut random = Random(17);
        for byte in &mut engine.memory.bytes {
            *byte = random.next() as u8;
        }
        for round in 0..120 {
            engine.memory.pace = 1 + random.below(8);
            engine.memory.order =
                [Order::Any, Order::AddressFirst, Order::WordsFirst][round / 4 % 3];
            engine.pace = 1 + random.below(8);
            let total = BYTES as u64 / 64;
            let vectors = match round {
                0..8 => [1, 2, 63, 64, 65, 128, 192, 255][round],
                _ => 1 + random.below(70),
            };
            let first = match round % 4 {
                0 => 0,
                1 => 64 - vectors % 64,
                _ => random.below(total - vectors + 1),
            };
            let address = 64 * first;
            let write = random.below(2) == 0;
            engine.memory.bursts.clear();
            let span = address as usize..(address + 64 * vectors) as usize;
            let mut wanted = engine.memory.bytes.clone();
            let data: Vec<u8> = span.clone().map(|_| random.next() as u8).collect();
            let outcome = engine.burst(address as u32, vectors, write.then_some(&data));
            assert!(!outcome.failed);
            if write {
                wanted[span.clone()].copy_from_slice(&data);
            }
            assert_eq!(outcome.bytes, wanted[span], "{}: {round}", engine.name);
            assert!(engine.memory.bytes == wanted, "other bytes are as before");
            let pieces = engine.pieces(address, vectors, write);
            assert_eq!(engine.memory.bursts, pieces, "{}", engine.name);
            assert!(engine.memory.is_idle());
        }
    }
}

#[test]
fn errors_end_a_burst_after_its_piece() {
    for master in MASTERS {
        let Some(mut engine) = Engine::new(master) else {
            return;
        };
        let mut random = Random(31);
        for byte in &mut engine.memory.bytes {
            *byte = random.next() as u8;
        }
        let width = 2 * engine.lanes as u64;
        for round in 0..60 {
            engine.memory.pace = 1 + random.below(8);
            engine.pace = 1 + random.below(8);
            let vectors = 1 + random.below(130);
            let address = 64 * random.below(150);
            let at = address + width * random.below(64 * vectors / width);
            // Bad, or past the end of memory.
            engine.memory.bad = match round % 3 {
                0 => 0..0,
                _ => BASE + at..BASE + at + width,
            };
            let full = engine.memory.bytes.len();
            if round % 3 == 0 {
                engine.memory.bytes.truncate(at as usize);
            }
            let write = random.below(2) == 0;
            let data: Vec<u8> = (0..64 * vectors).map(|_| random.next() as u8).collect();
            engine.memory.bursts.clear();
            let outcome = engine.burst(address as u32, vectors, write.then_some(&data));
            assert!(outcome.failed, "{}: {round}", engine.name);
            let pieces = engine.pieces(address, vectors, write);
            let until = pieces.iter().position(|piece| {
                let end = piece.address + piece.words * width;
                (piece.address..end).contains(&(BASE + at))
            });
            let until = until.unwrap() + 1;
            assert_eq!(engine.memory.bursts, pieces[..until], "{}", engine.name);
            if !write {
                let good = (at - address) as usize;
                let span = address as usize..at as usize;
                assert_eq!(outcome.bytes.len(), good, "the words before it");
                assert_eq!(outcome.bytes, engine.memory.bytes[span]);
            }
            engine.memory.bytes.resize(full, 0);
            engine.memory.bad = 0..0;
            // The next one is as good as ever.
            let outcome = engine.burst(0, 3, None);
            assert!(!outcome.failed);
            assert_eq!(outcome.bytes, engine.memory.bytes[..192]);
        }
        // A mark of the last word where it is not.
        engine.memory.early_last = true;
        assert!(engine.burst(0, 5, None).failed);
        engine.memory.early_last = false;
        assert!(!engine.burst(0, 5, None).failed);
    }
}

#[test]
fn a_reset_ends_a_burst_with_an_error() {
    for master in MASTERS {
        let Some(mut engine) = Engine::new(master) else {
            return;
        };
        let mut random = Random(41);
        for round in 0..60 {
            let write = random.below(2) == 0;
            let data: Vec<u8> = (0..640).map(|_| random.next() as u8).collect();
            engine.memory.pace = 1 + random.below(8);
            engine.circuit.set(engine.request, 1);
            engine.circuit.set(engine.write, write.into());
            engine.circuit.set(engine.address, 4096 - 320);
            engine.circuit.set(engine.vectors, 10);
            engine.memory.drive(&mut engine.circuit, &mut engine.random);
            engine.circuit.eval();
            // Before it is taken, or at some time after.
            let before = round % 5 == 0;
            let (mut bytes, mut shown) = (Vec::new(), false);
            if !before {
                assert_eq!(engine.circuit.get(engine.accept), 1);
                engine.clock();
                engine.circuit.set(engine.request, 0);
                for _ in 0..random.below(30) {
                    let words = write.then_some(data.as_slice());
                    if engine.moving(words, &mut bytes, &mut shown).is_some() {
                        break;
                    }
                }
            }
            engine.circuit.set(engine.reset, 1);
            engine.memory.forget();
            let mut ends = 0;
            for _ in 0..6 {
                for name in ["arready", "awready", "wready", "bvalid", "rvalid"] {
                    let name = format!("{}_{name}", engine.name);
                    let pin = engine.circuit.model().input(&name).unwrap();
                    engine.circuit.set(pin, 0);
                }
                engine.circuit.eval();
                let accepted = engine.circuit.get(engine.accept) != 0;
                if engine.circuit.get(engine.done) != 0 {
                    assert_eq!(engine.circuit.get(engine.error), 1);
                    ends += 1;
                }
                engine.circuit.tick(engine.clock);
                if accepted {
                    engine.circuit.set(engine.request, 0);
                }
                for name in ["arvalid", "awvalid", "wvalid"] {
                    let name = format!("{}_{name}", engine.name);
                    let pin = engine.circuit.model().output(&name).unwrap();
                    assert_eq!(engine.circuit.get(pin), 0, "{name}");
                }
            }
            assert!(ends <= 1 && (ends == 1 || !before), "{ends}");
            engine.circuit.set(engine.reset, 0);
            assert!(!engine.burst(0, 2, None).failed);
        }
    }
}

#[test]
fn bursts_take_the_clocks_that_the_page_says() {
    for master in MASTERS {
        let Some(mut engine) = Engine::new(master) else {
            return;
        };
        let beats = 32 / engine.lanes as u64;
        // A memory at full pace gives a word in the clock after the address, or the answer after the last word.
        for vectors in [1, 2, 5, 16] {
            let words = vectors * beats;
            assert_eq!(engine.burst(0, vectors, None).clocks, 3 + words + 1);
            let data = vec![7; 64 * vectors as usize];
            let clocks = engine.burst(0, vectors, Some(&data)).clocks;
            assert_eq!(clocks, 3 + words + 2, "{}", engine.name);
        }
        let most = u64::from(piece_vectors(engine.lanes));
        let clocks = engine.burst(0, 2 * most, None).clocks;
        assert_eq!(clocks, 2 * (3 + most * beats) + 1);
    }
}
