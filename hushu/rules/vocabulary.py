"""The vocabulary of types: what a column or a stretch of text can *be*.

Each type is one entry of ``rules/types/*.yaml``: its names, how it identifies, how it is
recognised (header words, patterns, validators, code lists), how much agreement it needs,
which operator suits it, and examples on both sides that run as tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Pattern(BaseModel):
    """One shape of a value: a regular expression, what validates it, and how far it may be trusted alone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    regex: str
    validator: str = ""
    score: float = Field(default=0.6, ge=0, le=1)


class Cell(BaseModel):
    """What a whole cell of a column may look like, where a pattern inside of text would say nothing.

    Exactly one of ``regex`` and ``judge`` is given; ``judge`` names a function of
    :data:`hushu.classify.judges.JUDGES`. ``score`` is how far it may be trusted without a header.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    regex: str = ""
    judge: str = ""
    score: float = Field(default=0.1, ge=0, le=1)

    @model_validator(mode="after")
    def _one_way(self) -> Cell:
        if bool(self.regex) == bool(self.judge):
            raise ValueError(f"cell {self.name!r} needs either a regex or a judge")
        return self


class Header(BaseModel):
    """Words that speak for (``words``, 0..1) or against (``counter``) the type when they stand in a header.

    Chinese words also stand for their pinyin and their initials; Latin words are phrases of whole words.
    ``endings`` are words that count only behind another one (保管 + 员). ``suffixes`` may follow a word
    without changing what it means (手机 + 号码); ``coded`` says that the column may hold codes
    (性别 + 代码); ``required`` that values alone never suffice.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: Mapping[str, float] = Field(default_factory=dict)
    counter: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    endings: Mapping[str, float] = Field(default_factory=dict)
    coded: bool = False
    required: bool = False


class Acceptance(BaseModel):
    """How much of a column must agree before the column *is* of this type."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    proportion: float = Field(default=0.8, gt=0, le=1)
    min_rows: int = 1


class TypeEntry(BaseModel):
    """One type of the vocabulary.

    ``patterns`` are recognised in cells and inside of text alike, ``cells`` only as a whole cell; ``codes``
    names a file of ``rules/codes``; ``tables`` are words of a table name that support (or, negative,
    contradict) the type, or ``@person``, ``@organisation``, ``@object`` for what its rows are about,
    or ``+word`` for a word in the header of another column (逾期天数 beside 贷款金额);
    ``absorbs`` names types that become this one in such a table (the coordinates of a camera register);
    ``absence`` (0..1) is how strongly values that do not fit speak against it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    zh: str
    en: str
    kind: Literal["personal", "organisation", "object", "mixed"]
    identifies: Literal["direct", "quasi", "sensitive", "-"]
    format_checkable: Literal["yes", "partly", "no"] = "no"
    category: str = ""
    header: Header = Header()
    patterns: tuple[Pattern, ...] = ()
    cells: tuple[Cell, ...] = ()
    codes: str = ""
    tables: Mapping[str, float] = Field(default_factory=dict)
    absorbs: tuple[str, ...] = ()
    absence: float = Field(default=0.3, ge=0, le=1)
    accept: Acceptance = Acceptance()
    context: tuple[str, ...] = ()
    operator: str = "drop"
    match: tuple[str, ...] = ()
    no_match: tuple[str, ...] = ()
    limits: Mapping[str, str] = Field(default_factory=dict)
    sources: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def load() -> Mapping[str, TypeEntry]:
    """Return every type of the vocabulary by its id, in the order of the files.

    Example:
        >>> load()["CN_RESIDENT_ID"].zh
        '居民身份证号'
    """
    import yaml

    entries: dict[str, TypeEntry] = {}
    folder = files("hushu.rules") / "types"
    for path in sorted((p for p in folder.iterdir() if p.name.endswith(".yaml")), key=lambda p: p.name):
        data: list[dict[str, Any]] = yaml.load(path.read_text("utf-8"), Loader=_loader())  # noqa: S506
        for item in data:
            entry = TypeEntry.model_validate(item)
            entries[entry.id] = entry
    return MappingProxyType(entries)


def _loader() -> Any:
    import yaml

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)
