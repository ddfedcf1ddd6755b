//! The runtime from outside: small programs with manifests, and data files.
#![allow(clippy::unwrap_used)]

mod archive;
mod backend;
mod data;
mod echo;
mod evaluate;
mod files;
mod limits;
mod manifest;
mod output;
mod session;
#[cfg(unix)]
mod whole_file;
