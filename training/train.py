"""Train the tagger that ships, or one that never saw a file.

python -m training.train --uner uner_train.jsonl                           the packaged model
python -m training.train --uner uner_train.jsonl --hold a-hotline -o DIR/tagger.onnx  measured on a-hotline

One thread, fixed seeds: the same machine gives the same file again.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection, Sequence
from pathlib import Path

from training import MODELS, MORE, TEXTS
from training.corpus import Item, read_markup, read_uner
from training.export import export
from training.fit import Settings, fit
from training.synth import synthetic


def texts(hold: Collection[str] = ()) -> list[Item]:
    """Read the annotated texts, without the files whose stems are in ``hold``."""
    files = [*sorted(TEXTS.glob("*.txt")), *sorted(MORE.glob("*.txt"))]
    return [item for path in files if path.stem not in hold for item in read_markup(path)]


def news(paths: Sequence[Path]) -> list[Item]:
    """Read the sentences of UNER from one file or several."""
    return [item for path in paths for item in read_uner(path)]


def main() -> None:
    """Parse the command line, train, export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--uner", type=Path, required=True, nargs="+", help="UNER sentences, one JSON object a line"
    )
    parser.add_argument("--hold", default=[], nargs="+", help="stems of the files of texts to leave out")
    parser.add_argument("--epochs", type=int, default=Settings().epochs)
    parser.add_argument("--rate", type=float, default=Settings().rate, help="highest learning rate")
    parser.add_argument("--start", type=Path, help="a model to go on from")
    parser.add_argument("-o", "--out", type=Path, default=MODELS / "tagger.onnx")
    options = parser.parse_args()
    items = texts(options.hold)
    settings = Settings(epochs=options.epochs, rate=options.rate)
    network = fit(
        items + news(options.uner), settings, synthetic, "+".join(options.hold) or "all", options.start
    )
    export(network, [item.text for item in items[::8]], options.out)


if __name__ == "__main__":
    main()
