"""How fine a grain may be at all: what no purpose and no hand edit can loosen.

Grains are ordered from what reveals nothing to what reveals the value itself. The rules are
data (``limits.yaml``), each with its article and how far the text was verified.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict

from hushu.errors import ConfigError
from hushu.model import Reason, Verified
from hushu.rules import vocabulary

GRAINS: dict[str, int] = {
    "drop": 0,
    "count": 1,
    "yes_no": 2,
    "decade": 3,
    "province": 3,
    "gender": 3,
    "year": 4,
    "band": 4,
    "city": 4,
    "district": 5,
    "month": 5,
    "quarter": 5,
    "age": 6,
    "rounded": 6,
    "street": 6,
    "interval": 7,
    "surrogate": 7,
    "pseudonym": 7,
    "redacted": 7,
    "masked": 8,
    "format": 8,
    "encrypted": 8,
    "exact": 9,
}
"""Every grain with its rank: a higher rank reveals more."""


class Limit(BaseModel):
    """One rule of ``limits.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    uses: tuple[str, ...]
    types: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    identifies: tuple[str, ...] = ()
    finest: str
    text: dict[Literal["zh", "en"], str]
    source: str
    article: str
    verified: Verified

    def applies(self, entry: vocabulary.TypeEntry, use: str) -> bool:
        """Tell whether the rule speaks about this type and use."""
        return (
            use in self.uses
            and (not self.types or entry.id in self.types)
            and (not self.kinds or entry.kind in self.kinds)
            and (not self.identifies or entry.identifies in self.identifies)
        )

    def reason(self) -> Reason:
        """Return the rule as a reason for a plan or a refusal."""
        return Reason(
            rule=self.id,
            text=self.text["zh"],
            text_en=self.text["en"],
            source=self.source,
            article=self.article,
            verified=self.verified,
        )


def rank(grain: str) -> int:
    """Return how much a grain reveals, 0 (nothing) to 9 (the value itself).

    Raises:
        ConfigError: HS-E131, no such grain.

    Example:
        >>> rank("exact") > rank("month") > rank("drop")
        True
    """
    if grain not in GRAINS:
        raise ConfigError("unknown grain", where=grain, fix=f"one of: {', '.join(GRAINS)}", code="HS-E131")
    return GRAINS[grain]


def finest(types: Sequence[str], use: str) -> tuple[str, tuple[Reason, ...]]:
    """Return the finest grain that the law allows for a column, and the rules that set it.

    Args:
        types: the type the column is, and those it contains; empty when nothing was found.
        use: internal, share, open, authorised, entrust or cross-border.

    Example:
        >>> finest(["CREDENTIAL"], "share")[0]
        'drop'
    """
    known = vocabulary.load()
    fitting = [
        limit for limit in _limits() for name in types if name in known and limit.applies(known[name], use)
    ]
    if not fitting:
        return "exact", ()
    coarsest = min(rank(limit.finest) for limit in fitting)
    binding = [limit for limit in fitting if rank(limit.finest) == coarsest]
    return binding[0].finest, tuple({limit.id: limit.reason() for limit in binding}.values())


@lru_cache(maxsize=1)
def _limits() -> tuple[Limit, ...]:
    import yaml

    text = (files("hushu.rules") / "limits.yaml").read_text("utf-8")
    return tuple(Limit.model_validate(item) for item in yaml.safe_load(text))
