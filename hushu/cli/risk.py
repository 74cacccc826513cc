"""``hushu risk``: how surely a person is found again in a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hushu.cli import output
from hushu.errors import ConfigError

if TYPE_CHECKING:
    from hushu.anonymize.privacy.risk import Linkage, RiskReport

app = typer.Typer(rich_markup_mode=None)


@app.command()
def risk(
    data: Annotated[str, typer.Argument(metavar="DATA", help="A table: csv, xlsx, parquet, sqlite …")],
    quasi: Annotated[str, typer.Option("--quasi", help="Columns an attacker may know, a,b,c.")] = "",
    sensitive: Annotated[str, typer.Option("--sensitive", help="Columns an attacker wants to learn.")] = "",
    population: Annotated[
        Path | None, typer.Option("--population", help="A register of everybody, with the same columns.")
    ] = None,
    population_size: Annotated[
        int | None, typer.Option("--population-size", help="Persons the table was drawn from.")
    ] = None,
    context: Annotated[
        float, typer.Option("--context", min=0, max=1, help="Probability that somebody tries, 0..1.")
    ] = 1.0,
    form: Annotated[str, typer.Option("--format", help="table | json")] = "table",
    out: Annotated[Path | None, typer.Option("-o", "--output", help="Write to this file.")] = None,
) -> None:
    """Measure the re-identification risk of a table."""
    import hushu

    if form not in {"table", "json"}:
        raise ConfigError("unknown format", where=f"--format {form}", fix="table or json", code="HS-E105")
    if not _names(quasi):
        raise _without_quasi_identifiers(data)
    report = hushu.risk(
        data,
        _names(quasi),
        _names(sensitive),
        population=population,
        population_size=population_size,
        context=context,
    )
    if form == "json":
        output.emit_json(report.to_dict(), out)
    else:
        output.emit(_page(report), out)


def _without_quasi_identifiers(data: str) -> ConfigError:
    from hushu.anonymize.privacy.suggest import suggest_quasi_identifiers

    found = suggest_quasi_identifiers(data)
    share = f"{found.unique_share:.0%}"
    return ConfigError(
        "no quasi-identifier is given",
        where="--quasi",
        why=f"by their values alone, the columns below single out {share} of the rows",
        fix=f"name the columns an attacker may know, say --quasi {','.join(found.quasi_identifiers)}",
        code="HS-E160",
    )


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.replace("，", ",").split(",") if name.strip()]


def _page(report: RiskReport) -> str:
    from hushu.rules.citation import mark

    say = output.say
    lines = [
        (say("行数", "rows"), f"{report.rows:,}"),
        (say("已隐去的行（不计入）", "suppressed rows (left out)"), f"{report.suppressed:,}"),
        (say("准标识符", "quasi-identifiers"), ", ".join(report.quasi_identifiers)),
        (say("等价类", "classes"), f"{report.classes:,}"),
        (say("最小等价类 k", "smallest class k"), str(report.k)),
        (say("唯一行占比", "rows that stand alone"), f"{report.unique_share:.2%}"),
        (say("检察官风险 最大/平均", "prosecutor risk max/mean"), _pair(report.prosecutor)),
        (say("记者风险 最大/平均", "journalist risk max/mean"), _pair(report.journalist)),
        (say("营销者风险", "marketer risk"), f"{report.marketer:.4f}"),
    ]
    for attribute in report.attributes:
        text = f"l={attribute.l:g}  t={attribute.t:.4f}"
        lines.append((say(f"敏感列 {attribute.column}", f"sensitive {attribute.column}"), text))
    worst = ", ".join(f"{name} {share:.0%}" for name, share in report.riskiest_columns()[:3])
    lines.append((say("贡献最大的列", "riskiest columns"), worst))
    uniques = report.minimal_uniques()
    few = ", ".join(f"{size}: {n:,}" for size, n in uniques.by_size.items())
    lines.append(
        (say("由几列即可唯一确定（列数: 次数）", "singled out by few columns (columns: times)"), few)
    )
    if "chosen" in report.population_uniques:
        share = f"{report.population_uniques['chosen']:.2%}"
        lines.append((say("总体中唯一者占比（估计）", "unique in the population (estimate)"), share))
    if report.population is not None:
        lines.append(("k-map", str(report.population.k_map)))
    for judged in report.standards:
        source = judged.source + mark(judged.verified, output.language())
        lines.append((source, say(judged.text, judged.text_en)))
    return "\n".join(f"{label}: {value}" for label, value in lines)


def _pair(linkage: Linkage) -> str:
    return f"{linkage.max:.4f} / {linkage.mean:.4f}"
