"""The end of the report: decisions, the certificate, the method, the signatures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hushu.reports.numbers import moment, number
from hushu.reports.sections.material import Material, outcome
from hushu.reports.view import Block, Callout, Cell, Facts, Grid, Section, Signatures, Text
from hushu.rules.citation import mark


def decisions(material: Material) -> Section:
    """Return what people decided and what contradicts it."""
    say = material.say
    decided = [(t, c) for t, c in material.columns() if c.status != "suggested"]
    blocks: list[Block] = []
    if material.inventory.conflicts:
        blocks.append(
            Callout(title=say("decisions.conflicts"), items=material.inventory.conflicts, tone="warn")
        )
    if decided:
        rows = tuple(
            (
                Cell(text=f"{t.name}.{c.name}", code=True),
                Cell(text=material.names.type(c.type)),
                Cell(chips=tuple(material.names.chip(p, c.grades.get(p)) for p in material.names.packs)),
                Cell(text=say(f"decided.{c.status}")),
            )
            for t, c in decided
        )
        head = (say("column"), say("type"), say("grade"), say("decisions.status"))
        blocks.append(Grid(caption=say("decisions.caption", count=number(len(rows))), head=head, rows=rows))
    else:
        blocks.append(Text(text=say("decisions.none")))
    return Section(id="decisions", title=say("decisions.title"), blocks=tuple(blocks))


def certificate(material: Material) -> Section | None:
    """Return the certificate on one page; None without a release."""
    facts, say = material.certificate, material.say
    if facts is None:
        return None
    blocks: list[Block] = [_identity(material, facts), _verification(material, facts)]
    for key, parts in (("input", "tables"), ("output", "files")):
        grid = _files(material, key, facts[key][parts])
        blocks += [grid] if grid else []
    return Section(id="certificate", title=say("certificate.title"), blocks=tuple(blocks), own_page=True)


def _identity(material: Material, facts: Mapping[str, Any]) -> Facts:
    say = material.say
    purpose, ledger = facts["purpose"], facts["ledger"]
    entry = (
        f"#{ledger['entry']}  {ledger.get('sha256', '')}"
        if "entry" in ledger
        else say("certificate.no_ledger")
    )
    mark = say("certificate.fingerprinted" if facts.get("fingerprint") else "certificate.no_fingerprint")
    rows = (
        ("purpose.title", Cell(text=str(purpose.get("title") or "—"))),
        ("purpose.recipient", Cell(text=str(purpose.get("recipient") or "—"))),
        ("certificate.created_at", Cell(text=moment(str(facts.get("created_at") or "")))),
        ("certificate.tool", Cell(text=str(facts.get("tool") or "—"))),
        ("certificate.plan", Cell(text=str(facts.get("plan_sha256") or "—"), code=True)),
        (
            "certificate.keys",
            Cell(text=say("list.and").join(map(str, facts["key_ids"])) or "—", code=True),
        ),
        ("certificate.fingerprint", Cell(text=mark)),
        ("certificate.ledger", Cell(text=entry, code=True)),
    )
    return Facts(rows=tuple((say(key), cell) for key, cell in rows))


def _verification(material: Material, facts: Mapping[str, Any]) -> Block:
    say = material.say
    checks = facts["verification"]["checks"]
    if not checks:
        return Callout(title=say("certificate.unverified"), tone="bad")
    rows = tuple(
        (
            Cell(text=str(c.get("name", ""))),
            Cell(chips=(outcome(say, bool(c.get("holds"))),)),
            Cell(text=str(c.get("detail", ""))),
        )
        for c in checks
    )
    head = (say("certificate.check"), say("certificate.outcome"), say("certificate.detail"))
    key = "certificate.holds" if material.proven else "certificate.fails"
    return Grid(caption=say(key), head=head, rows=rows, widths=(4, 2, 5))


def _files(material: Material, key: str, files: Any) -> Grid | None:
    say = material.say
    rows = tuple(
        (
            Cell(text=str(f.get("name", "")), note=", ".join(map(str, f["columns"])), code=True),
            Cell(text=number(f.get("rows")), number=True),
            Cell(text=str(f.get("sha256") or "—"), code=True),
        )
        for f in files
    )
    if not rows:
        return None
    head = (say("certificate.name"), say("rows"), "SHA-256")
    return Grid(caption=say(f"certificate.{key}"), head=head, rows=rows, widths=(3, 2, 8))


def method(material: Material) -> Section:
    """Return how this was found, the packs with versions and hashes, and the meaning of the marks."""
    say, names = material.say, material.names
    packs = Grid(
        caption=say("method.packs"),
        head=(say("pack"), say("method.version"), "SHA-256"),
        rows=tuple(
            (
                Cell(text=names.pack(p.id), note=p.id),
                Cell(text=p.version, note=say("method.differs") if names.differs(p) else ""),
                Cell(text=p.sha256, code=True),
            )
            for p in material.inventory.packs
        ),
        widths=(4, 2, 8),
    )
    marks = Facts(
        title=say("method.marks"),
        rows=tuple(
            (mark(v, names.lang) or say("mark.fulltext"), Cell(text=say(f"mark.{v}.means")))
            for v in ("fulltext", "excerpt", "memory")
        ),
    )
    text = Text(text=say("method.text", tool=material.inventory.tool))
    return Section(
        id="method", title=say("method.title"), blocks=(text, packs, marks, Text(text=say("method.limits")))
    )


def signatures(material: Material) -> Section:
    """Return the places to sign: three roles, each with name and date, and the seal."""
    say = material.say
    roles = tuple((say(f"sign.{r}"), say(f"sign.{r}.means")) for r in ("prepared", "reviewed", "approved"))
    labels = (say("sign.name"), say("sign.date"), say("sign.seal"))
    return Section(
        id="signatures",
        title=say("sign.title"),
        blocks=(Text(text=say("sign.text")), Signatures(roles=roles, labels=labels)),
    )
