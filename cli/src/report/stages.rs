//! Parts of a compilation, for people.

use spikevec_compiler::Compiled;

use super::memory::MemoryReport;
use super::table::table;

/// How much of each memory a program takes, and what for.
pub fn memory(compiled: &Compiled) -> String {
    let report = MemoryReport::new(&compiled.image);
    format!("{}{}", summary(&report), compiled.placed.map)
}

/// How much of each memory a program takes.
pub fn summary(report: &MemoryReport) -> String {
    let mut rows = report.rows();
    for name in rows.iter_mut().filter_map(|row| row.first_mut()) {
        name.insert_str(0, "  ");
    }
    table(&rows, &[])
}
