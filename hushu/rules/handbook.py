"""``docs/rules.md``: every pack and every rule, written from the data so that it can't fall behind."""

from __future__ import annotations

from collections.abc import Iterator

from hushu.rules.pack import Cases, Pack, Statement
from hushu.rules.packload import load_pack, pack_ids
from hushu.rules.packtest import cases_of
from hushu.rules.pages import example, source_line

_HEAD = """\
# 规则手册 · Handbook of rules

由 `hushu rules handbook` 从规则包生成，请勿手改。
Generated from the packs by `hushu rules handbook`; not to be edited by hand.

〔待核：仅凭记忆〕 marks what was only remembered and needs a person's check before it is cited as a basis;
〔据摘录〕 marks what was read in an excerpt. Statements without a mark were read in full.
"""


def handbook() -> str:
    """Return the handbook of all packs that come with hushu, as Markdown.

    Example:
        >>> handbook().splitlines()[0]
        '# 规则手册 · Handbook of rules'
    """
    return "\n".join((_HEAD, *(line for name in pack_ids() for line in _pack(load_pack(name))))) + "\n"


def _pack(pack: Pack) -> Iterator[str]:
    yield f"## {pack.id}"
    yield ""
    yield f"{pack.title.zh}（{pack.version}）  "
    yield pack.title.en
    yield ""
    if pack.about:
        yield f"{pack.about.zh}  "
        yield pack.about.en
        yield ""
    levels = " < ".join(f"`{level.id}` {level.title.zh}" for level in pack.levels)
    yield f"级别 levels: {levels or '（空，待人填写 · empty, for a person to fill in）'}"
    yield ""
    yield from _table("规则 rules", pack, pack.rules)
    yield from _table("义务 duties", pack, pack.duties)
    yield from _table("时限 deadlines", pack, pack.deadlines)
    yield from _table("表单字段 form fields", pack, pack.fields)
    if pack.gaps:
        yield "未核实 not verified:"
        yield ""
        yield from (f"- {gap.what.zh} · {gap.what.en} → {gap.where.zh}" for gap in pack.gaps)
        yield ""


def _table(title: str, pack: Pack, statements: tuple[Statement, ...]) -> Iterator[str]:
    if not statements:
        return
    cases = cases_of(pack)
    yield f"| {title} | | 依据 source | 例 example | 反例 counter-example |"
    yield "|---|---|---|---|---|"
    for statement in statements:
        text = f"{statement.text.zh} · {statement.text.en}".replace("|", "\\|")
        effect = getattr(getattr(statement, "effect", None), "level", "")
        name = f"`{statement.id}` → {effect}" if effect else f"`{statement.id}`"
        own = cases.get(statement.id, Cases())
        shown = " | ".join(example(side[0]) if side else "" for side in (own.fires, own.silent))
        limits = f" 限度 limits: {statement.limits.zh}" if statement.limits else ""
        yield f"| {name} | {text}{limits} | {source_line(pack, statement)} | {shown} |"
    yield ""
