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
    parser.add_argument("--epochs", default="8", help="fewer than the packaged model's: time")
    options = parser.parse_args()
    options.models.mkdir(parents=True, exist_ok=True)
    for path in sorted(TEXTS.glob("*.txt")):
        model = options.models / f"{path.stem}.onnx"
        if not model.exists():
            command = ["-m", "training.train", "--uner", str(options.uner), "--hold", path.stem]
            command += ["--epochs", options.epochs, "-o", str(model)]
            subprocess.run([sys.executable, *command], check=True)


if __name__ == "__main__":
    main()
