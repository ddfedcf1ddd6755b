//! All blocks under one top module, and random numbers.

use std::sync::OnceLock;

use rust_hdl::prelude::*;
use spikevec_design::Design;
use spikevec_hdl::decode::Decoder;
use spikevec_hdl::lane::*;
use spikevec_hdl::leaf::*;
use spikevec_hdl::scalar::*;
use spikevec_verilated::{Handle, Instance, Model, VerilatedError};

pub type Bytes = Memory<64, 5, 8, 2>;
pub type Words = Memory<16, 4, 1, 1>;
pub type Small = Multiplier<16, 8, 24, 1>;
pub type Scalar = Multiplier<33, 33, 66, 2>;
pub type Deep = Multiplier<33, 33, 66, 3>;
pub type Vector512 = Pack<32, 16, 512>;
pub type Lanes512 = Unpack<32, 16, 512>;
pub type Uneven = Join<3, 30, 33>;

pub const BYTES_DEPTH: usize = 24;

pub fn bytes() -> Bytes {
    Memory::with_depth(Style::Block, BYTES_DEPTH)
}

pub fn words() -> Words {
    Memory::new(Style::Ultra)
}

macro_rules! blocks {
    ($($name:literal: $block:expr;)+) => {
        pub fn design() -> Design {
            let mut blocks: Vec<(&str, Box<dyn Block>)> = vec![$(($name, Box::new($block))),+];
            for (_, block) in &mut blocks {
                block.connect_all();
            }
            let blocks: Vec<_> = blocks.iter().map(|(n, b)| (*n, b.as_ref())).collect();
            spikevec_emitter::bench("blocks", &blocks).unwrap()
        }
    };
}

blocks! {
    "bytes": bytes();
    "words": words();
    "small_multiplier": Small::default();
    "scalar_multiplier": Scalar::default();
    "deep_multiplier": Deep::default();
    "pack": Vector512::default();
    "unpack": Lanes512::default();
    "uneven": Uneven::default();
    "reverse": Reverse::<16>::default();
    "add_subtract": AddSubtract::default();
    "bitwise_and": And::default();
    "and_add": AndAdd::default();
    "shift_mask": ShiftMask::default();
    "compare": Compare::default();
    "fill": Fill::default();
    "generator": Generator::new(1);
    "rng_step": RngStep::default();
    "multiply": Multiply::default();
    "multiply_path": MultiplyPath::default();
    "rounding": Rounding::default();
    "round_shift": RoundShift::default();
    "narrow": Narrow::default();
    "select": Select::default();
    "shift": Shift::default();
    "decoder": Decoder::default();
    "registers": Registers::default();
    "scalar_control": ScalarControl::default();
    "alu": Alu::default();
    "bit_count": BitCount::default();
    "branch_condition": Condition::default();
    "divider": Divider::default();
    "load_align": LoadAlign::default();
    "store_align": StoreAlign::default();
    "address_check": AddressCheck::default();
    "csrs": Csrs::default();
    "csr_decode": CsrDecode::default();
    "scalar_multiply": ScalarMultiply::default();
}

/// True where Verilator and a compiler are there; else the line that says what is missing.
pub fn have_tools() -> bool {
    match spikevec_verilated::check_tools() {
        Ok(()) => true,
        Err(error @ VerilatedError::Missing { .. }) => {
            println!("skipped: {error}");
            false
        }
        Err(error) => panic!("{error}"),
    }
}

/// A circuit with all blocks, or none (and a line that says why) where the tools are missing.
pub fn instance() -> Option<Bench> {
    static MODEL: OnceLock<Model> = OnceLock::new();
    if MODEL.get().is_none() && !have_tools() {
        return None;
    }
    let build = || Model::new(&design()).unwrap_or_else(|error| panic!("{error}"));
    let instance = MODEL.get_or_init(build).instance();
    Some(Bench { instance })
}

pub struct Bench {
    pub instance: Instance,
}

impl Bench {
    pub fn input(&self, name: &str) -> Handle {
        self.instance.model().input(name).unwrap()
    }

    pub fn output(&self, name: &str) -> Handle {
        self.instance.model().output(name).unwrap()
    }

    pub fn inputs<const N: usize>(&self, block: &str, names: [&str; N]) -> [Handle; N] {
        names.map(|name| self.input(&format!("{block}_{name}")))
    }

    pub fn outputs<const N: usize>(&self, block: &str, names: [&str; N]) -> [Handle; N] {
        names.map(|name| self.output(&format!("{block}_{name}")))
    }

    /// Sets some inputs and lets the circuit settle.
    pub fn drive<const N: usize>(&mut self, inputs: [Handle; N], values: [u64; N]) {
        for (input, value) in inputs.into_iter().zip(values) {
            self.instance.set(input, value);
        }
        self.instance.eval();
    }
}

/// SplitMix64.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// A number of `bits` bits: at its bounds as often as anywhere.
    pub fn bits(&mut self, bits: u32) -> u64 {
        let ones = u64::MAX >> (64 - bits);
        match self.below(8) {
            0 => 0,
            1 => ones,
            2 => ones >> 1,
            3 => (ones >> 1) + 1,
            4 => self.below(4) & ones,
            _ => self.next() & ones,
        }
    }
}
