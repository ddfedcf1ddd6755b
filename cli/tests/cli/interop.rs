//! Networks that frameworks have made (`tests/interop`), with the flags of docs/frameworks.md.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::common::{Folder, spikevec, text};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/interop/data")
}

/// A network of which the framework has written a file.
struct Network {
    /// Framework and name.
    name: String,
    /// The flags under which the float reference does what the framework did.
    flags: Vec<String>,
    /// True where the file lacks something, so that no flags bring it back.
    lost: bool,
}

/// What a framework's script has made.
fn made(framework: &str) -> Value {
    let path = folder().join(framework).join("networks.json");
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&bytes).unwrap()
}

const FRAMEWORKS: [(&str, &str); 6] = [
    ("snntorch", "snnTorch"),
    ("norse", "Norse"),
    ("sinabs", "Sinabs"),
    ("rockpool", "Rockpool"),
    ("spyx", "Spyx"),
    ("spikingjelly", "SpikingJelly"),
];

fn networks() -> Vec<Network> {
    let mut all = Vec::new();
    for (framework, _) in FRAMEWORKS {
        let made = made(framework);
        for (name, told) in made["networks"].as_object().unwrap() {
            let Some(flags) = told["flags"].as_str() else {
                assert!(told["refused"].is_string(), "{framework} {name}: {told}");
                continue;
            };
            all.push(Network {
                name: format!("{framework}/{name}"),
                flags: flags.split(' ').map(str::to_owned).collect(),
                lost: told["lost"].is_string(),
            });
        }
    }
    all
}

/// What `spikevec reading --json` says of a network, and whether it ended well.
fn search(network: &Network, flags: &[String]) -> (Value, bool) {
    let file = |name: &str| folder().join(name).to_str().unwrap().to_owned();
    let model = file(&format!("{}.nir", network.name));
    let expected = file(&format!("{}.npz", network.name));
    let input = file("x.npy");
    let words = [
        "reading",
        &model,
        "--input",
        &input,
        "--expected",
        &expected,
    ];
    let flags = flags.iter().map(String::as_str).chain(["--json"]);
    let arguments: Vec<&str> = words.into_iter().chain(flags).collect();
    let output = spikevec(&arguments).output().unwrap();
    let found = serde_json::from_slice(&output.stdout);
    let found = found.unwrap_or_else(|_| panic!("{arguments:?}\n{}", text(&output.stderr)));
    (found, output.status.success())
}

#[test]
fn the_flags_of_the_page_give_every_spike_of_the_framework() {
    let all = networks();
    // Each framework has a network of two layers that is read as it ran.
    for (framework, _) in FRAMEWORKS {
        let two_layers = format!("{framework}/two_layers");
        assert!(
            all.iter().any(|n| n.name == two_layers && !n.lost),
            "{framework}"
        );
    }
    for network in &all {
        let (found, success) = search(network, &network.flags);
        assert_eq!(success, !network.lost, "{}: {found}", network.name);
        assert_eq!(found["exact"], !network.lost, "{}: {found}", network.name);
        if !network.lost {
            // Nothing had to be changed.
            let flags = found["flags"].as_array().unwrap().iter();
            let flags: Vec<&str> = flags.map(|flag| flag.as_str().unwrap()).collect();
            assert_eq!(flags.join(" "), network.flags.join(" "), "{}", network.name);
        }
    }
}

#[test]
fn the_search_finds_them_and_is_not_led_astray() {
    for network in networks() {
        let (found, _) = search(&network, &[]);
        assert_eq!(found["exact"], !network.lost, "{}: {found}", network.name);
        let tried = found["tried"].as_u64().unwrap();
        assert!(
            network.lost || tried < 2000,
            "{}: {tried} tried",
            network.name
        );
        // Where another framework's flags agree as well, these are told too.
        let told = found["flags"].to_string() + &found["others"].to_string();
        let framework = format!("--framework {}", network.flags[1]);
        assert!(
            network.lost || told.contains(&framework),
            "{}: {told}",
            network.name
        );
    }
}

#[test]
fn the_page_has_the_versions_and_flags() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/frameworks.md");
    let page = std::fs::read_to_string(page).unwrap();
    for (framework, title) in FRAMEWORKS {
        let version = made(framework)["versions"][framework].clone();
        let words = format!("| {title} {} |", version.as_str().unwrap());
        assert!(page.contains(&words), "no {words:?} in docs/frameworks.md");
    }
    for network in networks() {
        for pair in network.flags.chunks(2).skip(1) {
            let words = format!("`{}`", pair.join(" "));
            assert!(page.contains(&words), "no {words} in docs/frameworks.md");
        }
    }
}

/// The models in a folder and those below it.
fn models(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            models(&path, all);
        } else if path.extension().is_some_and(|extension| extension == "nir") {
            all.push(path);
        }
    }
}

/// What compiling a model without flags says, and whether it ended well.
fn compiled(folder: &Folder, model: &Path) -> (String, bool) {
    let out = folder.path("out.elf");
    let arguments = ["compile", model.to_str().unwrap(), "-o", &out];
    let output = spikevec(&arguments).output().unwrap();
    assert!(output.status.code().is_some(), "{}", model.display());
    (text(&output.stderr), output.status.success())
}

#[test]
fn without_flags_a_file_is_refused_or_what_is_assumed_is_told() {
    let mut all = Vec::new();
    models(&folder(), &mut all);
    assert!(all.len() >= 15, "{all:?}");
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    for name in ["nir", "interop"] {
        match shared.join(name) {
            path if path.is_dir() => models(&path, &mut all),
            path => println!("skipped: {} is missing", path.display()),
        }
    }
    let folder = Folder::new();
    for model in &all {
        let (said, success) = compiled(&folder, model);
        let told = match success {
            true => said.contains("warning: ") && said.contains("--framework"),
            false => said.contains("error: ") && !said.contains("panicked"),
        };
        assert!(told, "{}: {said}", model.display());
    }
}

#[test]
fn a_file_that_shows_who_wrote_it_says_so() {
    let out = Folder::new();
    let said = |name: &str| compiled(&out, &folder().join(name)).0;
    for (name, words) in [
        ("snntorch/recurrent.nir", "as snntorch writes it"),
        ("rockpool/neuron.nir", "as rockpool writes it"),
        ("snntorch/beta_1.nir", "read as an IF"),
    ] {
        let said = said(name);
        assert!(said.contains(words), "{name}: {said}");
    }
    // Spyx leads the input of its recurrent layers through their own matrix, others do not.
    for (name, told) in [
        ("spyx/recurrent.nir", true),
        ("snntorch/recurrent.nir", false),
    ] {
        let said = said(name);
        let led = said.contains("is led through its recurrent matrix");
        assert_eq!(led, told, "{name}: {said}");
    }
}
