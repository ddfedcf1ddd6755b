//! The vector side against a model of instructions.

use rust_hdl::prelude::*;
use spikevec_hdl::emit;
use spikevec_hdl::leaf::Style;
use spikevec_hdl::vector::{VectorParameters, VectorUnit};

#[test]
fn emits() {
    let p = VectorParameters {
        vector_words: 128,
        vector_style: Style::Block,
        local_halfwords: 64,
        local_style: Style::Block,
        register_style: Style::Distributed,
    };
    let mut unit = VectorUnit::<1, 4, 4>::new(&p);
    unit.connect_all();
    let d = emit::emit("vector_unit", &unit).unwrap();
    std::fs::write("/tmp/vu4.v", &d.verilog).unwrap();
    println!("{}", spikevec_hdl::verilated::lint(&d).unwrap());
    let mut unit = VectorUnit::<4, 8, 32>::new(&p);
    unit.connect_all();
    let d = emit::emit("vector_unit", &unit).unwrap();
    std::fs::write("/tmp/vu32.v", &d.verilog).unwrap();
    println!("{}", spikevec_hdl::verilated::lint(&d).unwrap());
}
