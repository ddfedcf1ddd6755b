//! Addresses of the items of a program whose branches may have to grow.

use spikevec_isa::Operand;

/// What an item takes of instruction memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// A fixed number of words.
    Words(u32),
    /// A conditional branch: one word, or two where its target is too far.
    Branch,
    /// Up to the next multiple of this many bytes (a power of two, at least 4).
    Align(u32),
    /// Up to this address; nothing where the code is there or beyond it already,
    /// which the caller reports.
    Org(u32),
}

/// The result of [`relax`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    /// Address of each item, and one more: the end of the code.
    pub addresses: Vec<u32>,
    /// For each item whether it is a branch in its long form.
    pub long: Vec<bool>,
}

/// True where `distance` fits in the field of a conditional branch.
pub(crate) fn branch_reaches(distance: i64) -> bool {
    Operand::Branch.bounds().is_some_and(|bounds| {
        distance >= i64::from(bounds.min) && distance <= i64::from(bounds.max)
    })
}

fn place(slots: &[Slot], long: &[bool]) -> Vec<u32> {
    let mut at = 0u32;
    let mut addresses = Vec::with_capacity(slots.len() + 1);
    for (slot, long) in slots.iter().zip(long) {
        addresses.push(at);
        at = match *slot {
            Slot::Words(n) => at.saturating_add(n.saturating_mul(4)),
            Slot::Branch => at.saturating_add(if *long { 8 } else { 4 }),
            Slot::Align(bytes) => at.checked_next_multiple_of(bytes).unwrap_or(u32::MAX),
            Slot::Org(address) => at.max(address),
        };
    }
    addresses.push(at);
    addresses
}

/// Passes in which only branches that do not reach are lengthened. Programs need a handful; each
/// pass may find but one where the length of every branch hangs on the next one's.
const EXACT_PASSES: usize = 64;

/// Bytes that a branch may be away from its target to stay short after that: it reaches even where
/// every branch between them grows.
const SAFE_BYTES: i64 = 2044;

/// Places `slots`, lengthening branches until all of them reach.
///
/// `target(item, addresses)` is the target of the branch at index `item` under the
/// addresses so far, or `None` where it is unknown (such a branch stays short).
/// Branches only ever grow, so that this ends: one that grew because of an
/// alignment that later shrinks keeps its long form, as does one that grew in doubt after
/// [`EXACT_PASSES`].
pub(crate) fn relax(slots: &[Slot], target: impl Fn(usize, &[u32]) -> Option<i64>) -> Layout {
    let mut long = vec![false; slots.len()];
    let mut pass = 0;
    loop {
        let addresses = place(slots, &long);
        let mut grew = false;
        for (item, slot) in slots.iter().enumerate() {
            if *slot != Slot::Branch || long[item] {
                continue;
            }
            let Some(goal) = target(item, &addresses) else {
                continue;
            };
            let distance = goal - i64::from(addresses[item]);
            let doubtful = pass == EXACT_PASSES && distance.abs() > SAFE_BYTES;
            if doubtful || !branch_reaches(distance) {
                long[item] = true;
                grew = true;
            }
        }
        if !grew {
            return Layout { addresses, long };
        }
        pass += 1;
    }
}
