"""The Python side of tests/python.rs.

check PATH       reads PATH with nir and checks every value
copy PATH COPY   reads PATH with nir and writes it again
make PATH        writes a network made in Python
huge PATH        writes a data set that claims 80 GB and has none of them
double PATH      writes 30 groups, each linked twice from the one before
"""

import sys

import h5py
import nir
import numpy as np


def values(shape, dtype=np.float64):
    count = int(np.prod(shape))
    return (np.arange(count) % 7 / 8 - 0.25).reshape(shape).astype(dtype)


def tensors(node):
    for name, value in vars(node).items():
        if isinstance(value, np.ndarray) and value.dtype.kind == "f":
            yield name, value


def check(path):
    graph = nir.read(path)
    count = 0
    kinds = set()
    stack = [graph]
    while stack:
        inner = stack.pop()
        for name, node in inner.nodes.items():
            kinds.add(type(node).__name__)
            if isinstance(node, nir.NIRGraph):
                stack.append(node)
                continue
            for field, value in tensors(node):
                assert np.array_equal(value, values(value.shape)), (name, field)
                count += 1
    assert len(kinds) == 19, kinds
    assert count == 34, count
    assert graph.nodes["fc.1"].weight.dtype == np.float16
    assert graph.nodes["conv2d"].weight.dtype == np.float32
    assert graph.nodes["cubalif"].tau_syn.dtype == np.float64
    assert graph.nodes["conv2d"].padding == "same"
    assert graph.nodes["conv1d"].padding == 1
    assert tuple(graph.nodes["sum"].kernel_size) == (2, 2)
    assert graph.metadata["dt"] == 1e-4 and graph.metadata["steps"] == -3
    assert graph.metadata["by"]["name"] == "\u00e9t\u00e9"
    assert graph.nodes["sub"].metadata["part"] == "inner"
    assert np.array_equal(graph.nodes["linear"].metadata["shape"], values((2, 40)))
    assert ("fc.1", "cubalif") in graph.edges and len(graph.edges) == 18


def make(path):
    f2, f4 = np.float16, np.float32
    inner = nir.NIRGraph(
        nodes={
            "input": nir.Input(np.array([200])),
            "li": nir.LI(tau=values(200, f2), r=values(200, f2), v_leak=values(200, f2)),
            "output": nir.Output(np.array([200])),
        },
        edges=[("input", "li"), ("li", "output")],
        metadata={"part": "inner"},
    )
    graph = nir.NIRGraph(
        nodes={
            "in": nir.Input(np.array([300])),
            "fc": nir.Affine(
                values((200, 300), f4), values(200, f4), metadata={"layer": 1, "on": True}
            ),
            "a.b": nir.CubaLIF(
                tau_syn=values(200), tau_mem=values(200), r=values(200),
                v_leak=values(200), v_threshold=values(200),
            ),
            "sub": inner,
            "out": nir.Output(np.array([200])),
        },
        edges=[("in", "fc"), ("fc", "a.b"), ("a.b", "sub"), ("sub", "out")],
        metadata={"dt": 1e-3, "who": {"name": "x"}, "list": np.array([1, 2, 3])},
    )
    nir.write(path, graph)


def double(path):
    with h5py.File(path, "w") as file:
        group = file.create_group("node")
        for _ in range(30):
            inner = file.create_group(None)
            group["nodes"] = inner
            group["metadata"] = inner
            group = inner


def huge(path):
    with h5py.File(path, "w") as file:
        file.create_dataset("node/x", shape=(10**10,), chunks=(1000,), dtype="f8")


command, *paths = sys.argv[1:]
if command == "check":
    check(*paths)
elif command == "copy":
    nir.write(paths[1], nir.read(paths[0]))
elif command == "make":
    make(*paths)
elif command == "double":
    double(*paths)
elif command == "huge":
    huge(*paths)
print("ok")
