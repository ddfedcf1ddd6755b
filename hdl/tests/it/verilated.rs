//! The harness: ports of every width, the cache, and what its errors say.

use std::time::Instant;

use rust_hdl::prelude::*;
use spikevec_hdl::lane::And;
use spikevec_verilated::{Model, VerilatedError};

use crate::bench::{have_tools, instance};

#[test]
fn wide_ports_keep_their_words() {
    let Some(mut bench) = instance() else { return };
    let whole = bench.input("unpack_whole");
    let words: Vec<u32> = (0..16u32).map(|k| k.wrapping_mul(0x9e37_79b9)).collect();
    bench.instance.set_words(whole, &words);
    bench.instance.eval();
    for k in 0..32 {
        let part = bench.output(&format!("unpack_part_{k}"));
        let expected = words[k / 2] >> (16 * (k % 2)) & 0xffff;
        assert_eq!(bench.instance.get(part), u64::from(expected));
    }
    // Fewer words than the port has: the rest is zero. More: they are ignored.
    bench.instance.set(whole, u64::MAX);
    bench.instance.eval();
    let part = bench.output("unpack_part_4");
    assert_eq!(bench.instance.get(part), 0);
    let odd = bench.input("uneven_low");
    bench.instance.set_words(odd, &[u32::MAX, 7, 9]);
    bench.instance.eval();
    let both = bench.output("uneven_whole");
    assert_eq!(bench.instance.get(both), (1 << 30) - 1);
    let mut few = [0; 1];
    bench.instance.get_words(both, &mut few);
    assert_eq!(few, [(1 << 30) - 1]);
}

#[test]
fn ports_are_found_by_direction() {
    let Some(bench) = instance() else { return };
    let error = bench.instance.model().input("bitwise_and_y").unwrap_err();
    assert!(
        error
            .to_string()
            .contains("no input called `bitwise_and_y`"),
        "{error}"
    );
    assert!(bench.instance.model().output("bitwise_and_y").is_ok());
    // An output cannot be set.
    let mut bench = bench;
    let y = bench.output("bitwise_and_y");
    bench.instance.set(y, 5);
    bench.instance.eval();
    assert_eq!(bench.instance.get(y), 0);
}

#[test]
fn instances_do_not_share_state() {
    let (Some(mut one), Some(mut two)) = (instance(), instance()) else {
        return;
    };
    let (a, b, y) = (
        one.input("bitwise_and_a"),
        one.input("bitwise_and_b"),
        one.output("bitwise_and_y"),
    );
    one.drive([a, b], [0xffff, 0x1234]);
    two.drive([a, b], [0x00ff, 0x1234]);
    assert_eq!(one.instance.get(y), 0x1234);
    assert_eq!(two.instance.get(y), 0x0034);
}

#[test]
fn a_design_is_built_once() {
    if !have_tools() {
        return;
    }
    let folder = spikevec_verilated::cache_folder()
        .unwrap()
        .join("test-once");
    let _ = std::fs::remove_dir_all(&folder);
    let mut and = And::default();
    and.connect_all();
    let design = spikevec_emitter::emit("and", &and).unwrap();
    let build = || {
        let start = Instant::now();
        drop(Model::in_cache(&design, &folder).unwrap());
        start.elapsed()
    };
    let library = |modified: bool| {
        let folders = std::fs::read_dir(&folder)
            .unwrap()
            .map(|e| e.unwrap().path());
        let mut found = folders.filter(|path| path.join("model.so").is_file());
        let path = found.next().unwrap().join("model.so");
        assert!(found.next().is_none());
        let time = std::fs::metadata(&path).unwrap().modified().unwrap();
        if modified {
            // A damaged note of what the library was made from means that it is made again.
            std::fs::write(path.with_file_name("identity"), "other").unwrap();
        }
        time
    };
    let first = build();
    let time = library(false);
    let second = build();
    assert_eq!(library(true), time);
    build();
    let time = {
        let second = library(false);
        assert_ne!(second, time);
        second
    };
    // So does a damaged library.
    let folders = std::fs::read_dir(&folder).unwrap();
    let mut paths = folders.map(|entry| entry.unwrap().path().join("model.so"));
    let path = paths.find(|path| path.is_file()).unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    // Another file in its place: the first may be loaded still.
    std::fs::remove_file(&path).unwrap();
    std::fs::write(&path, bytes).unwrap();
    build();
    assert_ne!(library(false), time);
    println!("built in {first:?}, found in {second:?}");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn errors_keep_what_verilator_said() {
    if !have_tools() {
        return;
    }
    let mut and = And::default();
    and.connect_all();
    let mut design = spikevec_emitter::emit("and", &and).unwrap();
    design.verilog = design.verilog.replace("a & b", "a & nothing");
    let folder = spikevec_verilated::cache_folder()
        .unwrap()
        .join("test-errors");
    let error = Model::in_cache(&design, &folder).err().unwrap();
    assert!(matches!(
        error,
        VerilatedError::Build {
            program: "verilator",
            ..
        }
    ));
    assert!(error.to_string().contains("nothing"), "{error}");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_missing_program_is_named_with_its_package() {
    let error = VerilatedError::Missing {
        program: "verilator",
        package: "verilator",
        needed: "5.006 and later",
    };
    let text = error.to_string();
    assert!(
        text.contains("verilator is missing: `apt-get install verilator`"),
        "{text}"
    );
}
