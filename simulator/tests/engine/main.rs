//! What every engine must do. All of these tests run over each engine of the list at the end of
//! this file, so that a new one is tested by a line there.
#![allow(clippy::unwrap_used)]
// With two engines in the list, each file is a module twice.
#![allow(clippy::duplicate_mod)]

/// The tests, as a module of the engine's name.
macro_rules! engine {
    ($module:ident, $kind:ident) => {
        #[path = "."]
        mod $module {
            /// The engine that these tests are over.
            pub const ENGINE: spikevec_simulator::EngineKind =
                spikevec_simulator::EngineKind::$kind;

            mod common;
            mod conformance;
            mod counters;
            mod dma;
            mod meaning;
            mod memory;
            mod qemu;
            mod saturation;
            mod stops;
            mod timing;
            mod timing_dma;
            mod timing_random;
        }
    };
}

engine!(interpreter, Interpreter);
