//! A program, for people.

use spikevec::Program;
use spikevec::assembler::image::{Buffer, ElementFormat, Manifest};
use spikevec::isa::Memory;

use super::stages;
use super::table::{plain, table};

/// Manifest, contents and symbols of a program.
pub fn text(program: &Program) -> String {
    let image = program.image();
    let mut out = format!(
        "program {}: {} instructions\n",
        program.name(),
        image.code.len()
    );
    out.push_str(&stages::summary(&program.memory()));
    match &image.manifest {
        Some(manifest) => out.push_str(&manifest_text(manifest)),
        None => out.push_str(
            "no manifest: it was assembled by hand, and `run` sets and prints what flags say\n",
        ),
    }
    let rows: Vec<Vec<String>> = image
        .segments
        .iter()
        .map(|s| {
            vec![
                format!("  {}", s.memory),
                format!("{:#08x}", s.address),
                format!("{} bytes", s.bytes.len()),
            ]
        })
        .collect();
    out.push_str(&format!(
        "contents:\n{}",
        table(&rows, &[false, false, true])
    ));
    let mut symbols: Vec<_> = image.symbols.iter().collect();
    symbols.sort_by_key(|s| (s.memory, s.value));
    let rows: Vec<Vec<String>> = symbols
        .iter()
        .map(|s| {
            let memory = s
                .memory
                .map_or_else(|| "value".to_owned(), |m: Memory| m.to_string());
            let size = if s.size == 0 {
                String::new()
            } else {
                format!("{} bytes", s.size)
            };
            vec![
                format!("  {memory}"),
                format!("{:#08x}", s.value),
                size,
                s.name.clone(),
            ]
        })
        .collect();
    out.push_str(&format!(
        "symbols:\n{}",
        table(&rows, &[false, false, true, false])
    ));
    out
}

fn manifest_text(manifest: &Manifest) -> String {
    let dt = manifest.dt.map_or_else(|| "none".to_owned(), plain);
    let mut out = format!(
        "manifest version {}: model {}, target {}, dt {dt}, rounding {}, reset {}, seed {}, up to {} steps a run, {} saturation sites\n",
        manifest.version,
        manifest.model,
        manifest.target.name,
        manifest.rounding,
        manifest.reset,
        manifest.seed,
        manifest.max_steps,
        manifest.saturation_sites.len()
    );
    let rows: Vec<Vec<String>> = manifest
        .populations
        .iter()
        .map(|p| {
            let formats: Vec<String> = p
                .formats
                .iter()
                .map(|(what, format)| format!("{what} {format}"))
                .collect();
            vec![
                format!("  {}", p.name),
                p.kind.clone(),
                p.neurons.to_string(),
                formats.join(", "),
            ]
        })
        .collect();
    out.push_str(&format!(
        "populations:\n{}",
        table(&rows, &[false, false, true, false])
    ));
    let rows: Vec<Vec<String>> = manifest.buffers.iter().map(buffer).collect();
    out.push_str(&format!("buffers:\n{}", table(&rows, &[])));
    out
}

fn buffer(buffer: &Buffer) -> Vec<String> {
    let format = match buffer.format {
        ElementFormat::U32 => "words".to_owned(),
        ElementFormat::U16 => "halfwords".to_owned(),
        ElementFormat::Fixed { fraction } => match 15u32.checked_sub(fraction) {
            Some(whole) => format!("q{whole}.{fraction}"),
            None => format!("{fraction} fraction bits"),
        },
        ElementFormat::Bits => "bits".to_owned(),
        ElementFormat::SpikeList { neurons, .. } => format!("list of spikes of {neurons} neurons"),
    };
    let shape: Vec<String> = buffer.shape.iter().map(u32::to_string).collect();
    vec![
        format!("  {}", buffer.name),
        format!("{:?}", buffer.role).to_lowercase(),
        Memory::from(buffer.memory).to_string(),
        format!("{:#08x}", buffer.address),
        shape.join(" x "),
        format,
    ]
}
