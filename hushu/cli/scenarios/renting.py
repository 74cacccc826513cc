"""群租: water, house type and registered residents together point to addresses; only counts may leave."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from hushu.cli.scenarios import Scenario
from hushu.cli.scenarios.people import People

_BLOCKS = ("青石苑", "临溪苑", "望春苑", "百禾苑")
_HOMES = 300


def build(path: Path) -> None:
    """Write 1,200 homes with their use of water and who is registered there; a few hold far more people."""
    people = People(1200)
    draw = people.random
    with sqlite3.connect(path) as database:
        database.executescript(
            "CREATE TABLE t_fw (fwdz TEXT PRIMARY KEY, xqmc TEXT, fwlx TEXT, mj REAL);"
            "CREATE TABLE t_ysl (fwdz TEXT, yf TEXT, ysl REAL);"
            "CREATE TABLE t_jm (sfzh TEXT PRIMARY KEY, xm TEXT, fwdz TEXT);"
        )
        for place, block in enumerate(_BLOCKS):
            for number in range(_HOMES):
                home = f"松江区{block[:2]}路{10 + place}弄{number // 6 + 1}号{number % 6 + 1}01室"
                crowded = draw.random() < 0.06
                kind = draw.choice(("住宅", "住宅", "住宅", "商铺"))
                water = draw.uniform(45, 90) if crowded else draw.uniform(3, 28)
                database.execute(
                    "INSERT INTO t_fw VALUES (?,?,?,?)", (home, block, kind, round(draw.uniform(40, 140), 1))
                )
                database.execute("INSERT INTO t_ysl VALUES (?,?,?)", (home, "2026-10", round(water, 1)))
                for _ in range(draw.randint(0, 1) if crowded else draw.randint(1, 4)):
                    person = people.person()
                    database.execute("INSERT INTO t_jm VALUES (?,?,?)", (person.id_number, person.name, home))
    database.close()


PURPOSE = """\
schema: hushu.purpose/1
id: group-renting
title: 发现疑似群租的小区
matter: 群租整治
provider: 供水企业、公安派出所（合成）
recipient: 镇城运中心（合成）
use: share
basis: 政务数据共享条例第二十一条
scenario: 用水量、房屋类型与登记人数联合比对，按小区给出疑似户数
scope: 全镇住宅
mode: 服务接口
until: 2027-12-31
tables: [t_fw, t_ysl, t_jm]
items:
  - {item: t_fw.fwdz, grain: count, why: 只用于关联}
  - {item: t_fw.xqmc, grain: exact, why: 按小区汇总}
  - {item: t_fw.fwlx, grain: exact, why: 只看住宅}
  - {item: t_ysl.fwdz, grain: count, why: 只用于关联}
  - {item: t_ysl.ysl, grain: band, why: 判断用水异常}
  - {item: t_jm.fwdz, grain: count, why: 只用于关联}
privacy:
  k: 5
"""

SCENARIO = Scenario(
    id="renting",
    zh="群租：用水量 × 房屋类型 × 登记人数，只出小区计数",
    en="Group renting: water × house type × registered residents, counts by estate only",
    build=build,
    purpose=PURPOSE,
)
