"""Train the left-out models: every file of texts is measured by a model that never saw it.

Two files are left out at once, to save time; what remains is less than a user's model has seen. Needs
``training/requirements.txt``.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

HELD = (("a-hotline", "d-enterprise"), ("b-grid", "c-care"), ("e-mixed",))


def folder(models: Path, stem: str) -> Path:
    """Return the folder of the model that never saw the file ``stem``."""
    return next(models / "+".join(group) for group in HELD if stem in group)


def main() -> None:
    """Train the models that ``--models`` does not hold yet, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uner", type=Path, required=True, nargs="+")
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--tagger-epochs", default="11")
    parser.add_argument("--reader-epochs", default="4", help="fewer than the packaged model's: time")
    options = parser.parse_args()
    for group in HELD:
        place = folder(options.models, group[0])
        place.mkdir(parents=True, exist_ok=True)
        common = ["--uner", *map(str, options.uner), "--hold", *group]
        tagger = ["training.train", "--epochs", options.tagger_epochs, "-o", str(place / "tagger.onnx")]
        reader = ["training.fit_reader", "--epochs", options.reader_epochs, "-o", str(place)]
        for made, command in ((place / "tagger.onnx", tagger), (place / "reader.onnx", reader)):
            if not made.exists():
                subprocess.run([sys.executable, "-m", *command, *common], check=True)


if __name__ == "__main__":
    main()
