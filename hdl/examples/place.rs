//! Writes a configuration's core between two chains of registers, so that it can be placed and routed by itself on a
//! device that has not enough pins for it: `cargo run -p spikevec-hdl --example place -- small > place.v`.
//!
//! After the name, `vector=BYTES`, `scalar=BYTES`, `instruction=BYTES` and `local=BYTES` change the memories. Inputs come from a shift
//! register; outputs are registered and folded into one bit. docs/log/clock.md says what was measured with it.

use spikevec_design::{Design, Direction};
use spikevec_hdl::core::Config;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_else(|| "base".to_owned());
    let mut config = Config::named(&name).ok_or("no such configuration")?;
    for argument in arguments {
        let (memory, bytes) = argument.split_once('=').ok_or("expected MEMORY=BYTES")?;
        let bytes = bytes.parse()?;
        match memory {
            "vector" => config.target.vector_bytes = bytes,
            "scalar" => config.target.scalar_bytes = bytes,
            "instruction" => config.target.instruction_bytes = bytes,
            "local" => config.target.lane_local_bytes = bytes,
            _ => return Err(format!("{memory}: no such memory").into()),
        }
    }
    let design = config.synthesis_design()?;
    print!("{}\n{}", harness(&design), design.verilog);
    Ok(())
}

/// The module `place`: clock, a bit in, a bit out.
fn harness(design: &Design) -> String {
    let (mut inputs, mut outputs) = (0, 0);
    let mut connections = Vec::new();
    for port in &design.ports {
        let (bus, used) = match port.direction {
            _ if port.name == "clock" => {
                connections.push("        .clock(clock)".to_owned());
                continue;
            }
            Direction::Input => ("inputs", &mut inputs),
            Direction::Output => ("outputs", &mut outputs),
        };
        let (name, width) = (&port.name, port.width);
        connections.push(format!("        .{name}({bus}[{used} +: {width}])"));
        *used += width;
    }
    let connections = connections.join(",\n");
    let top = &design.top;
    let mut text = format!(
        "module place (input wire clock, input wire in, output wire out);\n    \
         reg [{}:0] inputs;\n    wire [{1}:0] outputs;\n    reg [{1}:0] fold_0;\n\n    \
         always @(posedge clock) begin\n        inputs <= {{inputs, in}};\n        \
         fold_0 <= outputs;\n    end\n\n    {top} core_top (\n{connections}\n    );\n",
        inputs - 1,
        outputs - 1
    );
    // Four bits a level: a LUT before each register.
    let (mut level, mut bits) = (0, outputs);
    while bits > 1 {
        let groups = bits.div_ceil(4);
        text.push_str(&format!(
            "\n    reg [{}:0] fold_{};\n",
            groups - 1,
            level + 1
        ));
        text.push_str("    always @(posedge clock) begin\n");
        for group in 0..groups {
            let low = 4 * group;
            let width = 4.min(bits - low);
            let next = level + 1;
            text.push_str(&format!(
                "        fold_{next}[{group}] <= ^fold_{level}[{low} +: {width}];\n"
            ));
        }
        text.push_str("    end\n");
        (level, bits) = (level + 1, groups);
    }
    text + &format!("    assign out = fold_{level}[0];\nendmodule\n")
}
