"""Draws what `combinado nlu evaluate` measured; runs in Rasa's environment, for its matplotlib.

`python -m bot.rasa_pictures FOLDER` reads `figures.json` there and writes the pictures beside.
"""

import json
import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("svg")

from matplotlib import pyplot as plt

BINS = 10


def reliability(bins, path):
    """Confidence against accuracy: on the diagonal the model knows how sure it may be."""
    figure, axes = plt.subplots(figsize=(5, 5), layout="constrained")
    axes.plot([0, 1], [0, 1], "--", color="grey")
    axes.bar(
        [each["confidence"] for each in bins],
        [each["accuracy"] for each in bins],
        width=0.8 / BINS,
        color="#2a7f62",
    )
    for each in bins:
        place = (each["confidence"], each["accuracy"] + 0.01)
        axes.annotate(str(each["messages"]), place, ha="center", fontsize=8)
    axes.set(xlim=(0, 1), ylim=(0, 1.05), xlabel="confiança", ylabel="acertos")
    figure.savefig(path)
    plt.close(figure)


def confusions(pairs, path):
    """Meant by heard, as counts; what is right lies on the diagonal."""
    names = sorted({name for pair in pairs for name in pair})
    places = {name: place for place, name in enumerate(names)}
    counts = [[0] * len(names) for _ in names]
    for meant, heard in pairs:
        counts[places[meant]][places[heard]] += 1
    figure, axes = plt.subplots(figsize=(14, 13), layout="constrained")
    axes.imshow(counts, cmap="Greens")
    for row, line in enumerate(counts):
        for column, count in enumerate(line):
            if count:
                color = "white" if row == column else "#b00020"
                axes.text(column, row, count, ha="center", va="center", fontsize=8, color=color)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=8)
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.set(xlabel="entendida como", ylabel="intenção")
    figure.savefig(path)
    plt.close(figure)


def main():
    """Two pictures for each set of messages."""
    folder = Path(sys.argv[1])
    for name, figures in json.loads((folder / "figures.json").read_text()).items():
        reliability(figures["bins"], folder / f"{name}-reliability.svg")
        confusions(figures["pairs"], folder / f"{name}-confusions.svg")


if __name__ == "__main__":
    main()
