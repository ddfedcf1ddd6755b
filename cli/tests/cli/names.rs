//! Names are data: what files call their parts never reaches a terminal as a command, and no
//! archive as a path.

use std::path::Path;

use spikevec::assembler::{read_elf, write_elf};
use spikevec::runtime::data::read_arrays;

use crate::common::{Folder, PIN, SMALL, json, lif, network, spikevec, text};

/// Colour, a title, a line that looks like a message, and a mark that turns text around.
const NAME: &str = "\u{1b}[31mred\u{1b}]0;pwn\u{7}\n\nerror: fake\u{9b}2J\u{202e}";

/// What it is shown as.
const SHOWN: &str = "\\u001b[31mred\\u001b]0;pwn\\u0007\\u000a\\u000aerror: fake\\u009b2J\\u202e";

/// What a verb prints on both outputs, in which nothing may be obeyed.
fn printed(arguments: &[&str]) -> String {
    let output = spikevec(arguments).output().unwrap();
    let all = text(&output.stdout) + &text(&output.stderr);
    let obeyed = |c: char| (c.is_control() && c != '\n' && c != '\t') || c == '\u{202e}';
    assert!(!all.contains(obeyed), "{arguments:?}: {all:?}");
    assert!(
        !all.lines().any(|line| line.starts_with("error: fake")),
        "{arguments:?}: {all}"
    );
    all
}

/// A model whose nodes all have that name, with something of their own.
fn model(folder: &Folder) -> String {
    let mut graph = network(4, 4, lif(4));
    let inner = ["weights", "neurons"];
    let renamed = |name: &str| match inner.contains(&name) {
        true => format!("{name}{NAME}"),
        false => name.to_owned(),
    };
    graph.nodes = graph
        .nodes
        .into_iter()
        .map(|(name, node)| (renamed(&name), node))
        .collect();
    graph.edges = graph
        .edges
        .into_iter()
        .map(|(from, to)| (renamed(&from), renamed(&to)))
        .collect();
    folder.model("names.nir", &graph)
}

#[test]
fn names_of_a_model_are_shown_escaped_everywhere() {
    let folder = Folder::new();
    let model = model(&folder);
    let data = folder.spikes("x.npz", 2, 5, 4);
    let (elf, npz) = (folder.path("a.elf"), folder.path("o.npz"));
    let shown = format!("neurons{SHOWN}");
    let all = printed(&["inspect", &model, "--dt", "1e-3"]);
    assert!(all.contains(&shown), "{all}");
    printed(&["compile", &model, "-o", &elf, "--report", "--dt", "1e-3"]);
    let all = printed(&["run", &elf, "-i", &data, "-o", &npz]);
    assert!(all.contains(&shown), "{all}");
    for verb in [
        &["inspect", &elf][..],
        &["disasm", &elf],
        &["disasm", &elf, "--listing"],
    ] {
        printed(verb);
    }
    let report = json(&["run", &elf, "-i", &data, "--json"]);
    assert!(report.to_string().contains(&shown.replace('\\', "\\\\")));
    let names: Vec<String> = read_arrays(Path::new(&npz))
        .unwrap()
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert!(names.iter().all(|name| !name.contains(char::is_control)));
    // Errors of every crate that names a node.
    printed(&["inspect", &model, "--format", "neurons.v=q99.1"]);
    printed(&["run", &model, "-i", &data]);
    printed(&["run", &folder.path(NAME), "-i", &data]);
}

#[test]
fn names_of_a_program_cannot_leave_the_archive() {
    let folder = Folder::new();
    let model = folder.model("m.nir", &network(4, 4, lif(4)));
    let data = folder.spikes("x.npz", 2, 5, 4);
    let elf = folder.path("a.elf");
    printed(&["compile", &model, "-o", &elf, "--dt", "1e-3", PIN, SMALL]);
    for (name, entry) in [
        ("../../x", "%2E.%2F..%2Fx.spikes"),
        ("/etc/x", "%2Fetc%2Fx.spikes"),
        ("\u{1b}[2J", "%5Cu001b[2J.spikes"),
    ] {
        let mut image = read_elf(&std::fs::read(&elf).unwrap()).unwrap().image;
        let manifest = image.manifest.as_mut().unwrap();
        for population in &mut manifest.populations {
            name.clone_into(&mut population.name);
        }
        for buffer in &mut manifest.buffers {
            if !buffer.population.is_empty() {
                name.clone_into(&mut buffer.population);
            }
        }
        let bad = folder.file("bad.elf", &write_elf(&image).unwrap());
        let npz = folder.path("o.npz");
        printed(&["run", &bad, "-i", &data, "-o", &npz]);
        let arrays = read_arrays(Path::new(&npz)).unwrap();
        let names: Vec<&str> = arrays.iter().map(|(name, _)| name.as_str()).collect();
        assert!(names.contains(&entry), "{names:?}");
    }
}

/// A source may hold anything, too.
#[test]
fn messages_of_the_assembler_are_escaped() {
    let folder = Folder::new();
    let source = folder.file(
        "a.s",
        b"j \"\\x1b[31m\\nb.s:1:1: error: fake\"\n\x1b[2J\n\0\0\0\n",
    );
    let all = printed(&["asm", &source, "-o", &folder.path("a.elf")]);
    assert!(all.contains("\\u001b[31m\\u000ab.s"), "{all}");
    assert!(!all.contains("\nb.s"), "{all}");
}
