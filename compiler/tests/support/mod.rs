//! Runs a compiled program in the simulator beside the interpreter.
#![allow(dead_code, clippy::unwrap_used)]

pub mod chain;
pub mod equations;
pub mod text;

use spikevec_assembler::image::{ElementFormat, Role};
use spikevec_compiler::Compiled;
use spikevec_compiler::quantise::Interpreter;
use spikevec_isa::{Memory, Rng, Vector};
use spikevec_simulator::{Cause, Limits, Machine};

/// A machine with a program, fed by hand.
pub struct Bench<'a> {
    pub machine: Machine,
    compiled: &'a Compiled,
    pub instructions: u64,
    /// Clocks of the runs, where the machine is timed.
    pub clocks: u64,
}

impl<'a> Bench<'a> {
    pub fn new(compiled: &'a Compiled) -> Self {
        let mut machine = Machine::new(&compiled.placed.target).unwrap();
        machine.load_code(&compiled.image.code).unwrap();
        for s in &compiled.image.segments {
            machine.write(s.memory, s.address, &s.bytes).unwrap();
        }
        Bench {
            machine,
            compiled,
            instructions: 0,
            clocks: 0,
        }
    }

    fn words(&mut self, address: u32, words: &[u32]) {
        let bytes: Vec<u8> = words.iter().flat_map(|w| w.to_le_bytes()).collect();
        self.machine.write(Memory::Scalar, address, &bytes).unwrap();
    }

    /// Runs `steps`, the first of a sample where `restart` says so.
    pub fn run(&mut self, steps: &[Vec<u32>], restart: Option<&Rng>) {
        let manifest = self.compiled.image.manifest.as_ref().unwrap();
        let address = |name: &str| manifest.buffer(name).unwrap().address;
        if let (Some(rng), Some(seed)) = (restart, manifest.buffer("seed")) {
            let bytes: Vec<u8> = rng
                .to_vectors()
                .iter()
                .flatten()
                .flat_map(|lane| lane.to_le_bytes())
                .collect();
            self.machine
                .write(Memory::Vector, seed.address, &bytes)
                .unwrap();
        }
        self.words(address("steps"), &[steps.len() as u32]);
        self.words(address("restart"), &[u32::from(restart.is_some())]);
        let input = manifest
            .buffers
            .iter()
            .find(|b| b.role == Role::Input)
            .unwrap();
        let mut words = Vec::new();
        for spikes in steps {
            match input.format {
                ElementFormat::SpikeList { base, stride, .. } => {
                    words.extend(spikes.iter().map(|s| base + stride * s));
                    words.push(u32::MAX);
                }
                _ => {
                    let mut bits = vec![0u32; input.step_stride as usize / 4];
                    for s in spikes {
                        bits[*s as usize / 32] |= 1 << (s % 32);
                    }
                    words.extend(bits);
                }
            }
        }
        self.words(input.address, &words);
        self.machine.restart();
        let stop = self.machine.run(&Limits {
            budget: 100_000_000,
            strict: true,
        });
        assert!(matches!(stop.cause, Cause::Ecall), "{stop}");
        self.instructions += stop.instructions;
        self.clocks += stop.clocks.unwrap_or(0);
    }

    pub fn vectors(&self, address: u32, stride: u32, count: usize) -> Vec<Vector> {
        let mut out = Vec::new();
        for k in 0..count {
            let mut bytes = [0; 64];
            self.machine
                .read(Memory::Vector, address + k as u32 * stride, &mut bytes)
                .unwrap();
            out.push(std::array::from_fn(|i| {
                i16::from_le_bytes([bytes[2 * i], bytes[2 * i + 1]])
            }));
        }
        out
    }

    pub fn word(&self, address: u32) -> u32 {
        let mut bytes = [0; 4];
        self.machine
            .read(Memory::Scalar, address, &mut bytes)
            .unwrap();
        u32::from_le_bytes(bytes)
    }

    /// Compares every state variable, and what was recorded of the last of `steps` steps.
    pub fn compare(&self, interpreter: &Interpreter, steps: usize, when: &str) {
        let placed = &self.compiled.placed;
        for (k, (p, place)) in placed
            .network
            .populations
            .iter()
            .zip(&placed.populations)
            .enumerate()
        {
            let vectors = p.kernel.vectors();
            for (s, state) in p.kernel.states.iter().enumerate() {
                let found = self.vectors(place.state_address(s, 0), place.stride, vectors);
                let expected = interpreter.state(k, s);
                assert_eq!(found, expected, "{when}: {}.{}", p.name, state.name);
            }
            let last = steps as u32 - 1;
            if let Some(slot) = place.spike_record {
                let at = placed.scalar_record.0 + last * placed.scalar_record.1 + slot.offset;
                let mut spikes = Vec::new();
                for v in 0..vectors {
                    let word = self.word(at + 4 * v as u32);
                    spikes.extend(
                        (0..32)
                            .filter(|b| word >> b & 1 == 1)
                            .map(|b| v as u32 * 32 + b),
                    );
                }
                assert_eq!(
                    spikes,
                    interpreter.spiking(k),
                    "{when}: spikes of {}",
                    p.name
                );
            }
            if let Some(slot) = place.membrane_record {
                let at = placed.vector_record.0 + last * placed.vector_record.1 + slot.offset;
                let mut found = self.vectors(at, 64, vectors).concat();
                found.truncate(p.kernel.size);
                assert_eq!(
                    found,
                    interpreter.membrane(k),
                    "{when}: membranes of {}",
                    p.name
                );
            }
        }
        if placed.seed.is_some() {
            assert_eq!(
                &self.machine.rng,
                interpreter.rng(),
                "{when}: random numbers"
            );
        }
    }
}

/// Runs `input` step by step in both, comparing after each, then in chunks of three steps.
pub fn lockstep(compiled: &Compiled, input: &[Vec<u32>], seed: u64) {
    let network = &compiled.placed.network;
    let rng = Rng::from_seed(seed, 0);
    let mut bench = Bench::new(compiled);
    // A first sample leaves its traces behind, which the restart must remove.
    bench.run(input.get(..1).unwrap(), Some(&Rng::from_seed(seed + 1, 9)));
    for chunk in [1, 3] {
        let mut interpreter = Interpreter::new(network, rng.clone());
        for (n, steps) in input.chunks(chunk).enumerate() {
            for spikes in steps {
                interpreter.step(spikes);
            }
            bench.run(steps, (n == 0).then_some(&rng));
            bench.compare(
                &interpreter,
                steps.len(),
                &format!("run {n} of {chunk} steps"),
            );
        }
    }
}
