//! Where a random program's constants and data are.

use spikevec_isa::{LANES, Memory, Op, Target, Vector};

use super::{Generator, Shape};
use crate::programs::code::csr;
use crate::programs::{Seed, Segment, lane_segments, vector_bytes, word_bytes};

/// Scalar registers of any value.
pub const POOL_X: [u8; 5] = [5, 6, 7, 8, 9];
/// Scalar results of pairs.
pub const TEMP_X: [u8; 3] = [10, 11, 12];
/// Vector registers of any value: with the numbers of the scalar ones, which a comparison of numbers
/// must tell apart.
pub const POOL_V: [u8; 6] = [4, 5, 6, 7, 8, 9];
/// Vector results of pairs, likewise.
pub const TEMP_V: [u8; 3] = [10, 11, 12];
/// Counter of passes.
pub const PASSES: u8 = 23;
/// Loop counters, outer and inner.
pub const LOOPS: [u8; 2] = [24, 25];

/// Scalar constants: register and value.
pub const CONSTANTS: [(u8, u32); 8] = [
    (14, 0x8000_0000),
    (15, 1000),
    (16, 37),
    (17, 29),
    (18, 40000),
    (20, SCALAR_AREA),
    (21, VECTOR_AREA),
    (22, 70),
];

/// Scalar memory that stores may touch: 64 words.
pub const SCALAR_AREA: u32 = 256;
/// Its words.
pub const SCALAR_WORDS: u32 = 64;
/// Vector memory that stores may touch: 16 vectors.
pub const VECTOR_AREA: u32 = 1024;
/// Its vectors.
pub const AREA_VECTORS: u32 = 16;
/// Vector memory that DMA may touch, apart from the area.
pub const DMA_AREA: u32 = 2048;
/// Its vectors.
pub const DMA_VECTORS: u32 = 32;
/// Lane-local memory that stores may touch begins here, and ends 64 halfwords later.
pub const LANE_AREA: u32 = 64;

/// Words at scalar 0 that are never written: values that addresses can be made of.
pub const TABLE: [u32; 16] = [
    300, 323, 401, 512, 600, 700, 777, 800, 901, 1000, 1024, 1100, 1203, 1300, 1400, 1500,
];

/// Vector constants by register; vector `k - 24` of vector memory is register `k`.
pub mod vector {
    /// Compares with zero to [`COMPARED`](super::COMPARED): not zero there, and positive.
    pub const MASK: u8 = 24;
    /// Zero where [`MASK`] is not, else -1.
    pub const INVERSE: u8 = 25;
    /// Lane addresses within the area.
    pub const ADDRESSES: u8 = 26;
    /// Lane k is 300 + 31 k.
    pub const EXTRACTED: u8 = 27;
    /// Zero.
    pub const ZERO: u8 = 28;
    /// Lane addresses, a third of them negative.
    pub const MASKED: u8 = 29;
    /// Four times [`ADDRESSES`].
    pub const TIMES_FOUR: u8 = 30;
    /// Ones.
    pub const ONE: u8 = 31;
}

/// Bits of [`vector::MASK`].
pub const COMPARED: u32 = 1000;
/// Seeds of the generators: vectors of vector memory.
pub const SEEDS: [u32; 2] = [8, 9];
/// Random vectors: 10 to 15.
const RANDOM: u32 = 10;

/// Value of lane `k` of the addresses.
fn address(lane: usize) -> i16 {
    (LANE_AREA as usize + 2 * ((lane * 11) % 32)) as i16
}

fn masked(lane: usize) -> i16 {
    if lane % 3 == 1 {
        -1 - 1000 * lane as i16
    } else {
        address(31 - lane)
    }
}

fn constants() -> [Vector; 8] {
    let each = |f: &dyn Fn(usize) -> i16| -> Vector { std::array::from_fn(f) };
    let bit = |lane: usize| COMPARED >> lane & 1 == 1;
    [
        each(&|lane| if bit(lane) { 1 + lane as i16 } else { 0 }),
        each(&|lane| if bit(lane) { 0 } else { -1 }),
        each(&address),
        each(&|lane| 300 + 31 * lane as i16),
        [0; LANES],
        each(&masked),
        each(&|lane| 4 * address(lane)),
        [1; LANES],
    ]
}

/// All data of a program.
pub fn data(seed: &mut Seed, target: &Target, shape: Shape) -> Vec<Segment> {
    let mut words = TABLE.to_vec();
    words.resize(SCALAR_AREA as usize / 4, 0);
    words.extend((0..SCALAR_WORDS).map(|_| seed.word()));
    let mut vectors = constants().to_vec();
    vectors.extend((0..2).map(|_| std::array::from_fn(|_| seed.bits() as i16 | 1)));
    let end = if shape.dma {
        DMA_AREA / 64 + DMA_VECTORS
    } else {
        DMA_AREA / 64
    };
    while vectors.len() < end as usize {
        vectors.push(std::array::from_fn(|_| seed.lane()));
    }
    let mut all = vec![
        Segment {
            memory: Memory::Scalar,
            address: 0,
            bytes: word_bytes(&words),
        },
        Segment {
            memory: Memory::Vector,
            address: 0,
            bytes: vector_bytes(&vectors),
        },
    ];
    // The first two halfwords of a lane hold addresses, the next two random bits.
    all.extend(lane_segments(
        target,
        LANE_AREA + 128,
        |lane, half| match half {
            0 => address(lane),
            1 => masked(lane),
            _ => seed.lane(),
        },
    ));
    if shape.dma {
        let bytes = DMA_VECTORS * 64;
        let bytes = (0..bytes).map(|_| seed.bits() as u8).collect();
        all.push(Segment {
            memory: Memory::External,
            address: 0,
            bytes,
        });
    }
    all
}

impl Generator {
    /// Gives every register and CSR that the program relies on its value.
    pub(super) fn prologue(&mut self) {
        let code = &mut self.code;
        // mcycle stays stopped where clocks may not show.
        let inhibit = if self.shape.clocks { 0 } else { 1 };
        code.op(Op::Csrrwi, 0, 5, 0, csr("mcountinhibit"));
        for name in [
            "mcycle",
            "mcycleh",
            "minstret",
            "minstreth",
            "mm2s_src_addr",
            "s2mm_count",
        ] {
            code.csr_write(name, 0);
        }
        for (register, value) in CONSTANTS {
            code.li(register, value);
        }
        for (k, register) in POOL_X.iter().chain(&TEMP_X).enumerate() {
            code.op(Op::Lw, *register, 20, 0, 4 * k as i32);
        }
        for k in 0..8 {
            code.op(Op::Vloadv, 24 + k, 0, 0, 64 * i32::from(k));
        }
        for (k, register) in POOL_V.iter().chain(&TEMP_V).enumerate() {
            let at = RANDOM as i32 + k as i32 % 6;
            code.op(Op::Vloadv, *register, 0, 0, 64 * at);
        }
        code.op(Op::Vloadr0, 0, 0, 0, 64 * SEEDS[0] as i32);
        code.op(Op::Vloadr1, 0, 0, 0, 64 * SEEDS[1] as i32);
        code.op(Op::Csrrwi, 0, inhibit, 0, csr("mcountinhibit"));
    }
}
