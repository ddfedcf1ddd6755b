"""Compares what a framework makes now with what is committed: compare.py COMMITTED MADE

Spikes have to be the same. Numbers of networks and membranes may differ by a rounding, since another
processor adds in another order.
"""

import json
import sys
from pathlib import Path

import h5py
import numpy as np

TOLERANCE = 1e-5


def contents(path):
    """Everything in a file of NIR, by its path. Edges are a set, which exporters write in any order."""
    found = {}
    with h5py.File(path) as file:

        def keep(name, item):
            if isinstance(item, h5py.Dataset):
                value = item[()]
                edges = name.endswith("edges")
                found[name] = {tuple(edge) for edge in value.tolist()} if edges else value

        file.visititems(keep)
    return found


def same(a, b):
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray) and np.issubdtype(a.dtype, np.floating):
        near = lambda: np.allclose(a, b, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True)
        return a.shape == b.shape and near()
    if isinstance(a, np.ndarray):
        return a.shape == b.shape and bool(np.all(a == b))
    if isinstance(a, float):
        return bool(np.isclose(a, b, rtol=TOLERANCE, equal_nan=True))
    return a == b


def differences(committed, made):
    """What differs, a line each."""
    names = sorted({path.name for folder in (committed, made) for path in folder.iterdir()})
    for name in names:
        a, b = committed / name, made / name
        if not (a.exists() and b.exists()):
            yield f"{name} is only in {(a if a.exists() else b).parent}"
        elif name.endswith(".json"):
            if json.loads(a.read_text()) != json.loads(b.read_text()):
                yield f"{name}: committed\n{a.read_text()}made\n{b.read_text()}"
        else:
            read = contents if name.endswith(".nir") else lambda path: dict(np.load(path))
            a, b = read(a), read(b)
            for key in sorted(a.keys() | b.keys()):
                if key not in a or key not in b or not same(a[key], b[key]):
                    yield f"{name}: {key} differs"


def main():
    found = list(differences(Path(sys.argv[1]), Path(sys.argv[2])))
    print("\n".join(found) or "the same")
    sys.exit(bool(found))


main()
