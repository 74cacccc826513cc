"""One table through its plan, in memory that does not grow with its rows.

The source streams by once: what leaves goes to a spool, what is measured is counted. Whole columns
are in memory only where an operator, group privacy or a fingerprint must see them at once, and only
those. Then the rows are brought into an order that tells nothing. A table that leaves as counts is held
by the columns that they are made of, and none of its rows leaves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from hushu.anonymize import measuring
from hushu.anonymize.counted import counted, release_names, specs_of
from hushu.anonymize.countgates import inspected
from hushu.anonymize.grouping import grouped, grouped_columns
from hushu.anonymize.keys import Keyring
from hushu.anonymize.known_events import KnownEvents
from hushu.anonymize.minimised import Minimised
from hushu.anonymize.ordering import by_content
from hushu.anonymize.populations import population_rows
from hushu.anonymize.transforming import TableTransform, compile_table
from hushu.io.contract import TableSource
from hushu.io.spooling import Held, Rows, Spool
from hushu.model import Plan, PlanTable
from hushu.rules.counttables import CountSpec

Columns = Mapping[str, pa.Array | pa.ChunkedArray]


def minimise(
    plan: Plan,
    planned: PlanTable,
    source: TableSource,
    keys: Keyring | None,
    recipient: str,
    ledger: str | Path | None = None,
    folder: Path | None = None,
) -> Minimised:
    """Return one table as it may leave: counted, or grouped and ordered, with its risk before.

    Args:
        plan: purpose and targets.
        planned: the plan of this table.
        source: its rows.
        keys: the key ring, or None.
        recipient: whom the release is for.
        ledger: where earlier tables of counts and their budget stand; None knows of none.
        folder: where rows go that outgrow memory; None keeps them all.
    """
    specs = specs_of(plan, planned)
    present = [column.name for column in source.columns]
    transform = compile_table(planned, plan.purpose, recipient, keys, present)
    reading = measuring.Reading(planned, present, plan.privacy, folder)
    attack = KnownEvents(transform)
    rows, held = _spooled(transform, reading, attack, source, folder)
    read = Minimised(
        name=planned.name,
        rows=rows,
        transform=transform,
        source_sha256=reading.digest(),
        source_rows=reading.rows,
        unplanned=tuple(name for name in present if name not in {c.name for c in planned.columns}),
        risk_before=reading.risk(),
        suppressed=0,
        loss=None,
        fingerprint=None,
        held=tuple(held),
        known_events=attack.report(),
        identities=reading.identities,
    )
    if specs:
        return _counted(read, specs, keys, ledger)
    return _ordered(_marked(_grouped(read, plan), plan, keys, recipient), folder)


def _counted(
    read: Minimised, specs: Sequence[CountSpec], keys: Keyring | None, ledger: str | Path | None
) -> Minimised:
    """Return the tables of counts in place of the rows."""
    table = read.transform.table
    names = release_names(specs, table.name)
    used = {name for spec in specs for name in (*spec.dimensions, spec.measure)}
    rows = _columns(read.rows, [name for name in read.rows.schema.names if name in used])
    made = dict(zip(names, counted(rows, read.transform, specs, keys, ledger), strict=True))
    return replace(
        read,
        rows=Held(rows.schema.empty_table()),
        held=_once(read.held, rows.column_names),
        known_events={},  # no row leaves that a known event could single out
        counts=made,
        outcome=inspected(made, table, read.identities),
    )


def _grouped(read: Minimised, plan: Plan) -> Minimised:
    """Recode the quasi-identifiers where the purpose asks for group privacy."""
    table, privacy = read.transform.table, plan.privacy
    quasi, protected = grouped_columns(read.rows.schema.names, table, privacy)
    if not quasi:
        return read
    everybody = population_rows(privacy, read.transform, table)
    recoded = grouped(_columns(read.rows, [*quasi, *protected]), quasi, protected, table, privacy, everybody)
    return replace(
        read,
        rows=_Replaced(read.rows, recoded.columns),
        suppressed=recoded.suppressed,
        loss=recoded.loss,
        match=recoded.match,
        held=_once(read.held, quasi, protected),
    )


def _ordered(made: Minimised, folder: Path | None) -> Minimised:
    """Bring the rows into an order that tells nothing, where their own would tell too much."""
    return replace(made, rows=by_content(made.rows, folder)) if made.transform.reorders else made


def _once(*names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for some in names for name in some))


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


def _marked(made: Minimised, plan: Plan, keys: Keyring | None, recipient: str) -> Minimised:
    """Mark the recipient's copy when the purpose asks for it (``privacy.fingerprint``)."""
    wanted = plan.privacy.get("fingerprint")
    if not wanted:
        return made
    from hushu.anonymize.fingerprint import fingerprint
    from hushu.anonymize.keys import require

    exact = [c.output or c.name for t in plan.tables for c in t.columns if c.params.get("exact")]
    row_key = [wanted["row_key"]] if isinstance(wanted["row_key"], str) else list(wanted["row_key"])
    needed = [n for n in dict.fromkeys([*row_key, *wanted["columns"]]) if n in made.rows.schema.names]
    marked = fingerprint(
        _columns(made.rows, needed),
        recipient=recipient,
        key=require(keys, where="privacy.fingerprint").active,
        row_key=wanted["row_key"],
        columns=wanted["columns"],
        exact=[*exact, *wanted.get("exact", ())],
        scope=plan.purpose.id,
        rate=float(wanted.get("rate", 0.01)),
    )
    changed = {name: marked.frame[name] for name in wanted["columns"]}
    return replace(
        made,
        rows=_Replaced(made.rows, changed),
        fingerprint=marked.record.to_dict(),
        held=_once(made.held, needed),
    )
