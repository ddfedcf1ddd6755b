//! Where a program stops that does not end: every machine gives the same cause, place and count of
//! instructions.

use spikevec_assembler::{Image, assemble};
use spikevec_hdl::core::Config;
use spikevec_isa::{StopCode, Target};
use spikevec_runtime::link::{LinkError, LinkOptions};
use spikevec_runtime::{
    Backend, BackendError, LinkBackend, RtlBackend, RtlError, SimulatorBackend, SimulatorOptions,
};
use spikevec_simulator::Timing;

use crate::model::Model;
use crate::system;

/// Programs, and the instructions of each.
fn programs() -> Vec<(&'static str, StopCode, u64)> {
    vec![
        ("li a0, 0x100000\n jr a0", StopCode::FetchFault, 2),
        (
            "li a0, 3\n li a1, -4\n jr a1\n nop",
            StopCode::FetchFault,
            3,
        ),
        ("li a0, 2\n jr a0", StopCode::MisalignedFetch, 2),
        ("nop\n ebreak", StopCode::Ebreak, 2),
        ("nop\n nop\n .word 0", StopCode::Illegal, 3),
        ("li a0, 1\n lw a0, 0(a0)", StopCode::MisalignedLoad, 2),
        ("lui a0, 0x80000\n lw a0, 0(a0)", StopCode::LoadFault, 2),
        ("sh a0, 1(zero)", StopCode::MisalignedStore, 1),
        (
            "lui a0, 0x80000\n nop\n sw a0, 0(a0)",
            StopCode::StoreFault,
            3,
        ),
    ]
}

fn image(source: &str) -> Image {
    assemble(source, "stop.s").unwrap()
}

/// Cause, pc and instructions of a run that does not end, as the error says them and as they are counted.
fn stop(backend: &mut impl Backend, source: &str) -> (StopCode, u32, u64) {
    backend.load(&image(source)).unwrap();
    let found = match backend.run(100).unwrap_err() {
        BackendError::Stopped(stop) => (stop.cause.code(), stop.pc, stop.instructions),
        BackendError::Rtl(error) => match *error {
            RtlError::Stopped { stop, instructions } => (stop.cause, stop.pc, instructions),
            other => panic!("{other}"),
        },
        BackendError::Link(error) => match *error {
            LinkError::Stopped {
                cause,
                pc,
                instructions,
                ..
            } => (cause, pc, instructions),
            other => panic!("{other}"),
        },
        other => panic!("{other}"),
    };
    assert_eq!(backend.counters().instructions, found.2, "{source}");
    found
}

#[test]
fn machines_count_the_instructions_of_a_stop_alike() {
    let target = Target::small();
    let options = SimulatorOptions::default();
    let mut simulator = SimulatorBackend::new(&target, options).unwrap();
    let mut timed = SimulatorBackend::new(&target, options).unwrap();
    timed.set_timing(Timing::named("small"));
    let mut link = LinkBackend::open(Model::new(&target), LinkOptions::default()).unwrap();
    let mut hardware = None;
    if let Some(pipe) = system::pipe("small") {
        let board = LinkBackend::open(pipe, system::options(255)).unwrap();
        let config = Config::named("small").unwrap();
        let design = config.design().unwrap();
        let timing = Timing::named("small").unwrap();
        let lanes = config.target.lanes as usize;
        let rtl = RtlBackend::new(&design, lanes, &config.target, timing.external()).unwrap();
        hardware = Some((board, rtl));
    }
    for (source, cause, instructions) in programs() {
        let expected = stop(&mut simulator, source);
        assert_eq!((expected.0, expected.2), (cause, instructions), "{source}");
        assert_eq!(stop(&mut timed, source), expected, "timed: {source}");
        assert_eq!(stop(&mut link, source), expected, "link: {source}");
        if let Some((board, rtl)) = &mut hardware {
            assert_eq!(stop(board, source), expected, "system: {source}");
            assert_eq!(stop(rtl, source), expected, "rtl: {source}");
        }
    }
}
