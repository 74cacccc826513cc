"""Which encoding a text file is in: a ladder, not a guess.

Statistical detectors fail on files that are mostly ASCII with a few Chinese names in GB18030, which
is what exports of public systems look like. So the certain signs come first: byte-order mark, the
NULs of UTF-16, strict UTF-8, strict GB18030; a detector has the last word only. GB18030 is used
wherever others say GBK or GB2312, which lack the characters of many people's names.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from hushu.errors import InputError

HEAD_BYTES = 1 << 20
PROBES = 16
PROBE_BYTES = 1 << 16

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_SAME = {"gbk": "gb18030", "gb2312": "gb18030", "cp936": "gb18030", "ascii": "utf-8", "utf-8-sig": "utf-8"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """An encoding, and how it was found.

    ``found`` is ``mark``, ``nuls``, ``strict``, ``mixture``, ``detector`` or ``given``; ``mark`` counts
    the bytes of the byte-order mark; ``certain`` is False where only ASCII was seen or a detector guessed.
    """

    name: str
    found: str
    mark: int = 0
    certain: bool = True


def errors_for(encoding: str) -> str:
    """Return the error handler under which text of an encoding can be read and bad bytes found again.

    Example:
        >>> errors_for("gb18030"), errors_for("utf-16-le")
        ('surrogateescape', 'replace')
    """
    return "replace" if encoding.startswith(("utf-16", "utf-32", "utf-7")) else "surrogateescape"


def known_encoding(name: str) -> str:
    """Return Python's name of an encoding; GBK and GB2312 become GB18030, which holds them.

    Raises:
        InputError: HS-E209 for a name that Python does not know.

    Example:
        >>> known_encoding("GBK")
        'gb18030'
    """
    try:
        found = codecs.lookup(name).name
        "a".encode(found)  # base64 and its kin are codecs too, but not of text
    except (LookupError, ValueError):
        raise InputError(
            "unknown encoding",
            where=f"--encoding {name}",
            fix="give utf-8, gb18030, big5 or another name of Python's codecs",
            code="HS-E209",
        ) from None
    return _SAME.get(found, found)


def detect(path: str | Path) -> Encoding:
    """Return the encoding of a text file from its head and samples spread over its length.

    Raises:
        InputError: HS-E204 when the bytes are not text.
    """
    file = Path(path)
    with file.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
        size = file.stat().st_size
        probes = []
        for step in range(1, PROBES + 1) if size > len(head) else ():
            stream.seek(len(head) + (size - len(head)) * step // (PROBES + 1))
            probes.append(stream.read(PROBE_BYTES))
    found = detect_bytes(head, where=str(file))
    if found.certain or not any(not probe.isascii() for probe in probes):
        return found
    return detect_bytes(head + b"".join(_whole_lines(probe) for probe in probes), where=str(file))


def detect_bytes(head: bytes, *, where: str = "") -> Encoding:
    """Return the encoding of bytes that begin a text; see :func:`detect`.

    Example:
        >>> detect_bytes("姓名,王五".encode("gbk")).name
        'gb18030'
        >>> detect_bytes("姓名,王五".encode("utf-16-le")).name
        'utf-16-le'
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return Encoding(name=name, found="mark", mark=len(mark))
    if (wide := _utf16(head)) is not None:
        return Encoding(name=wide, found="nuls")
    if _binary(head):
        raise InputError(
            "the file is not text",
            where=where,
            why="its bytes are those of a binary format, whatever its name says",
            fix="export it as CSV, XLSX, Parquet or JSON",
            code="HS-E204",
        )
    if head.isascii():
        return Encoding(name="utf-8", found="strict", certain=False)
    for name in ("utf-8", "gb18030"):
        if _decodes(head, name):
            return Encoding(name=name, found="strict")
    return _mixture(head) or _detector(head)


def _mixture(head: bytes) -> Encoding | None:
    """Several encodings, or a few broken bytes: the one that reads more lines, if two read nearly all."""
    lines = [line for line in head.splitlines() if not line.isascii()]
    utf8 = sum(_decodes(line, "utf-8") for line in lines)
    gb18030 = sum(_decodes(line, "gb18030") and not _decodes(line, "utf-8") for line in lines)
    if utf8 + gb18030 < 0.9 * len(lines):
        return None
    return Encoding(name="utf-8" if utf8 >= gb18030 else "gb18030", found="mixture")


def _whole_lines(probe: bytes) -> bytes:
    """Cut a sample from the middle of a file at its line ends, so that no character is halved."""
    first, last = probe.find(b"\n"), probe.rfind(b"\n")
    return probe[first + 1 : last + 1] if last > first >= 0 else b""


def _utf16(head: bytes) -> str | None:
    """UTF-16 without a mark: every ASCII character leaves a NUL on one side."""
    part = head[:4096]
    if len(part) < 4:
        return None
    even, odd = part[0::2].count(0), part[1::2].count(0)
    half = len(part) // 2
    # Chinese text has few ASCII characters, but separators and line ends alone pass a twentieth.
    for name, zeros, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if zeros > half * 0.05 and others <= half * 0.005 and _plausible(part, name):
            return name
    return None


def _plausible(part: bytes, name: str) -> bool:
    try:
        text = part[: len(part) // 2 * 2].decode(name, "strict" if len(part) < 4096 else "ignore")
    except UnicodeDecodeError:
        return False
    return sum(c.isprintable() or c in "\r\n\t" for c in text) > 0.97 * len(text)


def _binary(head: bytes) -> bool:
    if head.startswith(
        (b"PK\x03\x04", b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b", b"SQLite format 3", b"PAR1")
    ):
        return True
    part = head[:65536]
    odd = sum(part.count(byte) for byte in (*range(0, 8), *range(14, 27), 28, 29, 30, 31, 127))
    return odd > max(8, len(part) * 0.02)


def _decodes(head: bytes, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)("strict")
    try:
        # Not final: the head may end in the middle of a character.
        text = decoder.decode(head, final=len(head) < HEAD_BYTES)
    except UnicodeDecodeError:
        return False
    # GB18030 accepts nearly any pair of high bytes; text that is Chinese uses common characters.
    return name != "gb18030" or _looks_chinese(text)


def _looks_chinese(text: str) -> bool:
    wide = [c for c in text[:200_000] if ord(c) > 127]
    if not wide:
        return True
    common = sum(
        0x4E00 <= ord(c) <= 0x9FFF or 0x3000 <= ord(c) <= 0x303F or 0xFF00 <= ord(c) <= 0xFFEF for c in wide
    )
    return common >= 0.6 * len(wide)


def _detector(head: bytes) -> Encoding:
    from charset_normalizer import from_bytes

    best = from_bytes(head[:200_000]).best()
    if best is None:
        return Encoding(name="gb18030", found="detector", certain=False)
    return Encoding(name=_SAME.get(best.encoding, best.encoding), found="detector", certain=False)
