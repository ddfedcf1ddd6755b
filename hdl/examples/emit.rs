//! Writes the Verilog of a configuration: `cargo run -p spikevec-hdl --example emit -- base > core.v`.

use spikevec_hdl::core::Config;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let name = std::env::args().nth(1).unwrap_or_else(|| "base".to_owned());
    let config = Config::named(&name).ok_or("no such configuration")?;
    print!("{}", config.design()?.verilog);
    Ok(())
}
