"""Why a column was judged as it was, and what would change the answer."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from hushu.classify.score import PRIOR
from hushu.errors import ConfigError
from hushu.model import Column, Content, Evidence, Grade, Inventory
from hushu.rules.citation import cite
from hushu.rules.vocabulary import TypeEntry, load

Language = Literal["zh", "en"]
_KINDS = {
    "value": ("数值", "values"),
    "header": ("列名", "header"),
    "comment": ("注释", "comment"),
    "table": ("表", "table"),
    "model": ("模型", "model"),
    "combination": ("相邻列", "neighbours"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One column's verdict with every piece of evidence and what would change it; no raw value."""

    table: str
    column: str
    type: str | None
    confidence: float
    status: str
    prior: float
    score: float
    evidence: tuple[Evidence, ...]
    contains: tuple[Content, ...]
    runner_up: str | None
    warnings: tuple[str, ...]
    changes: tuple[tuple[str, str], ...]
    grades: tuple[tuple[str, Grade], ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the explanation as a JSON object."""
        out = asdict(self)
        out["changes"] = [{"zh": zh, "en": en} for zh, en in self.changes]
        out["grades"] = {pack: asdict(grade) for pack, grade in self.grades}
        return out

    def text(self, language: Language = "zh") -> str:
        """Return the explanation as lines for a reader."""
        zh = language == "zh"
        lines = [f"{self.table}.{self.column}", _verdict(self, zh)]
        lines += [_line(e, zh) for e in self.evidence]
        lines += [
            (
                f"  另含 {c.type}：{c.count} 个单元格（{c.share:.2%}）"
                if zh
                else f"  contains {c.type}: {c.count} cells ({c.share:.2%})"
            )
            for c in self.contains
        ]
        lines += [("  警告：" if zh else "  warning: ") + w for w in self.warnings]
        for pack, grade in self.grades:
            lines.append(f"  {pack}: {grade.level}")
            lines += [
                f"    {r.text if zh else r.text_en or r.text} [{cite(r, 'zh' if zh else 'en')}]"
                for r in grade.because
            ]
        lines += [("  若要改变：" if zh else "  to change it: ") + (a if zh else b) for a, b in self.changes]
        return "\n".join(lines)


def why(inventory: Inventory, column: str) -> Explanation:
    """Return the evidence behind one column of an inventory, and what would change the answer.

    Args:
        inventory: as a scan returned it.
        column: ``table.column``; both names may hold dots.

    Raises:
        ConfigError: HS-E173, the inventory holds no such column.
    """
    table_name, found = _find(inventory, column)
    finding = found.finding
    entry = load().get(finding.type or "")
    return Explanation(
        table=table_name,
        column=found.name,
        type=finding.type,
        confidence=finding.confidence,
        status=found.status,
        prior=PRIOR,
        score=round(PRIOR + sum(e.weight for e in finding.evidence), 3) if entry else PRIOR,
        evidence=finding.evidence,
        contains=finding.contains,
        runner_up=finding.runner_up,
        warnings=finding.warnings,
        changes=tuple(_changes(found, entry)),
        grades=tuple(found.grades.items()),
    )


def _find(inventory: Inventory, column: str) -> tuple[str, Column]:
    for table in inventory:
        for one in table:
            if f"{table.name}.{one.name}" == column:
                return table.name, one
    raise ConfigError(
        "the inventory holds no such column",
        where=column,
        fix="write TABLE.COLUMN as the inventory does",
        code="HS-E173",
    )


def _changes(column: Column, entry: TypeEntry | None) -> list[tuple[str, str]]:
    finding = column.finding
    changes: list[tuple[str, str]] = []
    if entry is None:
        near = load().get(finding.runner_up or "")
        if near is not None:
            word = max(near.header.words, key=lambda w: near.header.words[w], default=near.zh)
            changes.append(
                (
                    f"列名或注释写明“{word}”，就会判为{near.zh}",
                    f"a header or comment that says {word!r} would make it {near.id}",
                )
            )
        changes.append(("在 decisions.yaml 中人工指定类型", "a person's decision in decisions.yaml"))
        return changes
    margin = PRIOR + sum(e.weight for e in finding.evidence)
    by_kind = {kind: sum(e.weight for e in finding.evidence if e.kind == kind) for kind in _KINDS}
    for kind, (zh, en) in _KINDS.items():
        if by_kind[kind] > margin:
            changes.append(
                (
                    f"没有“{zh}”这项证据就不会判为{entry.zh}",
                    f"without the evidence of the {en} it would not be {entry.id}",
                )
            )
    if not by_kind["value"]:
        changes.append(("有数据后，不符合的值会推翻它", "values that do not fit would overturn it"))
    changes.append(("在 decisions.yaml 中人工改定类型", "a person's decision in decisions.yaml"))
    if finding.runner_up:
        changes.append((f"其次的可能是 {finding.runner_up}", f"the next best type is {finding.runner_up}"))
    return changes


def _verdict(explanation: Explanation, zh: bool) -> str:
    entry = load().get(explanation.type or "")
    if entry is None:
        return "  不属于词表中的任何类型" if zh else "  nothing of the vocabulary"
    name = entry.zh if zh else entry.en
    sure = f"{explanation.confidence:.0%}"
    return (
        f"  是{name}（{entry.id}），把握 {sure}，{explanation.status}"
        if zh
        else f"  {name} ({entry.id}), {sure} sure, {explanation.status}"
    )


def _line(evidence: Evidence, zh: bool) -> str:
    kind = _KINDS[evidence.kind][0 if zh else 1]
    cells = f" {evidence.matched}/{evidence.of}" if evidence.of else ""
    note = f" {evidence.note}" if evidence.note else ""
    return f"  {evidence.weight:+.1f} {kind} {evidence.rule}{cells}{note}"
