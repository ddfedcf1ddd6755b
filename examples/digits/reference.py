"""Floating-point reference for a feed-forward NIR chain of Affine and LIF nodes.

Needs only `nir` and `numpy`, so a model can be checked without the training stack:

    python reference.py digits.nir test_x.npy test_y.npy
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import nir
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Layer:
    """An Affine node and the LIF node that it drives, as float64 arrays.

    `weight` is (outputs, inputs); every other array is (outputs,). Times are in seconds.
    """

    name: str
    weight: NDArray[np.float64]
    bias: NDArray[np.float64]
    tau: NDArray[np.float64]
    r: NDArray[np.float64]
    v_leak: NDArray[np.float64]
    v_threshold: NDArray[np.float64]
    v_reset: NDArray[np.float64]


@dataclass(frozen=True)
class Result:
    """What a run produced.

    `counts` is (samples, classes): the spikes of each output neuron. `rates` maps a layer to its
    spikes per step, all neurons together, averaged over samples and steps. `v_range` maps a layer
    to the extremes of the membrane before the reset.
    """

    counts: NDArray[np.int64]
    rates: dict[str, float]
    v_range: dict[str, tuple[float, float]]

    @property
    def classes(self) -> NDArray[np.int64]:
        """Index of the output neuron with most spikes; of equals, the lowest index."""
        return self.counts.argmax(axis=1)


def load(path: Path) -> tuple[list[Layer], float]:
    """Read the layers of a chain, in order from input to output, and the time step in seconds.

    Raises `ValueError` if the graph is not an alternating chain of Affine and LIF nodes.
    """
    graph = nir.read(path)
    successor = dict(graph.edges)
    if len(successor) != len(graph.edges):
        raise ValueError(f"{path}: a node has several outgoing edges; only a chain is supported")
    layers: list[Layer] = []
    name = successor["input"]
    while name != "output":
        affine, lif_name = graph.nodes[name], successor[name]
        lif = graph.nodes[lif_name]
        if not (isinstance(affine, nir.Affine) and isinstance(lif, nir.LIF)):
            raise ValueError(f"{path}: expected Affine then LIF at '{name}', '{lif_name}'")
        arrays = (affine.weight, affine.bias, lif.tau, lif.r, lif.v_leak, lif.v_threshold, lif.v_reset)
        layers.append(Layer(lif_name, *(np.asarray(a, dtype=np.float64) for a in arrays)))
        name = successor[lif_name]
    return layers, float(graph.metadata["dt"])


def run(layers: list[Layer], dt: float, spikes: NDArray[np.uint8]) -> Result:
    """Run the network on `spikes`, (samples, steps, inputs), with time step `dt` in seconds.

    Each step integrates NIR's LIF equation, tau dv/dt = (v_leak - v) + r I, by forward Euler:
    `v += dt / tau * (v_leak - v + r * I)`. A neuron with `v > v_threshold` spikes, and its
    membrane becomes `v_reset` in that step. Spikes reach the next layer in the same step.
    """
    samples, steps, inputs = spikes.shape
    membranes = [np.tile(layer.v_leak, (samples, 1)) for layer in layers]
    counts = np.zeros((samples, len(layers[-1].bias)), dtype=np.int64)
    totals = {"input": int(spikes.sum())} | {layer.name: 0 for layer in layers}
    v_range = {layer.name: (0.0, 0.0) for layer in layers}
    for step in range(steps):
        signal = spikes[:, step].astype(np.float64)
        for layer, v in zip(layers, membranes):
            current = signal @ layer.weight.T + layer.bias
            v += dt / layer.tau * (layer.v_leak - v + layer.r * current)
            low, high = v_range[layer.name]
            v_range[layer.name] = (min(low, float(v.min())), max(high, float(v.max())))
            fired = v > layer.v_threshold
            np.copyto(v, layer.v_reset, where=fired)
            totals[layer.name] += int(fired.sum())
            signal = fired.astype(np.float64)
        counts += fired
    rates = {name: total / (samples * steps) for name, total in totals.items()}
    return Result(counts, rates, v_range)


def report(result: Result, labels: NDArray[np.integer]) -> str:
    """Accuracy and activity as text, one figure a line."""
    hits = int((result.classes == labels).sum())
    top = np.sort(result.counts, axis=1)
    ties = int((top[:, -1] == top[:, -2]).sum())
    lines = [f"accuracy {hits / len(labels):.2%} ({hits} of {len(labels)}), {ties} ties for most spikes"]
    lines += [f"spikes per step, {name}: {rate:.2f}" for name, rate in result.rates.items()]
    lines += [f"membrane, {name}: {low:.2f} to {high:.2f}" for name, (low, high) in result.v_range.items()]
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    """Print the report for a model, its input spikes and their labels."""
    if len(arguments) != 3:
        sys.exit("usage: reference.py MODEL.nir INPUT.npy LABELS.npy")
    model, inputs, labels = map(Path, arguments)
    print(report(run(*load(model), np.load(inputs)), np.load(labels)))


if __name__ == "__main__":
    main(sys.argv[1:])
