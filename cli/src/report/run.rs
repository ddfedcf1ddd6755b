//! The report of a run, as text.

use std::fmt;

use spikevec::Report;

use super::table::{counted, number, percent, plain, short, table};
use super::{fidelity, stages, timing};

/// A report, for people.
pub struct Text<'a>(pub &'a Report);

/// Predictions a line.
const PREDICTIONS: usize = 30;

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let report = self.0;
        let word = |word: &Option<String>| word.clone().unwrap_or_else(|| "-".to_owned());
        writeln!(
            f,
            "{}: {}, {}; target {}, dt {}, rounding {}, reset {}, readout {} of {}",
            report.program,
            counted(report.samples as u64, "sample"),
            counted(report.steps, "step"),
            word(&report.target),
            report.dt.map_or_else(|| "-".to_owned(), plain),
            word(&report.rounding),
            word(&report.reset),
            report.readout,
            report.output,
        )?;
        if let Some(reading) = &report.reading {
            writeln!(f, "reading: {}", reading.text)?;
        }
        self.accuracies(f)?;
        self.populations(f)?;
        writeln!(f)?;
        let instructions = format!(
            "{:.1} a step, {} in all; {} a second on this host",
            report.instructions_per_step,
            short(report.instructions as f64),
            short(report.instructions_per_second)
        );
        let mut rows = vec![vec!["instructions".to_owned(), instructions]];
        rows.extend(timing::rows(&report.timing));
        rows.extend(stages::rows(&report.memory));
        f.write_str(&table(&rows, &[]))
    }
}

impl Text<'_> {
    fn accuracies(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let report = self.0;
        let samples = report.samples;
        let mut rows = Vec::new();
        let results = [
            ("accuracy in fixed point", report.accuracy, report.correct),
            (
                "accuracy of the float reference",
                report.float_accuracy,
                report.float_correct,
            ),
        ];
        for (name, accuracy, correct) in results {
            if let Some(correct) = correct {
                let count = format!("{correct} of {samples}");
                rows.push(vec![name.to_owned(), percent(accuracy, 2), count]);
            }
        }
        if let Some(count) = report.disagreements {
            let share = percent((samples > 0).then(|| count as f64 / samples as f64), 2);
            rows.push(vec![
                "disagreements of the two".to_owned(),
                share,
                format!("{count} of {samples}"),
            ]);
        }
        let silent = [
            ("silent samples in fixed point", Some(report.silent_samples)),
            (
                "silent samples of the float reference",
                report.float_silent_samples,
            ),
        ];
        for (name, count) in silent {
            if let Some(count) = count.filter(|count| *count > 0) {
                let share = percent(Some(count as f64 / samples as f64), 2);
                let count = format!("{count} of {samples}");
                rows.push(vec![name.to_owned(), share, count]);
            }
        }
        if !rows.is_empty() {
            write!(f, "\n{}", table(&rows, &[false, true, true]))?;
        }
        if report.correct.is_none() {
            writeln!(f, "\npredictions (there are no labels):")?;
            for line in report.predictions.chunks(PREDICTIONS) {
                let word = |class: &Option<usize>| match class {
                    Some(class) => class.to_string(),
                    None => "none".to_owned(),
                };
                let line: Vec<String> = line.iter().map(word).collect();
                writeln!(f, "  {}", line.join(" "))?;
            }
        }
        Ok(())
    }

    fn populations(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = [
            "population",
            "kind",
            "neurons",
            "spikes/step",
            "in float",
            "saturated",
            "formats",
        ];
        let mut rows = vec![head.map(str::to_owned).to_vec()];
        for p in &self.0.populations {
            rows.push(vec![
                p.name.clone(),
                p.kind.clone(),
                p.neurons.to_string(),
                number(p.spikes_per_step, 3),
                number(p.float_spikes_per_step, 3),
                percent(p.saturated, 4),
                p.format.clone(),
            ]);
        }
        write!(
            f,
            "\n{}",
            table(&rows, &[false, false, true, true, true, true, false])
        )?;
        let populations = || self.0.populations.iter();
        let known = populations().filter_map(|p| Some((p.name.as_str(), p.spiking, p.fidelity?)));
        let mut known = known.peekable();
        if known.peek().is_some() {
            write!(f, "\n{}", fidelity::text(known))?;
        }
        let ran = populations().filter_map(|p| Some((p.name.as_str(), p.spiking, p.difference?)));
        let mut ran = ran.peekable();
        if ran.peek().is_some() {
            write!(f, "\n{}", fidelity::end_to_end(ran))?;
        }
        Ok(())
    }
}
