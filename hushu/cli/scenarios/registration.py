"""洞动查: a town registers its residents and asks the police registry who is registered."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from pathlib import Path

from hushu.cli.scenarios import Scenario
from hushu.cli.scenarios.people import People, Person

_RESIDENTS = 3000
_COMMITTEES = ("青石居委会", "临溪居委会", "望春居委会", "西泾村村委会", "百禾居委会", "新庙村村委会")
_ROADS = ("青石路", "临溪路", "望春路", "西泾路", "百禾路", "新庙路")
_NATIONS = ("汉族",) * 46 + ("回族", "满族", "土家族", "壮族")
_DEGREES = ("小学", "初中", "高中", "中专", "大专", "大学本科", "硕士研究生")
_MARRIAGE = ("未婚", "已婚", "已婚", "离异", "丧偶")
_WORK = ("操作工", "驾驶员", "教师", "个体经营", "退休", "保安", "程序员", "护士", "在校学生", "待业")
_STATUS = ("已登记",) * 8 + ("未登记", "已注销")
_RELATION = ("户主", "配偶", "子", "女", "父亲", "母亲", "租客")

_PLAIN_REMARKS = (
    "门口堆物已清理，消防通道畅通。",
    "本次走访无人在家，已张贴告知单，下周再访。",
    "楼道照明损坏，已报物业维修，预计三日内修复。",
    "住户反映垃圾分类点异味较大，已转市容部门。",
    "该户电瓶车在楼内充电，已劝阻并宣传。",
    "马上进入汛期，已提醒低层住户做好防汛准备。",
    "外墙瓷砖有松动，陈旧管线待更换，已列入计划。",
    "燃气软管已到期，方便时请燃气公司上门更换。",
)
_PERSONAL_REMARKS = (
    "承租人{name}，电话{phone}，身份证{id}，暂住，需补办登记。",
    "与房东{name}（手机 {phone}）核实，同意配合登记。",
    "{name}患高血压，行动不便，由其女代办，联系{phone}。",
    "现住人员{name}，证件号{id}，系新搬入，原住{road}12弄3号201室。",
    "邻居反映{name}长期未居住，钥匙由{phone}机主保管。",
)
# The town's camera register as its statistics table has it: type and count; the rest is synthetic.
_CAMERAS = (
    ("雪亮工程", 943),
    ("智能安防", 1314),
    ("道路监控补盲", 460),
    ("治安探头", 401),
    ("微卡口", 180),
    ("交通探头", 10),
)

_SCHEMA = """
CREATE TABLE t_jmxx (rybh INTEGER PRIMARY KEY, xm TEXT, sfzh TEXT, xb TEXT, mz TEXT, csrq TEXT, lxdh TEXT,
  xzdz TEXT, szjw TEXT, hh TEXT, yhzgx TEXT, whcd TEXT, hyzk TEXT, zy TEXT, djzt TEXT, djrq TEXT);
CREATE TABLE t_hxx (hh TEXT PRIMARY KEY, fwdz TEXT, fwxz TEXT, rks INTEGER, fdxm TEXT, fdlxdh TEXT);
CREATE TABLE t_qrqc (id INTEGER PRIMARY KEY, sfzh TEXT, xm TEXT, qylx TEXT, qydz TEXT, qyrq TEXT);
CREATE TABLE t_zfjl (id INTEGER PRIMARY KEY, hh TEXT, zfrq TEXT, wgybh TEXT, bz TEXT);
CREATE TABLE t_dwdk (id INTEGER PRIMARY KEY, wgybh TEXT, dksj TEXT, jd REAL, wd REAL);
CREATE TABLE t_tantou_tj (lx TEXT, sl INTEGER, zj_wy REAL, qsdw TEXT, wl TEXT, ywdw TEXT);
"""


def build(path: Path) -> None:
    """Write the town's database: residents, households, moves, visits, check-ins, camera statistics."""
    people = People(20261121)
    with sqlite3.connect(path) as database:
        database.executescript(_SCHEMA)
        residents = [people.person() for _ in range(_RESIDENTS)]
        _write_residents(database, people, residents)
        _write_households(database, people, residents)
        _write_moves(database, people, residents)
        _write_visits(database, people, residents)
        _write_checkins(database, people)
        _write_cameras(database, people)
    database.close()


def _address(people: People, household: int) -> str:
    place = household % len(_ROADS)
    return f"洞泾镇{_ROADS[place]}{20 + household % 480}弄{1 + household % 37}号{101 + household % 5 * 100}室"


def _write_residents(database: sqlite3.Connection, people: People, residents: list[Person]) -> None:
    draw = people.random
    rows = []
    for number, person in enumerate(residents, 1):
        household = number // 3
        registered = date(2019, 1, 1) + timedelta(days=draw.randint(0, 2500))
        rows.append(
            (number, person.name, person.id_number, person.gender, draw.choice(_NATIONS), f"{person.birth:%Y-%m-%d}",
             person.phone, _address(people, household), _COMMITTEES[household % len(_COMMITTEES)],
             f"H{household:06d}", draw.choice(_RELATION), draw.choice(_DEGREES), draw.choice(_MARRIAGE),
             draw.choice(_WORK), draw.choice(_STATUS), f"{registered:%Y-%m-%d}")
        )  # fmt: skip
    database.executemany(f"INSERT INTO t_jmxx VALUES ({','.join('?' * 16)})", rows)


def _write_households(database: sqlite3.Connection, people: People, residents: list[Person]) -> None:
    draw = people.random
    rows = []
    for household in range(len(residents) // 3 + 1):
        owner = people.person()
        rows.append(
            (f"H{household:06d}", _address(people, household), draw.choice(("自住", "自住", "出租", "空置")),
             draw.randint(1, 6), owner.name, owner.phone)
        )  # fmt: skip
    database.executemany("INSERT INTO t_hxx VALUES (?,?,?,?,?,?)", rows)


def _write_moves(database: sqlite3.Connection, people: People, residents: list[Person]) -> None:
    draw = people.random
    rows = [
        (number, person.id_number, person.name, draw.choice(("迁入", "迁出")), _address(people, draw.randint(0, 999)),
         f"{date(2020, 1, 1) + timedelta(days=draw.randint(0, 2300)):%Y-%m-%d}")
        for number, person in enumerate(draw.sample(residents, 600), 1)
    ]  # fmt: skip
    database.executemany("INSERT INTO t_qrqc VALUES (?,?,?,?,?,?)", rows)


def _write_visits(database: sqlite3.Connection, people: People, residents: list[Person]) -> None:
    draw = people.random
    rows = []
    for number in range(1, 1501):
        household = draw.randint(0, 999)
        remark = draw.choice(_PLAIN_REMARKS)
        if number % 10 == 0:
            person = draw.choice(residents)
            remark = draw.choice(_PERSONAL_REMARKS).format(
                name=person.name, phone=person.phone, id=person.id_number, road=draw.choice(_ROADS)
            )
        day = date(2026, 1, 1) + timedelta(days=draw.randint(0, 300))
        rows.append((number, f"H{household:06d}", f"{day:%Y-%m-%d}", f"WG{draw.randint(1, 40):03d}", remark))
    database.executemany("INSERT INTO t_zfjl VALUES (?,?,?,?,?)", rows)


def _write_checkins(database: sqlite3.Connection, people: People) -> None:
    draw = people.random
    rows = [
        (number, f"WG{draw.randint(1, 40):03d}",
         f"2026-{draw.randint(1, 10):02d}-{draw.randint(1, 28):02d} {draw.randint(8, 18):02d}:{draw.randint(0, 59):02d}:00",
         round(121.25 + draw.random() * 0.04, 6), round(31.07 + draw.random() * 0.03, 6))
        for number in range(1, 4001)
    ]  # fmt: skip
    database.executemany("INSERT INTO t_dwdk VALUES (?,?,?,?,?)", rows)


def _write_cameras(database: sqlite3.Connection, people: People) -> None:
    owners = ("镇平安办", "派出所", "镇城运中心", "派出所", "派出所", "交警支队")
    networks = ("政务外网", "视频专网", "视频专网", "公安网", "公安网", "公安网")
    rows = [
        (
            kind,
            count,
            round(count * 0.82 + index * 3.5, 2),
            owners[index],
            networks[index],
            f"运维单位{index + 1}",
        )
        for index, (kind, count) in enumerate(_CAMERAS)
    ]
    database.executemany("INSERT INTO t_tantou_tj VALUES (?,?,?,?,?,?)", rows)


PURPOSE = """\
# 用途（一事一清单）: 政务数据共享条例 第二十条 要求的五项申请内容，加上需要的数据项及其最粗粒度。
schema: hushu.purpose/1
id: residence-check
title: 核对实际居住人员是否已登记
matter: 实有人口登记（洞动查）
provider: 公安派出所（合成）
recipient: 洞泾镇城运中心（合成）
use: share
basis: 政务数据共享条例第二十一条；镇人民政府实有人口管理职责
scenario: 网格员走访时，核对现住人员是否已办理居住登记
scope: 洞泾镇辖区现住人员
mode: 服务接口
until: 2027-12-31
retention: 比对完成后 30 日内销毁
tables: [t_jmxx]
items:
  - item: t_jmxx.sfzh
    grain: pseudonym
    why: 与镇走访名单在同一密钥下比对，不需要证件号本身
  - item: t_jmxx.djzt
    grain: yes_no
    params: {equals: [已登记]}
    why: 只需知道是否已登记
  - item: t_jmxx.szjw
    grain: exact
    why: 派单到居村
  - item: t_jmxx.djrq
    grain: year
    why: 判断登记是否在有效期内
privacy:
  k: 5
  model: controlled
  quasi_identifiers: [szjw, djrq]
"""

SCENARIO = Scenario(
    id="registration",
    zh="洞动查：镇里核对现住人员是否已登记",
    en="A town checks that the people living there are registered",
    build=build,
    purpose=PURPOSE,
)
