//! Control and status registers. An address that is not listed is illegal to access.

/// A control and status register of the core.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Csr {
    /// Counter inhibit: bit 0 stops `mcycle`, bit 2 stops `minstret`; 5 at reset.
    Mcountinhibit,
    /// Clock cycles, low word.
    Mcycle,
    /// Retired instructions, low word.
    Minstret,
    /// Clock cycles, high word.
    Mcycleh,
    /// Retired instructions, high word.
    Minstreth,
    /// DMA from external to vector memory: address in external memory.
    Mm2sSrcAddr,
    /// DMA from external to vector memory: address in vector memory.
    Mm2sDstAddr,
    /// DMA from external to vector memory: bytes.
    Mm2sCount,
    /// DMA from external to vector memory: writing 1 starts it.
    Mm2sControl,
    /// DMA from external to vector memory: status, read only.
    Mm2sStatus,
    /// DMA from vector to external memory: address in vector memory.
    S2mmSrcAddr,
    /// DMA from vector to external memory: address in external memory.
    S2mmDstAddr,
    /// DMA from vector to external memory: bytes.
    S2mmCount,
    /// DMA from vector to external memory: writing 1 starts it.
    S2mmControl,
    /// DMA from vector to external memory: status, read only.
    S2mmStatus,
}

use Csr::*;

/// Every CSR with its address, name and meaning.
pub const CSRS: [(Csr, u32, &str, &str); 15] = [
    (
        Mcountinhibit,
        0x320,
        "mcountinhibit",
        "bit 0 stops mcycle, bit 2 stops minstret; 5 at reset",
    ),
    (Mcycle, 0xb00, "mcycle", "clock cycles, bits 31:0"),
    (
        Minstret,
        0xb02,
        "minstret",
        "retired instructions, bits 31:0",
    ),
    (Mcycleh, 0xb80, "mcycleh", "clock cycles, bits 63:32"),
    (
        Minstreth,
        0xb82,
        "minstreth",
        "retired instructions, bits 63:32",
    ),
    (
        Mm2sSrcAddr,
        0xbc0,
        "mm2s_src_addr",
        "external memory address of a transfer to vector memory",
    ),
    (
        Mm2sDstAddr,
        0xbc1,
        "mm2s_dst_addr",
        "vector memory address of a transfer to vector memory",
    ),
    (
        Mm2sCount,
        0xbc2,
        "mm2s_count",
        "bytes of a transfer to vector memory",
    ),
    (
        Mm2sControl,
        0xbc3,
        "mm2s_control",
        "write 1 to start a transfer to vector memory",
    ),
    (
        Mm2sStatus,
        0xfc0,
        "mm2s_status",
        "status of transfers to vector memory, read only",
    ),
    (
        S2mmSrcAddr,
        0xbd0,
        "s2mm_src_addr",
        "vector memory address of a transfer to external memory",
    ),
    (
        S2mmDstAddr,
        0xbd1,
        "s2mm_dst_addr",
        "external memory address of a transfer to external memory",
    ),
    (
        S2mmCount,
        0xbd2,
        "s2mm_count",
        "bytes of a transfer to external memory",
    ),
    (
        S2mmControl,
        0xbd3,
        "s2mm_control",
        "write 1 to start a transfer to external memory",
    ),
    (
        S2mmStatus,
        0xfd0,
        "s2mm_status",
        "status of transfers to external memory, read only",
    ),
];

impl Csr {
    /// The CSR at `address`, if there is one.
    pub fn from_address(address: u32) -> Option<Self> {
        CSRS.iter().find(|row| row.1 == address).map(|row| row.0)
    }

    /// The CSR called `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        CSRS.iter().find(|row| row.2 == name).map(|row| row.0)
    }

    fn row(self) -> &'static (Csr, u32, &'static str, &'static str) {
        // CSRS lists the variants in their order of declaration (tested below).
        &CSRS[self as usize]
    }

    /// Address, 12 bits.
    pub fn address(self) -> u32 {
        self.row().1
    }

    /// Name in assembly.
    pub fn name(self) -> &'static str {
        self.row().2
    }

    /// One line of prose.
    pub fn summary(self) -> &'static str {
        self.row().3
    }

    /// A write to a read-only CSR is an illegal instruction. The two top bits of
    /// the address say so (RISC-V privileged specification, section 2.1).
    pub fn is_read_only(self) -> bool {
        self.address() >> 10 == 3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_declaration_order() {
        for (k, row) in CSRS.iter().enumerate() {
            assert_eq!(row.0 as usize, k);
            assert_eq!(Csr::from_address(row.1), Some(row.0));
            assert_eq!(Csr::from_name(row.2), Some(row.0));
        }
        assert!(Mm2sStatus.is_read_only() && S2mmStatus.is_read_only());
        assert!(!Mcycle.is_read_only() && !Mm2sControl.is_read_only());
    }
}
