"""The beginning of a new pack: one file that loads, runs its own cases, and says what to fill in."""

from __future__ import annotations

import re
from datetime import date

from hushu.errors import ConfigError
from hushu.rules.packload import pack_ids

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_PACK = """\
# One file is a whole pack. Fill in what the regulation says; `hushu rules test THIS_FILE` checks it.
# 一个文件就是一个规则包。照法规填写；`hushu rules test 本文件` 检查。
language: 1
id: {id}
version: "{version}"
title: {{zh: {title}, en: {title}}}
jurisdiction: CN
levels: # from the lowest to the highest 从低到高
  - {{id: open, title: {{zh: 可开放, en: May be opened}}}}
  - {{id: closed, title: {{zh: 不开放, en: Not opened}}}}
groups: # names for sets of types; @personal, @organisation, @personal-direct … are always there
  money: [INCOME, BANK_CARD]
sources:
  rule: {{title: {{zh: {title}, en: {title}}}, number: 文号待填, effective: {day}}}
rules:
  - id: personal
    text: {{zh: 个人信息不开放, en: Personal information is not opened}}
    source: rule
    article: 条款待填
    verified: memory # fulltext once somebody has read the article 核对原文后改为 fulltext
    when: {{holds: "@personal"}}
    effect: {{level: closed, open: closed}}
  - id: name-and-money
    scope: table
    text: {{zh: 姓名与收入同表，请人复核, en: "A name beside an income, a person should look"}}
    source: rule
    article: 条款待填
    verified: memory
    when: {{beside: [[PERSON], "@money"]}}
    effect: {{level: closed, review: true}}
  - id: not-examined
    text: {{zh: 未检查的列不开放, en: What was not examined is not opened}}
    source: rule
    article: 条款待填
    verified: memory
    when: {{state: [unexamined, text_without_findings]}}
    effect: {{level: closed, review: true}}
  - id: otherwise
    scope: default
    text: {{zh: 其余可开放, en: The rest may be opened}}
    source: rule
    article: 条款待填
    verified: memory
    effect: {{level: open, open: open}}
  - id: table-strictest
    scope: rollup
    text: {{zh: 数据集取最严的一项, en: A data set takes its strictest item}}
    source: rule
    article: 条款待填
    verified: memory
cases: # for every rule: tables on which it must fire, and tables on which it must not
  personal: {{fires: [[PERSON]], not: [[CN_USCC]]}}
  name-and-money: {{fires: [[PERSON, INCOME]], not: [[PERSON]]}}
  not-examined: {{fires: [[FREE_TEXT]], not: [[CN_USCC]]}}
  otherwise: {{fires: [[CN_USCC]], not: [[PERSON]]}}
  table-strictest: {{fires: [[PERSON]], not: [{{columns: [PERSON], as_of: 2000-01-01}}]}}
"""


def pack_skeleton(pack_id: str, title: str = "") -> str:
    """Return the YAML of a new pack that loads and whose cases hold.

    Args:
        pack_id: lower case words joined by hyphens, such as ``cn-mycity``.
        title: the name of the regulation.

    Raises:
        ConfigError: HS-E124, the id is not of that form, or is taken.

    Example:
        >>> "id: cn-mycity" in pack_skeleton("cn-mycity")
        True
    """
    if not _ID.fullmatch(pack_id) or pack_id in pack_ids():
        raise ConfigError(
            "this id can't name a new pack",
            where=pack_id,
            why="it is taken" if pack_id in pack_ids() else "it is not lower case words joined by hyphens",
            fix="for example cn-mycity",
            code="HS-E124",
        )
    today = date.today()
    name = re.sub(r"[{}\[\],:#\"'&*!|>%@`\n]", " ", title).strip() or pack_id
    return _PACK.format(id=pack_id, version=f"{today:%Y.%m}", title=name, day=f"{today.year}-01-01")
