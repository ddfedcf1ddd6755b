//! Faults in the core's Verilog, and whether the programs notice them.
//!
//! [`selected`] puts many faults into one design, of which an input chooses one;
//! [`mutate`](mutate::mutate) changes one random place. Both work on the emitted text, so that
//! the blocks know nothing of it.

pub mod faults;
pub mod mutate;

use spikevec_design::{Design, Direction, Port};

use crate::lockstep::{LockstepError, Place, Rig, SHAPE};
use crate::programs::directed::directed;
use crate::programs::dump;
use crate::programs::random::random;
use faults::Fault;

/// Input that chooses a fault; 0 is none.
pub const INPUT: &str = "sabotage";

/// Clocks after which a program that has not ended is taken for one that does not.
pub const PATIENCE: u64 = 300_000;

/// Random programs before the directed ones, which are many and short.
const FIRST: u64 = 12;

/// A fault that does not fit the design's text.
#[derive(Debug, thiserror::Error)]
pub enum SabotageError {
    /// The module is not there.
    #[error("fault {number}: there is no module `{module}`; choose another place")]
    Module {
        /// The fault.
        number: u8,
        /// The name.
        module: &'static str,
    },
    /// The line or the expression is not there once.
    #[error("fault {number}: `{text}` occurs {times} times in `{module}`, not once; make it fit")]
    Place {
        /// The fault.
        number: u8,
        /// Where.
        module: &'static str,
        /// What was looked for.
        text: &'static str,
        /// How often it was found.
        times: usize,
    },
}

/// Where a module's text is.
fn module(verilog: &str, name: &str) -> Option<std::ops::Range<usize>> {
    let head = format!("module {name} (");
    let mut starts = verilog.match_indices(&head).map(|found| found.0);
    // Modules begin lines.
    let start = starts.find(|at| *at == 0 || verilog[..*at].ends_with('\n'))?;
    let end = verilog[start..].find("\nendmodule")?;
    Some(start..start + end)
}

/// The design with an input [`INPUT`] that chooses one of `faults` by its number.
///
/// # Errors
/// A fault whose place is not in the text, or is there more than once.
pub fn selected(design: &Design, faults: &[Fault]) -> Result<Design, SabotageError> {
    let mut changed = design.clone();
    let top = &design.top;
    for fault in faults {
        let (number, name) = (fault.number, fault.module);
        let text = &mut changed.verilog;
        let range = module(text, name).ok_or(SabotageError::Module {
            number,
            module: name,
        })?;
        let begins = |line: &&str| line.trim_start().starts_with(fault.line);
        let lines: Vec<_> = text[range.clone()].split('\n').filter(begins).collect();
        let wrong = |text, times| SabotageError::Place {
            number,
            module: name,
            text,
            times,
        };
        let [line] = lines[..] else {
            return Err(wrong(fault.line, lines.len()));
        };
        let times = line.matches(fault.right).count();
        if times != 1 {
            return Err(wrong(fault.right, times));
        }
        let at = range.start + (line.as_ptr() as usize - text[range].as_ptr() as usize);
        let (right, broken) = (fault.right, fault.broken);
        let choice = format!("(({top}.{INPUT} == 8'd{number}) ? ({broken}) : ({right}))");
        let line = line.replacen(right, &choice, 1);
        let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
        text.replace_range(at..end, &line);
    }
    let head = format!("module {top} (\n");
    let port = format!("{head}    input wire [7:0] {INPUT},\n");
    changed.verilog = changed.verilog.replacen(&head, &port, 1);
    changed.ports.push(Port {
        name: INPUT.to_owned(),
        width: 8,
        signed: false,
        direction: Direction::Input,
    });
    Ok(changed)
}

/// How a fault was noticed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catch {
    /// The program.
    pub program: String,
    /// Instructions that had retired until then, in all programs.
    pub after: u64,
    /// What was seen.
    pub by: &'static str,
}

/// Runs the suite until something differs or `most` instructions have agreed: random programs
/// each with a look at what it leaves, then the directed ones, then random ones.
/// Also gives the instructions that have agreed.
pub fn suite(rig: &mut Rig, most: u64) -> (Option<Catch>, u64) {
    let target = rig.machine().target().clone();
    let dump = dump(&target);
    let pair = |seed| [random(seed, SHAPE, &target), dump.clone()];
    let early = (0..FIRST).flat_map(pair);
    let rest = (FIRST..u64::MAX).flat_map(pair);
    let mut after = 0;
    for program in early.chain(directed(&target)).chain(rest) {
        if after >= most {
            break;
        }
        let (place, by) = match rig.run_plain(&program) {
            Ok(outcome) => {
                after += outcome.retired;
                continue;
            }
            Err(LockstepError::Difference(difference)) => {
                (difference.place, difference.what.kind())
            }
            Err(LockstepError::Device { .. }) => (Place::End, "the core does not answer or end"),
            Err(LockstepError::Program { .. }) => (Place::End, "the program does not fit"),
        };
        if let Place::Instruction(index) = place {
            after += index;
        }
        let program = program.name;
        return (Some(Catch { program, after, by }), after);
    }
    (None, after)
}
