"""The page of a pack or a rule: what, why, example, counter-example, source, limits."""

from __future__ import annotations

from collections.abc import Iterator

from hushu.errors import ConfigError
from hushu.rules import vocabulary
from hushu.rules.citation import article_in, mark
from hushu.rules.pack import Cases, CaseTable, Duty, Pack, Rule, Statement, Text
from hushu.rules.packload import load_pack, pack_ids
from hushu.rules.packtest import cases_of


def page(name: str, lang: str = "zh") -> str:
    """Return the page of a pack (``cn-national``), a rule (``cn-national/pipl-28-medical``) or a file.

    Raises:
        ConfigError: HS-E101 no such file, HS-E121 no such rule in the pack, HS-E129 nothing so named.

    Example:
        >>> page("cn-national/pipl-28-medical", "en").splitlines()[0]
        'cn-national/pipl-28-medical'
    """
    head, _, rule = name.partition("/")
    if rule and head in pack_ids():
        return rule_page(load_pack(head), rule, lang)
    if name in pack_ids() or name.endswith((".yaml", ".yml")):
        return pack_page(load_pack(name), lang)
    packs = [load_pack(shipped) for shipped in pack_ids()]
    found = [pack for pack in packs if _named(pack, name)]
    if not found:
        raise _nothing_named(name, packs)
    return "\n\n".join(rule_page(pack, name, lang) for pack in found)


def _nothing_named(name: str, packs: list[Pack]) -> ConfigError:
    from difflib import get_close_matches

    statements = (s.id for p in packs for s in (*p.rules, *p.duties, *p.deadlines, *p.fields))
    known = {known.casefold(): known for known in (*pack_ids(), *statements, *vocabulary.load())}
    close = [known[match] for match in get_close_matches(name.casefold(), known, n=3, cutoff=0.7)]
    return ConfigError(
        "no pack, rule or type has this name",
        where=name,
        fix=f"did you mean {', '.join(close)}?" if close else "hushu rules list",
        code="HS-E129",
    )


def pack_page(pack: Pack, lang: str = "zh") -> str:
    """Return the page of a whole pack: its levels, rules, duties, deadlines and what is missing in it."""
    zh = lang == "zh"
    lines = [f"{pack.id} {pack.version}  {_in(pack.title, lang)}"]
    if pack.about:
        lines += ["", _in(pack.about, lang)]
    lines += ["", "级别" if zh else "Levels"]
    lines += [f"  {level.id}  {_in(level.title, lang)}" for level in pack.levels] or [
        "  （空：待人填写）" if zh else "  (empty: for a person to fill in)"
    ]
    for title, statements in (
        ("规则" if zh else "Rules", pack.rules),
        ("义务" if zh else "Duties", pack.duties),
        ("时限" if zh else "Deadlines", pack.deadlines),
        ("表单字段" if zh else "Form fields", pack.fields),
    ):
        if statements:
            lines += ["", title]
            lines += [f"  {s.id}  {_in(s.text, lang)}  {source_line(pack, s, lang)}" for s in statements]
    if pack.gaps:
        lines += ["", "未核实，须由人填写" if zh else "Not verified, for a person to fill in"]
        lines += [f"  {_in(gap.what, lang)}  → {_in(gap.where, lang)}" for gap in pack.gaps]
    return "\n".join(lines)


def rule_page(pack: Pack, name: str, lang: str = "zh") -> str:
    """Return the page of one rule or duty of ``pack``.

    Raises:
        ConfigError: HS-E121 no such rule.
    """
    statements = _named(pack, name)
    if not statements:
        raise ConfigError(
            "there is no such rule or duty",
            where=f"{pack.id}/{name}",
            fix=f"hushu rules show {pack.id} lists them",
            code="HS-E121",
        )
    cases = cases_of(pack).get(name, Cases())
    return "\n".join(line for statement in statements for line in _page(pack, statement, cases, lang))


def source_line(pack: Pack, statement: Statement, lang: str = "zh") -> str:
    """Return source, number and article of a statement, with its mark when it was not read in full."""
    source = pack.sources[statement.source]
    name = _in(source.title, lang) + (f" {source.number}" if source.number else "")
    return f"{name} {article_in(statement.article, lang)} {mark(statement.verified, lang)}".strip()


def _named(pack: Pack, name: str) -> list[Statement]:
    everything = (*pack.rules, *pack.duties, *pack.deadlines, *pack.fields)
    return [statement for statement in everything if statement.id == name]


def _page(pack: Pack, statement: Statement, cases: Cases, lang: str) -> Iterator[str]:
    zh = lang == "zh"
    source = pack.sources[statement.source]
    start = statement.effective or source.effective
    end = statement.until or source.until
    yield f"{pack.id}/{statement.id}"
    yield f"  {'内容' if zh else 'what'}      {_in(statement.text, lang)}"
    yield f"  {'依据' if zh else 'why'}      {source_line(pack, statement, lang)}"
    yield f"  {'施行' if zh else 'in force'}      {start} – {end or ''} {source.status}".rstrip()
    if isinstance(statement, Rule):
        yield f"  {'条件' if zh else 'when'}      {_conditions(statement)}"
        effect = statement.effect.model_dump(exclude_defaults=True)
        yield f"  {'效果' if zh else 'effect'}      {_plain(effect) or '-'}"
    if isinstance(statement, Duty):
        yield f"  {'触发' if zh else 'trigger'}      {_in(statement.trigger, lang)}"
        yield f"  {'可证' if zh else 'evidence'}      {_in(statement.evidence, lang)}"
    if cases.fires:
        yield f"  {'例' if zh else 'example'}      {example(cases.fires[0])}"
    if cases.silent:
        yield f"  {'反例' if zh else 'counter'}      {example(cases.silent[0])}"
    if statement.limits:
        yield f"  {'限度' if zh else 'limits'}      {_in(statement.limits, lang)}"


def _conditions(rule: Rule) -> str:
    when = _plain(rule.when.model_dump(exclude_defaults=True, by_alias=True)) or f"({rule.scope})"
    if rule.unless is None:
        return when
    return f"{when}; unless {_plain(rule.unless.model_dump(exclude_defaults=True, by_alias=True))}"


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_plain(inner)}" for key, inner in value.items())
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_plain(inner) for inner in value) + "]"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def example(case: CaseTable) -> str:
    """Return a case on one line: its columns, and what else it states.

    Example:
        >>> example(CaseTable(columns=("PERSON", None), rows=5))
        '[PERSON, -] (rows=5)'
    """
    columns = ", ".join(
        (column.type or "-") + (f" ⊃ {'+'.join(column.contains)}" if column.contains else "")
        for column in case.columns
    )
    more: dict[str, object] = {
        "rows": case.rows if case.rows != 1000 else None,
        "facts": dict(case.facts) or None,
    }
    more |= {
        "comment": case.comment or None,
        "as_of": case.as_of,
        "use": case.use if case.use != "share" else None,
    }
    extra = ", ".join(f"{key}={_plain(value)}" for key, value in more.items() if value is not None)
    return f"[{columns}]" + (f" ({extra})" if extra else "")


def _in(text: Text, lang: str) -> str:
    return text.zh if lang == "zh" else text.en
