"""Norse's networks."""

import norse
import norse.torch as nt
import torch
from common import HIDDEN, INPUTS, OUTPUTS, Networks, linear, run_torch, step_by_step, weights


def made(hidden_layer, output_layer, seed, scale, recurrent=False):
    def make():
        first, second, feedback = weights(seed, scale)

        def build():
            hidden, output = hidden_layer(), output_layer()
            if recurrent:
                hidden.recurrent_weights.data = torch.tensor(feedback)
                hidden.input_weights.data = torch.tensor(first)
                return nt.SequentialState(hidden, linear(second), output)
            return nt.SequentialState(linear(first), hidden, linear(second), output)

        def begin():
            net, state = build(), None

            def step(x):
                nonlocal state
                out, state = net(x, state)
                return out

            return step_by_step(net, 0 if recurrent else 1, step)

        export = lambda: norse.torch.to_nir(build(), torch.zeros(1, INPUTS))
        return export, run_torch(begin)

    return make


def parameters(kind, neurons, **values):
    """One number a neuron: NIR 1.0.8 cannot write the scalars that Norse has by itself."""
    defaults = kind()
    each = {}
    for name in set(kind._fields) & {"tau_mem_inv", "tau_syn_inv", "v_leak", "v_th"}:
        value = values.get(name, float(getattr(defaults, name)))
        each[name] = torch.full((neurons,), value)
    return kind(**each)


def main():
    networks = Networks("norse", ["norse", "torch", "nir", "nirtorch", "numpy"])
    add = networks.add
    lif = lambda n: lambda: nt.LIFCell(p=parameters(nt.LIFParameters, n, v_th=0.4))
    membranes = lambda: nt.LIBoxCell(p=parameters(nt.LIBoxParameters, OUTPUTS))
    add("two_layers", "", made(lif(HIDDEN), membranes, 1, 1.5))
    box = lambda n: lambda: nt.LIFBoxCell(p=parameters(nt.LIFBoxParameters, n, v_th=0.3))
    add("box", "", made(box(HIDDEN), box(OUTPUTS), 2, 3.0))
    values = nt.LIFParameters(v_th=torch.tensor(0.4))
    cell = lambda: nt.LIFRecurrentCell(INPUTS, HIDDEN, p=values, autapses=True)
    add("recurrent", "", made(cell, lif(OUTPUTS), 3, 1.5, recurrent=True))
    networks.save()


main()
