//! Loads of words that have just been stored.

use super::table::STORE_TO_LOAD;

/// The last stores to a memory. A load in the clock `h` waits only for those of the
/// clocks `h - 1` and `h - 2`, so that two are enough.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Stores([Store; 2]);

#[derive(Debug, Clone, Copy, Default)]
struct Store {
    word: u32,
    /// The clock from which a load of the word may leave A.
    loads: u64,
}

impl Stores {
    #[inline(always)]
    pub fn push(&mut self, word: u32, h: u64) {
        let loads = h + STORE_TO_LOAD;
        self.0 = [Store { word, loads }, self.0[0]];
    }

    /// The clock from which `word` may be loaded.
    #[inline(always)]
    pub fn ready(&self, word: u32) -> u64 {
        let each = self
            .0
            .map(|store| if store.word == word { store.loads } else { 0 });
        each[0].max(each[1])
    }
}
