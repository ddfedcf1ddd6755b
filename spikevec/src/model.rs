//! From a model to a program.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use spikevec_assembler::visible;
use spikevec_compiler::description;
use spikevec_compiler::graph::{self, Network as Graph};
use spikevec_compiler::neuron::{Described, Text};
use spikevec_compiler::quantise::{Calibration, QuantisedNetwork, quantise};
use spikevec_compiler::reading::Readings;
use spikevec_compiler::reading::search::{Found, SearchProgress, search};
use spikevec_compiler::{CompileError, Options, compile_network};
use spikevec_runtime::{DataOptions, Dataset};

use crate::data::{Data, complete};
use crate::error::{Error, Result};
use crate::expected::Expected;
use crate::file::{Opened, open, stem};
use crate::folder::Folder;
use crate::program::{Compilation, Program};
use crate::warning::{Warning, warn, warn_all};

/// What a compilation depends on, beside the model.
#[derive(Debug, Clone, Default)]
pub struct CompileOptions {
    /// The compiler's: target, step, rounding, reset, formats, recordings. The name in it is not used: a program is called
    /// as its model.
    pub compiler: Options,
    /// The input on which number formats are chosen: seeded random spikes, or samples.
    pub calibration: Calibration,
}

/// A trained network: in NIR, repaired and checked, or described as text.
#[derive(Debug, Clone)]
pub struct Model {
    name: String,
    form: Form,
}

#[derive(Debug, Clone)]
enum Form {
    Nir(spikevec_nir::Model),
    Described(Box<Graph>),
}

impl Model {
    /// Reads a `.nir` file, or a description in a `.toml` file.
    ///
    /// # Errors
    /// A file that cannot be read, or is no model.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        match open(&path)? {
            Opened::Model(model) => Ok(*model),
            Opened::Program(_) => Err(Error::NotAModel {
                name: path.as_ref().display().to_string(),
            }),
        }
    }

    /// Reads the contents of a `.nir` file; `name` stands for the file in messages.
    ///
    /// # Errors
    /// Contents that are no model.
    pub fn from_bytes(bytes: &[u8], name: &str) -> Result<Self> {
        let model = spikevec_nir::from_bytes(bytes, name).map_err(unreadable(name))?;
        Ok(Model {
            name: name.to_owned(),
            form: Form::Nir(model),
        })
    }

    /// Reads the text of a description; files that it names are looked for in `folder`, and `name` stands for its own
    /// file in messages.
    ///
    /// # Errors
    /// A text that describes no network.
    pub fn from_description(text: &str, folder: &Path, name: &str) -> Result<Self> {
        let files = Folder::new(folder);
        let network = description::read(name, text, &files);
        let network = network.map_err(|source| Error::Description {
            name: name.to_owned(),
            source: Box::new(source),
        })?;
        Ok(Model {
            name: name.to_owned(),
            form: Form::Described(Box::new(network)),
        })
    }

    /// Repairs and checks a graph; `name` stands for it in messages.
    ///
    /// # Errors
    /// A graph that makes no sense.
    pub fn from_graph(mut graph: spikevec_nir::Graph, name: &str) -> Result<Self> {
        let warnings = spikevec_nir::repair(&mut graph).map_err(unreadable(name))?;
        Ok(Model {
            name: name.to_owned(),
            form: Form::Nir(spikevec_nir::Model {
                version: None,
                graph,
                warnings,
            }),
        })
    }

    /// What messages call it: its file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The graph of a model in NIR, sound: every edge connects two nodes, and all shapes agree.
    pub fn graph(&self) -> Option<&spikevec_nir::Graph> {
        match &self.form {
            Form::Nir(model) => Some(&model.graph),
            Form::Described(_) => None,
        }
    }

    /// What was repaired or ignored.
    pub fn warnings(&self) -> Vec<Warning> {
        let mut all = Vec::new();
        if let Form::Nir(model) = &self.form {
            for warning in &model.warnings {
                warn(&mut all, Warning::Model(warning.clone()));
            }
            warn_all(&mut all, led_through_recurrence(&model.graph, ""));
        }
        all
    }

    /// The compiler's first stage: populations and projections.
    ///
    /// # Errors
    /// A graph that the compiler cannot express.
    pub fn network(&self) -> Result<Network> {
        let graph = match &self.form {
            Form::Nir(model) => graph::from_nir(&model.graph).map_err(not_compiled(&self.name))?,
            Form::Described(graph) => Graph::clone(graph),
        };
        Ok(Network {
            name: self.name.clone(),
            graph,
            warnings: self.warnings(),
        })
    }

    /// All stages.
    ///
    /// # Errors
    /// A network that has no program: see [`CompileError`].
    pub fn compile(&self, options: &CompileOptions) -> Result<Program> {
        self.network()?.compile(options)
    }
}

/// Nested graphs whose input goes through the matrix by which its neurons feed themselves, and only there.
fn led_through_recurrence(graph: &spikevec_nir::Graph, at: &str) -> Vec<Warning> {
    let mut all = Vec::new();
    for (name, node) in &graph.nodes {
        let spikevec_nir::NodeKind::Graph(nested) = &node.kind else {
            continue;
        };
        let name = format!("{at}{name}");
        for input in nested.inputs() {
            let matrices: Vec<&str> = nested.successors(input).collect();
            let [matrix] = matrices[..] else { continue };
            let feeds_back = |neuron: &str| nested.successors(neuron).any(|next| next == matrix);
            if nested.successors(matrix).any(feeds_back) {
                let text = format!(
                    "`{name}`: the input of this recurrent layer is led through its recurrent matrix `{matrix}`, as Spyx \
                     writes it. Spyx itself adds the input beside it: if the file comes from there, it is another network \
                     than was trained, and no flag makes up for it"
                );
                all.push(Warning::Network(visible(&text).into_owned()));
            }
        }
        all.extend(led_through_recurrence(nested, &format!("{name}/")));
    }
    all
}

/// Populations and projections, in floating point: what a model is to the compiler.
#[derive(Debug, Clone)]
pub struct Network {
    name: String,
    graph: Graph,
    /// The model's.
    warnings: Vec<Warning>,
}

impl Network {
    /// A network that was made without a file; `name` stands for it in messages.
    pub fn new(graph: Graph, name: &str) -> Self {
        Network {
            name: name.to_owned(),
            graph,
            warnings: Vec::new(),
        }
    }

    /// What it is made of.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Gives a population neurons of a model that is the text `source`, which `file` stands for in messages. Parameters
    /// that `parameters` does not have take the numbers of the model's neurons under the same names, as `tau` and
    /// `v_threshold` of a LIF, and else the text's own;
    /// gives the names of those that do.
    ///
    /// # Errors
    /// A text with mistakes, and names that the network or the text does not have.
    pub fn describe(
        &mut self,
        population: &str,
        (file, source): (&str, &str),
        parameters: &BTreeMap<String, f64>,
    ) -> Result<Vec<&'static str>> {
        let text = Text::parse(file, source)?;
        let mut neuron = Described::new(Arc::new(text));
        for (name, value) in parameters {
            neuron
                .set(name, *value)
                .map_err(|source| Error::Parameter {
                    population: population.to_owned(),
                    source: Box::new(source),
                })?;
        }
        let taken = self.graph.describe(population, neuron);
        taken.map_err(not_compiled(&self.name))
    }

    /// The warnings of its model, and its own.
    pub fn warnings(&self) -> Vec<Warning> {
        let mut all = self.warnings.clone();
        for text in &self.graph.warnings {
            warn(&mut all, Warning::Network(text.clone()));
        }
        all
    }

    /// `options`, with what the network knows of its input: neurons, and the shape of the sensor.
    pub fn data_options(&self, options: &DataOptions) -> DataOptions {
        complete(options, self.graph.inputs(), &self.graph.input_shape)
    }

    /// Reads samples to choose number formats on.
    ///
    /// # Errors
    /// Data that cannot be read, does not fit the network, or has no steps.
    pub fn calibration(&self, path: &Path, options: &DataOptions) -> Result<Calibration> {
        let data = Dataset::load(path, &self.data_options(options))?;
        if data.steps() == 0 {
            return Err(Error::NothingToCalibrateOn {
                name: path.display().to_string(),
            });
        }
        Ok(Calibration::Samples(data.samples))
    }

    /// Searches the reading under which the network does with `data` what its framework did: the arrays of `expected`.
    /// What `readings` choose stays. `progress` is told of each population and each number of changes.
    ///
    /// # Errors
    /// Arrays that do not fit the data, readings that cannot be had, or a network that cannot run. A reading under which
    /// not all agrees is no error.
    pub fn search_reading(
        &self,
        readings: &Readings,
        data: &Data,
        expected: &Expected,
        progress: &(dyn Fn(SearchProgress<'_>) + Sync),
    ) -> Result<Found> {
        let traces = expected.traces(&self.graph, data.samples())?;
        search(&self.graph, readings, data.samples(), &traces, progress)
            .map_err(not_compiled(&self.name))
    }

    /// The second stage alone: number formats and operations. A network that fits no machine has them all the same.
    ///
    /// # Errors
    /// A step that is missing, or formats that cannot be had.
    pub fn quantise(&self, options: &CompileOptions) -> Result<QuantisedNetwork> {
        quantise(&self.graph, &options.calibration, &options.compiler)
            .map_err(not_compiled(&self.name))
    }

    /// All further stages.
    ///
    /// # Errors
    /// A network that has no program: see [`CompileError`].
    pub fn compile(self, options: &CompileOptions) -> Result<Program> {
        let mut warnings = self.warnings();
        let compiler = Options {
            name: stem(&self.name),
            ..options.compiler.clone()
        };
        let compiled = compile_network(self.graph, &options.calibration, &compiler)
            .map_err(not_compiled(&self.name))?;
        for text in &compiled.network.warnings {
            warn(&mut warnings, Warning::Network(text.clone()));
        }
        let compilation = Compilation {
            compiled,
            readings: compiler.readings,
            calibrated: matches!(options.calibration, Calibration::Samples(_)),
            warnings,
        };
        Ok(Program::new(self.name, compilation))
    }
}

fn unreadable(name: &str) -> impl FnOnce(spikevec_nir::Error) -> Error {
    move |source| Error::Model {
        name: name.to_owned(),
        source: Box::new(source),
    }
}

fn not_compiled(name: &str) -> impl FnOnce(CompileError) -> Error {
    move |source| Error::Compile {
        name: name.to_owned(),
        source: Box::new(source),
    }
}
