//! ELF files: loaded, disassembled, and what their manifests say done.

use spikevec_assembler::elf::{NOTE_CHECKSUM, NOTE_OWNER};
use spikevec_assembler::{Image, read_elf};
use spikevec_isa::{LANES, Memory, Target};
use spikevec_runtime::{Session, SessionOptions, SimulatorBackend, SimulatorOptions};

/// Instructions of a run.
const BUDGET: u64 = 2000;

/// Bytes of memories up to which a machine of the file's own target is made.
const MEMORIES: u64 = 4 << 20;

pub fn run(input: &[u8]) {
    if !read(input) {
        // Hardly any change leaves the checksum right: another one shows what is behind it.
        read(&mended(input));
    }
}

/// Reads a file and uses it; false where it was refused.
fn read(bytes: &[u8]) -> bool {
    match read_elf(bytes) {
        Err(error) => {
            crate::check_message(&error);
            false
        }
        Ok(file) => {
            file.warnings.iter().for_each(|w| crate::check_message(w));
            crate::assembly::rewrite(&file.image);
            start(&file.image);
            true
        }
    }
}

/// The file with the checksum that its bytes have.
fn mended(input: &[u8]) -> Vec<u8> {
    let mut bytes = input.to_vec();
    let mut head = Vec::new();
    for word in [NOTE_OWNER.len() as u32 + 1, 4, NOTE_CHECKSUM] {
        head.extend(word.to_le_bytes());
    }
    head.extend(NOTE_OWNER.as_bytes());
    head.push(0);
    head.resize(head.len().next_multiple_of(4), 0);
    let found = bytes.windows(head.len()).position(|w| w == head);
    let Some(start) = found.map(|at| at + head.len()) else {
        return bytes;
    };
    let Some(place) = bytes.get_mut(start..start + 4) else {
        return bytes;
    };
    place.fill(0);
    let sum = crc32fast::hash(&bytes).to_le_bytes();
    if let Some(place) = bytes.get_mut(start..start + 4) {
        place.copy_from_slice(&sum);
    }
    bytes
}

/// Loads a program into the machine that it is for, and runs a sample of three steps.
fn start(image: &Image) {
    let named = image.manifest.as_ref().map(|manifest| &manifest.target);
    let target = named.filter(|target| small(target)).cloned();
    let target = target.unwrap_or_else(Target::small);
    let options = SimulatorOptions::default();
    let backend = match SimulatorBackend::new(&target, options) {
        Ok(backend) => backend,
        Err(error) => return crate::check_message(&error),
    };
    let options = SessionOptions {
        budget: Some(BUDGET),
        ..SessionOptions::default()
    };
    let mut session = match Session::new(backend, image, &options) {
        Ok(session) => session,
        Err(error) => return crate::check_message(&error),
    };
    let spikes = match session.input_neurons() {
        0 => Vec::new(),
        neurons => vec![0, neurons as u32 - 1],
    };
    let sample = [spikes, Vec::new(), vec![0]];
    if let Err(error) = session.run_sample(&sample, 0) {
        crate::check_message(&error);
    }
}

fn small(target: &Target) -> bool {
    let data = [Memory::Scalar, Memory::Vector, Memory::External];
    let bytes = data.map(|memory| u64::from(target.bytes(memory)));
    let local = u64::from(target.lane_local_bytes) * LANES as u64;
    bytes.iter().sum::<u64>() + local < MEMORIES
}
