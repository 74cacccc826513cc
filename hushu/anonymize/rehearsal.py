"""``--dry-run``: what a plan would do, on masked samples and in information lost, with nothing written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from hushu.anonymize.operators.base import information_loss
from hushu.anonymize.planfile import read_plan
from hushu.anonymize.redaction import as_keyring
from hushu.anonymize.transforming import compile_table
from hushu.model import Plan

_ROWS = 2_000
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One column before and after: masked samples, and the share of its information that is lost (0..1)."""

    table: str
    column: str
    output: str
    grain: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    loss: float


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a plan would do; samples are masked on both sides."""

    columns: tuple[Rehearsed, ...]
    dropped: tuple[str, ...]

    def text(self, lang: str = "zh") -> str:
        """Return the rehearsal as lines of text."""
        head = (
            "列\t粒度\t信息损失\t处理前（掩码）\t处理后（掩码）"
            if lang == "zh"
            else "column\tgrain\tloss\tbefore (masked)\tafter (masked)"
        )
        lines = [
            f"{c.table}.{c.column} → {c.output}\t{c.grain}\t{c.loss:.0%}\t"
            f"{' | '.join(c.before)}\t{' | '.join(c.after)}"
            for c in self.columns
        ]
        gone = ("不提供：" if lang == "zh" else "dropped: ") + ", ".join(self.dropped)
        return "\n".join([head, *lines, gone])


def rehearse(
    plan: Plan | str | Path, source: Any, *, key: Any = None, recipient: str | None = None
) -> Rehearsal:
    """Return what a plan would do to the first rows of a source.

    Args: as :func:`hushu.apply`. Nothing is written and no raw value is in the result.

    Raises:
        ConfigError: HS-E135, the plan was made for another schema.
    """
    from hushu.io.sources import open_source

    chosen = plan if isinstance(plan, Plan) else read_plan(plan)
    planned = {table.name: table for table in chosen.tables}
    opened = open_source(source, sample=_ROWS)
    columns: list[Rehearsed] = []
    try:
        for table in opened.tables():
            if table.name not in planned:
                continue
            batches = list(table.batches())
            present = [column.name for column in table.columns]
            transform = compile_table(
                planned[table.name],
                chosen.purpose,
                recipient or chosen.purpose.recipient,
                as_keyring(key),
                present,
            )
            if not batches:
                continue
            rows = pa.Table.from_batches(batches).slice(0, _ROWS)
            done = transform(rows)
            for step in transform.steps:
                before, after = rows[step.column.name], done[step.column.output]
                columns.append(
                    Rehearsed(
                        table.name, step.column.name, step.column.output, step.column.grain,
                        _samples(before), _samples(after), information_loss(before, after).entropy,
                    )
                )  # fmt: skip
    finally:
        opened.close()
    dropped = tuple(f"{t.name}.{c.name}" for t in chosen.tables for c in t.columns if c.action == "drop")
    return Rehearsal(tuple(columns), dropped)


def _samples(column: pa.ChunkedArray) -> tuple[str, ...]:
    values = column.slice(0, 50).drop_null().unique().slice(0, _SHOWN).to_pylist()
    return tuple(mask_sample(str(value)) for value in values)


def mask_sample(value: str) -> str:
    """Return a value of which only the shape is left: digits as 0, letters as a, Han as 某.

    Example:
        >>> mask_sample("张伟 138")
        '某某 000'
    """
    shape = "".join(
        "0" if c.isdigit() else "某" if "\u3400" <= c <= "\u9fff" else "a" if c.isalpha() else c
        for c in value
    )
    return shape if len(shape) <= 24 else shape[:23] + "…"
