//! What each fuzz target does with an input. An input may be anything: what is wrong must be said
//! by an error, and what is right must be the same when it is written and read again, run on
//! another engine, or computed by the plain meaning of it. A target panics where that does not
//! hold.
//!
//! `fuzz/` runs them with cargo-fuzz ([`TARGETS`] has a file each there), and `tests/seeds.rs` once
//! over the inputs that are committed beside it.

mod arrays;
mod assembly;
mod bytes;
mod elf;
mod host;
// That of the tests of `runtime`, which have it lie in more ways.
#[allow(clippy::unwrap_used, dead_code)]
#[path = "../../../runtime/tests/link/model.rs"]
mod model;
mod network;
mod nir;
mod options;
mod program;

pub use bytes::Bytes;

/// A name, which is that of its folder of seeds, and what is done with an input.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: &[Target] = &[
    ("nir", nir::run),
    ("elf", elf::run),
    ("assembly", assembly::run),
    ("arrays", arrays::run),
    ("options", options::run),
    ("network", network::run),
    ("host", host::run),
    ("program", program::run),
];

/// Runs the target called `name`.
///
/// # Panics
/// There is none, or it has found something.
pub fn run(name: &str, input: &[u8]) {
    let target = TARGETS.iter().find(|target| target.0 == name);
    let Some((_, run)) = target else {
        panic!("no fuzz target is called {name}");
    };
    run(input);
}

/// Messages go to terminals as they are: nothing in them may move a cursor or ring a bell.
fn check_message(message: &dyn std::fmt::Display) {
    let text = message.to_string();
    assert!(!text.is_empty(), "a message says nothing");
    let control = text
        .chars()
        .find(|c| c.is_control() && !['\n', '\t'].contains(c));
    assert_eq!(
        control, None,
        "a message holds a control character: {text:?}"
    );
}
