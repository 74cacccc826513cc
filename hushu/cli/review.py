"""``hushu review``: the inventory as a workbook for people, and what they decided back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hushu.cli import output

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

EXIT_LEFT_OUT = 3

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
    output.notice(output.say(f"已写入 {made}；填写黄色单元格", f"wrote {made}; fill in the yellow cells"))
    unnamed = len(told(check_inventory(found, lang), lang))
    if unnamed:
        output.notice(
            output.say(
                f"其中 {unnamed} 处名称等由本单位补充，报送前填好即可",
                f"names and the like that only you know: {unnamed}; fill them in before handing the list in",
            )
        )


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
    hand_in: Annotated[
        bool,
        typer.Option("--hand-in", help="List every cell still to complete before the list is handed in."),
    ] = False,
) -> int:
    """Read what people decided into decisions.yaml; exit 3 when a row could not be taken over."""
    from hushu.io.inventories import read_inventory
    from hushu.reports.prechecks import check_workbook, told
    from hushu.reports.review_import import import_review
    from hushu.rules.decisions import Book, merge, read_book, write_decisions

    lang = output.language()
    result = import_review(workbook, read_inventory(inventory), lang=lang)
    book = merge(read_book(to) if to.exists() else Book(), result.decisions, policy)  # type: ignore[arg-type]
    write_decisions(to, book)
    for conflict in dict.fromkeys((*result.conflicts, *book.conflicts)):
        output.notice(conflict)
    output.notice(
        output.say(
            f"已写入 {to}：{len(result.decisions)} 条意见，{result.left_out} 行未导入，"
            f"{len(result.conflicts)} 处待核",
            f"wrote {to}: {len(result.decisions)} decisions, {result.left_out} rows left out, "
            f"{len(result.conflicts)} things to look at",
        )
    )
    _before_hand_in(told(check_workbook(workbook, lang), lang), listed=hand_in)
    return EXIT_LEFT_OUT if result.left_out else 0


def _before_hand_in(complaints: tuple[str, ...], *, listed: bool) -> None:
    """Say how many cells a catalogue office would ask about, or which."""
    if listed:
        for complaint in complaints:
            output.notice(f"  {complaint}")
    elif complaints:
        output.notice(
            output.say(
                f"报送前还有 {len(complaints)} 处待完善，不影响本次导入；加 --hand-in 逐条查看",
                f"still to complete before the list is handed in: {len(complaints)}; "
                "this import is not affected; --hand-in lists them",
            )
        )
