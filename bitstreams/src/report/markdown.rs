//! The report for people.

use std::fmt::{self, Write as _};

use super::{Count, Report};
use crate::flow::short;

/// What the placed design has beyond the netlist's blocks.
const REST: &str = "place and route: ends of carry chains, constants";

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clock = &self.clock;
        let core = &self.core;
        writeln!(f, "# {}\n", self.title)?;
        writeln!(
            f,
            "Written by `spikevec synth --board {}`. Figures are what nextpnr models for the {}; nobody has measured a board.\n",
            self.board, self.part
        )?;
        writeln!(f, "| | |\n| --- | --- |")?;
        writeln!(
            f,
            "| core | `{}`: {} lanes in hardware; instruction memory {}, scalar {}, vector {}, {} a lane |",
            core.configuration,
            core.lanes,
            bytes(core.instruction_bytes),
            bytes(core.scalar_bytes),
            bytes(core.vector_bytes),
            bytes(core.lane_local_bytes)
        )?;
        match clock.vco_hz {
            Some(_) => writeln!(
                f,
                "| clock | {} from the board's {} |",
                mhz(clock.core_hz),
                mhz(clock.input_hz)
            ),
            None => writeln!(f, "| clock | the board's {} |", mhz(clock.core_hz)),
        }?;
        writeln!(f, "| serial line | {} bit/s |", clock.baud)?;
        let all = &self.mhz;
        writeln!(
            f,
            "| clock that is reached | median {:.2} MHz of {} seeds, {:.2} to {:.2}; the bitstream is that of seed {} |",
            all.median,
            self.seeds.len(),
            all.least,
            all.most,
            self.seed
        )?;
        let tools = self
            .tools
            .iter()
            .map(|(name, version)| format!("{name} {version}"));
        let tools = tools.collect::<Vec<_>>().join(", ");
        writeln!(f, "| tools | {tools}; `{}` |", self.synthesis)?;
        self.utilisation(f)?;
        self.path(f)?;
        self.seeds(f)?;
        writeln!(f, "\n## Checksums (SHA-256)\n\n```text")?;
        for (file, sum) in &self.checksums {
            writeln!(f, "{sum}  {file}")?;
        }
        writeln!(f, "```")
    }
}

impl Report {
    fn utilisation(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n## Utilisation\n")?;
        writeln!(
            f,
            "| of the device | used | available | |\n| --- | --- | --- | --- |"
        )?;
        for resource in &self.utilisation {
            let share = 100 * resource.used / resource.available.max(1);
            let (name, used, available) = (&resource.name, resource.used, resource.available);
            writeln!(f, "| {name} | {used} | {available} | {share} % |")?;
        }
        writeln!(
            f,
            "\nBy block. A block's figures include those of the blocks in it; blocks that take less than a hundredth of the logic \
             are not listed. A cell counts with the block whose net has given it its name.\n"
        )?;
        writeln!(
            f,
            "| block | LUT4 | of them RAM | flip-flops | block RAM | multipliers |\n| --- | --- | --- | --- | --- | --- |"
        )?;
        for row in &self.blocks {
            let level = row.block.matches('.').count();
            let name = row.block.rsplit('.').next().unwrap_or(&row.block);
            let mut name = format!("{}`{name}`", "&nbsp;&nbsp;".repeat(level));
            if row.instances > 1 {
                let _ = write!(name, " ({})", row.instances);
            }
            line(f, &name, &row.count)?;
        }
        line(f, "all", &self.total)?;
        let placed = self.used("LUT4").unwrap_or_default();
        let rest = Count {
            lut: placed.saturating_sub(self.total.lut),
            ff: self
                .used("flip-flops")
                .unwrap_or_default()
                .saturating_sub(self.total.ff),
            ..Count::default()
        };
        line(f, REST, &rest)
    }

    fn path(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(path) = &self.critical_path else {
            return Ok(());
        };
        writeln!(f, "\n## Critical path\n\n{}\n", path.summary())?;
        writeln!(
            f,
            "| block | cells | logic, ns | wires to and in it, ns |\n| --- | --- | --- | --- |"
        )?;
        for hop in &path.hops {
            let block = short(&hop.block, 0);
            let (cells, logic, wires) = (hop.cells, hop.logic_ns, hop.routing_ns);
            writeln!(f, "| `{block}` | {cells} | {logic:.2} | {wires:.2} |")?;
        }
        Ok(())
    }

    fn seeds(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n## Seeds\n\n| seed | MHz |\n| --- | --- |")?;
        for seed in &self.seeds {
            writeln!(f, "| {} | {:.2} |", seed.seed, seed.mhz)?;
        }
        Ok(())
    }
}

fn line(f: &mut fmt::Formatter<'_>, name: &str, count: &Count) -> fmt::Result {
    let Count {
        lut,
        lut_ram,
        ff,
        block_ram,
        dsp,
    } = count;
    writeln!(
        f,
        "| {name} | {lut} | {lut_ram} | {ff} | {block_ram} | {dsp} |"
    )
}

fn bytes(count: u32) -> String {
    match count {
        count if count.is_multiple_of(1024) => format!("{} KiB", count / 1024),
        count => format!("{count} bytes"),
    }
}

fn mhz(hz: u32) -> String {
    format!("{} MHz", f64::from(hz) / 1e6)
}
