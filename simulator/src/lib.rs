//! An instruction-accurate simulator of the Spikevec core.
//!
//! [`Machine`] holds the whole state of a core and its memories. Code is decoded
//! once, by [`Machine::load_code`]; [`Machine::run`] executes it until something
//! stops it and says what did. Without a timing model an instruction is a clock, and
//! a DMA transfer is complete when it has started; [`Machine::set_timing`] times runs
//! as the core takes them, to the clock.
//!
//! What an instruction means is said by `spikevec_isa`: the lane loops here are
//! faster forms of `spikevec_isa::fixed` and are tested against it.
//!
//! ```
//! use spikevec_isa::{Memory, Target};
//! use spikevec_simulator::{Cause, Limits, Machine};
//!
//! let mut machine = Machine::new(&Target::base())?;
//! // addi a0, zero, 42; ecall
//! machine.load_code(&[0x02a0_0513, 0x0000_0073])?;
//! let stop = machine.run(&Limits::default());
//! assert_eq!(stop.cause, Cause::Ecall);
//! assert_eq!(machine.x[10], 42);
//! machine.write(Memory::Vector, 64, &[1, 0, 2, 0])?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod code;
mod counters;
mod dma;
mod exec;
mod host;
mod machine;
mod memory;
mod observe;
mod saturation;
mod stop;
pub mod timing;
mod trace;

pub use code::LoadError;
pub use machine::{Limits, Machine};
pub use memory::AccessError;
pub use observe::Observer;
pub use saturation::{SiteCount, SiteError};
pub use stop::{Access, Cause, Stop};
pub use timing::{Issue, Stall, StallProfile, Stalls, Timing, TimingError};
pub use trace::Tracer;
