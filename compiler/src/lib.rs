//! From a NIR graph to a program for the Spikevec core.
pub mod error;
pub mod graph;
pub mod neuron;
pub mod options;
pub mod quantise;
pub mod reference;
