//! Orders a block for the pipeline and gives its intermediate values registers.
//!
//! A list scheduler: of the instructions whose operands are ready, the one with the
//! longest way to the end of the block goes first. Pieces of work are opened only
//! while there are registers for them. Instructions that draw random numbers keep
//! their order, since the numbers are drawn in sequence.

use spikevec_assembler::build;
use spikevec_isa::{Class, Instruction};

use super::block::{Block, FIRST_VIRTUAL, Item, Region};

/// Clocks from an instruction to a dependent one (1: the next may use it), as the
/// core's pipeline has them. A vector load counts one more than the core needs:
/// the reference machine forbids its use by the very next instruction.
fn latency(producer: &Instruction, consumer: &Instruction) -> u32 {
    let spec = producer.op.spec();
    match spec.class {
        Class::VectorLoad => 2,
        Class::LaneLoad => 3,
        Class::VectorMultiply | Class::RoundedShift => 4,
        Class::BitCount => 2,
        Class::Load if spec.access_bytes() == Some(4) => 2,
        Class::Load | Class::Multiply => 3,
        Class::Compare => match consumer.op.spec().class {
            Class::Select | Class::Store => 1,
            _ => 4,
        },
        _ => 1,
    }
}

/// An ordering constraint.
struct Edge {
    from: usize,
    /// Least number of clocks between the two.
    delay: u32,
}

/// The constraints on each instruction of a block.
fn dependencies(items: &[Item]) -> Vec<Vec<Edge>> {
    let mut edges: Vec<Vec<Edge>> = items.iter().map(|_| Vec::new()).collect();
    for (to, late) in items.iter().enumerate() {
        for (from, early) in items[..to].iter().enumerate() {
            if let Some(delay) = constraint(items, from, early, to, late) {
                edges[to].push(Edge { from, delay });
            }
        }
    }
    edges
}

fn constraint(items: &[Item], from: usize, early: &Item, to: usize, late: &Item) -> Option<u32> {
    let (a, b) = (&early.instruction, &late.instruction);
    let read_after_write = a
        .vector_write()
        .is_some_and(|r| b.vector_reads().any(|s| s == r))
        || a.scalar_write()
            .is_some_and(|r| b.scalar_reads().any(|s| s == r));
    if read_after_write {
        return Some(latency(a, b));
    }
    let overwritten = b
        .vector_write()
        .is_some_and(|r| a.vector_reads().any(|s| s == r) || a.vector_write() == Some(r))
        || b.scalar_write()
            .is_some_and(|r| a.scalar_reads().any(|s| s == r) || a.scalar_write() == Some(r));
    let drawn = a.op.spec().steps_rng && b.op.spec().steps_rng;
    if overwritten || drawn || overlap(items, from, early, to, late) {
        return Some(1);
    }
    None
}

fn is_store(i: &Instruction) -> bool {
    i.op.spec().class.is_store()
}

/// True where two accesses may touch the same bytes and one of them writes.
fn overlap(items: &[Item], from: usize, early: &Item, to: usize, late: &Item) -> bool {
    if early.region == Region::None || early.region != late.region {
        return false;
    }
    let (a, b) = (&early.instruction, &late.instruction);
    if !is_store(a) && !is_store(b) {
        return false;
    }
    // The same base register with the same value and another offset is elsewhere.
    let moved = items[from..to]
        .iter()
        .any(|i| i.instruction.scalar_write() == Some(a.rs1));
    a.rs1 != b.rs1 || a.imm == b.imm || moved
}

/// Most intermediate values that each group needs at once, in its given order.
fn pressure(items: &[Item]) -> Vec<(u32, usize)> {
    let mut groups: Vec<u32> = items.iter().map(|i| i.group).collect();
    groups.sort_unstable();
    groups.dedup();
    groups
        .into_iter()
        .map(|group| {
            let own: Vec<&Item> = items.iter().filter(|i| i.group == group).collect();
            let mut most = 0;
            for k in 0..own.len() {
                let live = own[..=k].iter().filter(|item| {
                    let Some(v) = item
                        .instruction
                        .vector_write()
                        .filter(|v| *v >= FIRST_VIRTUAL)
                    else {
                        return false;
                    };
                    own[k..]
                        .iter()
                        .any(|later| later.instruction.vector_reads().any(|r| r == v))
                });
                let mut registers: Vec<u8> =
                    live.filter_map(|i| i.instruction.vector_write()).collect();
                registers.sort_unstable();
                registers.dedup();
                most = most.max(registers.len() + 1);
            }
            (group, most)
        })
        .collect()
}

/// Orders `block` and replaces its intermediate values by `registers`.
///
/// The result never ends with a vector load, so that whatever follows may read it.
pub fn schedule(block: &Block, registers: &[u8]) -> Vec<Item> {
    if block.items.is_empty() {
        return Vec::new();
    }
    let edges = dependencies(&block.items);
    let needs = pressure(&block.items);
    // Fewer and fewer pieces at once, down to one after the other.
    for limit in (1..=registers.len()).rev() {
        let order = list_schedule(&block.items, &edges, &needs, limit);
        if let Some(done) = allocate(&block.items, &order, registers) {
            return spaced(done);
        }
    }
    let order: Vec<usize> = (0..block.items.len()).collect();
    match allocate(&block.items, &order, registers) {
        Some(done) => spaced(done),
        // A piece that needs more registers than there are is a defect; its virtual
        // registers make the encoder refuse the program.
        None => block.items.clone(),
    }
}

fn list_schedule(
    items: &[Item],
    edges: &[Vec<Edge>],
    needs: &[(u32, usize)],
    limit: usize,
) -> Vec<usize> {
    let count = items.len();
    let mut height = vec![0u32; count];
    for k in (0..count).rev() {
        for edge in &edges[k] {
            height[edge.from] = height[edge.from].max(height[k] + edge.delay);
        }
    }
    let need = |group: u32| {
        needs
            .iter()
            .find(|(g, _)| *g == group)
            .map_or(0, |(_, n)| *n)
    };
    let mut left: Vec<(u32, usize)> = needs
        .iter()
        .map(|(g, _)| (*g, items.iter().filter(|i| i.group == *g).count()))
        .collect();
    let mut open: Vec<u32> = Vec::new();
    let mut issued: Vec<Option<u32>> = vec![None; count];
    let mut order = Vec::with_capacity(count);
    let mut now = 0;
    while order.len() < count {
        let in_use: usize = open.iter().map(|g| need(*g)).sum();
        let mut best: Option<(u32, std::cmp::Reverse<u32>, std::cmp::Reverse<usize>)> = None;
        for k in 0..count {
            if issued[k].is_some() {
                continue;
            }
            let group = items[k].group;
            if !open.is_empty() && !open.contains(&group) && in_use + need(group) > limit {
                continue;
            }
            let ready = edges[k].iter().try_fold(0, |ready, edge| {
                issued[edge.from].map(|then| ready.max(then + edge.delay))
            });
            let Some(ready) = ready else { continue };
            // Stall as little as possible, then serve the longest chain, then the given order.
            let stall = ready.saturating_sub(now);
            let key = (height[k], std::cmp::Reverse(stall), std::cmp::Reverse(k));
            let better = best.is_none_or(|b| (key.1, key.0, key.2) > (b.1, b.0, b.2));
            if better {
                best = Some(key);
            }
        }
        // Some open group can always go on: a constraint never points backwards.
        let Some((_, std::cmp::Reverse(stall), std::cmp::Reverse(k))) = best else {
            return (0..count).collect();
        };
        now += stall;
        issued[k] = Some(now);
        now += 1;
        order.push(k);
        let group = items[k].group;
        if !open.contains(&group) {
            open.push(group);
        }
        if let Some(entry) = left.iter_mut().find(|(g, _)| *g == group) {
            entry.1 -= 1;
            if entry.1 == 0 {
                open.retain(|g| *g != group);
            }
        }
    }
    order
}

/// Gives intermediate values registers along `order`; `None` where there are too few.
fn allocate(items: &[Item], order: &[usize], registers: &[u8]) -> Option<Vec<Item>> {
    let mut free: Vec<u8> = registers.iter().rev().copied().collect();
    let mut homes: Vec<(u8, u8)> = Vec::new();
    let mut out = Vec::with_capacity(order.len());
    for (position, &k) in order.iter().enumerate() {
        let mut item = items[k];
        let reads: Vec<u8> = item
            .instruction
            .vector_reads()
            .filter(|r| *r >= FIRST_VIRTUAL)
            .collect();
        let before = homes.clone();
        let later = |v: u8| {
            order[position + 1..]
                .iter()
                .any(|&n| items[n].instruction.vector_reads().any(|r| r == v))
        };
        // A value that is read for the last time hands its register to the result.
        homes.retain(|&(v, register)| {
            let done = reads.contains(&v) && !later(v);
            if done {
                free.push(register);
            }
            !done
        });
        let write = item
            .instruction
            .vector_write()
            .filter(|v| *v >= FIRST_VIRTUAL);
        let mut written = None;
        if let Some(v) = write {
            let register = match homes
                .iter()
                .chain(&before)
                .find(|(w, _)| *w == v && reads.contains(&v))
            {
                // Read and written at once, as by a select: it stays where it is.
                Some(&(_, register)) => {
                    free.retain(|f| *f != register);
                    homes.retain(|(w, _)| *w != v);
                    register
                }
                None => free.pop()?,
            };
            homes.push((v, register));
            written = Some(register);
            if !later(v) {
                homes.pop();
                free.push(register);
            }
        }
        let lookup = |v: u8| before.iter().find(|(w, _)| *w == v).map_or(v, |(_, r)| *r);
        rename(&mut item.instruction, lookup, written);
        out.push(item);
    }
    Some(out)
}

/// Replaces virtual vector registers. Scalar fields are below 32 and stay.
fn rename(i: &mut Instruction, lookup: impl Fn(u8) -> u8, written: Option<u8>) {
    if i.rs1 >= FIRST_VIRTUAL {
        i.rs1 = lookup(i.rs1);
    }
    if i.rs2 >= FIRST_VIRTUAL {
        i.rs2 = lookup(i.rs2);
    }
    if let (true, Some(register)) = (i.rd >= FIRST_VIRTUAL, written) {
        i.rd = register;
    }
}

/// Puts a `nop` where a loaded vector would be read by the very next instruction.
fn spaced(items: Vec<Item>) -> Vec<Item> {
    let mut out: Vec<Item> = Vec::with_capacity(items.len());
    let loads = |i: &Instruction| i.op.spec().class.loads_lanes();
    let nop = |like: &Item| Item {
        instruction: build::nop(),
        region: Region::None,
        site: None,
        ..*like
    };
    for item in items {
        if let Some(last) = out.last().copied() {
            let loaded = last
                .instruction
                .vector_write()
                .filter(|_| loads(&last.instruction));
            if loaded.is_some_and(|r| item.instruction.vector_reads().any(|s| s == r)) {
                out.push(nop(&last));
            }
        }
        out.push(item);
    }
    if let Some(last) = out.last().copied()
        && loads(&last.instruction)
    {
        out.push(nop(&last));
    }
    out
}
