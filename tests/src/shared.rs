//! Where the networks and recordings lie that are not part of the project.

use std::path::PathBuf;

/// `../shared/data` beside the workspace, or `None` after saying that tests skip.
pub fn data() -> Option<PathBuf> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data"));
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: ../shared/data is missing");
    None
}
