//! What each scalar register is for.

/// Return address of the routine that adds rows.
pub const RETURN: u8 = 1;
/// Steps left.
pub const STEPS: u8 = 2;
/// Middle of the block of states and constants: its address plus [`HOT_BIAS`].
pub const HOT: u8 = 3;
/// Next word of the input.
pub const INPUT: u8 = 4;
/// This step's part of the scalar record.
pub const SCALAR_RECORD: u8 = 5;
/// This step's part of the vector record.
pub const VECTOR_RECORD: u8 = 6;
/// Row address.
pub const ROW: u8 = 7;
/// First neuron of the word that is scanned.
pub const FIRST: u8 = 8;
/// Spikes of the word that are left; in an update, the lanes for which a condition holds.
pub const WORD: u8 = 9;
/// Short-lived values.
pub const SCRATCH: [u8; 4] = [10, 11, 12, 13];
/// Where a spike's weights are added, in code of shared weights.
pub const SUM: u8 = SCRATCH[0];
/// The entry of the neuron that spiked, while there are parts of it left.
pub const ENTRY: u8 = SCRATCH[1];
/// Rows of a window of weights: how many it is short of, then how many are left.
pub const CLIPPED: u8 = SCRATCH[3];
/// Next word of the spikes that are scanned.
pub const SCAN: u8 = 14;
/// End of the words that are scanned.
pub const SCAN_END: u8 = 15;
/// A number that the next instruction uses up: the address of state beyond the reach of
/// [`HOT`], a large increment. Nothing relies on it any longer than that.
pub const FAR: u8 = 16;
/// Registers for spike words and for constants that are worth one.
pub const POOL: std::ops::Range<u8> = 17..32;

/// So much is added to the block's address that signed offsets reach all of its
/// first 4 KiB.
pub const HOT_BIAS: u32 = 2048;
