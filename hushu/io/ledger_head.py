"""What is known of a ledger outside of it: its head, kept beside it, and anchors kept elsewhere.

A chain that is cut off at its end is whole again; only somebody who remembers a later entry can tell.
``ledger.jsonl.head`` remembers the last one; certificates and heads written down elsewhere remember
theirs. Whoever can rewrite the ledger, its head and every anchor can cut it off unnoticed: keep
certificates, or the line of ``hushu ledger head``, where the keeper of the ledger cannot write.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hushu.errors import ConfigError, LedgerError
from hushu.io.atomic import atomic_write

SCHEMA = "hushu.ledger-head/1"
_WRITTEN = re.compile(r"(\d+):([0-9a-f]{64})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """What somebody knows of a ledger: the digest of an entry, or that a certificate is recorded in it.

    ``name`` says who knows it; ``entries`` and ``sha256`` are 0 and empty when only the certificate
    is known.
    """

    name: str
    entries: int = 0
    sha256: str = ""
    certificate_sha256: str = ""


@dataclass(slots=True)
class Anchors:
    """Anchors held against a ledger, entry by entry.

    ``reached`` is the last entry that an anchor vouches for, and thereby for all before it.
    """

    known: Sequence[Anchor]
    reached: int = 0
    _missing: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self._missing = {a.certificate_sha256: a.name for a in self.known if a.certificate_sha256}

    def meet(self, record: Mapping[str, Any]) -> str:
        """Return why an entry that holds by itself contradicts an anchor, or nothing."""
        for anchor in self.known:
            if anchor.sha256 and anchor.entries == record["seq"]:
                if anchor.sha256 != record["sha256"]:
                    return f"{anchor.name} knows another entry here: it was rewritten from here or before"
                self.reached = record["seq"]
        if record.get("certificate_sha256") in self._missing:
            del self._missing[record["certificate_sha256"]]
            self.reached = record["seq"]
        return ""

    def end(self, entries: int) -> str:
        """Return why a ledger that ends after so many entries was cut off, or nothing."""
        beyond = max((a for a in self.known if a.sha256), key=lambda a: a.entries, default=None)
        if beyond is not None and beyond.entries > entries:
            return f"the end was cut off: {beyond.name} knows {beyond.entries} entries, {entries} are here"
        if self._missing:
            return f"{min(self._missing.values())} is not recorded: cut off, or of another ledger"
        return ""


def read_head(ledger: Path) -> Iterator[Anchor]:
    """Yield what the head beside a ledger says; nothing when there is none.

    Raises:
        LedgerError: HS-E703, the head is there and says nothing that makes sense.
    """
    path = _path(ledger)
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError):
        text = ""
    try:
        data = json.loads(text)
        anchor = Anchor(name=path.name, entries=int(data["entries"]), sha256=str(data["sha256"]))
    except (ValueError, KeyError, TypeError):
        raise LedgerError(
            "the head of the ledger cannot be read",
            where=str(path),
            why="it was edited or damaged",
            fix="remove it, then compare: hushu ledger verify FILE --certificate RELEASE_DIR",
            code="HS-E703",
        ) from None
    yield anchor


def write_head(ledger: Path, entries: int, sha256: str) -> None:
    """Remember a ledger's last entry beside it, whole and at once."""
    with atomic_write(_path(ledger), "w") as stream:
        json.dump({"schema": SCHEMA, "entries": entries, "sha256": sha256}, stream)
        stream.write("\n")


def parse_head(text: str) -> Anchor:
    """Return the anchor that ``hushu ledger head`` printed: ``12:`` and the digest of entry 12.

    Raises:
        ConfigError: HS-E105, the text is none.

    Example:
        >>> parse_head("12:" + "0" * 64).entries
        12
    """
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        raise ConfigError(
            "this is no head of a ledger",
            where=f"--head {text}",
            fix="give the line that hushu ledger head printed: NUMBER:DIGEST",
            code="HS-E105",
        )
    return Anchor(name=f"--head {found[1]}", entries=int(found[1]), sha256=found[2])


def _path(ledger: Path) -> Path:
    return ledger.with_name(f"{ledger.name}.head")
