//! The hand-written Verilog of the leaves against their Rust models.

use rust_hdl::prelude::*;

use crate::bench::*;

/// One clock of a rust-hdl block: low, then high.
macro_rules! tick {
    ($block:expr) => {
        for clk in [false, true] {
            $block.clock.next = Clock { clk };
            assert!(simulate(&mut $block, 20));
        }
    };
}

#[test]
fn memories_agree() {
    let Some(mut bench) = instance() else { return };
    let mut model = bytes();
    model.connect_all();
    let clock = bench.input("bytes_clock");
    let write = bench.inputs("bytes", ["write_enable", "write_address", "write_data"]);
    let enable = bench.inputs("bytes", ["read_enable_0", "read_enable_1"]);
    let address = bench.inputs("bytes", ["read_address_0", "read_address_1"]);
    let data = bench.outputs("bytes", ["read_data_0", "read_data_1"]);
    let mut random = Random(20);
    let mut collisions = 0;
    for _ in 0..4000 {
        let at = random.below(BYTES_DEPTH as u64);
        let (bytes, word) = (random.bits(8), random.next());
        bench.drive(write, [bytes, at, word]);
        model.write_enable.next = bytes.into();
        model.write_address.next = at.into();
        model.write_data.next = word.into();
        for port in 0..2 {
            let (on, from) = (random.below(4) > 0, random.below(BYTES_DEPTH as u64));
            bench.drive([enable[port], address[port]], [u64::from(on), from]);
            model.read_enable[port].next = on;
            model.read_address[port].next = from.into();
            collisions += u32::from(on && bytes != 0 && from == at);
        }
        bench.instance.tick(clock);
        tick!(model);
        for (got, expected) in data.iter().zip(&model.read_data) {
            assert_eq!(bench.instance.get(*got), expected.val().to_u64());
        }
    }
    assert!(collisions > 50, "{collisions}");
}

#[test]
fn a_memory_without_byte_enables_agrees() {
    let Some(mut bench) = instance() else { return };
    let mut model = words();
    model.connect_all();
    let clock = bench.input("words_clock");
    let names = [
        "write_enable",
        "write_address",
        "write_data",
        "read_enable_0",
        "read_address_0",
    ];
    let inputs = bench.inputs("words", names);
    let [data] = bench.outputs("words", ["read_data_0"]);
    let mut random = Random(21);
    for _ in 0..2000 {
        let (on, at, word) = (random.below(2), random.below(16), random.bits(16));
        let (reads, from) = (random.below(2), random.below(16));
        bench.drive(inputs, [on, at, word, reads, from]);
        model.write_enable.next = on.into();
        model.write_address.next = at.into();
        model.write_data.next = word.into();
        model.read_enable[0].next = reads == 1;
        model.read_address[0].next = from.into();
        bench.instance.tick(clock);
        tick!(model);
        assert_eq!(bench.instance.get(data), model.read_data[0].val().to_u64());
    }
}

fn signed_value(bits: u64, width: u32) -> i64 {
    ((bits << (64 - width)) as i64) >> (64 - width)
}

macro_rules! multipliers_agree {
    ($name:ident, $block:ty, $prefix:literal, $a:literal, $b:literal, $p:literal, $stages:literal) => {
        #[test]
        fn $name() {
            let Some(mut bench) = instance() else { return };
            let mut model = <$block>::default();
            model.connect_all();
            let [clock, inputs @ ..] = bench.inputs($prefix, ["clock", "a", "b"]);
            let [product] = bench.outputs($prefix, ["product"]);
            let mut random = Random(22);
            let mut exact = std::collections::VecDeque::new();
            for _ in 0..3000 {
                let (a, b) = (random.bits($a), random.bits($b));
                let (x, y) = (signed_value(a, $a), signed_value(b, $b));
                bench.drive(inputs, [a, b]);
                model.a.next = x.into();
                model.b.next = y.into();
                bench.instance.tick(clock);
                tick!(model);
                let mut words = [0; 3];
                bench.instance.get_words(product, &mut words);
                let bits = words
                    .iter()
                    .rev()
                    .fold(0u128, |all, w| all << 32 | u128::from(*w));
                let of_model = model.product.val().inner();
                for bit in 0..$p {
                    assert_eq!(bits >> bit & 1 == 1, of_model.get_bit(bit), "{x} * {y}");
                }
                exact.push_back(i128::from(x) * i128::from(y));
                if exact.len() == $stages {
                    let expected = exact.pop_front().unwrap() as u128 & ((1 << $p) - 1);
                    assert_eq!(bits, expected);
                }
            }
        }
    };
}

multipliers_agree!(
    a_small_multiplier_agrees,
    Small,
    "small_multiplier",
    16,
    8,
    24,
    1
);
multipliers_agree!(
    the_scalar_multiplier_agrees,
    Scalar,
    "scalar_multiplier",
    33,
    33,
    66,
    2
);
multipliers_agree!(
    a_deep_multiplier_agrees,
    Deep,
    "deep_multiplier",
    33,
    33,
    66,
    3
);

#[test]
fn packing_agrees() {
    let Some(mut bench) = instance() else { return };
    let (mut pack, mut unpack) = (Vector512::default(), Lanes512::default());
    pack.connect_all();
    unpack.connect_all();
    let parts: Vec<_> = (0..32)
        .map(|i| bench.input(&format!("pack_part_{i}")))
        .collect();
    let whole = bench.output("pack_whole");
    let back = bench.input("unpack_whole");
    let mut random = Random(23);
    for _ in 0..200 {
        for (i, part) in parts.iter().enumerate() {
            let value = random.bits(16);
            bench.instance.set(*part, value);
            pack.part[i].next = value.into();
        }
        bench.instance.eval();
        assert!(simulate(&mut pack, 10));
        let mut words = [0; 16];
        bench.instance.get_words(whole, &mut words);
        bench.instance.set_words(back, &words);
        bench.instance.eval();
        unpack.whole.next = pack.whole.val();
        assert!(simulate(&mut unpack, 10));
        for i in 0..32 {
            let word = u64::from(words[i / 2] >> (16 * (i % 2)) & 0xffff);
            assert_eq!(word, pack.whole.val().get_bits::<16>(i * 16).to_u64());
            let part = bench.output(&format!("unpack_part_{i}"));
            assert_eq!(bench.instance.get(part), unpack.part[i].val().to_u64());
            assert_eq!(bench.instance.get(part), word);
        }
    }
}

#[test]
fn joining_and_reversing_agree() {
    let Some(mut bench) = instance() else { return };
    let (mut join, mut reverse) = (
        Uneven::default(),
        spikevec_hdl::leaf::Reverse::<16>::default(),
    );
    join.connect_all();
    reverse.connect_all();
    let inputs = bench.inputs("uneven", ["high", "low"]);
    let [whole] = bench.outputs("uneven", ["whole"]);
    let x = bench.input("reverse_x");
    let [y] = bench.outputs("reverse", ["y"]);
    let mut random = Random(24);
    for _ in 0..2000 {
        let (high, low, word) = (random.bits(3), random.bits(30), random.bits(16));
        bench.drive(inputs, [high, low]);
        join.high.next = high.into();
        join.low.next = low.into();
        assert!(simulate(&mut join, 10));
        assert_eq!(bench.instance.get(whole), join.whole.val().to_u64());
        assert_eq!(join.whole.val().to_u64(), high << 30 | low);
        bench.drive([x], [word]);
        reverse.x.next = word.into();
        assert!(simulate(&mut reverse, 10));
        assert_eq!(bench.instance.get(y), reverse.y.val().to_u64());
        assert_eq!(
            bench.instance.get(y),
            u64::from((word as u16).reverse_bits())
        );
    }
}
