"""The remaining risk, judged by GB/T 42460-2023 and GB/T 37964-2019; the numbers stand in standards.yaml."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from hushu.anonymize.privacy.classes import Ints
from hushu.model import Verified

AtThreshold = Literal["fails", "holds"]


class ReleaseModel(BaseModel):
    """What a standard asks of one way of releasing data."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    zh: str
    en: str
    risk: Literal["max", "class_mean", "row_mean"]
    smallest_class: int = 1
    context: float | None = None
    mean_limit: float | None = None
    max_limit: float | None = None


class Standard(BaseModel):
    """One standard: where its numbers come from, and its release models."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    source: str
    article: str
    verified: Verified
    title: dict[str, str]
    models: tuple[ReleaseModel, ...]
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one standard says of a table under one release model.

    Attributes:
        standard: id of the standard.
        source: the standard and its article.
        verified: how far the standard's text was read.
        model: ``public``, ``controlled`` or ``enclave``.
        risk: the total risk, 0..1, that the standard's formula gives.
        threshold: the risk it must stay below, or None where the standard names none.
        holds: whether it does; None where the standard names no limit.
        level: ``2级`` or ``3级`` of GB/T 42460, direct identifiers being gone; else empty.
        text: the judgement in Chinese.
        text_en: the judgement in English.
    """

    standard: str
    source: str
    verified: Verified
    model: str
    risk: float
    threshold: float | None
    holds: bool | None
    level: str
    text: str
    text_en: str

    def to_dict(self) -> dict[str, Any]:
        """Return the judgement as JSON-ready values."""
        return asdict(self)


@lru_cache(maxsize=1)
def standards() -> tuple[Standard, ...]:
    """Return the standards of standards.yaml."""
    import yaml

    text = (files("hushu.anonymize.privacy") / "standards.yaml").read_text("utf-8")
    return tuple(Standard.model_validate(item) for item in yaml.safe_load(text))


def judge(sizes: Ints, *, context: float = 1.0, at_threshold: AtThreshold = "fails") -> tuple[Judgement, ...]:
    """Judge classes of the given sizes under every standard and release model.

    Args:
        sizes: rows of each published class; suppressed rows left out.
        context: probability, 0..1, that somebody tries (deliberate, inadvertent, breach; the
            greatest of the three). Controlled and enclave release only; public release counts 1.
        at_threshold: whether a risk equal to the threshold ``fails`` (strict reading of
            GB/T 42460: "risk ≥ threshold is level 2") or ``holds``.

    Note:
        Direct identifiers are taken to be gone: a table that still has them is level 1, one
        without any identifier (aggregates) level 4, whatever the classes.

    Source: GB/T 42460-2023 clauses 4, 6.3 and Annex D.1; GB/T 37964-2019 Annex B.

    Example:
        >>> [j.level for j in judge(np.array([20, 20])) if j.standard == "gbt-42460"]
        ['2级', '2级', '2级']
        >>> [j.level for j in judge(np.array([21, 30]), context=0.5) if j.standard == "gbt-42460"]
        ['3级', '3级', '3级']
    """
    if not len(sizes):
        return ()
    out = []
    for standard in standards():
        for model in standard.models:
            judged = _by_threshold if standard.threshold is not None else _by_limits
            out.append(judged(standard, model, sizes, context, at_threshold))
    return tuple(out)


def _risk(model: ReleaseModel, sizes: Ints) -> float:
    if model.risk == "max":
        return float(1 / sizes.min())
    if model.risk == "class_mean":
        return float(np.mean(1 / sizes))
    return float(len(sizes) / sizes.sum())


def _by_threshold(
    standard: Standard, model: ReleaseModel, sizes: Ints, context: float, at_threshold: AtThreshold
) -> Judgement:
    below = float(np.mean(sizes < model.smallest_class))
    chance = context if model.context is None else model.context
    # One class below the limit makes the total risk 1, whatever the context.
    total = 1.0 if below else _risk(model, sizes) * chance
    limit = standard.threshold or 0.0
    holds = total < limit or (at_threshold == "holds" and total <= limit)
    level = "3级" if holds else "2级"
    return Judgement(
        standard.id,
        f"{standard.source} {standard.article}",
        standard.verified,
        model.id,
        total,
        limit,
        holds,
        level,
        f"{model.zh}：{level}，总体风险 {total:.4f}，门限 {limit:g}"
        + (f"，{below:.1%} 的等价类不足 {model.smallest_class}" if below else ""),
        f"{model.en}: level {level[0]}, total risk {total:.4f}, threshold {limit:g}"
        + (f", {below:.1%} of classes are below {model.smallest_class}" if below else ""),
    )


def _by_limits(
    standard: Standard, model: ReleaseModel, sizes: Ints, context: float, at_threshold: AtThreshold
) -> Judgement:
    risk = _risk(model, sizes) * (context if model.context is None else model.context)
    greatest = float(1 / sizes.min())
    holds: bool | None = None
    if model.mean_limit is not None and model.max_limit is not None:
        holds = _risk(model, sizes) <= model.mean_limit and greatest <= model.max_limit
    verdict = {
        True: ("符合", "holds"),
        False: ("不符合", "does not hold"),
        None: ("仅列风险值", "risk only"),
    }[holds]
    return Judgement(
        standard.id,
        f"{standard.source} {standard.article}",
        standard.verified,
        model.id,
        risk,
        model.mean_limit,
        holds,
        "",
        f"{model.zh}：{verdict[0]}，风险 {risk:.4f}，最大行风险 {greatest:.4f}",
        f"{model.en}: {verdict[1]}, risk {risk:.4f}, greatest row risk {greatest:.4f}",
    )
