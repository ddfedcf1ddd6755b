//! Contents of the data memories while a file is read.

use spikevec_isa::Memory;

use super::diagnostic::{Diagnostic, Span};
use super::expr::Expr;
use crate::elf::physical_window;
use crate::image::Segment;

/// Bytes that one directive may write, and all of a file together: more is certainly a slip.
pub(crate) const MAX_RUN: i64 = 64 << 20;

/// A run of bytes and the line that began it.
#[derive(Debug)]
pub(crate) struct Chunk {
    pub segment: Segment,
    pub span: Span,
}

/// A value to be filled in when all symbols are known.
#[derive(Debug)]
pub(crate) struct Fix {
    chunk: usize,
    offset: usize,
    /// Bytes: 1, 2 or 4.
    pub width: usize,
    pub value: Expr,
    pub span: Span,
}

#[derive(Debug, Default)]
pub(crate) struct Data {
    pub chunks: Vec<Chunk>,
    pub fixes: Vec<Fix>,
    /// Where each memory's next byte goes, by the memory's number.
    cursors: [u32; 5],
    /// The chunk that the next byte of each memory continues.
    open: [Option<usize>; 5],
    /// Bytes of all chunks.
    written: u64,
}

impl Data {
    /// Address of the next byte of `memory`.
    pub fn address(&self, memory: Memory) -> u32 {
        self.cursors[memory as usize]
    }

    /// Moves on to `address` without writing.
    pub fn seek(&mut self, memory: Memory, address: u32) {
        self.cursors[memory as usize] = address;
        self.open[memory as usize] = None;
    }

    /// Writes `bytes` and returns where they are: the chunk and the offset in it.
    pub fn write(
        &mut self,
        memory: Memory,
        bytes: &[u8],
        span: Span,
    ) -> Result<(usize, usize), Diagnostic> {
        let address = self.address(memory);
        let end = u64::from(address) + bytes.len() as u64;
        let (_, limit) = physical_window(memory);
        if end > u64::from(limit) {
            let message = format!("{memory} ends at {limit:#x}, and this reaches {end:#x}");
            return Err(Diagnostic::new(span, message));
        }
        let written = self.written.saturating_add(bytes.len() as u64);
        if written > MAX_RUN as u64 {
            let message = format!("the file writes more than {MAX_RUN} bytes of contents");
            return Err(Diagnostic::new(span, message)
                .hint("memory that nothing writes is zero: use .org to go on behind it"));
        }
        self.written = written;
        let index = match self.open[memory as usize] {
            Some(index) => index,
            None => {
                self.chunks.push(Chunk {
                    segment: Segment {
                        memory,
                        address,
                        bytes: Vec::new(),
                    },
                    span,
                });
                self.chunks.len() - 1
            }
        };
        self.open[memory as usize] = Some(index);
        let chunk = &mut self.chunks[index].segment.bytes;
        let offset = chunk.len();
        chunk.extend_from_slice(bytes);
        self.cursors[memory as usize] = end as u32;
        Ok((index, offset))
    }

    /// Writes `width` bytes that `value` will fill.
    pub fn write_value(
        &mut self,
        memory: Memory,
        width: usize,
        value: Expr,
        span: Span,
    ) -> Result<(), Diagnostic> {
        let zero = [0; 4];
        let (chunk, offset) = self.write(memory, zero.get(..width).unwrap_or(&zero), span)?;
        self.fixes.push(Fix {
            chunk,
            offset,
            width,
            value,
            span,
        });
        Ok(())
    }

    /// Fills in the value of `fix`.
    pub fn fill(&mut self, fix: &Fix, value: i64) -> Result<(), Diagnostic> {
        let bits = 8 * fix.width as u32;
        let (min, max) = (-(1i64 << (bits - 1)), (1i64 << bits) - 1);
        if value < min || value > max {
            let message = format!("{value} does not fit in {bits} bits: {min} to {max}");
            return Err(Diagnostic::new(fix.span, message));
        }
        let bytes = value.to_le_bytes();
        let there = self
            .chunks
            .get_mut(fix.chunk)
            .and_then(|c| c.segment.bytes.get_mut(fix.offset..fix.offset + fix.width));
        if let Some(there) = there {
            there.copy_from_slice(&bytes[..fix.width]);
        }
        Ok(())
    }

    /// The segments, or an error at each line that writes over another.
    pub fn finish(self) -> Result<Vec<Segment>, Vec<Diagnostic>> {
        let mut order: Vec<&Chunk> = self.chunks.iter().collect();
        order.sort_by_key(|c| (c.segment.memory, c.segment.address));
        let mut errors = Vec::new();
        for pair in order.windows(2) {
            let [a, b] = pair else { continue };
            let end = u64::from(a.segment.address) + a.segment.bytes.len() as u64;
            if a.segment.memory == b.segment.memory && end > u64::from(b.segment.address) {
                let (late, early) = if a.span > b.span { (a, b) } else { (b, a) };
                errors.push(Diagnostic::new(
                    late.span,
                    format!(
                        "this writes over what begins in line {}: {} from {:#x}",
                        early.span.line, b.segment.memory, b.segment.address
                    ),
                ));
            }
        }
        if errors.is_empty() {
            Ok(self.chunks.into_iter().map(|c| c.segment).collect())
        } else {
            Err(errors)
        }
    }
}
