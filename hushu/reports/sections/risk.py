"""The risk of finding a person again, before and after, from the certificate of the release."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hushu.reports.numbers import number, share
from hushu.reports.sections.material import Material
from hushu.reports.view import Bar, Block, Change, Changes, Histogram, Section, Text

_EDGES = (1, 2, 5, 10, 20, 50, 100, 1000)


def risk(material: Material) -> Section | None:
    """Return the measures before and after and the sizes of the classes; None without a release."""
    certificate, say = material.certificate, material.say
    if certificate is None:
        return None
    measured = certificate.get("risk") or {}
    before, after = measured.get("before") or {}, measured.get("after") or {}
    if not before and not after:
        blocks: tuple[Block, ...] = (Text(text=say("risk.unmeasured"), tone="warn"),)
        return Section(id="risk", title=say("risk.title"), blocks=blocks)
    found: list[Block] = [Text(text=say("risk.lead")), _changes(material, before, after)]
    found += _about(material, after or before)
    wanted = (certificate.get("privacy") or {}).get("k")
    for key, report in (("risk.classes_before", before), ("risk.classes_after", after)):
        bars = _bars(report.get("histogram"), wanted)
        if bars:
            line = say("risk.k_line", k=number(wanted)) if isinstance(wanted, int) else ""
            found.append(Histogram(title=say(key), bars=bars, axis=say("risk.axis"), line=line))
    return Section(id="risk", title=say("risk.title"), blocks=tuple(found))


def _about(material: Material, report: Mapping[str, Any]) -> list[Block]:
    """Return by which columns was measured, and which of them single people out."""
    say = material.say
    lines = [("risk.quasi", report.get("quasi_identifiers") or ())]
    worst = [item for item in report.get("riskiest_columns") or () if item.get("share")]
    lines.append(("risk.riskiest", [f"{item['column']} ({share(item['share'])})" for item in worst[:5]]))
    join = say("list.and").join
    return [Text(text=say(key, columns=join(map(str, columns)))) for key, columns in lines if columns]


def _changes(material: Material, before: Mapping[str, Any], after: Mapping[str, Any]) -> Changes:
    say = material.say
    counts = [_counted(say(f"risk.{key}"), before.get(key), after.get(key)) for key in ("rows", "k", "l")]
    shares = [
        _shared(say("risk.unique_share"), before.get("unique_share"), after.get("unique_share")),
        *(
            _shared(say(f"risk.{who}.{what}"), _part(before, who, what), _part(after, who, what))
            for who in ("prosecutor", "journalist")
            for what in ("max", "mean")
        ),
        _shared(say("risk.marketer"), _part(before, "marketer", "mean"), _part(after, "marketer", "mean")),
    ]
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
        before=before if isinstance(before, int | float) else None,
        after=after if isinstance(after, int | float) else None,
        before_text=share(before),
        after_text=share(after),
    )


def _bars(histogram: Any, wanted: Any) -> tuple[Bar, ...]:
    """Return rows by class size in steps that show small classes apart."""
    sizes = _sizes(histogram)
    if not sizes:
        return ()
    steps = sorted({*_EDGES, wanted} if isinstance(wanted, int) and wanted > 0 else _EDGES)
    bars = []
    for low, high in zip(steps, [*steps[1:], None], strict=True):
        rows = sum(rows for size, rows in sizes if size >= low and (high is None or size < high))
        below = isinstance(wanted, int) and high is not None and high <= wanted
        bars.append(Bar(label=_label(low, high), count=rows, below=below))
    return tuple(bars)


def _label(low: int, high: int | None) -> str:
    if high is None:
        return f"≥{low:,}"
    return f"{low:,}" if high == low + 1 else f"{low:,}-{high - 1:,}"


def _sizes(histogram: Any) -> list[tuple[int, int]]:
    """Return (class size, rows in classes of that size) as the risk report writes them."""
    if not isinstance(histogram, Mapping):
        return []
    return [(int(size), int(rows)) for size, rows in histogram.items() if str(size).isdigit()]
