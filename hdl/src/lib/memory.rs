//! Memory with synchronous reads.

use std::collections::BTreeMap;

use rust_hdl::prelude::*;

/// What a memory is made of on the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// Block RAM.
    Block,
    /// UltraRAM of the UltraScale+ devices.
    Ultra,
    /// LUTs used as RAM, for a few words.
    Distributed,
}

impl Style {
    /// The value of the attribute `ram_style`.
    pub const fn attribute(self) -> &'static str {
        match self {
            Self::Block => "block",
            Self::Ultra => "ultra",
            Self::Distributed => "distributed",
        }
    }
}

/// `depth` words of `W` bits: one write port with `B` enables, each for `W / B` bits, and `R`
/// read ports.
///
/// Reads and writes happen at the clock's rising edge; `read_data` holds its value while
/// `read_enable` is low. **A word that is written and read at the same edge reads as undefined**:
/// the attribute `no_rw_check` allows the device's memory whatever it does, so that no logic is
/// spent on it. Whoever uses the memory avoids or bypasses the case. (Both models here give the
/// old word.)
///
/// Each read port has an array of its own, which all writes reach: that is how devices build it,
/// and synthesis need not find it out.
#[derive(LogicBlock)]
pub struct Memory<const W: usize, const A: usize, const B: usize, const R: usize> {
    /// Clock of all ports.
    pub clock: Signal<In, Clock>,
    /// Parts of the word to write.
    pub write_enable: Signal<In, Bits<B>>,
    /// Word to write; must be below the depth.
    pub write_address: Signal<In, Bits<A>>,
    /// What to write.
    pub write_data: Signal<In, Bits<W>>,
    /// Whether each port reads.
    pub read_enable: [Signal<In, Bit>; R],
    /// Word that each port reads; must be below the depth.
    pub read_address: [Signal<In, Bits<A>>; R],
    /// The word that each port has read last.
    pub read_data: [Signal<Out, Bits<W>>; R],
    _style: Style,
    _depth: usize,
    _words: BTreeMap<u64, Bits<W>>,
}

impl<const W: usize, const A: usize, const B: usize, const R: usize> Memory<W, A, B, R> {
    /// A memory of `2^A` words.
    pub fn new(style: Style) -> Self {
        Self::with_depth(style, 1 << A)
    }

    /// A memory of `depth` words.
    ///
    /// # Panics
    /// If `depth` is zero or needs more than `A` address bits: a mistake of the block that holds
    /// the memory, which checks what its user can choose.
    pub fn with_depth(style: Style, depth: usize) -> Self {
        const { assert!(B > 0 && W.is_multiple_of(B), "W is a multiple of B") };
        assert!(
            depth > 0 && depth <= 1 << A,
            "{depth} words need other than {A} address bits"
        );
        Self {
            clock: Signal::default(),
            write_enable: Signal::default(),
            write_address: Signal::default(),
            write_data: Signal::default(),
            read_enable: std::array::from_fn(|_| Signal::default()),
            read_address: std::array::from_fn(|_| Signal::default()),
            read_data: std::array::from_fn(|_| Signal::default()),
            _style: style,
            _depth: depth,
            _words: BTreeMap::new(),
        }
    }
}

impl<const W: usize, const A: usize, const B: usize, const R: usize> Logic for Memory<W, A, B, R> {
    fn update(&mut self) {
        if !self.clock.pos_edge() {
            return;
        }
        for port in 0..R {
            if self.read_enable[port].val() {
                let address = self.read_address[port].val().to_u64();
                let word = self._words.get(&address).copied();
                self.read_data[port].next = word.unwrap_or_default();
            }
        }
        let enable = self.write_enable.val();
        if enable.any() {
            let word = self
                ._words
                .entry(self.write_address.val().to_u64())
                .or_default();
            for i in 0..W {
                if enable.get_bit(i / (W / B)) {
                    *word = word.replace_bit(i, self.write_data.val().get_bit(i));
                }
            }
        }
    }

    fn connect(&mut self) {
        self.read_data.iter_mut().for_each(|data| data.connect());
    }

    fn hdl(&self) -> Verilog {
        let (depth, style, each) = (self._depth, self._style.attribute(), W / B);
        let mut text = format!("// module memory_{W}x{depth}_{style}\n");
        // Address bits that the depth does not need would make synthesis decode them.
        let bits = (depth.next_power_of_two().trailing_zeros() as usize).max(1);
        let index = match bits == A {
            true => String::new(),
            false => format!("[{}:0]", bits - 1),
        };
        if bits < A {
            let upper = |name: &str| format!("{name}[{}:{bits}]", A - 1);
            let reads = (0..R).map(|port| upper(&format!("read_address_{port}")));
            let all: Vec<_> = std::iter::once(upper("write_address"))
                .chain(reads)
                .collect();
            text.push_str(&format!("wire unused = &{{{}}};\n", all.join(", ")));
        }
        for port in 0..R {
            let array = format!("words_{port}");
            text.push_str(&format!(
                "(* no_rw_check, ram_style = \"{style}\" *)\n\
                 reg [{}:0] {array} [0:{}];\n\n\
                 always @(posedge clock) begin\n    \
                 if (read_enable_{port}) read_data_{port} <= {array}[read_address_{port}{index}];\n",
                W - 1,
                depth - 1
            ));
            for b in 0..B {
                let (enable, part) = match B {
                    1 => (String::new(), String::new()),
                    _ => (format!("[{b}]"), format!("[{} +: {each}]", b * each)),
                };
                text.push_str(&format!(
                    "    if (write_enable{enable}) \
                     {array}[write_address{index}]{part} <= write_data{part};\n"
                ));
            }
            text.push_str("end\n\n");
        }
        Verilog::Custom(text)
    }

    fn timing(&self) -> Vec<TimingInfo> {
        let mut inputs: Vec<String> = ["write_enable", "write_address", "write_data"]
            .map(String::from)
            .to_vec();
        inputs.extend((0..R).map(|i| format!("read_enable${i}")));
        inputs.extend((0..R).map(|i| format!("read_address${i}")));
        vec![TimingInfo {
            name: "memory".into(),
            clock: "clock".into(),
            inputs,
            outputs: (0..R).map(|i| format!("read_data${i}")).collect(),
        }]
    }
}
