//! Flags that make no sense, or not here.

use crate::common::{DIGITS, Folder, INPUT, MODEL, PIN, SMALL, fails, lif, network, output};

#[test]
fn flags_of_the_compiler_mean_nothing_for_a_program() {
    let folder = Folder::new();
    let elf = folder.path("digits.elf");
    output(&["compile", MODEL, PIN, DIGITS, "-o", &elf]);
    let run = ["run", &elf, "--input", INPUT];
    fails(
        &[&run[..], &["--dt", "1"]].concat(),
        &["--dt", "digits.elf", "compiled already"],
    );
    let two = ["--rounding", "truncate", "--format", "lif1.v=q6.9"];
    fails(&[&run[..], &two].concat(), &["--rounding, --format"]);
    fails(
        &["inspect", &elf, "--stage", "graph"],
        &["--stage", "compiled already"],
    );
    fails(
        &["compile", &elf, "-o", &folder.path("again.elf")],
        &["digits.elf", "a program already"],
    );
    fails(&["disasm", MODEL], &["digits.nir", "compile it first"]);
    // The output spikes, and its membranes were not recorded.
    fails(
        &[&run[..], &["--readout", "max-v"]].concat(),
        &["max-v", "lif2", "not recorded", "--record-membranes"],
    );
    output(&[
        "compile",
        MODEL,
        PIN,
        DIGITS,
        "-o",
        &elf,
        "--record-membranes",
    ]);
    output(&[&run[..], &["--readout", "max-v", "--limit", "2"]].concat());
}

#[test]
fn values_that_are_none() {
    let run = ["run", MODEL, PIN, DIGITS, "--input", INPUT];
    let cases: [(&[&str], &[&str]); 10] = [
        (&["--rounding", "up"], &["'up'", "stochastic"]),
        (&["--reset", "up"], &["'up'", "subtract"]),
        (&["--readout", "up"], &["'up'", "mean-v"]),
        (&["--target", "huge"], &["'huge'", "large"]),
        (&["--limit", "0"], &["--limit", "0"]),
        (&["--seed", "x"], &["--seed", "x"]),
        (
            &["--format", "lif1.v"],
            &["--format", "POPULATION.VARIABLE=qI.F"],
        ),
        (&["--format", "lif1.v=q5.11"], &["q5.11", "I + F = 15"]),
        (&["--sensor", "2,34"], &["--sensor", "2,34,34"]),
        (&["--event-dt", "0"], &["--event-dt"]),
    ];
    for (flags, words) in cases {
        fails(&[&run[..], flags].concat(), words);
    }
    fails(
        &[&run[..], &["--format", "lif1.q=q6.9"]].concat(),
        &["lif1.q", "lif1.v"],
    );
    let low = "lif1.v=q0.15,lif2.v=q4.11";
    fails(
        &["run", MODEL, "--input", INPUT, "--format", low],
        &["lif1", "threshold", "q0.15"],
    );
    let twice = ["--format", "lif1.v=q5.10"];
    fails(
        &[&run[..], &twice].concat(),
        &["--format pins lif1.v to q4.11 and to q5.10"],
    );
    fails(
        &[&run[..], &["--record", "lif9"]].concat(),
        &["lif9", "lif1, lif2"],
    );
    fails(
        &[&run[..], &["--budget", "100"]].concat(),
        &["--budget", "sample 0", "after 100 instructions"],
    );
}

#[test]
fn files_that_cannot_be_written() {
    let folder = Folder::new();
    let nowhere = folder.path("no/such/folder/out");
    fails(
        &["compile", MODEL, PIN, DIGITS, "-o", &nowhere],
        &[&nowhere, "No such file"],
    );
    fails(
        &[
            "run", MODEL, PIN, DIGITS, "--input", INPUT, "--limit", "1", "--output", &nowhere,
        ],
        &[&nowhere],
    );
    fails(
        &[
            "run", MODEL, PIN, DIGITS, "--input", INPUT, "--limit", "1", "--trace", &nowhere,
        ],
        &[&nowhere],
    );
    let model = folder.model("lif.nir", &network(4, 4, lif(4)));
    let before = std::fs::read(&model).unwrap();
    fails(
        &[
            "compile", &model, "-o", &model, "--dt", "1e-3", PIN, SMALL, PIN, SMALL,
        ],
        &["lif.nir", "overwritten"],
    );
    assert_eq!(std::fs::read(&model).unwrap(), before);
}

#[test]
fn a_network_that_does_not_fit_says_what_takes_how_much() {
    let folder = Folder::new();
    let model = folder.model("wide.nir", &network(600, 512, lif(512)));
    let out = folder.path("wide.elf");
    let compile = [
        "compile", &model, "-o", &out, "--dt", "1e-3", PIN, SMALL, PIN, SMALL,
    ];
    fails(
        &compile,
        &["wide.nir", "524288", "weights", "614400", "--target large"],
    );
    assert_eq!(folder.files(), ["wide.nir"]);
    output(&[&compile[..], &["--target", "large"]].concat());
}

#[test]
fn flags_that_do_not_apply_are_refused() {
    let folder = Folder::new();
    let run = ["run", MODEL, PIN, DIGITS, "--input", INPUT];
    let idle: [(&[&str], &[&str]); 5] = [
        (
            &["--event-dt", "500"],
            &["--event-dt is for events", "holds counts"],
        ),
        (
            &["--sensor", "1,8,8"],
            &["--sensor is for events", "holds counts"],
        ),
        (
            &["--bit-order", "big"],
            &["--bit-order is for packed bits", "holds counts"],
        ),
        (
            &["--port", "/dev/ttyUSB0"],
            &["--port is for --backend board", "the simulator"],
        ),
        (
            &["--baud", "9600"],
            &["--baud is for --backend board", "the simulator"],
        ),
    ];
    for (flags, parts) in idle {
        fails(&[&run[..], flags].concat(), parts);
    }
    let elf = folder.path("digits.elf");
    let without_data = [
        "compile", MODEL, PIN, DIGITS, "-o", &elf, "--sensor", "1,8,8",
    ];
    fails(&without_data, &["--sensor", "--calibrate"]);
    fails(
        &[&run[..], &["--seed", "-3"]].concat(),
        &["invalid value '-3' for '--seed <N>'"],
    );
}
