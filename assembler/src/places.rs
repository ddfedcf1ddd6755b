//! Which bytes of a memory a buffer of the manifest has.

use spikevec_isa::{LANES, Memory};

use crate::image::{Buffer, ElementFormat, Role};

/// Bytes of a group of elements in vector memory.
const GROUP_BYTES: u64 = 2 * LANES as u64;

/// `steps` rows of `groups` pieces of `bytes` bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Places {
    address: u64,
    steps: u64,
    step_stride: u64,
    groups: u64,
    group_stride: u64,
    bytes: u64,
}

impl Places {
    /// Those of `buffer`, whatever it says of itself.
    pub fn of(buffer: &Buffer) -> Self {
        let memory = Memory::from(buffer.memory);
        let neurons = u64::from(buffer.shape.last().copied().unwrap_or(0));
        let rows = match (buffer.role, buffer.shape.as_slice()) {
            (Role::Input | Role::Output | Role::Record, [steps, _]) => u64::from(*steps),
            (_, shape) => {
                let others = shape.iter().rev().skip(1);
                others.fold(1, |n: u64, axis| n.saturating_mul(u64::from(*axis)))
            }
        };
        let one = |bytes: u64| (1, 0, bytes);
        let grouped = memory == Memory::Vector;
        let (groups, group_stride, bytes) = match buffer.format {
            // Rows of bits are padded to words.
            ElementFormat::Bits => one(neurons.div_ceil(32) * 4),
            ElementFormat::U32 | ElementFormat::SpikeList { .. } => one(4 * neurons),
            ElementFormat::Fixed { .. } | ElementFormat::U16 if grouped => {
                let groups = neurons.div_ceil(LANES as u64);
                match u64::from(buffer.vector_stride) {
                    stride if stride > GROUP_BYTES => (groups, stride, GROUP_BYTES),
                    _ => one(groups * GROUP_BYTES),
                }
            }
            ElementFormat::Fixed { .. } | ElementFormat::U16 => one(2 * neurons),
        };
        let stride = match buffer.role {
            // The rows of what has no steps follow each other.
            Role::Control | Role::State => match group_stride {
                0 => bytes,
                stride => stride.saturating_mul(groups),
            },
            _ => u64::from(buffer.step_stride),
        };
        Places {
            address: u64::from(buffer.address),
            steps: rows,
            step_stride: stride,
            groups,
            group_stride,
            bytes,
        }
    }

    /// True where there is not a byte.
    pub fn is_empty(&self) -> bool {
        self.steps == 0 || self.groups == 0 || self.bytes == 0
    }

    /// First byte behind the buffer.
    pub fn end(&self) -> u64 {
        if self.is_empty() {
            return self.address;
        }
        let last = (self.steps - 1).saturating_mul(self.step_stride);
        let group = (self.groups - 1).saturating_mul(self.group_stride);
        self.address
            .saturating_add(last)
            .saturating_add(group)
            .saturating_add(self.bytes)
    }

    /// Bytes of each piece.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// First bytes of all pieces, where the buffer lies within 32 bits of addresses.
    pub fn starts(&self) -> impl Iterator<Item = u64> + use<> {
        let Places {
            address,
            steps,
            step_stride,
            groups,
            group_stride,
            ..
        } = *self;
        let rows = (0..steps).map(move |step| address + step * step_stride);
        rows.flat_map(move |row| (0..groups).map(move |group| row + group * group_stride))
    }

    /// True where it has this byte.
    pub fn has(&self, byte: u64) -> bool {
        let within = |start: u64| (start..start + self.bytes).contains(&byte);
        self.starts().any(within)
    }
}
