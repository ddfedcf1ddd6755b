//! Words on their way.

use spikevec_isa::VECTOR_BYTES;

use super::port::Word;

/// Words that an engine holds for one direction.
pub(super) const DEPTH: usize = 3;

/// Up to [`DEPTH`] words.
#[derive(Debug, Clone)]
pub(super) struct Queue {
    words: [Word; DEPTH],
    first: usize,
    count: usize,
}

impl Queue {
    pub fn new() -> Self {
        Queue {
            words: [[0; VECTOR_BYTES as usize]; DEPTH],
            first: 0,
            count: 0,
        }
    }

    pub fn len(&self) -> usize {
        self.count
    }

    /// The oldest word; some word where there is none.
    pub fn head(&self) -> &Word {
        &self.words[self.first]
    }

    pub fn take(&mut self) {
        if self.count > 0 {
            self.first = (self.first + 1) % DEPTH;
            self.count -= 1;
        }
    }

    /// Appends a word if there is a place.
    pub fn put(&mut self, word: &Word) {
        if self.count < DEPTH {
            self.words[(self.first + self.count) % DEPTH] = *word;
            self.count += 1;
        }
    }

    pub fn clear(&mut self) {
        self.count = 0;
    }
}
