"""Reading a certificate so that every section finds the shape it expects, whatever the file holds.

A part that is missing or of another kind becomes an empty one: the report then says that it is
unknown. Nothing is filled in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hushu.errors import InputError
from hushu.model import Release

_RISK: dict[str, Any] = {
    "prosecutor": {},
    "journalist": {},
    "histogram": {},
    "quasi_identifiers": [""],
    "riskiest_columns": [{}],
    "standards": [{}],
}
_SHAPE: dict[str, Any] = {
    "purpose": {},
    "key_ids": [""],
    "input": {"tables": [{"columns": [""]}]},
    "output": {"files": [{"columns": [""]}]},
    "risk": {"before": _RISK, "after": _RISK},
    "privacy": {},
    "counts": [{}],
    "verification": {"checks": [{}]},
    "ledger": {},
}


def certificate_of(release: Release | Mapping[str, Any] | str | Path | None) -> Mapping[str, Any] | None:
    """Return the certificate of a release, of a release folder, or as given; None for None.

    Raises:
        InputError: HS-E281, the file is missing or holds no certificate.
    """
    if release is None:
        return None
    if isinstance(release, Release):
        release = release.certificate
    if not isinstance(release, Mapping):
        release = _read(Path(release))
    shaped: Mapping[str, Any] = _shaped(release, _SHAPE)
    return shaped


def _read(path: Path) -> Mapping[str, Any]:
    file = path / "certificate.json" if path.is_dir() else path
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as problem:
        raise _no_certificate(file, type(problem).__name__) from None
    if not isinstance(found, dict) or "verification" not in found:
        raise _no_certificate(file, "it holds no certificate")
    return found


def _no_certificate(file: Path, why: str) -> InputError:
    return InputError(
        "the certificate of the release cannot be read",
        where=str(file),
        why=why,
        fix="hushu apply PLAN SOURCE -o RELEASE_DIR",
        code="HS-E281",
    )


def _shaped(value: Any, like: Any) -> Any:
    if isinstance(like, dict):
        known = value if isinstance(value, Mapping) else {}
        return {**known, **{key: _shaped(known.get(key), inner) for key, inner in like.items()}}
    if isinstance(like, list):
        items = value if isinstance(value, list | tuple) else []
        return [_shaped(item, like[0]) for item in items if isinstance(item, Mapping | str)]
    return str(value)
