"""The language of packs: one regulation or standard as data.

A pack orders its levels, names its sources, and lists rules: a condition over what a column or a
table holds, and an effect on its grade. Every rule cites a source and an article and says how far
that text was read (``verified``). :mod:`hushu.rules.packload` reads the files.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

LANGUAGE_VERSION = 1

FACTS: Mapping[str, str] = {
    "rows": "rows of the table",
    "persons": "persons in the table; counted by identity numbers, or rows as the upper bound",
    "min_age": "youngest person, in years",
    "max_age": "oldest person, in years",
    "under_14": "share or number of persons under 14",
    "under_18": "share or number of persons under 18",
    "decimals": "decimal places of coordinates; 3 is about 100 m",
    "address_depth": "室, 号, 弄, 街道 or 区; province for the coarsest",
    "precision": "of dates: day, month or year",
    "derived": "the header names a count, a sum or a mean",
    "aggregated": "the table holds statistics, no persons one by one",
    "distinct_persons": "distinct identity numbers of the column",
}
"""What conditions may ask under ``facts`` and ``missing``; a pack may declare more of its own."""

Identifier = Annotated[str, Field(pattern=r"^[a-zA-Z0-9][a-zA-Z0-9._-]*$")]
NonEmpty = Annotated[str, Field(min_length=1)]
BasisKind = Literal["law", "administrative_regulation", "state_council_decision"]
Use = Literal["internal", "share", "open", "authorised", "entrust", "cross-border", "collect"]


def _as_tuple(value: Any) -> Any:
    return (value,) if isinstance(value, (str, int)) else value


Names = Annotated[tuple[NonEmpty, ...], BeforeValidator(_as_tuple)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Text(_Part):
    """One statement in Chinese and in English."""

    zh: NonEmpty
    en: NonEmpty


class Level(_Part):
    """One step of the scale.

    A level ``for_people`` may be set by a person only, never by a rule. A level with ``bases`` may be
    set by a person only on a legal basis of one of these kinds.
    """

    id: Identifier
    title: Text
    test: Text | None = None
    for_people: bool = False
    bases: tuple[BasisKind, ...] = ()


class Source(_Part):
    """A law, regulation or standard, with the period in which it holds."""

    title: Text
    number: str = ""
    effective: date
    until: date | None = None
    status: str = ""


class Range(_Part):
    """A half-open interval of a number: ``min`` <= value < ``under``."""

    min: float | None = None
    under: float | None = None


class Condition(_Part):
    """What must hold for a rule to fire. The parts given must all hold; ``any``, ``all`` and ``not`` nest.

    ``holds``, ``type``, ``contains``, ``state`` ask about the column; ``beside``, ``joined``, ``persons``,
    ``rows`` and ``missing`` about its table; ``facts`` and ``marked`` about either.
    A name that begins with ``@`` is a group of the pack or of the vocabulary.
    """

    holds: Names = ()
    type: Names = ()
    contains: Names = ()
    category: Names = ()
    state: Annotated[
        tuple[Literal["unknown", "unexamined", "text", "text_without_findings"], ...],
        BeforeValidator(_as_tuple),
    ] = ()
    facts: Mapping[str, bool | str | Range | tuple[str, ...]] = Field(default_factory=dict)
    marked: str = ""
    beside: tuple[Names, ...] = ()
    joined: tuple[Names, ...] = ()
    persons: Range | None = None
    rows: Range | None = None
    missing: Names = ()
    any: tuple[Condition, ...] = ()
    all: tuple[Condition, ...] = ()
    negated: Condition | None = Field(default=None, alias="not")


class Effect(_Part):
    """What a rule that fires does to a grade. ``level`` is a floor: the highest one wins."""

    level: str = ""
    category: str = ""
    sharing: Literal["", "unconditional", "conditional", "withheld"] = ""
    open: Literal["", "open", "conditional", "closed"] = ""
    attributes: Mapping[str, str] = Field(default_factory=dict)
    flags: tuple[str, ...] = ()
    review: bool = False
    duties: tuple[str, ...] = ()


class Statement(_Part):
    """A statement of law: what it says, where it stands, and how far that text was verified."""

    id: Identifier
    text: Text
    source: Identifier
    article: NonEmpty
    verified: Literal["fulltext", "excerpt", "memory"]
    effective: date | None = None
    until: date | None = None
    limits: Text | None = None


class Rule(Statement):
    """A statement that grades.

    ``scope``: ``column``, ``table`` and ``source`` rules look at their condition (for the whole source the
    persons of its tables are added up, an upper bound); the ``default`` rule speaks when no
    other gave a level; ``conflict`` when several gave different levels; ``rollup`` lifts the highest
    level of the parts to the table and the source.
    """

    scope: Literal["column", "table", "source", "default", "conflict", "rollup"] = "column"
    when: Condition = Condition()
    unless: Condition | None = None
    effect: Effect = Effect()


class Duty(Statement):
    """What the law asks before data may be used so; ``evidence`` says what hushu itself can show."""

    uses: tuple[Use, ...] = ()
    when: Condition = Condition()
    trigger: Text
    evidence: Text


class Deadline(Statement):
    """A time limit counted in working days, calendar days or years from an event."""

    days: int = Field(ge=0)
    extension: int = 0
    unit: Literal["working_days", "days", "years"] = "working_days"
    event: Text


class FormField(Statement):
    """One field that a form must have by law."""

    form: Identifier


class Gap(_Part):
    """Something of the regulation that could not be verified and that a person must fill in."""

    what: Text
    where: Text


class CaseColumn(_Part):
    """A column of a case; a bare type name stands for a column of that type, null for one of none."""

    type: str | None = None
    contains: Names = ()
    name: str = ""
    comment: str = ""
    facts: Mapping[str, Any] = Field(default_factory=dict)
    unseen: bool = False


def _as_column(value: Any) -> Any:
    return {"type": value} if value is None or isinstance(value, str) else value


class CaseTable(_Part):
    """A table of a case; a bare list stands for its columns. The rule is asked about column ``on``."""

    columns: tuple[Annotated[CaseColumn, BeforeValidator(_as_column)], ...] = ()
    on: int = 0
    name: str = "t"
    comment: str = ""
    rows: int | None = 1000
    facts: Mapping[str, Any] = Field(default_factory=dict)
    as_of: date | None = None
    use: Use = "share"
    beside: tuple[Annotated[CaseColumn, BeforeValidator(_as_column)], ...] = ()  # a second, joinable table


def _as_table(value: Any) -> Any:
    return {"columns": value} if isinstance(value, list) else value


_Tables = tuple[Annotated[CaseTable, BeforeValidator(_as_table)], ...]


class Cases(_Part):
    """Tables on which a rule must fire, and tables on which it must not."""

    fires: _Tables = ()
    silent: _Tables = Field(default=(), alias="not")


class PackFile(_Part):
    """The file of one pack, as written."""

    language: int = LANGUAGE_VERSION
    id: Identifier
    version: NonEmpty
    title: Text
    about: Text | None = None
    jurisdiction: str = ""
    extends: str = ""
    without: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    categories: Mapping[str, Text] = Field(default_factory=dict)
    groups: Mapping[str, Names] = Field(default_factory=dict)
    facts: Mapping[str, Text] = Field(default_factory=dict)
    sources: Mapping[str, Source] = Field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    duties: tuple[Duty, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    fields: tuple[FormField, ...] = ()
    gaps: tuple[Gap, ...] = ()
    cases: Mapping[str, Cases] = Field(default_factory=dict)


class Pack(PackFile):
    """A checked pack: what it extends is merged in, its groups are resolved to types, its file is hashed."""

    sha256: str
    path: str

    def rank(self, level: str) -> int:
        """Return the place of ``level`` in the pack's order, 0 being the lowest.

        Raises:
            ValueError: the pack has no such level.
        """
        return [known.id for known in self.levels].index(level)

    def rule(self, rule_id: str) -> Rule | None:
        """Return the newest rule of that id, or None."""
        found = [rule for rule in self.rules if rule.id == rule_id]
        return found[-1] if found else None

    def in_force(self, statement: Statement, day: date) -> bool:
        """Say whether ``statement`` holds on ``day``: not before it takes effect, not after it ends."""
        source = self.sources[statement.source]
        start = statement.effective or source.effective
        ends = [end for end in (statement.until, source.until) if end is not None]
        return start <= day and all(day <= end for end in ends)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a pack file, for editors and for ``hushu rules schema``.

    Example:
        >>> json_schema()["title"]
        'PackFile'
    """
    return PackFile.model_json_schema(by_alias=True)
