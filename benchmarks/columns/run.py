"""hushu on labelled tables."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from benchmarks.columns.measures import Judged
from benchmarks.columns.tables import Labelled
from hushu.classify.accumulate import TableAccumulator
from hushu.classify.columns import examine
from hushu.io.contract import ColumnMeta


def judge(tables: Iterable[Labelled], *, empty: bool = False) -> list[tuple[Labelled, list[Judged]]]:
    """Return truth, verdict and confidence for each column of each table; ``empty`` drops the rows."""
    out = []
    for table in tables:
        seen = TableAccumulator(table.name, "", [ColumnMeta(name=h) for h in table.headers])
        if not empty:
            arrays = [pa.array(table.rows[at], pa.string()) for at in range(len(table.headers))]
            seen.add(pa.RecordBatch.from_arrays(arrays, names=[f"{i}" for i in range(len(arrays))]))
        findings = examine(seen.view())
        out.append((table, [(t, f.type, f.confidence) for t, f in zip(table.truth, findings, strict=True)]))
    return out
