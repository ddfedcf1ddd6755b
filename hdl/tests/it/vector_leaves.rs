//! The leaves of the vector side against their Rust models.

use rust_hdl::prelude::*;
use spikevec_hdl::leaf::{Memory, Style};
use spikevec_hdl::vector::{LaneTable, Pick};
use spikevec_isa::table::TABLE;
use spikevec_verilated::{Instance, Model};

use crate::bench::{Random, have_tools};

type Column = Memory<16, 17, 1, 1>;

fn column() -> Column {
    Memory::with_depth(Style::Block, 24)
}

fn instance() -> Instance {
    let mut table = LaneTable::default();
    let mut wide = Pick::<32>::default();
    let mut small = Pick::<4>::default();
    let mut column = column();
    table.connect_all();
    wide.connect_all();
    small.connect_all();
    column.connect_all();
    let blocks: [(&str, &dyn Block); 4] = [
        ("lane_table", &table),
        ("wide", &wide),
        ("few", &small),
        ("column", &column),
    ];
    let design = spikevec_emitter::bench("vector_leaves", &blocks).unwrap();
    Model::new(&design)
        .unwrap_or_else(|error| panic!("{error}"))
        .instance()
}

/// The value of a port of the circuit.
fn get(circuit: &mut Instance, name: &str) -> u64 {
    let port = circuit.model().output(name).unwrap();
    circuit.get(port)
}

fn set(circuit: &mut Instance, name: &str, value: u64) {
    let port = circuit.model().input(name).unwrap();
    circuit.set(port, value);
}

#[test]
fn the_lane_table_agrees_for_every_number() {
    if !have_tools() {
        return;
    }
    let mut circuit = instance();
    let mut model = LaneTable::default();
    model.connect_all();
    for op in 0..128u64 {
        set(&mut circuit, "lane_table_op", op);
        circuit.eval();
        model.op.next = op.into();
        assert!(simulate(&mut model, 20));
        macro_rules! bits_agree {
            ($($name:ident)+) => {
                $({
                    let got = get(&mut circuit, concat!("lane_table_", stringify!($name)));
                    assert_eq!(got == 1, model.$name.val(), "{} of {op}", stringify!($name));
                })+
            };
        }
        bits_agree!(old_a old_b word_a one_b writes subtract saturate order invert right
            by_immediate late masked_add by_mask take_b draws loads0 loads1 loads_lane stores_lane
            stores_vector compares extracts);
        assert_eq!(
            get(&mut circuit, "lane_table_result"),
            model.result.val().to_u64()
        );
        assert_eq!(
            get(&mut circuit, "lane_table_rounding"),
            model.rounding.val().to_u64()
        );
        assert_eq!(
            get(&mut circuit, "lane_table_shared"),
            model.shared.val().to_u64()
        );
        // Scalar instructions and numbers without a row do nothing.
        let vector = TABLE
            .get(op as usize)
            .is_some_and(|s| s.mnemonic.starts_with('v'));
        let acts = [
            "writes",
            "draws",
            "loads0",
            "loads1",
            "loads_lane",
            "stores_lane",
        ];
        let more = ["stores_vector", "compares", "extracts"];
        let any = acts
            .iter()
            .chain(&more)
            .any(|name| get(&mut circuit, &format!("lane_table_{name}")) == 1);
        assert_eq!(any, vector, "{op}");
    }
}

#[test]
fn picks_agree() {
    if !have_tools() {
        return;
    }
    let mut circuit = instance();
    let mut wide = Pick::<32>::default();
    let mut small = Pick::<4>::default();
    wide.connect_all();
    small.connect_all();
    let mut random = Random(30);
    for _ in 0..200 {
        for i in 0..32 {
            let value = random.bits(16);
            wide.from[i].next = value.into();
            set(&mut circuit, &format!("wide_from_{i}"), value);
            if i < 4 {
                small.from[i].next = value.into();
                set(&mut circuit, &format!("few_from_{i}"), value);
            }
        }
        let index = random.below(32);
        wide.index.next = index.into();
        small.index.next = index.into();
        set(&mut circuit, "wide_index", index);
        set(&mut circuit, "few_index", index);
        circuit.eval();
        assert!(simulate(&mut wide, 20) && simulate(&mut small, 20));
        assert_eq!(get(&mut circuit, "wide_picked"), wide.picked.val().to_u64());
        assert_eq!(get(&mut circuit, "few_picked"), small.picked.val().to_u64());
    }
}

#[test]
fn a_memory_of_fewer_words_than_addresses_agrees() {
    if !have_tools() {
        return;
    }
    let mut circuit = instance();
    let mut model = column();
    model.connect_all();
    let mut random = Random(31);
    for _ in 0..500 {
        let [on, at, word, from] = [2, 24, 1 << 16, 24].map(|limit| random.below(limit));
        set(&mut circuit, "column_write_enable", on);
        set(&mut circuit, "column_write_address", at);
        set(&mut circuit, "column_write_data", word);
        set(&mut circuit, "column_read_enable_0", 1);
        set(&mut circuit, "column_read_address_0", from);
        model.write_enable.next = on.into();
        model.write_address.next = at.into();
        model.write_data.next = word.into();
        model.read_enable[0].next = true;
        model.read_address[0].next = from.into();
        let clock = circuit.model().input("column_clock").unwrap();
        circuit.tick(clock);
        for clk in [false, true] {
            model.clock.next = Clock { clk };
            assert!(simulate(&mut model, 20));
        }
        let expected = model.read_data[0].val().to_u64();
        assert_eq!(get(&mut circuit, "column_read_data_0"), expected);
    }
}
