//! What a search for a reading found.

use std::fmt;

use spikevec::compiler::reading::search::Found;

use super::table::{percent, table};

/// For people.
pub struct Text<'a>(pub &'a Found);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = self.0;
        let flags = found.readings.flags().join(" ");
        let flags = if flags.is_empty() {
            "(no flags)".to_owned()
        } else {
            flags
        };
        if found.is_exact() {
            writeln!(f, "all agrees with\n  {flags}")?;
            for other in &found.others {
                writeln!(f, "and as well with\n  {}", other.flags().join(" "))?;
            }
        } else {
            writeln!(f, "nothing agrees wholly; the nearest is\n  {flags}")?;
        }
        writeln!(f, "reading: {}\n", found.reading)?;
        let mut rows = vec![
            ["population", "compared", "differ", ""]
                .map(str::to_owned)
                .to_vec(),
        ];
        for p in &found.populations {
            let share = p.tally.wrong as f64 / p.tally.entries.max(1) as f64;
            rows.push(vec![
                p.name.clone(),
                p.tally.entries.to_string(),
                p.tally.wrong.to_string(),
                percent(Some(share), 2),
            ]);
        }
        f.write_str(&table(&rows, &[false, true, true, true]))?;
        for p in &found.populations {
            if let Some(m) = p.tally.first {
                writeln!(
                    f,
                    "{}: first in sample {}, step {}, neuron {}: the framework has {}, the reading {}",
                    p.name, m.sample, m.step, m.neuron, m.expected, m.found
                )?;
            }
            if !p.undecided.is_empty() {
                let settings = p.undecided.iter().map(|setting| setting.name());
                let settings: Vec<&str> = settings.collect();
                writeln!(
                    f,
                    "{}: other values agree as well, this data does not tell: {}",
                    p.name,
                    settings.join(", ")
                )?;
            }
        }
        writeln!(f, "{} readings were tried", found.tried)
    }
}
