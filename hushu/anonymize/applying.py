"""Applying a plan: the release, and the certificate that lets a third person check it unseen.

A frame gives a frame of the same kind; a source on disk or in a database gives a folder that
appears whole or not at all. Nothing is published before the re-scan and the risk gate hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from hushu.anonymize import certificates, gates, measuring
from hushu.anonymize.counted import counted, release_names, specs_of
from hushu.anonymize.countgates import check_counts
from hushu.anonymize.gates import own_identifiers
from hushu.anonymize.grouping import grouped
from hushu.anonymize.keys import Keyring
from hushu.anonymize.minimised import Minimised
from hushu.anonymize.ordering import by_content
from hushu.anonymize.planfile import read_plan
from hushu.anonymize.populations import against_population, check_presence, population_rows
from hushu.anonymize.privacy.tabulating import Tabulation
from hushu.anonymize.redaction import as_keyring
from hushu.anonymize.transforming import TableTransform, compile_table
from hushu.errors import ConfigError, OutputError
from hushu.io.contract import Source, TableSource
from hushu.model import Plan, PlanTable, Release

Progress = Callable[[str], None]
_FORMATS = {".parquet": ".parquet", ".jsonl": ".jsonl"}


def apply(
    plan: Plan | str | Path,
    source: Any,
    *,
    key: Any = None,
    out: str | Path | None = None,
    recipient: str | None = None,
    ledger: str | Path | None = None,
    on_progress: Progress | None = None,
) -> Release:
    """Return the release of a source under a plan.

    Args:
        plan: a plan or the path of ``plan.yaml``.
        source: a frame, or whatever :func:`hushu.scan` reads.
        key: a key, key ring or key file; needed when the plan holds pseudonyms.
        out: the folder to write ``data.*`` and ``certificate.json`` to; needed unless ``source`` is a frame.
        recipient: whom this copy is for; default: the purpose's.
        ledger: the release is recorded there.
        on_progress: called with the name of each table.

    Returns:
        A release: ``.frame`` of the kind that came in, or ``.path``; and ``.certificate``.

    Raises:
        ConfigError: HS-E135, the plan was made for another schema.
        KeyMaterialError: HS-E401, a key is needed and none was given.
        PolicyError: HS-E320, the result does not hold; nothing was published.
        OutputError: HS-E511, the folder is taken.

    Example:
        >>> apply("plan.yaml", "town.sqlite", out="release", key="key.txt")  # doctest: +SKIP
    """
    from hushu.io.frames import is_frame

    if not isinstance(plan, Plan | str | Path):
        raise ConfigError(
            "this is not a plan",
            where=type(plan).__name__,
            fix="pass what hushu.plan returned, or the path of plan.yaml",
            code="HS-E133",
        )
    chosen = plan if isinstance(plan, Plan) else read_plan(plan)
    whom = recipient or chosen.purpose.recipient
    keys = as_keyring(key)
    if is_frame(source) and out is None:
        return _frame_release(chosen, source, keys, whom, ledger)
    if out is None:
        raise ConfigError(
            "a release needs a folder to go to", where="out", fix="name one with -o or out=", code="HS-E138"
        )
    return _folder_release(chosen, source, keys, whom, Path(out), ledger, on_progress or _silent)


def _silent(_text: str) -> None:
    return None


def _frame_release(
    plan: Plan, frame: Any, keys: Keyring | None, recipient: str, ledger: str | Path | None
) -> Release:
    from hushu.io.frames import like
    from hushu.io.sources import open_source

    if len(plan.tables) != 1:
        raise ConfigError(
            "the plan speaks of several tables and the source is one frame",
            where=", ".join(t.name for t in plan.tables),
            fix="plan from an inventory of this frame alone",
            code="HS-E139",
        )
    opened = open_source(frame)
    table = next(iter(opened.tables()))
    done = minimise(plan, plan.tables[0], table, keys, recipient, ledger)
    if len(done.outputs) > 1:
        raise ConfigError(
            "several tables of counts cannot be one frame",
            where=", ".join(done.outputs),
            fix="name a folder with out=, or ask for one table",
            code="HS-E138",
        )
    checks = _checks(plan, [done])
    gates.require(checks)
    certificate = certificates.certificate(
        plan, [done], [], checks, recipient=recipient, source=opened.label, keys=keys
    )
    _recorded(certificate, ledger, [done])
    return Release(certificate=certificate, frame=like(frame, next(iter(done.outputs.values()))))


def _checks(plan: Plan, done: Sequence[Minimised]) -> tuple[gates.Check, ...]:
    """Return every check of what would leave: rows against their plan, counts against what was asked."""
    rows = gates.check_tables(plan, {item.name: item.rows for item in done if not item.counts})
    counts = [
        check
        for item in done
        for name, made in item.counts.items()
        for check in check_counts(name, made.frame, made.spec)
    ]
    presence = [item.presence for item in done if item.presence is not None]
    return (*rows, *counts, *presence, *(item.clashes for item in done))


def _folder_release(
    plan: Plan,
    source: Any,
    keys: Keyring | None,
    recipient: str,
    out: Path,
    ledger: str | Path | None,
    on_progress: Progress,
) -> Release:
    from hushu.io.atomic import atomic_folder, atomic_write
    from hushu.io.sources import open_source

    opened = open_source(source, sample="all")
    try:
        with atomic_folder(out) as folder:
            done = list(_minimised(plan, opened, keys, recipient, ledger, on_progress))
            leaving = {name: rows for item in done for name, rows in item.outputs.items()}
            files = [
                _written(folder, name, rows, len(leaving) == 1, _suffix(source))
                for name, rows in leaving.items()
            ]
            on_progress("verify")
            checks = _checks(plan, done)
            gates.require(checks)
            certificate = certificates.certificate(
                plan, done, files, checks, recipient=recipient, source=opened.label, keys=keys
            )
            with atomic_write(folder / "certificate.json") as handle:
                handle.write(certificates.as_json(certificate))
            # The record comes before the release: a release that nobody recorded must not exist.
            _recorded(certificate, ledger, done)
    finally:
        opened.close()
    return Release(certificate=certificate, path=str(out))


def _minimised(
    plan: Plan,
    source: Source,
    keys: Keyring | None,
    recipient: str,
    ledger: str | Path | None,
    on_progress: Progress,
) -> Iterator[Minimised]:
    wanted = {table.name: table for table in plan.tables if any(c.action != "drop" for c in table.columns)}
    if not wanted:
        raise OutputError(
            "the plan lets nothing leave",
            where="plan",
            fix="name at least one item in the purpose",
            code="HS-E514",
        )
    for table in source.tables():
        if table.name in wanted:
            on_progress(table.name)
            yield minimise(plan, wanted.pop(table.name), table, keys, recipient, ledger)
    if wanted:
        raise ConfigError(
            "the source lacks tables that the plan needs",
            where=", ".join(wanted),
            why="the plan was made for another source",
            fix="scan this source and make the plan anew",
            code="HS-E135",
        )


def minimise(
    plan: Plan,
    planned: PlanTable,
    source: TableSource,
    keys: Keyring | None,
    recipient: str,
    ledger: str | Path | None,
) -> Minimised:
    """Return one table as it may leave: counted, or grouped and sorted with its risks before and after."""
    specs = specs_of(plan, planned)
    present = [column.name for column in source.columns]
    transform = compile_table(planned, plan.purpose, recipient, keys, present)
    reading = measuring.Reading(planned, present, plan.privacy)
    rows = _transformed(transform, reading, source)
    before = reading.risk()
    if specs:
        made = counted(rows, plan, transform, specs, keys, ledger)
        counts = dict(zip(release_names(specs, planned.name), made, strict=True))
        return Minimised(
            name=planned.name,
            rows=rows.schema.empty_table(),
            transform=transform,
            source_sha256=reading.digest(),
            source_rows=reading.rows,
            unplanned=_unplanned(planned, present),
            risk_before=before,
            risk_after=None,
            suppressed=0,
            loss=None,
            fingerprint=None,
            clashes=_no_clashes(counts, planned, reading),
            counts=counts,
        )
    after = measuring.risk_of(rows, planned, plan.privacy)
    everybody = population_rows(plan.privacy, transform, planned)
    recoded = grouped(rows, planned, plan.privacy, everybody)
    marked, record = _marked(recoded.rows, plan, keys, recipient)
    final = by_content(marked) if transform.reorders else marked
    clashes = own_identifiers(final, planned, reading.identifiers())
    if recoded.changed:
        after = measuring.risk_of(final, planned, plan.privacy)
    if recoded.match is not None:
        after = against_population(after or {}, recoded.match)
    return Minimised(
        name=planned.name,
        rows=final,
        transform=transform,
        source_sha256=reading.digest(),
        source_rows=reading.rows,
        unplanned=_unplanned(planned, present),
        risk_before=before,
        risk_after=after,
        suppressed=recoded.suppressed,
        loss=recoded.loss,
        fingerprint=record,
        clashes=clashes,
        presence=check_presence(planned.name, plan.privacy, recoded.match),
    )


def _unplanned(planned: PlanTable, present: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in present if name not in {c.name for c in planned.columns})


def _no_clashes(
    counts: Mapping[str, Tabulation], planned: PlanTable, reading: measuring.Reading
) -> gates.Check:
    """Check that no category is a name or number of the source's persons."""
    found = [own_identifiers(made.frame, planned, reading.identifiers()) for made in counts.values()]
    return next((check for check in found if not check.holds), found[0])


def _marked(
    rows: pa.Table, plan: Plan, keys: Keyring | None, recipient: str
) -> tuple[pa.Table, dict[str, Any] | None]:
    """Mark the recipient's copy when the purpose asks for it (``privacy.fingerprint``)."""
    wanted = plan.privacy.get("fingerprint")
    if not wanted:
        return rows, None
    from hushu.anonymize.fingerprint import fingerprint
    from hushu.anonymize.keys import require

    exact = [c.output or c.name for t in plan.tables for c in t.columns if c.params.get("exact")]
    made = fingerprint(
        rows,
        recipient=recipient,
        key=require(keys, where="privacy.fingerprint").active,
        row_key=wanted["row_key"],
        columns=wanted["columns"],
        exact=[*exact, *wanted.get("exact", ())],
        scope=plan.purpose.id,
        rate=float(wanted.get("rate", 0.01)),
    )
    return made.frame, made.record.to_dict()


def _transformed(transform: TableTransform, reading: measuring.Reading, source: TableSource) -> pa.Table:
    """Stream the source through the transform; only what leaves is kept."""
    batches: list[pa.Table] = []
    start = 0
    for batch in source.batches():
        reading.add(batch)
        table = pa.Table.from_batches([batch])
        batches.append(table if transform.whole else transform(table, start))
        start += batch.num_rows
    if not batches:
        empty = pa.table({column.name: pa.array([], pa.string()) for column in source.columns})
        return transform(empty)
    joined = pa.concat_tables(batches, promote_options="permissive")
    return transform(joined) if transform.whole else joined


def _suffix(source: Any) -> str:
    return (
        _FORMATS.get(Path(str(source)).suffix.lower(), ".csv") if isinstance(source, str | Path) else ".csv"
    )


def _written(folder: Path, name: str, rows: pa.Table, alone: bool, suffix: str) -> dict[str, Any]:
    from hushu.io.digest import file_sha256
    from hushu.io.writers import write_table

    safe = name.replace("/", "_").replace("\\", "_")
    path = folder / (f"data{suffix}" if alone else f"data.{safe}{suffix}")
    write_table(path, rows.to_batches(), rows.schema)
    return {
        "name": path.name,
        "table": name,
        "rows": rows.num_rows,
        "columns": rows.column_names,
        "sha256": file_sha256(path),
    }


def _recorded(certificate: dict[str, Any], ledger: str | Path | None, done: Sequence[Minimised]) -> None:
    if ledger is None:
        return
    from hushu.io.ledger import append

    kept = [dict(made.kept) for item in done for made in item.counts.values() if made.kept]
    append(
        ledger,
        {
            "kind": "release",
            "what": certificate["purpose"]["id"],
            "recipient": certificate["recipient"],
            "certificate_sha256": certificates.digest(certificate),
            "plan_sha256": certificate["plan_sha256"],
            "rows": sum(table["rows"] for table in certificate["output"]["tables"]),
            "key_ids": certificate["key_ids"],
            "fingerprint": certificate["fingerprint"],
            **({"count_tables": kept} if kept else {}),
        },
    )
