//! The vector side against a model of instructions.

use std::collections::BTreeMap;

use rust_hdl::prelude::*;
use spikevec_design::Design;
use spikevec_hdl::leaf::Style;
use spikevec_hdl::vector::{VectorParameters, VectorUnit};
use spikevec_isa::table::Op;
use spikevec_isa::{LANES, Vector};
use spikevec_verilated::{Handle, Instance, Model};

use crate::bench::{Random, have_tools};
use crate::vector_model::{HALFWORDS, Issue, Stream, VECTORS};

fn design<const GROUPS: usize, const EACH: usize, const P: usize>() -> Design {
    let parameters = VectorParameters {
        vector_words: VECTORS * 32 / P,
        vector_style: Style::Block,
        local_halfwords: HALFWORDS,
        local_style: Style::Block,
        register_style: Style::Distributed,
    };
    let mut unit = Box::new(VectorUnit::<GROUPS, EACH, P>::new(&parameters));
    unit.connect_all();
    spikevec_emitter::emit("vector_unit", unit.as_ref()).unwrap()
}

/// A unit on Verilator.
struct Unit {
    instance: Instance,
    inputs: BTreeMap<String, Handle>,
    outputs: BTreeMap<String, Handle>,
    lanes: usize,
    beats: usize,
}

impl Unit {
    fn new(design: &Design, lanes: usize) -> Self {
        let model = Model::new(design).unwrap_or_else(|error| panic!("{error}"));
        let named = |direction| {
            let ports = design
                .ports
                .iter()
                .filter(move |p| p.direction == direction);
            ports.map(|p| p.name.clone())
        };
        let inputs = named(spikevec_design::Direction::Input);
        let outputs = named(spikevec_design::Direction::Output);
        Unit {
            inputs: inputs
                .map(|n| (n.clone(), model.input(&n).unwrap()))
                .collect(),
            outputs: outputs
                .map(|n| (n.clone(), model.output(&n).unwrap()))
                .collect(),
            instance: model.instance(),
            lanes,
            beats: LANES / lanes,
        }
    }

    fn set(&mut self, name: &str, value: u64) {
        self.instance.set(self.inputs[name], value);
    }

    fn set_lanes(&mut self, name: &str, value: impl Fn(usize) -> u64) {
        for i in 0..self.lanes {
            self.set(&format!("{name}_{i}"), value(i));
        }
    }

    fn get(&mut self, name: &str) -> u64 {
        self.instance.get(self.outputs[name])
    }

    /// The values of all lanes.
    fn lanes(&mut self, name: &str) -> Vec<i16> {
        let lanes = 0..self.lanes;
        lanes
            .map(|i| self.get(&format!("{name}_{i}")) as i16)
            .collect()
    }

    fn tick(&mut self) {
        self.instance.tick(self.inputs["clock"]);
        self.set("clock", 0);
    }

    fn part<'a>(&self, vector: &'a Vector, beat: usize) -> &'a [i16] {
        &vector[beat * self.lanes..(beat + 1) * self.lanes]
    }

    fn write_memory(&mut self, address: usize, vector: &Vector) {
        for beat in 0..self.beats {
            let part = self.part(vector, beat).to_vec();
            self.set("memory_write_address", (address * self.beats + beat) as u64);
            self.set_lanes("memory_write", |_| 1);
            self.set_lanes("memory_write_data", |i| part[i] as u16 as u64);
            self.tick();
        }
        self.set_lanes("memory_write", |_| 0);
    }

    fn read_memory(&mut self, address: usize) -> Vec<i16> {
        let mut vector = Vec::new();
        for beat in 0..self.beats {
            self.set("memory_read_address", (address * self.beats + beat) as u64);
            self.tick();
            vector.extend(self.lanes("memory_read_data"));
        }
        vector
    }

    fn local(&mut self, lane: usize, halfword: usize) {
        self.set("local_lane", (lane % self.lanes) as u64);
        let address = halfword * self.beats + lane / self.lanes;
        self.set("local_address", address as u64);
    }

    fn write_local(&mut self, halfword: usize, vector: &Vector) {
        self.set("local_turn", 1);
        self.set("local_write", 1);
        for (lane, value) in vector.iter().enumerate() {
            self.local(lane, halfword);
            self.set("local_data", *value as u16 as u64);
            self.tick();
        }
        self.set("local_write", 0);
        self.set("local_turn", 0);
    }

    fn read_local(&mut self, halfword: usize) -> Vec<i16> {
        self.set("local_turn", 1);
        let mut vector = Vec::new();
        for lane in 0..LANES {
            self.local(lane, halfword);
            // The word comes, then it is picked.
            self.tick();
            self.tick();
            vector.push(self.get("local_value") as i16);
        }
        self.set("local_turn", 0);
        vector
    }

    /// Shows what will be in A in the next clock; where that is nothing, or a further beat, anything.
    fn enter(&mut self, next: Option<&Issue>, random: &mut Random) {
        let fresh = next.filter(|issue| issue.beat == 0);
        self.set("take", u64::from(fresh.is_some() || next.is_none()));
        for (port, value) in [
            ("enter_op", fresh.map(|i| i.op as u64)),
            ("enter_rd", fresh.map(|i| i.rd.into())),
            ("enter_rs1", fresh.map(|i| i.rs1.into())),
            ("enter_rs2", fresh.map(|i| i.rs2.into())),
        ] {
            self.set(port, value.unwrap_or_else(|| random.next()));
        }
    }

    /// Runs a stream, with DMA in the upper half of vector memory at random.
    fn run(&mut self, stream: &mut Stream, seed: u64) {
        let mut random = Random(seed);
        let clocks = std::mem::take(&mut stream.clocks);
        let mut expected_read: Option<Vec<i16>> = None;
        let (mut failed, mut faulty) = (false, false);
        let next = clocks.first().and_then(|c| c.issue.as_ref());
        self.enter(next, &mut random);
        self.tick();
        for (now, clock) in clocks.iter().enumerate() {
            if let Some(expected) = expected_read.take() {
                assert_eq!(self.lanes("memory_read_data"), expected, "DMA at {now}");
            }
            let waits = clock.waits;
            let issue = clock.issue;
            // What has a fault comes as well, and is dropped in M.
            self.set("drop", faulty.into());
            faulty = issue.is_none() && random.below(2) == 1;
            self.set("issue", u64::from(issue.is_some() || faulty));
            let loads = issue.is_some_and(|i| i.op.spec().class.reads_vector_memory());
            let loads = loads || waits.is_some();
            self.set("vector_load_in_a", u64::from(loads));
            match issue {
                Some(issue) => {
                    self.set("beat", issue.beat as u64);
                    self.set("check", issue.check.into());
                    self.set("immediate", issue.imm as u16 as u64);
                    self.set("word", (issue.vector * self.beats + issue.beat) as u64);
                }
                None => {
                    self.set("beat", random.below(self.beats as u64));
                    self.set("word", random.below((VECTORS * self.beats) as u64));
                }
            }
            let scalar = clock.scalar.map_or(random.next(), |s| s.value.into());
            self.set("scalar", scalar);
            let direct = clock.scalar.is_some_and(|s| s.from_compare);
            self.set("mask_from_compare", direct.into());
            self.set("halt", clock.halt.into());
            self.set("fault", failed.into());
            let next = clocks.get(now + 1).and_then(|c| c.issue.as_ref());
            self.enter(next, &mut random);

            // DMA asks for both ports.
            let upper =
                |random: &mut Random| VECTORS / 2 + random.below(VECTORS as u64 / 2) as usize;
            let read = (upper(&mut random), random.below(self.beats as u64) as usize);
            let write = (upper(&mut random), random.below(self.beats as u64) as usize);
            let reads = random.below(2) == 1 && read != write;
            let writes = random.below(2) == 1;
            let enables = random.next() as u32;
            let values: Vec<i16> = (0..self.lanes).map(|_| random.next() as i16).collect();
            self.set("memory_read_address", (read.0 * self.beats + read.1) as u64);
            self.set(
                "memory_write_address",
                (write.0 * self.beats + write.1) as u64,
            );
            self.set_lanes("memory_write", |i| {
                u64::from(enables >> i & 1) * u64::from(writes)
            });
            self.set_lanes("memory_write_data", |i| values[i] as u16 as u64);
            self.instance.eval();
            assert_eq!(self.get("memory_read_grant"), u64::from(!loads), "{now}");
            if reads && !loads {
                expected_read = Some(self.part(&stream.state.memory[read.0], read.1).to_vec());
            }
            if writes && self.get("memory_write_grant") == 1 {
                for i in (0..self.lanes).filter(|i| enables >> i & 1 == 1) {
                    stream.state.memory[write.0][write.1 * self.lanes + i] = values[i];
                }
            }

            self.compare(now, clock);
            assert_eq!(failed, clock.fault.is_some(), "fault at {now}");
            failed = (self.get("lane_fails_0") | self.get("lane_fails_1")) == 1 && !clock.halt;
            self.tick();
        }
        self.set("issue", 0);
        self.set("drop", 0);
        self.set("vector_load_in_a", 0);
        self.set_lanes("memory_write", |_| 0);
    }

    fn compare(&mut self, now: usize, clock: &crate::vector_model::Clock) {
        let write = clock.write;
        assert_eq!(
            self.get("vector_write"),
            u64::from(write.is_some()),
            "write at {now}"
        );
        if let Some((register, beat, vector)) = write {
            let number = 8 * u64::from(register) + beat as u64;
            assert_eq!(self.get("vector_write_register"), number, "at {now}");
            let expected = self.part(&vector, beat).to_vec();
            assert_eq!(
                self.lanes("vector_write_data"),
                expected,
                "v{register} at {now}"
            );
        }
        let store = clock.store;
        assert_eq!(
            self.get("vector_store"),
            u64::from(store.is_some()),
            "store at {now}"
        );
        if let Some((address, beat, vector)) = store {
            let word = address * self.beats + beat;
            assert_eq!(self.get("vector_store_word"), word as u64, "at {now}");
            let expected = self.part(&vector, beat).to_vec();
            assert_eq!(self.lanes("vector_store_data"), expected, "store at {now}");
            assert_eq!(self.get("memory_write_grant"), 0);
        }
        let store = &clock.lane_store;
        assert_eq!(
            self.get("lane_store"),
            u64::from(store.is_some()),
            "at {now}"
        );
        if let Some(store) = store {
            assert_eq!(self.get("lane_store_beat"), store.beat as u64, "at {now}");
            for i in 0..self.lanes {
                let lane = store.beat * self.lanes + i;
                let writes = u64::from(store.lanes >> lane & 1);
                assert_eq!(
                    self.get(&format!("lane_store_lanes_{i}")),
                    writes,
                    "{lane} at {now}"
                );
                if writes == 1 {
                    let address = self.get(&format!("lane_store_address_{i}"));
                    assert_eq!(address, u64::from(store.addresses[lane]), "{lane} at {now}");
                    let data = self.get(&format!("lane_store_data_{i}"));
                    assert_eq!(data as i16, store.values[lane], "{lane} at {now}");
                }
            }
        }
        if let Some(bits) = clock.gathered {
            assert_eq!(self.get("gathered"), u64::from(bits), "gathered at {now}");
        }
        if let Some(misaligned) = clock.fault {
            assert_eq!(
                self.get("lane_misaligned"),
                u64::from(misaligned),
                "at {now}"
            );
        }
    }

    /// Loads the memories of a stream, and the generators.
    fn load(&mut self, stream: &Stream) {
        for (address, vector) in stream.state.memory.iter().enumerate() {
            self.write_memory(address, vector);
        }
        for (halfword, vector) in stream.state.local.iter().enumerate() {
            self.write_local(halfword, vector);
        }
    }

    /// Compares the memories with the model's.
    fn check_memories(&mut self, stream: &Stream) {
        for (address, vector) in stream.state.memory.iter().enumerate() {
            assert_eq!(self.read_memory(address), vector, "vector {address}");
        }
        for (halfword, vector) in stream.state.local.iter().enumerate() {
            assert_eq!(self.read_local(halfword), vector, "halfword {halfword}");
        }
    }
}

/// `instructions` random ones, of which one in `rarity` stops the core or may fault.
fn random_stream(unit: &mut Unit, seed: u64, instructions: usize, rarity: u64) -> usize {
    let mut stream = Stream::new(seed, unit.lanes);
    unit.load(&stream);
    let mut random = Random(seed ^ 0x5eed);
    // Generators that yield something.
    for op in [Op::Vloadr0, Op::Vloadr1] {
        stream.push_random(op);
    }
    for _ in 0..instructions {
        match random.below(rarity) {
            0 => stream.push_stop(),
            1 => stream.push_fault(),
            _ => stream.push_any(),
        }
    }
    // All registers, as seen by stores.
    for r in 0..32 {
        stream.push(Op::Vstorev, 0, 0, r, 0, 4 + usize::from(r) % 12);
    }
    stream.finish();
    let clocks = stream.clocks.len();
    unit.run(&mut stream, seed);
    unit.check_memories(&stream);
    assert!(stream.counts.len() >= 33 || instructions < 1000);
    clocks
}

fn streams(design: &Design, lanes: usize) {
    for seed in 0..12 {
        let mut unit = Unit::new(design, lanes);
        let rarity = [1_000_000, 40, 12][seed as usize % 3];
        let clocks = random_stream(&mut unit, 100 + seed, 2000, rarity);
        println!("{lanes} lanes, stream {seed}: {clocks} clocks");
    }
}

#[test]
fn thirty_two_lanes_do_what_the_reference_does() {
    if have_tools() {
        let design = design::<8, 4, 32>();
        assert_eq!(spikevec_verilated::lint(&design).unwrap(), "");
        let control = "(* keep_hierarchy = \"yes\" *)\nmodule control (";
        assert!(design.verilog.contains(control));
        streams(&design, 32);
    }
}

#[test]
fn sixteen_lanes_do_what_the_reference_does() {
    if have_tools() {
        streams(&design::<4, 4, 16>(), 16);
    }
}

#[test]
fn eight_lanes_do_what_the_reference_does() {
    if have_tools() {
        streams(&design::<1, 8, 8>(), 8);
    }
}

#[test]
fn four_lanes_do_what_the_reference_does() {
    if have_tools() {
        let design = design::<1, 4, 4>();
        assert_eq!(spikevec_verilated::lint(&design).unwrap(), "");
        streams(&design, 4);
    }
}
