//! `spikevec run`: a data set through a model or a program.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::Args;
use spikevec_assembler::Image;
use spikevec_assembler::image::Manifest;
use spikevec_compiler::Compiled;
use spikevec_compiler::options::Dynamics;
use spikevec_hdl::system::{SystemConfig, SystemPipe};
use spikevec_runtime::data::{Array, Values};
use spikevec_runtime::link::{LinkOptions, PseudoTerminal, SerialLine, serve};
use spikevec_runtime::{
    AnyBackend, BackendError, Dataset, EvaluateError, EvaluateOptions, LinkBackend,
    OutputPopulation, Readout, RtlBackend, Session, SessionError, SessionOptions, SimulatorBackend,
    SimulatorOptions, Summary, check_labels, evaluate, load_labels, output_population,
    output_populations, result_arrays, write_npz,
};
use spikevec_simulator::{Cause, Timing};

use crate::arguments::{CompileFlags, CoreFlags, DataFlags, Machine, Prepared, choice};
use crate::files::{self, Contents, Plan};
use crate::float::{self, FloatSummary};
use crate::report::run::{Report, Sources};
use crate::report::timing::{self, TimingReport};
use crate::terminal::{self, Warnings};

const EXAMPLES: &str = "\
Examples:
  Accuracy in fixed point and in floating point, formats, sizes, instructions:
    spikevec run model.nir --input x.npy --labels y.npy
  Of a model that does not say how long its time step is:
    spikevec run braille.nir --dt 1e-4 --reset subtract --input x.npy --labels y.npy
  Of the first 20 samples, with stochastic rounding, for a program to read:
    spikevec run model.nir --input x.npy --limit 20 --rounding stochastic --seed 7 --json
  Predictions, spikes and membranes for numpy:
    spikevec run model.nir --input x.npy --record '*' --record-membranes --output out.npz
  Clocks of a core with 8 of the 32 lanes in hardware, and the time at 80 MHz:
    spikevec run model.nir --input x.npy --config small --clock 80
  Every instruction of one sample:
    spikevec run model.elf --input x.npy --limit 1 --trace trace.txt

Input is a .npy or .npz file: spikes or counts (samples, steps, neurons), the same with the
neurons packed to bits, or events t, x, y, p with offsets. Input of one sample may leave out
the first axis.";

/// Run a model or a program on data in the simulator, and say how well it does
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// A NIR model, or a program that `compile` made
    #[arg(value_name = "MODEL|PROGRAM")]
    program: PathBuf,
    /// Input spikes
    #[arg(long, short, value_name = "X.npy")]
    input: PathBuf,
    /// Class of each sample
    #[arg(long, short, value_name = "Y.npy")]
    labels: Option<PathBuf>,
    /// Only the first N samples
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,
    /// Seed of random numbers: stochastic rounding, and calibration where no data is given [default: 1]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// How the class is read from the output [default: count where it spikes, else max-v]
    #[arg(long, value_name = "READOUT", value_parser = choice(&["count", "max-v", "mean-v", "last-v"], Readout::named))]
    readout: Option<Readout>,
    /// Output population that the class is read from, where there are several [default: the first]
    #[arg(long, value_name = "NAME")]
    output_population: Option<String>,
    /// Do not run the float reference
    #[arg(long)]
    no_float: bool,
    /// Stop where a loaded vector is read by the next instruction
    #[arg(long)]
    strict: bool,
    /// Most instructions of one run of the program
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    budget: Option<u64>,
    /// Write every instruction executed, with the values it wrote; samples run one after the other
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
    /// Write predictions, spikes and what was recorded
    #[arg(long, short, value_name = "OUT.npz")]
    output: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    core: CoreFlags,
    #[command(flatten)]
    data: DataFlags,
    #[command(flatten)]
    compile: CompileFlags,
}

/// Runs the verb.
pub fn run(arguments: &Arguments) -> Result<()> {
    let mut warnings = Warnings::default();
    Plan::default()
        .reads([&arguments.program, &arguments.input])
        .reads(&arguments.labels)
        .reads(arguments.compile.calibration_file())
        .writes(&arguments.output)
        .writes(&arguments.trace)
        .check()?;
    let program = Program::load(arguments, &mut warnings)?;
    if arguments.compile.records() && arguments.output.is_none() {
        warnings.warn("what is recorded is written nowhere: give --output OUT.npz");
    }
    let options = SessionOptions {
        seed: arguments.seed,
        budget: arguments.budget.unwrap_or(SessionOptions::default().budget),
        max_steps: None,
    };
    let timing = arguments.core.timing();
    let (backend, _terminal) = machine(arguments, &program.image, timing)?;
    let timing = match &backend {
        // A board is what it says it is.
        AnyBackend::Link(link) => Timing::new(link.description().lanes).ok(),
        _ => timing,
    };
    let mut session = Session::new(backend, &program.image, &options)
        .with_context(|| format!("{} cannot be run", arguments.program.display()))?;
    let shape = program.input_shape.as_deref();
    let data = arguments.data.options(session.input_neurons(), shape);
    let mut data = Dataset::load(&arguments.input, &data)?;
    ensure!(
        data.steps() > 0,
        "{} holds no steps to run",
        arguments.input.display()
    );
    let output = output(arguments, session.manifest(), &mut warnings)?;
    let mut labels = labels(arguments, output.neurons, &data)?;
    if let Some(limit) = arguments.limit {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        data.truncate(limit);
        if let Some(labels) = &mut labels {
            labels.truncate(limit);
        }
    }
    let summary = simulate(arguments, &mut session, &data, labels.as_deref())?;
    if summary.rng_used_unseeded {
        warnings.warn(
            "the program drew random numbers from generators that were not seeded: they only gave zeros. \
             Compile the model again",
        );
    }
    let float = match &program.compiled {
        Some((compiled, dynamics)) if !arguments.no_float => {
            Some(reference(compiled, dynamics, &summary, &data)?)
        }
        _ => None,
    };
    if let Some(path) = &arguments.output {
        let mut arrays = result_arrays(session.manifest(), &summary.results, &summary.predictions);
        arrays.extend(
            labels
                .as_deref()
                .map(|labels| ("labels".to_owned(), classes(labels))),
        );
        arrays.extend(float.as_ref().map(|float| {
            let predictions = classes(&float.predictions);
            ("float_predictions".to_owned(), predictions)
        }));
        write_npz(path, &by_name(&arrays))?;
    }
    let report = Report::new(Sources {
        program: &arguments.program,
        image: &program.image,
        compiled: program.compiled.as_ref().map(|(compiled, _)| compiled),
        seed: arguments.seed,
        labels: labels.as_deref(),
        summary: &summary,
        float: float.as_ref(),
        timing: TimingReport::new(&summary, timing, arguments.core.clock),
        warnings: warnings.into_list(),
    });
    if arguments.json {
        terminal::print(&format!("{}\n", serde_json::to_string_pretty(&report)?))
    } else {
        let mut text = report.to_string();
        if arguments.core.stalls
            && let Some(simulator) = session.backend().simulator()
        {
            let profile = simulator.stalls();
            text.push_str(&timing::stalls(&profile, &program.image, summary.steps));
        }
        terminal::print(&text)
    }
}

/// Clock in Hz and rate in bits a second of a simulated system: a bit has four clocks, the least.
const SYSTEM_CLOCK: u32 = 80_000_000;
const SYSTEM_BAUD: u32 = 20_000_000;
/// A simulated system answers when the host's processor has come to it.
const SYSTEM_PATIENCE: Duration = Duration::from_secs(2);

/// The machine that the program runs on, and the terminal that leads to it.
fn machine(
    arguments: &Arguments,
    image: &Image,
    timing: Option<Timing>,
) -> Result<(AnyBackend, Option<PseudoTerminal>)> {
    if arguments.core.machine() == Machine::Simulator {
        let options = SimulatorOptions {
            strict: arguments.strict,
            count_saturation: true,
        };
        let mut simulator = SimulatorBackend::for_image(image, options)?;
        simulator.set_timing(timing);
        if arguments.core.stalls {
            simulator.count_stalls();
        }
        return Ok((AnyBackend::Simulator(Box::new(simulator)), None));
    }
    for (flag, given) in [
        ("--trace", arguments.trace.is_some()),
        ("--strict", arguments.strict),
        ("--stalls", arguments.core.stalls),
        ("--untimed", timing.is_none()),
    ] {
        ensure!(
            !given,
            "{flag} is the simulator's: leave --backend out, or {flag}"
        );
    }
    if arguments.core.machine() == Machine::Board {
        let port = arguments.core.port.as_deref();
        let port = port.context(
            "a board needs its serial port: give --port, for instance --port /dev/ttyUSB0",
        )?;
        let line = SerialLine::open(port, arguments.core.baud)?;
        let link = LinkBackend::open(line, LinkOptions::default())
            .with_context(|| format!("{}: there is no core", port.display()))?;
        return Ok((AnyBackend::Link(Box::new(link)), None));
    }
    let config = arguments.core.configuration();
    let config = config.context("there is no core of that width: choose another --config")?;
    let wait = terminal::wait(&format!(
        "building the model of core {} with Verilator, unless it is kept from before",
        config.name
    ));
    if arguments.core.machine() == Machine::System {
        let system = SystemConfig::new(&config, SYSTEM_CLOCK, SYSTEM_BAUD);
        let terminal = serve(SystemPipe::new(&system)?)?;
        let line = SerialLine::open(terminal.path(), SYSTEM_BAUD)?;
        let options = LinkOptions {
            patience: SYSTEM_PATIENCE,
            ..LinkOptions::default()
        };
        let link = LinkBackend::open(line, options)?;
        wait.finish_and_clear();
        return Ok((AnyBackend::Link(Box::new(link)), Some(terminal)));
    }
    let rtl = RtlBackend::new(&config, timing.unwrap_or_default().external())?;
    wait.finish_and_clear();
    Ok((AnyBackend::Rtl(Box::new(rtl)), None))
}

/// A program, and where it comes from.
struct Program {
    image: Image,
    /// All stages and the rules of the dynamics; nothing where the file was a program.
    compiled: Option<(Compiled, Dynamics)>,
    input_shape: Option<Vec<usize>>,
}

impl Program {
    fn load(arguments: &Arguments, warnings: &mut Warnings) -> Result<Self> {
        let path = &arguments.program;
        let model = match files::load(path)? {
            Contents::Program(image) => {
                arguments.compile.refuse_for_program(path)?;
                return Ok(Program {
                    image: *image,
                    compiled: None,
                    input_shape: None,
                });
            }
            Contents::Model(model) => model,
        };
        let (seed, readout) = (arguments.seed, arguments.readout);
        let flags = arguments.compile.on(&arguments.core);
        let prepared = Prepared::new(
            path,
            &model,
            &flags,
            &arguments.data,
            seed,
            readout,
            warnings,
        )?;
        let dynamics = prepared.options.dynamics;
        let input_shape = prepared.input_shape.clone();
        let compiled = prepared
            .compile(warnings)
            .with_context(|| format!("{} cannot be compiled", path.display()))?;
        Ok(Program {
            image: compiled.image.clone(),
            compiled: Some((compiled, dynamics)),
            input_shape,
        })
    }
}

/// The population that the class is read from. With several and none chosen, a warning.
fn output<'a>(
    arguments: &Arguments,
    manifest: &'a Manifest,
    warnings: &mut Warnings,
) -> Result<OutputPopulation<'a>> {
    let chosen = arguments.output_population.as_deref();
    let output = output_population(manifest, chosen)
        .with_context(|| format!("{}: no class can be read", arguments.program.display()))?;
    let all = output_populations(manifest);
    if chosen.is_none() && all.len() > 1 {
        let names: Vec<&str> = all.iter().map(|output| output.name).collect();
        warnings.warn(format!(
            "there are {} output populations ({}): the class is read from {}. Choose one with --output-population",
            all.len(),
            names.join(", "),
            output.name
        ));
    }
    Ok(output)
}

/// The labels, checked before `--limit` cuts them.
fn labels(arguments: &Arguments, classes: usize, data: &Dataset) -> Result<Option<Vec<usize>>> {
    let Some(path) = &arguments.labels else {
        return Ok(None);
    };
    let labels = load_labels(path)?;
    check_labels(&labels, data.samples.len(), classes).with_context(|| {
        format!(
            "{} does not belong to {}",
            path.display(),
            arguments.input.display()
        )
    })?;
    Ok(Some(labels))
}

fn simulate(
    arguments: &Arguments,
    session: &mut Session<AnyBackend>,
    data: &Dataset,
    labels: Option<&[usize]>,
) -> Result<Summary> {
    let options = EvaluateOptions {
        readout: arguments.readout,
        output: arguments.output_population.clone(),
        keep_results: arguments.output.is_some(),
        ..EvaluateOptions::default()
    };
    let bar = terminal::bar("simulating", data.samples.len());
    let progress = |done: usize| bar.set_position(done as u64);
    if let (Some(path), Some(simulator)) = (&arguments.trace, session.backend_mut().simulator_mut())
    {
        simulator.trace_to(Box::new(BufWriter::new(create(path)?)));
    }
    let summary = evaluate(session, &data.samples, labels, &options, &progress);
    if let Some(simulator) = session.backend_mut().simulator_mut() {
        simulator.finish_trace()?;
    }
    bar.finish_and_clear();
    summary.map_err(|error| match remedy(&error) {
        Some(remedy) => anyhow::Error::new(error).context(remedy),
        None => error.into(),
    })
}

/// What a flag can do about an error.
fn remedy(error: &EvaluateError) -> Option<&'static str> {
    let EvaluateError::Session(SessionError::Run {
        source: BackendError::Stopped(stop),
        ..
    }) = error
    else {
        return None;
    };
    match stop.cause {
        Cause::Budget => Some("the run takes too long: give more instructions with --budget"),
        Cause::Hazard { .. } => {
            Some("the program is not free of load hazards: run it without --strict")
        }
        _ => None,
    }
}

fn classes(classes: &[usize]) -> Array {
    Array {
        shape: vec![classes.len()],
        values: Values::I64(classes.iter().map(|class| *class as i64).collect()),
    }
}

fn by_name(arrays: &[(String, Array)]) -> Vec<(&str, &Array)> {
    let each = arrays.iter();
    each.map(|(name, array)| (name.as_str(), array)).collect()
}

fn create(path: &Path) -> Result<File> {
    File::create(path).with_context(|| format!("cannot write the trace {}", path.display()))
}

fn reference(
    compiled: &Compiled,
    dynamics: &Dynamics,
    program: &Summary,
    data: &Dataset,
) -> Result<FloatSummary> {
    let network = &compiled.network;
    let (name, readout) = (&program.output, program.readout);
    let output = network.populations.iter().position(|p| &p.name == name);
    let output =
        output.with_context(|| format!("the network has no output population {name:?}"))?;
    let bar = terminal::bar("float reference", data.samples.len());
    let progress = || bar.inc(1);
    let summary = float::evaluate(network, dynamics, output, readout, &data.samples, &progress);
    bar.finish_and_clear();
    summary
}
