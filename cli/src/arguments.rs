//! Flags that several verbs share.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail, ensure};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use spikevec::compiler::format::Format;
use spikevec::compiler::options::{Precision, Record};
use spikevec::isa::Target;
use spikevec::isa::fixed::Rounding;
use spikevec::runtime::Limits;
use spikevec::runtime::data::{BitOrder, Form, Packing};
use spikevec::simulator::Timing;
use spikevec::{
    Calibration, CompileOptions, Data, DataOptions, MachineKind, MachineOptions, Network, Options,
    Readout,
};

use crate::neuron::NeuronFlags;
use crate::reading::ReadingFlags;

/// What a user decides about a compilation.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Compilation")]
pub struct CompileFlags {
    /// Rounding of products and shifts [default: nearest]
    #[arg(long, value_name = "MODE", value_parser = choice(&["nearest", "stochastic", "truncate"], rounding))]
    rounding: Option<Rounding>,
    /// Bits of membranes: a word of 16, or two words and more wherever the neurons allow it, which takes about three times the clocks [default: standard]
    #[arg(long, value_name = "PRECISION", value_parser = choice(Precision::NAMES, |word| word.parse::<Precision>().ok()))]
    precision: Option<Precision>,
    /// Samples on which the number formats are chosen (the first 32 count) [default: seeded random spikes]
    #[arg(long, value_name = "X.npy")]
    calibrate: Option<PathBuf>,
    /// Pin a number format, for instance `hidden.v=q6.9`; may be repeated
    #[arg(long, value_name = "POPULATION.VARIABLE=qI.F", value_delimiter = ',', value_parser = pin)]
    format: Vec<(String, Format)>,
    /// Record the spikes of a population, or of all with `*`; may be repeated
    #[arg(long, value_name = "POPULATION", value_delimiter = ',')]
    record: Vec<String>,
    /// Record the membranes of outputs that spike (of those that do not they always are)
    #[arg(long)]
    record_membranes: bool,
    /// Machine to compile for [default: base]
    #[arg(long, value_name = "TARGET", value_parser = choice(&Target::NAMES, |name| Target::named(name)))]
    target: Option<Target>,
    #[command(flatten)]
    reading: ReadingFlags,
    #[command(flatten)]
    pub neurons: NeuronFlags,
}

/// How a data file is to be read.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Input data")]
pub struct DataFlags {
    /// Length of a step in the unit of the events' times, for event data [default: 1000]
    #[arg(long, value_name = "TIME", value_parser = clap::value_parser!(u64).range(1..))]
    event_dt: Option<u64>,
    /// Polarities, height and width of the sensor, for event data [default: the model's input shape]
    #[arg(long, value_name = "P,H,W", value_parser = sensor)]
    sensor: Option<[usize; 3]>,
    /// Whether bytes are counts or packed bits [default: auto, which for one input are counts]
    #[arg(long, value_name = "PACKING", default_value = "auto", hide_default_value = true, value_parser = choice(&["auto", "counts", "bits"], packing))]
    packing: Packing,
    /// Order of the bits in bit-packed data [default: big]
    #[arg(long, value_name = "ORDER", value_parser = choice(&["big", "little"], bit_order))]
    bit_order: Option<BitOrder>,
    /// Most memory for the data unpacked, and for the machines that run it, for instance 512M or 4G [default: what follows from the sizes of data and program]
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub max_memory: Option<u64>,
    /// Most steps of all samples [default: 4 million and more for large files]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub max_steps: Option<u64>,
}

/// The core that a run is timed on.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Core")]
pub struct CoreFlags {
    /// Machine that runs the program: the simulator; the core's own Verilog in Verilator (rtl), much slower; the core with its
    /// serial link in Verilator (system), slower still; a board at the end of a serial line (board) [default: simulator]
    #[arg(long, value_name = "MACHINE", value_parser = choice(&MachineKind::NAMES, MachineKind::named))]
    backend: Option<MachineKind>,
    /// Serial port of the board, for instance /dev/ttyUSB0
    #[arg(long, value_name = "DEVICE")]
    port: Option<PathBuf>,
    /// Bits a second on the board's line [default: 1000000]
    #[arg(long, value_name = "RATE", value_parser = clap::value_parser!(u32).range(300..))]
    baud: Option<u32>,
    /// Core whose clocks are counted: base has 32 lanes in hardware, half 16, small 8, tiny 4. Without --target a model is compiled for its memories [default: base]
    #[arg(long, value_name = "NAME", value_parser = choice(&Target::CORE_NAMES, Timing::named), conflicts_with = "lanes")]
    config: Option<Timing>,
    /// The same by its lanes
    #[arg(long, value_name = "LANES", value_parser = lanes)]
    lanes: Option<Timing>,
    /// Clock of the core in MHz, to print the time of a step and of a sample
    #[arg(long, value_name = "MHZ", value_parser = mhz, conflicts_with = "untimed")]
    pub clock: Option<f64>,
    /// Print as well what the core's clocks are spent on
    #[arg(long, conflicts_with_all = ["untimed", "trace", "json"])]
    pub stalls: bool,
    /// Do not count clocks, which is faster
    #[arg(long, conflicts_with_all = ["config", "lanes"])]
    untimed: bool,
}

impl CoreFlags {
    /// The machine, with what other flags ask of it.
    ///
    /// # Errors
    /// Flags of a board for another machine.
    pub fn machine(
        &self,
        strict: bool,
        trace: Option<&PathBuf>,
        limits: Limits,
    ) -> Result<MachineOptions> {
        let kind = self.backend.unwrap_or_default();
        for (flag, given) in [
            ("--port", self.port.is_some()),
            ("--baud", self.baud.is_some()),
        ] {
            ensure!(
                !given || kind == MachineKind::Board,
                "{flag} is for --backend board, and the machine is the {kind}: leave {flag} out, or give --backend board"
            );
        }
        Ok(MachineOptions {
            kind,
            core: self.config.or(self.lanes),
            timed: !self.untimed,
            stalls: self.stalls,
            strict,
            trace: trace.cloned(),
            port: self.port.clone(),
            baud: self.baud.unwrap_or(MachineOptions::default().baud),
            limits,
        })
    }
}

fn lanes(text: &str) -> Result<Timing, String> {
    let lanes = text
        .parse()
        .map_err(|_| "write 4, 8, 16 or 32".to_owned())?;
    Timing::new(lanes).map_err(|error| error.to_string())
}

fn mhz(text: &str) -> Result<f64, String> {
    let mhz = text
        .parse()
        .ok()
        .filter(|mhz: &f64| mhz.is_finite() && *mhz > 0.0);
    mhz.ok_or_else(|| "write a frequency above 0 in MHz, for instance 80 or 66.7".to_owned())
}

/// One of a few words, with a function that knows them all.
pub fn choice<T: Clone + Send + Sync + 'static>(
    words: &'static [&'static str],
    value: impl Fn(&str) -> Option<T> + Clone + Send + Sync + 'static,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(words).try_map(move |word| value(&word).ok_or("no such choice"))
}

fn rounding(word: &str) -> Option<Rounding> {
    match word {
        "nearest" => Some(Rounding::Nearest),
        "stochastic" => Some(Rounding::Stochastic),
        "truncate" => Some(Rounding::Truncate),
        _ => None,
    }
}

fn packing(word: &str) -> Option<Packing> {
    match word {
        "auto" => Some(Packing::Auto),
        "counts" => Some(Packing::Counts),
        "bits" => Some(Packing::Bits),
        _ => None,
    }
}

fn bit_order(word: &str) -> Option<BitOrder> {
    match word {
        "big" => Some(BitOrder::Big),
        "little" => Some(BitOrder::Little),
        _ => None,
    }
}

fn pin(text: &str) -> Result<(String, Format), String> {
    let (name, format) = text
        .rsplit_once('=')
        .ok_or("write POPULATION.VARIABLE=qI.F, for instance hidden.v=q6.9")?;
    let format = format
        .parse::<Format>()
        .map_err(|error| error.to_string())?;
    Ok((name.to_owned(), format))
}

/// A number of bytes, with K, M or G for 1024, its square and its cube.
fn size(text: &str) -> Result<u64, String> {
    let (digits, shift) = match text.char_indices().last() {
        Some((at, 'k' | 'K')) => (&text[..at], 10),
        Some((at, 'm' | 'M')) => (&text[..at], 20),
        Some((at, 'g' | 'G')) => (&text[..at], 30),
        _ => (text, 0),
    };
    let number = digits.parse::<u64>().ok().filter(|number| *number > 0);
    let bytes = number.and_then(|number| number.checked_mul(1 << shift));
    bytes.ok_or_else(|| "write a number of bytes above 0, for instance 512M or 4G".to_owned())
}

fn sensor(text: &str) -> Result<[usize; 3], String> {
    let sizes: Result<Vec<usize>, _> = text.split([',', 'x']).map(str::parse).collect();
    let sizes = sizes
        .ok()
        .and_then(|sizes| <[usize; 3]>::try_from(sizes).ok());
    sizes
        .filter(|sizes| sizes.iter().all(|size| *size > 0))
        .ok_or_else(|| "write three whole numbers above 0, for instance 2,34,34".to_owned())
}

impl DataFlags {
    /// What the file does not say itself, but for what the network knows.
    pub fn options(&self) -> DataOptions {
        let defaults = DataOptions::default();
        DataOptions {
            neurons: None,
            packing: self.packing,
            bit_order: self.bit_order.unwrap_or(defaults.bit_order),
            event_dt: self.event_dt.unwrap_or(defaults.event_dt),
            sensor: self.sensor,
            limits: self.limits(),
        }
    }

    /// What the user has said of limits.
    pub fn limits(&self) -> Limits {
        Limits {
            memory: self.max_memory,
            steps: self.max_steps,
        }
    }

    /// Refuses flags where no data are read.
    pub fn refuse_without_data(&self) -> Result<()> {
        let given = [
            ("--event-dt", self.event_dt.is_some()),
            ("--sensor", self.sensor.is_some()),
            ("--packing", self.packing != Packing::Auto),
            ("--bit-order", self.bit_order.is_some()),
            ("--max-memory", self.max_memory.is_some()),
            ("--max-steps", self.max_steps.is_some()),
        ];
        match given.iter().find(|(_, given)| *given) {
            Some((flag, _)) => bail!(
                "{flag} is for the data of --calibrate, and there are none: leave {flag} out, or give --calibrate"
            ),
            None => Ok(()),
        }
    }

    /// Refuses flags that mean nothing for `data`.
    pub fn check(&self, data: &Data) -> Result<()> {
        let (form, name) = (data.form(), data.name());
        let events = form == Form::Events;
        let idle = [
            ("--event-dt", "events", self.event_dt.is_some() && !events),
            ("--sensor", "events", self.sensor.is_some() && !events),
            (
                "--bit-order",
                "packed bits",
                self.bit_order.is_some() && form != Form::Bits,
            ),
            (
                "--packing",
                "counts or packed bits",
                self.packing != Packing::Auto && events,
            ),
        ];
        for (flag, of, idle) in idle {
            let form = form.name();
            ensure!(
                !idle,
                "{flag} is for {of}, and {name} holds {form}: leave {flag} out"
            );
        }
        Ok(())
    }
}

impl CompileFlags {
    /// The flags that were given and mean nothing for a program that is compiled already.
    pub fn given(&self) -> Vec<&'static str> {
        let given = [
            ("--rounding", self.rounding.is_some()),
            ("--precision", self.precision.is_some()),
            ("--calibrate", self.calibrate.is_some()),
            ("--format", !self.format.is_empty()),
            ("--record", !self.record.is_empty()),
            ("--record-membranes", self.record_membranes),
            ("--target", self.target.is_some()),
        ];
        let own = given.into_iter().filter(|(_, given)| *given);
        let mut names = self.reading.given();
        names.extend(self.neurons.given());
        names.extend(own.map(|(name, _)| name));
        names
    }

    /// Refuses flags that a program at `path` cannot follow any more.
    pub fn refuse_for_program(&self, path: &Path) -> Result<()> {
        let given = self.given();
        ensure!(
            given.is_empty(),
            "{}: {} is a program that is compiled already. Leave the flag out, or give the model instead",
            given.join(", "),
            path.display()
        );
        Ok(())
    }

    /// The memories for a program without a manifest; the other flags are refused for it.
    pub fn bare_target(&self, path: &Path) -> Result<Option<&Target>> {
        let mut others = self.clone();
        others.target = None;
        others.refuse_for_program(path)?;
        Ok(self.target.as_ref())
    }

    /// These flags for a program that runs on `machine`: without a target it is made for that core's memories.
    pub fn on(&self, machine: &MachineOptions) -> Self {
        let mut flags = self.clone();
        flags.target = flags.target.or_else(|| machine.target());
        flags
    }

    /// The file of calibration data, where one is given.
    pub fn calibration_file(&self) -> Option<&PathBuf> {
        self.calibrate.as_ref()
    }

    /// True where spikes or membranes are recorded beyond the outputs' own.
    pub fn records(&self) -> bool {
        !self.record.is_empty() || self.record_membranes
    }

    /// The formats that are pinned, each once.
    fn formats(&self) -> Result<BTreeMap<String, Format>> {
        let mut formats = BTreeMap::new();
        for (name, format) in &self.format {
            if let Some(other) = formats.insert(name.clone(), *format) {
                ensure!(
                    other == *format,
                    "--format pins {name} to {other} and to {format}: leave one of them out"
                );
            }
        }
        Ok(formats)
    }

    /// What `network` is compiled with; reads the calibration data.
    ///
    /// # Errors
    /// Data that cannot be read, and two formats for one variable.
    pub fn options(
        &self,
        network: &Network,
        data: &DataFlags,
        seed: Option<u64>,
        readout: Option<Readout>,
    ) -> Result<CompileOptions> {
        let calibration = match &self.calibrate {
            None => Calibration::Seeded,
            Some(path) => network.calibration(path, &data.options())?,
        };
        let defaults = Options::default();
        let compiler = Options {
            target: self.target.clone().unwrap_or(defaults.target),
            readings: self.reading.readings()?,
            rounding: self.rounding.unwrap_or(defaults.rounding),
            precision: self.precision.unwrap_or(defaults.precision),
            seed: seed.unwrap_or(defaults.seed),
            formats: self.formats()?,
            record: Record {
                output_membranes: self.record_membranes
                    || readout.is_some_and(Readout::needs_membranes),
                spikes: self.record.clone(),
            },
            ..defaults
        };
        Ok(CompileOptions {
            compiler,
            calibration,
        })
    }
}
