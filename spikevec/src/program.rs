//! A program: compiled, or read from a file.

use std::path::Path;
use std::sync::Arc;

use spikevec_assembler::image::Manifest;
use spikevec_assembler::{ElfError, Image, assemble, disassemble, listing, read_elf, write_elf};
use spikevec_compiler::Compiled;
use spikevec_compiler::reading::{NetworkReading, Readings};
use spikevec_runtime::{
    DataOptions, OutputPopulation, input_neurons, output_population, output_populations,
    write_whole,
};

use crate::data::{Data, complete};
use crate::error::{Error, Result};
use crate::file::{Opened, open};
use crate::machine::{Machine, MachineOptions};
use crate::report::MemoryReport;
use crate::run::{Run, RunOptions};
use crate::warning::Warning;

/// Instructions, initial memories, and the manifest that says how they are fed. A clone is another handle of the same
/// program.
#[derive(Debug, Clone)]
pub struct Program(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    name: String,
    source: Source,
}

#[derive(Debug)]
enum Source {
    Compiled(Box<Compilation>),
    /// It was compiled before, or by hand: the stages are not known.
    Image(Box<Image>, Vec<Warning>),
}

/// What is known of a program that was compiled here.
#[derive(Debug)]
pub(crate) struct Compilation {
    pub compiled: Compiled,
    pub readings: Readings,
    /// True where formats were chosen on data of the user.
    pub calibrated: bool,
    pub warnings: Vec<Warning>,
}

impl Program {
    pub(crate) fn new(name: String, compilation: Compilation) -> Self {
        let source = Source::Compiled(Box::new(compilation));
        Program(Arc::new(Shared { name, source }))
    }

    /// Reads an ELF file that [`Program::save`] wrote.
    ///
    /// # Errors
    /// A file that cannot be read, or is no program.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        match open(&path)? {
            Opened::Program(program) => Ok(program),
            Opened::Model(_) => Err(Error::NotAProgram {
                name: path.as_ref().display().to_string(),
            }),
        }
    }

    /// Reads the contents of an ELF file; `name` stands for the file in messages.
    ///
    /// # Errors
    /// Contents that are no program.
    pub fn from_bytes(bytes: &[u8], name: &str) -> Result<Self> {
        let file = read_elf(bytes).map_err(|source| Error::Program {
            name: name.to_owned(),
            source: Box::new(source),
        })?;
        let of_file = |warning| Warning::ProgramFile {
            name: name.to_owned(),
            warning,
        };
        let warnings = file.warnings.into_iter().map(of_file).collect();
        Ok(Program::of_image(file.image, name, warnings))
    }

    /// A program that is there as a value; `name` stands for it in messages.
    pub fn from_image(image: Image, name: &str) -> Self {
        Program::of_image(image, name, Vec::new())
    }

    fn of_image(mut image: Image, name: &str, warnings: Vec<Warning>) -> Self {
        image.make_names_visible();
        Program(Arc::new(Shared {
            name: name.to_owned(),
            source: Source::Image(Box::new(image), warnings),
        }))
    }

    /// Assembles text (docs/assembler.md); `name` stands for its file in messages. Such a program has no manifest, so that
    /// [`Program::run`] cannot feed it.
    ///
    /// # Errors
    /// All mistakes of the text.
    pub fn assemble(text: &str, name: &str) -> Result<Self> {
        Ok(Program::from_image(assemble(text, name)?, name))
    }

    /// What messages and reports call it: its file, or its model's.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Instructions and memories.
    pub fn image(&self) -> &Image {
        match &self.0.source {
            Source::Compiled(compilation) => &compilation.compiled.image,
            Source::Image(image, _) => image,
        }
    }

    /// What a host has to know; nothing where it was assembled by hand.
    pub fn manifest(&self) -> Option<&Manifest> {
        self.image().manifest.as_ref()
    }

    pub(crate) fn compilation(&self) -> Option<&Compilation> {
        match &self.0.source {
            Source::Compiled(compilation) => Some(compilation),
            Source::Image(..) => None,
        }
    }

    /// The products of the compiler's stages; nothing where it was compiled before.
    pub fn compiled(&self) -> Option<&Compiled> {
        self.compilation().map(|c| &c.compiled)
    }

    /// How what its model left open was read; nothing where it was compiled before.
    pub fn reading(&self) -> Option<&NetworkReading> {
        self.compiled().map(|c| &c.placed.network.reading)
    }

    /// What was to be said of the model and its compilation, or of the program's file.
    pub fn warnings(&self) -> &[Warning] {
        match &self.0.source {
            Source::Compiled(compilation) => &compilation.warnings,
            Source::Image(_, warnings) => warnings,
        }
    }

    /// How much of each memory it takes.
    pub fn memory(&self) -> MemoryReport {
        MemoryReport::new(self.image())
    }

    /// The program as text that assembles to the same program, as it is in its file.
    ///
    /// # Errors
    /// Contents that lie on each other.
    pub fn disassembly(&self) -> Result<String> {
        let image = self.image().clone().canonical();
        let image = image.map_err(|overlap| self.not_stored(overlap.into()))?;
        Ok(disassemble(&image))
    }

    /// Address, word and text of each instruction, to read.
    pub fn listing(&self) -> String {
        listing(&self.image().code, &self.image().symbols)
    }

    /// The program as the bytes of an ELF file.
    ///
    /// # Errors
    /// Contents that such a file cannot hold.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        write_elf(self.image()).map_err(|source| self.not_stored(source))
    }

    fn not_stored(&self, source: ElfError) -> Error {
        Error::Store {
            name: self.name().to_owned(),
            source: Box::new(source),
        }
    }

    /// Writes an ELF file, whole or not at all.
    ///
    /// # Errors
    /// Contents that such a file cannot hold; a file that cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        write_whole(path, &self.to_bytes()?).map_err(|source| Error::Write {
            path: path.to_owned(),
            source,
        })
    }

    /// `options`, with what the program knows of its input: neurons and, where it was compiled here, the shape of the sensor.
    ///
    /// # Errors
    /// No manifest, or one that cannot be served.
    pub fn data_options(&self, options: &DataOptions) -> Result<DataOptions> {
        let neurons = input_neurons(self.image()).map_err(|source| Error::Run {
            name: self.name().to_owned(),
            source: Box::new(source),
        })?;
        let network = self.compilation().map(|c| &c.compiled.network);
        let shape = network.map_or(&[][..], |network| &network.input_shape);
        Ok(complete(options, neurons, shape))
    }

    /// The population that classes are read from: the one called `name`, or the first.
    ///
    /// # Errors
    /// No output, or none of that name.
    pub fn output(&self, name: Option<&str>) -> Result<OutputPopulation<'_>> {
        let failed = |source| Error::Output {
            name: self.name().to_owned(),
            source,
        };
        let manifest = self.manifest().ok_or_else(|| Error::Run {
            name: self.name().to_owned(),
            source: Box::new(spikevec_runtime::SessionError::NoManifest),
        })?;
        output_population(manifest, name).map_err(failed)
    }

    /// What there is to say where no output is chosen and there are several.
    pub fn output_warning(&self) -> Option<Warning> {
        let outputs = output_populations(self.manifest()?);
        let [first, _, ..] = outputs.as_slice() else {
            return None;
        };
        Some(Warning::SeveralOutputs {
            outputs: outputs
                .iter()
                .map(|output| output.name.to_owned())
                .collect(),
            chosen: first.name.to_owned(),
        })
    }

    /// Runs a data set in the simulator, which counts the clocks of a core with 32 lanes. Other machines:
    /// [`Machine::open`].
    ///
    /// # Errors
    /// As [`Machine::open`] and [`Machine::run`].
    pub fn run(&self, data: &Data, options: &RunOptions<'_>) -> Result<Run> {
        Machine::open(&MachineOptions::default(), self)?.run(data, options)
    }
}
