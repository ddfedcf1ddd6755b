//! The host's interface on a real core: what it does, and how it answers misuse.

use spikevec_hdl::core::Config;
use spikevec_isa::StopCode;
use spikevec_isa::{LANES, Memory};
use spikevec_verilated::device::{Device, DeviceError};
use spikevec_verilated::{VerilatedError, check_tools};

fn device() -> Option<Device> {
    if let Err(error @ VerilatedError::Missing { .. }) = check_tools() {
        println!("skipped: {error}");
        return None;
    }
    let config = Config::named("tiny").unwrap();
    let design = config.design().unwrap();
    Some(Device::new(&design, config.target.lanes as usize, &config.target).unwrap())
}

/// addi a0, zero, 5; addi a0, a0, -1; bnez a0, -4; ecall
const LOOP: [u32; 4] = [0x0050_0513, 0xfff5_0513, 0xfe05_1ee3, 0x0000_0073];

#[test]
fn memories_keep_what_is_written_to_their_ends() {
    let Some(mut device) = device() else { return };
    let target = device.target().clone();
    let sizes = [
        (Memory::Instruction, target.instruction_bytes),
        (Memory::Scalar, target.scalar_bytes),
        (Memory::Vector, target.vector_bytes),
        (Memory::LaneLocal, target.lane_local_bytes * LANES as u32),
    ];
    for (memory, size) in sizes {
        for address in [0, 60, size / 2, size - 8] {
            let bytes: Vec<u8> = (0..8).map(|k| (address >> 3) as u8 ^ (k * 31)).collect();
            device.write(memory, address, &bytes).unwrap();
            let mut back = [0; 8];
            device.read(memory, address, &mut back).unwrap();
            assert_eq!(back[..], bytes[..], "{memory} at {address:#x}");
        }
    }
}

#[test]
fn misuse_gets_an_answer() {
    let Some(mut device) = device() else { return };
    let capacity = device.target().instruction_bytes as usize / 4;
    let error = device.load_program(&vec![0x13; capacity + 1]).unwrap_err();
    assert!(
        matches!(error, DeviceError::ProgramTooLarge { .. }),
        "{error}"
    );
    for (memory, address, length) in [
        (Memory::Scalar, 2, 4),
        (Memory::Vector, 64, 6),
        (Memory::LaneLocal, 1, 4),
    ] {
        let error = device.write(memory, address, &vec![0; length]).unwrap_err();
        assert!(matches!(error, DeviceError::Unaligned { .. }), "{error}");
    }
    let end = device.target().vector_bytes;
    let error = device
        .read(Memory::Vector, end - 4, &mut [0; 8])
        .unwrap_err();
    assert!(matches!(error, DeviceError::Outside { .. }), "{error}");
    let error = device.write(Memory::External, 0, &[0; 4]).unwrap_err();
    assert!(
        matches!(error, DeviceError::Outside { size: 0, .. }),
        "{error}"
    );
}

#[test]
fn the_core_itself_refuses_what_the_interface_lets_through() {
    let Some(mut device) = device() else { return };
    device.load_program(&[0x0000_006f]).unwrap(); // jal zero, 0
    for (memory, address) in [
        (Memory::Scalar, 6),
        (Memory::Scalar, device.target().scalar_bytes),
        (Memory::Vector, device.target().vector_bytes + 64),
        (Memory::Instruction, 0x8000_0000),
    ] {
        let error = device.read_word(memory, address).unwrap_err();
        assert!(
            matches!(error, DeviceError::Refused { .. }),
            "{memory}: {error}"
        );
        // It goes on as if nothing had been asked.
        device.write(Memory::Scalar, 8, &[1, 2, 3, 4]).unwrap();
    }
    device.start().unwrap();
    let error = device.read_word(Memory::Scalar, 8).unwrap_err();
    assert!(matches!(error, DeviceError::Refused { .. }), "{error}");
    let error = device.write(Memory::Scalar, 8, &[9; 4]).unwrap_err();
    assert!(matches!(error, DeviceError::Running), "{error}");
    let error = device.start().unwrap_err();
    assert!(matches!(error, DeviceError::Running), "{error}");
    device.halt();
    let stop = device.run(100).unwrap();
    assert_eq!(stop.cause, StopCode::HostStop);
    let mut back = [0; 4];
    device.read(Memory::Scalar, 8, &mut back).unwrap();
    assert_eq!(back, [1, 2, 3, 4]);
}

#[test]
fn a_run_that_never_ends_is_stopped_by_its_budget_and_can_go_on() {
    let Some(mut device) = device() else { return };
    let mut program = LOOP;
    program[0] = 0x7d00_0513; // addi a0, zero, 2000
    device.load_program(&program).unwrap();
    device.start().unwrap();
    let error = device.run(100).unwrap_err();
    assert!(
        matches!(error, DeviceError::Budget { clocks: 100 }),
        "{error}"
    );
    let stop = device.run(100_000).unwrap();
    assert_eq!(
        (stop.cause, stop.pc, stop.word),
        (StopCode::Ecall, 12, Some(0x73))
    );
}

#[test]
fn one_call_or_a_clock_at_a_time_it_is_the_same_run() {
    let Some(mut device) = device() else { return };
    device.load_program(&LOOP).unwrap();
    device.start().unwrap();
    let fast = device.run(1000).unwrap();
    device.start().unwrap();
    let mut events = Vec::new();
    let slow = device.run_traced(1000, &mut events).unwrap();
    assert_eq!(Some(fast), slow);
    // addi, then five turns of two: the ecall is no retirement.
    assert_eq!(events.len(), 11);
    // e = 3 for the first; 5 turns of 2, each but the last with 2 bubbles; ecall; h + 4.
    assert_eq!(fast.clocks, 3 + 1 + 5 * 2 + 4 * 2 + 4);
}
