"""Generate what is scanned, then measure: ``python -m benchmarks.speed [rows]``.

First one large table beside reading it alone, then ``hushu scan`` over 500 tables of 40 columns and 100 rows.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent


def main() -> None:
    folder = Path(os.environ.get("HUSHU_BENCH_SCRATCH") or tempfile.mkdtemp())
    _quietly(HERE / "generate.py", folder, *sys.argv[1:])
    subprocess.run([sys.executable, HERE / "scan.py", folder], check=True)
    _quietly("-m", "benchmarks.speed.tables", folder / "tables")
    print(json.dumps({"500 tables x 40 columns x 100 rows, by the command line": command_line(folder)}))


def command_line(folder: Path) -> dict[str, float]:
    """Return wall and CPU seconds of a whole ``hushu scan``, the start of Python included."""
    wall, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    call = "from hushu.cli.main import run; run()"
    _quietly("-c", call, "scan", folder / "tables", "-o", folder / "tables.txt")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"wall_s": round(time.perf_counter() - wall, 1), "cpu_s": round(cpu, 1)}


def _quietly(*arguments: str | Path) -> None:
    subprocess.run(
        [sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


if __name__ == "__main__":
    main()
