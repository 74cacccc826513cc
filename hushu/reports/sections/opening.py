"""The first screen: the verdict, the levels, what was examined, what was not, what to do first."""

from __future__ import annotations

from collections import Counter

from hushu.anonymize.planfile import plan_digest
from hushu.anonymize.planning import inventory_digest
from hushu.reports.numbers import moment, number
from hushu.reports.sections.material import Material
from hushu.reports.view import Block, Callout, Cell, Facts, Grid, LevelBar, Part, Section, Text, Tone
from hushu.rules.engine import UNGRADED

BARS = 4  # packs whose levels are drawn; those of further packs are told


def verdict(material: Material) -> tuple[Tone, str, str, tuple[str, ...]]:
    """Return tone, status, the verdict sentence and the points that follow it.

    The sentence speaks about the furthest step that was taken: the release, else the plan, else the scan.
    """
    say = material.say
    sentences = [*_release(material), *_plan(material), _scan(material), *_highest(material)]
    sentences[1:1] = [say(f"verdict.{problem}") for problem in _unlike(material)]
    waiting, hidden = len(material.open_questions()), len(material.inventory.not_examined)
    counts = (
        ("verdict.waiting", waiting),
        ("verdict.conflicts", len(material.inventory.conflicts)),
        ("verdict.not_examined", hidden),
    )
    points = [*sentences[1:], *(say(key, count=number(count)) for key, count in counts if count)]
    tone, status = _status(material, waiting, hidden)
    return tone, say(f"status.{status}"), sentences[0], tuple(points)


def _status(material: Material, waiting: int, hidden: int) -> tuple[Tone, str]:
    if material.certificate is not None and not material.proven:
        return "bad", "failed"
    if _unlike(material):
        return "bad", "unlike"
    if material.plan is not None and material.plan.refused:
        return "warn", "refused"
    if not material.inventory.tables:
        return "bad", "nothing"
    if waiting or material.inventory.conflicts:
        return "warn", "attention"
    if hidden:
        return "warn", "incomplete"
    if material.certificate is not None:
        return "good", "verified"
    return "plain", "graded"


def _unlike(material: Material) -> list[str]:
    """Return which of the three do not belong together, by the digests that each keeps of the one before."""
    plan, certificate = material.plan, material.certificate or {}
    if plan is None:
        return []
    problems = []
    if certificate.get("plan_sha256") not in (None, "", plan_digest(plan)):
        problems.append("other_plan")
    if plan.inventory_sha256 not in ("", inventory_digest(material.inventory)):
        problems.append("other_inventory")
    return problems


def _scan(material: Material) -> str:
    columns = [column for _, column in material.columns()]
    return material.say(
        "verdict.scan",
        tables=number(len(material.inventory.tables)),
        columns=number(len(columns)),
        personal=number(sum(material.personal(column) for column in columns)),
    )


def _highest(material: Material) -> list[str]:
    names, pack = material.names, material.main_pack
    grades = [t.grades.get(pack) for t in material.inventory.tables]
    grades += [c.grades.get(pack) for _, c in material.columns()]
    levels = {grade.level for grade in grades if grade} - {UNGRADED}
    if not levels:
        return []
    highest = names.level(pack, max(levels, key=lambda level: names.rank(pack, level)))
    return [material.say("verdict.highest", pack=names.pack_in_short(pack), level=highest)]


def _plan(material: Material) -> list[str]:
    plan = material.plan
    if plan is None:
        return []
    fates = Counter(c.action for t in plan.tables for c in t.columns)
    return [
        material.say(
            "verdict.plan",
            recipient=plan.purpose.recipient,
            total=number(sum(fates.values())),
            keep=number(fates["keep"]),
            transform=number(fates["transform"]),
            drop=number(fates["drop"]),
        )
    ]


def _release(material: Material) -> list[str]:
    certificate = material.certificate
    if certificate is None:
        return []
    after = certificate["risk"]["after"]
    recipient = certificate.get("recipient") or certificate["purpose"].get("recipient") or "—"
    key = "verdict.release_holds" if material.proven else "verdict.release_fails"
    sentence = material.say(key, recipient=recipient)
    return [sentence, material.say("verdict.k", k=number(after["k"]))] if after.get("k") else [sentence]


def summary(material: Material) -> Section:
    """Return the level bars, the facts of the scan and what to do first."""
    say = material.say
    graded = [pack for pack in material.names.packs if _counts(material, pack)]
    blocks: list[Block] = [_bar(material, pack) for pack in graded[:BARS]]
    if graded[BARS:]:
        blocks.append(_other_packs(material, graded[BARS:]))
    blocks.append(_coverage(material))
    actions = _actions(material)
    if actions:
        blocks.append(
            Grid(
                caption=say("actions.caption"),
                head=(say("actions.no"), say("actions.what"), say("actions.where"), say("actions.who")),
                rows=actions,
                widths=(1, 6, 6, 3),
            )
        )
    return Section(id="summary", title=say("summary.title"), blocks=tuple(blocks))


def _counts(material: Material, pack: str) -> Counter[str]:
    return Counter(c.grades[pack].level for _, c in material.columns() if pack in c.grades)


def _bar(material: Material, pack: str) -> LevelBar:
    names, counts = material.names, _counts(material, pack)
    order = sorted(counts, key=lambda level: names.rank(pack, level))
    return LevelBar(
        title=material.say("levels.title", pack=names.pack_in_short(pack)),
        parts=tuple(
            Part(
                label=names.level(pack, level),
                count=counts[level],
                rank=None if level == UNGRADED else names.rank(pack, level),
            )
            for level in order
        ),
    )


def _other_packs(material: Material, packs: list[str]) -> Facts:
    names, join = material.names, material.say("list.and").join
    rows = []
    for pack in packs:
        bar = _bar(material, pack)
        counts = join(f"{part.label} {number(part.count)}" for part in bar.parts)
        rows.append((names.pack_in_short(pack), Cell(text=counts)))
    return Facts(title=material.say("levels.others"), rows=tuple(rows))


def _coverage(material: Material) -> Facts:
    say, inventory = material.say, material.inventory
    rows = [t.rows for t in inventory.tables]
    known = number(sum(r for r in rows if r is not None))
    unknown = sum(r is None for r in rows)
    examined = number(sum(t.examined for t in inventory.tables))
    whole = say("coverage.rows", examined=examined, rows=known)
    if unknown:
        whole += say("coverage.unknown", count=number(unknown))
    return Facts(
        rows=(
            (say("cover.source"), Cell(text=inventory.source, code=True)),
            (say("cover.scanned_at"), Cell(text=moment(inventory.scanned_at))),
            (say("cover.as_of"), Cell(text=inventory.as_of or "—")),
            (say("coverage.examined"), Cell(text=whole)),
        )
    )


def _actions(material: Material) -> tuple[tuple[Cell, ...], ...]:
    say = material.say
    found: list[tuple[str, str, str]] = []
    if material.plan is not None and material.plan.refused:
        found.append((say("actions.refused"), "；".join(material.plan.refused[:3]), say("role.lawyer")))
    waiting = material.open_questions()
    if waiting:
        where = say("list.and").join(f"{t.name}.{c.name}" for t, c in waiting[:3])
        found.append((say("actions.review", count=number(len(waiting))), where, say("role.steward")))
    if material.inventory.conflicts:
        found.append((say("actions.conflicts"), material.inventory.conflicts[0], say("role.steward")))
    hidden = material.inventory.not_examined
    if hidden:
        where = say("list.and").join(item.what for item in hidden[:3])
        found.append((say("actions.examine", count=number(len(hidden))), where, say("role.operator")))
    remembered = _remembered(material)
    if remembered:
        found.append(
            (
                say("actions.memory", count=number(len(remembered))),
                say("list.and").join(remembered[:3]),
                say("role.lawyer"),
            )
        )
    return tuple(
        (Cell(text=str(n), number=True), Cell(text=what), Cell(text=where), Cell(text=who))
        for n, (what, where, who) in enumerate(found[:5], start=1)
    )


def _remembered(material: Material) -> list[str]:
    graded = [table.grades for table in material.inventory.tables]
    graded += [column.grades for _, column in material.columns()]
    reasons = (reason for grades in graded for grade in grades.values() for reason in grade.because)
    cited = [material.names.citation(reason) for reason in reasons if reason.verified == "memory"]
    return sorted({f"{citation.basis} {citation.mark}" for citation in cited})


def not_examined(material: Material) -> Section:
    """Return what was not looked at: unknown is not clean."""
    say, hidden = material.say, material.inventory.not_examined
    blocks: list[Block] = []
    if hidden:
        blocks.append(Callout(title=say("hidden.warning", count=number(len(hidden))), tone="warn"))
        rows = tuple((Cell(text=i.what, code=True), Cell(text=i.why)) for i in hidden)
        blocks.append(
            Grid(
                caption=say("hidden.caption"),
                head=(say("hidden.what"), say("hidden.why")),
                rows=rows,
                widths=(2, 3),
            )
        )
    else:
        blocks.append(Text(text=say("hidden.none")))
    sampled = [
        t for t in material.inventory.tables if t.bound or (t.rows is not None and t.examined < t.rows)
    ]
    if sampled:
        blocks.append(
            Grid(
                caption=say("sampled.caption"),
                head=(say("table"), say("rows"), say("examined"), say("sampled.bound")),
                rows=tuple(
                    (
                        Cell(text=t.name, code=True),
                        Cell(text=number(t.rows), number=True),
                        Cell(text=number(t.examined), number=True),
                        Cell(text=t.bound or "—"),
                    )
                    for t in sampled
                ),
                widths=(3, 2, 2, 6),
            )
        )
    return Section(id="not-examined", title=say("hidden.title"), blocks=tuple(blocks))
