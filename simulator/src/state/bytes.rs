//! A memory of bytes that takes no more of the host than what was written of it.

/// Bytes that are there from the start, and by which it grows.
const PIECE: usize = 1 << 16;

/// Bytes, all zero at first. What lies behind the last write is not stored.
#[derive(Debug, Clone)]
pub(crate) struct Bytes {
    stored: Vec<u8>,
    size: usize,
}

impl Bytes {
    /// `size` bytes.
    pub fn new(size: u32) -> Self {
        let size = size as usize;
        Bytes {
            stored: vec![0; size.min(PIECE)],
            size,
        }
    }

    /// Size in bytes.
    pub fn len(&self) -> usize {
        self.size
    }

    /// What is stored, from byte 0 on. All behind it is zero.
    #[inline(always)]
    pub fn stored(&self) -> &[u8] {
        &self.stored
    }

    /// As [`Bytes::stored`].
    #[inline(always)]
    pub fn stored_mut(&mut self) -> &mut [u8] {
        &mut self.stored
    }

    /// True where the memory has `length` bytes from `start` on.
    pub fn contains(&self, start: usize, length: usize) -> bool {
        let end = start.checked_add(length);
        end.is_some_and(|end| end <= self.size)
    }

    /// Copies bytes in from `start` on; `false`, and nothing, where they do not fit.
    pub fn write(&mut self, start: usize, bytes: &[u8]) -> bool {
        if !self.contains(start, bytes.len()) {
            return false;
        }
        let end = start + bytes.len();
        if end > self.stored.len() {
            let stored = end.next_multiple_of(PIECE).min(self.size);
            self.stored.resize(stored, 0);
        }
        if let Some(place) = self.stored.get_mut(start..end) {
            place.copy_from_slice(bytes);
        }
        true
    }

    /// Copies bytes out from `start` on; `false`, and nothing, where they are not there.
    pub fn read(&self, start: usize, out: &mut [u8]) -> bool {
        if !self.contains(start, out.len()) {
            return false;
        }
        let rest = self.stored.get(start..).unwrap_or_default();
        let there = rest.len().min(out.len());
        let (from_memory, zero) = out.split_at_mut(there);
        from_memory.copy_from_slice(&rest[..there]);
        zero.fill(0);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_written_is_zero_and_takes_no_room() {
        let mut bytes = Bytes::new(1 << 30);
        let mut out = [7; 4];
        assert!(bytes.read((1 << 30) - 4, &mut out) && out == [0; 4]);
        assert!(!bytes.read((1 << 30) - 3, &mut out) && !bytes.write(usize::MAX, &[1]));
        assert_eq!(bytes.stored.len(), PIECE);
        assert!(bytes.write(PIECE - 2, &[1, 2, 3, 4]));
        assert_eq!(bytes.stored.len(), 2 * PIECE);
        assert!(bytes.read(PIECE, &mut out) && out == [3, 4, 0, 0]);
        // A read over the end of what is stored.
        assert!(bytes.write(2 * PIECE - 2, &[5, 6]));
        assert!(bytes.read(2 * PIECE - 2, &mut out) && out == [5, 6, 0, 0]);
        assert_eq!(bytes.stored.len(), 2 * PIECE);
    }
}
