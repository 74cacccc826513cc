"""What kind of file it is, by its first bytes."""

from __future__ import annotations

from pathlib import Path


def sniff_suffix(path: Path) -> str:
    """Return the suffix that the first bytes of a file ask for; delimited text when nothing else fits.

    Example:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp()) / "x"
        >>> _ = file.write_text('{"a": 1}')
        >>> sniff_suffix(file)
        '.jsonl'
    """
    with path.open("rb") as stream:
        head = stream.read(65536)
    for mark, suffix in (
        (b"PAR1", ".parquet"),
        (b"ARROW1", ".arrow"),
        (b"%PDF-", ".pdf"),
        (b"\x1f\x8b", ".gz"),
    ):
        if head.startswith(mark):
            return suffix
    if head.startswith(b"SQLite format 3"):
        return ".sqlite"
    if head.startswith(b"PK\x03\x04"):
        return ".xlsx" if b"xl/" in head else ".docx" if b"word/" in head else ".zip"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"["):
        return ".json"
    if start.startswith(b"{"):
        first = start.partition(b"\n")[0].rstrip()
        return ".jsonl" if first.endswith(b"}") else ".json"
    return ".sql" if b"create table" in head.lower() else ".csv"
