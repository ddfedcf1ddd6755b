//! From a description to a network.

use super::neurons::neuron;
use super::{Description, DescriptionError, Files, Given, Kind, Projection};
use crate::graph::{Connection, Connectivity, Network, Population, Source, ordered};

/// Neurons of a population or of the input at most, as many as an index of 20 bits tells apart.
const MOST_NEURONS: usize = 1 << 20;

/// Weights of a projection at most: half a gigabyte of numbers.
const MOST_WEIGHTS: usize = 1 << 26;

/// An error at a key.
pub fn problem(place: &str, problem: String) -> DescriptionError {
    DescriptionError::Place {
        place: place.to_owned(),
        problem,
    }
}

/// `given` as one number a neuron.
pub fn floats(
    place: &str,
    given: &Given,
    size: usize,
    files: &dyn Files,
) -> Result<Vec<f64>, DescriptionError> {
    let (shape, values) = match given {
        Given::Number(value) => (vec![size], vec![*value; size]),
        Given::List(values) => (vec![values.len()], values.clone()),
        Given::Array(name) => array(place, name, files)?,
    };
    let values = match values[..] {
        // One number is for all.
        [value] if shape.iter().all(|n| *n == 1) => vec![value; size],
        _ => values,
    };
    if values.len() != size {
        return Err(DescriptionError::Shape {
            place: place.to_owned(),
            found: axes(&shape),
            wanted: size.to_string(),
            hint: ": one number for each neuron",
        });
    }
    finite(place, &values)?;
    Ok(values)
}

fn finite(place: &str, values: &[f64]) -> Result<(), DescriptionError> {
    match values.iter().position(|v| !v.is_finite()) {
        Some(index) => Err(DescriptionError::NotFinite {
            place: place.to_owned(),
            index,
            value: values[index],
        }),
        None => Ok(()),
    }
}

fn array(
    place: &str,
    name: &str,
    files: &dyn Files,
) -> Result<(Vec<usize>, Vec<f64>), DescriptionError> {
    files.array(name).map_err(|why| DescriptionError::File {
        place: place.to_owned(),
        name: name.to_owned(),
        why,
    })
}

fn axes(shape: &[usize]) -> String {
    let axes: Vec<String> = shape.iter().map(usize::to_string).collect();
    axes.join(", ")
}

/// The shape of `neurons` or `shape`, one of which must be there.
fn size(
    place: &str,
    neurons: Option<usize>,
    shape: Option<&Vec<usize>>,
) -> Result<Vec<usize>, DescriptionError> {
    let shape = match (neurons, shape) {
        (Some(neurons), None) => vec![neurons],
        (None, Some(shape)) => shape.clone(),
        (None, None) => {
            let text = "give `neurons`, or `shape` with the neurons along each axis".to_owned();
            return Err(problem(place, text));
        }
        (Some(_), Some(_)) => {
            let text = "`neurons` and `shape` say the same: leave one of them out".to_owned();
            return Err(problem(place, text));
        }
    };
    let count = shape
        .iter()
        .try_fold(1usize, |all, n| all.checked_mul(*n))
        .filter(|count| (1..=MOST_NEURONS).contains(count) && !shape.is_empty());
    if count.is_none() {
        let text = format!("({}) neurons: there are 1 to {MOST_NEURONS}", axes(&shape));
        return Err(problem(place, text));
    }
    Ok(shape)
}

/// The network of a description.
pub fn network(description: &Description, files: &dyn Files) -> Result<Network, DescriptionError> {
    let input = &description.input;
    let input_shape = size("input", input.neurons, input.shape.as_ref())?;
    let mut names = Vec::new();
    let mut populations = Vec::new();
    for (name, population) in &description.populations {
        let place = format!("populations.{name}");
        if name == "input" {
            return Err(problem(
                &place,
                "`input` is the network's input: rename it".to_owned(),
            ));
        }
        let shape = size(&place, population.neurons, population.shape.as_ref())?;
        let count = shape.iter().product();
        let bias = match &population.bias {
            Some(bias) => floats(&format!("{place}.bias"), bias, count, files)?,
            None => vec![0.0; count],
        };
        let (model, parameters) = (&population.model, &population.parameters);
        names.push(name.as_str());
        populations.push(Population {
            name: name.clone(),
            neuron: neuron(&place, model, parameters, count, files)?,
            shape,
            bias,
        });
    }
    let unknown = |place: &str, given: &str| DescriptionError::Unknown {
        place: place.to_owned(),
        given: given.to_owned(),
        known: names.join(", "),
    };
    let find = |place: &str, given: &str| {
        let found = names.iter().position(|name| *name == given);
        found.ok_or_else(|| unknown(place, given))
    };
    let inputs = input_shape.iter().product();
    let mut projections: Vec<Connection> = Vec::new();
    for (k, projection) in description.projections.iter().enumerate() {
        let place = format!(
            "projections[{k}] ({} -> {})",
            projection.from, projection.to
        );
        let source = match projection.from.as_str() {
            "input" => Source::Input,
            name => Source::Population(find(&format!("{place}.from"), name)?),
        };
        let target = find(&format!("{place}.to"), &projection.to)?;
        let sources = match source {
            Source::Input => inputs,
            Source::Population(k) => populations[k].size(),
        };
        let targets = populations[target].size();
        if projections
            .iter()
            .any(|p| (p.source, p.target) == (source, target))
        {
            let text =
                "there is a projection between these two already: add the weights up".to_owned();
            return Err(problem(&place, text));
        }
        projections.push(Connection {
            source,
            target,
            connectivity: connectivity(&place, projection, (sources, targets), files)?,
            delay: projection.delay,
        });
    }
    let mut outputs = Vec::new();
    for (k, name) in description.outputs.iter().enumerate() {
        let place = format!("outputs[{k}]");
        let output = find(&place, name)?;
        if outputs.contains(&output) {
            return Err(problem(&place, format!("`{name}` stands twice")));
        }
        outputs.push(output);
    }
    if outputs.is_empty() {
        return Err(problem(
            "outputs",
            "name a population that is read".to_owned(),
        ));
    }
    if !projections.iter().any(|p| p.source == Source::Input) {
        let text = "none leads from `input`: nothing would reach a neuron".to_owned();
        return Err(problem("projections", text));
    }
    let dt = description.dt;
    Ok(ordered(input_shape, dt, populations, projections, outputs))
}

fn connectivity(
    place: &str,
    projection: &Projection,
    (sources, targets): (usize, usize),
    files: &dyn Files,
) -> Result<Connectivity, DescriptionError> {
    let place = format!("{place}.weights");
    let scale = projection.scale.unwrap_or(1.0);
    if projection.kind == Kind::OneToOne {
        if sources != targets {
            let text =
                format!("one-to-one from {sources} neurons to {targets}: there must be as many");
            return Err(problem(&place, text));
        }
        let mut weights = floats(&place, &projection.weights, targets, files)?;
        weights.iter_mut().for_each(|w| *w *= scale);
        return Ok(Connectivity::one_to_one(weights));
    }
    if sources.saturating_mul(targets) > MOST_WEIGHTS {
        let text = format!("{sources} times {targets} weights: {MOST_WEIGHTS} are the most");
        return Err(problem(&place, text));
    }
    let (found, mut weights) = match &projection.weights {
        Given::Number(value) => (vec![sources, targets], vec![*value; sources * targets]),
        Given::List(values) => (vec![values.len()], values.clone()),
        Given::Array(name) => array(&place, name, files)?,
    };
    let wanted = if projection.transposed {
        [targets, sources]
    } else {
        [sources, targets]
    };
    if found != wanted {
        let other = [wanted[1], wanted[0]];
        let hint = match (found == other, projection.transposed) {
            (true, false) => ": rows are sources; with `transposed = true` they are targets",
            (true, true) => ": leave `transposed` out",
            (false, _) => "",
        };
        return Err(DescriptionError::Shape {
            place,
            found: axes(&found),
            wanted: axes(&wanted),
            hint,
        });
    }
    if projection.transposed {
        let rows = weights;
        let columns = (0..sources).flat_map(|s| (0..targets).map(move |t| t * sources + s));
        weights = columns.map(|k| rows[k]).collect();
    }
    weights.iter_mut().for_each(|w| *w *= scale);
    finite(&place, &weights)?;
    Ok(Connectivity::dense(weights))
}
