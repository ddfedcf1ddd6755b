//! Proofs, by yowasp-sby and z3, of blocks as they are emitted. `cargo xtask verify` runs them; so does
//! `cargo test -p spikevec-hdl --test formal` where the tools are on the path.
//!
//! The specifications are in `hdl/formal`; that of the decoder is made from the instruction table. Each holds
//! mistakes, which `WRONG_...` puts in one at a time: the prover must find each, which shows that it can fail.
#![allow(clippy::unwrap_used)]

mod decoder;
mod prover;

use rust_hdl::prelude::*;
use spikevec_hdl::lane::{AddSubtract, Narrow, RngStep, RoundShift, Rounding, Shift};

use prover::check;

/// The modules of some blocks.
fn verilog(blocks: &[(&str, &dyn Block)]) -> String {
    spikevec_emitter::bench("blocks", blocks).unwrap().verilog
}

fn connected<B: Block + Default>() -> B {
    let mut block = B::default();
    block.connect_all();
    block
}

#[test]
fn add_and_subtract_wrap_and_saturate() {
    let block: AddSubtract = connected();
    let specification = include_str!("../../formal/add_subtract.sv");
    check(
        "add_subtract",
        &verilog(&[("block", &block)]),
        specification,
    );
}

#[test]
fn any_product_is_rounded_shifted_and_narrowed() {
    let blocks: (Rounding, RoundShift, Narrow) = (connected(), connected(), connected());
    let text = verilog(&[
        ("rounding", &blocks.0),
        ("round_shift", &blocks.1),
        ("narrow", &blocks.2),
    ]);
    check("rounding", &text, include_str!("../../formal/rounding.sv"));
}

#[test]
fn shifts_are_products_and_quotients() {
    let block: Shift = connected();
    let specification = include_str!("../../formal/shift.sv");
    check("shift", &verilog(&[("block", &block)]), specification);
}

#[test]
fn a_generator_steps_as_defined() {
    let block: RngStep = connected();
    let specification = include_str!("../../formal/rng_step.sv");
    check("rng_step", &verilog(&[("block", &block)]), specification);
}

#[test]
fn every_word_is_decoded_as_in_the_table() {
    let block = connected();
    let text = verilog(&[("block", &block as &spikevec_hdl::decode::Decoder)]);
    check("decoder", &text, &decoder::specification());
}
