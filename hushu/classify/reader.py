"""The reader: looks as well, with what a pretrained model knows of words, where a text is not all Chinese.

The tagger is quick and reads characters; the reader is six transformer layers over word pieces, joined with
a few features of each character (``training/reader.py``). It runs on one stretch of text at a time, so that
an answer does not depend on the texts beside it. Its weights are stored in 4 bits and run in 8.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hushu.classify.reader_tokens import END, START, Pieces

Floats = npt.NDArray[np.float32]

_BLOCK: Final = 32  # weights that share a scale
_STRETCH: Final = 192  # pieces read at once …
_CONTEXT: Final = 30  # … and as many more on either side, which are only context
_FEATURES: Final = ("char", "bigram", "word", "pos", "run", "flag")  # rows of the tagger's features


class Reader:
    """Answers like the tagger: border states and types of every character."""

    def __init__(self, folder: Path) -> None:
        import onnxruntime

        with np.load(folder / "reader.npz") as file:
            tables = {name: file[name] for name in file.files}
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # as in the tagger: the arena never shrinks
        self._weights = _eight_bits(tables)
        values = [onnxruntime.OrtValue.ortvalue_from_numpy(value) for value in self._weights.values()]
        options.add_external_initializers(list(self._weights), values)
        model = (folder / "reader.onnx").read_bytes()
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._pieces = Pieces(tables["pieces"].tobytes().decode().split("\n"), tables["scores"].tolist())
        self._packed, self._scales = tables["words_packed"], tables["words_scales"].astype(np.float32)
        self._places = tables["places"].astype(np.float32)
        self._characters = [tables[f"{name}_table"] * tables[f"{name}_scale"] for name in _FEATURES]

    def read(self, text: str, ids: npt.NDArray[np.int32], head: str = "ours") -> Floats:
        """Return logits of shape (n, 5 + types).

        Args:
            text: n characters, at least one.
            ids: the tagger's features of the same characters, shape (6, n).
            head: ``ours`` or ``news``.
        """
        rows, where = self._pieces.cut(text)
        # The reader's tables of pairs and words are smaller than the tagger's: their buckets are folded.
        columns = (table[row % len(table)] for row, table in zip(ids, self._characters, strict=True))
        seen = np.concatenate(list(columns), axis=1)
        parts = []
        for first in range(0, len(rows), _STRETCH):
            last = min(len(rows), first + _STRETCH)
            low, high = max(0, first - _CONTEXT), min(len(rows), last + _CONTEXT)
            # where counts pieces from 1; characters of the context frame those of the stretch.
            left, start, end, right = np.searchsorted(where, (low + 1, first + 1, last + 1, high + 1))
            if start == end:
                continue
            feed = {
                "embedded": self._embedded([START, *rows[low:high], END])[None],
                "where": where[left:right] - low,
                "characters": seen[None, left:right],
            }
            (logits,) = self._session.run([head], feed)
            parts.append(logits[0, start - left : end - left])
        return np.concatenate(parts)

    def _embedded(self, rows: list[int]) -> Floats:
        """Unpack rows of the word table and add the places."""
        words: Floats = _unpacked(self._packed[rows], self._scales[rows]) + self._places[: len(rows)]
        return words


def _unpacked(packed: npt.NDArray[np.uint8], scales: Floats) -> Floats:
    """Return the weights of 4-bit rows: ``packed`` (rows, width / 2), ``scales`` (rows, width / 32)."""
    blocks = packed.reshape(len(packed), -1, _BLOCK // 2)
    signed = np.concatenate([blocks & 15, blocks >> 4], axis=2).astype(np.float32) - 8
    weights: Floats = (signed * scales[..., None]).reshape(len(packed), -1)
    return weights


def _eight_bits(tables: dict[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
    """Return the layers' weights as onnxruntime multiplies them: (inputs, outputs), one scale an output."""
    out: dict[str, npt.NDArray[Any]] = {}
    for name in tables:
        if name.startswith("layer") and name.endswith("_packed"):
            product = name.removesuffix("_packed")
            scales = tables[f"{product}_scales"].astype(np.float32)
            weights = _unpacked(tables[name], scales).T
            scale = np.maximum(np.abs(weights).max(axis=0), 1e-8) / np.float32(127)
            out[f"{product}_w"] = np.ascontiguousarray(np.rint(weights / scale).astype(np.int8))
            out[f"{product}_scale"] = scale
    return out
