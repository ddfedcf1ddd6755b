//! What is printed and written.

pub mod fidelity;
pub mod program;
pub mod reading;
pub mod run;
pub mod stages;
pub mod table;
pub mod timing;
