"""Documents row by row: what the column 证件类型 says of each number in the column 证件号码 beside it.

A column of mixed documents (身份证, 护照, 通行证, 军官证 …) is one column for its header and many types for
its rows. While a table is read, the rows are counted by kind of document; a kind whose name or national code
(GA/T 517) is known names its type, any other (``1``, ``A``) is told by the numbers that stand beside it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from hushu.classify.accumulate import Described
from hushu.classify.headers import read_column
from hushu.classify.headerwords import canonical, has_han
from hushu.classify.tableview import fold, ungrouped
from hushu.classify.values import trust
from hushu.model import Content, Evidence, Finding
from hushu.rules import codelists
from hushu.rules.vocabulary import load

if TYPE_CHECKING:
    import pyarrow as pa

DOCUMENTS = (
    "CN_RESIDENT_ID",
    "CN_TRAVEL_PERMIT",
    "CN_PASSPORT",
    "CN_FOREIGNER_ID",
    "CN_RESIDENCE_PERMIT",
    "CN_MILITARY_ID",
    "CN_SOCIAL_SECURITY_NO",
    "CN_USCC",
    "CN_ORG_CODE",
    "CN_BUSINESS_REG_NO",
    "DISABILITY",
    "STUDENT_NO",
)
"""Types that a kind of document can name; of two that fit a number equally the earlier stands."""

KINDS = 60  # distinct kinds of document beyond which a column holds something else
LOOK = 50  # numbers looked at to tell what an unknown kind stands for
TOLD = 0.8  # share of them that must fit
FIT = 0.5  # trust of one number
NAMED = 0.25  # header weight of a column of document numbers
MIXED = 2  # types from which a column is one of mixed documents
_KIND_HAN = tuple(
    word + tail for word in ("类型", "种类", "类别") for tail in ("", "代码", "名称", "码", "编码")
)
_KIND_SHORT = re.compile(
    "(?:zj(?:lx|zl|lb)(?:dm|mc|bm)?|zhengjian(?:leixing|zhonglei|leibie)(?:daima|mingcheng)?)$"
)
_WORDS = re.compile(r"[A-Z]{2,}(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")
_PAPER = frozenset(["cert", "identity", "identi", "id", "document", "doc", "paper", "card", "passport"])
_SORT = frozenset(["type", "kind", "category", "class"])


@dataclass
class DocumentKinds:
    """Counts the rows of a table by kind of document, for each pair of columns that belong together.

    Example:
        >>> import pyarrow as pa
        >>> from hushu.io.contract import ColumnMeta
        >>> seen = DocumentKinds.of([ColumnMeta(name="证件类型"), ColumnMeta(name="证件号码")])
        >>> seen.add(pa.record_batch({"a": ["护照", "身份证"], "b": ["E00000000", "310101190001010011"]}))
        >>> seen.counts(1)
        {'CN_PASSPORT': 1, 'CN_RESIDENT_ID': 1}
    """

    pairs: Mapping[int, int]  # column of numbers → column of kinds
    _rows: dict[int, Counter[str]] = field(default_factory=dict)
    _numbers: dict[tuple[int, str], list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, columns: Sequence[Described]) -> DocumentKinds:
        """Return the counter for the columns of a table, in order."""
        return cls(_pairs(columns))

    def add(self, batch: pa.RecordBatch) -> None:
        """Count the rows of one record batch whose columns stand in the declared order."""
        for number, kind in self.pairs.items():
            self._add(number, batch.column(number), batch.column(kind))

    def _add(self, at: int, numbers: Any, kinds: Any) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc

        texts = _texts(kinds)
        if texts is None or len(self._rows.get(at, ())) > KINDS:
            return
        if pa.types.is_dictionary(numbers.type):
            numbers = numbers.cast(numbers.type.value_type)
        rows = self._rows.setdefault(at, Counter())
        there = pc.is_valid(numbers)
        if pa.types.is_string(numbers.type):
            there = pc.and_kleene(there, pc.cast(pc.binary_length(numbers), pa.bool_()))
        # Not pa.scalar(None), which imports pandas when that is installed.
        filled = pc.if_else(there, texts, pa.nulls(1, pa.string())[0])
        for entry in pc.value_counts(filled).to_pylist():
            kind = fold(entry["values"] or "")
            if kind:
                rows[kind] += entry["counts"]
            if kind and kind.lower() not in self._known() and len(rows) <= KINDS:
                self._keep(at, kind, numbers, texts, entry["values"])

    def _keep(self, at: int, kind: str, numbers: Any, texts: Any, value: str) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc

        kept = self._numbers.setdefault((at, kind), [])
        if len(kept) < LOOK:
            found = _texts(numbers.filter(pc.equal(texts, pa.scalar(value, pa.string()))).slice(0, 4 * LOOK))
            kept += [v for v in (found.to_pylist() if found is not None else []) if v][: LOOK - len(kept)]

    def counts(self, column: int) -> dict[str, int]:
        """Return, for a column of numbers, how many rows hold each type of document, the most first.

        Rows of a kind that neither its name nor its numbers tell stand under the empty name.
        """
        rows = self._rows.get(column, Counter())
        if len(rows) > KINDS:
            return {}
        found: Counter[str] = Counter()
        for kind, count in rows.items():
            found[self._known().get(kind.lower()) or _told(self._numbers.get((column, kind), []))] += count
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    def consider(self, findings: Sequence[Finding], names: Sequence[str]) -> list[Finding]:
        """Return the findings, those of mixed documents with their contents by type."""
        told = list(findings)
        for number, kind in self.pairs.items():
            told[number] = _considered(told[number], self.counts(number), names[kind])
        return told

    @staticmethod
    def _known() -> Mapping[str, str]:
        return codelists.column("documents", "type")


def _considered(finding: Finding, counts: Mapping[str, int], beside: str) -> Finding:
    rows = sum(counts.values())
    counts = {t: n for t, n in counts.items() if t}
    if len(counts) < MIXED or finding.type not in (None, *DOCUMENTS):
        return finding
    evidence = tuple(
        Evidence(kind="combination", rule="document", matched=n, of=rows, weight=0.0, note=f"{beside}: {t}")
        for t, n in counts.items()
    )
    main = finding.type or next(iter(counts))
    other = {c.type: c for c in finding.contains if c.type not in DOCUMENTS or c.type not in counts}
    mixed = [Content(type=t, count=n, share=round(n / rows, 6)) for t, n in counts.items() if t != main]
    contains = sorted([*other.values(), *mixed], key=lambda c: (-c.count, c.type))
    return replace(
        finding,
        type=main,
        confidence=finding.confidence if finding.type else max(0.5, counts[main] / rows),
        contains=tuple(contains),
        evidence=(*finding.evidence, *evidence),
        facts={**finding.facts, "documents": dict(counts)},
    )


def _told(numbers: Sequence[str]) -> str:
    """Return the type of document that most of the numbers are, or nothing."""
    plain = [ungrouped(fold(n)) for n in numbers]
    for type_id in DOCUMENTS:
        fitting = sum(t >= FIT for t in trust(load()[type_id], plain)) if plain else 0
        if fitting and fitting >= TOLD * len(plain):
            return type_id
    return ""


def _texts(array: Any) -> Any:
    """Return an array as plain strings, or nothing when it holds no texts or whole numbers."""
    import pyarrow as pa
    import pyarrow.types as types

    if types.is_dictionary(array.type):
        array = array.cast(array.type.value_type)
    if types.is_string(array.type):
        return array
    wide = types.is_large_string(array.type) or str(array.type) == "string_view"
    return array.cast(pa.string()) if wide or types.is_integer(array.type) else None


def _pairs(columns: Sequence[Described]) -> dict[int, int]:
    kinds = [at for at, c in enumerate(columns) if _says_kind(c.name) or _says_kind(c.comment)]
    if not kinds:
        return {}
    numbers = [at for at, c in enumerate(columns) if at not in kinds and _says_number(c)]
    found: dict[int, int] = {}
    for kind in kinds:
        free = [n for n in numbers if n not in found]
        if free:
            found[min(free, key=lambda n: _distance(columns, kind, n))] = kind
    return found


def _distance(columns: Sequence[Described], kind: int, number: int) -> tuple[int, int, int]:
    both = zip(columns[kind].name.lower(), columns[number].name.lower(), strict=False)
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], both))
    return (abs(number - kind) > 3, -shared, abs(number - kind) * 2 - (number > kind))


def _says_number(column: Described) -> bool:
    weights = read_column(column.name, column.comment).weights
    return max((weights.get(t, 0.0) for t in DOCUMENTS), default=0.0) >= NAMED


def _says_kind(name: str) -> bool:
    text = name.strip().lower()
    if has_han(text):
        return text.endswith(_KIND_HAN) and any(word in text for word in ("证件", "证照", "身份证明"))
    joined = text.replace("_", "")
    if _KIND_SHORT.search(joined):
        return True
    tokens = canonical(_split(name))
    return len(tokens) > 1 and any(t in _SORT for t in tokens[-2:]) and any(t in _PAPER for t in tokens[:-1])


def _split(name: str) -> list[str]:
    return [w.lower() for w in _WORDS.findall(name)]
