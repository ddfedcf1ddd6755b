//! `docs/isa.md` is what the table says.
#![allow(clippy::unwrap_used)]

#[test]
fn the_page_is_fresh() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/isa.md");
    let page = std::fs::read_to_string(path).unwrap();
    assert!(
        page == spikevec_isa::manual::markdown(),
        "docs/isa.md is stale: run `cargo xtask docs`"
    );
}
