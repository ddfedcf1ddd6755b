"""Spyx's networks."""

import jax.numpy as jnp
import numpy as np
import spyx.nir
import spyx.nn as snn
from common import HIDDEN, INPUTS, OUTPUTS, Networks, arrays, inputs, weights
from flax import nnx


def linear(weight):
    """Its kernels are (from, to)."""
    layer = nnx.Linear(weight.shape[1], weight.shape[0], rngs=nnx.Rngs(0))
    layer.kernel[...] = jnp.asarray(weight.T)
    layer.bias[...] = jnp.zeros(weight.shape[0])
    return layer


def made(hidden_layer, output_layer, seed, scale):
    def make():
        first, second, feedback = weights(seed, scale)
        hidden = hidden_layer()
        if hasattr(hidden, "recurrent_w"):
            hidden.recurrent_w[...] = jnp.asarray(feedback.T)
        layers = [linear(first), hidden, linear(second), output_layer()]
        first_part = snn.Sequential(*layers[:2])
        whole = snn.Sequential(*layers)
        # Time is the first axis.
        x = jnp.asarray(inputs().transpose(1, 0, 2), jnp.float32)
        run = lambda net: np.asarray(snn.run(net, x)[0]).transpose(1, 0, 2)
        shapes = {"input": np.array([INPUTS])}, {"output": np.array([OUTPUTS])}
        return lambda: spyx.nir.to_nir(whole, *shapes), arrays(run(first_part), run(whole))

    return make


def main():
    networks = Networks("spyx", ["spyx", "jax", "flax", "nir", "numpy"])
    add = networks.add
    lif = lambda n, beta: lambda: snn.LIF((n,), beta=beta, rngs=nnx.Rngs(0))
    add("two_layers", "", made(lif(HIDDEN, 0.9), lif(OUTPUTS, 0.85), 1, 1.0))
    cuba = lambda n: lambda: snn.CuBaLIF((n,), alpha=0.7, beta=0.8, rngs=nnx.Rngs(0))
    add("cuba", "", made(cuba(HIDDEN), cuba(OUTPUTS), 2, 0.5))
    recurrent = lambda: snn.RLIF((HIDDEN,), beta=0.9, rngs=nnx.Rngs(0))
    lost = "the exporter leads the input through the recurrent matrix"
    add("recurrent", "", made(recurrent, lif(OUTPUTS, 0.85), 3, 1.0), lost)
    networks.save()


main()
