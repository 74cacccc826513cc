"""Reading a source whole, as the tests of this area need it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hushu.io.sources import open_source
from hushu.model import NotExamined

Rows = list[dict[str, Any]]


def read_whole(source: Any, **options: Any) -> tuple[dict[str, Rows], list[NotExamined]]:
    """Return every table's rows, and what was not examined."""
    opened = open_source(source, **options)
    tables = {}
    try:
        for table in opened.tables():
            tables[table.name] = [row for batch in table.batches() for row in batch.to_pylist()]
            columns = [column.name for column in table.columns]
            assert all(list(row) == columns for row in tables[table.name])
        return tables, list(opened.not_examined)
    finally:
        opened.close()


@pytest.fixture(scope="session")
def read() -> Callable[..., tuple[dict[str, Rows], list[NotExamined]]]:
    return read_whole


@pytest.fixture(scope="session")
def rows_of() -> Callable[..., tuple[Rows, list[str]]]:
    """Write one file and read it back: its rows, and the reasons of what was not examined."""

    def write_and_read(path: Path, content: bytes, **options: Any) -> tuple[Rows, list[str]]:
        path.write_bytes(content)
        tables, missed = read_whole(path, **options)
        assert list(tables) == [path.stem]
        return tables[path.stem], [entry.why for entry in missed]

    return write_and_read
