//! What is committed of each board's bitstream belongs together: report, image, pins.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use spikevec_bitstreams::Board;
use spikevec_bitstreams::report::{FORM, Report, checksum};

#[test]
fn reports_are_those_of_the_images() {
    let mut images = 0;
    for name in Board::NAMES {
        let board = Board::named(name).unwrap();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        let bitstream = folder.join(board.bitstream());
        let Ok(text) = fs::read_to_string(folder.join("report.json")) else {
            assert!(!bitstream.exists(), "{name}: an image without a report");
            continue;
        };
        let report = Report::from_json(&text).unwrap();
        assert_eq!((report.form, report.board.as_str()), (FORM, name));
        let markdown = fs::read_to_string(folder.join("report.md")).unwrap();
        assert_eq!(report.to_string(), markdown, "{name}");
        let image = fs::read(&bitstream).unwrap();
        assert_eq!(report.checksums[&board.bitstream()], checksum(&image));
        let pins = report
            .checksums
            .iter()
            .find(|(file, _)| file.starts_with(name) && **file != board.bitstream());
        let (_, pins) = pins.unwrap();
        assert_eq!(*pins, checksum(board.constraints.as_bytes()), "{name}");
        // The image runs at the clock that the board's file asks for, and every clock is one of the report's seeds.
        assert!(report.mhz.most * 1e6 >= f64::from(report.clock.core_hz));
        assert_eq!(report.clock.core_hz, board.file.clock.core_hz, "{name}");
        assert_eq!(report.part, board.file.device.part(), "{name}");
        assert!(report.seeds.iter().any(|seed| seed.seed == report.seed));
        images += 1;
    }
    assert!(images > 0);
}
