"""Train a spiking classifier of handwritten digits with snnTorch and export it as NIR.

Writes digits.nir, test_x.npy, test_y.npy and calibrate_x.npy beside this file (or in `--out`).
Every random choice comes from one seed.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import nir
import numpy as np
import snntorch as snn
import torch
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from snntorch import surrogate

import reference

SIDE, INPUTS, CLASSES = 8, 64, 10
CALIBRATION_SAMPLES = 32
# A pixel of value p (0..16) spikes p times in PERIOD steps: a full one in two steps of three.
PERIOD = 24
# Coprime to PERIOD: neighbouring inputs of equal brightness spike at different steps.
PHASE_STRIDE = 13
DT = 1e-3  # seconds per step


@dataclass(frozen=True)
class Settings:
    """Hyperparameters, chosen on a validation part of the training samples."""

    seed: int = 7
    steps: int = 24
    hidden: int = 128
    epochs: int = 120
    batch: int = 64
    learning_rate: float = 3e-3
    weight_decay: float = 0.1  # decoupled, as in AdamW
    beta: float = 0.8  # decay of the membrane per step, at the start
    logit_scale: float = 0.5  # spike counts to logits
    rate_penalty: float = 0.5  # on the mean hidden spikes per neuron and step
    shift_probability: float = 0.3  # of moving a training image by one pixel


def encode(images: NDArray[np.int64], steps: int, phase: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Rate-code `images`, (samples, 64) of 0..16, as (samples, steps, 64) of 0 or 1.

    Each pixel feeds an integer accumulator that starts at `phase` (0..PERIOD, broadcast against
    `images`) and spikes whenever it passes a multiple of PERIOD: evenly spaced, nothing random.
    """
    t = np.arange(steps + 1)[None, :, None]
    passed = (phase.reshape(-1, 1, INPUTS) + t * images[:, None, :]) // PERIOD
    return np.diff(passed, axis=1).astype(np.uint8)


def fixed_phase() -> NDArray[np.int64]:
    """Phase of each input in the committed data: a fixed pattern, (64,)."""
    return np.arange(INPUTS) * PHASE_STRIDE % PERIOD


def augment(images: NDArray[np.int64], probability: float, rng: np.random.Generator) -> NDArray[np.int64]:
    """Move some images by one pixel in one of four directions; what enters is blank."""
    padded = np.pad(images.reshape(-1, SIDE, SIDE), ((0, 0), (1, 1), (1, 1)))
    offsets = np.array([(0, 1), (2, 1), (1, 0), (1, 2)])[rng.integers(4, size=len(images))]
    offsets[rng.random(len(images)) >= probability] = (1, 1)
    moved = [image[y : y + SIDE, x : x + SIDE] for image, (y, x) in zip(padded, offsets)]
    return np.stack(moved).reshape(-1, INPUTS)


class Network(torch.nn.Module):
    """Two fully connected layers of leaky integrate-and-fire neurons with learned decays."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.fc1 = torch.nn.Linear(INPUTS, settings.hidden)
        self.lif1 = self._neurons(settings.hidden, settings.beta)
        self.fc2 = torch.nn.Linear(settings.hidden, CLASSES)
        self.lif2 = self._neurons(CLASSES, settings.beta)

    @staticmethod
    def _neurons(size: int, beta: float) -> snn.Leaky:
        # snnTorch resets one step after the spike unless told otherwise; NIR resets with it.
        return snn.Leaky(
            beta=torch.full((size,), beta),
            learn_beta=True,
            threshold=1.0,
            reset_mechanism="zero",
            reset_delay=False,
            spike_grad=surrogate.fast_sigmoid(slope=10),
        )

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Map (batch, steps, 64) to output spike counts (batch, 10) and the mean hidden rate."""
        v1 = x.new_zeros(len(x), self.fc1.out_features)
        v2 = x.new_zeros(len(x), CLASSES)
        counts, rate = torch.zeros_like(v2), x.new_zeros(())
        for frame in x.unbind(dim=1):
            s1, v1 = self.lif1(self.fc1(frame), v1)
            s2, v2 = self.lif2(self.fc2(s1), v2)
            counts, rate = counts + s2, rate + s1.mean()
        return counts, rate / x.shape[1]

    def clamp_decays(self) -> None:
        """Keep every time constant between 2 and 10 steps.

        With 50 steps allowed, some neurons integrate over the whole sample and reach v = -100,
        which costs a 16-bit membrane one more of its fraction bits.
        """
        with torch.no_grad():
            for lif in (self.lif1, self.lif2):
                lif.beta.clamp_(0.5, 0.9)


def train(images: NDArray[np.int64], labels: NDArray[np.int64], settings: Settings) -> Network:
    """Fit a network to `images`, (samples, 64), and `labels`, (samples,)."""
    torch.manual_seed(settings.seed)
    rng = np.random.default_rng(settings.seed)
    network = Network(settings)
    optimiser = torch.optim.AdamW(
        network.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay
    )
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, settings.epochs)
    for epoch in range(settings.epochs):
        total = 0.0
        order = rng.permutation(len(images))
        for chosen in np.split(order, range(settings.batch, len(order), settings.batch)):
            # New phases each time, so that the network cannot lean on the exact spike times.
            phase = rng.integers(PERIOD, size=(len(chosen), INPUTS))
            moved = augment(images[chosen], settings.shift_probability, rng)
            spikes = torch.from_numpy(encode(moved, settings.steps, phase)).float()
            counts, rate = network(spikes)
            target = torch.from_numpy(labels[chosen])
            loss = torch.nn.functional.cross_entropy(settings.logit_scale * counts, target)
            loss = loss + settings.rate_penalty * rate
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            network.clamp_decays()
            total += loss.item() * len(chosen)
        schedule.step()
        if (epoch + 1) % 20 == 0:
            print(f"epoch {epoch + 1}: loss {total / len(images):.4f}")
    return network


def lif_node(lif: snn.Leaky) -> nir.LIF:
    """Express snnTorch's `v = beta * v + I` as NIR's LIF at the time step DT.

    Forward Euler gives v = (1 - dt/tau) v + dt/tau r I, so tau = dt / (1 - beta), and r = tau / dt
    because snnTorch does not scale the input.
    """
    tau = DT / (1.0 - lif.beta.detach().numpy().astype(np.float64))
    arrays = {
        "tau": tau,
        "r": tau / DT,
        "v_leak": np.zeros_like(tau),
        "v_threshold": np.full_like(tau, float(lif.threshold)),
        "v_reset": np.zeros_like(tau),
    }
    return nir.LIF(**{name: array.astype(np.float32) for name, array in arrays.items()})


def to_nir(network: Network) -> nir.NIRGraph:
    """Build the graph by hand.

    snnTorch's exporter fixes the time step at 1e-4 s without saying so in the file, and gives a
    layer with one decay per neuron but a common threshold arrays of different shapes, which
    NIR refuses.
    """

    def affine(linear: torch.nn.Linear) -> nir.Affine:
        return nir.Affine(linear.weight.detach().numpy(), linear.bias.detach().numpy())

    nodes = {
        "input": nir.Input({"input": np.array([INPUTS])}),
        "fc1": affine(network.fc1),
        "lif1": lif_node(network.lif1),
        "fc2": affine(network.fc2),
        "lif2": lif_node(network.lif2),
        "output": nir.Output({"output": np.array([CLASSES])}),
    }
    names = list(nodes)
    return nir.NIRGraph(nodes, list(zip(names, names[1:])), metadata={"dt": DT})


def main() -> None:
    """Train, export, and check the exported file against snnTorch."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    out: Path = parser.parse_args().out
    torch.set_num_threads(1)  # the order of additions, and so the last bit, must not vary
    torch.use_deterministic_algorithms(True)

    settings = Settings()
    digits = load_digits()
    train_images, test_images, train_labels, test_labels = train_test_split(
        digits.data.astype(np.int64), digits.target.astype(np.int64),
        test_size=0.3, stratify=digits.target, random_state=settings.seed,
    )
    test_x = encode(test_images, settings.steps, fixed_phase())
    network = train(train_images, train_labels, settings)

    out.mkdir(parents=True, exist_ok=True)
    nir.write(out / "digits.nir", to_nir(network))
    np.save(out / "test_x.npy", test_x)
    np.save(out / "test_y.npy", test_labels)
    calibration = train_images[:CALIBRATION_SAMPLES]
    np.save(out / "calibrate_x.npy", encode(calibration, settings.steps, fixed_phase()))

    layers, dt = reference.load(out / "digits.nir")
    result = reference.run(layers, dt, test_x)
    print(reference.report(result, test_labels))
    with torch.no_grad():
        counts = network(torch.from_numpy(test_x).float())[0].numpy()
    print(f"samples whose spike counts differ from snnTorch: {(counts != result.counts).any(axis=1).sum()}")


if __name__ == "__main__":
    main()
