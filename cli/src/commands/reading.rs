//! `spikevec reading`: the reading under which a model does what its framework did.

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;
use spikevec::report::SearchReport;
use spikevec::{Data, Expected, Model};

use crate::arguments::DataFlags;
use crate::files::Plan;
use crate::neuron::NeuronFlags;
use crate::reading::ReadingFlags;
use crate::report::reading::Text;
use crate::terminal::{self, Warnings};

const EXAMPLES: &str = "\
Examples:
  Which flags make a model do what its framework did with x.npy:
    spikevec reading model.nir --input x.npy --expected out.npz
  The same where the step is known, and an array has another name than its population:
    spikevec reading model.nir --input x.npy --expected out.npz --dt 1e-3 --population spikes=lif2
  Whether a framework's reading is right:
    spikevec reading model.nir --input x.npy --expected out.npz --framework snntorch

OUT.npz has the framework's own spikes, or membranes where they are no whole numbers: arrays (samples, steps, neurons)
called as the populations (`spikevec inspect --stage graph` lists them), or `out` for the output and `hid` for the only
other one. Flags that are given stay as they are. The exit code is 0 where all agrees.";

/// Find the flags under which a model does what its framework did
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The model
    #[arg(value_name = "MODEL.nir")]
    model: PathBuf,
    /// Input spikes
    #[arg(long, short, value_name = "X.npy")]
    input: PathBuf,
    /// What the framework did with them
    #[arg(long, short, value_name = "OUT.npz")]
    expected: PathBuf,
    /// Population that an array of OUT.npz is of, where its name does not tell (`-` for none); may be repeated
    #[arg(long, value_name = "ARRAY=POPULATION", value_parser = pair)]
    population: Vec<(String, String)>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    reading: ReadingFlags,
    #[command(flatten)]
    data: DataFlags,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=');
    let pair = pair.map(|(array, population)| (array.to_owned(), population.to_owned()));
    pair.ok_or_else(|| "write ARRAY=POPULATION, for instance spikes=lif2".to_owned())
}

/// Runs the verb.
pub fn run(arguments: &Arguments) -> Result<()> {
    Plan::default()
        .reads([&arguments.model, &arguments.input, &arguments.expected])
        .check()?;
    let mut warnings = Warnings::default();
    let readings = arguments.reading.readings()?;
    let model = Model::open(&arguments.model)?;
    let network = NeuronFlags::default().network(&model, &mut warnings)?;
    let options = network.data_options(&arguments.data.options());
    let data = Data::load(&arguments.input, &options)?;
    let expected = Expected::load(&arguments.expected, &arguments.population)?;
    let wait = terminal::wait("searching the reading");
    let found = network.search_reading(&readings, &data, &expected, &|progress| {
        wait.set_message(format!(
            "searching the reading of {}: {} tried",
            progress.population, progress.tried
        ));
    });
    wait.finish_and_clear();
    let found = found?;
    if arguments.json {
        let report = SearchReport::from(&found);
        terminal::print(&format!("{}\n", serde_json::to_string_pretty(&report)?))?;
    } else {
        terminal::print(&Text(&found).to_string())?;
    }
    if !found.is_exact() {
        bail!("no reading was found under which all agrees");
    }
    Ok(())
}
