"""Writes fuzz/seeds/nir: NIR files in HDF5's newest form, which is the smallest.

Needs h5py. The other seeds come from `cargo run -p spikevec-fuzz-targets --example seeds`.
"""

import pathlib

import h5py
import numpy as np

FOLDER = pathlib.Path(__file__).parent / "seeds" / "nir"


def write(name, nodes, edges):
    """A file of nodes, each a type and its fields, and edges between them."""
    with h5py.File(FOLDER / name, "w", libver="latest", meta_block_size=256) as file:
        file["version"] = "1.0"
        graph = file.create_group("node")
        graph["type"] = "NIRGraph"
        graph["edges"] = np.array(edges, dtype="S8")
        group = graph.create_group("nodes")
        for node, (kind, fields) in nodes.items():
            own = group.create_group(node)
            own["type"] = kind
            for field, value in fields.items():
                own[field] = value


ONE = np.ones(2, dtype="f4")
LIF = {"tau": ONE, "r": ONE, "v_leak": ONE, "v_threshold": ONE}
CONV = {
    "input_shape": np.array([4, 4]),
    "weight": np.ones((1, 1, 3, 3), dtype="f2"),
    "bias": np.ones(1, dtype="f2"),
    "stride": np.array([1, 1]),
    "padding": "same",
    "dilation": np.array([1, 1]),
    "groups": 1,
}
FOLDER.mkdir(parents=True, exist_ok=True)
write(
    "lif.nir",
    {
        "i": ("Input", {"shape": np.array([2])}),
        "l": ("LIF", LIF),
        "o": ("Output", {"shape": np.array([2])}),
    },
    [("i", "l"), ("l", "o")],
)
write(
    "conv.nir",
    {
        "c": ("Conv2d", CONV),
        "f": ("Flatten", {"start_dim": 0, "end_dim": -1}),
        "x": ("Threshold", {"threshold": 1.0}),
    },
    [("c", "f"), ("f", "x"), ("x", "gone")],
)
