"""Train the left-out models: one for each file of texts, which it never sees.

Needs ``training/requirements.txt``.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from training import TEXTS


def main() -> None:
    """Train the models that ``--models`` does not hold yet, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uner", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--tagger-epochs", default="7", help="fewer than the packaged model's: time")
    parser.add_argument("--reader-epochs", default="4", help="fewer than the packaged model's: time")
    options = parser.parse_args()
    for path in sorted(TEXTS.glob("*.txt")):
        folder = options.models / path.stem
        folder.mkdir(parents=True, exist_ok=True)
        common = ["--uner", str(options.uner), "--hold", path.stem]
        tagger = ["training.train", "--epochs", options.tagger_epochs, "-o", str(folder / "tagger.onnx")]
        reader = ["training.fit_reader", "--epochs", options.reader_epochs, "-o", str(folder)]
        for made, command in ((folder / "tagger.onnx", tagger), (folder / "reader.onnx", reader)):
            if not made.exists():
                subprocess.run([sys.executable, "-m", *command, *common], check=True)


if __name__ == "__main__":
    main()
