//! Who takes how much of which memory.

use std::fmt;

use spikevec_isa::{Memory, Target, VECTOR_BYTES};

use crate::error::CompileError;

/// A named part of a memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allocation {
    /// The memory.
    pub memory: Memory,
    /// What it is for.
    pub name: String,
    /// First byte.
    pub address: u32,
    /// Size in bytes.
    pub bytes: u64,
}

/// The data memories of a target as they fill up, each from address 0. Nothing is
/// refused before [`MemoryMap::check`], so that the error can list all parts.
///
/// Sizes and addresses of lane-local memory are those of one lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemoryMap {
    target: String,
    sizes: [u64; MEMORIES.len()],
    used: [u64; MEMORIES.len()],
    /// All parts, in the order in which they were taken.
    pub parts: Vec<Allocation>,
}

/// The memories that data can be in.
const MEMORIES: [Memory; 4] = [
    Memory::Scalar,
    Memory::Vector,
    Memory::LaneLocal,
    Memory::External,
];

/// The place of a memory among [`MEMORIES`]. Instruction memory holds no data, and none is taken
/// of it.
fn place(memory: Memory) -> Option<usize> {
    MEMORIES.iter().position(|m| *m == memory)
}

/// What an allocation in a memory must be a multiple of, in bytes.
fn unit(memory: Memory) -> u32 {
    match memory {
        Memory::Instruction | Memory::Scalar => 4,
        Memory::LaneLocal => 2,
        Memory::Vector | Memory::External => VECTOR_BYTES,
    }
}

impl MemoryMap {
    /// Empty memories of `target`.
    pub fn new(target: &Target) -> Self {
        MemoryMap {
            target: target.name.clone(),
            sizes: MEMORIES.map(|memory| u64::from(target.bytes(memory))),
            used: [0; MEMORIES.len()],
            parts: Vec::new(),
        }
    }

    /// Takes `bytes` of a data memory, rounded up to its unit (4 of scalar, 64 of vector and
    /// external memory, 2 of each lane's own), and gives their address.
    pub fn take(&mut self, memory: Memory, name: &str, bytes: u64) -> u32 {
        let bytes = bytes.next_multiple_of(u64::from(unit(memory)));
        let address = self.mark(memory);
        if let Some(used) = place(memory).map(|k| &mut self.used[k]) {
            *used += bytes;
        }
        if bytes > 0 {
            self.parts.push(Allocation {
                memory,
                name: name.to_owned(),
                address,
                bytes,
            });
        }
        address
    }

    /// The next free address of a memory. Beyond 4 GiB nothing has one; [`MemoryMap::check`]
    /// refuses that before use.
    pub fn mark(&self, memory: Memory) -> u32 {
        let used = place(memory).map_or(0, |k| self.used[k]);
        u32::try_from(used).unwrap_or(u32::MAX)
    }

    /// Bytes of a memory that are left.
    pub fn free(&self, memory: Memory) -> u64 {
        place(memory).map_or(0, |k| self.sizes[k].saturating_sub(self.used[k]))
    }

    /// Checks that everything fits.
    ///
    /// # Errors
    /// [`CompileError::TooLarge`] for the first memory that is too small, with its parts.
    pub fn check(&self) -> Result<(), CompileError> {
        for (which, memory) in MEMORIES.into_iter().enumerate() {
            if self.used[which] > self.sizes[which] {
                let mut parts: Vec<&Allocation> =
                    self.parts.iter().filter(|p| p.memory == memory).collect();
                parts.sort_by_key(|p| std::cmp::Reverse(p.bytes));
                let lines: Vec<String> = parts
                    .iter()
                    .map(|p| format!("  {:>10} bytes  {}", p.bytes, p.name))
                    .collect();
                return Err(CompileError::TooLarge {
                    memory,
                    target: self.target.clone(),
                    needed: self.used[which],
                    available: self.sizes[which],
                    parts: lines.join("\n"),
                    remedy: "choose a larger target (--target large), or make the network smaller"
                        .to_owned(),
                });
            }
        }
        Ok(())
    }
}

impl fmt::Display for MemoryMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (which, memory) in MEMORIES.into_iter().enumerate() {
            // Programs of today use the first two, which are always told.
            if which > 1 && self.used[which] == 0 {
                continue;
            }
            writeln!(
                f,
                "  {memory}: {} of {} bytes",
                self.used[which], self.sizes[which]
            )?;
            for p in self.parts.iter().filter(|p| p.memory == memory) {
                writeln!(f, "    {:#08x} {:>8}  {}", p.address, p.bytes, p.name)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_data_memory_fills_up_from_zero_and_says_what_took_it() {
        let mut target = Target::base();
        target.external_bytes = 1 << 20;
        for memory in MEMORIES {
            let mut map = MemoryMap::new(&target);
            assert_eq!(map.free(memory), u64::from(target.bytes(memory)));
            assert_eq!(map.take(memory, "first", 1), 0);
            let next = map.take(memory, "second", 1);
            assert_eq!(next, unit(memory));
            assert!(map.check().is_ok());
            assert!(map.to_string().contains(&memory.to_string()));
            map.take(memory, "too much", map.free(memory) + 1);
            let error = map.check().unwrap_err().to_string();
            assert!(error.contains(&memory.to_string()), "{error}");
            assert!(error.contains("too much"), "{error}");
        }
    }
}
