//! Transfers with other work during them.

use spikevec_isa::Op;
use spikevec_isa::dma::status as dma_status;

use super::Generator;
use super::layout::*;
use crate::programs::code::csr;

/// Registers for addresses and for the status.
const SETUP: u8 = 26;
const STATUS: u8 = 27;

impl Generator {
    /// One transfer, or one each way; memory instructions of all kinds; then until all is idle.
    pub(super) fn transfer(&mut self) {
        let ways: &[&str] = self.seed.pick(&[
            &["mm2s"][..],
            &["s2mm"],
            &["mm2s", "s2mm"],
            &["s2mm", "mm2s"],
        ]);
        for way in ways {
            self.start_transfer(way);
        }
        // All kinds in some order, so that few transfers cover them.
        let first = self.seed.below(7);
        for k in 0..self.seed.within(5, 14) as u32 {
            let access = self.access_of((first + 3 * k) % 7);
            self.code.push(access);
            if self.seed.one_in(4) {
                let way = self.seed.pick(ways);
                let rd = self.seed.pick(&TEMP_X);
                self.code.csr_read(rd, &format!("{way}_status"));
            }
            if self.seed.one_in(12) {
                // Ignored if it is busy; else the same once more.
                let way = self.seed.pick(ways);
                self.code
                    .op(Op::Csrrwi, 0, 1, 0, csr(&format!("{way}_control")));
            }
            if self.seed.one_in(3) {
                self.soups(1, 2);
            }
        }
        for way in ways {
            self.code.csr_read(STATUS, &format!("{way}_status"));
            self.code
                .op(Op::Andi, STATUS, STATUS, 0, dma_status::IDLE as i32);
            self.code.op(Op::Beq, 0, STATUS, 0, -8);
        }
    }

    fn start_transfer(&mut self, way: &str) {
        let half = DMA_VECTORS / 2;
        let count = 1 + self.seed.below(half);
        let place = self.seed.below(half - count + 1);
        let external = 64 * self.seed.below(half - count + 1);
        // The ways are apart from each other as well.
        let (mut vector, mut external) = match way {
            "mm2s" => (DMA_AREA + 64 * place, external),
            _ => (DMA_AREA + 64 * (half + place), external + 64 * half),
        };
        if self.shape.colliding && self.seed.one_in(2) {
            let room = AREA_VECTORS - count.min(AREA_VECTORS);
            vector = VECTOR_AREA + 64 * self.seed.below(room + 1);
        }
        let mut bytes = 64 * count;
        // Refused: misaligned, or outside external memory.
        match self.seed.below(24) {
            0 => external += 4,
            1 => vector |= 32,
            2 => bytes += 2,
            3 => external = 0xffff_ffc0,
            4 => bytes = 0,
            _ => {}
        }
        let (source, destination) = match way {
            "mm2s" => (external, vector),
            _ => (vector, external),
        };
        for (name, value) in [
            ("src_addr", source),
            ("dst_addr", destination),
            ("count", bytes),
        ] {
            self.code.li(SETUP, value);
            self.code.csr_write(&format!("{way}_{name}"), SETUP);
        }
        self.code
            .op(Op::Csrrwi, 0, 1, 0, csr(&format!("{way}_control")));
    }
}
