"""What the scripts of this folder share: weights, input, and the files that are kept.

A script makes small networks in one framework, exports each with the framework's own NIR exporter,
and records what the framework does with them. It is called with the folder to write to.
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

import nir
import numpy as np

SAMPLES, STEPS = 3, 60
INPUTS, HIDDEN, OUTPUTS = 8, 12, 4

HERE = Path(__file__).parent
INPUT = HERE / "data" / "x.npy"


def inputs():
    """The input spikes, (samples, steps, neurons), of 0 and 1: each neuron spikes in a fifth of the steps."""
    numbers = np.random.default_rng(1).random((SAMPLES, STEPS, INPUTS))
    return (numbers < 0.2).astype(np.uint8)


def weights(seed, scale=1.0):
    """Weights (to, from) from the input, to the output, and of the hidden neurons to each other."""
    numbers = np.random.default_rng(seed)
    draw = lambda mean, spread, *shape: numbers.normal(mean, spread, shape).astype(np.float32)
    hidden = scale * draw(0.25, 0.5, HIDDEN, INPUTS)
    output = scale * draw(0.15, 0.4, OUTPUTS, HIDDEN)
    recurrent = scale * draw(0.0, 0.3, HIDDEN, HIDDEN)
    return hidden, output, recurrent


class Networks:
    """The networks of a framework: files, and `networks.json` that says what is in them."""

    def __init__(self, framework, packages):
        self.folder = Path(sys.argv[1])
        self.folder.mkdir(parents=True, exist_ok=True)
        self.framework = framework
        self.versions = {name: version(name) for name in packages}
        self.networks = {}

    def add(self, name, flags, make, lost=None):
        """A network: `make` gives the exporter as a function, and what the framework does as arrays
        (samples, steps, neurons), `hid` and `out`.

        `flags` are those of docs/frameworks.md under which the float reference does the same, and
        `lost` says why none are, where the exporter leaves something out."""
        export, arrays = make()
        told = {}
        file = self.folder / f"{name}.nir"
        try:
            nir.write(file, export())
        except (NotImplementedError, ValueError, RuntimeError, AttributeError) as error:
            file.unlink(missing_ok=True)
            first = str(error).splitlines()[0].split(". ")[0]
            told["refused"] = f"{type(error).__name__}: {first}"
        else:
            np.savez_compressed(self.folder / f"{name}.npz", **arrays)
            told["flags"] = f"--framework {self.framework} {flags}".strip()
            if lost:
                told["lost"] = lost
        for array, values in arrays.items():
            spikes = np.issubdtype(values.dtype, np.integer)
            assert not spikes or values.sum() > 30, f"{name}: {array} spikes too seldom to tell"
        self.networks[name] = told
        print(self.framework, name, told, {k: float(v.sum()) for k, v in arrays.items()})

    def save(self):
        """Writes `networks.json`."""
        told = {"versions": self.versions, "networks": self.networks}
        text = json.dumps(told, indent=2) + "\n"
        (self.folder / "networks.json").write_text(text)


def linear(weight):
    """A torch.nn.Linear with a bias of zero."""
    import torch

    layer = torch.nn.Linear(weight.shape[1], weight.shape[0])
    layer.weight.data = torch.tensor(weight)
    layer.bias.data = torch.zeros(weight.shape[0])
    return layer


def arrays(hidden, output):
    """Spikes as whole numbers, membranes as they are."""
    kept = {}
    for name, values in (("hid", hidden), ("out", output)):
        values = np.asarray(values)
        whole = np.all(values == np.round(values))
        kept[name] = values.astype(np.uint8 if whole else np.float32)
    return kept


def run_torch(begin):
    """What the networks do that `begin` makes for each sample: functions from its steps, a tensor
    (steps, neurons), to what the hidden and the output neurons do, each the same."""
    import torch

    torch.set_num_threads(1)
    hidden, output = [], []
    with torch.no_grad():
        for sample in inputs():
            both = begin()(torch.tensor(sample, dtype=torch.float32))
            hidden.append(both[0].numpy())
            output.append(both[1].numpy())
    return arrays(np.array(hidden), np.array(output))


def step_by_step(net, place, step):
    """A run of `net` in which `step` takes the input of one step, (1, neurons), and gives the output.
    The hidden neurons are the module at `place`."""
    import torch

    seen = []
    first = lambda out: out[0] if isinstance(out, tuple) else out
    net[place].register_forward_hook(lambda _, __, out: seen.append(first(out)[0].clone()))

    def run(steps):
        output = [step(row[None])[0].clone() for row in steps]
        return torch.stack(seen), torch.stack(output)

    return run


if __name__ == "__main__":
    INPUT.parent.mkdir(exist_ok=True)
    np.save(INPUT, inputs())
