//! Generated pages.

use std::path::Path;

use anyhow::{Context, Result};

/// Writes `docs/isa.md` from the instruction table.
pub fn write() -> Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/isa.md");
    std::fs::write(&path, spikevec_isa::manual::markdown())
        .with_context(|| format!("cannot write {}", path.display()))?;
    println!("wrote docs/isa.md");
    Ok(())
}
