//! An instruction-accurate simulator of the Spikevec core.
//!
//! [`Machine`] is a core with its memories. Code is decoded once, by
//! [`Machine::load_code`]; [`Machine::run`] executes it until something
//! stops it and says what did. Without a timing model an instruction is a clock, and
//! a DMA transfer is complete when it has started; [`Machine::set_timing`] times runs
//! as the core takes them, to the clock.
//!
//! Inside, how instructions are executed and when they are do not know each other. Every module
//! uses only what stands below it:
//!
//! ```text
//!  machine, host, stop         the public face: a state, an engine that runs it, a clock
//!     |            |
//!     v            v
//!  engine        timing        how instructions are executed | when they are, and what DMA does then
//!     |            |
//!     +-> clock <--+           what an engine asks about time; Untimed, where nobody counts it
//!           |
//!           v
//!        observe               who is told of each instruction, and its time as a value
//!           |
//!           v
//!       code, state            the decoded program | what instructions act on, as plain data
//! ```
//!
//! What an instruction means is said by `spikevec_isa::meaning`: engines are faster forms of it
//! and are tested against it.
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

mod clock;
mod code;
mod engine;
mod host;
mod machine;
mod observe;
mod state;
mod stop;
pub mod timing;

pub use spikevec_isa::Cause;
pub use spikevec_isa::stop::Access;

pub use code::LoadError;
pub use engine::{EngineKind, Limits};
pub use machine::Machine;
pub use observe::{Issue, Observer, Retired, Stall, StallProfile, Stalls, Tracer};
pub use state::{AccessError, SiteCount, SiteError, State};
pub use stop::Stop;
pub use timing::{Timing, TimingError};
