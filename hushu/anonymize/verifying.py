"""Verifying a release: its files are those of the certificate, and all gates hold anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from hushu.anonymize import gates
from hushu.anonymize.certificates import digest, read_certificate, seal
from hushu.anonymize.countgates import check_counts
from hushu.anonymize.gates import Check
from hushu.anonymize.planfile import plan_digest, read_plan
from hushu.model import Plan, PlanColumn, PlanTable, Purpose, Release
from hushu.rules.counttables import CountSpec, count_spec


@dataclass(frozen=True, slots=True)
class Verification:
    """The outcome: whether the release holds, and each check."""

    holds: bool
    checks: tuple[Check, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the verification as JSON-ready data."""
        return {"holds": self.holds, "checks": [check.to_dict() for check in self.checks]}


def verify(
    release: Release | str | Path,
    plan: Plan | str | Path | None = None,
    *,
    ledger: str | Path | None = None,
) -> Verification:
    """Check a release folder against its certificate, and against plan and ledger when they are given.

    Args:
        release: the folder with ``data.*`` and ``certificate.json``, or the release that wrote it.
        plan: the plan it was made from; without it the certificate's own columns are taken.
        ledger: the ledger it was recorded in; it tells an edited certificate from the one that was issued.

    Raises:
        InputError: HS-E201 no such folder or certificate; HS-E244 the certificate is not one.

    Example:
        >>> verify("release").holds  # doctest: +SKIP
        True
    """
    folder = Path(release.path if isinstance(release, Release) else release)
    certificate = read_certificate(folder / "certificate.json")
    chosen = plan if plan is None or isinstance(plan, Plan) else read_plan(plan)
    checks = [*_files(folder, certificate), _sealed(certificate)]
    if ledger is not None:
        checks.append(_recorded(certificate, ledger))
    if chosen is not None:
        same = plan_digest(chosen) == certificate.get("plan_sha256")
        checks.append(
            Check("plan", same, "the certificate's plan" if same else "another plan than the certificate's")
        )
    checks += _tables(folder, certificate, chosen or _certified_plan(certificate))
    return Verification(all(check.holds for check in checks), tuple(checks))


def _sealed(certificate: dict[str, Any]) -> Check:
    same = certificate.get("sha256") == seal(certificate)
    return Check("certificate", same, "unchanged" if same else "edited since it was issued")


def _recorded(certificate: dict[str, Any], ledger: str | Path) -> Check:
    from hushu.io.ledger import entries

    known = {entry.get("certificate_sha256") for entry in entries(ledger) if entry.get("kind") == "release"}
    there = digest(certificate) in known
    return Check(
        "ledger", there, "the ledger has this certificate" if there else "the ledger has no such certificate"
    )


def _files(folder: Path, certificate: Mapping[str, Any]) -> list[Check]:
    from hushu.io.digest import file_sha256

    certified = {file["name"]: file["sha256"] for file in certificate["output"]["files"]}
    present = {path.name for path in folder.iterdir() if path.is_file()} - {"certificate.json"}
    extra, missing = sorted(present - set(certified)), sorted(set(certified) - present)
    checks = [
        Check(
            "files",
            not extra and not missing,
            ", ".join([*(f"+{n}" for n in extra), *(f"-{n}" for n in missing)]) or "as certified",
        )
    ]
    for name in sorted(set(certified) & present):
        same = file_sha256(folder / name) == certified[name]
        checks.append(
            Check(
                "sha256", same, f"{name}: " + ("as certified" if same else "changed since it was certified")
            )
        )
    return checks


def _tables(folder: Path, certificate: Mapping[str, Any], plan: Plan) -> list[Check]:
    from hushu.errors import HushuError

    counts = {made["name"]: made for made in certificate.get("counts") or ()}
    checks: list[Check] = []
    for file in certificate["output"]["files"]:
        path, name = folder / file["name"], file["table"]
        if not path.is_file():
            continue
        try:
            checks += _audited(path, counts[name]) if name in counts else _inspected(path, name, plan)
        except HushuError as problem:
            checks.append(Check("readable", False, f"{file['name']}: {problem.code}"))
    return checks


def _audited(path: Path, made: Mapping[str, Any]) -> tuple[Check, ...]:
    """Return every check of one table of counts, which is small: its cells are audited anew."""
    spec = count_spec({name: made[name] for name in CountSpec.__slots__ if name in made})
    batches = list(_batches(path))
    if not batches:
        return (Check("counts", False, f"{made['name']}: no cell stands in it"),)
    return check_counts(made["name"], pa.Table.from_batches(batches), spec)


def _inspected(path: Path, name: str, plan: Plan) -> tuple[Check, ...]:
    """Return every check of one file, batch by batch; counts that outgrow memory go to a folder aside."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="hushu-") as aside:
        inspection = None
        for batch in _batches(path):
            inspection = inspection or gates.Inspection(plan, name, batch.schema, None, Path(aside))
            inspection.add(batch)
        return inspection.outcome().checks if inspection else ()


def _batches(path: Path) -> Iterator[pa.RecordBatch]:
    from hushu.io.sources import open_source

    source = open_source(str(path), sample="all")
    try:
        for table in source.tables():
            yield from table.batches()
    finally:
        source.close()


def _certified_plan(certificate: Mapping[str, Any]) -> Plan:
    """Rebuild, from the certificate, what its plan said of the columns."""
    names = dict.fromkeys(column["table"] for column in certificate["columns"])
    return Plan(
        purpose=_purpose(certificate["purpose"]),
        packs=(),
        privacy={
            k: v
            for k, v in certificate.get("privacy", {}).items()
            if k in {"k", "l", "t", "model", "quasi_identifiers"}
        },
        tables=tuple(
            PlanTable(
                name=name,
                columns=tuple(_plan_column(c) for c in certificate["columns"] if c["table"] == name),
            )
            for name in names
        ),
    )


def _plan_column(data: Mapping[str, Any]) -> PlanColumn:
    return PlanColumn(
        name=data["name"],
        type=data["type"],
        action=data["action"],
        operator=data["operator"],
        params=data.get("params", {}),
        grain=data["grain"],
        output=data["output"],
    )


def _purpose(data: Mapping[str, str]) -> Purpose:
    fields = Purpose.__dataclass_fields__
    texts = {name: str(data.get(name, "")) for name in fields if fields[name].type == "str"}
    return Purpose(**texts)  # type: ignore[arg-type]
