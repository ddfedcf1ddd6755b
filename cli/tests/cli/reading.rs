//! Flags of the reading, and the verb that finds them.

use std::path::Path;

use serde_json::Value;
use spikevec::nir::NodeKind;
use spikevec::runtime::data::Values;

use crate::common::{Folder, fails, json, lif, network, spikevec, text, vector};

#[test]
fn a_choice_is_for_all_populations_or_for_one() {
    let folder = Folder::new();
    let model = folder.model("lif.nir", &network(6, 3, lif(3)));
    let input = folder.spikes("x.npz", 2, 20, 6);
    let run = ["run", &model, "--input", &input, "--dt", "1e-3", "--json"];
    let report = json(
        &[
            &run[..],
            &["--reset", "zero", "--reset", "neurons=subtract"],
        ]
        .concat(),
    );
    let reset = &report["reading"]["populations"]["neurons"]["reset"];
    assert_eq!(
        (&reset["value"], &reset["from"]),
        (&"subtract".into(), &"given".into())
    );
    let report = json(&[&run[..], &["--framework", "snntorch", "--comparison", "ge"]].concat());
    let own = &report["reading"]["populations"]["neurons"];
    assert_eq!(own["reset"]["from"], "framework");
    assert_eq!(own["comparison"]["from"], "given");
    assert_eq!(report["reading"]["framework"], "snntorch");
    // Nobody said how it resets, and the run says so once.
    let warnings = json(&run)["warnings"].to_string();
    assert_eq!(warnings.matches("--framework").count(), 1, "{warnings}");
    let with = |flags: &[&'static str]| [&run[..], flags].concat();
    fails(
        &with(&["--reset", "hidden=zero"]),
        &["--reset hidden=...", "no population `hidden`", "neurons"],
    );
    fails(
        &with(&["--reset", "sometimes"]),
        &["v_reset, zero, subtract, none"],
    );
    fails(
        &with(&["--reset", "zero", "--reset", "none"]),
        &["--reset is given twice for all populations"],
    );
    fails(
        &with(&["--reset", "subtract", "--spikes-a-step", "several"]),
        &[
            "`neurons` may spike several times a step",
            "--spikes-a-step 1",
        ],
    );
}

#[test]
fn the_reading_is_found_or_the_nearest_told() {
    let folder = Folder::new();
    let model = folder.model("lif.nir", &network(6, 3, lif(3)));
    let input = folder.array("x.npy", &[2, 10, 6], Values::U8(vec![1; 120]));
    let silent = folder.array("none.npy", &[2, 10, 6], Values::U8(vec![0; 120]));
    let quiet = folder.array("out.npy", &[2, 10, 3], Values::U8(vec![0; 60]));
    let run = |input: &str, more: &[&str]| {
        let verb = ["reading", &model, "--input", input, "--expected", &quiet];
        let array = ["--population", "x=neurons"];
        spikevec(&[&verb[..], &array, more].concat())
            .output()
            .unwrap()
    };
    // Without input all readings are silent.
    let found = run(&silent, &["--json"]);
    assert!(found.status.success(), "{}", text(&found.stderr));
    let report: Value = serde_json::from_slice(&found.stdout).unwrap();
    assert_eq!(
        (&report["exact"], &report["populations"][0]["differ"]),
        (&true.into(), &0.into())
    );
    // Neurons that are driven above their threshold are not silent under any.
    let found = run(&input, &["--dt", "1e-3", "--input-scale", "1000"]);
    assert!(!found.status.success());
    let nearest = text(&found.stdout);
    assert!(nearest.contains("the nearest is"), "{nearest}");
    assert!(
        nearest.contains("neurons: first in sample 0, step"),
        "{nearest}"
    );
    fails(
        &["reading", &model, "--input", &input, "--expected", &silent],
        &[
            "array `x` is of no population",
            "neurons",
            "--population x=NAME",
        ],
    );
    let all = [
        "reading",
        &model,
        "--input",
        &input,
        "--expected",
        &silent,
        "--population",
    ];
    fails(
        &[&all[..], &["x=neurons"]].concat(),
        &[
            "array `x` has the shape [2, 10, 6]",
            "neurons has 3 neurons",
        ],
    );
}

/// Neurons at rest at -65 and with a threshold of -50 do not spike without input: they start where they rest.
#[test]
fn neurons_start_at_their_resting_potential() {
    let folder = Folder::new();
    let NodeKind::LIF(mut neurons) = lif(3) else {
        unreachable!()
    };
    let all = |value: f64| vector(&[value; 3]);
    (neurons.v_leak, neurons.v_reset) = (all(-65.0), Some(all(-65.0)));
    neurons.v_threshold = all(-50.0);
    let model = folder.model("rest.nir", &network(6, 3, NodeKind::LIF(neurons)));
    let input = folder.array("x.npz", &[1, 30, 6], Values::U8(vec![0; 180]));
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/faults");
    let file = |name: &str| shared.join(name).to_str().unwrap().to_owned();
    let mut cases = vec![(model, input, 3)];
    if shared.is_dir() {
        cases.push((file("rest_potential.nir"), file("rest_x.npy"), 4));
    } else {
        println!("skipped: ../shared/data/faults is missing");
    }
    for (model, input, neurons) in &cases {
        let run = |flags: &[&str]| {
            let arguments = ["run", model, "--input", input, "--dt", "1e-3", "--json"];
            let report = json(&[&arguments[..], flags].concat());
            let at_once = report["warnings"].to_string().contains("spike at once");
            (
                report["populations"][0]["spikes"].clone(),
                report["float_silent_samples"].clone(),
                at_once,
            )
        };
        assert_eq!(run(&[]), (0.into(), 1.into(), false), "{model}");
        let zero = run(&["--initial", "zero"]);
        assert_eq!(zero, ((*neurons).into(), Value::Null, true), "{model}");
    }
}
