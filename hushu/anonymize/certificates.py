"""The certificate of a release: what a third person needs to check it without seeing the data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from hushu import __version__
from hushu.anonymize.gates import Check
from hushu.anonymize.keys import Keyring
from hushu.anonymize.minimised import Minimised
from hushu.anonymize.planfile import plan_digest
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
                {"name": name, "rows": rows.num_rows, "columns": rows.column_names}
                for t in tables
                for name, rows in t.outputs.items()
            ],
        },
        "columns": [_column(t.name, c) for t in tables for c in t.transform.table.columns],
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
    data["sha256"] = seal(data)
    return data


def as_json(data: dict[str, Any]) -> bytes:
    """Return the certificate as stable, readable UTF-8 JSON."""
    return (json.dumps(data, ensure_ascii=False, indent=1, default=str) + "\n").encode("utf-8")


def seal(data: dict[str, Any]) -> str:
    """Return the SHA-256 over everything the certificate states, its own seal left out."""
    stated = {key: value for key, value in data.items() if key != "sha256"}
    text = json.dumps(stated, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def digest(data: dict[str, Any]) -> str:
    """Return the SHA-256 of the certificate's file."""
    return hashlib.sha256(as_json(data)).hexdigest()


def _column(table: str, column: PlanColumn) -> dict[str, Any]:
    return {
        "table": table,
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
    }


def _keyed(tables: Sequence[Minimised]) -> bool:
    return any(
        t.fingerprint or _rounded(t) or any(s.operator.needs_key for s in t.transform.steps) for t in tables
    )


def _rounded(table: Minimised) -> bool:
    return any(made.spec.protection == "rounding" for made in table.counts.values())


def _risk(tables: Sequence[Minimised]) -> dict[str, Any]:
    """The table at the highest risk speaks for the release; each table's own figures stand beside it."""
    by_table = {t.name: {"before": t.risk_before, "after": t.risk_after} for t in tables}
    worst = max(
        tables, key=lambda t: (t.risk_after or {}).get("prosecutor", {}).get("max", 0.0), default=None
    )
    return {
        "before": worst.risk_before if worst else None,
        "after": worst.risk_after if worst else None,
        "tables": by_table,
    }
