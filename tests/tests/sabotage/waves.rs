//! From a failing report to the waveform.

use spikevec_tests::lockstep::{LockstepError, Rig, SHAPE};
use spikevec_tests::programs::Program;
use spikevec_tests::programs::directed::directed;
use spikevec_tests::programs::random::random;
use spikevec_tests::sabotage::INPUT;
use spikevec_verilated::Model;

use super::{have_tools, sabotaged};

/// A FST file begins with a header block: type 0, and 329 bytes as a big-endian number.
fn is_fst(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0, 0, 0, 0, 0, 0, 0, 1, 73])
}

/// First and last time of a FST file: they follow the header block's type and length.
fn times(bytes: &[u8]) -> (u64, u64) {
    let word = |at: usize| u64::from_be_bytes(bytes[at..at + 8].try_into().unwrap());
    (word(9), word(17))
}

#[test]
fn a_difference_names_a_waveform_of_the_clocks_before_it() {
    if !have_tools() {
        return;
    }
    let mut setup = sabotaged("half");
    let model = Model::new(&setup.design).unwrap();
    // Generators that step behind a fault: shows in the program after the one that faults,
    // so that this must be run again too.
    for (fault, replayed) in [(5, false), (21, true)] {
        setup.inputs = vec![(INPUT.to_owned(), fault)];
        let mut rig = Rig::of(setup.clone(), &model).unwrap();
        let target = setup.config.target.clone();
        let mut programs = vec![random(0, SHAPE, &target)];
        let behind = |program: &Program| program.name.contains("behind lw");
        programs.extend(directed(&target).into_iter().filter(behind));
        let mut programs = programs.into_iter();
        let failure = programs.find_map(|program| rig.run(&program, &mut |_, _| ()).err());
        let failure = failure.unwrap();
        let report = failure.to_string();
        println!("{report}\n");
        let LockstepError::Difference(difference) = &failure.error else {
            panic!("{report}");
        };
        let path = failure.path.clone().unwrap();
        let command = format!("gtkwave {}", path.display());
        assert_eq!(report.lines().last().unwrap().trim(), command);
        assert!(report.contains("fresh core") != replayed, "{report}");
        let bytes = std::fs::read(&path).unwrap();
        assert!(is_fst(&bytes), "{:?}", &bytes[..16]);
        let (first, last) = times(&bytes);
        let clocks = (last - first) / 10;
        let most = 1000.min(difference.clock);
        assert!(
            (most..most + 300).contains(&clocks),
            "{clocks} clocks of {}",
            difference.clock
        );
    }
}
