//! A board's top in Verilator, with models of the device's clock cells.

use spikevec_design::Design;
use spikevec_hdl::board::{BoardConfig, BoardError};
use spikevec_hdl::core::Config;
use spikevec_verilated::pipe::SystemPipe;
use spikevec_verilated::{Model, lint};

use crate::bench::have_tools;
use crate::system::frame;

/// Clocks after which the model of the PLL says that it has locked.
const LOCK: u64 = 100;

fn config() -> BoardConfig {
    let core = Config::named("tiny").unwrap();
    let config = BoardConfig::new(&core, 25_000_000, 50_000_000, 12_500_000).unwrap();
    BoardConfig {
        leds: 3,
        leds_low: true,
        held: 1,
        ..config
    }
}

/// A module with the ports of a top whose clock is called as a system's.
const BENCH: &str = "
module board_bench (
    input wire clock,
    input wire uart_rx,
    output wire uart_tx,
    output wire led_0,
    output wire led_1,
    output wire led_2,
    output wire held_0
);
    board_top top (
        .clock_in(clock), .uart_rx(uart_rx), .uart_tx(uart_tx),
        .led_0(led_0), .led_1(led_1), .led_2(led_2), .held_0(held_0)
    );
endmodule
";

/// Makes `board_bench` the top, with `cells` beside it.
fn benched(mut design: Design, cells: &str) -> Design {
    design.verilog.push_str(BENCH);
    design.verilog.push_str(cells);
    design.top = "board_bench".to_owned();
    for port in &mut design.ports {
        if port.name == "clock_in" {
            port.name = "clock".to_owned();
        }
    }
    design
}

/// The top with cells that behave as the device's, but for frequencies.
fn design() -> Design {
    let design = config().design().unwrap_or_else(|error| panic!("{error}"));
    let cells = format!(
        "
/* verilator lint_off UNUSED */
/* verilator lint_off LATCH */
/* verilator lint_off DECLFILENAME */
module EHXPLLL #(
    parameter CLKI_DIV = 1, parameter CLKFB_DIV = 1, parameter FEEDBK_PATH = \"\",
    parameter CLKOP_ENABLE = \"\", parameter CLKOP_DIV = 1, parameter CLKOP_CPHASE = 0, parameter CLKOP_FPHASE = 0,
    parameter CLKOS_ENABLE = \"\", parameter CLKOS_DIV = 1, parameter CLKOS_CPHASE = 0, parameter CLKOS_FPHASE = 0,
    parameter CLKOS2_ENABLE = \"\", parameter CLKOS2_DIV = 1, parameter CLKOS2_CPHASE = 0, parameter CLKOS2_FPHASE = 0,
    parameter PLLRST_ENA = \"\", parameter STDBY_ENABLE = \"\", parameter DPHASE_SOURCE = \"\", parameter INTFB_WAKE = \"\"
) (
    input wire CLKI, CLKFB, PHASESEL1, PHASESEL0, PHASEDIR, PHASESTEP, PHASELOADREG, STDBY, PLLWAKESYNC, RST,
    input wire ENCLKOP, ENCLKOS, ENCLKOS2, ENCLKOS3,
    output wire CLKOP, CLKOS, CLKOS2, CLKOS3, LOCK, INTLOCK, REFCLK, CLKINTFB
);
    reg [15:0] clocks = 0;
    always @(posedge CLKI) if (!LOCK) clocks <= clocks + 1;
    assign LOCK = clocks == {LOCK};
    assign {{CLKOP, CLKOS, CLKOS2}} = {{3{{CLKI}}}};
    assign {{CLKOS3, INTLOCK, REFCLK, CLKINTFB}} = 0;
endmodule

module DCCA (input wire CLKI, CE, output wire CLKO);
    reg open = 0;
    always @(*) if (!CLKI) open = CE;
    assign CLKO = CLKI & open;
endmodule
"
    );
    benched(design, &cells)
}

#[test]
fn a_system_on_the_oscillator_answers_at_once() {
    if !have_tools() {
        return;
    }
    let core = Config::named("tiny").unwrap();
    let config = BoardConfig {
        leds: 3,
        leds_low: true,
        held: 1,
        ..BoardConfig::direct(&core, 27_000_000, 6_750_000)
    };
    assert_eq!((config.pll, config.system.clock_hz), (None, 27_000_000));
    let design = config.design().unwrap_or_else(|error| panic!("{error}"));
    let design = benched(design, "");
    assert_eq!(lint(&design).unwrap(), "");
    let model = Model::new(&design).unwrap_or_else(|error| panic!("{error}"));
    let mut pipe = SystemPipe::from_model(&model, config.system.rates()).unwrap();
    let lights = ["led_0", "led_1", "led_2", "held_0"].map(|name| model.output(name).unwrap());
    pipe.send(&frame(7, 1, 0, &[]));
    let answer: Vec<u8> = std::iter::from_fn(|| pipe.receive(3000)).collect();
    assert_eq!(answer[..5], [0xa5, 7, 0x81, 0, 0]);
    assert_eq!(lights.map(|light| pipe.circuit().get(light)), [1, 1, 0, 1]);
}

#[test]
fn the_system_begins_when_the_clock_has_settled() {
    if !have_tools() {
        return;
    }
    let design = design();
    assert_eq!(lint(&design).unwrap(), "");
    let model = Model::new(&design).unwrap_or_else(|error| panic!("{error}"));
    let mut pipe = SystemPipe::from_model(&model, config().system.rates()).unwrap();
    let lights = ["led_0", "led_1", "led_2", "held_0"].map(|name| model.output(name).unwrap());
    let ping = frame(7, 1, 0, &[]);
    let lit = |pipe: &mut SystemPipe| lights.map(|light| pipe.circuit().get(light));
    assert_eq!(lit(&mut pipe), [1; 4]);

    // Nobody listens before the clock has been good for 1024 clocks.
    pipe.send(&ping);
    assert!(pipe.ticks() < LOCK + 1024, "{}", pipe.ticks());
    assert_eq!(pipe.receive(3000), None);
    assert_eq!(lit(&mut pipe), [1; 4]);

    pipe.send(&ping);
    let answer: Vec<u8> = std::iter::from_fn(|| pipe.receive(3000)).collect();
    assert_eq!(answer[..5], [0xa5, 7, 0x81, 0, 0]);
    // The good frame has changed the third light.
    assert_eq!(lit(&mut pipe), [1, 1, 0, 1]);
}

#[test]
fn a_top_that_cannot_be_says_what_can() {
    let top = BoardConfig {
        leds: 2,
        ..config()
    };
    let error = top.design().unwrap_err();
    assert!(matches!(error, BoardError::Pins { leds: 2, .. }), "{error}");
    assert!(error.to_string().contains("1 light or 3"));
    let mut top = config();
    top.system.baud = 50_000_000;
    let error = top.design().unwrap_err().to_string();
    assert!(error.contains("choose a rate"), "{error}");
}
