"""数据使用记录: what the recipient records of the use of shared data (order 809, art. 29), five items."""

from __future__ import annotations

from hushu.reports.forms.parts import basis, sign_off
from hushu.reports.numbers import moment
from hushu.reports.sections.material import Material
from hushu.reports.view import Cell, Facts, Grid, Section

ITEMS = ("scene", "process", "effect", "storage", "destruction")
LINES = 12
PURPOSE = ("title", "provider", "recipient", "basis", "scenario", "scope", "mode", "until", "retention")


def sections(material: Material) -> tuple[Section, ...]:
    """Return what was handed over, the record to fill in, and the places to sign."""
    say = material.say
    head = (say("log.no"), say("log.date"), *(say(f"log.{item}") for item in ITEMS), say("log.by"))
    rows = tuple((Cell(text=str(n), number=True), *(Cell() for _ in head[1:])) for n in range(1, LINES + 1))
    law = basis(material, "cn-sharing-809", "o809-29")
    record = Grid(caption=say("form.usage_log.title"), head=head, rows=rows, widths=(1, 3, 4, 4, 4, 4, 4, 2))
    return (
        Section(id="handed-over", title=say("log.handed_over"), blocks=(_handed_over(material),)),
        Section(id="record", title=say("form.usage_log.title"), blocks=(*law, record)),
        sign_off(material, ("recorder", "head")),
    )


def _handed_over(material: Material) -> Facts:
    say, certificate = material.say, material.certificate
    rows: list[tuple[str, Cell]] = []
    if material.plan is not None:
        purpose = material.plan.purpose
        for field in PURPOSE:
            rows.append((say(f"purpose.{field}"), Cell(text=str(getattr(purpose, field)) or "—")))
        leaves = [c.output or c.name for t in material.plan.tables for c in t.columns if c.action != "drop"]
        rows.append((say("log.items"), Cell(text="\n".join(leaves) or "—")))
    if certificate is not None:
        rows.append(
            (say("certificate.created_at"), Cell(text=moment(str(certificate.get("created_at") or ""))))
        )
        for file in certificate["output"]["files"]:
            rows.append(
                (f"SHA-256 {file.get('name', '')}", Cell(text=str(file.get("sha256", "")), code=True))
            )
    return Facts(rows=tuple(rows) or ((say("cover.source"), Cell(text=material.inventory.source)),))
