"""The Chinese character tagger: names, addresses, organisations and what else only the context gives away.

A small network looks at every text. Where a good part of a text is not Chinese, the reader
(:mod:`hushu.classify.reader`), which has read other languages, looks as well, and the mean of both counts.
Both are trained by ``training/`` and run by onnxruntime; see ``models/MODEL_CARD.md``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

import numpy as np

from hushu.classify.reader import Reader
from hushu.classify.spaced import closed
from hushu.classify.tagger_decode import Floats, log_softmax
from hushu.classify.tagger_decode import spans as decode
from hushu.classify.tagger_features import Ints, features_of
from hushu.classify.tagger_rules import CAUTION, Draft, refine
from hushu.model import Span

_WINDOW: Final = 1024  # characters the network sees at once
_NEWS_LEAST: Final = 0.15  # least score of a news span; chosen on the development part of UNER
_BATCH: Final = 1 << 12  # characters in one run, padding included; more would leave the cache
# Words in letters that are not Han; codes, plates and addresses of mail are no language.
_LETTERS: Final = r"[^\W\d_\u3400-\u9fff]"
_CODE: Final = r"[^\W\u3400-\u9fff]|[@-]"  # what a word must not run into
_FOREIGN: Final = re.compile(rf"(?<!{_CODE}|[.]){_LETTERS}{{2,}}(?:['’.-]{_LETTERS}+)*(?!{_CODE})")
_FOREIGN_SHARE: Final = 0.15  # of a text: from here on the reader looks as well …
_DOUBT: Final = 0.03  # … if some character is at least this likely to belong to somebody


@dataclass(frozen=True, slots=True)
class _Window:
    """A stretch of text number ``text``; outside ``keep_from`` … ``keep_to`` it is only context."""

    text: int
    start: int
    end: int
    keep_from: int
    keep_to: int


class Tagger:
    """Finds spans in batches of texts. Safe to use from several threads.

    Example:
        >>> [(span.type, span.start, span.end) for span in Tagger.load().tag(["我叫逯春燕"])[0]]
        [('PERSON', 2, 5)]
    """

    def __init__(self, folder: Path) -> None:
        import onnxruntime

        model = folder / "tagger.onnx"

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = (
            False  # the arena never shrinks: a long text would hold memory for good
        )
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        meta = self._session.get_modelmeta().custom_metadata_map
        self.types: tuple[str, ...] = tuple(json.loads(meta["types"]))
        self.news_types: tuple[str, ...] = tuple(json.loads(meta["news"]))
        self._reach = int(meta["reach"])
        # The news head stays out of the graph, which would compute it every time.
        with np.load(folder / "tagger_news.npz") as news:
            self._news = dict(news)
        # A model that is only measured may come without a reader.
        self._reader = Reader(folder) if (folder / "reader.onnx").exists() else None

    @classmethod
    def load(cls) -> Tagger:
        """Return the tagger with the packaged model; the same object every time."""
        return _packaged()

    def tag(self, texts: Sequence[str], vouched: Sequence[Sequence[int]] | None = None) -> list[list[Span]]:
        """Find the spans of every text: sorted, not overlapping, offsets in characters of the original.

        Args:
            texts: any strings, of any length.
            vouched: for every text the places where personal data was found by other means; doubtful names
                near them are believed.
        """
        sure = vouched or [()] * len(texts)
        drafts = self.propose(texts)
        return [refine(*row) for row in zip(texts, drafts, sure, strict=True)]

    def propose(self, texts: Sequence[str]) -> list[list[Draft]]:
        """Return what the networks see before any rule, in order; :meth:`tag` is what others want."""
        found: list[list[Draft]] = [[] for _ in texts]
        solid, places = zip(*map(closed, texts), strict=True) if texts else ((), ())
        for window, text, ids, quick in self._looks(solid):
            kept = slice(window.keep_from - window.start, window.keep_to - window.start)
            if self._reader and _wants_reader(text, quick):
                quick = _mean(quick, self._reader.read(text, ids))
            for start, end, row, presence, kind, border in decode(quick[kept], CAUTION):
                at, shift = places[window.text], window.keep_from
                first, last = at[start + shift], at[end + shift - 1]
                draft = Draft(first, last + 1, self.types[row], presence, kind, border)
                found[window.text].append(draft)
        return [sorted(drafts, key=lambda draft: draft.start) for drafts in found]

    def tag_news(self, texts: Sequence[str]) -> list[list[Span]]:
        """Find PER, LOC and ORG as UNER marks them, by both voices; used to measure, not to redact."""
        found: list[list[Span]] = [[] for _ in texts]
        for window, text, ids, hidden in self._looks(texts, "hidden"):
            quick = hidden @ self._news["weight"].T + self._news["bias"]
            logits = _mean(quick, self._reader.read(text, ids, "news")) if self._reader else quick
            place = window.keep_from
            for start, end, row, presence, kind, border in decode(
                logits[place - window.start : window.keep_to - window.start]
            ):
                score = min(1.0, presence * kind * border)
                if score >= _NEWS_LEAST:
                    name = self.news_types[row]
                    found[window.text].append(
                        Span(start=start + place, end=end + place, type=name, score=score)
                    )
        return [sorted(spans, key=lambda span: span.start) for spans in found]

    def _looks(
        self, texts: Sequence[str], output: str = "ours"
    ) -> Iterator[tuple[_Window, str, Ints, Floats]]:
        """Yield each window with its text, its features and an output of the tagger for its characters."""
        windows = [w for number, text in enumerate(texts) for w in _windows(number, text, self._reach)]
        windows.sort(key=lambda window: window.end - window.start)
        for group in _groups(windows):
            shown = [texts[w.text][w.start : w.end] for w in group]
            feed = _feed(shown)
            (said,) = self._session.run([output], feed)
            if output == "hidden":  # comes with the channels before the length
                said = said.swapaxes(1, 2)
            for row, (window, text) in enumerate(zip(group, shown, strict=True)):
                yield window, text, feed["ids"][:, row, : len(text)], said[row, : len(text)]


def foreign_share(text: str) -> float:
    """Return the share of a text's characters that stand in words of other letters than Han.

    Example:
        >>> foreign_share("Hi 张伟")
        0.4
    """
    return sum(map(len, _FOREIGN.findall(text))) / max(1, len(text))


def _wants_reader(text: str, logits: Floats) -> bool:
    """Whether a text is foreign enough to the tagger, and may hold something.

    In Chinese alone the mean of both voices is no better than the tagger, and several times slower.
    """
    if foreign_share(text) < _FOREIGN_SHARE:
        return False
    return bool((log_softmax(logits[:, :5])[:, 0] < np.log(1 - _DOUBT)).any())


def _mean(one: Floats, other: Floats) -> Floats:
    """Return the logarithm of the mean probabilities of two networks: borders, then types."""
    parts = [
        np.logaddexp(log_softmax(one[:, part]), log_softmax(other[:, part])) - np.float32(np.log(2))
        for part in (slice(0, 5), slice(5, None))
    ]
    return np.concatenate(parts, axis=1)


@cache
def _packaged() -> Tagger:
    with resources.as_file(resources.files("hushu.classify.models")) as folder:
        return Tagger(folder)


_BREAKS: Final = "\n。！？!?；;，, "


def _cut(text: str, start: int) -> int:
    """Return where a window from ``start`` ends: after the strongest break in its last quarter."""
    limit = start + _WINDOW
    if limit >= len(text):
        return len(text)
    for mark in _BREAKS:
        place = text.rfind(mark, limit - _WINDOW // 4, limit)
        if place >= 0:
            return place + 1
    return limit


def _windows(number: int, text: str, reach: int) -> Iterator[_Window]:
    """Cut a text into windows whose neighbours overlap by what the network can see."""
    start = 0
    while start < len(text):
        end = _cut(text, start)
        yield _Window(number, max(0, start - 2 * reach), min(len(text), end + 2 * reach), start, end)
        start = end


def _groups(windows: Iterable[_Window]) -> Iterator[list[_Window]]:
    group: list[_Window] = []
    for window in windows:
        if group and (len(group) + 1) * (window.end - window.start) > _BATCH:
            yield group
            group = []
        group.append(window)
    if group:
        yield group


def _feed(texts: Sequence[str]) -> dict[str, Any]:
    """Stack the features of texts: ``ids`` (6, batch, length), ``mask`` (batch, 1, 1, length)."""
    seen = features_of(texts)
    length = max(row.ids.shape[1] for row in seen)
    ids = np.zeros((6, len(seen), length), dtype=np.int32)
    mask = np.zeros((len(seen), 1, 1, length), dtype=np.float32)
    for place, row in enumerate(seen):
        size = row.ids.shape[1]
        ids[:5, place, :size] = row.ids
        ids[5, place, :size] = row.flags
        mask[place, 0, 0, :size] = 1
    return {"ids": ids, "mask": mask}
