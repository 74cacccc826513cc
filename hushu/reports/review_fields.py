"""The columns of the review workbook (清单.xlsx): their order, who fills them, and their choices.

The order follows the forms in use: the hand-in sheet, the field list with lowest reference level and
level in force, and the nine catalogue fields of order 809, art. 13.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hushu.model import Status

DECISION = "decision"  # the rule of a grade that a person decided
OPINIONS: Mapping[str, Status] = {"确认": "confirmed", "更正": "overridden", "锁定": "locked"}
SHARING, OPENING = "cn-sharing-809", "cn-shanghai"
UNTYPED = "未识别"

KINDS = {"personal": "个人信息", "organisation": "组织数据", "object": "客体数据", "mixed": "混合"}
IDENTIFIES = {"direct": "直接标识符", "quasi": "准标识符", "sensitive": "敏感属性", "-": "不适用"}

CHOICES: dict[str, tuple[str, ...]] = {
    "opinion": tuple(OPINIONS),
    "yes_no": ("是", "否", UNTYPED),
    "identifies": tuple(IDENTIFIES.values()),
    "object": ("国家安全", "经济运行", "社会秩序", "公共利益", "组织权益", "个人权益"),
    "degree": ("特别严重危害", "严重危害", "一般危害", "无危害"),
    "update": ("实时", "每日", "每周", "每月", "每季度", "每半年", "每年", "不定时", "其他"),
    "format": ("数据库", "电子文件", "电子表格", "图形图像", "流媒体", "自描述格式", "服务接口"),
    "mode": ("服务接口", "库表交换", "文件下载", "联机查询", "核验式返回", "其他"),
    "sharing": ("无条件共享", "有条件共享", "不予共享"),
    "opening": ("无条件开放", "有条件开放", "非开放"),
    "candidate": ("是", "否", "待定"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One column of a sheet: its key, its heading, the group above it, and how a person may fill it."""

    key: str
    title: str
    group: str
    choice: str = ""  # a list of CHOICES, or "types" / "levels" of the inventory
    editable: bool = False
    hidden: bool = False
    also: tuple[str, ...] = field(default=())  # other headings under which people return it


def _f(key: str, title: str, group: str, choice: str = "", *also: str) -> Field:
    return Field(key=key, title=title, group=group, choice=choice, editable=True, also=also)


def _locked(key: str, title: str, group: str, *also: str) -> Field:
    return Field(key=key, title=title, group=group, also=also)


SIGNATURES = (
    _f("by", "定级人", "签批"),
    _f("reviewed_by", "复核人", "签批"),
    _f("approved_by", "审批人", "签批"),
    _f("at", "定级日期", "签批", "", "日期"),
    _f("change", "变更原因", "签批"),
)
HIDDEN = (
    Field(key="packs", title="规则包版本", group="系统", hidden=True),
    Field(key="_key", title="_key", group="系统", hidden=True),
    Field(key="_was", title="_was", group="系统", hidden=True),
    Field(key="_rev", title="_rev", group="系统", hidden=True),
)

COLUMN_FIELDS = (
    _locked("no", "序号", "位置"),
    _f("system", "信息系统", "位置"),
    _locked("database", "数据库", "位置"),
    _locked("table", "表名", "位置"),
    _locked("table_zh", "表中文名", "位置"),
    _locked("column", "数据项英文名", "数据项", "字段名", "字段名称", "数据项名称", "信息项名称"),
    _f("title_zh", "数据项中文名", "数据项", "", "字段中文名"),
    _locked("data_type", "数据类型", "数据项"),
    _locked("length", "数据长度", "数据项"),
    _locked("sample", "数据示例（脱敏）", "数据项"),
    _locked("rows", "数据规模", "数据项"),
    _f("type", "识别类型", "识别", "types"),
    _locked("confidence", "置信度", "识别"),
    _locked("evidence", "识别依据", "识别"),
    _f("category_1", "一级分类", "分类"),
    _f("category_2", "二级分类", "分类"),
    _f("category_3", "三级分类", "分类"),
    _f("category_code", "分类编码", "分类"),
    _f("is_personal", "是否个人信息", "个人信息", "yes_no"),
    _f("is_sensitive", "是否敏感个人信息", "个人信息", "yes_no"),
    _f("sensitive", "敏感类别", "个人信息"),
    _f("identifies", "标识符类型", "个人信息", "identifies"),
    _f("impact_object", "影响对象", "定级", "object"),
    _f("impact_degree", "影响程度", "定级", "degree"),
    _locked("lowest", "参考最低级别", "定级"),
    _f("level", "数据级别", "定级", "levels", "级别", "确认级别", "实际合规级别"),
    _locked("raised", "级别是否升级", "定级"),
    _f("basis", "定级依据（条款）", "定级", "", "定级依据"),
    _f("reason", "定级理由", "定级"),
    _f("opinion", "定级意见", "定级", "opinion"),
    _f("important", "是否疑似重要数据", "定级", "yes_no"),
    _f("sharing", "共享类型", "共享与开放", "sharing", "共享属性"),
    _f("sharing_condition", "共享条件/不予共享依据", "共享与开放", "", "共享条件", "不予共享依据"),
    _f("opening", "是否向社会开放", "共享与开放", "opening", "开放类型", "开放属性"),
    _f("opening_condition", "开放条件", "共享与开放"),
    _f("masking", "脱敏规则", "处理"),
    _f("update", "更新周期", "处理", "update", "更新频率"),
    *SIGNATURES,
    *HIDDEN,
)

TABLE_FIELDS = (
    _locked("no", "序号", "目录"),
    _f("title_zh", "目录名称", "目录"),
    _f("catalogue_code", "目录代码", "目录"),
    _f("provider", "提供单位", "目录"),
    _f("provider_code", "提供单位代码", "目录"),
    _f("system", "信息系统", "目录"),
    _locked("table", "表名", "目录"),
    _f("summary", "摘要", "目录"),
    _f("format", "数据格式", "目录", "format"),
    _locked("columns", "数据项数", "目录"),
    _locked("rows", "数据规模", "目录"),
    _f("update", "更新频率", "目录", "update", "更新周期"),
    _f("sharing", "共享属性", "共享与开放", "sharing", "共享类型"),
    _f("mode", "共享方式", "共享与开放", "mode"),
    _f("sharing_condition", "使用条件", "共享与开放"),
    _locked("category_1", "数据类别", "定级"),
    _f("level", "数据级别（就高）", "定级", "levels", "数据级别", "级别"),
    _locked("basis", "定级依据", "定级"),
    _f("opinion", "定级意见", "定级", "opinion"),
    _f("reason", "定级理由", "定级"),
    _f("opening", "开放类型", "共享与开放", "opening", "是否向社会开放"),
    _f("opening_condition", "开放条件", "共享与开放"),
    _f("owner", "责任人", "联系"),
    _f("phone", "联系电话", "联系"),
    _f("published", "发布日期", "联系"),
    _f("note", "备注", "联系"),
    *SIGNATURES,
    *HIDDEN,
)
