"""Generate the table once, then measure reading and scanning it: ``python -m benchmarks.speed [rows]``."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent


def main() -> None:
    folder = os.environ.get("HUSHU_BENCH_SCRATCH") or tempfile.mkdtemp()
    subprocess.run(
        [sys.executable, HERE / "generate.py", folder, *sys.argv[1:]], check=True, stdout=subprocess.DEVNULL
    )
    subprocess.run([sys.executable, HERE / "scan.py", folder], check=True)


if __name__ == "__main__":
    main()
