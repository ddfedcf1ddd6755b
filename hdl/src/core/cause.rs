//! Why the core stopped, as the host port tells it.

/// It has not run yet.
pub const NONE: u32 = 0;
/// `ecall`: the program ended.
pub const ECALL: u32 = 1;
/// `ebreak`.
pub const EBREAK: u32 = 2;
/// No instruction, or a CSR that cannot be accessed so.
pub const ILLEGAL: u32 = 3;
/// A jump to an address that is not a multiple of four.
pub const MISALIGNED_FETCH: u32 = 4;
/// The program counter is outside instruction memory.
pub const FETCH_FAULT: u32 = 5;
/// A load from an address that is not a multiple of its width.
pub const MISALIGNED_LOAD: u32 = 6;
/// A load outside its memory.
pub const LOAD_FAULT: u32 = 7;
/// A store to an address that is not a multiple of its width.
pub const MISALIGNED_STORE: u32 = 8;
/// A store outside its memory.
pub const STORE_FAULT: u32 = 9;
/// The host stopped it.
pub const HOST: u32 = 10;
