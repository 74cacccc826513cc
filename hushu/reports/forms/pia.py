"""个人信息保护影响评估报告, prefilled: what hushu measured is in it, what people must judge is empty.

Layout: the skeleton of domestic reports; tables C.1-C.5 follow GB/T 39335-2020 as known from a copy
at second hand, with the words of the law in force (处理者, 受托人). Legal minimum: PIPL, art. 56.
"""

from __future__ import annotations

from hushu.reports.forms.parts import basis, blank, sign_off
from hushu.reports.numbers import number, share
from hushu.reports.sections import closing, duties, fate, opening, risk
from hushu.reports.sections.material import Material
from hushu.reports.view import Block, Cell, Facts, Grid, Section, Text

_IMPACTS = ("autonomy", "discrimination", "reputation", "property")
_QUESTIONS = ("lawful", "impact", "measures")  # PIPL, art. 56, its three items


def sections(material: Material) -> tuple[Section, ...]:
    """Return the parts of the report in the order in which staff know them."""
    say = material.say
    law = basis(material, "cn-national", "pipl-55-share")
    work = Facts(
        rows=tuple((say(f"pia.{key}"), Cell(text=blank(material))) for key in ("period", "team", "method"))
    )
    parts: list[Section | None] = [
        Section(id="statement", title=say("pia.statement"), blocks=(Text(text=say("pia.truth")), *law)),
        Section(id="work", title=say("pia.work"), blocks=(Text(text=say("form.proposal")), work)),
        Section(id="items", title=say("pia.items"), blocks=(_mapping(material), _life(material))),
        opening.not_examined(material),
        fate.fate(material),
        risk.risk(material),
        duties.duties(material),
        Section(id="assessment", title=say("pia.assessment"), blocks=_assessment(material)),
        closing.certificate(material),
        sign_off(material, ("conclusion", "preparer", "officer", "head", "filed")),
    ]
    return tuple(part for part in parts if part is not None)


def _mapping(material: Material) -> Grid:
    """Return table C.1: which personal information of whom is processed for what."""
    say, plan = material.say, material.plan
    keys = (
        "activity",
        "types",
        "subjects",
        "aim",
        "lawful_basis",
        "processor",
        "entrusted",
        "abroad",
        "third",
    )
    activity = plan.purpose.title if plan else blank(material)
    rows = []
    planned = {table.name for table in plan.tables} if plan else set()
    for table in material.inventory.tables:
        if plan and table.name not in planned:
            continue
        columns = [column for column in table.columns if material.personal(column)]
        if not columns:
            continue
        kinds = dict.fromkeys(
            material.names.type(t) for c in columns for t in (c.type, *(x.type for x in c.contains)) if t
        )
        persons = table.facts.get("persons", table.rows)
        cells = {
            "activity": Cell(text=activity, note=table.comment or table.name),
            "types": Cell(text=say("list.and").join(kinds)),
            "subjects": Cell(text=say("pia.persons", count=number(persons))),
            "aim": Cell(text=plan.purpose.scenario if plan else blank(material)),
            "lawful_basis": Cell(text=plan.purpose.basis if plan else blank(material)),
            "processor": Cell(text=plan.purpose.provider if plan else blank(material)),
            "third": Cell(text=plan.purpose.recipient if plan else blank(material)),
        }
        rows.append(tuple(cells.get(key, Cell(text=blank(material))) for key in keys))
    head = tuple(say(f"pia.{key}") for key in keys)
    return Grid(caption=say("pia.c1"), head=head, rows=tuple(rows), widths=(3, 4, 2, 3, 3, 2, 2, 2, 2))


def _life(material: Material) -> Grid:
    """Return table C.2: the life of the data; hushu knows only what the plan says of its end."""
    say, plan = material.say, material.plan
    keys = ("activity", "origin", "collection", "storage", "transfer", "retention", "deletion")
    cells = {
        "activity": Cell(text=plan.purpose.title if plan else blank(material)),
        "origin": Cell(text=material.inventory.source, code=True),
        "transfer": Cell(text=plan.purpose.mode if plan else blank(material)),
        "retention": Cell(text=(plan.purpose.retention or plan.purpose.until) if plan else blank(material)),
    }
    row = tuple(cells.get(key, Cell(text=blank(material))) for key in keys)
    return Grid(caption=say("pia.c2"), head=tuple(say(f"pia.{key}") for key in keys), rows=(row,))


def _assessment(material: Material) -> tuple[Block, ...]:
    say = material.say
    empty = Cell(text=blank(material))
    three = Grid(
        caption=say("pia.three"),
        head=(say("pia.question"), say("pia.evidence"), say("pia.answer")),
        rows=tuple((Cell(text=say(f"pia.{q}")), _evidence(material, q), empty) for q in _QUESTIONS),
        widths=(6, 6, 5),
    )
    keys = ("likelihood", "degree", "level", "advice", "filing")
    risks = Grid(
        caption=say("pia.c4"),
        head=(say("pia.impact_kind"), *(say(f"pia.{key}") for key in keys)),
        rows=tuple((Cell(text=say(f"pia.{kind}")), *(empty for _ in keys)) for kind in _IMPACTS),
    )
    return three, risks


def _evidence(material: Material, question: str) -> Cell:
    """Return what hushu can put beside one of the three questions of the law."""
    say, plan, certificate = material.say, material.plan, material.certificate
    if question == "lawful" and plan is not None:
        fates = [c.action for t in plan.tables for c in t.columns]
        left = number(sum(f != "drop" for f in fates))
        return Cell(text=plan.purpose.basis, note=say("pia.minimum", left=left, total=number(len(fates))))
    if certificate is None:
        return Cell(text="—")
    after = certificate["risk"]["after"]
    if question == "impact" and after.get("rows") is not None:
        highest = after["prosecutor"].get("max")
        return Cell(text=say("pia.risk", k=number(after.get("k")), highest=share(highest)))
    checks = certificate["verification"]["checks"]
    if question == "measures" and checks:
        held = sum(check.get("holds") is True for check in checks)
        return Cell(text=say("pia.checks", held=number(held), total=number(len(checks))))
    return Cell(text="—")
