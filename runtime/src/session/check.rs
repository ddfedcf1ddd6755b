//! A manifest against itself: buffers within the memories, aligned, apart from each other, of
//! the sizes that the populations have; saturation sites within the code.
//!
//! A host allocates by these numbers and reads and writes at these places.

use std::collections::{BTreeMap, BTreeSet};

use spikevec_assembler::Places;
use spikevec_assembler::image::{Buffer, ElementFormat, Manifest, Role, SaturationSite};
use spikevec_isa::Memory;

use super::error::SessionError;
use super::layout::wrong;
use super::pack::GROUP;

/// Bytes of a group of elements in vector memory.
const GROUP_BYTES: u64 = 2 * GROUP as u64;

/// Checks all of a manifest that [`Layout`](super::layout::Layout) has accepted, for the
/// program `code`.
pub(super) fn check(manifest: &Manifest, code: &[u32]) -> Result<(), SessionError> {
    manifest.target.check()?;
    if let Some(spec) = manifest.target.lacks(code) {
        return Err(SessionError::Extension {
            mnemonic: spec.mnemonic,
            extension: spec.extension,
            target: manifest.target.name.clone(),
        });
    }
    let mut names = BTreeSet::new();
    let mut memories: BTreeMap<Memory, Vec<Placed<'_>>> = BTreeMap::new();
    for buffer in &manifest.buffers {
        if !names.insert(&buffer.name) {
            return Err(wrong(buffer, "another buffer has the same name"));
        }
        check_population(manifest, buffer)?;
        let memory = Memory::from(buffer.memory);
        check_place(buffer, memory)?;
        let placed = Placed {
            buffer,
            places: Places::of(buffer),
        };
        placed.check_end(memory, size(manifest, memory))?;
        memories.entry(memory).or_default().push(placed);
    }
    for note in &manifest.populations {
        if note.channels == 0 || !note.neurons.is_multiple_of(note.channels) {
            return Err(SessionError::Channels {
                population: note.name.clone(),
                neurons: note.neurons,
                channels: note.channels,
            });
        }
    }
    for placed in memories.values() {
        check_apart(placed)?;
    }
    for (index, site) in manifest.saturation_sites.iter().enumerate() {
        check_site(manifest, site, code.len())
            .map_err(|problem| SessionError::Site { index, problem })?;
    }
    Ok(())
}

/// Bytes of a memory of the manifest's target, all lanes together.
fn size(manifest: &Manifest, memory: Memory) -> u64 {
    let bytes = u64::from(manifest.target.bytes(memory));
    match memory {
        Memory::LaneLocal => bytes * GROUP as u64,
        _ => bytes,
    }
}

/// The neurons of a recording, or of a state that is one row, are the population's.
fn check_population(manifest: &Manifest, buffer: &Buffer) -> Result<(), SessionError> {
    let found = match (buffer.role, buffer.shape.as_slice(), buffer.format) {
        (Role::Output | Role::Record, [_, neurons], _) => *neurons,
        (Role::State, [neurons], ElementFormat::Fixed { .. }) => *neurons,
        _ => return Ok(()),
    };
    let mut notes = manifest.populations.iter();
    let Some(note) = notes.find(|note| note.name == buffer.population) else {
        let problem = format!("population {:?} is not in the manifest", buffer.population);
        return Err(wrong(buffer, problem));
    };
    if note.neurons != found {
        let problem = format!(
            "{found} neurons a row, but population {:?} has {}",
            note.name, note.neurons
        );
        return Err(wrong(buffer, problem));
    }
    Ok(())
}

/// Words lie in scalar memory, vectors in vector memory, each at a multiple of its size.
fn check_place(buffer: &Buffer, memory: Memory) -> Result<(), SessionError> {
    let vectors = |unit| (Memory::Vector, unit);
    let (wanted, unit) = match (buffer.role, buffer.format) {
        // State in lane-local memory is the program's own.
        (Role::State, _) if memory == Memory::LaneLocal => return Ok(()),
        (Role::Control, ElementFormat::U16) => vectors(GROUP_BYTES),
        (Role::Control | Role::Input, _) | (_, ElementFormat::U32) => (Memory::Scalar, 4),
        _ if memory == Memory::Vector => vectors(GROUP_BYTES),
        (_, ElementFormat::Fixed { .. } | ElementFormat::U16) => (memory, 2),
        _ => (memory, 4),
    };
    if memory != wanted {
        return Err(wrong(
            buffer,
            format!("it lies in {memory}, it should be in {wanted}"),
        ));
    }
    let strides = [
        ("address", buffer.address),
        ("step_stride", buffer.step_stride),
        ("vector_stride", buffer.vector_stride),
    ];
    for (what, value) in strides {
        if !u64::from(value).is_multiple_of(unit) {
            let problem = format!("{what} {value:#x} is not a multiple of {unit} bytes");
            return Err(wrong(buffer, problem));
        }
    }
    Ok(())
}

struct Placed<'a> {
    buffer: &'a Buffer,
    places: Places,
}

impl Placed<'_> {
    fn check_end(&self, memory: Memory, size: u64) -> Result<(), SessionError> {
        let end = self.places.end();
        if end > size {
            let problem = format!("it ends at {end:#x}, but {memory} has {size:#x} bytes");
            return Err(wrong(self.buffer, problem));
        }
        Ok(())
    }
}

/// No byte belongs to two buffers, or to two steps of one. Rows of several buffers may
/// alternate. All buffers are within the memory, so that there are no more pieces than it
/// has halfwords before two of them meet.
fn check_apart(all: &[Placed<'_>]) -> Result<(), SessionError> {
    let end = all
        .iter()
        .map(|placed| placed.places.end())
        .max()
        .unwrap_or(0);
    let mut taken = vec![0u64; usize::try_from(end.div_ceil(128)).unwrap_or(0)];
    let filled = || all.iter().filter(|placed| !placed.places.is_empty());
    for (index, placed) in filled().enumerate() {
        for start in placed.places.starts() {
            let halfwords = start / 2..(start + placed.places.bytes()).div_ceil(2);
            for halfword in halfwords {
                let Some(word) = taken.get_mut((halfword / 64) as usize) else {
                    continue;
                };
                let bit = 1 << (halfword % 64);
                if *word & bit != 0 {
                    let earlier = filled().take(index);
                    return Err(overlap(placed, earlier, 2 * halfword));
                }
                *word |= bit;
            }
        }
    }
    Ok(())
}

/// The error of a buffer that has `byte` as an `earlier` one has, or as itself in another step.
fn overlap<'a>(
    placed: &Placed<'_>,
    mut earlier: impl Iterator<Item = &'a Placed<'a>>,
    byte: u64,
) -> SessionError {
    let problem = match earlier.find(|other| other.places.has(byte)) {
        Some(other) => format!("it overlaps buffer {:?} at {byte:#x}", other.buffer.name),
        None => {
            format!("its own rows overlap at {byte:#x}: step_stride or vector_stride is too small")
        }
    };
    wrong(placed.buffer, problem)
}

fn check_site(
    manifest: &Manifest,
    site: &SaturationSite,
    instructions: usize,
) -> Result<(), String> {
    if !site.pc.is_multiple_of(4) || site.pc as usize / 4 >= instructions {
        return Err(format!(
            "pc {:#x} is no instruction: the program has {instructions}",
            site.pc
        ));
    }
    if site.population as usize >= manifest.populations.len() {
        return Err(format!(
            "population {} is not there: the manifest has {}",
            site.population,
            manifest.populations.len()
        ));
    }
    if site.lanes as usize > GROUP {
        return Err(format!("{} lanes, a vector has {GROUP}", site.lanes));
    }
    Ok(())
}
