"""The smaller sheets of the review workbook: cover, personal information, candidates, what was not read."""

from __future__ import annotations

from collections.abc import Iterator

from hushu.model import Inventory
from hushu.reports.names import names_for
from hushu.reports.review_fields import Field
from hushu.reports.review_rows import Row, hinted, key_of, main_pack, pack_versions
from hushu.reports.view import Chip
from hushu.rules import vocabulary
from hushu.rules.citation import cite

PREPARED_BY, PREPARED_ON = "编制人（定级人）", "编制日期"
COVER_PLACES = (
    "编制单位",
    PREPARED_BY,
    PREPARED_ON,
    "复核人",
    "复核日期",
    "审批人（部门负责人）",
    "审批日期",
    "保密审查意见",
    "个人信息保护影响评估编号",
    "报审日期",
    "发布日期",
    "单位盖章",
)

INSTRUCTIONS = (
    "黄色单元格由人填写或更正，其余单元格已锁定。可以排序、筛选；要增加列、删除行，先撤销工作表保护（无口令）。",
    "「数据级别」「识别类型」等已按系统建议填好：同意则在「定级意见」选「确认」并填定级人、定级日期；不同意则直接改，并填「定级理由」。",
    "没有改动且没有填「定级意见」或「定级人」的行，视为尚未审阅，导入时不产生意见；行内未填定级人时，以封面的编制人为准。",
    "「锁定」表示今后导入也不得覆盖。",
    "级别可写 3、三级、L3、G3、3级；"
    "共享类型写 无条件共享、有条件共享、不予共享；开放类型写 无条件开放、有条件开放、非开放。",
    "不予共享须写明法律、行政法规或国务院决定的条款；有条件共享须写明共享范围和使用用途。",
    "规模、数量只填数字，不带单位；不清楚填 0 或留空。日期写 2026-11-21。",
    "公式一律不读取，请填值。",
    "标有〔待核〕〔据摘录〕的依据未与全文核对，引用前请核对原文。",
    "「重要数据候选清单」只是候选，由单位研判，不构成认定。",
    "「未检查项」中的内容没有检查，不等于没有敏感数据。",
    "清单不含任何数据值，也不导出样例。请不要在备注中填写个人信息。",
    "填好后运行：hushu review import 清单.xlsx inventory.json -o decisions.yaml。"
    "导入「数据资源目录」「数据分类分级清单」和「重要数据候选清单」的单位意见。",
)


def _field(key: str, title: str, editable: bool = False, choice: str = "") -> Field:
    return Field(key=key, title=title, group="清单", choice=choice, editable=editable)


KEY = Field(key="_key", title="_key", group="系统", hidden=True)

PERSONAL_FIELDS = (
    _field("no", "序号"),
    _field("name", "数据名称"),
    _field("category", "个人信息类别"),
    _field("rows", "规模"),
    _field("sensitive", "敏感程度"),
    _field("origin", "数据来源"),
    _field("flow", "业务流转情况", editable=True),
)

CANDIDATE_FIELDS = (
    _field("no", "序号"),
    _field("name", "数据名称"),
    _field("category", "数据类别"),
    _field("suggested", "建议级别"),
    _field("basis", "识别依据"),
    _field("hits", "命中证据"),
    _field("rows", "规模（条）"),
    _field("precision", "精度/覆盖区域", editable=True),
    _field("origin", "数据来源"),
    _field("carrier", "载体", editable=True),
    _field("use", "处理目的和方式", editable=True),
    _field("scope", "使用范围", editable=True),
    _field("owner", "责任部门及责任人", editable=True),
    _field("shared", "对外共享情况", editable=True),
    _field("abroad", "跨境传输情况", editable=True),
    _field("protection", "安全保护措施", editable=True),
    _field("important_opinion", "单位意见（是/否/待定）", editable=True, choice="candidate"),
    _field("approved_by", "审批人", editable=True),
    _field("at", "日期", editable=True),
    KEY,
)

HIDDEN_FIELDS = (
    _field("no", "序号"),
    _field("what", "内容"),
    _field("why", "未检查的原因"),
    _field("action", "处置", editable=True),
    _field("owner", "责任人", editable=True),
)


def cover_lines(inventory: Inventory) -> Iterator[tuple[str, str | int]]:
    """Yield what stands on the cover: source, time, packs and counts."""
    yield "数据源", inventory.source
    yield "扫描时间", inventory.scanned_at
    yield "依据截至", inventory.as_of
    yield "工具", inventory.tool
    yield "规则包", pack_versions(inventory)
    yield "表", len(inventory.tables)
    yield "数据项", sum(len(t.columns) for t in inventory.tables)
    yield "未检查项（不等于没有敏感数据）", len(inventory.not_examined)
    yield "冲突", len(inventory.conflicts)


def personal(inventory: Inventory) -> Iterator[Row]:
    """Yield one row for every column that is or contains personal information."""
    names, main, types = names_for(inventory, "zh"), main_pack(inventory), vocabulary.load()
    number = 0
    for table in inventory.tables:
        for column in table.columns:
            found = dict.fromkeys(t for t in (column.type, *(c.type for c in column.contains)) if t)
            kinds = [t for t in found if t in types and types[t].kind == "personal"]
            if not kinds:
                continue
            number += 1
            grade = column.grades.get(main)
            sensitive = grade is not None and bool(grade.attributes.get("sensitive"))
            yield {
                "no": number,
                "name": f"{table.name}.{column.name} {column.comment}".strip(),
                "category": "、".join(names.type(t) for t in kinds),
                "rows": table.rows if table.rows is not None else "未知",
                "sensitive": "敏感个人信息" if sensitive else "一般个人信息",
                "origin": inventory.source,
            }


def candidates(inventory: Inventory) -> Iterator[Row]:
    """Yield the columns and tables in which a rule sees a hint at important data."""
    names, main = names_for(inventory, "zh"), main_pack(inventory)
    places = [
        (table, column.name, column.comment, column.grades.get(main))
        for table in inventory.tables
        for column in table.columns
    ]
    places += [(table, "", table.comment, table.grades.get(main)) for table in inventory.tables]
    number = 0
    for table, column, comment, grade in places:
        if grade is None or not hinted(grade):
            continue
        number += 1
        chip: Chip = names.chip(main, grade)
        because = [r for r in grade.because if r.effect.find("important") >= 0] or list(grade.because)
        yield {
            "no": number,
            "name": ".".join(filter(None, (table.name, column))) + (f" {comment}" if comment else ""),
            "category": names.category(main, grade.category) if grade.category else "",
            "suggested": f"候选（{chip.text}），由单位研判",
            "basis": "；".join(dict.fromkeys(cite(r, "zh") for r in because)),
            "hits": "；".join(dict.fromkeys(r.text for r in because)),
            "rows": table.rows if table.rows is not None else "未知",
            "origin": inventory.source,
            "_key": key_of(table.name, column),
        }


def unexamined(inventory: Inventory) -> Iterator[Row]:
    """Yield what was not looked at."""
    for number, item in enumerate(inventory.not_examined, start=1):
        yield {"no": number, "what": item.what, "why": item.why}
