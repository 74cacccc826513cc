"""What people decided: kept in ``decisions.yaml``, merged without losing any, applied to every re-scan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from hushu.errors import ConfigError, InputError
from hushu.io.atomic import atomic_write
from hushu.model import Decision, Status
from hushu.rules import vocabulary
from hushu.rules.deciding import apply_decisions
from hushu.rules.packload import LocatedYaml, validated

__all__ = ["Book", "Policy", "apply_decisions", "merge", "read_book", "read_decisions", "write_decisions"]

Policy = Literal["overwrite-all", "only-suggested", "keep"]
SCHEMA = "hushu.decisions/1"


class _Entry(BaseModel):
    """One decision, as written. ``type`` is decided when the key is present, even as null."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    table: str = Field(min_length=1)
    column: str = ""
    status: Status = "confirmed"
    type: str | None = None
    levels: Mapping[str, str] = Field(default_factory=dict)
    attributes: Mapping[str, str] = Field(default_factory=dict)
    by: str = ""
    at: str = ""
    kind: str = ""
    reason: str = ""
    basis: str = ""
    expires: str = ""

    @field_validator("at", "expires", mode="before")
    @classmethod
    def _written_as_text(cls, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value

    @field_validator("expires")
    @classmethod
    def _a_day(cls, value: str) -> str:
        if value:
            date.fromisoformat(value[:10])
        return value

    @field_validator("type")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        if value is not None and value not in vocabulary.load():
            raise ValueError(f"unknown type {value}; hushu rules list prints the types")
        return value

    @model_validator(mode="after")
    def _signed(self) -> _Entry:
        if self.status != "suggested" and not (self.by and self.at):
            raise ValueError("a decision needs `by` and `at`: who decided, and when")
        if self.status == "overridden" and not self.reason:
            raise ValueError("an overridden column needs its `reason`")
        if self.expires and not self.reason:
            raise ValueError("a suppression needs its `reason`")
        return self


class DecisionFile(BaseModel):
    """The file ``decisions.yaml``; what newer decisions replaced stays under ``set_aside``."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    schema_id: Literal["hushu.decisions/1"] = Field(default="hushu.decisions/1", alias="schema")
    decisions: tuple[_Entry, ...] = ()
    set_aside: tuple[_Entry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Every decision there ever was: those in force, and those set aside by an import, with why."""

    decisions: tuple[Decision, ...] = ()
    set_aside: tuple[Decision, ...] = ()
    conflicts: tuple[str, ...] = ()


def read_decisions(path: str | Path) -> tuple[Decision, ...]:
    """Return the decisions in force of a ``decisions.yaml``.

    Raises:
        InputError: HS-E201 when the file cannot be read.
        ConfigError: HS-E187 when an entry is wrong, with its line.
    """
    return read_book(path).decisions


def read_book(path: str | Path) -> Book:
    """Return everything a ``decisions.yaml`` holds.

    Raises:
        InputError: HS-E201 when the file cannot be read.
        ConfigError: HS-E187 when an entry is wrong, with its line.
    """
    try:
        text = Path(path).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "the decisions cannot be read",
            where=str(path),
            why=getattr(error, "strerror", None) or "not UTF-8 text",
            fix="name a decisions.yaml; hushu review import writes one",
            code="HS-E201",
        ) from error
    document = LocatedYaml(text, str(path))
    if document.data is None:
        return Book()
    what = "a decision is not written as it should be"
    file = validated(DecisionFile, document, "HS-E187", what, schema="decisions")
    return Book(
        decisions=tuple(
            _decision(entry, document.at(["decisions", line])) for line, entry in enumerate(file.decisions)
        ),
        set_aside=tuple(
            _decision(entry, document.at(["set_aside", line])) for line, entry in enumerate(file.set_aside)
        ),
    )


def write_decisions(path: str | Path, book: Book | Sequence[Decision]) -> None:
    """Write ``decisions.yaml`` whole and at once.

    Raises:
        OutputError: HS-E510 when the place cannot be written.
    """
    whole = book if isinstance(book, Book) else Book(decisions=tuple(book))
    data: dict[str, Any] = {"schema": SCHEMA, "decisions": [_written(d) for d in whole.decisions]}
    if whole.set_aside:
        data["set_aside"] = [_written(d) for d in whole.set_aside]
    with atomic_write(path, "w") as stream:
        yaml.safe_dump(data, stream, allow_unicode=True, sort_keys=False, width=110)


def merge(existing: Book | Sequence[Decision], incoming: Iterable[Decision], policy: Policy) -> Book:
    """Take ``incoming`` decisions into ``existing`` ones; what yields is set aside, never lost.

    Args:
        existing: the book or its decisions.
        incoming: for instance from a reviewed workbook; undecided rows (``suggested``) only ever
            take the place of nothing or of another undecided row, unless everything is overwritten.
        policy: ``overwrite-all`` lets the new one win everywhere but over a locked one;
            ``only-suggested`` lets it win over undecided rows; ``keep`` only where there was nothing.

    Raises:
        ConfigError: HS-E188 unknown policy.
    """
    if policy not in ("overwrite-all", "only-suggested", "keep"):
        raise ConfigError(
            "unknown import policy",
            where=str(policy),
            fix="overwrite-all, only-suggested or keep",
            code="HS-E188",
        )
    book = existing if isinstance(existing, Book) else Book(decisions=tuple(existing))
    active: dict[tuple[str, str], Decision] = {}
    aside = list(book.set_aside)
    conflicts = list(book.conflicts)

    def settle(decision: Decision, replaces: bool, because: str) -> None:
        before = active.get(_key(decision))
        if before is None or before == decision:
            active[_key(decision)] = decision
            return
        kept, yielding = (decision, before) if replaces else (before, decision)
        active[_key(decision)] = kept
        if yielding.status != "suggested":
            aside.append(yielding)
        if _differ(before, decision):
            conflicts.append(_disagreement(before, decision, because))

    for decision in book.decisions:
        settle(decision, True, "the later line of the file stands")
    for decision in incoming:
        before = active.get(_key(decision))
        settle(decision, before is None or _yields(before, policy), f"import policy {policy}")
    return Book(decisions=tuple(active.values()), set_aside=tuple(aside), conflicts=tuple(conflicts))


def _yields(before: Decision, policy: Policy) -> bool:
    if policy == "overwrite-all":
        return before.status != "locked"
    return policy == "only-suggested" and before.status == "suggested"


def _key(decision: Decision) -> tuple[str, str]:
    return decision.table, decision.column


def _differ(one: Decision, other: Decision) -> bool:
    if "suggested" in (one.status, other.status):
        return False
    return (one.type_decided, one.type, dict(one.levels)) != (
        other.type_decided,
        other.type,
        dict(other.levels),
    )


def _disagreement(before: Decision, after: Decision, because: str) -> str:
    place = f"{before.table}.{before.column}" if before.column else before.table
    return f"{place}: {before.by} ({before.at}) and {after.by} ({after.at}) decided differently; {because}"


def _decision(entry: _Entry, origin: str) -> Decision:
    return Decision(**entry.model_dump(), type_decided="type" in entry.model_fields_set, origin=origin)


def _written(decision: Decision) -> dict[str, Any]:
    out = {field.name: getattr(decision, field.name) for field in fields(decision)}
    decided = out.pop("type_decided")
    del out["origin"]
    out["levels"], out["attributes"] = dict(decision.levels), dict(decision.attributes)
    return {
        name: value
        for name, value in out.items()
        if value not in ("", {}, None) or (name == "type" and decided)
    }
