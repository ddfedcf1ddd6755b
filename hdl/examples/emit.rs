//! Writes the Verilog of a configuration: `cargo run -p spikevec-hdl --example emit -- base > core.v`;
//! with `--synthesis` after the name, that without the retirement port; with `--axi`, the core on AXI, its vector
//! memory as UltraRAM.

use spikevec_hdl::core::Config;
use spikevec_hdl::leaf::Style;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let name = std::env::args().nth(1).unwrap_or_else(|| "base".to_owned());
    let config = Config::named(&name).ok_or("no such configuration")?;
    let design = match std::env::args().nth(2).as_deref() {
        None => config.design()?,
        Some("--synthesis") => config.synthesis_design()?,
        Some("--axi") => {
            let vector_style = Style::Ultra;
            Config {
                vector_style,
                ..config
            }
            .axi_design()?
        }
        Some(other) => {
            return Err(format!("{other}: the options are --synthesis and --axi").into());
        }
    };
    print!("{}", design.verilog);
    Ok(())
}
