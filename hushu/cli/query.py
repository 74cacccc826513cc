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
        output.notice(_nothing_left(answer.minimum))
        return
    least, numbers = answer.minimum, answer.numbers_withheld
    output.notice(
        output.say(
            f"每个数值至少 {least} 人；未提供的数值 {numbers} 个，不足 {least} 人的小组不在结果中",
            f"at least {least} persons behind each number; {numbers} number(s) withheld, groups of fewer "
            "are not among the rows",
        )
    )


def _nothing_left(minimum: int) -> str:
    # Nobody, or too few: to tell which would tell of persons.
    return output.say(
        f"结果为空：没有符合条件的行，或各小组不足 {minimum} 人、可由差分推出；请按更粗的分组查询",
        f"the answer is empty: no row fits, or fewer than {minimum} persons stand behind every group or a "
        "difference would tell; group more coarsely",
    )
