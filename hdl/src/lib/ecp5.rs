//! Clock cells of the Lattice ECP5, which have no counterpart in rust-hdl.

use rust_hdl::prelude::*;

use crate::board::PllSettings;

/// A PLL: the device's `EHXPLLL`, fed back by its first output. Two others give the same clock.
///
/// Two, because nextpnr drives all that a net clocks from one place: the input of a [`ClockGate`] must not share it with
/// registers.
///
/// The Rust model passes the clock on and is always locked: frequencies have no meaning in it.
#[derive(LogicBlock)]
pub struct Pll {
    /// The board's clock.
    pub reference: Signal<In, Clock>,
    /// The clock that the settings make of it, for a [`ClockGate`].
    pub made: Signal<Out, Clock>,
    /// The same, for registers that decide when the gate opens.
    pub early: Signal<Out, Clock>,
    /// The outputs follow the reference. Not synchronous to anything.
    pub locked: Signal<Out, Bit>,
    _settings: PllSettings,
}

impl Pll {
    /// A PLL with these dividers.
    pub fn new(settings: &PllSettings) -> Self {
        Self {
            reference: Signal::default(),
            made: Signal::default(),
            early: Signal::default(),
            locked: Signal::default(),
            _settings: *settings,
        }
    }
}

impl Logic for Pll {
    fn update(&mut self) {
        self.made.next = self.reference.val();
        self.early.next = self.reference.val();
        self.locked.next = true;
    }

    fn connect(&mut self) {
        self.made.connect();
        self.early.connect();
        self.locked.connect();
    }

    fn hdl(&self) -> Verilog {
        let PllSettings {
            reference,
            feedback,
            primary,
            output,
            ..
        } = self._settings;
        let outputs = [("CLKOP", primary), ("CLKOS", output), ("CLKOS2", output)];
        // A phase of DIV - 1 is none. Against the board's clock it would not matter; the two outputs have the same.
        let outputs = outputs.map(|(name, divider)| {
            format!(
                "    .{name}_ENABLE(\"ENABLED\"),\n    .{name}_DIV({divider}),\n    \
                 .{name}_CPHASE({}),\n    .{name}_FPHASE(0),\n",
                divider - 1
            )
        });
        let tied = [
            "PHASESEL0",
            "PHASESEL1",
            "PHASEDIR",
            "PHASESTEP",
            "PHASELOADREG",
            "STDBY",
            "PLLWAKESYNC",
            "RST",
            "ENCLKOP",
            "ENCLKOS",
            "ENCLKOS2",
            "ENCLKOS3",
        ];
        let tied = tied.map(|port| format!("    .{port}(1'b0),\n"));
        // The attributes are the analogue settings that Project Trellis' ecppll writes.
        Verilog::Custom(format!(
            "// module pll\n\
             wire fed_back;\n\
             wire first;\n\
             wire second;\n\
             wire lock;\n\
             wire [3:0] unused;\n\n\
             (* ICP_CURRENT = \"12\", LPF_RESISTOR = \"8\", MFG_ENABLE_FILTEROPAMP = \"1\", MFG_GMCREF_SEL = \"2\" *)\n\
             EHXPLLL #(\n    \
             .CLKI_DIV({reference}),\n    \
             .CLKFB_DIV({feedback}),\n    \
             .FEEDBK_PATH(\"CLKOP\"),\n\
             {}    \
             .PLLRST_ENA(\"DISABLED\"),\n    \
             .STDBY_ENABLE(\"DISABLED\"),\n    \
             .DPHASE_SOURCE(\"DISABLED\"),\n    \
             .INTFB_WAKE(\"DISABLED\")\n\
             ) hard (\n    \
             .CLKI(reference),\n    \
             .CLKFB(fed_back),\n\
             {}    \
             .CLKOP(fed_back),\n    \
             .CLKOS(first),\n    \
             .CLKOS2(second),\n    \
             .CLKOS3(unused[0]),\n    \
             .LOCK(lock),\n    \
             .INTLOCK(unused[1]),\n    \
             .REFCLK(unused[2]),\n    \
             .CLKINTFB(unused[3])\n\
             );\n\n\
             always @(*) made = first;\n\
             always @(*) early = second;\n\
             always @(*) locked = lock;",
            outputs.concat(),
            tied.concat()
        ))
    }
}

/// A clock that can be held: the device's `DCCA`, which is low while it is not enabled.
#[derive(LogicBlock, Default)]
pub struct ClockGate {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Let it through. A register of the same clock.
    pub enable: Signal<In, Bit>,
    /// The clock, or low.
    pub gated: Signal<Out, Clock>,
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
