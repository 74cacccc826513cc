"""hushu query at the terminal: an answer of which nothing is left says so."""

from __future__ import annotations

import sqlite3

import pytest

from hushu.cli.main import invoke

PURPOSE = """schema: hushu.purpose/1
id: by-block
title: 按居村统计
matter: 实有人口统计
provider: 甲
recipient: 乙
basis: 政务数据共享条例第二十一条
scenario: 统计
scope: 全镇
mode: 服务接口
until: 2027-12-31
items:
  - {item: t_person.block, grain: count, why: 分组}
privacy: {k: 5}
"""


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("town")
    with sqlite3.connect(folder / "town.sqlite") as database:
        database.execute("CREATE TABLE t_person (xm TEXT, lxdh TEXT, block TEXT)")
        rows = [
            (
                f"张{'伟芳娜敏静丽强'[n % 7]}{'明华玲杰涛超'[n // 7]}",
                f"1381234{n:04d}",
                f"B{n // 3 if n < 12 else 9}",
            )
            for n in range(40)
        ]  # four blocks of 3, one of 28
        database.executemany("INSERT INTO t_person VALUES (?,?,?)", rows)
    database.close()
    (folder / "purpose.yaml").write_text(PURPOSE, "utf-8")
    return folder


@pytest.mark.parametrize(
    ("where", "lang", "said"),
    [
        ("< 'B4'", "zh", "没有符合条件的行，或各小组不足 5 人"),
        ("< 'B4'", "en", "fewer than 5 persons stand behind every group"),
        ("> 'B4'", "en", None),
    ],
)
def test_an_empty_answer_says_so(town, capsys, where, lang, said):
    sql = f"SELECT block, count(*) AS n FROM t_person WHERE block {where} GROUP BY block"
    options = ["--purpose", str(town / "purpose.yaml"), "--lang", lang]
    assert invoke(["query", str(town / "town.sqlite"), sql, *options]) == 0
    shown = capsys.readouterr()
    assert shown.out.splitlines() == (["block,n"] if said else ["block,n", "B9,28"])
    assert (said in shown.err) if said else ("empty" not in shown.err)
