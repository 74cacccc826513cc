"""Measure reading alone, with the kernel's counts of every column, and a whole scan, interleaved in one run.

    python benchmarks/speed/scan.py DIR [ROUNDS]

``DIR`` holds what ``generate.py`` wrote. ``read`` is Arrow streaming the file; ``kernel`` reads the same way
and gathers every column; ``scan`` is what ``hushu scan`` does to a table, its own reading, sampling and verdicts included.
What a process loads once (rules, model) is in ``first_scan_s`` and in no other figure. Prints wall and CPU
seconds (medians over rounds), ratios of the wall to ``read``'s and of the same round, and the peak memory.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from hushu.classify import kernel
from hushu.classify.accumulate import TableAccumulator
from hushu.classify.scan import examine_table
from hushu.io.contract import ColumnMeta
from hushu.io.sources import open_source
from hushu.model import Table


def csv_batches(path: Path) -> Iterator[pa.RecordBatch]:
    names = pacsv.open_csv(path).schema.names
    options = pacsv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()))
    yield from pacsv.open_csv(
        path, convert_options=options, read_options=pacsv.ReadOptions(block_size=1 << 23)
    )


def parquet_batches(path: Path) -> Iterator[pa.RecordBatch]:
    yield from pq.ParquetFile(path).iter_batches(batch_size=65_536)


def read(batches: Iterator[pa.RecordBatch]) -> int:
    return sum(batch.num_rows for batch in batches)


def gather(batches: Iterator[pa.RecordBatch]) -> None:
    first = next(batches)
    seen = TableAccumulator("", "", [ColumnMeta(name=name) for name in first.schema.names])
    seen.add(first)
    for batch in batches:
        seen.add(batch)
    seen.view()


def scan(path: Path) -> Table:
    opened = open_source(path)
    try:
        return examine_table(next(iter(opened.tables())))
    finally:
        opened.close()


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Return wall and CPU seconds (of all threads) of one call."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def measure(path: Path, source: Callable[[Path], Iterator[pa.RecordBatch]], rounds: int) -> dict[str, object]:
    ways: dict[str, Callable[[], object]] = {
        "read": lambda: read(source(path)),
        "kernel": lambda: gather(source(path)),
        "scan": lambda: scan(path),
    }
    first, _ = seconds(ways["scan"])
    taken = [{name: seconds(work) for name, work in ways.items()} for _ in range(rounds)]
    result: dict[str, object] = {"first_scan_s": round(first, 2)}
    for name in ways:
        ratios = [one[name][0] / one["read"][0] for one in taken]
        result[name] = {
            "wall_s": round(statistics.median(one[name][0] for one in taken), 2),
            "cpu_s": round(statistics.median(one[name][1] for one in taken), 2),
            "to_read": round(statistics.median(ratios), 2),
            "to_read_range": [round(min(ratios), 2), round(max(ratios), 2)],
        }
    return result


def main() -> None:
    folder, rounds = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 5
    result: dict[str, object] = {"backend": kernel.backend(), "cores": os.cpu_count()}
    for name, source in (("csv", csv_batches), ("parquet", parquet_batches)):
        result[name] = measure(folder / f"people.{name}", source, rounds)
    result["peak_rss_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
