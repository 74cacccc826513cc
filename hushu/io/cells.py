"""Bytes of cells to text, column by column, with the encodings that were met counted.

Exports glued together from several systems mix encodings. A column that is not what the file said
is decoded cell by cell, and the mixture is reported.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

# Below 0x30, so never the second byte of a character in GB18030, Big5 or Shift-JIS.
_SEPARATOR = b"\x1e"
# What the commonest UTF-8 characters of Chinese become when they are read as GB18030.
_MISREAD = frozenset("鐨鏄涓浜鍦鏈鎴鍙鍗鏉鐜寮鍒闄璧浠鏃鏀鍖甯鐪鍘璺锛銆")


@dataclass(slots=True)
class CellDecoder:
    """Decodes binary columns; ``met`` counts the cells that only another encoding could read."""

    encoding: str
    certain: bool = True
    met: Counter[str] = field(default_factory=Counter)

    def decode(self, column: pa.Array) -> pa.Array:
        """Return the column as Arrow strings; bytes that no encoding reads become U+FFFD, counted."""
        import pyarrow as pa

        if self.encoding == "utf-8":
            try:
                return column.cast(pa.string())
            except pa.ArrowInvalid:
                return self._not_utf8(column)
        if _is_ascii(column):
            return column.cast(pa.string())
        return self._joined(column)

    def text(self, cell: bytes) -> str:
        """Return one cell as text, by the ladder: own encoding, UTF-8, GB18030, replacement."""
        for name in dict.fromkeys(("utf-8", self.encoding, "gb18030")):
            try:
                text = cell.decode(name)
            except UnicodeDecodeError:
                continue
            if name == "utf-8" != self.encoding and any("\x7f" < c < "\u2000" for c in text):
                continue  # a pair of GB18030 bytes may happen to be one Greek or Arabic letter of UTF-8
            if name != self.encoding and not cell.isascii():
                self.met[name] += 1
            return text
        self.met["?"] += 1
        return cell.decode(self.encoding, "replace")

    def mixed(self) -> dict[str, int]:
        """Return how many cells were in another encoding than the file's, and read all the same."""
        return {name: n for name, n in self.met.items() if name != "?"}

    def lost(self) -> list[str]:
        """Return what could not be read as text, in words, with its code."""
        lost = self.met["?"]
        return [f"HS-E210 {lost} cells hold bytes that are no text in {self.encoding}"] if lost else []

    def _not_utf8(self, column: pa.Array) -> pa.Array:
        if not self.certain:
            # Nothing but ASCII so far: this column decides what the file is.
            self.encoding, self.certain = "gb18030", True
            return self._joined(column)
        return self._each(column)

    def _joined(self, column: pa.Array) -> pa.Array:
        import pyarrow as pa

        cells = column.to_pylist()
        try:
            text = _SEPARATOR.join(c or b"" for c in cells).decode(self.encoding)
        except UnicodeDecodeError:
            return self._each(column)
        if not _MISREAD.isdisjoint(text):
            return self._each(column)
        parts = text.split("\x1e")
        if len(parts) != len(cells):
            return self._each(column)
        if column.null_count:
            parts = [p if c is not None else None for p, c in zip(parts, cells, strict=True)]  # type: ignore[misc]
        return pa.array(parts, pa.string())

    def _each(self, column: pa.Array) -> pa.Array:
        import pyarrow as pa

        return pa.array([None if c is None else self.text(c) for c in column.to_pylist()], pa.string())


def _is_ascii(column: pa.Array) -> bool:
    import numpy as np

    _, offsets, data = column.buffers()
    if data is None or not len(column):
        return True
    places = np.frombuffer(offsets, dtype=np.int32)
    first, last = int(places[column.offset]), int(places[column.offset + len(column)])
    return bytes(memoryview(data)[first:last]).isascii()
