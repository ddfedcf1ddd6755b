//! Assembles a program, runs it on a configuration of the core and in the simulator, and prints both.

use spikevec_hdl::core::Config;
use spikevec_isa::Memory;
use spikevec_simulator::{Limits, Machine, Timing};
use spikevec_verilated::device::{Device, Event};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let config =
        Config::named(&arguments.next().ok_or("CONFIG FILE.s")?).ok_or("no such configuration")?;
    let file = arguments.next().ok_or("CONFIG FILE.s")?;
    let image = spikevec_assembler::assemble(&std::fs::read_to_string(&file)?, &file)
        .map_err(|e| e.to_string())?;
    let mut machine = Machine::new(&config.target)?;
    machine.load_code(&image.code)?;
    machine.set_timing(Some(Timing::new(config.target.lanes)?));
    let mut device = Device::new(
        &config.design()?,
        config.target.lanes as usize,
        &config.target,
    )?;
    device.load_program(&image.code)?;
    for segment in &image.segments {
        machine.write(segment.memory, segment.address, &segment.bytes)?;
        if segment.memory != Memory::External {
            let mut bytes = segment.bytes.clone();
            bytes.resize(bytes.len().next_multiple_of(4), 0);
            device.write(segment.memory, segment.address, &bytes)?;
        }
    }
    let stop = machine.run(&Limits::default());
    println!("simulator: {stop}, {} clocks", machine.clocks());
    let mut events: Vec<Event> = Vec::new();
    device.start()?;
    let stop = device.run_traced(10_000, &mut events)?;
    for event in &events {
        match event {
            Event::Retire {
                pc, word, scalar, ..
            } => {
                println!(
                    "{pc:4x} {:30} {scalar:x?}",
                    spikevec_isa::Instruction::decode(*word)
                        .map_or("?".to_owned(), |i| i.to_string())
                );
            }
            other => println!("       {other:x?}"),
        }
    }
    println!("core: {stop:?}");
    println!("x {:x?}", machine.x);
    Ok(())
}
