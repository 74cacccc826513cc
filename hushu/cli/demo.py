"""``hushu demo``: synthetic data, the whole way."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated, Any

import typer

from hushu.cli import output
from hushu.errors import OutputError
from hushu.model import Inventory

app = typer.Typer(rich_markup_mode=None)


@app.command()
def demo(
    scenario: Annotated[str, typer.Option("--scenario", help="Which case.")] = "registration",
    list_them: Annotated[bool, typer.Option("--list", help="List the cases.")] = False,
    out: Annotated[Path, typer.Option("--out", help="Folder to write to.")] = Path("hushu-demo"),
) -> None:
    """Build synthetic data and walk it from scan to report."""
    from hushu.cli.scenarios import scenario as named
    from hushu.cli.scenarios import scenarios

    if list_them:
        output.emit("\n".join(f"{s.id}\t{output.say(s.zh, s.en)}" for s in scenarios().values()))
        return
    chosen = named(scenario)
    folder = _free_folder(out)
    try:
        with output.progress(output.say(chosen.zh, chosen.en)) as step:
            inventory = walk(chosen, folder, step)
    except BaseException:
        # Half a demo misleads; the folder was empty before.
        shutil.rmtree(folder, ignore_errors=True)
        raise
    output.emit("\n".join(_what_next(folder, inventory)))


def _free_folder(out: Path) -> Path:
    from hushu.io.atomic import check_free

    check_free(out)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise OutputError(
            "the folder cannot be made",
            where=str(out),
            why=problem.strerror or "",
            fix="--out DIR",
            code="HS-E510",
        ) from None
    return out


def walk(chosen: Any, folder: Path, step: Any) -> Inventory:
    """Write everything the demo promises into ``folder``; return what the scan found."""
    import hushu
    from hushu.anonymize import keys
    from hushu.anonymize.planfile import write_plan
    from hushu.anonymize.planning import inventory_digest
    from hushu.io.atomic import atomic_write
    from hushu.io.inventories import write_inventory
    from hushu.io.ledger import append
    from hushu.reports.review import export

    step(output.say("造数据", "building data"))
    source = folder / f"{chosen.id}.sqlite"
    chosen.build(source)
    with atomic_write(folder / "purpose.yaml") as handle:
        handle.write(chosen.purpose.encode("utf-8"))
    inventory: Inventory = hushu.scan(
        str(source), on_progress=lambda name: step(output.say(f"扫描 {name}", f"scanning {name}"))
    )
    write_inventory(inventory, folder / "inventory.json")
    ledger = folder / "ledger.jsonl"
    append(ledger, {"kind": "scan", "what": source.name, "inventory_sha256": inventory_digest(inventory)})
    step(output.say("清单", "inventory for Excel"))
    export(inventory, folder / "清单.xlsx")
    step(output.say("方案", "planning"))
    plan = hushu.plan(inventory, folder / "purpose.yaml")
    write_plan(plan, folder / "plan.yaml")
    key = keys.Key.new()
    keys.write(key, folder / "key.txt")
    release = hushu.apply(
        folder / "plan.yaml", str(source), key=key, out=folder / "release", ledger=ledger,
        on_progress=lambda name: step(output.say(f"处理 {name}", f"applying {name}")),
    )  # fmt: skip
    step(output.say("报告", "report"))
    hushu.report(inventory, plan=plan, release=release, lang=output.language()).save(folder / "report.html")
    return inventory


def _what_next(folder: Path, inventory: Inventory) -> list[str]:
    place = next((f"{t.name}.{c.name}" for t in inventory for c in t if c.type), "TABLE.COLUMN")
    return [
        output.say(
            f"报告        {folder}/report.html（用浏览器打开）",
            f"report      {folder}/report.html (open in a browser)",
        ),
        output.say(
            f"清单        {folder}/清单.xlsx（Excel 中修改后导回）",
            f"inventory   {folder}/清单.xlsx (correct it in Excel)",
        ),
        output.say(
            f"方案与批次  {folder}/plan.yaml，{folder}/release/",
            f"release     {folder}/plan.yaml, {folder}/release/",
        ),
        output.say(
            f"再试        hushu verify {folder}/release --plan {folder}/plan.yaml",
            f"try         hushu verify {folder}/release --plan {folder}/plan.yaml",
        ),
        output.say(
            f"再试        hushu why {folder}/inventory.json {place}",
            f"try         hushu why {folder}/inventory.json {place}",
        ),
    ]
