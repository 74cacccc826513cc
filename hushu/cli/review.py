"""``hushu review``: the inventory as a workbook for people, and what they decided back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hushu.cli import output

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

_INVENTORY = typer.Argument(help="inventory.json of hushu scan.")


@app.callback()
def review() -> None:
    """Export the inventory to Excel for people to correct, and import what they decided."""


@app.command("export")
def export_(
    inventory: Annotated[Path, _INVENTORY],
    to: Annotated[Path, typer.Option("-o", "--output", help="The workbook to write, such as 清单.xlsx.")],
) -> None:
    """Write 清单.xlsx for people to correct and sign."""
    from hushu.io.inventories import read_inventory
    from hushu.reports.prechecks import check_inventory, told
    from hushu.reports.review import export

    found, lang = read_inventory(inventory), output.language()
    made = export(found, to)
    _hint(told(check_inventory(found, lang), lang))
    output.notice(output.say(f"已写入 {made}；填写黄色单元格", f"wrote {made}; fill in the yellow cells"))


@app.command("import")
def import_(
    workbook: Annotated[Path, typer.Argument(help="The reviewed workbook.")],
    inventory: Annotated[Path, _INVENTORY],
    to: Annotated[
        Path, typer.Option("-o", "--output", help="decisions.yaml; an existing one is kept and extended.")
    ],
    policy: Annotated[
        str, typer.Option(help="On a column decided before: overwrite-all, only-suggested or keep.")
    ] = "overwrite-all",
) -> None:
    """Read what people decided into decisions.yaml; conflicts are listed with their rows."""
    from hushu.io.inventories import read_inventory
    from hushu.reports.prechecks import check_workbook, told
    from hushu.reports.review_import import import_review
    from hushu.rules.decisions import Book, merge, read_book, write_decisions

    lang = output.language()
    result = import_review(workbook, read_inventory(inventory), lang=lang)
    book = merge(read_book(to) if to.exists() else Book(), result.decisions, policy)  # type: ignore[arg-type]
    write_decisions(to, book)
    _hint(told(check_workbook(workbook, lang), lang))
    for conflict in dict.fromkeys((*result.conflicts, *book.conflicts)):
        output.notice(conflict)
    output.notice(
        output.say(
            f"已写入 {to}：{len(result.decisions)} 条意见，{len(result.conflicts)} 处待核",
            f"wrote {to}: {len(result.decisions)} decisions, {len(result.conflicts)} things to look at",
        )
    )


def _hint(complaints: tuple[str, ...], most: int = 5) -> None:
    """Say what a catalogue office would send back: the first few, and how many there are."""
    if not complaints:
        return
    count = len(complaints)
    output.notice(output.say(f"报送前检查：{count} 处可能被退回", f"would be sent back at hand-in: {count}"))
    for complaint in complaints[:most]:
        output.notice(f"  {complaint}")
