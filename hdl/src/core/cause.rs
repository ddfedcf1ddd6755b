//! Why the core stopped, as the host port tells it: numbers for the blocks.

use spikevec_isa::StopCode;

/// It has not run yet.
pub const NONE: u32 = StopCode::None as u32;
/// `ecall`: the program ended.
pub const ECALL: u32 = StopCode::Ecall as u32;
/// `ebreak`.
pub const EBREAK: u32 = StopCode::Ebreak as u32;
/// No instruction, or a CSR that cannot be accessed so.
pub const ILLEGAL: u32 = StopCode::Illegal as u32;
/// A jump to an address that is not a multiple of four.
pub const MISALIGNED_FETCH: u32 = StopCode::MisalignedFetch as u32;
/// The program counter is outside instruction memory.
pub const FETCH_FAULT: u32 = StopCode::FetchFault as u32;
/// A load from an address that is not a multiple of its width.
pub const MISALIGNED_LOAD: u32 = StopCode::MisalignedLoad as u32;
/// A load outside its memory.
pub const LOAD_FAULT: u32 = StopCode::LoadFault as u32;
/// A store to an address that is not a multiple of its width.
pub const MISALIGNED_STORE: u32 = StopCode::MisalignedStore as u32;
/// A store outside its memory.
pub const STORE_FAULT: u32 = StopCode::StoreFault as u32;
/// The host stopped it.
pub const HOST: u32 = StopCode::HostStop as u32;
