//! Runs end: the budget follows from the program, holds for the worst case, and stops a loop with
//! the place where it is.

use std::error::Error as _;

use spikevec::nir::{Affine, Graph, Input, LIF, NodeKind, Output, Tensor};
use spikevec::{
    CompileOptions, Data, Error, Framework, Machine, MachineOptions, Model, Program, RunOptions,
};

use crate::common::{data, graph, program};

/// The digits' program with a jump to itself in the place of an instruction.
fn looping(at: usize) -> Program {
    let mut image = program().image().clone();
    image.code[at] = 0x0000_006f;
    Program::from_image(image, "loop.elf")
}

#[test]
fn a_program_that_is_caught_in_a_loop_is_stopped_with_its_place() {
    let program = looping(0);
    let samples = data(&program).samples()[..1].to_vec();
    let data = Data::new(64, samples);
    let error = program.run(&data, &RunOptions::default()).unwrap_err();
    assert!(matches!(error, Error::Limit { .. }), "{error}");
    let text = error.source().unwrap().to_string();
    let place = " instructions: it is in the loop at pc 0x0 (entry)";
    assert!(text.ends_with(place), "{text}");
    // What it was allowed: no more than the simulator does in a second or two.
    let mut machine = Machine::open(&MachineOptions::default(), &program).unwrap();
    let budget = machine.session().budget(24, 1000);
    assert!((100_000..2_000_000).contains(&budget), "{budget}");
    assert!(machine.session().budget(48, 1000) > budget);
    assert!(machine.session().budget(24, 2000) > budget);
    let given = RunOptions {
        budget: Some(77),
        ..RunOptions::default()
    };
    let text = program.run(&data, &given).unwrap_err();
    let text = text.source().unwrap().to_string();
    assert!(text.contains("after 77 instructions"), "{text}");
}

/// `neurons` inputs to as many neurons, and those to as many again.
fn wide(neurons: usize) -> Graph {
    let mut graph = Graph::default();
    let mut last = "input".to_owned();
    let shape = vec![neurons];
    let input = NodeKind::Input(Input {
        shape: shape.clone(),
    });
    graph.nodes.insert(last.clone(), input.into());
    for layer in 0..2 {
        let (weights, lif) = (format!("weights{layer}"), format!("lif{layer}"));
        let affine = NodeKind::Affine(Affine {
            weight: Tensor {
                shape: vec![neurons, neurons],
                ..Tensor::vector(vec![0.5; neurons * neurons])
            },
            bias: Tensor::vector(vec![0.0; neurons]),
        });
        graph.nodes.insert(weights.clone(), affine.into());
        let one = |value: f64| Tensor::full(&shape, value);
        let kind = NodeKind::LIF(LIF {
            tau: one(20e-3),
            r: one(20.0),
            v_leak: one(0.0),
            v_threshold: one(1.0),
            v_reset: None,
        });
        graph.nodes.insert(lif.clone(), kind.into());
        graph.edges.push((last, weights.clone()));
        graph.edges.push((weights, lif.clone()));
        last = lif;
    }
    let output = NodeKind::Output(Output { shape });
    graph.nodes.insert("output".to_owned(), output.into());
    graph.edges.push((last, "output".to_owned()));
    graph
}

/// Sets every threshold so low that all neurons spike in every step.
fn excited(graph: &mut Graph) {
    for node in graph.nodes.values_mut() {
        if let NodeKind::LIF(lif) = &mut node.kind {
            lif.v_threshold = Tensor::full(&lif.v_threshold.shape, -1.0);
        }
    }
}

#[test]
fn the_budget_holds_where_every_neuron_spikes_in_every_step() {
    let graphs = [graph(&["a", "b"]), wide(33), wide(300)];
    for (k, mut graph) in graphs.into_iter().enumerate() {
        excited(&mut graph);
        let mut options = CompileOptions::default();
        options.compiler.readings.framework = Some(Framework::Nir);
        options.compiler.readings.dt = Some(1e-3);
        options.compiler.record.spikes = vec!["*".to_owned()];
        options.compiler.target = spikevec::isa::Target::large();
        let model = Model::from_graph(graph, "excited").unwrap();
        let program = model.compile(&options).unwrap();
        let mut machine = Machine::open(&MachineOptions::default(), &program).unwrap();
        let session = machine.session();
        let inputs = session.input_neurons() as u32;
        for steps in [1, 20] {
            let sample = vec![(0..inputs).collect::<Vec<u32>>(); steps];
            let result = session.run_sample(&sample, 0).unwrap();
            // It is the worst case.
            let spikes: u64 = result.spike_counts.values().sum();
            let neurons: u32 = session
                .manifest()
                .populations
                .iter()
                .map(|p| p.neurons)
                .sum();
            assert_eq!(spikes, u64::from(neurons) * steps as u64, "{k}");
            let budget = session.budget(steps, steps * inputs as usize);
            assert!(
                2 * result.instructions < budget,
                "{k}: {} of {budget} instructions",
                result.instructions
            );
        }
    }
}
