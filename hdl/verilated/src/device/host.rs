//! The host's access to memories, a word of 32 bits at a time.

use spikevec_isa::{LANES, Memory};

use super::{Device, DeviceError};

/// Clocks within which the host port answers.
const PATIENCE: u64 = 256;

/// Clocks after a write in which it may still be refused.
const REFUSAL: u64 = 4;

impl Device {
    /// Bytes of a memory; of lane-local memory, all lanes'.
    fn size(&self, memory: Memory) -> u64 {
        match memory {
            Memory::External => self.external.bytes().len() as u64,
            Memory::LaneLocal => u64::from(self.target.lane_local_bytes) * LANES as u64,
            other => u64::from(self.target.bytes(other)),
        }
    }

    fn check(&mut self, memory: Memory, address: u32, length: usize) -> Result<(), DeviceError> {
        let size = self.size(memory);
        if u64::from(address) + length as u64 > size {
            return Err(DeviceError::Outside {
                memory,
                address,
                length,
                size,
            });
        }
        if !address.is_multiple_of(4) || !length.is_multiple_of(4) {
            return Err(DeviceError::Unaligned {
                memory,
                address,
                length,
            });
        }
        if self.running() {
            return Err(DeviceError::Running);
        }
        Ok(())
    }

    /// Writes a program from address 0 on; words beyond it become zero, which is illegal.
    ///
    /// # Errors
    /// [`DeviceError::ProgramTooLarge`], and as [`Device::write`].
    pub fn load_program(&mut self, words: &[u32]) -> Result<(), DeviceError> {
        let capacity = self.target.instruction_bytes as usize / 4;
        if words.len() > capacity {
            return Err(DeviceError::ProgramTooLarge {
                words: words.len(),
                capacity,
            });
        }
        let rest = self.loaded.saturating_sub(words.len());
        let words = words.iter().copied().chain(std::iter::repeat_n(0, rest));
        let bytes: Vec<u8> = words.flat_map(u32::to_le_bytes).collect();
        self.write(Memory::Instruction, 0, &bytes)?;
        self.loaded = bytes.len() / 4 - rest;
        Ok(())
    }

    /// Copies bytes into a memory. An address of lane-local memory is
    /// `lane * lane_local_bytes + byte`.
    ///
    /// # Errors
    /// [`DeviceError::Outside`], [`DeviceError::Unaligned`], [`DeviceError::Running`]; nothing is
    /// written then. [`DeviceError::Refused`] and [`DeviceError::Silent`] where the core itself
    /// does not do it.
    pub fn write(&mut self, memory: Memory, address: u32, bytes: &[u8]) -> Result<(), DeviceError> {
        self.check(memory, address, bytes.len())?;
        if memory == Memory::External {
            let start = address as usize;
            self.external.bytes_mut()[start..start + bytes.len()].copy_from_slice(bytes);
            return Ok(());
        }
        if memory == Memory::Instruction {
            self.loaded = self.loaded.max((address as usize + bytes.len()) / 4);
        }
        for (k, chunk) in bytes.chunks_exact(4).enumerate() {
            let word = u32::from_le_bytes([chunk[0], chunk[1], chunk[2], chunk[3]]);
            self.write_word(memory, address + 4 * k as u32, word)?;
        }
        for _ in 0..REFUSAL {
            self.refused(memory, address)?;
            self.edge();
        }
        self.refused(memory, address)
    }

    /// Copies bytes out of a memory; addresses as in [`Device::write`].
    ///
    /// # Errors
    /// As [`Device::write`].
    pub fn read(
        &mut self,
        memory: Memory,
        address: u32,
        out: &mut [u8],
    ) -> Result<(), DeviceError> {
        self.check(memory, address, out.len())?;
        if memory == Memory::External {
            let start = address as usize;
            out.copy_from_slice(&self.external.bytes()[start..start + out.len()]);
            return Ok(());
        }
        for (k, chunk) in out.chunks_exact_mut(4).enumerate() {
            let word = self.read_word(memory, address + 4 * k as u32)?;
            chunk.copy_from_slice(&word.to_le_bytes());
        }
        Ok(())
    }

    /// Puts one word to the host port as it stands, without checks: what the core says of it is
    /// the answer.
    ///
    /// # Errors
    /// [`DeviceError::Refused`] where an earlier access was refused, [`DeviceError::Silent`].
    pub fn write_word(
        &mut self,
        memory: Memory,
        address: u32,
        word: u32,
    ) -> Result<(), DeviceError> {
        self.refused(memory, address)?;
        self.circuit.set(self.ports.host_data, u64::from(word));
        self.request(memory, address, true)
    }

    /// As [`Device::write_word`], for a read.
    ///
    /// # Errors
    /// [`DeviceError::Refused`], [`DeviceError::Silent`].
    pub fn read_word(&mut self, memory: Memory, address: u32) -> Result<u32, DeviceError> {
        self.request(memory, address, false)?;
        for _ in 0..PATIENCE {
            self.refused(memory, address)?;
            if self.circuit.get(self.ports.host_valid) != 0 {
                return Ok(self.circuit.get(self.ports.host_value) as u32);
            }
            self.edge();
        }
        Err(silent(memory, address))
    }

    /// Error of the clock that is on the port, which is over then.
    fn refused(&mut self, memory: Memory, address: u32) -> Result<(), DeviceError> {
        if self.circuit.get(self.ports.host_error) != 0 {
            self.edge();
            return Err(DeviceError::Refused { memory, address });
        }
        Ok(())
    }

    /// Holds a request until it is taken.
    fn request(&mut self, memory: Memory, address: u32, write: bool) -> Result<(), DeviceError> {
        let Some(number) = memory.port_number().map(u64::from) else {
            return Err(DeviceError::Refused { memory, address });
        };
        let port = if write {
            self.ports.host_write
        } else {
            self.ports.host_read
        };
        self.circuit.set(self.ports.host_memory, number);
        self.circuit
            .set(self.ports.host_address, u64::from(address));
        self.circuit.set(port, 1);
        self.circuit.eval();
        let mut taken = false;
        for _ in 0..PATIENCE {
            taken = self.circuit.get(self.ports.host_ready) != 0;
            self.edge();
            if taken {
                break;
            }
        }
        self.circuit.set(port, 0);
        self.circuit.eval();
        if taken {
            Ok(())
        } else {
            Err(silent(memory, address))
        }
    }
}

fn silent(memory: Memory, address: u32) -> DeviceError {
    DeviceError::Silent {
        memory,
        address,
        clocks: PATIENCE,
    }
}
