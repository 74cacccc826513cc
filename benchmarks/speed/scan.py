"""Measure reading alone, and reading with profiling of every column, interleaved in one run.

    python benchmarks/speed/scan.py DIR [ROUNDS]

``DIR`` holds what ``generate.py`` wrote. Prints seconds and ratios (median over rounds) and the peak memory.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from hushu.classify import kernel


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


def scan(batches: Iterator[pa.RecordBatch]) -> dict[str, kernel.ColumnProfile]:
    return kernel.profile_batches(batches)


def seconds(work: object, batches: Iterator[pa.RecordBatch]) -> float:
    start = time.perf_counter()
    work(batches)  # type: ignore[operator]
    return time.perf_counter() - start


def main() -> None:
    folder, rounds = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 5
    result: dict[str, object] = {"backend": kernel.backend()}
    for name, source in (("csv", csv_batches), ("parquet", parquet_batches)):
        path = folder / f"people.{name}"
        alone, both = [], []
        for _ in range(rounds):
            alone.append(seconds(read, source(path)))
            both.append(seconds(scan, source(path)))
        ratios = [b / a for a, b in zip(alone, both, strict=True)]
        result[name] = {
            "read_s": round(statistics.median(alone), 3),
            "read_and_scan_s": round(statistics.median(both), 3),
            "ratio_median": round(statistics.median(ratios), 2),
            "ratio_range": [round(min(ratios), 2), round(max(ratios), 2)],
        }
    result["peak_rss_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
