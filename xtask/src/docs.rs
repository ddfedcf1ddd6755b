//! Generated pages.

use anyhow::{Context, Result, bail};

const PAGE: &str = "docs/isa.md";

/// Writes `docs/isa.md` from the instruction table.
pub fn write() -> Result<()> {
    std::fs::write(
        crate::workspace().join(PAGE),
        spikevec_isa::manual::markdown(),
    )
    .with_context(|| format!("cannot write {PAGE}"))?;
    println!("wrote {PAGE}");
    Ok(())
}

/// Says that `docs/isa.md` is what [`write()`] would write.
///
/// # Errors
/// The page is stale or cannot be read.
pub fn check() -> Result<String> {
    let remedy = "run `cargo xtask docs` and commit the page";
    let page = std::fs::read_to_string(crate::workspace().join(PAGE))
        .with_context(|| format!("cannot read {PAGE}: {remedy}"))?;
    let fresh = spikevec_isa::manual::markdown();
    if page != fresh {
        let mut lines = page.lines().zip(fresh.lines());
        let line = 1 + lines.by_ref().take_while(|(a, b)| a == b).count();
        bail!("{PAGE} is stale from line {line} on: {remedy}");
    }
    Ok(format!("{PAGE} is fresh"))
}
