"""What the rows of a table are about: persons, organisations or things, from its name and its columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from hushu.classify.headerwords import canonical, has_han
from hushu.rules import codelists
from hushu.rules.vocabulary import load

_WORDS = re.compile(r"[A-Z]{2,}(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[\u3400-\u9fff]+")
PERSONAL = frozenset(
    [
     "PERSON", "CN_RESIDENT_ID", "GENDER", "BIRTH_DATE", "ETHNICITY",
     "MARITAL_STATUS", "POLITICAL_STATUS", "AGE", "FAMILY_RELATION", "STUDENT_NO",
     "MEDICAL_RECORD_NO", "EDUCATION", "EMPLOYEE_NO", "CN_SOCIAL_SECURITY_NO", "CN_MEDICAL_INSURANCE_NO",
    ]
)  # fmt: skip
ORGANISATIONAL = frozenset(
    ["ORGANIZATION", "CN_USCC", "CN_ORG_CODE", "CN_BUSINESS_REG_NO", "BUSINESS_FINANCE"]
)


@dataclass(frozen=True, slots=True)
class TableKind:
    """What the rows of a table are about: ``person``, ``organisation``, ``object`` or nothing."""

    about: str
    support: Mapping[str, tuple[float, str]]
    """Type → the strongest support (or contradiction, negative) its table words find here, and the word."""


def read_table(name: str, comment: str, confident: Iterable[str] = ()) -> TableKind:
    """Return what a table is about.

    Args:
        name: of the table.
        comment: of the table.
        confident: types of the columns that need no help to be recognised.

    Example:
        >>> read_table("t_dish", "").about, read_table("t1", "", ["PERSON", "GENDER"]).about
        ('object', 'person')
    """
    text = f"{name} {comment}"
    tokens = [w.lower() for w in _WORDS.findall(text) if not has_han(w)]
    words = (
        frozenset(canonical(tokens))
        | frozenset(tokens)
        | frozenset(t[:-1] for t in tokens if t.endswith("s") and len(t) > 3)
    )
    types = set(confident)
    about = _by_name(text, words)
    if not about or about == "object":
        if len(types & PERSONAL) >= 2:
            about = "person"
        elif not about and types & ORGANISATIONAL and not types & {"CN_RESIDENT_ID", "GENDER", "BIRTH_DATE"}:
            about = "organisation"
    return TableKind(about, _supports(text, words, about))


def _supports(text: str, words: frozenset[str], about: str) -> dict[str, tuple[float, str]]:
    found: dict[str, tuple[float, str]] = {}
    for type_id, word, weight, latin in _supporting():
        if word.startswith("@"):
            holds = word[1:] == about
        else:
            holds = all(w in words for w in latin) if latin else word in text
        if holds and abs(weight) > abs(found.get(type_id, (0.0, ""))[0]):
            found[type_id] = (weight, word)
    return found


@lru_cache(maxsize=1)
def _supporting() -> tuple[tuple[str, str, float, tuple[str, ...]], ...]:
    """Return every table word of the vocabulary: type, word, weight, and its Latin words if it is Latin."""
    return tuple(
        (entry.id, word, weight, () if has_han(word) or word[0] == "@" else canonical(word.split()))
        for entry in load().values()
        for word, weight in entry.tables.items()
        if len(word) > 1 and word[0] != "+"
    )


def _by_name(text: str, words: frozenset[str]) -> str:
    """Return the kind of the last telling word: 患者药品目录 is about drugs, 企业职工名单 about persons."""
    last, kind = -1, ""
    for word, about in _table_words().items():
        at = text.rfind(word) if has_han(word) else (text.lower().rfind(word) if word in words else -1)
        if at >= 0 and at + len(word) > last:
            last, kind = at + len(word), about
    return kind


@lru_cache(maxsize=1)
def _table_words() -> Mapping[str, str]:
    return codelists.column("tablewords", "kind")
