"""A page to review an inventory in the browser: the same decisions as in the workbook, one form a column."""

from __future__ import annotations

from datetime import date
from html import escape
from importlib.resources import files

from hushu.errors import ConfigError
from hushu.model import Column, Decision, Inventory, Table
from hushu.rules import vocabulary

_OTHER = "-"


def page(inventory: Inventory, token: str, lang: str) -> str:
    """Return the page as HTML; every form carries ``token``.

    Args:
        inventory: what a scan found.
        token: the one-time token of this session.
        lang: ``zh`` or ``en``.
    """
    rows = "".join(_row(table, column, token, lang) for table in inventory for column in table)
    words = _WORDS[lang]
    style = (files("hushu.reports") / "templates" / "workbench.css").read_text("utf-8")
    return (
        f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>hushu</title><style>{style}</style>'
        f"<h1>{words['title']}</h1><p>{escape(inventory.source)}</p>"
        f"<table><caption>{words['caption']}</caption><thead><tr>"
        + "".join(f'<th scope="col">{head}</th>' for head in words["heads"])
        + f"</tr></thead><tbody>{rows}</tbody></table></html>"
    )


def _row(table: Table, column: Column, token: str, lang: str) -> str:
    place = f"{table.name}.{column.name}"
    grades = ", ".join(grade.level for grade in column.grades.values())
    words = _WORDS[lang]
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value, quote=True)}">'
        for name, value in (("token", token), ("table", table.name), ("column", column.name))
    )
    return (
        f"<tr id='{escape(place, quote=True)}'><td>{escape(table.name)}</td><td>{escape(column.name)}</td>"
        f"<td>{escape(column.comment)}</td><td>{_type_name(column.type, lang)} {column.confidence:.0%}</td><td>{grades}</td>"
        f'<td>{column.status}</td><td><form method="post" action="/decide">{hidden}{_choices(column.type, lang)}'
        f'<input name="by" required placeholder="{words["by"]}"><input name="reason" placeholder="{words["reason"]}">'
        f"<button>{words['save']}</button></form></td></tr>"
    )


def _choices(current: str | None, lang: str) -> str:
    options = [f'<option value="{_OTHER}"{"" if current else " selected"}>—</option>']
    for name, entry in vocabulary.load().items():
        chosen = " selected" if name == current else ""
        options.append(
            f'<option value="{name}"{chosen}>{escape(entry.zh if lang == "zh" else entry.en)}</option>'
        )
    return f'<select name="type">{"".join(options)}</select>'


def _type_name(kind: str | None, lang: str) -> str:
    entry = vocabulary.load().get(kind or "")
    return escape((entry.zh if lang == "zh" else entry.en) if entry else "—")


def decided(form: dict[str, str], inventory: Inventory) -> Decision:
    """Return the decision that a posted form states.

    Raises:
        ConfigError: HS-E190, the form names no column of the inventory, nobody, or an override without reason.
    """
    try:
        column = inventory[form["table"]][form["column"]]
    except KeyError:
        raise ConfigError("no such column", where="form", fix="reload the page", code="HS-E190") from None
    chosen = None if form.get("type") in {None, _OTHER, ""} else form["type"]
    same = chosen == column.type
    if not form.get("by", "").strip() or (not same and not form.get("reason", "").strip()):
        raise ConfigError(
            "a decision needs a name, and a correction its reason",
            where=form["column"],
            fix="fill both fields",
            code="HS-E190",
        )
    return Decision(
        table=form["table"],
        column=form["column"],
        status="confirmed" if same else "overridden",
        type=chosen,
        type_decided=not same,
        by=form["by"].strip(),
        at=date.today().isoformat(),
        reason=form.get("reason", "").strip(),
    )


_WORDS = {
    "zh": {
        "title": "复核", "caption": "选择类型并保存；更改须写理由。", "by": "定级人", "reason": "理由", "save": "保存",
        "heads": ("表", "数据项", "说明", "识别类型", "级别", "状态", "意见"),
    },
    "en": {
        "title": "Review", "caption": "Choose the type and save; a change needs its reason.", "by": "name",
        "reason": "reason", "save": "save", "heads": ("table", "column", "comment", "type", "level", "status", "decision"),
    },
}  # fmt: skip
