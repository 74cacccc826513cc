"""12345: a district wants the hotline's tickets to see which streets have which troubles."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from pathlib import Path

from hushu.cli.scenarios import Scenario
from hushu.cli.scenarios.people import People

_STREETS = ("临溪街道", "望春街道", "青石镇", "百禾镇")
_KINDS = ("噪音扰民", "群租", "停车", "漏水", "垃圾分类", "证照办理")
_PLAIN = (
    "市民反映夜间施工噪音，要求马上处理。",
    "市民咨询居住证办理所需材料，已答复。",
    "反映路面陈旧破损，电动车经过不方便，请任何部门尽快修复。",
    "小区黄金周期间停车困难，希望增设临时车位。",
)
_PERSONAL = (
    "市民{name}来电，住{street}青石路{n}弄2号301室，楼上漏水，回拨{phone}。",
    "{name}（身份证{id}）咨询积分，手机{phone}。",
    "来电人{name}称其母患糖尿病，无法出门，请居委联系{phone}。",
)


def build(path: Path) -> None:
    """Write 2,000 tickets, a fifth of them with personal data in the text."""
    people = People(12345)
    draw = people.random
    rows = []
    for number in range(1, 2001):
        person = people.person()
        text = draw.choice(_PERSONAL if number % 5 == 0 else _PLAIN)
        day = date(2026, 1, 1) + timedelta(days=draw.randint(0, 300))
        rows.append(
            (f"GD2026{number:06d}", f"{day:%Y-%m-%d}", person.name, person.phone, draw.choice(_STREETS),
             draw.choice(_KINDS), text.format(name=person.name, id=person.id_number, phone=person.phone,
                                              street=draw.choice(_STREETS), n=draw.randint(10, 900)))
        )  # fmt: skip
    with sqlite3.connect(path) as database:
        database.execute(
            "CREATE TABLE ticket (gdbh TEXT PRIMARY KEY, slrq TEXT, ldr TEXT, lxdh TEXT, ssjd TEXT, sqlx TEXT, sqnr TEXT)"
        )
        database.executemany("INSERT INTO ticket VALUES (?,?,?,?,?,?,?)", rows)
    database.close()


PURPOSE = """\
schema: hushu.purpose/1
id: hotline-analysis
title: 分析各街镇诉求类型
matter: 12345 市民热线诉求分析
provider: 市民热线（合成）
recipient: 区城运中心（合成）
use: share
basis: 政务数据共享条例第二十一条
scenario: 每月统计各街镇诉求类型与文本要点
scope: 本区全部工单
mode: 批量交换
until: 2027-06-30
tables: [ticket]
items:
  - item: ticket.slrq
    grain: month
    why: 按月统计
  - item: ticket.ssjd
    grain: exact
    why: 按街镇统计
  - item: ticket.sqlx
    grain: exact
    why: 按类型统计
  - item: ticket.sqnr
    grain: redacted
    why: 提取要点，不需要任何人的信息
privacy:
  model: controlled
"""

SCENARIO = Scenario(
    id="hotline",
    zh="12345：分析各街镇的诉求",
    en="A district analyses the hotline's tickets",
    build=build,
    purpose=PURPOSE,
)
