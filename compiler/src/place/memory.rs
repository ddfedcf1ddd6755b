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

/// The data memories of a target as they fill up, from address 0. Nothing is
/// refused before [`MemoryMap::check`], so that the error can list all parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemoryMap {
    target: String,
    sizes: [u64; 2],
    used: [u64; 2],
    /// All parts, in the order of their addresses.
    pub parts: Vec<Allocation>,
}

const MEMORIES: [Memory; 2] = [Memory::Scalar, Memory::Vector];

impl MemoryMap {
    /// Empty memories of `target`.
    pub fn new(target: &Target) -> Self {
        let sizes = MEMORIES.map(|memory| u64::from(target.bytes(memory)));
        MemoryMap {
            target: target.name.clone(),
            sizes,
            used: [0; 2],
            parts: Vec::new(),
        }
    }

    fn take(&mut self, which: usize, name: &str, bytes: u64) -> u32 {
        // Beyond 4 GiB nothing has an address; `check` refuses that before use.
        let address = u32::try_from(self.used[which]).unwrap_or(u32::MAX);
        self.used[which] += bytes;
        if bytes > 0 {
            self.parts.push(Allocation {
                memory: MEMORIES[which],
                name: name.to_owned(),
                address,
                bytes,
            });
        }
        address
    }

    /// Takes `bytes` (a multiple of 4) of scalar memory and gives their address.
    pub fn scalar(&mut self, name: &str, bytes: u32) -> u32 {
        self.take(0, name, u64::from(bytes))
    }

    /// Takes `bytes` (a multiple of 64) of vector memory and gives their address.
    pub fn vector(&mut self, name: &str, bytes: u64) -> u32 {
        debug_assert!(bytes.is_multiple_of(u64::from(VECTOR_BYTES)));
        self.take(1, name, bytes)
    }

    /// The next free address of vector memory.
    pub fn vector_mark(&self) -> u32 {
        u32::try_from(self.used[1]).unwrap_or(u32::MAX)
    }

    /// Bytes of scalar memory that are left.
    pub fn scalar_free(&self) -> u32 {
        u32::try_from(self.sizes[0].saturating_sub(self.used[0])).unwrap_or(u32::MAX)
    }

    /// Bytes of vector memory that are left.
    pub fn vector_free(&self) -> u64 {
        self.sizes[1].saturating_sub(self.used[1])
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
