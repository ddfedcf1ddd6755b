#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| spikevec_fuzz_targets::run("network", data));
