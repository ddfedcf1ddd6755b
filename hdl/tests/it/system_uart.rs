//! The line's ends and the checksum by themselves.

use std::sync::OnceLock;

use rust_hdl::prelude::*;
use spikevec_hdl::system::{Crc, UartReceiver, UartTransmitter};
use spikevec_verilated::{Instance, Model};

use crate::bench::{Random, have_tools};

/// Clocks of a bit.
const DIVISORS: [u16; 5] = [4, 5, 10, 87, 217];

fn circuit() -> Option<Instance> {
    static MODEL: OnceLock<Model> = OnceLock::new();
    if MODEL.get().is_none() && !have_tools() {
        return None;
    }
    let build = || {
        let mut blocks: Vec<(String, Box<dyn Block>)> =
            vec![("crc".to_owned(), Box::new(Crc::default()))];
        for divisor in DIVISORS {
            blocks.push((
                format!("receiver{divisor}"),
                Box::new(UartReceiver::new(divisor)),
            ));
            blocks.push((
                format!("transmitter{divisor}"),
                Box::new(UartTransmitter::new(divisor)),
            ));
        }
        for (_, block) in &mut blocks {
            block.connect_all();
        }
        let blocks: Vec<_> = blocks
            .iter()
            .map(|(n, b)| (n.as_str(), b.as_ref()))
            .collect();
        Model::new(&spikevec_emitter::bench("uart", &blocks).unwrap())
            .unwrap_or_else(|e| panic!("{e}"))
    };
    Some(MODEL.get_or_init(build).instance())
}

fn some_bytes(count: usize) -> Vec<u8> {
    let mut random = Random(3);
    let fixed = [0u64, 0xff, 0x55, 0xaa, 0x80, 0x01];
    let bytes = fixed.into_iter();
    bytes
        .chain(std::iter::from_fn(|| Some(random.next())))
        .take(count)
        .map(|byte| byte as u8)
        .collect()
}

/// What the receiver hears when bits of `length` clocks are sent, the first one after `offset`; bytes follow each
/// other without a pause.
fn heard(circuit: &mut Instance, divisor: u16, length: f64, offset: f64, bytes: &[u8]) -> Vec<u8> {
    let port = |name| format!("receiver{divisor}_{name}");
    let model = circuit.model().clone();
    let (clock, line) = (
        model.input(&port("clock")).unwrap(),
        model.input(&port("line")).unwrap(),
    );
    let (valid, data) = (
        model.output(&port("valid")).unwrap(),
        model.output(&port("data")).unwrap(),
    );
    let mut heard = Vec::new();
    let clocks = (bytes.len() * 10) as f64 * length + offset + 30.0 * length;
    for now in 0..clocks as u64 {
        let bit = (now as f64 - offset) / length;
        let level = match bytes.get((bit / 10.0) as usize) {
            Some(byte) if bit >= 0.0 => (u16::from(*byte) << 1 | 0x200) >> (bit as u64 % 10) & 1,
            _ => 1,
        };
        circuit.set(line, level.into());
        circuit.eval();
        if circuit.get(valid) != 0 {
            heard.push(circuit.get(data) as u8);
        }
        circuit.tick(clock);
    }
    heard
}

#[test]
fn bytes_are_heard_at_rates_that_are_somewhat_off() {
    let Some(mut circuit) = circuit() else { return };
    let bytes = some_bytes(40);
    for divisor in DIVISORS {
        // Few clocks a bit leave less room, since edges fall on clocks.
        let off: &[f64] = match divisor {
            0..8 => &[0.0],
            8..50 => &[-0.02, 0.0, 0.02],
            _ => &[-0.04, -0.02, 0.0, 0.02, 0.04],
        };
        for off in off {
            for offset in [20.0, 20.3, 20.8] {
                let length = f64::from(divisor) * (1.0 + off);
                let found = heard(&mut circuit, divisor, length, offset, &bytes);
                assert_eq!(found, bytes, "{divisor} {off} {offset}");
            }
        }
    }
}

#[test]
fn what_is_sent_is_heard() {
    let Some(mut circuit) = circuit() else { return };
    let bytes = some_bytes(20);
    for divisor in DIVISORS {
        let model = circuit.model().clone();
        let port = |name| format!("transmitter{divisor}_{name}");
        let input = |name| model.input(&port(name)).unwrap();
        let (clock, start, data) = (input("clock"), input("start"), input("data"));
        let line = model.output(&port("line")).unwrap();
        let ready = model.output(&port("ready")).unwrap();
        for byte in &bytes {
            circuit.set(start, 1);
            circuit.set(data, (*byte).into());
            circuit.eval();
            assert_eq!((circuit.get(line), circuit.get(ready)), (1, 1));
            circuit.tick(clock);
            circuit.set(start, 0);
            let frame = u16::from(*byte) << 1 | 0x200;
            for clock_of_byte in 0..10 * divisor {
                let level = frame >> (clock_of_byte / divisor) & 1;
                assert_eq!(circuit.get(line), u64::from(level), "{clock_of_byte}");
                assert_eq!(circuit.get(ready), 0);
                circuit.tick(clock);
            }
        }
    }
}

#[test]
fn the_checksum_is_that_of_the_standard() {
    let Some(mut circuit) = circuit() else { return };
    let model = circuit.model().clone();
    let input = |name| model.input(name).unwrap();
    let (clock, clear, put, data) = (
        input("crc_clock"),
        input("crc_clear"),
        input("crc_put"),
        input("crc_data"),
    );
    let value = model.output("crc_value").unwrap();
    let good = model.output("crc_good").unwrap();
    let mut feed = |bytes: &[u8]| {
        circuit.set(clear, 1);
        circuit.tick(clock);
        circuit.set(clear, 0);
        circuit.set(put, 1);
        for byte in bytes {
            circuit.set(data, (*byte).into());
            circuit.tick(clock);
        }
        circuit.set(put, 0);
        circuit.tick(clock);
        (circuit.get(value) as u32, circuit.get(good) != 0)
    };
    assert_eq!(feed(b"123456789"), (0xcbf4_3926, false));
    for count in 0..60 {
        let mut bytes = some_bytes(count);
        let sum = crate::system::crc(&bytes);
        assert_eq!(feed(&bytes).0, sum);
        bytes.extend(sum.to_le_bytes());
        assert!(feed(&bytes).1);
        for bit in 0..bytes.len() * 8 {
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert!(!feed(&bytes).1);
            bytes[bit / 8] ^= 1 << (bit % 8);
        }
    }
}
