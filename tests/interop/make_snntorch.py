"""snnTorch's networks."""

import snntorch as snn
import torch
from common import HIDDEN, INPUTS, OUTPUTS, Networks, linear, run_torch, step_by_step, weights
from snntorch.export_nir import export_to_nir


def network(hidden_layer, output_layer, seed, scale=1.0):
    """Two layers; snnTorch keeps their state."""
    first, second, recurrent = weights(seed, scale)
    hidden, output = hidden_layer(), output_layer()
    if hasattr(hidden, "recurrent"):
        hidden.recurrent.weight.data = torch.tensor(recurrent)
        hidden.recurrent.bias.data = torch.zeros(HIDDEN)
    return torch.nn.Sequential(linear(first), hidden, linear(second), output)


def made(hidden_layer, output_layer, seed, scale=1.0):
    def make():
        build = lambda: network(hidden_layer, output_layer, seed, scale)

        def begin():
            net = build()
            # Beside the spikes it gives the membranes.
            return step_by_step(net, 1, lambda x: net(x)[0])

        export = lambda: export_to_nir(build(), torch.zeros(1, INPUTS), ignore_dims=[0])
        return export, run_torch(begin)

    return make


def each(neurons, options):
    """One number a neuron: NIR cannot infer how many there are from the scalars of the examples."""
    options["threshold"] = 1.0
    full = lambda value: torch.full((neurons,), value)
    return {k: full(v) if isinstance(v, float) else v for k, v in options.items()}


def leaky(**options):
    return lambda: snn.Leaky(init_hidden=True, **each(HIDDEN, options))


def output(**options):
    return lambda: snn.Leaky(init_hidden=True, output=True, **each(OUTPUTS, options))


def recurrent(kind, **options):
    return lambda: kind(init_hidden=True, linear_features=HIDDEN, **each(HIDDEN, options))


def main():
    networks = Networks("snntorch", ["snntorch", "torch", "nir", "nirtorch", "numpy"])
    add = networks.add
    add("two_layers", "", made(leaky(beta=0.9), output(beta=0.85), 1))
    zero = {"reset_mechanism": "zero"}
    add("zero", "--reset zero", made(leaky(beta=0.9, **zero), output(beta=0.85, **zero), 2))
    add("beta_1", "", made(leaky(beta=1.0), output(beta=1.0), 3, 0.3))
    add("recurrent", "", made(recurrent(snn.RLeaky, beta=0.9), output(beta=0.85), 4))
    synaptic = recurrent(snn.RSynaptic, alpha=0.7, beta=0.8)
    add("recurrent_synaptic", "", made(synaptic, output(beta=0.85), 5, 0.7))
    networks.save()


main()
