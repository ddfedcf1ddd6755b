//! DMA engines in Verilator, each with a vector memory that the test plays.

use std::sync::OnceLock;

use rust_hdl::prelude::*;
use spikevec_design::Design;
use spikevec_hdl::dma::{DmaEngine, DmaParameters};
use spikevec_verilated::burst::{ExternalInputs, ExternalOutputs, ExternalPins};
use spikevec_verilated::{Handle, Instance, Model};

use crate::bench::{Random, have_tools};

/// An engine under test.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    pub name: &'static str,
    pub lanes: usize,
    pub burst_vectors: u32,
    pub vector_bytes: u32,
    pub external_bytes: u32,
}

const fn small(name: &'static str, lanes: usize, burst_vectors: u32) -> Shape {
    Shape {
        name,
        lanes,
        burst_vectors,
        vector_bytes: 40 * 64,
        external_bytes: 56 * 64,
    }
}

pub const ENGINES: [Shape; 6] = [
    small("wide", 32, 4),
    small("single", 32, 1),
    small("half", 16, 16),
    small("quarter", 8, 3),
    small("narrow", 4, 255),
    Shape {
        vector_bytes: 8 << 20,
        external_bytes: 1 << 31,
        ..small("greatest", 4, 255)
    },
];

fn parameters(at: usize) -> DmaParameters {
    DmaParameters {
        vector_bytes: ENGINES[at].vector_bytes,
        external_bytes: ENGINES[at].external_bytes,
        burst_vectors: ENGINES[at].burst_vectors,
    }
}

pub fn design() -> Design {
    let mut blocks: [Box<dyn Block>; 6] = [
        Box::new(DmaEngine::<32>::new(&parameters(0))),
        Box::new(DmaEngine::<32>::new(&parameters(1))),
        Box::new(DmaEngine::<16>::new(&parameters(2))),
        Box::new(DmaEngine::<8>::new(&parameters(3))),
        Box::new(DmaEngine::<4>::new(&parameters(4))),
        Box::new(DmaEngine::<4>::new(&parameters(5))),
    ];
    for block in &mut blocks {
        block.connect_all();
    }
    let named = ENGINES.iter().zip(&blocks);
    let blocks: Vec<_> = named.map(|(shape, b)| (shape.name, b.as_ref())).collect();
    spikevec_emitter::bench("dma_engines", &blocks).unwrap()
}

/// Everything that an engine drives but `csr_value`; data only where they are valid.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shown {
    pub busy: bool,
    /// Byte address.
    pub read: Option<usize>,
    pub write: Option<(usize, Vec<u8>)>,
    pub external: ExternalInputs,
}

pub struct Circuit {
    instance: Instance,
    pub lanes: usize,
    clock: Handle,
    csr_write: Handle,
    csr_channel: Handle,
    csr_register: Handle,
    csr_data: Handle,
    csr_value: Handle,
    busy: Handle,
    read: Handle,
    read_address: Handle,
    read_grant: Handle,
    read_data: Vec<Handle>,
    write: Handle,
    write_address: Handle,
    write_data: Vec<Handle>,
    write_grant: Handle,
    external: ExternalPins,
    pub vector: Vec<u8>,
}

impl Circuit {
    /// The engine at this place of [`ENGINES`], or none where the tools are missing.
    pub fn new(at: usize) -> Option<Self> {
        static MODEL: OnceLock<Model> = OnceLock::new();
        if MODEL.get().is_none() && !have_tools() {
            return None;
        }
        let build = || Model::new(&design()).unwrap_or_else(|error| panic!("{error}"));
        let model = MODEL.get_or_init(build);
        let Shape { name, lanes, .. } = ENGINES[at];
        let input = |port: &str| model.input(&format!("{name}_{port}")).unwrap();
        let output = |port: &str| model.output(&format!("{name}_{port}")).unwrap();
        Some(Self {
            instance: model.instance(),
            lanes,
            clock: input("clock"),
            csr_write: input("csr_write"),
            csr_channel: input("csr_channel"),
            csr_register: input("csr_register"),
            csr_data: input("csr_data"),
            csr_value: output("csr_value"),
            busy: output("busy"),
            read: output("memory_read"),
            read_address: output("memory_read_address"),
            read_grant: input("memory_read_grant"),
            read_data: (0..lanes)
                .map(|i| input(&format!("memory_read_data_{i}")))
                .collect(),
            write: output("memory_write"),
            write_address: output("memory_write_address"),
            write_data: (0..lanes)
                .map(|i| output(&format!("memory_write_data_{i}")))
                .collect(),
            write_grant: input("memory_write_grant"),
            external: ExternalPins::new(model, &format!("{name}_"), lanes).unwrap(),
            vector: vec![0; ENGINES[at].vector_bytes as usize],
        })
    }

    /// Reads a register in this clock.
    pub fn csr(&mut self, channel: u64, register: u64) -> u32 {
        self.instance.set(self.csr_channel, channel);
        self.instance.set(self.csr_register, register);
        self.instance.eval();
        self.instance.get(self.csr_value) as u32
    }

    pub fn shown(&mut self) -> Shown {
        let mut shown = Shown {
            busy: self.instance.get(self.busy) != 0,
            external: self.external.sample(&mut self.instance),
            ..Shown::default()
        };
        if self.instance.get(self.read) != 0 {
            shown.read = Some(self.instance.get(self.read_address) as usize * self.lanes * 2);
        }
        if self.instance.get(self.write) != 0 {
            let at = self.instance.get(self.write_address) as usize * self.lanes * 2;
            let halfwords = self.write_data.iter();
            let bytes = halfwords.flat_map(|h| (self.instance.get(*h) as u16).to_le_bytes());
            shown.write = Some((at, bytes.collect()));
        }
        shown
    }

    /// Drives the pins of external memory and the grants of a clock, and gives what is shown then.
    pub fn drive(&mut self, outputs: &ExternalOutputs, read: bool, write: bool) -> Shown {
        self.external.drive(&mut self.instance, outputs);
        self.instance.set(self.read_grant, read.into());
        self.instance.set(self.write_grant, write.into());
        self.instance.eval();
        self.shown()
    }

    /// Ends a clock. A word that the engine or, with `core_reads`, another reads is on the
    /// read port from then on.
    pub fn clock(
        &mut self,
        shown: &Shown,
        read: bool,
        write: bool,
        csr: Option<(u64, u64, u32)>,
        core_reads: bool,
        random: &mut Random,
    ) {
        self.instance.set(self.csr_write, csr.is_some().into());
        if let Some((channel, register, value)) = csr {
            self.instance.set(self.csr_channel, channel);
            self.instance.set(self.csr_register, register);
            self.instance.set(self.csr_data, value.into());
        }
        let from = shown.read.filter(|_| read);
        let word = from.map(|at| self.vector[at..at + 2 * self.lanes].to_vec());
        if let Some((at, bytes)) = shown.write.as_ref().filter(|_| write) {
            self.vector[*at..at + bytes.len()].copy_from_slice(bytes);
        }
        self.instance.tick(self.clock);
        self.instance.set(self.csr_write, 0);
        let word = match word {
            Some(word) => word,
            None if core_reads => (0..2 * self.lanes).map(|_| random.next() as u8).collect(),
            None => return,
        };
        for (pin, pair) in self.read_data.iter().zip(word.chunks_exact(2)) {
            let halfword = u16::from_le_bytes([pair[0], pair[1]]);
            self.instance.set(*pin, halfword.into());
        }
        self.instance.eval();
    }
}
