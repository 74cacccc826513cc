"""The ledger: an append-only file of what was done, each entry chained to the one before by SHA-256.

Every line is one JSON object in canonical form (sorted keys, no spaces, UTF-8). ``sha256`` is the
digest of the entry without that field; ``prev_sha256`` repeats the digest of the line before, so
that whoever changes, removes or inserts an entry breaks the chain there. Cutting off the end leaves
a chain that is whole: :mod:`hushu.io.ledger_head` remembers the last entry outside of it.
Entries hold counts, names of columns and digests, never a value of the data.
"""

from __future__ import annotations

import getpass
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from hushu.errors import InputError, LedgerError, OutputError
from hushu.io.ledger_head import Anchor, Anchors, read_head, write_head

GENESIS = "0" * 64
_RESERVED = frozenset({"seq", "at", "prev_sha256", "sha256"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerCheck:
    """What verifying found: how many entries hold, and where and why the chain first breaks.

    ``broken_line`` counts from 1 and is 0 when every entry holds; ``torn`` tells that the last line
    is incomplete, which a crash leaves behind and :func:`repair` mends; ``cut`` that something outside
    the ledger knows entries which are not here. ``anchored`` is the last entry that the head beside
    it, a certificate or a head kept elsewhere vouches for: those after it could have been cut off
    and written anew unnoticed.
    """

    entries: int
    last_sha256: str
    broken_line: int = 0
    why: str = ""
    torn: bool = False
    cut: bool = False
    anchored: int = 0

    @property
    def ok(self) -> bool:
        """Whether every entry holds."""
        return not self.broken_line


def append(path: str | Path, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Add an entry and return it as written, with ``seq``, ``at``, ``who`` and both digests.

    Args:
        path: the ledger; created when it is not there.
        entry: ``kind`` (scan, decision, plan, release, query, ...), ``what``, and counts or digests.

    Raises:
        LedgerError: HS-E701 when the last line is torn, HS-E702 when it does not hold, HS-E703 when
            the head beside it knows more entries: going on would hide that they are gone.
        OutputError: HS-E510 when the file cannot be written.

    Example:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp()) / "ledger.jsonl"
        >>> first = append(file, {"kind": "scan", "what": "people.sqlite", "tables": 3})
        >>> append(file, {"kind": "release", "what": "r1"})["prev_sha256"] == first["sha256"]
        True
    """
    if "kind" not in entry or _RESERVED & set(entry):
        raise ValueError("an entry needs a kind and leaves seq, at and the digests to the ledger")
    _canonical(entry)  # what cannot be written down must not leave an empty ledger behind
    with _locked(Path(path)) as stream:
        last = _last(stream, Path(path))
        _not_cut(Path(path), last)
        record = {
            "seq": last["seq"] + 1 if last else 1,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "who": _who(),
            **entry,
            "prev_sha256": last["sha256"] if last else GENESIS,
        }
        record["sha256"] = entry_sha256(record)
        stream.seek(0, os.SEEK_END)
        stream.write(_canonical(record) + b"\n")
        stream.flush()
        os.fsync(stream.fileno())
        write_head(Path(path), record["seq"], record["sha256"])
    return record


def head(path: str | Path) -> tuple[int, str]:
    """Return the number of the last entry and its digest; 0 and :data:`GENESIS` of a ledger yet to come.

    Raises:
        LedgerError: HS-E701 to HS-E703, as :func:`append`.
    """
    if not Path(path).exists():
        _not_cut(Path(path), None)
        return 0, GENESIS
    with _locked(Path(path)) as stream:
        last = _last(stream, Path(path))
        _not_cut(Path(path), last)
    return (last["seq"], last["sha256"]) if last else (0, GENESIS)


def verify(path: str | Path, anchors: Sequence[Anchor] = ()) -> LedgerCheck:
    """Check every entry of a ledger, and the chain against what is known of it outside.

    Args:
        path: the ledger; the head beside it is taken into account by itself.
        anchors: what certificates and heads kept elsewhere know.

    Raises:
        InputError: HS-E201 when there is no such file.
        LedgerError: HS-E703 when the head beside it cannot be read.
    """
    entries, previous = 0, GENESIS
    known = Anchors([*read_head(Path(path)), *anchors])
    try:
        stream = Path(path).open("rb")  # noqa: SIM115 - closed by the block below
    except OSError as error:
        raise InputError(
            "the ledger cannot be read",
            where=str(path),
            why=error.strerror or type(error).__name__,
            fix="name the ledger.jsonl that was written with --ledger",
            code="HS-E201",
        ) from error
    with stream:
        for number, line in enumerate(stream, 1):
            if not line.endswith(b"\n"):
                why = "the last line is incomplete: a crash cut it off"
                return LedgerCheck(
                    entries=entries, last_sha256=previous, broken_line=number, why=why, torn=True
                )
            record, why = _checked(line, entries + 1, previous)
            if record is not None:
                why = known.meet(record)
            if record is None or why:
                return LedgerCheck(
                    entries=entries, last_sha256=previous, broken_line=number, why=why, cut=record is not None
                )
            entries, previous = entries + 1, record["sha256"]
    why = known.end(entries)
    return LedgerCheck(
        entries=entries,
        last_sha256=previous,
        broken_line=entries + 1 if why else 0,
        why=why,
        cut=bool(why),
        anchored=known.reached,
    )


def entries(path: str | Path) -> Iterator[dict[str, Any]]:
    """Yield the entries of a ledger that verifies.

    Raises:
        LedgerError: HS-E702 at the first entry that does not hold.
        InputError: HS-E201 when there is no such file.
    """
    check = verify(path)
    if not check.ok:
        raise _broken(Path(path), check)
    with Path(path).open("rb") as stream:
        for line in stream:
            yield json.loads(line)


def repair(path: str | Path) -> int:
    """Cut off a torn last line, which was never complete, and return how many bytes went.

    Raises:
        LedgerError: HS-E702 when anything but the end of the last line is wrong.
    """
    check = verify(path)
    if not check.ok and not check.torn:
        raise _broken(Path(path), check)
    if check.ok:
        return 0
    with _locked(Path(path)) as stream:
        data = stream.read()
        keep = data.rfind(b"\n") + 1
        stream.truncate(keep)
        stream.flush()
        os.fsync(stream.fileno())
    return len(data) - keep


def entry_sha256(record: Mapping[str, Any]) -> str:
    """Return the digest of an entry: SHA-256 over its canonical JSON without ``sha256``."""
    return hashlib.sha256(_canonical({k: v for k, v in record.items() if k != "sha256"})).hexdigest()


def _canonical(record: Mapping[str, Any]) -> bytes:
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "surrogatepass")


def _checked(line: bytes, seq: int, previous: str) -> tuple[dict[str, Any] | None, str]:
    try:
        record = json.loads(line)
    except ValueError:
        return None, "the line is not JSON"
    if not isinstance(record, dict) or not isinstance(record.get("sha256"), str):
        return None, "the line is not an entry"
    if record.get("sha256") != entry_sha256(record) or line != _canonical(record) + b"\n":
        return None, "the entry was changed: its digest does not fit"
    if record.get("prev_sha256") != previous or record.get("seq") != seq:
        return None, "an entry before it was removed, inserted or moved: the chain does not join"
    return record, ""


def _last(stream: IO[bytes], path: Path) -> dict[str, Any] | None:
    """Return the last entry, reading the end of the file only."""
    size = stream.seek(0, os.SEEK_END)
    if not size:
        return None
    step, tail = 1 << 14, b""
    while tail.count(b"\n") < 2 and len(tail) < size:
        stream.seek(max(0, size - step))
        tail = stream.read()
        step *= 4
    if not tail.endswith(b"\n"):
        raise LedgerError(
            "the last line of the ledger is incomplete",
            where=str(path),
            why="a crash cut it off while it was written",
            fix="hushu ledger repair, then run the command again",
            code="HS-E701",
        )
    line = tail.rstrip(b"\n").rpartition(b"\n")[2]
    try:
        record: dict[str, Any] = json.loads(line)
        holds = record["sha256"] == entry_sha256(record) and isinstance(record["seq"], int)
    except (ValueError, KeyError, TypeError):
        holds = False
    if not holds:
        raise _broken(path, LedgerCheck(entries=0, last_sha256="", why="its last entry does not hold"))
    return record


def _not_cut(path: Path, last: Mapping[str, Any] | None) -> None:
    """Refuse to go on where the head remembers an entry that is not here, or another one."""
    here = last["seq"] if last else 0
    for remembered in read_head(path):
        differs = last is not None and remembered.entries == here and remembered.sha256 != last["sha256"]
        if remembered.entries > here or differs:
            why = f"its head knows {remembered.entries} entries, {here} are here"
            why = "its head knows another last entry" if differs else why
            raise _broken(path, LedgerCheck(entries=here, last_sha256="", why=why, cut=True))


def _broken(path: Path, check: LedgerCheck) -> LedgerError:
    if check.cut:
        return LedgerError(
            "the end of the ledger was cut off or written anew",
            where=str(path),
            why=check.why,
            fix="keep both files as evidence, restore the ledger and its head together from a good copy",
            code="HS-E703",
        )
    place = f", line {check.broken_line}" if check.broken_line else ""
    return LedgerError(
        "the ledger does not verify",
        where=f"{path}{place}",
        why=check.why,
        fix="keep the file as evidence, restore it from its last good copy and start a new one",
        code="HS-E702",
    )


def _who() -> str:
    with suppress(Exception):
        return getpass.getuser()
    return f"uid {os.getuid()}" if hasattr(os, "getuid") else ""


@contextmanager
def _locked(path: Path) -> Iterator[IO[bytes]]:
    """Open for reading and writing, alone: a second writer waits."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o644), "r+b")
    except OSError as error:
        raise OutputError(
            "the ledger cannot be written",
            where=str(path),
            why=error.strerror or type(error).__name__,
            fix="choose a place you may write to",
            code="HS-E510",
        ) from error
    with stream:
        _lock(stream)
        yield stream


def _lock(stream: IO[bytes]) -> None:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined,unused-ignore]
        return
    fcntl.flock(stream.fileno(), fcntl.LOCK_EX)
