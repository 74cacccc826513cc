"""Views that show no more than a plan lets out, in the SQL of the source's database.

Only what SQL can say exactly is in them: columns kept, numbers banded, rounded or cut, dates cut to
month or year, yes or no. Whatever needs a key, a gazetteer or the whole table (pseudonyms, addresses,
groups of k) is left out and named in a comment: use ``hushu apply`` for it.
"""

from __future__ import annotations

from typing import Any

from hushu.errors import ConfigError
from hushu.model import Inventory, Plan, PlanColumn, PlanTable
from hushu.reports.exports.tags import platform

_DIALECTS = {"postgres": "postgresql", "mysql": "mysql", "sqlite": "sqlite"}


def export(inventory: Inventory, plan: Plan | None) -> str:
    """Return one CREATE VIEW a table of the plan.

    Raises:
        ConfigError: HS-E182, no plan was given.
    """
    if plan is None:
        raise ConfigError(
            "masked views follow a plan",
            where="--to sql-views",
            why="without one, nobody has said what may leave",
            fix="add --plan plan.yaml",
            code="HS-E182",
        )
    dialect = _dialect(inventory)
    head = f"-- Views for {plan.purpose.id}, made by hushu; rows are not grouped, so k is not guaranteed.\n"
    return head + "\n".join(_view(table, dialect) for table in plan.tables)


def _dialect(inventory: Inventory) -> Any:
    from importlib import import_module

    name = _DIALECTS.get(platform(inventory), "postgresql")
    # A script is no format string: with the default paramstyle "%" would be doubled.
    return import_module(f"sqlalchemy.dialects.{name}").dialect(paramstyle="named")


def _view(table: PlanTable, dialect: Any) -> str:
    import sqlalchemy as sa
    from sqlalchemy.sql.elements import quoted_name

    schema, _, name = table.name.rpartition(".")
    shown, left_out = [], []
    for column in table.columns:
        if column.action == "drop":
            continue
        said = _expression(column)
        if said is None:
            left_out.append(column)
        else:
            shown.append(said.label(quoted_name(column.output or column.name, quote=True)))
    notes = [
        f"-- {' '.join(c.name.split())}: {c.operator} cannot be said in SQL; left out, use hushu apply"
        for c in left_out
    ]
    if not shown:
        return "\n".join([*notes, f"-- {' '.join(table.name.split())}: nothing is left to show\n"])
    space = quoted_name(schema, quote=True) if schema else None
    query = sa.select(*shown).select_from(sa.table(quoted_name(name, quote=True), schema=space))
    text = query.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    view = dialect.identifier_preparer.quote_identifier(f"v_{name}")
    return "\n".join([*notes, f"CREATE VIEW {view} AS\n{text};\n"])


def _expression(column: PlanColumn) -> Any:
    """Return the column as SQL, or None when SQL cannot say it exactly."""
    import sqlalchemy as sa
    from sqlalchemy.sql.elements import quoted_name

    value: Any = sa.column(quoted_name(column.name, quote=True))
    params = column.params
    if column.action == "keep":
        return value
    match column.operator:
        case "date_part" if column.grain == "year":
            return sa.extract("year", value)
        case "date_part" if column.grain == "month":
            return sa.extract("year", value) * 100 + sa.extract("month", value)
        case "bucket" if params.get("width"):
            origin = params.get("origin") or 0
            return sa.func.floor((value - origin) / params["width"]) * params["width"] + origin
        case "round" if params.get("step"):
            return sa.func.round(value / params["step"]) * params["step"]
        case "yes_no" if "at_least" in params or "below" in params:
            return _yes_no(value, params)
        case _:
            return None


def _yes_no(value: Any, params: Any) -> Any:
    import sqlalchemy as sa

    tests = []
    if params.get("at_least") is not None:
        tests.append(value >= params["at_least"])
    if params.get("below") is not None:
        tests.append(value < params["below"])
    said = sa.case((sa.and_(*tests), params.get("yes", "是")), else_=params.get("no", "否"))
    return sa.case((value.is_(None), None), else_=said)
