//! At least a thousand faults of each direction on the line to a machine in software.

use std::time::Duration;

use spikevec_isa::Target;
use spikevec_runtime::LinkBackend;
use spikevec_runtime::link::LinkOptions;

use crate::faulty::{Faulty, Random};
use crate::model::Model;
use crate::workload;

#[test]
fn nothing_is_lost_on_a_bad_line() {
    let mut random = Random(11);
    let (mut to_machine, mut from_machine, mut requests, mut retries) = (0, 0, 0, 0);
    for (seed, words) in [(1, 255), (2, 32), (3, 8), (4, 3)] {
        let line = Faulty::new(Model::new(&Target::small()), seed);
        let options = LinkOptions {
            patience: Duration::from_millis(30),
            attempts: 400,
            words,
        };
        let mut machine = LinkBackend::open(line, options).unwrap();
        machine.with_line(|line| line.rate = 40 + 2 * words as u64);
        workload::run(&mut machine, None, 200, &mut random);
        let statistics = machine.statistics();
        let (to, from, dropped) =
            machine.with_line(|line| (line.to_machine, line.from_machine, line.line.done));
        println!("{words} words: {to:?} to, {from:?} from the machine; {statistics:?}");
        to_machine += to.total();
        from_machine += from.total();
        assert!(dropped >= statistics.requests);
        requests += statistics.requests;
        retries += statistics.retries;
    }
    println!("{to_machine} and {from_machine} faults, {requests} requests, {retries} sent again");
    assert!(to_machine > 1000 && from_machine > 1000 && retries > 1000);
}
