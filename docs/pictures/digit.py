"""Draws digit.svg: one test sample of examples/digits on its way through the network.

From the root of the workspace (numpy is all that it needs):

    cargo run --release -- run examples/digits/digits.nir --input examples/digits/test_x.npy \\
        --record '*' --record-membranes --output digits.npz
    python docs/pictures/digit.py digits.npz docs/pictures/digit.svg
"""

import sys

import numpy as np

SAMPLE = 4
INK, GREY, LINE, ACCENT = "#1f2933", "#6b7785", "#d5dbe1", "#c2410c"
WIDTH, HEIGHT = 880, 330
LEFT, RIGHT = 210, 690  # of the panels over time


def text(x, y, words, size=12, colour=INK, anchor="start", weight="normal"):
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" '
        f'text-anchor="{anchor}" font-weight="{weight}">{words}</text>'
    )


def rectangle(x, y, width, height, fill, stroke="none"):
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'fill="{fill}" stroke="{stroke}"/>'
    )


def column(step, steps):
    """Left edge of a step."""
    return LEFT + (RIGHT - LEFT) * step / steps


def raster(spikes, top, height, colour):
    """A tick for each spike; `spikes` has shape (steps, neurons)."""
    steps, neurons = spikes.shape
    row = height / neurons
    parts = [rectangle(LEFT, top, RIGHT - LEFT, height, "none", LINE)]
    for step, neuron in np.argwhere(spikes):
        x = column(step + 0.5, steps) - 1.5
        parts.append(rectangle(x, top + neuron * row, 3, max(row * 0.9, 1.6), colour))
    return parts


def membranes(values, spikes, winner, top, height):
    """A curve for each output neuron and a dot where it spikes; shapes (steps, neurons)."""
    steps, neurons = values.shape
    row = height / neurons
    low, high = -2.0, 1.0  # the threshold is 1; what lies far below it is cut off
    parts = [rectangle(LEFT, top, RIGHT - LEFT, height, "none", LINE)]
    for neuron in range(neurons):
        colour = ACCENT if neuron == winner else GREY
        bottom = top + (neuron + 1) * row - 1
        # The recording is after the reset: a spike has reached the threshold before.
        v = np.where(spikes[:, neuron] > 0, high, values[:, neuron].clip(low))
        points = [
            f"{column(step + 0.5, steps):.1f},{bottom - (row - 2) * (v[step] - low) / (high - low):.1f}"
            for step in range(steps)
        ]
        joined = " ".join(points)
        parts.append(f'<polyline points="{joined}" fill="none" stroke="{colour}"/>')
        for step in np.flatnonzero(spikes[:, neuron]):
            x, y = points[step].split(",")
            parts.append(f'<circle cx="{x}" cy="{y}" r="2.2" fill="{colour}"/>')
        parts.append(text(LEFT - 6, bottom - 2, str(neuron), 10, colour, "end"))
    return parts


def image(spikes, left, top, cell):
    """The image that the spikes stand for: 64 inputs are 8 by 8 pixels."""
    counts = spikes.sum(axis=0).reshape(8, 8)
    parts = []
    for row in range(8):
        for col in range(8):
            level = int(255 * (1 - counts[row, col] / 16))
            colour = f"#{level:02x}{level:02x}{level:02x}"
            parts.append(rectangle(left + col * cell, top + row * cell, cell, cell, colour, LINE))
    return parts


def bars(counts, winner, top, height):
    """Spikes of each output neuron."""
    row = height / len(counts)
    parts = []
    for neuron, count in enumerate(counts):
        colour = ACCENT if neuron == winner else GREY
        y = top + neuron * row
        parts.append(rectangle(RIGHT + 12, y + 2, 5 * float(count), row - 4, colour))
        parts.append(text(RIGHT + 17 + 5 * float(count), y + row - 3, str(count), 10, colour))
    return parts


def main():
    recorded, out = sys.argv[1:]
    data = np.load(recorded)
    inputs = np.load("examples/digits/test_x.npy")[SAMPLE]
    hidden = data["lif1.spikes"][SAMPLE]
    output = data["lif2.spikes"][SAMPLE]
    winner = int(data["predictions"][SAMPLE])
    parts = [rectangle(0, 0, WIDTH, HEIGHT, "#ffffff")]
    parts += [text(20, 24, "8 by 8 pixels", weight="bold"), *image(inputs, 20, 34, 16)]
    parts += [text(20, 182, "a pixel of value p", 11, GREY), text(20, 197, "spikes p times", 11, GREY)]
    parts += [text(LEFT, 24, "64 inputs, 24 time steps", weight="bold"), *raster(inputs, 34, 64, INK)]
    parts += [text(LEFT, 118, "128 hidden neurons", weight="bold"), *raster(hidden, 126, 64, INK)]
    parts += [text(LEFT, 212, "10 output neurons: membranes and spikes", weight="bold")]
    parts += membranes(data["lif2.v"][SAMPLE], output, winner, 220, 100)
    parts += [text(RIGHT + 12, 212, "spikes", weight="bold"), *bars(output.sum(axis=0), winner, 220, 100)]
    parts += [text(RIGHT + 12, 60, f"a {winner}", 34, ACCENT, weight="bold")]
    parts += [text(RIGHT + 12, 82, "in fixed point and", 11, GREY), text(RIGHT + 12, 97, "in floating point", 11, GREY)]
    assert winner == data["float_predictions"][SAMPLE]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">'
    with open(out, "w", encoding="utf-8") as file:
        file.write("\n".join([head, *parts, "</svg>"]) + "\n")


if __name__ == "__main__":
    main()
