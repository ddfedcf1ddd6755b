//! Speed of the engine, in instructions a second ("elem/s"), on the loops that
//! programs for spiking networks spend their time in.
#![allow(clippy::unwrap_used, missing_docs)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use spikevec_isa::{Instruction, Op, Rng, Target};
use spikevec_simulator::{Cause, Limits, Machine, Timing};

fn inst(op: Op, rd: u8, rs1: u8, rs2: u8, imm: i32) -> Instruction {
    Instruction {
        op,
        rd,
        rs1,
        rs2,
        imm,
    }
}

/// `body` in a loop of `rounds`, counted in x31.
fn looped(body: &[Instruction], rounds: i32) -> Vec<u32> {
    let mut code = vec![inst(Op::Lui, 31, 0, 0, rounds >> 12)];
    code.push(inst(Op::Addi, 31, 31, 0, rounds & 0x7ff));
    code.extend_from_slice(body);
    code.push(inst(Op::Addi, 31, 31, 0, -1));
    let back = -4 * (body.len() as i32 + 1);
    code.push(inst(Op::Bne, 0, 31, 0, back));
    code.push(inst(Op::Ecall, 0, 0, 0, 0));
    code.iter().map(|i| i.encode().unwrap()).collect()
}

/// The rows of one spike added to the currents of 256 neurons kept in registers,
/// the row's address taken from a list.
fn row_accumulate() -> Vec<Instruction> {
    let mut body = vec![
        inst(Op::Lw, 11, 10, 0, 0),
        inst(Op::Addi, 10, 10, 0, 4),
        inst(Op::Andi, 10, 10, 0, 1023),
    ];
    for k in 0..8 {
        body.push(inst(Op::Vloadv, k, 11, 0, 64 * i32::from(k)));
    }
    for k in 0..8 {
        body.push(inst(Op::VaddS, 8 + k, 8 + k, k, 0));
    }
    body
}

/// 32 current-based LIF neurons with state in memory.
fn lif(multiply: Op) -> Vec<Instruction> {
    vec![
        inst(Op::Vloadv, 1, 10, 0, 0),
        inst(Op::Vloadv, 2, 10, 0, 64),
        inst(multiply, 2, 2, 20, 15),
        inst(multiply, 1, 1, 21, 15),
        inst(Op::VaddS, 2, 2, 8, 0),
        inst(Op::VaddS, 1, 1, 2, 0),
        inst(Op::Vtge, 11, 1, 22, 0),
        inst(Op::Vsub, 3, 1, 22, 0),
        inst(Op::Vsel, 1, 11, 3, 0),
        inst(Op::Vstorev, 0, 10, 2, 64),
        inst(Op::Vstorev, 0, 10, 1, 0),
        inst(Op::Sw, 0, 12, 11, 0),
        inst(Op::Addi, 10, 10, 0, 128),
        inst(Op::Andi, 10, 10, 0, 1023),
    ]
}

fn machine(body: &[Instruction], rounds: i32) -> Machine {
    let mut machine = Machine::new(&Target::base()).unwrap();
    machine.load_code(&looped(body, rounds)).unwrap();
    machine.rng = Rng::from_seed(1, 0);
    machine.v[20] = [30000; 32];
    machine.v[21] = [31000; 32];
    machine.v[22] = [16384; 32];
    for k in 0..256u32 {
        let row = (k * 37 % 256) * 512;
        let memory = spikevec_isa::Memory::Scalar;
        machine.write(memory, 4 * k, &row.to_le_bytes()).unwrap();
    }
    machine
}

fn engine(c: &mut Criterion) {
    let mut group = c.benchmark_group("engine");
    let loops = [
        ("row_accumulate", row_accumulate()),
        ("lif", lif(Op::VmulSRn)),
        ("lif_stochastic", lif(Op::VmulSRs)),
    ];
    for (name, body) in loops {
        let rounds = 10 << 12;
        let mut machine = machine(&body, rounds);
        let stop = machine.run(&Limits::default());
        assert_eq!(stop.cause, Cause::Ecall, "{stop}");
        group.throughput(Throughput::Elements(stop.instructions));
        for (suffix, timing) in [("", None), ("_timed", Some(Timing::default()))] {
            machine.set_timing(timing);
            group.bench_function(format!("{name}{suffix}"), |b| {
                b.iter(|| {
                    machine.restart();
                    machine.x[10] = 0;
                    machine.run(&Limits::default())
                });
            });
        }
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).measurement_time(std::time::Duration::from_secs(3));
    targets = engine
}
criterion_main!(benches);
