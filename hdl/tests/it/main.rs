//! The blocks as Verilog, run in Verilator, against their Rust models and the instruction set's
//! definition. One Verilated model holds them all.
#![allow(clippy::unwrap_used)]

mod axi_host;
mod axi_lite;
mod axi_master;
mod axi_memory;
mod axi_system;
mod bench;
mod board;
mod core;
mod decoder;
mod dma;
mod dma_circuit;
mod dma_unruly;
mod emission;
mod kv260;
mod lane;
mod leaves;
mod scalar;
mod scalar_control;
mod scalar_csrs;
mod system;
mod system_uart;
mod vector;
mod vector_leaves;
mod vector_model;
mod vector_reference;
mod verilated;
