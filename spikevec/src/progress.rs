//! How far a run is.

use std::fmt;

/// What works on the samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The program, on its machine.
    Program,
    /// The float reference.
    Reference,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Stage::Program => "run",
            Stage::Reference => "float reference",
        })
    }
}

/// A stage begins (0 samples are done), or another sample has been done. Workers tell it from their own threads: counts may come out of order, each comes once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What works.
    pub stage: Stage,
    /// Samples done.
    pub done: usize,
    /// Samples to do.
    pub samples: usize,
}

/// What is told of progress.
pub type Watch<'a> = &'a (dyn Fn(Progress) + Sync);
