"""SpikingJelly's networks."""

import torch
from common import HIDDEN, INPUTS, Networks, linear, run_torch, step_by_step, weights
from spikingjelly.activation_based import layer, neuron
from spikingjelly.activation_based.nir_exchange import export_to_nir


def made(node, seed, scale, recurrent=False):
    def make():
        first, second, feedback = weights(seed, scale)

        def build():
            hidden = node()
            if recurrent:
                # The container concatenates input and what its neurons did in the step before.
                both = torch.cat((torch.eye(HIDDEN), torch.tensor(feedback)), dim=1)
                hidden = layer.LinearRecurrentContainer(node(), HIDDEN, HIDDEN, bias=False)
                hidden.rc.weight.data = both
            return torch.nn.Sequential(linear(first), hidden, linear(second), node())

        def begin():
            net = build()
            return step_by_step(net, 1, net)

        return lambda: export_to_nir(build(), torch.zeros(1, INPUTS)), run_torch(begin)

    return make


def main():
    packages = ["spikingjelly", "torch", "nir", "nirtorch", "numpy"]
    networks = Networks("spikingjelly", packages)
    add = networks.add
    add("two_layers", "", made(lambda: neuron.LIFNode(tau=4.0), 1, 4.0))
    add("if", "", made(lambda: neuron.IFNode(), 2, 0.5))
    add("plif", "", made(lambda: neuron.ParametricLIFNode(init_tau=4.0), 3, 4.0))
    cuba = lambda: neuron.CUBALIFNode(c_decay=0.5, v_decay=0.75)
    add("cuba", "", made(cuba, 4, 0.5))
    add("recurrent", "", made(lambda: neuron.LIFNode(tau=4.0), 5, 4.0, recurrent=True))
    networks.save()


main()
