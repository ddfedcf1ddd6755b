//! The order in which a population's neurons stand.

use crate::reference::{Recording, Spikes};

/// The order of a source's or a population's neurons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Neurons {
    /// Row-major, as in the file.
    AsInFile,
    /// So many channels, of which the file has one after the other, side by side: `(y, x, c)`
    /// where the file has `(c, y, x)`.
    ChannelsLast(usize),
}

impl Neurons {
    /// The order with so many channels side by side.
    pub fn of_channels(channels: usize) -> Self {
        match channels {
            0 | 1 => Neurons::AsInFile,
            _ => Neurons::ChannelsLast(channels),
        }
    }

    /// The file's index of the neuron at `place` of `size`.
    pub fn of_file(self, place: usize, size: usize) -> usize {
        match self {
            Neurons::AsInFile => place,
            Neurons::ChannelsLast(channels) => {
                place % channels * (size / channels) + place / channels
            }
        }
    }

    /// Place of the file's neuron `neuron` of `size`.
    pub fn place(self, neuron: usize, size: usize) -> usize {
        match self {
            Neurons::AsInFile => neuron,
            Neurons::ChannelsLast(channels) => {
                let positions = size / channels;
                neuron % positions * channels + neuron / positions
            }
        }
    }

    /// Puts values of the file's neurons into this order.
    pub fn arrange(self, values: &mut [f64]) {
        let size = values.len();
        self.permute(values, |place| self.of_file(place, size));
    }

    /// Puts values in this order back into the file's.
    fn restore(self, values: &mut [f64]) {
        let size = values.len();
        self.permute(values, |neuron| self.place(neuron, size));
    }

    fn permute(self, values: &mut [f64], from: impl Fn(usize) -> usize) {
        if self != Neurons::AsInFile {
            let old = values.to_vec();
            for (place, value) in values.iter_mut().enumerate() {
                *value = old[from(place)];
            }
        }
    }

    /// Puts each step's spikes of the file's neurons into this order.
    pub fn arrange_spikes(self, spikes: &mut Spikes, size: usize) {
        self.renumber(spikes, |neuron| self.place(neuron, size));
    }

    fn renumber(self, spikes: &mut Spikes, to: impl Fn(usize) -> usize) {
        if self != Neurons::AsInFile {
            for step in spikes {
                for spike in step.iter_mut() {
                    *spike = to(*spike as usize) as u32;
                }
                step.sort_unstable();
            }
        }
    }

    /// Puts what population `k` of `size` neurons did back into the file's order.
    pub fn restore_recording(self, recording: &mut Recording, k: usize, size: usize) {
        self.renumber(&mut recording.spikes[k], |place| self.of_file(place, size));
        for step in recording.membranes[k].chunks_mut(size.max(1)) {
            self.restore(step);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_stand_side_by_side_and_go_back() {
        // Two channels of three positions.
        let order = Neurons::of_channels(2);
        let mut values = [0.0, 1.0, 2.0, 10.0, 11.0, 12.0];
        order.arrange(&mut values);
        assert_eq!(values, [0.0, 10.0, 1.0, 11.0, 2.0, 12.0]);
        let mut recording = Recording {
            spikes: vec![vec![vec![1, 3, 4]]],
            membranes: vec![values.to_vec()],
        };
        order.restore_recording(&mut recording, 0, 6);
        assert_eq!(recording.membranes[0], [0.0, 1.0, 2.0, 10.0, 11.0, 12.0]);
        assert_eq!(recording.spikes[0], [[2, 3, 4]]);
        order.arrange_spikes(&mut recording.spikes[0], 6);
        assert_eq!(recording.spikes[0], [[1, 3, 4]]);
        for place in 0..6 {
            assert_eq!(order.place(order.of_file(place, 6), 6), place);
        }
    }
}
