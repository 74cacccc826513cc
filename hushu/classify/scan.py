"""From a source to an inventory: read, recognise, grade, and list what was not looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from hushu import __version__
from hushu.errors import HushuError, InputError
from hushu.model import Column, Decision, Inventory, NotExamined, Table
from hushu.rules.pack import Pack

Progress = Callable[[str], None]


def scan(
    source: Any,
    *,
    packs: Sequence[str] | None = None,
    sample: int | Literal["all"] | None = None,
    decisions: str | Path | None = None,
    encoding: str | None = None,
    as_of: date | None = None,
    on_progress: Progress | None = None,
) -> Inventory:
    """Return what a source holds: types, contents, grades, and what was not examined.

    Args:
        source: a database URL, a file, a folder, a DDL script, ``-``, a frame (pandas, polars,
            pyarrow, anything with ``__arrow_c_stream__``), or a list of those.
        packs: ids or files of packs to grade under; default: the national and Shanghai packs.
        sample: rows to read of each table, or ``"all"``; default: everything of files, of large
            database tables a sample whose bound stands in the inventory.
        decisions: ``decisions.yaml`` of people, which outrank what the scan thinks.
        encoding: of text files, when the ladder guesses wrong.
        as_of: the day the law is read on; default: today.
        on_progress: called with the name of each table.

    Raises:
        InputError: HS-E2xx, nothing of the source could be read.
        SourceUnreachable: HS-E29x, the source does not answer.
        ConfigError: HS-E1xx, a pack or the decisions are wrong.

    Example:
        >>> import pyarrow as pa
        >>> frame = pa.table({"sfzh": ["310101190001010011"] * 3})
        >>> scan(frame, as_of=date(2026, 11, 21)).tables[0]["sfzh"].type
        'CN_RESIDENT_ID'
    """
    from hushu.rules.grading import grade, load_packs

    # A wrong pack or decision is told before hours of reading.
    laws = load_packs([packs] if isinstance(packs, str) else packs) if packs else load_packs()
    made = _decisions(decisions)
    sources = list(source) if _is_several(source) else [source]
    tables: list[Table] = []
    missed: list[NotExamined] = []
    labels: list[str] = []
    for one in sources:
        label, read, lost = _read(one, sample, encoding, on_progress or _silent)
        labels.append(label)
        tables += read
        missed += lost
    inventory = Inventory(
        source="; ".join(labels),
        scanned_at=datetime.now().astimezone().isoformat(timespec="seconds"),
        as_of=(as_of or date.today()).isoformat(),
        tool=f"hushu {__version__}",
        tables=tuple(tables),
        not_examined=tuple(missed),
    )
    graded = grade(inventory, laws, as_of=as_of)
    return _decided(graded, made, laws) if made else graded


def _is_several(source: Any) -> bool:
    if not isinstance(source, list | tuple) or not source:
        return False
    return not all(isinstance(item, dict) for item in source)


def _silent(_text: str) -> None:
    return None


def _decisions(path: str | Path | None) -> tuple[Decision, ...]:
    if path is None:
        return ()
    from hushu.rules.decisions import read_decisions

    return read_decisions(path)


def _decided(inventory: Inventory, made: tuple[Decision, ...], packs: Sequence[Pack]) -> Inventory:
    from hushu.rules.deciding import apply_decisions

    return apply_decisions(inventory, made, packs=packs)


def _read(
    source: Any, sample: int | Literal["all"] | None, encoding: str | None, on_progress: Progress
) -> tuple[str, list[Table], list[NotExamined]]:
    from hushu.io.sources import open_source
    from hushu.rules.secrecy import WHY, is_marked

    opened = open_source(source, sample=sample, encoding=encoding)
    tables: list[Table] = []
    failed: list[NotExamined] = []
    try:
        for table in opened.tables():
            on_progress(table.name)
            if is_marked(table.name, table.comment):
                tables.append(_stopped(table))
                failed.append(NotExamined(what=table.name, why=WHY))
                continue
            try:
                tables.append(examine_table(table))
                failed += [NotExamined(what=table.name, why=note) for note in table.notes]
            except HushuError as problem:
                failed.append(
                    NotExamined(what=table.name, why=f"{problem.code} {problem.what}: {problem.why}")
                )
        missed = [*opened.not_examined, *failed]
    finally:
        opened.close()
    if not tables and missed:
        raise _nothing_read(opened.label, missed)
    return opened.label, tables, missed


def _nothing_read(label: str, missed: list[NotExamined]) -> InputError:
    first = missed[0]
    return InputError(
        "nothing of the source could be read",
        where=label,
        why=f"{first.what}: {first.why}" + (f" (and {len(missed) - 1} more)" if len(missed) > 1 else ""),
        fix="name a source with at least one readable table",
        code="HS-E202",
    )


def _stopped(source: Any) -> Table:
    """Return a table of which only the name and the comment were looked at."""
    return Table(
        name=source.name, comment=source.comment, rows=source.rows, method="stopped", bound="not read"
    )


def examine_table(source: Any) -> Table:
    """Return what one table of a source holds, without grades.

    Args:
        source: a :class:`hushu.io.contract.TableSource`; its rows are streamed once.
    """
    from hushu.classify.accumulate import TableAccumulator
    from hushu.classify.columns import examine
    from hushu.classify.papers import DocumentKinds
    from hushu.classify.readable import Readable
    from hushu.classify.text import find

    seen = TableAccumulator(source.name, source.comment, source.columns)
    papers = DocumentKinds.of(source.columns)
    names = [c.name for c in source.columns]
    reading = Readable(names)
    for raw in source.skimmed():
        batch = reading.batch(raw)
        papers.add(batch)
        seen.add(batch)
    source.notes.extend(f"HS-W203 {name}: {why}" for name, why in reading.lost.items())
    view = seen.view()
    findings = papers.consider(examine(view, reader=find), names)
    return Table(
        name=source.name,
        comment=source.comment,
        rows=source.rows if source.rows is not None else view.rows,
        examined=view.rows,
        method=source.method,
        bound=source.bound,
        facts=dict(source.facts),
        columns=tuple(
            Column(
                name=meta.name,
                data_type=meta.data_type,
                comment=meta.comment,
                primary_key=meta.primary_key,
                references=meta.references,
                finding=finding,
            )
            for meta, finding in zip(source.columns, findings, strict=True)
        ),
    )
