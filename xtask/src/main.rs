//! Project chores.
use anyhow::{Result, bail};

mod docs;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["docs"] => docs::write(),
        _ => bail!("usage: cargo xtask docs"),
    }
}
