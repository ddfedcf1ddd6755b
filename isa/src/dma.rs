//! DMA as programs and hosts see it: its two directions and their registers.
//!
//! Programs reach the registers as CSRs ([`Csr::dma`]); the numbers here are those at the engine's
//! own port. docs/dma.md says what happens in which clock.

use crate::csr::Csr;

/// A direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channel {
    /// From external to vector memory (`mm2s_*`).
    ToVector = 0,
    /// From vector to external memory (`s2mm_*`).
    ToExternal = 1,
}

/// A register of a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Register {
    /// First byte to read.
    Source = 0,
    /// First byte to write.
    Destination = 1,
    /// Bytes.
    Count = 2,
    /// Bit 0 starts; reads 0.
    Control = 3,
    /// Status, read only: the bits of [`status`].
    Status = 4,
}

/// Bits of the status registers.
pub mod status {
    /// No transfer under way; reads 1 at reset.
    pub const IDLE: u32 = 1 << 1;
    /// A transfer is about to start.
    pub const STARTING: u32 = 1 << 2;
    /// Data moves.
    pub const TRANSFERRING: u32 = 1 << 3;
    /// External memory answered with an error.
    pub const SLAVE_ERROR: u32 = 1 << 4;
    /// An address or count is misaligned or outside its memory; nothing moved.
    pub const DECODE_ERROR: u32 = 1 << 5;
    /// A start while busy, which was ignored.
    pub const INTERNAL_ERROR: u32 = 1 << 6;
    /// The last transfer has finished.
    pub const DONE: u32 = 1 << 7;
}

impl Csr {
    /// The channel and register of DMA that it is, `None` where it has nothing to do with DMA.
    pub const fn dma(self) -> Option<(Channel, Register)> {
        Some(match self {
            Csr::Mm2sSrcAddr => (Channel::ToVector, Register::Source),
            Csr::Mm2sDstAddr => (Channel::ToVector, Register::Destination),
            Csr::Mm2sCount => (Channel::ToVector, Register::Count),
            Csr::Mm2sControl => (Channel::ToVector, Register::Control),
            Csr::Mm2sStatus => (Channel::ToVector, Register::Status),
            Csr::S2mmSrcAddr => (Channel::ToExternal, Register::Source),
            Csr::S2mmDstAddr => (Channel::ToExternal, Register::Destination),
            Csr::S2mmCount => (Channel::ToExternal, Register::Count),
            Csr::S2mmControl => (Channel::ToExternal, Register::Control),
            Csr::S2mmStatus => (Channel::ToExternal, Register::Status),
            Csr::Mcountinhibit | Csr::Mcycle | Csr::Minstret | Csr::Mcycleh | Csr::Minstreth => {
                return None;
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::csr::CSRS;

    /// Each channel has each register once, called as in the table of CSRs, and only what says how
    /// a transfer goes cannot be written.
    #[test]
    fn every_register_has_a_csr() {
        let all: Vec<_> = CSRS
            .iter()
            .filter_map(|row| Some((row, row.0.dma()?)))
            .collect();
        assert_eq!(all.len(), 10);
        for (k, (row, (channel, register))) in all.into_iter().enumerate() {
            assert_eq!((channel as usize, register as usize), (k / 5, k % 5));
            let prefix = ["mm2s_", "s2mm_"][channel as usize];
            assert!(row.2.starts_with(prefix), "{}", row.2);
            assert_eq!(row.0.is_read_only(), register == Register::Status);
        }
    }
}
