//! A view of what `cargo test -- --show-output` prints. Without that option the runner hides
//! what passing tests print, and with it everything that they print; this keeps the runner's
//! own lines and all about failures, and of passing tests only the lines in which a test
//! says that it checked nothing ("skipped: reason").

use std::collections::BTreeMap;
use std::fmt;

/// What was seen so far.
#[derive(Default)]
pub struct View {
    part: Part,
    program: String,
    test: Option<String>,
    /// The tests that gave each reason.
    skipped: BTreeMap<String, Vec<String>>,
    passed: usize,
    failed: usize,
    /// Tests that the runner did not run.
    pub ignored: usize,
    failures: Vec<String>,
}

#[derive(Default, PartialEq)]
enum Part {
    /// Cargo's lines and one line a test.
    #[default]
    Running,
    /// What passing tests printed, and their names.
    Successes,
    /// What failing tests printed, and their names.
    Failures,
}

impl View {
    /// Takes the next line; true where it is to be shown.
    pub fn line(&mut self, line: &str) -> bool {
        let heading = line
            .trim_start()
            .strip_prefix("Running ")
            .filter(|_| line.starts_with(' '))
            .or_else(|| line.trim_start().strip_prefix("Doc-tests "));
        if let Some(program) = heading {
            let program = program.split(" (").next().unwrap_or(program);
            self.program = program.trim_start_matches("unittests ").to_owned();
        }
        if heading.is_some() || (line.starts_with("running ") && line.contains(" test")) {
            self.part = Part::Running;
            self.test = None;
        }
        match line {
            "successes:" if self.part == Part::Running => self.part = Part::Successes,
            "failures:" => self.part = Part::Failures,
            _ => {}
        }
        if let Some(tally) = line.strip_prefix("test result: ") {
            self.part = Part::Running;
            self.passed += count(tally, "passed");
            self.failed += count(tally, "failed");
            self.ignored += count(tally, "ignored");
            return true;
        }
        if let Some(test) = line
            .strip_prefix("---- ")
            .and_then(|line| line.strip_suffix(" stdout ----"))
        {
            self.test = Some(test.to_owned());
        }
        if let Some(test) = line
            .strip_prefix("test ")
            .and_then(|line| line.strip_suffix(" ... FAILED"))
        {
            self.failures.push(format!("{test} ({})", self.program));
        }
        if line.trim_start().starts_with("skipped:") {
            let test = match &self.test {
                Some(test) => format!("{test} ({})", self.program),
                None => self.program.clone(),
            };
            let tests = self.skipped.entry(line.trim().to_owned()).or_default();
            if !tests.contains(&test) {
                tests.push(test);
            }
            return true;
        }
        self.part != Part::Successes
    }

    /// How many tests said that they skipped something.
    pub fn skips(&self) -> usize {
        let mut tests: Vec<&String> = self.skipped.values().flatten().collect();
        tests.sort();
        tests.dedup();
        tests.len()
    }
}

/// "1 test", "2 tests".
pub fn number(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn count(tally: &str, what: &str) -> usize {
    let mut parts = tally.split([';', '.']).map(str::trim);
    parts
        .find_map(|part| part.strip_suffix(what)?.trim().parse().ok())
        .unwrap_or(0)
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "tests: {} passed (of which {} skipped their work or a part of it), {} failed, {} ignored",
            self.passed,
            self.skips(),
            self.failed,
            self.ignored
        )?;
        for failure in &self.failures {
            writeln!(f, "  FAILED: {failure}")?;
        }
        for (reason, tests) in &self.skipped {
            writeln!(f, "  {reason}")?;
            writeln!(
                f,
                "    in {}: {}",
                number(tests.len(), "test"),
                tests.join(", ")
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "\
   Compiling a v0.1.0
     Running unittests src/lib.rs (target/debug/deps/a-1)

running 3 tests
test one ... ok
test two ... ok
test three ... FAILED

successes:

---- one stdout ----
noise
skipped: qemu is missing

---- two stdout ----
skipped: qemu is missing
skipped: llvm is missing


successes:
    one
    two

failures:

---- three stdout ----
panicked

failures:
    three

test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s

   Doc-tests a

running 1 test
test src/lib.rs - (line 3) ... ignored

test result: ok. 0 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s
";

    #[test]
    fn shows_the_runner_failures_and_skips_and_counts_them() {
        let mut view = View::default();
        let shown: Vec<&str> = OUTPUT.lines().filter(|line| view.line(line)).collect();
        let hidden: Vec<&str> = OUTPUT
            .lines()
            .filter(|line| !line.is_empty() && !shown.contains(line))
            .collect();
        assert_eq!(
            hidden,
            [
                "successes:",
                "---- one stdout ----",
                "noise",
                "---- two stdout ----",
                "successes:",
                "    one",
                "    two"
            ]
        );
        assert_eq!((view.passed, view.failed, view.ignored), (2, 1, 1));
        assert_eq!(view.skips(), 2);
        let summary = view.to_string();
        assert!(summary.contains("FAILED: three (src/lib.rs)"), "{summary}");
        assert!(
            summary.contains(
                "skipped: qemu is missing\n    in 2 tests: one (src/lib.rs), two (src/lib.rs)"
            ),
            "{summary}"
        );
    }
}
