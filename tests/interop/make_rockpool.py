"""Rockpool's networks."""

import torch
from common import HIDDEN, INPUTS, OUTPUTS, Networks, run_torch, weights
from rockpool.nn.combinators import Sequential
from rockpool.nn.modules import LIFNeuronTorch, LIFTorch, LinearTorch, to_nir

NEURON = {"tau_mem": 0.02, "threshold": 1.0, "dt": 1e-3}
LIF = {"tau_syn": 0.01, **NEURON}
SINGLE = {"max_spikes_per_dt": torch.tensor(1.0)}


def linear(weight):
    """Rockpool's weights are (from, to)."""
    return LinearTorch(weight.T.shape, weight=torch.tensor(weight.T.copy()), has_bias=False)


def made(layer, options, seed, scale, recurrent=False):
    def make():
        first, second, feedback = weights(seed, scale)

        def build():
            extra = {}
            if recurrent:
                extra = {"has_rec": True, "w_rec": torch.tensor(feedback.T.copy())}
            shape = lambda n: (n, n) if layer is LIFTorch else (n,)
            hidden = layer(shape(HIDDEN), **options, **extra)
            output = layer(shape(OUTPUTS), **options)
            return Sequential(linear(first), hidden, linear(second), output)

        def begin():
            net = build()
            # Rockpool takes (batch, steps, neurons), and gives state and recordings beside the output.
            hidden = []
            module = list(net.modules().values())[1]
            module.register_forward_hook(lambda _, __, out: hidden.append(out[0]))
            return lambda steps: (net(steps[None])[0][0], hidden[0])[::-1]

        return lambda: to_nir(build(), torch.zeros(1, 1, INPUTS)), run_torch(begin)

    return make


def main():
    networks = Networks("rockpool", ["rockpool", "torch", "nir", "nirtorch", "numpy"])
    add = networks.add
    one = "--spikes-a-step 1"
    add("two_layers", one, made(LIFTorch, LIF | SINGLE, 1, 0.2))
    add("several_spikes", "", made(LIFTorch, LIF, 2, 0.2))
    add("neuron", one, made(LIFNeuronTorch, NEURON | SINGLE, 3, 0.7))
    lost = "the exporter leaves out the recurrent weights"
    recurrent = made(LIFTorch, LIF | SINGLE, 4, 0.1, recurrent=True)
    add("recurrent", one, recurrent, lost)
    networks.save()


main()
