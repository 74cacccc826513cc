"""``plan.yaml``: written to be read, edited and compared by people.

The file keeps a short seal of every column as it was proposed. A hand edit breaks that
column's seal: tightening is welcome, anything else needs a ``reason``, and what the law's
limits forbid is refused even with one.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hushu.anonymize.planning import refusal
from hushu.errors import ConfigError, InputError, PolicyError
from hushu.io.atomic import atomic_write
from hushu.model import PackRef, Plan, PlanColumn, PlanTable, Purpose, PurposeItem, Reason
from hushu.rules import limits

PLAN_SCHEMA = "hushu.plan/1"


class _Reason(BaseModel):
    model_config = ConfigDict(extra="ignore")

    rule: str
    text: str
    source: str
    article: str
    verified: Literal["fulltext", "excerpt", "memory"]
    text_en: str = ""
    effect: str = ""


class _Column(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    type: str | None = None
    action: Literal["keep", "drop", "transform"]
    grain: str = ""
    operator: str = ""
    params: dict[str, Any] = Field(default_factory=dict)
    output: str = ""
    proposed: str = "drop"
    why: str = ""
    because: list[_Reason] = Field(default_factory=list)
    reason: str = ""
    seal: str = ""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    rows: str = "all"
    columns: list[_Column]


class _Pack(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str
    version: str
    sha256: str


class PlanFile(BaseModel):
    """The shape of ``plan.yaml``; its JSON Schema is exported by ``hushu rules schema``."""

    model_config = ConfigDict(extra="forbid")

    schema_: Literal["hushu.plan/1"] = Field(alias="schema")
    purpose: dict[str, Any]
    packs: list[_Pack] = Field(default_factory=list)
    inventory_sha256: str = ""
    privacy: dict[str, Any] = Field(default_factory=dict)
    proposed_privacy: dict[str, Any] = Field(default_factory=dict)
    warnings: list[str] = Field(default_factory=list)
    reason: str = ""
    seal: str = ""
    tables: list[_Table]


def write_plan(plan: Plan, path: str | Path) -> None:
    """Write the plan as YAML, whole and at once.

    Example:
        >>> write_plan(plan, "plan.yaml")  # doctest: +SKIP
    """
    with atomic_write(path) as handle:
        handle.write(plan_text(plan).encode("utf-8"))


def plan_text(plan: Plan) -> str:
    """Return the plan as the text of ``plan.yaml``."""
    import yaml

    data = {
        "schema": PLAN_SCHEMA,
        "purpose": _plain(asdict(plan.purpose)),
        "packs": [asdict(pack) for pack in plan.packs],
        "inventory_sha256": plan.inventory_sha256,
        "privacy": _plain(dict(plan.privacy)),
        **({"proposed_privacy": _plain(dict(plan.privacy))} if plan.privacy else {}),
        "warnings": list(plan.warnings),
        "seal": _plan_seal(_plain(asdict(plan.purpose)), _plain(dict(plan.privacy))),
        "tables": [
            {"name": t.name, "rows": t.rows, "columns": [_column_data(c) for c in t.columns]}
            for t in plan.tables
        ],
    }
    head = (
        "# 最小化方案 hushu plan。可手工修改 action / grain；放宽须在 reason 写明理由，法律限制不可放宽。\n"
        "# Edit action or grain by hand. Loosening needs a `reason`; what the law forbids stays refused.\n"
    )
    return head + yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110)


def read_plan(path: str | Path) -> Plan:
    """Return the plan in a file, with hand edits checked.

    Raises:
        InputError: HS-E201, no such file.
        ConfigError: HS-E133, not a plan; HS-E131, unknown grain.
        PolicyError: HS-E311, an edit loosens without a reason; HS-E310, the law forbids it.

    Example:
        >>> read_plan("plan.yaml")  # doctest: +SKIP
    """
    file = _parsed(Path(path))
    purpose = _purpose(file.purpose, str(path))
    edited = _edited(file, str(path))
    return Plan(
        purpose=purpose,
        packs=tuple(PackRef(**pack.model_dump()) for pack in file.packs),
        inventory_sha256=file.inventory_sha256,
        privacy=file.privacy,
        warnings=(*file.warnings, *edited),
        tables=tuple(
            PlanTable(
                name=table.name,
                rows=table.rows,
                columns=tuple(_checked(column, table.name, purpose) for column in table.columns),
            )
            for table in file.tables
        ),
    )


def _edited(file: PlanFile, where: str) -> tuple[str, ...]:
    """Return the mark of a plan whose purpose or group targets were edited by hand, with the reason given."""
    whole = _plan_seal(file.purpose, file.proposed_privacy) == file.seal
    if whole and _no_looser(file.privacy, file.proposed_privacy):
        return ()
    if not file.reason.strip():
        raise PolicyError(
            "the plan was edited by hand without a reason",
            where=f"{where}: purpose or privacy",
            why="the limits of the law and the group targets were chosen for the purpose as it was",
            fix="write the purpose anew and plan again, or the reason into `reason:` at the top",
            code="HS-E311",
        )
    return (f"用途或分组目标经人工修改：{file.reason.strip()}",)


def _no_looser(now: dict[str, Any], proposed: dict[str, Any]) -> bool:
    """Tell whether group targets protect no less than those proposed."""
    from hushu.anonymize.grouping import target_k

    if (target_k(now) or 0) < (target_k(proposed) or 0):
        return False
    for key in set(now) | set(proposed):
        new, old = now.get(key), proposed.get(key)
        if key in {"k", "model"} or new == old:
            continue
        if key == "l" and new is not None and new >= (old or 0):
            continue
        if key in {"t", "max_suppression"} and new is not None and new <= (1 if old is None else old):
            continue
        if key == "quasi_identifiers" and set(new or ()) >= set(old or ()) and old is not None:
            continue
        return False
    return True


def _plan_seal(purpose: dict[str, Any], privacy: dict[str, Any]) -> str:
    text = json.dumps([purpose, privacy], ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def plan_digest(plan: Plan) -> str:
    """Return the SHA-256 of the plan's text."""
    return hashlib.sha256(plan_text(plan).encode()).hexdigest()


def _parsed(path: Path) -> PlanFile:
    import yaml

    if not path.is_file():
        raise InputError(
            "no such file", where=str(path), fix="hushu plan INVENTORY --purpose F", code="HS-E201"
        )
    try:
        return PlanFile.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise ConfigError("the plan is not YAML", where=f"{path}{line}", code="HS-E133") from None
    except UnicodeDecodeError:
        raise ConfigError("the plan is not UTF-8 text", where=str(path), code="HS-E133") from None
    except ValidationError as problem:
        first = problem.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ConfigError(
            "the plan is not valid",
            where=f"{path}: {place or 'top'}",
            why=str(first["msg"]),
            fix="write it anew with hushu plan",
            code="HS-E133",
        ) from None


def _purpose(data: dict[str, Any], where: str) -> Purpose:
    try:
        items = tuple(PurposeItem(**item) for item in data.get("items", ()))
        return Purpose(**{**data, "items": items, "tables": tuple(data.get("tables", ()))})
    except TypeError:
        raise ConfigError(
            "the plan's purpose is not valid",
            where=where,
            fix="write it anew with hushu plan",
            code="HS-E133",
        ) from None


def _column_data(column: PlanColumn) -> dict[str, Any]:
    data = _plain(asdict(column))
    data["seal"] = _seal(data)
    return {key: value for key, value in data.items() if value not in ("", [], {}) or key == "type"}


def _seal(data: dict[str, Any]) -> str:
    parts = [
        data.get(key) or "" for key in ("name", "type", "action", "grain", "operator", "output", "proposed")
    ]
    text = json.dumps([*parts, data.get("params") or {}], ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12] + _type_seal(data)


def _type_seal(data: dict[str, Any]) -> str:
    """Seal name and type by themselves: the limits of the law hang on them."""
    text = json.dumps([data.get("name"), data.get("type")], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:6]


def _checked(column: _Column, table: str, purpose: Purpose) -> PlanColumn:
    data = column.model_dump(exclude={"seal"})
    data["because"] = tuple(Reason(**reason) for reason in data["because"])
    data["grain"] = _grain(column)
    if _seal(column.model_dump()) == column.seal:
        return PlanColumn(**data)
    where = f"{table}.{column.name}"
    if column.action != "drop" and _type_seal(column.model_dump()) != column.seal[12:]:
        raise PolicyError(
            "the plan was edited by hand: this column was not planned with this name and type",
            where=where,
            why="what the law allows hangs on the type that the scan found or a person confirmed",
            fix="correct the type in the review, name the column in the purpose, and plan anew",
            code="HS-E311",
        )
    limit, rules = limits.finest([column.type] if column.type else [], purpose.use)
    if limits.rank(data["grain"]) > limits.rank(limit):
        raise refusal(where, data["grain"], limit, rules)
    if limits.rank(data["grain"]) >= limits.rank(column.proposed) and not column.reason.strip():
        raise PolicyError(
            "the plan was edited by hand without a reason",
            where=where,
            why=f"proposed {column.proposed}, now {data['grain']}",
            fix="write the reason into `reason:` of this column, or undo the edit",
            code="HS-E311",
        )
    return PlanColumn(**_rederived(data, column))


def _grain(column: _Column) -> str:
    """The action outranks the grain: people edit `action: drop` and leave the rest."""
    if column.action == "drop":
        return "drop"
    if column.action == "keep":
        return "exact"
    return column.grain or column.proposed


def _rederived(data: dict[str, Any], column: _Column) -> dict[str, Any]:
    """Give an edited column the operator of its new grain."""
    from hushu.anonymize.operators.grains import operator_for

    if column.action == "transform" and (column.grain != column.proposed or not column.operator):
        data["operator"], params, _ = operator_for(
            column.type, data["grain"], {"as_of": date.today().isoformat()}
        )
        data["params"] = {**params, **column.params} if not column.operator else params
    elif column.action != "transform":
        data["operator"], data["params"] = "", {}
    data["output"] = "" if column.action == "drop" else (column.output or column.name)
    return data


def _plain(value: Any) -> Any:
    """Tuples become lists and mappings dicts, so that YAML stays plain."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
