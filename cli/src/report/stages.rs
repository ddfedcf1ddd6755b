//! Parts of a compilation, for people.

use spikevec::compiler::Compiled;
use spikevec::report::MemoryReport;

use super::table::table;

/// How much of each memory a program takes, and what for.
pub fn memory(compiled: &Compiled) -> String {
    let report = MemoryReport::new(&compiled.image);
    format!("{}{}", summary(&report), compiled.placed.map)
}

/// How much of each memory a program takes.
pub fn summary(report: &MemoryReport) -> String {
    let mut rows = rows(report);
    for name in rows.iter_mut().filter_map(|row| row.first_mut()) {
        name.insert_str(0, "  ");
    }
    table(&rows, &[])
}

/// For each memory its name, and in words how much of it is used.
pub fn rows(report: &MemoryReport) -> Vec<Vec<String>> {
    let each = [
        ("program", report.program_bytes, report.program_limit, 0),
        (
            "scalar memory",
            report.scalar_bytes,
            report.scalar_limit,
            report.scalar_buffer_bytes,
        ),
        (
            "vector memory",
            report.vector_bytes,
            report.vector_limit,
            report.vector_buffer_bytes,
        ),
        (
            "lane-local memory",
            report.lane_local_bytes,
            report.lane_local_limit,
            0,
        ),
        (
            "external memory",
            report.external_bytes,
            report.external_limit,
            0,
        ),
    ];
    // These two only where they are used.
    let shown = |(k, row): &(usize, (&str, u64, u64, u64))| *k < 3 || row.1 > 0;
    let row = |(name, used, limit, buffers): (&str, u64, u64, u64)| {
        let mut text = format!("{} of {limit} bytes", used.saturating_sub(buffers));
        if buffers > 0 {
            text.push_str(&format!(
                ", and {buffers} of buffers for input and recordings"
            ));
        }
        vec![name.to_owned(), text]
    };
    let each = each.into_iter().enumerate().filter(shown);
    each.map(|(_, each)| row(each)).collect()
}
