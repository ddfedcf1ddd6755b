//! The data memories: what instructions and the host can do with them.

use spikevec_isa::stop::Access;
use spikevec_isa::{LANES, Memory, Target, VECTOR_BYTES, Vector};

use super::{Bytes, Dma};

/// A host access that cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// A range outside the memory.
    #[error("{length} bytes at {address:#x} are outside {memory}, which has {size} bytes")]
    Outside {
        /// The memory.
        memory: Memory,
        /// First byte of the access.
        address: u32,
        /// Bytes of the access.
        length: usize,
        /// Bytes of the memory; of lane-local memory, all lanes'.
        size: usize,
    },
    /// A write to instruction memory.
    #[error(
        "instruction memory is not written in bytes ({length} at {address:#x}): load the whole program"
    )]
    Code {
        /// First byte of the access.
        address: u32,
        /// Bytes of the access.
        length: usize,
    },
}

/// Why an access by an instruction failed.
pub(crate) enum Failure {
    Misaligned(Access),
    Outside(Access),
}

#[cold]
fn failure(memory: Memory, address: u32, width: u32, size: usize, lane: Option<u8>) -> Failure {
    let size = u32::try_from(size).unwrap_or(u32::MAX);
    let access = Access {
        memory,
        address,
        width,
        size,
        lane,
    };
    if address.is_multiple_of(width) {
        Failure::Outside(access)
    } else {
        Failure::Misaligned(access)
    }
}

/// The data memories, and what moves vectors between two of them.
#[derive(Debug, Clone)]
pub(crate) struct Memories {
    pub scalar: ScalarMemory,
    pub vector: VectorMemory,
    pub lane_local: LaneMemory,
    pub external: Bytes,
    /// Of runs that are not timed: a timing model has DMA of its own.
    pub dma: Dma,
}

impl Memories {
    /// All zero.
    pub fn new(target: &Target) -> Self {
        Memories {
            scalar: ScalarMemory::new(target.scalar_bytes),
            vector: VectorMemory::new(target.vector_bytes),
            lane_local: LaneMemory::new(target.lane_local_bytes),
            external: Bytes::new(target.external_bytes),
            dma: Dma::default(),
        }
    }
}

/// Scalar memory: bytes.
#[derive(Debug, Clone)]
pub(crate) struct ScalarMemory(Bytes);

impl ScalarMemory {
    pub fn new(bytes: u32) -> Self {
        ScalarMemory(Bytes::new(bytes))
    }

    /// The bytes, for the host.
    pub fn bytes(&self) -> &Bytes {
        &self.0
    }

    /// As [`ScalarMemory::bytes`].
    pub fn bytes_mut(&mut self) -> &mut Bytes {
        &mut self.0
    }

    /// The `N` bytes at `address`, which must be a multiple of `N`.
    #[inline(always)]
    pub fn load<const N: usize>(&self, address: u32) -> Result<[u8; N], Failure> {
        let stored = self.0.stored();
        let bytes = stored
            .get(address as usize..)
            .and_then(|rest| rest.first_chunk());
        match bytes {
            Some(bytes) if address.is_multiple_of(N as u32) => Ok(*bytes),
            _ => self.load_far(address),
        }
    }

    /// A load of what is not stored.
    #[cold]
    fn load_far<const N: usize>(&self, address: u32) -> Result<[u8; N], Failure> {
        let mut bytes = [0; N];
        if address.is_multiple_of(N as u32) && self.0.read(address as usize, &mut bytes) {
            return Ok(bytes);
        }
        Err(self.failure::<N>(address))
    }

    /// Writes the `N` bytes at `address`, which must be a multiple of `N`.
    #[inline(always)]
    pub fn store<const N: usize>(&mut self, address: u32, value: [u8; N]) -> Result<(), Failure> {
        let stored = self.0.stored_mut();
        let bytes = stored
            .get_mut(address as usize..)
            .and_then(|rest| rest.first_chunk_mut());
        match bytes {
            Some(bytes) if address.is_multiple_of(N as u32) => {
                *bytes = value;
                Ok(())
            }
            _ => self.store_far(address, value),
        }
    }

    /// A store to what is not stored.
    #[cold]
    fn store_far<const N: usize>(&mut self, address: u32, value: [u8; N]) -> Result<(), Failure> {
        if address.is_multiple_of(N as u32) && self.0.write(address as usize, &value) {
            return Ok(());
        }
        Err(self.failure::<N>(address))
    }

    fn failure<const N: usize>(&self, address: u32) -> Failure {
        failure(Memory::Scalar, address, N as u32, self.0.len(), None)
    }
}

/// A vector in a cache line of its own: an unaligned one would cost two.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct Line(Vector);

/// A vector that nothing has written.
static ZERO: Line = Line([0; LANES]);

/// Vectors that are there from the start: all of a core's that has a name.
const FIRST_VECTORS: usize = (512 << 10) / VECTOR_BYTES as usize;

/// Vectors by which the memory grows.
const MORE_VECTORS: usize = (64 << 10) / VECTOR_BYTES as usize;

/// Vector memory. It takes no more of the host than up to the last vector that was written: what
/// lies behind is zero.
#[derive(Debug, Clone)]
pub(crate) struct VectorMemory {
    lines: Vec<Line>,
    vectors: usize,
}

impl VectorMemory {
    pub fn new(bytes: u32) -> Self {
        let vectors = (bytes / VECTOR_BYTES) as usize;
        VectorMemory {
            lines: vec![ZERO; vectors.min(FIRST_VECTORS)],
            vectors,
        }
    }

    /// Size in bytes.
    pub fn len(&self) -> usize {
        self.vectors * VECTOR_BYTES as usize
    }

    #[inline(always)]
    pub fn load(&self, address: u32) -> Result<&Vector, Failure> {
        match self.lines.get((address / VECTOR_BYTES) as usize) {
            Some(line) if address.is_multiple_of(VECTOR_BYTES) => Ok(&line.0),
            _ => self.load_far(address),
        }
    }

    /// A load of what is not stored.
    #[cold]
    fn load_far(&self, address: u32) -> Result<&Vector, Failure> {
        self.check(address)?;
        Ok(&ZERO.0)
    }

    #[inline(always)]
    pub fn store(&mut self, address: u32, value: &Vector) -> Result<(), Failure> {
        match self.lines.get_mut((address / VECTOR_BYTES) as usize) {
            Some(line) if address.is_multiple_of(VECTOR_BYTES) => {
                line.0 = *value;
                Ok(())
            }
            _ => self.store_far(address, value),
        }
    }

    /// A store to what is not stored.
    #[cold]
    fn store_far(&mut self, address: u32, value: &Vector) -> Result<(), Failure> {
        self.check(address)?;
        let index = (address / VECTOR_BYTES) as usize;
        self.grow(index + 1);
        if let Some(line) = self.lines.get_mut(index) {
            line.0 = *value;
        }
        Ok(())
    }

    /// Stores `vectors` vectors at least, of those that there are.
    fn grow(&mut self, vectors: usize) {
        if vectors > self.lines.len() {
            let vectors = vectors.next_multiple_of(MORE_VECTORS).min(self.vectors);
            self.lines.resize(vectors, ZERO);
        }
    }

    /// Checks the address of an instruction.
    fn check(&self, address: u32) -> Result<(), Failure> {
        let inside = ((address / VECTOR_BYTES) as usize) < self.vectors;
        if inside && address.is_multiple_of(VECTOR_BYTES) {
            return Ok(());
        }
        let size = self.len();
        Err(failure(Memory::Vector, address, VECTOR_BYTES, size, None))
    }

    fn contains(&self, start: usize, length: usize) -> bool {
        start
            .checked_add(length)
            .is_some_and(|end| end <= self.len())
    }

    /// Copies little-endian bytes in from byte `start` on; `false`, and nothing, where they do not fit.
    pub fn write(&mut self, start: usize, bytes: &[u8]) -> bool {
        if !self.contains(start, bytes.len()) {
            return false;
        }
        self.grow((start + bytes.len()).div_ceil(VECTOR_BYTES as usize));
        let mut rest = bytes;
        let mut at = start;
        while !rest.is_empty() {
            let offset = at % VECTOR_BYTES as usize;
            let here = rest.len().min(VECTOR_BYTES as usize - offset);
            let (now, later) = rest.split_at(here);
            let lanes = &mut self.lines[at / VECTOR_BYTES as usize].0;
            let mut line = to_bytes(lanes);
            line[offset..offset + here].copy_from_slice(now);
            *lanes = from_bytes(&line);
            at += here;
            rest = later;
        }
        true
    }

    /// Copies bytes out from byte `start` on; `false`, and nothing, where they are not there.
    pub fn read(&self, start: usize, out: &mut [u8]) -> bool {
        if !self.contains(start, out.len()) {
            return false;
        }
        let mut rest = out;
        let mut at = start;
        while !rest.is_empty() {
            let offset = at % VECTOR_BYTES as usize;
            let here = rest.len().min(VECTOR_BYTES as usize - offset);
            let (now, later) = rest.split_at_mut(here);
            let line = self.lines.get(at / VECTOR_BYTES as usize);
            let line = to_bytes(&line.unwrap_or(&ZERO).0);
            now.copy_from_slice(&line[offset..offset + here]);
            at += here;
            rest = later;
        }
        true
    }
}

/// Little-endian bytes of a vector.
fn to_bytes(lanes: &Vector) -> [u8; VECTOR_BYTES as usize] {
    let mut bytes = [0; VECTOR_BYTES as usize];
    for (pair, lane) in bytes.chunks_exact_mut(2).zip(lanes) {
        pair.copy_from_slice(&lane.to_le_bytes());
    }
    bytes
}

fn from_bytes(bytes: &[u8; VECTOR_BYTES as usize]) -> Vector {
    let mut lanes = [0; LANES];
    for (lane, pair) in lanes.iter_mut().zip(bytes.chunks_exact(2)) {
        *lane = i16::from_le_bytes([pair[0], pair[1]]);
    }
    lanes
}

/// Lane-local memory. Halfword k of all lanes lies together: lanes mostly look
/// near each other, and a lane's memory after the other would put all of them in
/// the same few sets of the host's cache.
#[derive(Debug, Clone)]
pub(crate) struct LaneMemory(Vec<Vector>);

impl LaneMemory {
    pub fn new(bytes: u32) -> Self {
        LaneMemory(vec![[0; LANES]; bytes as usize / 2])
    }

    /// One lane's size in bytes.
    fn lane_bytes(&self) -> usize {
        self.0.len() * 2
    }

    /// Each lane's row, and whether all lanes that `base` does not mask off have a
    /// good address. A masked lane is given row 0, to do nothing there: a mask is
    /// no news to a processor, a branch on it is.
    ///
    /// A sum beyond 16 bits saturates to an odd number, which is not good. The
    /// conditions are kept in sign bits, since that makes a vector loop.
    #[inline(always)]
    fn rows(&self, base: &Vector, offset: i32) -> ([u16; LANES], bool) {
        let last = (self.lane_bytes() as i32 - 1) as i16;
        let mut rows = [0; LANES];
        let mut bad = [0; LANES];
        for lane in 0..LANES {
            let address = base[lane].saturating_add(offset as i16);
            let active = !(base[lane] >> 15);
            rows[lane] = (address & active) as u16 >> 1;
            bad[lane] = active & (address | last.wrapping_sub(address) | (address << 15));
        }
        (rows, bad.iter().fold(0, |all, lane| all | lane) >= 0)
    }

    #[cold]
    fn find_failure(&self, base: &Vector, offset: i32) -> Result<(), Failure> {
        let size = self.lane_bytes();
        for (lane, &start) in base.iter().enumerate() {
            let address = i32::from(start).wrapping_add(offset) as u32;
            if start >= 0 && (address as usize >= size || !address.is_multiple_of(2)) {
                let lane = Some(lane as u8);
                return Err(failure(Memory::LaneLocal, address, 2, size, lane));
            }
        }
        Ok(())
    }

    /// VLOADL: lane i from `base[i] + offset` of its own memory; `old[i]` where `base[i]` is negative.
    #[inline(always)]
    pub fn load(&self, base: &Vector, offset: i32, old: &Vector) -> Result<Vector, Failure> {
        let (rows, good) = self.rows(base, offset);
        if !good {
            self.find_failure(base, offset)?;
        }
        let mut loaded = [0; LANES];
        for lane in 0..LANES {
            if let Some(row) = self.0.get(usize::from(rows[lane])) {
                loaded[lane] = row[lane];
            }
        }
        let mut out = [0; LANES];
        for lane in 0..LANES {
            let masked = base[lane] >> 15;
            out[lane] = (loaded[lane] & !masked) | (old[lane] & masked);
        }
        Ok(out)
    }

    /// VSTOREL. A failing store writes nothing.
    #[inline(always)]
    pub fn store(&mut self, base: &Vector, offset: i32, value: &Vector) -> Result<(), Failure> {
        let (rows, good) = self.rows(base, offset);
        if !good {
            self.find_failure(base, offset)?;
        }
        for lane in 0..LANES {
            if let Some(row) = self.0.get_mut(usize::from(rows[lane])) {
                let masked = base[lane] >> 15;
                row[lane] = (value[lane] & !masked) | (row[lane] & masked);
            }
        }
        Ok(())
    }

    /// All lanes' size in bytes.
    pub fn len(&self) -> usize {
        self.lane_bytes() * LANES
    }

    /// Copies bytes in at `lane * lane_bytes + byte`; `false`, and nothing, where they do not fit.
    pub fn write(&mut self, start: usize, bytes: &[u8]) -> bool {
        if start
            .checked_add(bytes.len())
            .is_none_or(|end| end > self.len())
        {
            return false;
        }
        let size = self.lane_bytes();
        for (k, &byte) in bytes.iter().enumerate() {
            let (lane, at) = ((start + k) / size, (start + k) % size);
            let halfword = &mut self.0[at / 2][lane];
            let mut pair = halfword.to_le_bytes();
            pair[at % 2] = byte;
            *halfword = i16::from_le_bytes(pair);
        }
        true
    }

    /// Copies bytes out; `false`, and nothing, where they are not there.
    pub fn read(&self, start: usize, out: &mut [u8]) -> bool {
        if start
            .checked_add(out.len())
            .is_none_or(|end| end > self.len())
        {
            return false;
        }
        let size = self.lane_bytes();
        for (k, byte) in out.iter_mut().enumerate() {
            let (lane, at) = ((start + k) / size, (start + k) % size);
            *byte = self.0[at / 2][lane].to_le_bytes()[at % 2];
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_memory_takes_what_was_written_of_it() {
        let mut memory = VectorMemory::new(1 << 30);
        let (far, last) = (512u32 << 10, (1u32 << 30) - VECTOR_BYTES);
        assert!(memory.load(last).is_ok_and(|v| *v == [0; LANES]));
        for bad in [far + 2, 1 << 30] {
            assert!(memory.load(bad).is_err() && memory.store(bad, &[1; LANES]).is_err());
        }
        assert_eq!(memory.lines.len(), FIRST_VECTORS);
        assert!(memory.store(far, &[3; LANES]).is_ok());
        assert_eq!(memory.lines.len(), FIRST_VECTORS + MORE_VECTORS);
        assert!(memory.load(far).is_ok_and(|v| *v == [3; LANES]));
        let mut out = [9; 8];
        let edge = memory.lines.len() * VECTOR_BYTES as usize - 4;
        assert!(memory.write(edge, &[1, 2, 3, 4]) && memory.read(edge, &mut out));
        assert_eq!(out, [1, 2, 3, 4, 0, 0, 0, 0]);
        assert!(memory.write(edge, &[5; 8]) && memory.read(edge, &mut out) && out == [5; 8]);
        assert!(!memory.write(last as usize + 60, &[0; 8]));
    }

    #[test]
    fn scalar_memory_does_as_well() {
        let mut memory = ScalarMemory::new(1 << 30);
        assert!(memory.load::<4>((1 << 30) - 4).is_ok_and(|v| v == [0; 4]));
        assert!(memory.load::<4>(1 << 30).is_err() && memory.load::<4>(70_002).is_err());
        assert!(memory.store(70_000, [1u8, 2, 3, 4]).is_ok());
        assert!(memory.load::<2>(70_002).is_ok_and(|v| v == [3, 4]));
        assert!(memory.store(1 << 30, [1u8]).is_err());
        assert!(memory.bytes().stored().len() < 200_000);
    }
}
