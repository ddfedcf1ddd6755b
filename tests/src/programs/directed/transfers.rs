//! Transfers of several bursts in both directions at once: the channels take turns.

use spikevec_isa::dma::status as dma_status;
use spikevec_isa::{Memory, Op};

use super::{Code, Program, Seed};
use crate::programs::Segment;
use crate::programs::code::csr;

/// Vectors of the transfers to and from vector memory: fewer than a burst, one and some, and
/// more of either than of the other.
const VECTORS: [(u32, u32); 5] = [(3, 2), (17, 17), (40, 20), (20, 40), (48, 48)];

/// Most of [`VECTORS`].
const MOST: u32 = 48;

/// Where each transfer is: in vector memory, and in external memory.
const INTO: [u32; 2] = [4096, 0];
const FROM: [u32; 2] = [8192, 4096];

fn set_up(code: &mut Code, way: &str, [source, destination]: [u32; 2], vectors: u32) {
    for (name, value) in [
        ("src_addr", source),
        ("dst_addr", destination),
        ("count", 64 * vectors),
    ] {
        code.li(26, value);
        code.csr_write(&format!("{way}_{name}"), 26);
    }
}

fn wait(code: &mut Code, way: &str) {
    code.csr_read(27, &format!("{way}_status"));
    code.op(Op::Andi, 27, 27, 0, dma_status::IDLE as i32);
    code.op(Op::Beq, 0, 27, 0, -8);
}

fn transfer(ways: [&str; 2], between: u32, (into, from): (u32, u32)) -> Program {
    let mut code = Code::default();
    set_up(&mut code, "mm2s", [INTO[1], INTO[0]], into);
    set_up(&mut code, "s2mm", FROM, from);
    code.op(Op::Csrrwi, 0, 1, 0, csr(&format!("{}_control", ways[0])));
    for _ in 0..between {
        code.op(Op::Addi, 5, 5, 0, 1);
    }
    code.op(Op::Csrrwi, 0, 1, 0, csr(&format!("{}_control", ways[1])));
    // The first that is idle is not always the same.
    wait(&mut code, ways[1]);
    code.csr_read(28, &format!("{}_status", ways[0]));
    wait(&mut code, ways[0]);
    code.op(Op::Ecall, 0, 0, 0, 0);
    let mut seed = Seed::new(u64::from(into) << 8 | u64::from(from));
    let mut segment = |memory, address| Segment {
        memory,
        address,
        bytes: (0..64 * MOST).map(|_| seed.bits() as u8).collect(),
    };
    Program {
        name: format!(
            "{} {between} ahead of {}, {into} and {from} vectors",
            ways[0], ways[1]
        ),
        seed: None,
        code: code.words(),
        data: vec![
            segment(Memory::Vector, INTO[0]),
            segment(Memory::External, INTO[1]),
            segment(Memory::Vector, FROM[0]),
            segment(Memory::External, FROM[1]),
        ],
        timed: true,
    }
}

/// All of them.
pub fn programs() -> Vec<Program> {
    let mut all = Vec::new();
    for ways in [["mm2s", "s2mm"], ["s2mm", "mm2s"]] {
        for vectors in VECTORS {
            for between in [0, 1, 40] {
                all.push(transfer(ways, between, vectors));
            }
        }
    }
    all
}
