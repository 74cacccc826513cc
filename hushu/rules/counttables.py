"""``privacy.counts`` of a purpose: the tables of counts that may leave instead of rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from hushu.errors import ConfigError

Protection = Literal["suppression", "rounding", "dp"]
DEFAULT_MINIMUM = 5


def _either(english: str, chinese: str) -> Any:
    return AliasChoices(english, chinese)


class CountTableFile(BaseModel):
    """One table of counts as written; exactly one protection: suppression, rounding or noise."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    table: str = Field(default="", validation_alias=_either("table", "表"))
    dimensions: tuple[str, ...] = Field(min_length=1, validation_alias=_either("dimensions", "维度"))
    measure: str = Field(default="", validation_alias=_either("measure", "计数项"))
    name: str = Field(default="", validation_alias=_either("name", "名称"))
    minimum: int | None = Field(default=None, ge=2, validation_alias=_either("minimum", "最小单元"))
    width: float | None = Field(default=None, gt=0, validation_alias=_either("width", "区间宽度"))
    zeros: Literal["publish", "hide"] = Field(default="publish", validation_alias=_either("zeros", "零值"))
    rounding: int | None = Field(default=None, ge=2, validation_alias=_either("rounding", "取整"))
    rounding_kind: Literal["controlled", "random"] = "controlled"
    epsilon: str | None = None
    budget: str | None = Field(default=None, validation_alias=_either("budget", "预算"))
    categories: Mapping[str, tuple[str, ...]] = Field(
        default_factory=dict, validation_alias=_either("categories", "类别")
    )
    rows_per_person: int = Field(default=1, ge=1, validation_alias=_either("rows_per_person", "每人行数"))

    @field_validator("epsilon", "budget", mode="before")
    @classmethod
    def _exact(cls, value: Any) -> Any:
        # 0.1 as text is a tenth; as a float it is not.
        if value is None:
            return None
        try:
            positive = Fraction(str(value)) > 0
        except (ValueError, ZeroDivisionError):
            positive = False
        if not positive:
            raise ValueError("epsilon and budget are numbers above 0")
        return str(value)

    @field_validator("zeros", mode="before")
    @classmethod
    def _zeros(cls, value: Any) -> Any:
        return {"公布": "publish", "隐去": "hide"}.get(value, value) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_protection(self) -> CountTableFile:
        suppressing = self.minimum is not None or self.width is not None or self.zeros == "hide"
        if suppressing + (self.rounding is not None) + (self.epsilon is not None) > 1:
            raise ValueError("one protection a table: minimum and width, or rounding, or epsilon")
        if self.epsilon is not None and (self.budget is None or set(self.categories) != set(self.dimensions)):
            raise ValueError("epsilon needs a budget, and categories for every dimension")
        if self.epsilon is not None and self.measure:
            raise ValueError("noise is for counts of rows, not for sums of a measure")
        if len(set(self.dimensions)) < len(self.dimensions):
            raise ValueError("a dimension is named twice")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class CountSpec:
    """One table of counts that may leave.

    Attributes:
        table: the source table; empty where there is only one.
        dimensions: the columns to count by.
        measure: a column of counts to sum; empty counts rows.
        name: the file's part of the name; empty takes the table's.
        minimum: counts from 1 to one less are hidden; None takes 5.
        width: the interval that must remain for a hidden count; None takes the minimum.
        zeros: whether zeros are published or hidden as small counts are.
        rounding: the base that all counts are rounded to, instead of hiding.
        rounding_kind: whether rounded totals still add up.
        epsilon: privacy loss of noisy counts, instead of hiding; decimals as text are exact.
        budget: all the privacy loss that the table may ever have.
        categories: with ``epsilon`` the categories of each dimension, known beforehand.
        rows_per_person: with ``epsilon`` at most so many rows belong to one person.
    """

    dimensions: tuple[str, ...]
    table: str = ""
    measure: str = ""
    name: str = ""
    minimum: int | None = None
    width: float | None = None
    zeros: Literal["publish", "hide"] = "publish"
    rounding: int | None = None
    rounding_kind: Literal["controlled", "random"] = "controlled"
    epsilon: str | None = None
    budget: str | None = None
    categories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rows_per_person: int = 1

    @property
    def protection(self) -> Protection:
        """What keeps persons apart from the counts."""
        if self.epsilon is not None:
            return "dp"
        return "suppression" if self.rounding is None else "rounding"

    def to_dict(self) -> dict[str, Any]:
        """Return the specification as plain data, what is not set left out."""
        plain = {name: getattr(self, name) for name in CountSpec.__slots__}
        plain["dimensions"] = list(self.dimensions)
        plain["categories"] = {name: list(values) for name, values in self.categories.items()}
        kept = {name: value for name, value in plain.items() if value not in (None, "", {})}
        for name, default in (("zeros", "publish"), ("rounding_kind", "controlled"), ("rows_per_person", 1)):
            if kept.get(name) == default:
                del kept[name]
        return kept


def count_spec(data: Mapping[str, Any], where: str = "privacy.counts") -> CountSpec:
    """Return one table of counts from its plain data.

    Raises:
        ConfigError: HS-E169, a field is unknown, out of range or contradicts another.

    Example:
        >>> count_spec({"dimensions": ["district"], "minimum": 10}).protection
        'suppression'
    """
    try:
        return CountSpec(**CountTableFile.model_validate(dict(data)).model_dump())
    except (ValidationError, TypeError, ValueError) as problem:
        raise ConfigError(
            "the table of counts is wrong",
            where=where,
            why=_reason(problem),
            fix="dimensions, then minimum and width, or rounding, or epsilon with budget and categories",
            code="HS-E169",
        ) from None


def _reason(problem: Exception) -> str:
    if not isinstance(problem, ValidationError):
        return "it must be a mapping"
    first = problem.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    said = str(first["msg"]).removeprefix("Value error, ")
    return f"{place}: {said}" if place else said


def count_specs(privacy: Mapping[str, Any]) -> tuple[CountSpec, ...]:
    """Return the tables of counts that a purpose or plan asks for; raises as :func:`count_spec`."""
    asked = privacy.get("counts") or ()
    if isinstance(asked, Mapping):
        asked = [asked]
    return tuple(count_spec(one, f"privacy.counts[{number}]") for number, one in enumerate(asked, 1))
