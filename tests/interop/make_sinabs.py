"""Sinabs' networks."""

import sinabs.activation as sa
import sinabs.layers as sl
import torch
from common import INPUTS, Networks, linear, run_torch, weights
from sinabs.nir import to_nir


def made(layer, seed, scale, recurrent=False):
    def make():
        first, second, feedback = weights(seed, scale)

        def build():
            hidden = layer(linear(feedback)) if recurrent else layer()
            output = sl.IAF(spike_fn=sa.SingleSpike) if recurrent else layer()
            return torch.nn.Sequential(linear(first), hidden, linear(second), output)

        def begin():
            # Sinabs takes (batch, steps, neurons), and its layers keep their state.
            whole, part = build(), build()[:2]
            return lambda steps: (part(steps[None])[0], whole(steps[None])[0])

        def export():
            # The exporter asks the layers for their shapes, which they have once they have run.
            net = build()
            net(torch.zeros(1, 1, INPUTS))
            return to_nir(net, torch.zeros(1, 1, INPUTS))

        return export, run_torch(begin)

    return make


def main():
    networks = Networks("sinabs", ["sinabs", "torch", "nir", "nirtorch", "numpy"])
    add = networks.add
    single = {"spike_fn": sa.SingleSpike}
    one = "--spikes-a-step 1"
    add("two_layers", one, made(lambda: sl.LIF(tau_mem=10.0, **single), 2, 6.0))
    plain = lambda: sl.LIF(tau_mem=10.0, norm_input=False, **single)
    add("not_normed", f"{one} --input-scale membrane", made(plain, 2, 0.8))
    add("several_spikes", "", made(lambda: sl.IAF(), 3, 0.8))
    recurrent = lambda rec: sl.IAFRecurrent(rec_connect=rec, **single)
    add("recurrent", one, made(recurrent, 4, 0.5, recurrent=True))
    networks.save()


main()
