//! The `spikevec` command.
fn main() {}
