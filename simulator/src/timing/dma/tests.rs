//! Transfers by themselves: how long they take, and that they end as the functional model's do.
#![allow(clippy::unwrap_used)]
