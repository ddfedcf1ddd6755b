//! The core's ports, looked up once.

use spikevec_isa::LANES;

use super::event::{Event, LaneStore, VectorBeat, masked};
use crate::{Handle, Instance, Model, VerilatedError, Watch};

/// Clock, host port and state.
pub(super) struct Ports {
    pub clock: Handle,
    pub host_start: Handle,
    pub host_stop: Handle,
    pub host_read: Handle,
    pub host_write: Handle,
    pub host_memory: Handle,
    pub host_address: Handle,
    pub host_data: Handle,
    pub host_ready: Handle,
    pub host_value: Handle,
    pub host_valid: Handle,
    pub host_error: Handle,
    pub running: Handle,
    pub dma_busy: Handle,
    pub cause: Handle,
    pub stop_pc: Handle,
    pub clocks: Handle,
    pub retired: Handle,
    /// Running, and no transfer.
    pub quiet: Watch,
}

impl Ports {
    pub fn new(model: &Model) -> Result<Self, VerilatedError> {
        let input = |name| model.input(name);
        let output = |name| model.output(name);
        let clock = input("clock")?;
        let (running, dma_busy) = (output("running")?, output("dma_busy")?);
        Ok(Ports {
            clock,
            host_start: input("host_start")?,
            host_stop: input("host_stop")?,
            host_read: input("host_read")?,
            host_write: input("host_write")?,
            host_memory: input("host_memory")?,
            host_address: input("host_address")?,
            host_data: input("host_data")?,
            host_ready: output("host_ready")?,
            host_value: output("host_value")?,
            host_valid: output("host_valid")?,
            host_error: output("host_error")?,
            running,
            dma_busy,
            cause: output("cause")?,
            stop_pc: output("stop_pc")?,
            clocks: output("clocks")?,
            retired: output("retired")?,
            quiet: model.watch(clock, &[(running, 1), (dma_busy, 0)])?,
        })
    }
}

/// The retirement port.
pub(super) struct Trace {
    lanes: usize,
    retire: Handle,
    retire_pc: Handle,
    retire_word: Handle,
    retire_x: Handle,
    retire_rd: Handle,
    retire_value: Handle,
    scalar_store: Handle,
    scalar_store_address: Handle,
    scalar_store_mask: Handle,
    scalar_store_data: Handle,
    vector_write: Handle,
    vector_write_register: Handle,
    vector_write_data: Handle,
    vector_store: Handle,
    vector_store_word: Handle,
    vector_store_data: Handle,
    lane_store: Handle,
    lane_store_lanes: Handle,
    lane_store_beat: Handle,
    lane_store_data: Handle,
    lane_store_address: Handle,
}

/// Bits of a lane's byte address on the port.
const ADDRESS_BITS: usize = 17;

/// `width` bits (up to 32) of `words` from bit `at` on.
fn field(words: &[u32], at: usize, width: usize) -> u32 {
    let word = |k: usize| u64::from(words.get(k).copied().unwrap_or(0));
    let pair = word(at / 32) | word(at / 32 + 1) << 32;
    ((pair >> (at % 32)) & ((1 << width) - 1)) as u32
}

impl Trace {
    /// `None` where the build has none.
    pub fn new(model: &Model, lanes: usize) -> Result<Option<Self>, VerilatedError> {
        if !model.ports().iter().any(|port| port.name == "retire") {
            return Ok(None);
        }
        let output = |name| model.output(name);
        Ok(Some(Trace {
            lanes,
            retire: output("retire")?,
            retire_pc: output("retire_pc")?,
            retire_word: output("retire_word")?,
            retire_x: output("retire_x")?,
            retire_rd: output("retire_rd")?,
            retire_value: output("retire_value")?,
            scalar_store: output("scalar_store")?,
            scalar_store_address: output("scalar_store_address")?,
            scalar_store_mask: output("scalar_store_mask")?,
            scalar_store_data: output("scalar_store_data")?,
            vector_write: output("vector_write")?,
            vector_write_register: output("vector_write_register")?,
            vector_write_data: output("vector_write_data")?,
            vector_store: output("vector_store")?,
            vector_store_word: output("vector_store_word")?,
            vector_store_data: output("vector_store_data")?,
            lane_store: output("lane_store")?,
            lane_store_lanes: output("lane_store_lanes")?,
            lane_store_beat: output("lane_store_beat")?,
            lane_store_data: output("lane_store_data")?,
            lane_store_address: output("lane_store_address")?,
        }))
    }

    /// Appends this clock's events, those of the oldest instructions first.
    pub fn sample(&self, circuit: &mut Instance, dma_busy: Handle, events: &mut Vec<Event>) {
        let beats = (LANES / self.lanes) as u32;
        if circuit.get(self.vector_write) != 0 {
            // A physical register is 8 r + beat whatever the number of lanes.
            let place = circuit.get(self.vector_write_register) as u32;
            events.push(Event::VectorWrite {
                register: (place / 8) as u8,
                data: self.beat(circuit, place % 8, self.vector_write_data),
            });
        }
        if circuit.get(self.retire) != 0 {
            let rd = circuit.get(self.retire_rd) as u8;
            let writes = circuit.get(self.retire_x) != 0 && rd != 0;
            let value = circuit.get(self.retire_value) as u32;
            events.push(Event::Retire {
                pc: circuit.get(self.retire_pc) as u32,
                word: circuit.get(self.retire_word) as u32,
                scalar: writes.then_some((rd, value)),
                dma_busy: circuit.get(dma_busy) != 0,
            });
        }
        if circuit.get(self.scalar_store) != 0 {
            let mask = circuit.get(self.scalar_store_mask) as u8;
            events.push(Event::ScalarStore {
                address: circuit.get(self.scalar_store_address) as u32,
                mask,
                data: masked(circuit.get(self.scalar_store_data) as u32, mask),
            });
        }
        if circuit.get(self.vector_store) != 0 {
            let word = circuit.get(self.vector_store_word) as u32;
            events.push(Event::VectorStore {
                address: word / beats * 64,
                data: self.beat(circuit, word % beats, self.vector_store_data),
            });
        }
        if circuit.get(self.lane_store) != 0 {
            self.lane_store(circuit, events);
        }
    }

    fn beat(&self, circuit: &mut Instance, beat: u32, port: Handle) -> VectorBeat {
        let mut words = [0; LANES / 2];
        circuit.get_words(port, &mut words);
        let lane = |k| {
            if k < self.lanes {
                field(&words, 16 * k, 16) as i16
            } else {
                0
            }
        };
        VectorBeat {
            beat: beat as u8,
            lanes: std::array::from_fn(lane),
        }
    }

    fn lane_store(&self, circuit: &mut Instance, events: &mut Vec<Event>) {
        let enables = circuit.get(self.lane_store_lanes) as u32;
        if enables == 0 {
            return;
        }
        let beat = circuit.get(self.lane_store_beat) as u32;
        let mut data = self.beat(circuit, beat, self.lane_store_data);
        let mut words = [0; LANES * ADDRESS_BITS / 32];
        circuit.get_words(self.lane_store_address, &mut words);
        let mut addresses = [0; LANES];
        for (lane, address) in addresses.iter_mut().enumerate() {
            if lane < self.lanes && enables >> lane & 1 == 1 {
                *address = field(&words, ADDRESS_BITS * lane, ADDRESS_BITS);
            } else {
                data.lanes[lane] = 0;
            }
        }
        events.push(Event::LaneStore(LaneStore {
            data,
            enables,
            addresses,
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn fields_cross_words() {
        let words = [0xffff_0000, 0x0000_00ff];
        assert_eq!(field(&words, 16, 17), 0x1_ffff);
        assert_eq!(field(&words, 24, 17), 0xffff);
        assert_eq!(field(&words, 40, 17), 0);
        assert_eq!(field(&words, 0, 32), 0xffff_0000);
    }
}
