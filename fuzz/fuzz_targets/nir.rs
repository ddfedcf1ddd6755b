#![no_main]

libfuzzer_sys::fuzz_target!(
    init: {
        // The HDF5 library's panics are caught where it is called; libfuzzer's hook would abort.
        std::panic::set_hook(Box::new(|_| {}));
    },
    |data: &[u8]| spikevec_fuzz_targets::run("nir", data)
);
