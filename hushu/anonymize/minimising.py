"""One table through its plan, in memory that does not grow with its rows.

The source streams by once: what leaves goes to a spool, what is measured is counted. Whole columns
are in memory only where an operator, group privacy or a fingerprint must see them at once, and only
those. Then the rows are brought into an order that tells nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from hushu.anonymize import measuring
from hushu.anonymize.grouping import grouped, grouped_columns
from hushu.anonymize.keys import Keyring
from hushu.anonymize.known_events import KnownEvents
from hushu.anonymize.minimised import Minimised
from hushu.anonymize.ordering import by_content
from hushu.anonymize.transforming import TableTransform, compile_table
from hushu.io.contract import TableSource
from hushu.io.spooling import Rows, Spool
from hushu.model import Plan, PlanTable

Columns = Mapping[str, pa.Array | pa.ChunkedArray]


def minimise(
    plan: Plan,
    planned: PlanTable,
    source: TableSource,
    keys: Keyring | None,
    recipient: str,
    folder: Path | None = None,
) -> Minimised:
    """Return one table as it may leave, grouped and ordered, with its risk before.

    Args:
        plan: purpose and targets.
        planned: the plan of this table.
        source: its rows.
        keys: the key ring, or None.
        recipient: whom the release is for.
        folder: where rows go that outgrow memory; None keeps them all.
    """
    present = [column.name for column in source.columns]
    transform = compile_table(planned, plan.purpose, recipient, keys, present)
    reading = measuring.Reading(planned, present, plan.privacy, folder)
    attack = KnownEvents(transform)
    rows, held = _spooled(transform, reading, attack, source, folder)
    quasi, protected = grouped_columns(rows.schema.names, planned, plan.privacy)
    suppressed, loss = 0, None
    if quasi:
        recoded = grouped(_columns(rows, [*quasi, *protected]), quasi, protected, planned, plan.privacy)
        rows, suppressed, loss = _Replaced(rows, recoded.columns), recoded.suppressed, recoded.loss
    rows, record, marked = _marked(rows, plan, keys, recipient)
    return Minimised(
        name=planned.name,
        rows=by_content(rows, folder) if transform.reorders else rows,
        transform=transform,
        source_sha256=reading.digest(),
        source_rows=reading.rows,
        unplanned=tuple(name for name in present if name not in {c.name for c in planned.columns}),
        risk_before=reading.risk(),
        suppressed=suppressed,
        loss=loss,
        fingerprint=record,
        held=tuple(dict.fromkeys([*held, *quasi, *protected, *marked])),
        known_events=attack.report(),
        identities=reading.identities,
    )


def _spooled(
    transform: TableTransform,
    reading: measuring.Reading,
    attack: KnownEvents,
    source: TableSource,
    folder: Path | None,
) -> tuple[Rows, list[str]]:
    """Stream the source through the transform; of it only what whole-column operators need is held."""
    spool = Spool(folder)
    names = [column.name for column in source.columns]
    needed = transform.needed(names)
    held: list[pa.Table] = []
    start = 0
    for batch in source.batches():
        reading.add(batch)
        table = pa.Table.from_batches([batch])
        if needed:
            held.append(table.select(needed))
        made = transform.streamed(table, start)
        attack.add(table, made)
        spool.add(_with_rows(made, batch.num_rows))
        start += batch.num_rows
    if not start:
        empty = pa.table({name: pa.array([], pa.string()) for name in names})
        held.append(empty.select(needed))
        spool.add(_with_rows(transform.streamed(empty, 0), 0))
    if not needed:
        return spool, []
    whole = transform.whole(pa.concat_tables(held, promote_options="permissive"))
    return _Replaced(spool, whole, [step.column.output for step in transform.steps]), needed


def _with_rows(batch: pa.RecordBatch, rows: int) -> pa.RecordBatch:
    """Give a batch without any column its rows back, which Arrow would forget."""
    if batch.num_columns or not rows:
        return batch
    return pa.RecordBatch.from_arrays([pa.nulls(rows)], names=[_NO_COLUMN])


_NO_COLUMN = "\x00rows"


@dataclass(frozen=True, slots=True)
class _Replaced:
    """Rows of which some columns come from memory.

    ``order`` names all columns; without it they stand as they did.
    """

    rows: Rows
    columns: Columns
    order: Sequence[str] = ()

    @property
    def schema(self) -> pa.Schema:
        """Return names and types of the columns."""
        before = self.rows.schema
        names = self.order or before.names
        return pa.schema(
            pa.field(name, self.columns[name].type) if name in self.columns else before.field(name)
            for name in names
        )

    @property
    def num_rows(self) -> int:
        """Return the number of rows."""
        return self.rows.num_rows

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Yield the rows, or some of their columns."""
        names = list(self.schema.names if columns is None else columns)
        start = 0
        for batch in self.rows.batches():
            arrays = [
                _flat(self.columns[name].slice(start, batch.num_rows))
                if name in self.columns
                else batch.column(name)
                for name in names
            ]
            yield pa.RecordBatch.from_arrays(arrays, names=names)
            start += batch.num_rows


def _flat(part: pa.Array | pa.ChunkedArray) -> pa.Array:
    if not isinstance(part, pa.ChunkedArray):
        return part
    return part.chunk(0) if part.num_chunks == 1 else pa.concat_arrays(part.chunks)


def _columns(rows: Rows, names: Sequence[str]) -> pa.Table:
    schema = pa.schema([rows.schema.field(name) for name in names])
    return pa.Table.from_batches(rows.batches(names), schema)


def _marked(
    rows: Rows, plan: Plan, keys: Keyring | None, recipient: str
) -> tuple[Rows, dict[str, Any] | None, list[str]]:
    """Mark the recipient's copy when the purpose asks for it (``privacy.fingerprint``)."""
    wanted = plan.privacy.get("fingerprint")
    if not wanted:
        return rows, None, []
    from hushu.anonymize.fingerprint import fingerprint
    from hushu.anonymize.keys import require

    exact = [c.output or c.name for t in plan.tables for c in t.columns if c.params.get("exact")]
    row_key = [wanted["row_key"]] if isinstance(wanted["row_key"], str) else list(wanted["row_key"])
    needed = [n for n in dict.fromkeys([*row_key, *wanted["columns"]]) if n in rows.schema.names]
    made = fingerprint(
        _columns(rows, needed),
        recipient=recipient,
        key=require(keys, where="privacy.fingerprint").active,
        row_key=wanted["row_key"],
        columns=wanted["columns"],
        exact=[*exact, *wanted.get("exact", ())],
        scope=plan.purpose.id,
        rate=float(wanted.get("rate", 0.01)),
    )
    changed = {name: made.frame[name] for name in wanted["columns"]}
    return _Replaced(rows, changed), made.record.to_dict(), needed
