//! Steps of a synthesis, as they run and as they end.

use std::time::Instant;

use indicatif::ProgressBar;
use spikevec_bitstreams::flow::{self, Step};

use super::{complain, wait};

/// Steps of a synthesis: those that run, with the line that a tool wrote last, where standard error is a terminal; and a
/// line for each that has ended.
#[derive(Debug, Default)]
pub struct Steps {
    running: Vec<(Step, Instant)>,
    bar: Option<ProgressBar>,
}

impl Steps {
    /// Takes the display away.
    pub fn finish(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    fn show(&mut self, line: &str) {
        let steps: Vec<String> = self
            .running
            .iter()
            .map(|(step, _)| step.to_string())
            .collect();
        let mut text = steps.join("; ");
        if !line.is_empty() {
            let line: String = line.trim().chars().take(60).collect();
            text.push_str(&format!(": {line}"));
        }
        match &self.bar {
            Some(bar) => bar.set_message(text),
            None => self.bar = Some(wait(&text)),
        }
    }
}

impl flow::Progress for Steps {
    fn begin(&mut self, step: Step) {
        self.running.push((step, Instant::now()));
        self.show("");
    }

    fn line(&mut self, _step: Step, line: &str) {
        self.show(line);
    }

    fn end(&mut self, step: Step, result: &str) {
        let began = self.running.iter().position(|(other, _)| *other == step);
        let took = began.map(|at| self.running.remove(at).1.elapsed());
        let seconds = took.unwrap_or_default().as_secs_f64();
        self.finish();
        complain(format_args!(
            "{:<24} {seconds:>6.1} s  {result}",
            step.to_string()
        ));
        if !self.running.is_empty() {
            self.show("");
        }
    }
}
