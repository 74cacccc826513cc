"""``hushu query``: send an algorithm to the data."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Annotated

import typer

from hushu.cli import output
from hushu.errors import ConfigError

app = typer.Typer(rich_markup_mode=None)


@app.command()
def query(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Database URL or file.")],
    sql: Annotated[str, typer.Argument(metavar="SQL", help="One analytic SELECT.")],
    purpose: Annotated[Path, typer.Option("--purpose", help="purpose.yaml that names what may be used.")],
    ledger: Annotated[
        Path | None, typer.Option("--ledger", help="Earlier answers, and the place of this one.")
    ] = None,
    form: Annotated[str, typer.Option("--format", help="csv | json")] = "csv",
    out: Annotated[Path | None, typer.Option("-o", "--output", help="Write to this file.")] = None,
) -> None:
    """Answer a query with safe aggregates only."""
    import hushu

    if form not in {"csv", "json"}:
        raise ConfigError("unknown format", where=f"--format {form}", fix="csv or json", code="HS-E105")
    answer = hushu.query(source, sql, purpose, ledger=ledger)
    if form == "json":
        output.emit_json(answer.to_dict(), out)
    else:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(answer.columns)
        writer.writerows([["" if value is None else value for value in row] for row in answer.rows])
        output.emit(text.getvalue(), out)
    if not answer.rows:
        output.notice(_nothing_left(answer.groups_withheld, answer.minimum))
    withheld = f"{answer.groups_withheld} + {answer.numbers_withheld}"
    output.notice(
        output.say(
            f"未提供的小组 + 数值：{withheld}（每个数值至少 {answer.minimum} 人）",
            f"groups + numbers withheld: {withheld} (at least {answer.minimum} persons behind each)",
        )
    )


def _nothing_left(withheld: int, minimum: int) -> str:
    if not withheld:
        return output.say("没有符合条件的行，结果为空", "no row fits the query; the answer is empty")
    return output.say(
        f"结果为空：{withheld} 个小组都不足 {minimum} 人或可由差分推出，全部未提供；请按更粗的分组查询",
        f"the answer is empty: all {withheld} groups were withheld, for fewer than {minimum} persons stand "
        "behind them or a difference would tell; group more coarsely",
    )
