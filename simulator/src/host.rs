//! The host's access to the memories of a machine.

use spikevec_isa::Memory;

use crate::machine::Machine;
use crate::state::AccessError;

impl Machine {
    /// Copies `bytes` into a memory. Halfwords and words are little-endian.
    /// An address of lane-local memory is `lane * lane_local_bytes + byte`.
    ///
    /// # Errors
    /// A range outside the memory; nothing is written then. Instruction memory is
    /// written by [`Machine::load_code`] only.
    pub fn write(&mut self, memory: Memory, address: u32, bytes: &[u8]) -> Result<(), AccessError> {
        let (start, length) = (address as usize, bytes.len());
        let (done, size) = match memory {
            Memory::Instruction => return Err(AccessError::Code { address, length }),
            Memory::Scalar => {
                let all = self.state.memories.scalar.bytes_mut();
                (all.write(start, bytes), all.len())
            }
            Memory::Vector => (
                self.state.memories.vector.write(start, bytes),
                self.state.memories.vector.len(),
            ),
            Memory::LaneLocal => (
                self.state.memories.lane_local.write(start, bytes),
                self.state.memories.lane_local.len(),
            ),
            Memory::External => {
                let all = &mut self.state.memories.external;
                (all.write(start, bytes), all.len())
            }
        };
        check(done, memory, address, length, size)
    }

    /// Copies bytes out of a memory; addresses as in [`Machine::write`].
    ///
    /// # Errors
    /// A range outside the memory; `out` is left as it is then.
    pub fn read(&self, memory: Memory, address: u32, out: &mut [u8]) -> Result<(), AccessError> {
        let (start, length) = (address as usize, out.len());
        let (done, size) = match memory {
            Memory::Instruction => {
                let mut code: Vec<u8> = self
                    .code
                    .words()
                    .iter()
                    .flat_map(|w| w.to_le_bytes())
                    .collect();
                code.resize(self.code.capacity_bytes() as usize, 0);
                (copy_out(&code, start, out), code.len())
            }
            Memory::Scalar => {
                let all = self.state.memories.scalar.bytes();
                (all.read(start, out), all.len())
            }
            Memory::Vector => (
                self.state.memories.vector.read(start, out),
                self.state.memories.vector.len(),
            ),
            Memory::LaneLocal => (
                self.state.memories.lane_local.read(start, out),
                self.state.memories.lane_local.len(),
            ),
            Memory::External => {
                let all = &self.state.memories.external;
                (all.read(start, out), all.len())
            }
        };
        check(done, memory, address, length, size)
    }
}

fn check(
    done: bool,
    memory: Memory,
    address: u32,
    length: usize,
    size: usize,
) -> Result<(), AccessError> {
    if done {
        Ok(())
    } else {
        Err(AccessError::Outside {
            memory,
            address,
            length,
            size,
        })
    }
}

fn copy_out(memory: &[u8], start: usize, out: &mut [u8]) -> bool {
    let place = memory.get(start..).and_then(|rest| rest.get(..out.len()));
    place.map(|place| out.copy_from_slice(place)).is_some()
}
