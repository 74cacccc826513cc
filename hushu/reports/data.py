"""The report as JSON: the view model itself, for machines."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import Any

from hushu.reports.view import View

SCHEMA = "hushu.report/1"


def render(view: View) -> bytes:
    """Return the report as UTF-8 JSON, ``hushu.report/1``; every block names its kind."""
    document = {"schema": SCHEMA, **_plain(view)}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        kind = getattr(value, "kind", None)
        named = {"kind": kind} if kind else {}
        return named | {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value
