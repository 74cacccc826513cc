"""The certificate of a release: what a third person needs to check it without seeing the data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hushu import __version__
from hushu.anonymize.gates import Check
from hushu.anonymize.keys import Keyring
from hushu.anonymize.minimised import Minimised
from hushu.anonymize.planfile import plan_digest
from hushu.errors import InputError
from hushu.io.ledger import head
from hushu.io.ledger_head import Anchor
from hushu.model import Plan, PlanColumn

CERTIFICATE_SCHEMA = "hushu.certificate/1"


def certificate(
    plan: Plan,
    tables: Sequence[Minimised],
    files: Sequence[dict[str, Any]],
    checks: Sequence[Check],
    *,
    recipient: str,
    source: str,
    keys: Keyring | None,
    ledger: str | Path | None = None,
) -> dict[str, Any]:
    """Return the certificate as JSON-ready data: counts, digests, risks, key ids; no value, no key."""
    data: dict[str, Any] = {
        "schema": CERTIFICATE_SCHEMA,
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "tool": f"hushu {__version__}",
        "purpose": {k: v for k, v in asdict(plan.purpose).items() if isinstance(v, str)},
        "recipient": recipient,
        "plan_sha256": plan_digest(plan),
        "inventory_sha256": plan.inventory_sha256,
        "warnings": list(plan.warnings),
        "packs": [asdict(pack) for pack in plan.packs],
        "input": {
            "source": source,
            "tables": [
                {
                    "name": t.name,
                    "rows": t.source_rows,
                    "sha256": t.source_sha256,
                    "unplanned_columns": list(t.unplanned),
                }
                for t in tables
            ],
        },
        "output": {
            "files": list(files),
            "tables": [
                {
                    "name": name,
                    "rows": rows.num_rows,
                    "columns": rows.schema.names,
                    "held_in_memory": list(t.held),
                }
                for t in tables
                for name, rows in t.outputs.items()
            ],
        },
        "columns": [_column(t, c) for t in tables for c in t.transform.table.columns],
        "key_ids": [key.id for key in keys] if keys and _keyed(tables) else [],
        "risk": _risk(tables),
        "privacy": {
            **dict(plan.privacy),
            "suppressed_rows": sum(t.suppressed for t in tables),
            "information_loss": next((t.loss for t in tables if t.loss is not None), None),
        },
        "counts": [
            {"name": name, **made.to_dict(), "table": t.name}
            for t in tables
            for name, made in t.counts.items()
        ],
        "verification": {"holds": all(c.holds for c in checks), "checks": [c.to_dict() for c in checks]},
        "fingerprint": next((t.fingerprint for t in tables if t.fingerprint), None),
    }
    if ledger is not None:
        entry, sha256 = head(ledger)
        data["ledger"] = {"entry": entry, "sha256": sha256}
    data["sha256"] = seal(data)
    return data


def anchor(path: str | Path) -> Anchor:
    """Return what a certificate knows of the ledger it is recorded in.

    Args:
        path: the certificate's file, or the folder of its release.

    Raises:
        InputError: HS-E201 there is none; HS-E244 it is none, or was edited.
    """
    found = read_certificate(path)
    if found.get("sha256") != seal(found):
        raise InputError(
            "the certificate was edited since it was issued",
            where=str(path),
            fix="take the copy that went out with the release",
            code="HS-E244",
        )
    known = found.get("ledger") or {}
    return Anchor(
        name=f"the certificate of {found['purpose'].get('id', '')} for {found['recipient']}",
        entries=int(known.get("entry", 0)),
        sha256=str(known.get("sha256", "")) if known.get("entry") else "",
        certificate_sha256=digest(found),
    )


def read_certificate(path: str | Path) -> dict[str, Any]:
    """Return a certificate, as it stands in its file or in the folder of its release.

    Raises:
        InputError: HS-E201, there is none; HS-E244, it is none.
    """
    file = Path(path)
    file = file / "certificate.json" if file.is_dir() else file
    if not file.is_file():
        raise InputError(
            "no release here",
            where=str(file),
            why="there is no certificate",
            fix="name the folder of hushu apply -o",
            code="HS-E201",
        )
    try:
        data = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        data = None
    if not isinstance(data, dict) or data.get("schema") != CERTIFICATE_SCHEMA or not _whole(data):
        raise InputError(
            "this is not a certificate", where=str(file), fix="apply the plan again", code="HS-E244"
        )
    return data


def as_json(data: dict[str, Any]) -> bytes:
    """Return the certificate as stable, readable UTF-8 JSON."""
    return (json.dumps(data, ensure_ascii=False, indent=1, default=str) + "\n").encode("utf-8")


def _whole(data: dict[str, Any]) -> bool:
    """Tell whether a certificate has the parts that are read; whether they are true is the seal's affair."""
    try:
        files, columns = data["output"]["files"], data["columns"]
        texts = [f[k] for f in files for k in ("name", "table", "sha256")]
        texts += [c[k] for c in columns for k in ("table", "name", "action", "operator", "grain", "output")]
        counts = data.get("counts") or []
        texts += [made["name"] for made in counts]
        parts = [data["purpose"], data["privacy"], data.get("ledger") or {}, *(c["params"] for c in columns)]
        parts += counts
    except (KeyError, TypeError, AttributeError):
        return False
    inside = all("/" not in f["name"] and "\\" not in f["name"] for f in files if isinstance(f["name"], str))
    return inside and all(isinstance(t, str) for t in texts) and all(isinstance(p, dict) for p in parts)


def seal(data: dict[str, Any]) -> str:
    """Return the SHA-256 over everything the certificate states, its own seal left out."""
    stated = {key: value for key, value in data.items() if key != "sha256"}
    text = json.dumps(stated, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def digest(data: dict[str, Any]) -> str:
    """Return the SHA-256 of the certificate's file."""
    return hashlib.sha256(as_json(data)).hexdigest()


def _column(table: Minimised, column: PlanColumn) -> dict[str, Any]:
    known = table.known_events.get(column.output or column.name) if column.action != "drop" else None
    return {
        "table": table.name,
        "name": column.name,
        "output": column.output if column.action != "drop" else "",
        "type": column.type,
        "action": column.action,
        "operator": column.operator,
        "params": dict(column.params),
        "grain": column.grain,
        "why": column.why,
        "reason": column.reason,
        "because": [asdict(reason) for reason in column.because],
        **({"known_event_attack": dict(known)} if known else {}),
    }


def _keyed(tables: Sequence[Minimised]) -> bool:
    return any(
        t.fingerprint or _rounded(t) or any(s.operator.needs_key for s in t.transform.steps) for t in tables
    )


def _rounded(table: Minimised) -> bool:
    return any(made.spec.protection == "rounding" for made in table.counts.values())


def _risk(tables: Sequence[Minimised]) -> dict[str, Any]:
    """The table at the highest risk speaks for the release; each table's own figures stand beside it."""
    by_table = {t.name: {"before": t.risk_before, "after": _after(t)} for t in tables}
    worst = max(tables, key=lambda t: (_after(t) or {}).get("prosecutor", {}).get("max", 0.0), default=None)
    return {
        "before": worst.risk_before if worst else None,
        "after": _after(worst) if worst else None,
        "tables": by_table,
    }


def _after(table: Minimised) -> dict[str, Any] | None:
    return table.outcome.risk if table.outcome else None
