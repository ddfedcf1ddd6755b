//! placeholder
use crate::{Error, Graph, Warning};

/// placeholder
pub fn repair(_graph: &mut Graph) -> Result<Vec<Warning>, Error> {
    Ok(Vec::new())
}
