//! What parts of a lane cost: the core with and without them.
//!
//! A part is taken out by an edit of the emitted Verilog that makes its outputs constant, after which Yosys removes what
//! only it needs. What is left still runs, but computes something else, so that this is a measurement and no configuration.

use spikevec_design::Design;
use spikevec_hdl::core::Config;

use crate::yosys::{Counts, ECP5_NARROW, synthesise};

/// A line of a module, and what it becomes.
struct Edit {
    module: &'static str,
    line: &'static str,
    becomes: &'static str,
}

const fn edit(module: &'static str, line: &'static str, becomes: &'static str) -> Edit {
    Edit {
        module,
        line,
        becomes,
    }
}

const STOCHASTIC: Edit = edit("rounding", "mask = below_mask;", "mask = 15'd0;");
const NEAREST: Edit = edit("rounding", "half = below_mask ^ shifted;", "half = 15'd0;");

/// What is taken out, under the name that docs/log/area.md has for it.
const PARTS: [(&str, &[Edit]); 6] = [
    (
        "stochastic rounding, generators kept for VRNG",
        &[STOCHASTIC],
    ),
    (
        "stochastic rounding and the generators",
        &[
            STOCHASTIC,
            edit(
                "generator",
                "assign sample = rng_step_sample;",
                "assign sample = 16'd0;",
            ),
        ],
    ),
    ("rounding to nearest", &[NEAREST]),
    (
        "both roundings and the generators",
        &[
            STOCHASTIC,
            NEAREST,
            edit(
                "generator",
                "assign sample = rng_step_sample;",
                "assign sample = 16'd0;",
            ),
        ],
    ),
    (
        "saturation, of sums and of products",
        &[
            edit("narrow", "if (saturate & (~fits)) begin", "if (1'd0) begin"),
            edit(
                "add_subtract",
                "if (saturate & (sum[16] != sum[15])) begin",
                "if (1'd0) begin",
            ),
        ],
    ),
    (
        "lane-local memory",
        &[
            edit(
                "local_memory",
                "assign word = column_read_data_0;",
                "assign word = 16'd0;",
            ),
            edit(
                "local_memory",
                "assign take = taken;",
                "assign take = 1'd0;",
            ),
            edit(
                "local_memory",
                "assign fails = (access & active) & wrong;",
                "assign fails = 1'd0;",
            ),
        ],
    ),
];

/// The design with an edit in every module of that name.
fn apply(verilog: &str, edit: &Edit) -> String {
    let (mut inside, mut found) = (false, 0);
    let lines = verilog.lines().map(|line| {
        if let Some(rest) = line.strip_prefix("module ") {
            inside = rest.starts_with(&format!("{} (", edit.module));
        }
        if inside && line.trim() == edit.line {
            found += 1;
            return line.replace(edit.line, edit.becomes);
        }
        line.to_owned()
    });
    let text: Vec<String> = lines.collect();
    assert_eq!(found, 1, "{}: `{}`", edit.module, edit.line);
    text.join("\n")
}

#[test]
fn parts_of_a_lane() {
    let config = Config::named("small").unwrap();
    let whole = config.synthesis_design().unwrap();
    let all = synthesise(&ECP5_NARROW, "area-whole", &whole);
    println!("small: {all:?}");
    println!("less, in the whole and for each lane: LUT4, flip-flops, LUT-RAM, block RAM");
    for (number, (what, edits)) in PARTS.iter().enumerate() {
        let verilog = edits
            .iter()
            .fold(whole.verilog.clone(), |text, e| apply(&text, e));
        let design = Design {
            verilog,
            ..whole.clone()
        };
        let Counts {
            block_ram,
            lut_ram,
            lut,
            ff,
            ..
        } = synthesise(&ECP5_NARROW, &format!("area-{number}"), &design);
        let less = [
            (all.lut, lut),
            (all.ff, ff),
            (all.lut_ram, lut_ram),
            (all.block_ram, block_ram),
        ]
        .map(|(all, left)| all as f64 - left as f64);
        let lanes = f64::from(config.target.lanes);
        let each = less.map(|cells| cells / lanes);
        println!("| {what} | {less:?} | {each:.1?}");
        assert!(
            less[0] + less[1] + less[3] > 0.0,
            "{what}: nothing is saved without it, so that it cannot have been taken out"
        );
    }
}
