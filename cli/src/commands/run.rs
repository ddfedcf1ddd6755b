//! `spikevec run`: a data set through a model or a program.

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;
use spikevec::{
    Data, Error, Machine, MachineOptions, Opened, Program, Readout, Run, RunOptions, Warning, open,
};

use super::bare::{self, BareFlags};
use crate::arguments::{CompileFlags, CoreFlags, DataFlags, choice};
use crate::files::Plan;
use crate::report::run::Text;
use crate::report::timing;
use crate::terminal::{self, Bar, Warnings};

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
  A program of `spikevec asm`, with a register and a memory set, and what it leaves:
    spikevec run program.elf --set a0=7 --load scalar:0x100=data.bin --print-memory scalar:0x0..0x40

Input is a .npy or .npz file: spikes or counts (samples, steps, neurons), the same with the
neurons packed to bits, or events t, x, y, p with offsets. Input of one sample may leave out
the first axis.";

/// Run a model or a program on data in the simulator, and say how well it does
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// A NIR model, or a program that `compile` or `asm` made
    #[arg(value_name = "MODEL|PROGRAM")]
    program: PathBuf,
    /// Input spikes; all programs that `compile` made need them
    #[arg(long, short, value_name = "X.npy")]
    input: Option<PathBuf>,
    /// Class of each sample
    #[arg(long, short, value_name = "Y.npy")]
    labels: Option<PathBuf>,
    /// Only the first N samples
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,
    /// Seed of random numbers: stochastic rounding, and calibration where no data is given [default: 1]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
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
    /// Most instructions of one run of the program [default: what its code, neurons and steps can take at most; of a program without a manifest 100000000, 300000 with rtl, 100000 with system]
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
    bare: BareFlags,
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
        .reads([&arguments.program])
        .reads(&arguments.input)
        .reads(arguments.bare.files())
        .reads(&arguments.labels)
        .reads(arguments.compile.calibration_file())
        .writes(&arguments.output)
        .writes(&arguments.trace)
        .check()?;
    let options = arguments.core.machine(
        arguments.strict,
        arguments.trace.as_ref(),
        arguments.data.limits(),
    )?;
    let program = load(arguments, &options, &mut warnings)?;
    if program.manifest().is_none() {
        return run_bare(arguments, &options, &program);
    }
    let path = arguments.program.display();
    let Some(input) = &arguments.input else {
        bail!("{path} runs on data: give its spikes with --input X.npy");
    };
    if arguments.compile.records() && arguments.output.is_none() {
        let text = "what is recorded is written nowhere: give --output OUT.npz";
        warnings.warn(Warning::Other(text.to_owned()));
    }
    let mut machine = machine(&options, &program)?;
    let data = program.data_options(&arguments.data.options())?;
    let mut data = Data::load(input, &data)?;
    arguments.data.check(&data)?;
    if let Some(labels) = &arguments.labels {
        data = data.with_labels_from(labels)?;
    }
    if arguments.output_population.is_none() {
        warnings.warn_all(program.output_warning());
    }
    let mut run = evaluate(arguments, &mut machine, &data)?;
    warnings.warn_all(std::mem::take(&mut run.report.warnings));
    // In the order in which they were printed.
    run.report.warnings = warnings.into_list();
    if let Some(path) = &arguments.output {
        run.save(path)?;
    }
    if arguments.json {
        return terminal::print(&format!("{}\n", serde_json::to_string_pretty(&run.report)?));
    }
    let mut text = Text(&run.report).to_string();
    if let Some(profile) = &run.stalls {
        text.push_str(&timing::stalls(profile, program.image(), run.report.steps));
    }
    terminal::print(&text)
}

/// A program that no data can be given to.
fn run_bare(arguments: &Arguments, machine: &MachineOptions, program: &Program) -> Result<()> {
    let target = arguments.compile.bare_target(&arguments.program)?;
    let given = [
        ("--input", arguments.input.is_some()),
        ("--labels", arguments.labels.is_some()),
        ("--limit", arguments.limit.is_some()),
        ("--seed", arguments.seed.is_some()),
        ("--readout", arguments.readout.is_some()),
        ("--output-population", arguments.output_population.is_some()),
        ("--output", arguments.output.is_some()),
        ("--no-float", arguments.no_float),
        ("--clock", arguments.core.clock.is_some()),
        ("--stalls", arguments.core.stalls),
        ("--max-memory", arguments.data.max_memory.is_some()),
        ("--max-steps", arguments.data.max_steps.is_some()),
    ];
    bare::refuse(program, &given)?;
    let (budget, json) = (arguments.budget, arguments.json);
    arguments.bare.run(program, machine, budget, target, json)
}

/// The program: read, or compiled.
fn load(
    arguments: &Arguments,
    machine: &MachineOptions,
    warnings: &mut Warnings,
) -> Result<Program> {
    let path = &arguments.program;
    let opened = open(path)?;
    let bare = matches!(&opened, Opened::Program(program) if program.manifest().is_none());
    if !bare {
        bare::refuse_for_manifest(&arguments.bare, path)?;
    }
    let model = match opened {
        Opened::Program(program) => {
            if !bare {
                arguments.compile.refuse_for_program(path)?;
            }
            warnings.warn_all(program.warnings().to_vec());
            return Ok(program);
        }
        Opened::Model(model) => model,
    };
    let network = arguments.compile.neurons.network(&model, warnings)?;
    let flags = arguments.compile.on(machine);
    let (seed, readout) = (arguments.seed, arguments.readout);
    let options = flags.options(&network, &arguments.data, seed, readout)?;
    let program = network.compile(&options)?;
    warnings.warn_all(program.warnings().to_vec());
    Ok(program)
}

/// The machine with the program in it.
fn machine(options: &MachineOptions, program: &Program) -> Result<Machine> {
    let wait = options.kind.is_verilated().then(|| {
        terminal::wait(&format!(
            "building the model of core {} with Verilator, unless it is kept from before",
            options.core().name()
        ))
    });
    let machine = Machine::open(options, program);
    if let Some(wait) = wait {
        wait.finish_and_clear();
    }
    machine.map_err(|error| match error {
        Error::SimulatorOnly { option, .. } => {
            anyhow::anyhow!("--{option} is the simulator's: leave --backend out, or --{option}")
        }
        error => error.into(),
    })
}

fn evaluate(arguments: &Arguments, machine: &mut Machine, data: &Data) -> Result<Run> {
    let bar = Bar::default();
    let progress = |progress| bar.show(progress);
    let defaults = RunOptions::default();
    let limit = arguments.limit;
    let run = machine.run(
        data,
        &RunOptions {
            readout: arguments.readout,
            output: arguments.output_population.clone(),
            limit: limit.map(|limit| usize::try_from(limit).unwrap_or(usize::MAX)),
            seed: arguments.seed,
            budget: arguments.budget,
            float: !arguments.no_float,
            keep_results: arguments.output.is_some(),
            clock_mhz: arguments.core.clock,
            progress: Some(&progress),
            ..defaults
        },
    );
    bar.finish();
    Ok(run?)
}
