"""护数 hushu: find, grade, minimise and account for personal data before a city shares it.

The public library. Every name is loaded when it is first used, so ``import hushu`` stays cheap.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_PUBLIC = {
    "scan": "hushu.classify.scan",
    "find": "hushu.classify.text",
    "diff": "hushu.rules.changes",
    "plan": "hushu.anonymize.planning",
    "apply": "hushu.anonymize.applying",
    "verify": "hushu.anonymize.verifying",
    "redact": "hushu.anonymize.redaction",
    "tabulate": "hushu.anonymize.privacy.tabulating",
    "k_anonymize": "hushu.anonymize.privacy.kanonymity",
    "risk": "hushu.anonymize.privacy.risk",
    "query": "hushu.anonymize.query",
    "trace": "hushu.anonymize.fingerprint",
    "report": "hushu.reports.report",
}

__all__ = ["__version__", *sorted(_PUBLIC)]


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        return getattr(import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'hushu' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
