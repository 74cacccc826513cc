"""Train the tagger that ships, or one that never saw a file.

python -m training.train --uner uner_train.jsonl                            the packaged model
python -m training.train --uner uner_train.jsonl --hold a-hotline -o a.onnx  measured on a-hotline alone

One thread, fixed seeds: the same machine gives the same file again.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from training import MODELS, MORE, TEXTS
from training.corpus import Item, read_markup, read_uner
from training.export import export
from training.fit import Settings, fit
from training.synth import synthetic


def texts(hold: str = "") -> list[Item]:
    """Read the annotated texts, without the file ``hold``."""
    files = [*sorted(TEXTS.glob("*.txt")), *sorted(MORE.glob("*.txt"))]
    return [item for path in files if path.stem != hold for item in read_markup(path)]


def main() -> None:
    """Parse the command line, train, export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--uner", type=Path, required=True, help="UNER sentences, one JSON object a line")
    parser.add_argument("--hold", default="", help="stem of the file of texts to leave out")
    parser.add_argument("--epochs", type=int, default=Settings().epochs)
    parser.add_argument("--rate", type=float, default=Settings().rate, help="highest learning rate")
    parser.add_argument("--start", type=Path, help="a model to go on from")
    parser.add_argument("-o", "--out", type=Path, default=MODELS / "tagger.onnx")
    options = parser.parse_args()
    items = texts(options.hold)
    settings = Settings(epochs=options.epochs, rate=options.rate)
    network = fit(items + read_uner(options.uner), settings, synthetic, options.hold or "all", options.start)
    export(network, [item.text for item in items[::8]], options.out)


if __name__ == "__main__":
    main()
