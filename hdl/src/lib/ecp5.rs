//! Clock cells of the Lattice ECP5, which have no counterpart in rust-hdl.

use rust_hdl::prelude::*;

use crate::board::PllSettings;

/// A PLL: the device's `EHXPLLL`, fed back by its first output.
///
/// The Rust model passes the clock on and is always locked: frequencies have no meaning in it.
#[derive(LogicBlock)]
pub struct Pll {
    /// The board's clock.
    pub reference: Signal<In, Clock>,
    /// The clock that the settings make of it.
    pub made: Signal<Out, Clock>,
    /// The output follows the reference. Not synchronous to anything.
    pub locked: Signal<Out, Bit>,
    _settings: PllSettings,
}

impl Pll {
    /// A PLL with these dividers.
    pub fn new(settings: &PllSettings) -> Self {
        Self {
            reference: Signal::default(),
            made: Signal::default(),
            locked: Signal::default(),
            _settings: *settings,
        }
    }
}

impl Logic for Pll {
    fn update(&mut self) {
        self.made.next = self.reference.val();
        self.locked.next = true;
    }

    fn connect(&mut self) {
        self.made.connect();
        self.locked.connect();
    }

    fn hdl(&self) -> Verilog {
        let PllSettings {
            reference,
            feedback,
            primary,
            secondary,
            ..
        } = self._settings;
        // A phase of DIV - 1 is none: the counter's own offset (FPGA-TN-02200). Only one clock is used, so that its phase
        // to the reference does not matter.
        let mut text = format!(
            "// module pll\n\
             wire first;\n\
             wire second;\n\
             wire lock;\n\n\
             (* ICP_CURRENT = \"12\", LPF_RESISTOR = \"8\", MFG_ENABLE_FILTEROPAMP = \"1\", MFG_GMCREF_SEL = \"2\" *)\n\
             EHXPLLL #(\n    \
             .CLKI_DIV({reference}),\n    \
             .CLKFB_DIV({feedback}),\n    \
             .FEEDBK_PATH(\"CLKOP\"),\n    \
             .CLKOP_ENABLE(\"ENABLED\"),\n    \
             .CLKOP_DIV({primary}),\n    \
             .CLKOP_CPHASE({}),\n    \
             .CLKOP_FPHASE(0),\n",
            primary - 1
        );
        if let Some(divider) = secondary {
            text.push_str(&format!(
                "    .CLKOS_ENABLE(\"ENABLED\"),\n    \
                 .CLKOS_DIV({divider}),\n    \
                 .CLKOS_CPHASE({}),\n    \
                 .CLKOS_FPHASE(0),\n",
                divider - 1
            ));
        }
        text.push_str(
            "    .PLLRST_ENA(\"DISABLED\"),\n    \
             .STDBY_ENABLE(\"DISABLED\"),\n    \
             .DPHASE_SOURCE(\"DISABLED\"),\n    \
             .INTFB_WAKE(\"DISABLED\")\n\
             ) hard (\n    \
             .CLKI(reference),\n    \
             .CLKFB(first),\n    \
             .PHASESEL0(1'b0),\n    \
             .PHASESEL1(1'b0),\n    \
             .PHASEDIR(1'b0),\n    \
             .PHASESTEP(1'b0),\n    \
             .PHASELOADREG(1'b0),\n    \
             .STDBY(1'b0),\n    \
             .PLLWAKESYNC(1'b0),\n    \
             .RST(1'b0),\n    \
             .ENCLKOP(1'b0),\n    \
             .ENCLKOS(1'b0),\n    \
             .CLKOP(first),\n    \
             .CLKOS(second),\n    \
             .LOCK(lock)\n\
             );\n\n",
        );
        let (output, other) = match secondary {
            Some(_) => ("second", None),
            None => ("first", Some("second")),
        };
        if let Some(other) = other {
            text.push_str(&format!("wire unused = {other};\n"));
        }
        text.push_str(&format!(
            "always @(*) made = {output};\nalways @(*) locked = lock;"
        ));
        Verilog::Custom(text)
    }
}

/// A clock that can be held: the device's `DCCA`, which is low while it is not enabled.
#[derive(LogicBlock)]
pub struct ClockGate {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Let it through. A register of the same clock.
    pub enable: Signal<In, Bit>,
    /// The clock, or low.
    pub gated: Signal<Out, Clock>,
}

impl Default for ClockGate {
    fn default() -> Self {
        Self {
            clock: Signal::default(),
            enable: Signal::default(),
            gated: Signal::default(),
        }
    }
}

impl Logic for ClockGate {
    fn update(&mut self) {
        self.gated.next = Clock {
            clk: self.clock.val().clk & self.enable.val(),
        };
    }

    fn connect(&mut self) {
        self.gated.connect();
    }

    fn hdl(&self) -> Verilog {
        Verilog::Custom(
            "// module clock_gate\n\
             wire passed;\n\n\
             DCCA hard (\n    .CLKI(clock),\n    .CE(enable),\n    .CLKO(passed)\n);\n\n\
             always @(*) gated = passed;"
                .to_owned(),
        )
    }
}
