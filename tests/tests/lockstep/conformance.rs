//! The programs of ../shared/data/conformance on the core, beside the simulator, which is held
//! to the states of the reference by a test of its own.

use std::path::Path;

use spikevec_hdl::core::Config;
use spikevec_isa::{Memory, Op};
use spikevec_tests::conformance::{MEMORIES, cases, image, words};
use spikevec_tests::programs::{Code, Program, Segment, dump};
use spikevec_tests::shared;

use super::core::{agree, core};

/// Bytes that are loaded together where one of them differs.
const BLOCK: usize = 256;

/// A program that gives the registers and generators their values.
fn registers(folder: &Path) -> Program {
    let mut code = Code::default();
    for k in 0..32 {
        code.op(Op::Vloadv, k, 0, 0, 64 * i32::from(k));
    }
    code.li(1, 2048);
    code.op(Op::Vloadr0, 0, 1, 0, 0);
    code.op(Op::Vloadr1, 0, 1, 0, 64);
    for k in 1..32 {
        code.op(Op::Lw, k, 0, 0, 4 * i32::from(k));
    }
    code.op(Op::Ecall, 0, 0, 0, 0);
    let mut vectors = image(folder, "init_vregs");
    vectors.extend(image(folder, "init_rng"));
    let segment = |memory, bytes| Segment {
        memory,
        address: 0,
        bytes,
    };
    Program {
        name: format!("registers of {}", folder.display()),
        seed: None,
        code: code.words(),
        data: vec![
            segment(Memory::Scalar, image(folder, "init_xregs")),
            segment(Memory::Vector, vectors),
        ],
        timed: false,
    }
}

#[test]
fn conformance_programs_agree_on_the_core() {
    let Some(root) = shared::data() else { return };
    let folders = cases(&root);
    let mut config = Config::named("base").unwrap();
    config.target.external_bytes = spikevec_tests::lockstep::EXTERNAL;
    let Some(mut lockstep) = core(&config) else {
        return;
    };
    let mut coverage = spikevec_tests::programs::coverage::Coverage::new(true, true);
    for folder in &folders {
        agree(&mut lockstep, &registers(folder), &mut coverage);
        let mut data = Vec::new();
        for (name, memory) in MEMORIES {
            let wanted = image(folder, &format!("init_{name}"));
            let mut there = vec![0; wanted.len()];
            lockstep.machine().read(memory, 0, &mut there).unwrap();
            let blocks = wanted.chunks(BLOCK).zip(there.chunks(BLOCK)).enumerate();
            data.extend(
                blocks
                    .filter(|(_, (a, b))| a != b)
                    .map(|(k, (a, _))| Segment {
                        memory,
                        address: (k * BLOCK) as u32,
                        bytes: a.to_vec(),
                    }),
            );
        }
        let program = Program {
            name: format!(
                "conformance {}",
                folder.file_name().unwrap().to_string_lossy()
            ),
            seed: None,
            code: words(&image(folder, "code")),
            data,
            timed: false,
        };
        agree(&mut lockstep, &program, &mut coverage);
        agree(&mut lockstep, &dump(&config.target), &mut coverage);
    }
    println!(
        "{} conformance programs agree, {} instructions",
        folders.len(),
        coverage.retired()
    );
}
