"""Applying a plan: the release, and the certificate that lets a third person check it unseen.

A frame gives a frame of the same kind; a source on disk or in a database gives a folder that
appears whole or not at all. Nothing is published before the re-scan and the risk gate hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from hushu.anonymize import certificates, gates
from hushu.anonymize.counted import release_names, specs_of
from hushu.anonymize.keys import Keyring
from hushu.anonymize.minimised import Minimised
from hushu.anonymize.minimising import minimise
from hushu.anonymize.planfile import read_plan
from hushu.anonymize.populations import against_population
from hushu.anonymize.redaction import as_keyring
from hushu.errors import ConfigError, OutputError
from hushu.io.contract import Source
from hushu.io.spooling import Rows
from hushu.model import Plan, Release

Progress = Callable[[str], None]
Write = Callable[[str, Iterator[pa.RecordBatch], pa.Schema], None]
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
    if len(specs := specs_of(plan, plan.tables[0])) > 1:
        raise ConfigError(
            "several tables of counts cannot be one frame",
            where=", ".join(release_names(specs, plan.tables[0].name)),
            fix="name a folder with out=, or ask for one table",
            code="HS-E138",
        )
    kept: dict[str, pa.Table] = {}

    def keep(name: str, batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> None:
        kept[name] = pa.Table.from_batches(batches, schema)

    done = _handed_out(plan, minimise(plan, plan.tables[0], table, keys, recipient, ledger), keep)
    (rows,) = kept.values()
    gates.require(_checks([done]))
    certificate = certificates.certificate(
        plan,
        [done],
        [],
        _checks([done]),
        recipient=recipient,
        source=opened.label,
        keys=keys,
        ledger=ledger,
    )
    _recorded(certificate, ledger, [done])
    return Release(certificate=certificate, frame=like(frame, rows))


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
            done: list[Minimised] = []
            files: list[dict[str, Any]] = []
            with _workplace(folder) as work:
                for item in _minimised(plan, opened, keys, recipient, ledger, work, on_progress):
                    on_progress(f"{item.name} → {_suffix(source)}")
                    write = partial(_written, folder, _suffix(source), files)
                    done.append(_handed_out(plan, item, write, work))
            _alone(folder, files)
            gates.require(_checks(done))
            certificate = certificates.certificate(
                plan,
                done,
                files,
                _checks(done),
                recipient=recipient,
                source=opened.label,
                keys=keys,
                ledger=ledger,
            )
            with atomic_write(folder / "certificate.json") as handle:
                handle.write(certificates.as_json(certificate))
            # The record comes before the release: a release that nobody recorded must not exist.
            _recorded(certificate, ledger, done)
    finally:
        opened.close()
    return Release(certificate=certificate, path=str(out))


@contextmanager
def _workplace(folder: Path) -> Iterator[Path]:
    """Yield a folder for rows that outgrow memory; it is gone before anything is published."""
    import shutil

    work = folder / ".work"
    work.mkdir(mode=0o700)
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _checks(tables: Sequence[Minimised]) -> tuple[gates.Check, ...]:
    return tuple(check for table in tables if table.outcome for check in table.outcome.checks)


def _handed_out(plan: Plan, item: Minimised, write: Write, work: Path | None = None) -> Minimised:
    """Hand on what leaves of a table, with what the gates found; rows are inspected on the way."""
    if item.counts:
        for name, counts in item.outputs.items():
            write(name, counts.batches(), counts.schema)
        return item
    inspection = gates.Inspection(plan, item.name, item.rows.schema, item.identities, work)
    write(item.name, _inspected(item.rows, inspection), item.rows.schema)
    found = against_population(inspection.outcome(), item.name, plan.privacy, item.match)
    return replace(item, outcome=found)


def _inspected(rows: Rows, inspection: gates.Inspection) -> Iterator[pa.RecordBatch]:
    """Hand on the rows as they are written, each batch inspected."""
    for batch in rows.batches():
        inspection.add(batch)
        yield batch


def _minimised(
    plan: Plan,
    source: Source,
    keys: Keyring | None,
    recipient: str,
    ledger: str | Path | None,
    work: Path,
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
            place = work / str(len(wanted))
            place.mkdir()
            yield minimise(plan, wanted.pop(table.name), table, keys, recipient, ledger, place)
    if wanted:
        raise ConfigError(
            "the source lacks tables that the plan needs",
            where=", ".join(wanted),
            why="the plan was made for another source",
            fix="scan this source and make the plan anew",
            code="HS-E135",
        )


def _suffix(source: Any) -> str:
    return (
        _FORMATS.get(Path(str(source)).suffix.lower(), ".csv") if isinstance(source, str | Path) else ".csv"
    )


def _written(
    folder: Path,
    suffix: str,
    files: list[dict[str, Any]],
    name: str,
    batches: Iterator[pa.RecordBatch],
    schema: pa.Schema,
) -> None:
    """Write one table, and its line of the certificate; what does not hold is removed with the folder."""
    from hushu.io.digest import file_sha256
    from hushu.io.writers import write_table

    path = _free(folder, name.replace("/", "_").replace("\\", "_"), suffix)
    rows = write_table(path, batches, schema)
    files.append(
        {
            "name": path.name,
            "table": name,
            "rows": rows,
            "columns": schema.names,
            "sha256": file_sha256(path),
        }
    )


def _free(folder: Path, name: str, suffix: str) -> Path:
    """Return a place that no other table of the release has: ``a/b`` and ``a_b`` would share one."""
    path, number = folder / f"data.{name}{suffix}", 2
    while path.exists():
        path, number = folder / f"data.{name}_{number}{suffix}", number + 1
    return path


def _alone(folder: Path, files: Sequence[dict[str, Any]]) -> None:
    """A release of one table is called ``data``, whatever the table is called."""
    if len(files) == 1:
        path = folder / files[0]["name"]
        files[0]["name"] = f"data{path.suffix}"
        path.rename(folder / files[0]["name"])


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
