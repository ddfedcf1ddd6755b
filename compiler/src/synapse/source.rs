//! Where spikes come from.

/// Where a projection begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Source {
    /// The network's input.
    Input,
    /// The spikes of a population, by index.
    Population(usize),
}
