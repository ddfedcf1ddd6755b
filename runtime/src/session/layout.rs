//! The manifest's buffers, checked once and in the form that a run needs.

use spikevec_assembler::image::{Buffer, ElementFormat, MANIFEST_VERSION, Manifest, Role};
use spikevec_isa::Memory;

use super::error::SessionError;
use super::pack::{END_OF_STEP, GROUP, bit_row_bytes};

/// Where the input goes.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    pub memory: Memory,
    pub address: u32,
    pub neurons: u32,
    pub form: InputForm,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum InputForm {
    List {
        base: u32,
        stride: u32,
        words: usize,
    },
    Bits {
        steps: usize,
        step_stride: usize,
    },
}

/// Elements in memory: `steps` rows of `neurons`, all that one run can record, or
/// one row of state.
#[derive(Debug, Clone)]
pub(crate) struct Rows {
    pub name: String,
    pub population: String,
    pub memory: Memory,
    pub address: u32,
    pub neurons: usize,
    /// Channels that stand side by side; 1 where neurons stand as in the model.
    pub channels: usize,
    pub step_stride: usize,
    pub form: RowForm,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowForm {
    Bits,
    Fixed { fraction: u32, group_stride: usize },
}

/// A control word or counter.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    pub population: String,
    pub memory: Memory,
    pub address: u32,
}

/// All of a program's buffers.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub input: Input,
    pub steps: Word,
    pub restart: Word,
    pub seed: Option<Seed>,
    pub recordings: Vec<Rows>,
    pub counts: Vec<Word>,
    pub states: Vec<Rows>,
    /// Most steps of one run.
    pub max_steps: usize,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Seed {
    pub memory: Memory,
    pub address: u32,
    pub stride: u32,
}

pub(super) fn wrong(buffer: &Buffer, problem: impl Into<String>) -> SessionError {
    SessionError::Buffer {
        buffer: buffer.name.clone(),
        problem: problem.into(),
    }
}

/// Checks that `bytes` bytes from the buffer's address can be addressed at all;
/// whether the memory has them is the backend's to say.
fn check_end(buffer: &Buffer, bytes: usize) -> Result<(), SessionError> {
    let end = u64::from(buffer.address) + bytes as u64;
    if end > u64::from(u32::MAX) {
        return Err(wrong(
            buffer,
            format!("it ends at {end:#x}, beyond any memory"),
        ));
    }
    Ok(())
}

impl Rows {
    /// Bytes of one step's row, from its first byte to its last.
    pub fn row_bytes(&self) -> usize {
        row_bytes(self.neurons, self.form, self.memory)
    }

    fn new(buffer: &Buffer, steps: usize, neurons: u32) -> Result<Self, SessionError> {
        let memory = Memory::from(buffer.memory);
        if memory == Memory::LaneLocal {
            return Err(wrong(
                buffer,
                "recordings and state in lane-local memory cannot be read",
            ));
        }
        let form = match buffer.format {
            ElementFormat::Bits => RowForm::Bits,
            ElementFormat::Fixed { fraction } => RowForm::Fixed {
                fraction,
                group_stride: group_stride(buffer, memory, neurons)?,
            },
            other => {
                return Err(wrong(
                    buffer,
                    format!("neurons cannot be read in the form {other:?}"),
                ));
            }
        };
        let row = row_bytes(neurons as usize, form, memory);
        let step_stride = buffer.step_stride as usize;
        // Rows may interleave with their own groups, so that only equal rows are refused.
        if steps > 1 && step_stride == 0 {
            return Err(wrong(
                buffer,
                "step_stride is 0, so that steps overwrite each other",
            ));
        }
        let extent = steps.saturating_sub(1).saturating_mul(step_stride);
        check_end(buffer, extent.saturating_add(row))?;
        Ok(Rows {
            name: buffer.name.clone(),
            population: buffer.population.clone(),
            memory,
            address: buffer.address,
            neurons: neurons as usize,
            channels: 1,
            step_stride,
            form,
        })
    }
}

fn row_bytes(neurons: usize, form: RowForm, memory: Memory) -> usize {
    match form {
        RowForm::Bits => bit_row_bytes(neurons),
        // Scalar memory has no padding of the last group.
        RowForm::Fixed { .. } if memory != Memory::Vector => 2 * neurons,
        RowForm::Fixed { group_stride, .. } => match neurons.div_ceil(GROUP) {
            0 => 0,
            groups => (groups - 1)
                .saturating_mul(group_stride)
                .saturating_add(2 * GROUP),
        },
    }
}

fn group_stride(buffer: &Buffer, memory: Memory, neurons: u32) -> Result<usize, SessionError> {
    let stride = buffer.vector_stride as usize;
    if memory != Memory::Vector {
        return Ok(2 * GROUP);
    }
    if stride == 0 && neurons as usize <= GROUP {
        return Ok(2 * GROUP);
    }
    if stride < 2 * GROUP {
        let problem = format!("vector_stride is {stride}, a group of 32 elements takes 64 bytes");
        return Err(wrong(buffer, problem));
    }
    Ok(stride)
}

fn word(manifest: &Manifest, name: &'static str) -> Result<Word, SessionError> {
    let what = match name {
        "steps" => "control word \"steps\"",
        _ => "control word \"restart\"",
    };
    let found = manifest
        .buffers
        .iter()
        .find(|buffer| buffer.role == Role::Control && buffer.name == name)
        .ok_or(SessionError::Missing { what })?;
    one_word(found)
}

fn one_word(buffer: &Buffer) -> Result<Word, SessionError> {
    if buffer.format != ElementFormat::U32 || buffer.shape != [1] {
        return Err(wrong(buffer, "it should be one u32 word of shape [1]"));
    }
    check_end(buffer, 4)?;
    Ok(Word {
        population: buffer.population.clone(),
        memory: Memory::from(buffer.memory),
        address: buffer.address,
    })
}

fn seed(manifest: &Manifest) -> Result<Option<Seed>, SessionError> {
    let is_seed = |b: &&Buffer| b.role == Role::Control && b.name == "seed";
    let Some(buffer) = manifest.buffers.iter().find(is_seed) else {
        return Ok(None);
    };
    if buffer.format != ElementFormat::U16 || buffer.shape != [2, GROUP as u32] {
        return Err(wrong(
            buffer,
            "it should be two vectors: format u16, shape [2, 32]",
        ));
    }
    let stride = buffer.vector_stride.max(2 * GROUP as u32);
    check_end(buffer, stride as usize + 2 * GROUP)?;
    Ok(Some(Seed {
        memory: Memory::from(buffer.memory),
        address: buffer.address,
        stride,
    }))
}

fn input(manifest: &Manifest) -> Result<Input, SessionError> {
    let mut all = manifest.buffers.iter().filter(|b| b.role == Role::Input);
    let what = "input buffer";
    let buffer = all.next().ok_or(SessionError::Missing { what })?;
    let others: Vec<&str> = all.map(|b| b.name.as_str()).collect();
    if !others.is_empty() {
        return Err(SessionError::Inputs {
            count: others.len() + 1,
            names: format!("{}, {}", buffer.name, others.join(", ")),
        });
    }
    let (neurons, form, bytes) = match (buffer.format, buffer.shape.as_slice()) {
        (
            ElementFormat::SpikeList {
                base,
                stride,
                neurons,
            },
            [words],
        ) => {
            let last = u64::from(base) + u64::from(stride) * u64::from(neurons.saturating_sub(1));
            if last >= u64::from(END_OF_STEP) {
                let problem =
                    format!("the last neuron's word {last:#x} does not fit below the end mark");
                return Err(wrong(buffer, problem));
            }
            let words = *words as usize;
            (
                neurons,
                InputForm::List {
                    base,
                    stride,
                    words,
                },
                words * 4,
            )
        }
        (ElementFormat::Bits, [steps, neurons]) => {
            let (steps, row) = (*steps as usize, bit_row_bytes(*neurons as usize));
            let step_stride = buffer.step_stride as usize;
            if steps == 0 || (steps > 1 && step_stride < row) {
                let problem = format!(
                    "{steps} steps at a step_stride of {step_stride}, a step takes {row} bytes"
                );
                return Err(wrong(buffer, problem));
            }
            let form = InputForm::Bits { steps, step_stride };
            (
                *neurons,
                form,
                (steps - 1).saturating_mul(step_stride).saturating_add(row),
            )
        }
        (format, shape) => {
            let problem = format!(
                "input of shape {shape:?} in the form {format:?}: expected a list of spikes [words] or bits [steps, neurons]"
            );
            return Err(wrong(buffer, problem));
        }
    };
    check_end(buffer, bytes)?;
    Ok(Input {
        memory: Memory::from(buffer.memory),
        address: buffer.address,
        neurons,
        form,
    })
}

impl Layout {
    /// Checks the manifest. `limit` lowers the number of steps that a run takes.
    pub fn new(manifest: &Manifest, limit: Option<usize>) -> Result<Self, SessionError> {
        if manifest.version != MANIFEST_VERSION {
            let found = manifest.version;
            return Err(SessionError::Version { found });
        }
        let input = input(manifest)?;
        let mut max_steps = (manifest.max_steps as usize).min(limit.unwrap_or(usize::MAX));
        if let InputForm::Bits { steps, .. } = input.form {
            max_steps = max_steps.min(steps);
        }
        let (mut recordings, mut counts, mut states) = (Vec::new(), Vec::new(), Vec::new());
        for buffer in &manifest.buffers {
            match (buffer.role, buffer.shape.as_slice()) {
                (Role::Input | Role::Control, _) => {}
                (Role::State, shape) => {
                    // State may be of any shape; only rows of neurons can be read by name.
                    if let (ElementFormat::Fixed { .. }, [neurons]) = (buffer.format, shape)
                        && buffer.memory != spikevec_assembler::image::MemoryName::LaneLocal
                    {
                        states.push(Rows::new(buffer, 1, *neurons)?);
                    }
                }
                (Role::Output | Role::Record, [1]) if buffer.format == ElementFormat::U32 => {
                    counts.push(one_word(buffer)?);
                }
                (Role::Output | Role::Record, [steps, neurons]) => {
                    max_steps = max_steps.min(*steps as usize);
                    recordings.push(Rows::new(buffer, *steps as usize, *neurons)?);
                }
                (Role::Output | Role::Record, shape) => {
                    let problem =
                        format!("a recording of shape {shape:?}: expected [steps, neurons]");
                    return Err(wrong(buffer, problem));
                }
            }
        }
        for rows in recordings.iter_mut().chain(&mut states) {
            let mut notes = manifest.populations.iter();
            if let Some(note) = notes.find(|note| note.name == rows.population) {
                rows.channels = note.channels as usize;
            }
        }
        if max_steps == 0 {
            return Err(SessionError::NoSteps);
        }
        Ok(Layout {
            input,
            steps: word(manifest, "steps")?,
            restart: word(manifest, "restart")?,
            seed: seed(manifest)?,
            recordings,
            counts,
            states,
            max_steps,
        })
    }
}
