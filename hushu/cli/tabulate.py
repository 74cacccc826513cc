"""``hushu tabulate``: counts that may be published."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hushu.cli import output
from hushu.cli.key_options import KEY_HELP, opened
from hushu.errors import ConfigError

if TYPE_CHECKING:
    from hushu.anonymize.privacy.tabulating import Tabulation

app = typer.Typer(rich_markup_mode=None)


@app.command()
def tabulate(
    data: Annotated[str, typer.Argument(metavar="DATA", help="A table: csv, xlsx, parquet, sqlite …")],
    by: Annotated[str, typer.Option("--by", help="Columns to count by, a,b,c.")],
    measure: Annotated[str, typer.Option("--measure", help="A column of counts to sum.")] = "",
    minimum: Annotated[
        int | None, typer.Option("--minimum", help="Counts below it are hidden; 5 unless told.")
    ] = None,
    width: Annotated[
        float | None, typer.Option("--width", help="Interval that must remain for a hidden count.")
    ] = None,
    hide_zeros: Annotated[bool, typer.Option("--hide-zeros", help="Hide zeros as small counts.")] = False,
    rounding: Annotated[
        int | None, typer.Option("--round", help="Round all counts to this base instead.")
    ] = None,
    epsilon: Annotated[
        str | None, typer.Option("--epsilon", help="Differentially private counts instead.")
    ] = None,
    budget: Annotated[str | None, typer.Option("--budget", help="All ε the table may ever spend.")] = None,
    category: Annotated[
        list[str] | None, typer.Option("--category", help="COLUMN=a,b,c; all that may occur; with --epsilon.")
    ] = None,
    key_file: Annotated[str | None, typer.Option("--key-file", help=KEY_HELP)] = None,
    ledger: Annotated[
        Path | None, typer.Option("--ledger", help="Earlier tables, the budget, and the place of this one.")
    ] = None,
    form: Annotated[str, typer.Option("--format", help="csv | json")] = "csv",
    out: Annotated[Path | None, typer.Option("-o", "--output", help="Write to this file.")] = None,
) -> None:
    """Count a table by columns and protect the small counts."""
    import hushu

    if form not in {"csv", "json"}:
        raise ConfigError("unknown format", where=f"--format {form}", fix="csv or json", code="HS-E105")
    made = hushu.tabulate(
        data,
        _names(by),
        measure=measure,
        minimum=minimum,
        width=width,
        zeros="hide" if hide_zeros else "publish",
        rounding=rounding,
        epsilon=epsilon,
        budget=budget,
        categories=_categories(category or []),
        key=opened(key_file),
        ledger=ledger,
    )
    if form == "json":
        output.emit_json({**made.to_dict(), "rows": made.frame.to_pylist()}, out)
    else:
        output.emit(_csv(made), out)
    output.notice(_said(made))


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.replace("，", ",").split(",") if name.strip()]


def _categories(told: list[str]) -> dict[str, list[str]]:
    found = {}
    for text in told:
        column, equals, values = text.partition("=")
        if not equals:
            raise ConfigError(
                "a list of categories is wrong",
                where="--category",
                why="there is no = in it",
                fix="--category COLUMN=a,b,c",
                code="HS-E169",
            )
        found[column.strip()] = _names(values)
    return found


def _csv(made: Tabulation) -> str:
    import csv
    import io

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(made.frame.column_names)
    columns: list[list[Any]] = [column.to_pylist() for column in made.frame.columns]
    writer.writerows(zip(*columns, strict=True))
    return text.getvalue()


def _said(made: Tabulation) -> str:
    figures = made.figures
    if made.spec.protection == "rounding":
        return output.say(f"已按 {figures['base']} 取整", f"rounded to {figures['base']}")
    if made.spec.protection == "dp":
        left = figures["budget_left"]
        off = f"{figures['error95']:.1f}"
        return output.say(
            f"95% 的单元误差小于 {off}；预算剩余 {left}",
            f"95 % of the cells are off by less than {off}; budget left {left}",
        )
    hidden = f"{figures['primary']} + {figures['secondary']} + {figures['differencing']}"
    narrowest = figures["narrowest"]
    told = "—" if narrowest is None else f"{narrowest:g}"
    return output.say(
        f"首要 + 次要 + 防相减隐去：{hidden}；审计通过，最窄区间 {told}",
        f"hidden, primary + secondary + against differencing: {hidden}; the audit holds, "
        f"narrowest interval {told}",
    )
