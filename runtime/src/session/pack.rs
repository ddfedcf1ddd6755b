//! Spikes and numbers as they lie in memory.

/// The word that ends a step in a list of spikes.
pub(crate) const END_OF_STEP: u32 = u32::MAX;

/// Lanes of a vector: the group in which vector memory holds elements.
pub(crate) const GROUP: usize = spikevec_isa::LANES;

/// Bytes of a row of `count` bits, padded to words.
pub(crate) fn bit_row_bytes(count: usize) -> usize {
    count.div_ceil(32) * 4
}

/// Sets the bits of `spikes` in a row; those beyond the row are left out.
pub(crate) fn pack_bits(spikes: &[u32], row: &mut [u8]) {
    for neuron in spikes {
        if let Some(byte) = row.get_mut(*neuron as usize / 8) {
            *byte |= 1 << (neuron % 8);
        }
    }
}

/// The set bits of the first `count` of a row, ascending. Padding is not looked at.
pub(crate) fn unpack_bits(row: &[u8], count: usize) -> Vec<u32> {
    let mut spikes = Vec::new();
    for (k, byte) in row.iter().enumerate() {
        let mut rest = *byte;
        while rest != 0 {
            let neuron = 8 * k as u32 + rest.trailing_zeros();
            if (neuron as usize) < count {
                spikes.push(neuron);
            }
            rest &= rest - 1;
        }
    }
    spikes
}

/// Appends one step of a list of spikes: a word each, then [`END_OF_STEP`].
pub(crate) fn pack_list(spikes: &[u32], base: u32, stride: u32, out: &mut Vec<u8>) {
    for neuron in spikes {
        let word = base.wrapping_add(stride.wrapping_mul(*neuron));
        out.extend_from_slice(&word.to_le_bytes());
    }
    out.extend_from_slice(&END_OF_STEP.to_le_bytes());
}

/// Appends `count` halfwords from `bytes`, whose groups of 32 lie `group_stride` bytes apart.
pub(crate) fn unpack_halfwords(
    bytes: &[u8],
    count: usize,
    group_stride: usize,
    out: &mut Vec<i16>,
) {
    let mut left = count;
    let mut start = 0;
    while left > 0 {
        let now = left.min(GROUP);
        let group = bytes.get(start..).unwrap_or_default();
        let (words, _) = group.as_chunks::<2>();
        out.extend(words.iter().take(now).map(|word| i16::from_le_bytes(*word)));
        left -= now;
        start += group_stride;
    }
}

/// Spikes of a step as the model counts its `neurons`, whose `channels` stand side by side.
pub(crate) fn spikes_of_model(mut spikes: Vec<u32>, neurons: usize, channels: usize) -> Vec<u32> {
    if channels > 1 {
        let (channels, positions) = (channels as u32, (neurons / channels) as u32);
        for spike in &mut spikes {
            *spike = *spike % channels * positions + *spike / channels;
        }
        spikes.sort_unstable();
    }
    spikes
}

/// Puts values of neurons whose `channels` stand side by side into the model's order.
pub(crate) fn values_of_model(values: &mut [i16], channels: usize) {
    if channels > 1 {
        let (stored, positions) = (values.to_vec(), values.len() / channels);
        for (neuron, value) in values.iter_mut().enumerate() {
            *value = stored[neuron % positions * channels + neuron / positions];
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn channels_side_by_side_are_taken_apart() {
        // Two channels of three positions, as (position, channel).
        let mut values = [0, 10, 1, 11, 2, 12];
        values_of_model(&mut values, 2);
        assert_eq!(values, [0, 1, 2, 10, 11, 12]);
        assert_eq!(spikes_of_model(vec![1, 2, 5], 6, 2), [1, 3, 5]);
        assert_eq!(spikes_of_model(vec![1, 2, 5], 6, 1), [1, 2, 5]);
    }
    use proptest::prelude::*;

    /// Reads a list of spikes as a program does.
    fn unpack_list(bytes: &[u8], base: u32, stride: u32) -> Vec<Vec<u32>> {
        let mut steps = vec![Vec::new()];
        for word in bytes.chunks(4) {
            let word = u32::from_le_bytes(word.try_into().unwrap());
            if word == END_OF_STEP {
                steps.push(Vec::new());
            } else {
                steps.last_mut().unwrap().push((word - base) / stride);
            }
        }
        assert_eq!(steps.pop(), Some(vec![]));
        steps
    }

    proptest! {
        #[test]
        fn bits_come_back(set in prop::collection::btree_set(0u32..300, 0..60), count in 300usize..400) {
            let spikes: Vec<u32> = set.into_iter().collect();
            let mut row = vec![0; bit_row_bytes(count)];
            pack_bits(&spikes, &mut row);
            prop_assert_eq!(unpack_bits(&row, count), spikes);
        }

        #[test]
        fn padding_is_not_read(count in 1usize..100) {
            let row = vec![0xff; bit_row_bytes(count)];
            prop_assert_eq!(unpack_bits(&row, count).len(), count);
        }

        #[test]
        fn lists_come_back(
            steps in prop::collection::vec(prop::collection::vec(0u32..1000, 0..10), 0..10),
            base in 0u32..10_000,
            stride in 1u32..5000,
        ) {
            let mut bytes = Vec::new();
            for step in &steps {
                pack_list(step, base, stride, &mut bytes);
            }
            prop_assert_eq!(unpack_list(&bytes, base, stride), steps);
        }

        #[test]
        fn groups_come_back(values in prop::collection::vec(any::<i16>(), 0..130), gap in 0usize..5) {
            let stride = 64 + 64 * gap;
            let mut bytes = Vec::new();
            for group in values.chunks(GROUP) {
                let start = bytes.len();
                bytes.extend(group.iter().flat_map(|value| value.to_le_bytes()));
                bytes.resize(start + stride, 0xaa);
            }
            let mut out = Vec::new();
            unpack_halfwords(&bytes, values.len(), stride, &mut out);
            prop_assert_eq!(out, values);
        }
    }
}
