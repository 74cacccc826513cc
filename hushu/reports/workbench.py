"""A page to review an inventory in the browser: the same decisions as in the workbook, one form a column."""

from __future__ import annotations

from datetime import date

from hushu.errors import ConfigError
from hushu.model import Decision, Inventory
from hushu.rules import vocabulary

_OTHER = "-"


def page(inventory: Inventory, token: str, lang: str) -> str:
    """Return the page as HTML; every form carries ``token``.

    Args:
        inventory: what a scan found.
        token: the one-time token of this session.
        lang: ``zh`` or ``en``.
    """
    from jinja2 import Environment, PackageLoader

    environment = Environment(loader=PackageLoader("hushu.reports"), autoescape=True)
    types = {name: entry.zh if lang == "zh" else entry.en for name, entry in vocabulary.load().items()}
    return environment.get_template("workbench.html.j2").render(
        inventory=inventory, token=token, lang=lang, words=_WORDS[lang], types=types, other=_OTHER
    )


def decided(form: dict[str, str], inventory: Inventory) -> Decision:
    """Return the decision that a posted form states.

    Raises:
        ConfigError: HS-E190, the form names no column or nobody, or corrects without a reason.
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
        "title": "复核",
        "caption": "选择类型并保存；更改须写理由。",
        "by": "定级人",
        "reason": "理由",
        "save": "保存",
        "heads": ("表", "数据项", "说明", "识别类型", "级别", "状态", "意见"),
    },
    "en": {
        "title": "Review",
        "caption": "Choose the type and save; a change needs its reason.",
        "by": "name",
        "reason": "reason",
        "save": "save",
        "heads": ("table", "column", "comment", "type", "level", "status", "decision"),
    },
}
