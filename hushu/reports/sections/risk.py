"""The risk of finding a person again, before and after, from the certificate of the release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hushu.reports.numbers import number, share
from hushu.reports.sections.material import Material, outcome
from hushu.reports.view import (
    Bar,
    Block,
    Cell,
    Change,
    Changes,
    Citation,
    Grid,
    Histogram,
    Section,
    Text,
)
from hushu.rules.citation import mark


def risk(material: Material) -> Section | None:
    """Return the measures before and after and the sizes of the classes; None without a release."""
    certificate, say = material.certificate, material.say
    if certificate is None:
        return None
    privacy, measured = certificate["privacy"], certificate["risk"]
    before, after = measured["before"], measured["after"]
    if after.get("rows") is None and (certificate["counts"] or before.get("rows") is None):
        if certificate["counts"]:  # nothing but counts left: no row to find anybody in
            return None
        blocks: tuple[Block, ...] = (Text(text=say("risk.unmeasured"), tone="warn"),)
        return Section(id="risk", title=say("risk.title"), blocks=blocks)
    found: list[Block] = [Text(text=say("risk.lead")), _changes(material, before, after)]
    found += _about(material, after if after.get("rows") is not None else before)
    found += _standards(material, after["standards"], str(privacy.get("model") or ""))
    found += _by_table(material, measured.get("tables"))
    wanted = privacy.get("k")
    for key, report in (("risk.classes_before", before), ("risk.classes_after", after)):
        bars = bars_of(report["histogram"])
        if bars:
            at = line_at(report["histogram"], wanted)
            line = say("risk.k_line", k=number(wanted)) if at is not None else ""
            found.append(Histogram(title=say(key), bars=bars, axis=say("risk.axis"), line=line, at=at or 0))
    return Section(id="risk", title=say("risk.title"), blocks=tuple(found))


def _about(material: Material, report: Mapping[str, Any]) -> list[Block]:
    """Return by which columns was measured, and which of them single people out."""
    say = material.say
    lines = [("risk.quasi", report["quasi_identifiers"])]
    worst = [item for item in report["riskiest_columns"] if item.get("share")]
    lines.append(
        ("risk.riskiest", [f"{item.get('column', '—')} ({share(item['share'])})" for item in worst[:5]])
    )
    join = say("list.and").join
    return [Text(text=say(key, columns=join(map(str, columns)))) for key, columns in lines if columns]


def _by_table(material: Material, tables: Any) -> list[Block]:
    """Return the figures of each table where a release has several; the section itself tells the worst."""
    if not isinstance(tables, Mapping) or len(tables) < 2:
        return []
    say = material.say
    rows = []
    for name, figures in tables.items():
        sides = [figures.get(side) if isinstance(figures, Mapping) else None for side in ("before", "after")]
        before, after = (side if isinstance(side, Mapping) else {} for side in sides)
        numbers = [number(before.get("k")), number(after.get("k"))]
        highest = [share(_part(side, "prosecutor", "max")) for side in (before, after)]
        told = (Cell(text=text, number=True) for text in (*numbers, *highest))
        rows.append((Cell(text=str(name), code=True), *told))
    before_after = [say("risk.before"), say("risk.after")]
    measures = [f"{say(key)} ({side})" for key in ("risk.k", "risk.prosecutor.max") for side in before_after]
    return [Grid(caption=say("risk.by_table"), head=(say("table"), *measures), rows=tuple(rows))]


def _standards(material: Material, judgements: Sequence[Mapping[str, Any]], model: str) -> list[Block]:
    """Return what the standards say of the output, each with the mark of how far its text was read."""
    say, lang = material.say, material.names.lang
    rows = []
    for judgement in judgements:
        if model and judgement.get("model") not in ("", None, model):
            continue
        verified = str(judgement.get("verified") or "memory")
        said = Citation(
            rule=str(judgement.get("standard", "")),
            text=str(judgement.get("text" if lang == "zh" else "text_en") or ""),
            basis=str(judgement.get("source", "")),
            verified=verified,
            mark=mark(verified, lang),
        )
        rows.append((Cell(citations=(said,)), Cell(chips=(outcome(material.say, judgement.get("holds")),))))
    if not rows:
        return []
    head = (say("risk.standard"), say("certificate.outcome"))
    return [Grid(caption=say("risk.standards"), head=head, rows=tuple(rows), widths=(8, 2))]


def _changes(material: Material, before: Mapping[str, Any], after: Mapping[str, Any]) -> Changes:
    say = material.say
    known = [key for key in ("rows", "k", "l") if before.get(key) is not None or after.get(key) is not None]
    counts = [_counted(say(f"risk.{key}"), before.get(key), after.get(key)) for key in known]
    population = after.get("population")
    if isinstance(population, Mapping):
        counts.append(_counted(say("risk.k_map"), None, population.get("k_map")))
    shares = [
        _shared(say("risk.unique_share"), before.get("unique_share"), after.get("unique_share")),
        *(
            _shared(say(f"risk.{who}.{what}"), _part(before, who, what), _part(after, who, what))
            for who in ("prosecutor", "journalist")
            for what in ("max", "mean")
        ),
        _shared(say("risk.marketer"), _part(before, "marketer", "mean"), _part(after, "marketer", "mean")),
    ]
    if isinstance(population, Mapping) and isinstance(population.get("delta"), list | tuple):
        shares.append(_shared(say("risk.presence"), None, population["delta"][-1]))
    return Changes(
        title=say("risk.caption"),
        head=(say("risk.measure"), say("risk.before"), say("risk.after")),
        rows=tuple(counts + shares),
    )


def _part(report: Mapping[str, Any], who: str, what: str) -> Any:
    value = report.get(who)
    return value.get(what) if isinstance(value, Mapping) else value


def _counted(label: str, before: Any, after: Any) -> Change:
    return Change(label=label, before=None, after=None, before_text=number(before), after_text=number(after))


def _shared(label: str, before: Any, after: Any) -> Change:
    return Change(
        label=label,
        before=_drawn(before),
        after=_drawn(after),
        before_text=share(before),
        after_text=share(after),
    )


def _drawn(value: Any) -> float | None:
    """Return a share that a line from 0 to 1 can show."""
    return float(value) if isinstance(value, int | float) and 0 <= value <= 1 else None


def bars_of(histogram: Mapping[str, Any]) -> tuple[Bar, ...]:
    """Return one bar for each range of class sizes that the risk report counted, small ones first."""
    sizes = sorted((low, rows) for low, rows in _ranges(histogram) if isinstance(rows, int))
    ends = [*(low for low, _ in sizes[1:]), None][: len(sizes)]
    return tuple(
        Bar(label=_label(low, end), count=rows) for (low, rows), end in zip(sizes, ends, strict=True)
    )


def _ranges(histogram: Mapping[str, Any]) -> list[tuple[int, Any]]:
    return [(int(low), rows) for low, rows in histogram.items() if str(low).isdecimal()]


def _label(low: int, end: int | None) -> str:
    if end is None:
        return f"≥{low:,}"
    return f"{low:,}" if end == low + 1 else f"{low:,}-{end - 1:,}"


def line_at(histogram: Mapping[str, Any], k: Any) -> float | None:
    """Return where the line of k stands, counted in bars; inside a bar when k parts its range."""
    if not isinstance(k, int) or k < 2:
        return None
    lows = sorted(low for low, _ in _ranges(histogram))
    below = [low for low in lows if low < k]
    if not below or len(below) == len(lows):
        return None
    place = len(below) - 1
    return place + (k - lows[place]) / (lows[place + 1] - lows[place])
