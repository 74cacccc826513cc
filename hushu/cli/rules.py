"""``hushu rules``: list, show, test, create and compare types and packs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hushu.cli import output
from hushu.errors import ConfigError, PolicyError

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

_Out = Annotated[Path | None, typer.Option("-o", "--output", help="Write to this file.")]
_Packs = Annotated[list[str] | None, typer.Option("--pack", help="Pack id or file; repeatable.")]


@app.callback()
def rules() -> None:
    """List, show, test, create and compare types and packs."""


@app.command("list")
def list_(
    form: Annotated[str, typer.Option("--format", help="table | json")] = "table", out: _Out = None
) -> None:
    """List the packs and the types."""
    from hushu.rules.packload import load_pack, pack_ids
    from hushu.rules.vocabulary import load

    packs = [load_pack(name) for name in pack_ids()]
    if form == "json":
        listed = [
            {
                "id": pack.id,
                "version": pack.version,
                "title": output.say(pack.title.zh, pack.title.en),
                "titles": pack.title.model_dump(),
                "sha256": pack.sha256,
                "jurisdiction": pack.jurisdiction,
                "levels": [level.id for level in pack.levels],
                "rules": len(pack.rules),
                "duties": len(pack.duties),
                "gaps": len(pack.gaps),
            }
            for pack in packs
        ]
        types = [
            {"id": t.id, "zh": t.zh, "en": t.en, "kind": t.kind, "identifies": t.identifies}
            for t in load().values()
        ]
        output.emit_json({"packs": listed, "types": types}, out)
        return
    lines = [
        f"{pack.id:<26} {pack.version:<8} {' < '.join(level.id for level in pack.levels) or '-':<44} "
        f"{output.say(pack.title.zh, pack.title.en)}"
        for pack in packs
    ]
    lines += ["", *(f"{t.id:<26} {t.kind:<13} {output.say(t.zh, t.en)}" for t in load().values())]
    output.emit("\n".join(lines), out)


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="A pack, pack/rule, rule, type, or the path of a pack.")],
    out: _Out = None,
) -> None:
    """Print the page of a pack, a rule or a type."""
    from hushu.rules.pages import page
    from hushu.rules.vocabulary import load

    entry = load().get(name)
    if entry is None:
        output.emit(page(name, output.language()), out)
        return
    import yaml

    data = entry.model_dump(mode="json", exclude_defaults=True)
    output.emit(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), out)


@app.command("test")
def run_tests(
    names: Annotated[
        list[str] | None, typer.Argument(help="Packs, files of packs, or types; all unless told.")
    ] = None,
) -> None:
    """Run the cases of packs and the examples of types."""
    from hushu.classify.values import trust
    from hushu.rules.packload import load_pack, pack_ids
    from hushu.rules.packtest import run_cases
    from hushu.rules.selftest import selftest
    from hushu.rules.vocabulary import load

    wanted = names or [*pack_ids(), *load()]
    types = [name for name in wanted if name in load()]
    packs = [load_pack(name) for name in wanted if name not in load()]
    failures = [f"{f.pack}/{f.rule}: {f.what}" for pack in packs for f in run_cases(pack)]
    examples = 0
    if types:
        tested = selftest(trust, types)
        examples = tested.examples
        failures += [
            f"{f.type}: {f.example} {'should fit' if f.expected else 'should not fit'}"
            for f in tested.failures
        ]
    for failure in failures:
        output.emit(failure)
    _tell(
        len(packs),
        sum(len(pack.rules) + len(pack.duties) for pack in packs),
        len(types),
        examples,
        len(failures),
    )
    if failures:
        raise PolicyError(
            "rules do not do what their cases say",
            where=failures[0],
            why=f"{len(failures)} failed",
            fix="mend the rule or its case",
            code="HS-E325",
        )


def _tell(packs: int, rules_: int, types: int, examples: int, failed: int) -> None:
    output.notice(
        output.say(
            f"规则包 {packs} 个，规则和义务 {rules_} 条，类型 {types} 个，例子 {examples} 个；失败 {failed}",
            f"{packs} packs, {rules_} rules and duties, {types} types, {examples} examples; {failed} failed",
        )
    )


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="The id of the new type (PET_LICENCE_NO) or pack (cn-mycity).")],
    pack: Annotated[bool, typer.Option("--pack", help="A pack instead of a type.")] = False,
    zh: Annotated[str, typer.Option(help="Its Chinese name.")] = "",
    en: Annotated[str, typer.Option(help="Its English name (types).")] = "",
    example: Annotated[str, typer.Option(help="One synthetic value (types).")] = "AB-123456",
    out: _Out = None,
) -> None:
    """Write the beginning of a type or a pack, to be filled in."""
    if out is not None and out.exists():
        raise ConfigError("the file exists", where=str(out), fix="name another file", code="HS-E125")
    if pack:
        from hushu.rules.packskeleton import pack_skeleton

        output.emit(pack_skeleton(name, zh), out)
        return
    from hushu.rules.skeleton import skeleton

    output.emit(skeleton(name, zh=zh or name, en=en or name, example=example), out)


@app.command()
def diff(
    old: Annotated[str, typer.Argument(help="The pack in use: id, id@version or file.")],
    new: Annotated[str, typer.Argument(help="The pack to come: id, id@version or file.")],
    inventory: Annotated[Path, typer.Argument(help="inventory.json of hushu scan.")],
    form: Annotated[str, typer.Option("--format", help="table | json")] = "table",
    out: _Out = None,
) -> None:
    """Say whose grades change between two versions of a pack."""
    from dataclasses import asdict

    from hushu.io.inventories import read_inventory
    from hushu.rules.packdiff import packdiff

    found = packdiff(old, new, read_inventory(inventory))
    if form == "json":
        output.emit_json({**asdict(found), "grades": found.grades.to_dict()}, out)
        return
    lines = [f"{found.old} → {found.new}"]
    for title, names in (
        (output.say("新增规则", "rules added"), found.rules_added),
        (output.say("删除规则", "rules removed"), found.rules_removed),
        (output.say("修改规则", "rules changed"), found.rules_changed),
        (output.say("新增级别", "levels added"), found.levels_added),
        (output.say("删除级别", "levels removed"), found.levels_removed),
    ):
        if names:
            lines.append(f"{title}: {', '.join(names)}")
    output.emit("\n".join([*lines, found.grades.text(output.language())]), out)


@app.command()
def compare(
    inventory: Annotated[Path, typer.Argument(help="inventory.json of hushu scan.")],
    pack: _Packs = None,
    out: _Out = None,
) -> None:
    """Grade one inventory under several packs and explain where they differ."""
    from hushu.io.inventories import read_inventory
    from hushu.rules.sidebyside import side_by_side

    found = side_by_side(read_inventory(inventory), pack or ["cn-gbt35273", "cn-gbt45574"])
    blocks = [
        f"{d.column}  {d.type or '-'}\n"
        + "\n".join(f"  {line}" for line in d.explain(output.language()).splitlines())
        for d in found
    ]
    output.emit("\n".join(blocks) or output.say("各规则包定级一致", "the packs grade alike"), out)


@app.command()
def schema(
    what: Annotated[str, typer.Argument(help="pack | purpose | decisions")] = "pack", out: _Out = None
) -> None:
    """Print the JSON Schema of a file that people write."""
    from pydantic import BaseModel

    from hushu.rules.decisions import DecisionFile
    from hushu.rules.pack import PackFile
    from hushu.rules.purposes import PurposeFile

    models: dict[str, type[BaseModel]] = {"pack": PackFile, "purpose": PurposeFile, "decisions": DecisionFile}
    if what not in models:
        raise ConfigError("unknown schema", where=what, fix=f"one of: {', '.join(models)}", code="HS-E105")
    output.emit_json(models[what].model_json_schema(by_alias=True), out)


@app.command()
def handbook(out: _Out = None) -> None:
    """Print the handbook of all packs as Markdown (docs/rules.md)."""
    from hushu.rules.handbook import handbook as written

    output.emit(written(), out)
