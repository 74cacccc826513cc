"""Queries of people who want one person's data, and of people who want statistics."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest
import yaml

import hushu
from hushu.anonymize.query import lineage, protections, rules
from hushu.anonymize.query.differences import unsafe
from hushu.cli.scenarios.people import People
from hushu.errors import ConfigError, QueryRefused
from hushu.rules.purposes import parse_purpose

CASES = yaml.safe_load((Path(__file__).parent / "queries.yaml").read_text("utf-8"))
TABLES = {
    "t_person": {"sfzh": "count", "xm": "count", "nl": "band", "xb": "exact", "block": "exact", "gz": "band",
                 "jbmc": "count", "djrq": "month"},
    "t_visit": {"sfzh": "count", "ks": "exact", "rq": "month", "fy": "band"},
    "t_block": {"code": "exact", "street": "exact", "area": "exact"},
    "t_misc": {"k": "exact", "v": "exact", "c": "exact", "d": "exact"},
}  # fmt: skip
PURPOSE = {
    "id": "suite", "title": "统计", "matter": "统计", "provider": "甲", "recipient": "乙", "basis": "依据",
    "scenario": "统计", "scope": "全镇", "mode": "服务接口", "until": "2027-12-31", "privacy": {"k": 5},
    "items": [{"item": f"{t}.{c}", "grain": g} for t, columns in TABLES.items() for c, g in columns.items()],
}  # fmt: skip


def purpose(**privacy):
    return parse_purpose(yaml.safe_dump({**PURPOSE, "privacy": {"k": 5, **privacy}}, allow_unicode=True))


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """400 persons; one, in B03, is 97, earns 987,654.32 and has a disease that nobody else has."""
    path = tmp_path_factory.mktemp("suite") / "town.sqlite"
    draw, people = random.Random(7), People(3)
    blocks = [f"B{i:02d}" for i in range(12)]
    with sqlite3.connect(path) as db:
        db.executescript(
            "CREATE TABLE t_person (sfzh TEXT PRIMARY KEY, xm TEXT, nl INTEGER, xb TEXT, block TEXT, gz REAL,"
            " jbmc TEXT, djrq TEXT);"
            "CREATE TABLE t_visit (id INTEGER PRIMARY KEY, sfzh TEXT, ks TEXT, rq TEXT, fy REAL);"
            "CREATE TABLE t_block (code TEXT PRIMARY KEY, street TEXT, area REAL);"
            "CREATE TABLE t_misc (k INTEGER PRIMARY KEY, v REAL, c TEXT, d TEXT);"
        )
        db.executemany(
            "INSERT INTO t_block VALUES (?,?,?)",
            [(b, f"街道{i // 4}", 10.0 + i) for i, b in enumerate(blocks)],
        )
        ids = []
        for i in range(400):
            person = people.person()
            ids.append(person.id_number)
            row = [draw.randint(18, 80), round(draw.uniform(3000, 15000), 2)]
            row += [draw.choice(["高血压", "糖尿病", "无", "无", "无", "流感"])]
            row += [draw.choice(blocks[:10]) if i > 3 else "B11"]
            age, pay, ill, block = [97, 987654.32, "艾滋病", "B03"] if i == 100 else row
            day = f"20{draw.randint(10, 26):02d}-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}"
            db.execute(
                "INSERT INTO t_person VALUES (?,?,?,?,?,?,?,?)",
                (person.id_number, person.name, age, person.gender, block, pay, ill, day),
            )
            rare = "rare" if i == 100 else "common"
            db.execute("INSERT INTO t_misc VALUES (?,?,?,?)", (i, pay, f"c{i % 7}", rare))
        for n in range(1500):
            kind = draw.choice(["内科", "外科", "儿科", "精神科"]) if n else "罕见科"
            day = f"2026-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}"
            visit = (n, draw.choice(ids), kind, day, round(draw.uniform(10, 500), 2))
            db.execute("INSERT INTO t_visit VALUES (?,?,?,?,?)", visit)
    db.close()
    return str(path), hushu.scan(str(path))


def ask(town, sql, ledger=None, **privacy):
    path, inventory = town
    return hushu.query(path, sql, purpose(**privacy), ledger=ledger, inventory=inventory)


def tells_nothing(answer) -> bool:
    return all(value is None for row in answer.rows for value in row)


@pytest.mark.parametrize("sql", CASES["refused"])
def test_refused(town, sql):
    with pytest.raises(QueryRefused) as refusal:
        ask(town, sql)
    assert "987654" not in str(refusal.value)
    assert "艾滋病" not in str(refusal.value)


@pytest.mark.parametrize("sql", CASES["nothing"])
def test_answered_with_nothing(town, sql):
    answer = ask(town, sql)
    assert tells_nothing(answer)
    assert answer.to_dict()["rows"] == [[None] * len(answer.columns)] * len(answer.rows)


@pytest.mark.parametrize("sequence", CASES["sequences"], ids=lambda s: s[-1][:60])
def test_the_last_of_a_sequence_tells_nothing(town, tmp_path, sequence):
    ledger = tmp_path / "ledger.jsonl"
    *first, last = sequence
    for sql in first:
        ask(town, sql, ledger)
    try:
        answer = ask(town, last, ledger)
    except QueryRefused:
        return
    before = sum(value is not None for row in ask(town, last).rows for value in row)
    assert sum(value is not None for row in answer.rows for value in row) < before or tells_nothing(answer)


@pytest.mark.parametrize("sql", CASES["honest"])
def test_honest(town, sql):
    answer = ask(town, sql)
    with sqlite3.connect(town[0]) as db:
        expected = [tuple(row) for row in db.execute(sql)]
    assert len(answer.rows) == len(expected)
    ordered = "ORDER BY" in sql
    pairs = zip(*(rows if ordered else sorted(rows) for rows in (answer.rows, expected)), strict=True)
    for got, want in pairs:
        assert all(
            g == (pytest.approx(w) if isinstance(w, float) else w) for g, w in zip(got, want, strict=True)
        )


def test_nobody_and_too_few_look_alike(town):
    """Whether somebody of 97 has the disease must not show in what is withheld."""
    sql = "SELECT jbmc, COUNT(*) FROM t_person WHERE nl = 97 AND jbmc = '{}' GROUP BY jbmc"
    one, none = (ask(town, sql.format(ill)).to_dict() for ill in ("艾滋病", "流感"))
    assert one == none


def test_the_same_groups_may_be_asked_again(town, tmp_path):
    ledger = tmp_path / "ledger.jsonl"
    sql = "SELECT block, xb, COUNT(*), AVG(nl) FROM t_person GROUP BY block, xb"
    assert ask(town, sql, ledger).rows == ask(town, sql, ledger).rows


def test_every_table_has_a_minimum_group(town):
    """No column of t_misc was recognised; its rows count as persons all the same."""
    assert not any(column.type for column in town[1]["t_misc"])
    few = "SELECT d, COUNT(*), AVG(v) FROM t_misc WHERE d = 'rare' GROUP BY d"
    assert ask(town, few).rows == ()
    told = ask(town, few, not_persons={"t_misc": "每行是一只水表"})
    assert [row[:2] for row in told.rows] == [("rare", 1)]


@pytest.mark.parametrize(
    ("table", "reason", "code"),
    [
        ("t_person", "每行是一户", "HS-E174"),
        ("t_nothing", "每行是一户", "HS-E174"),
        ("t_misc", " ", "HS-E140"),
    ],
)
def test_a_table_of_persons_cannot_be_declared_away(town, table, reason, code):
    with pytest.raises(ConfigError, match=code):
        ask(town, "SELECT COUNT(*) FROM t_misc", not_persons={table: reason})


def test_many_visits_of_one_person_are_one_person(tmp_path):
    people = People(5)
    path = tmp_path / "visits.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE t_visit (sfzh TEXT, ks TEXT, fy REAL)")
        ids = [people.person().id_number for _ in range(60)]
        rows = [(i, "内科", 10.0) for i in ids] + [(ids[0], "罕见科", 900.0 + n) for n in range(20)]
        db.executemany("INSERT INTO t_visit VALUES (?,?,?)", rows)
    db.close()
    asked = parse_purpose(yaml.safe_dump(PURPOSE, allow_unicode=True))
    answer = hushu.query(str(path), "SELECT ks, COUNT(*), AVG(fy) FROM t_visit GROUP BY ks", asked)
    assert [row[0] for row in answer.rows] == ["内科"]


DIALECTS = [
    ("postgres", "SELECT array_agg(nl) FROM t_person"),
    ("postgres", "SELECT string_agg(xm, ',') FROM t_person"),
    ("postgres", "SELECT json_agg(t_person) FROM t_person"),
    ("postgres", "SELECT DISTINCT ON (block) block, gz FROM t_person ORDER BY block, gz DESC"),
    ("postgres", "SELECT percentile_disc(1.0) WITHIN GROUP (ORDER BY gz) FROM t_person"),
    ("postgres", "SELECT mode() WITHIN GROUP (ORDER BY nl) FROM t_person"),
    ("postgres", "SELECT count(*) FROM t_person p, LATERAL (SELECT 1 FROM t_person q WHERE q.nl = 97) x"),
    ("postgres", "SELECT block, count(*) FROM t_person GROUP BY CUBE (block, xb)"),
    ("postgres", "SELECT block, count(*) FROM t_person GROUP BY ROLLUP (block)"),
    ("postgres", "SELECT pg_read_file('/etc/passwd')"),
    ("postgres", "SELECT count(*) FROM t_person WHERE pg_sleep(nl - 96) IS NULL"),
    ("postgres", "SELECT count(*) FROM t_person WHERE xm ~ '^张'"),
    ("postgres", "SELECT count(*) FROM t_person WHERE xm ILIKE '张%'"),
    ("postgres", "SELECT count(*) FROM t_person WHERE xm SIMILAR TO '张%'"),
    ("postgres", "SELECT count(*) FROM t_person TABLESAMPLE SYSTEM (1)"),
    ("postgres", "SELECT (SELECT gz FROM t_person ORDER BY gz DESC LIMIT 1), count(*) FROM t_person"),
    ("postgres", "SELECT count(*) FROM t_person WHERE CASE WHEN nl = 97 THEN 'x'::int ELSE 1 END = 1"),
    ("postgres", "SELECT count(*) FROM t_person FETCH FIRST 1 ROWS ONLY FOR UPDATE"),
    ("postgres", "COPY t_person TO '/tmp/x'"),
    ("postgres", "SELECT query_to_xml('select * from t_person', true, true, '')"),
    ("postgres", "WITH x AS (DELETE FROM t_person RETURNING *) SELECT count(*) FROM x"),
    ("mysql", "SELECT GROUP_CONCAT(gz) FROM t_person"),
    ("mysql", "SELECT JSON_ARRAYAGG(gz) FROM t_person"),
    ("mysql", "SELECT ANY_VALUE(gz), count(*) FROM t_person"),
    ("mysql", "SELECT count(*) FROM t_person WHERE xm REGEXP '^张'"),
    ("mysql", "SELECT count(*), @a := MAX(gz) FROM t_person"),
    ("mysql", "SELECT count(*) FROM t_person WHERE IF(nl = 97, SLEEP(5), 0)"),
    ("mysql", "SELECT LOAD_FILE('/etc/passwd')"),
    ("mysql", "SELECT count(*) FROM t_person INTO OUTFILE '/tmp/x'"),
    ("mysql", "SELECT /*!50000 gz, */ xm FROM t_person"),
    ("mysql", "SELECT EXTRACTVALUE(1, CONCAT(0x7e, (SELECT xm FROM t_person LIMIT 1)))"),
    ("mysql", "SELECT BIT_XOR(CAST(gz AS UNSIGNED)) FROM t_person"),
    ("mysql", "SELECT count(*) FROM t_person PROCEDURE ANALYSE()"),
    ("mysql", "SELECT count(*) FROM information_schema.tables"),
    ("sqlite", "SELECT first_value(gz) OVER (ORDER BY gz DESC) FROM t_person"),
    ("sqlite", "SELECT count(*) FROM t_person WHERE xm GLOB '张*'"),
    ("sqlite", "SELECT iif(nl = 97, gz, 0) FROM t_person"),
    ("sqlite", "SELECT count(*) FROM t_person NATURAL JOIN t_misc"),
    ("sqlite", "SELECT typeof(gz), count(*) FROM t_person GROUP BY typeof(gz)"),
    ("duckdb", "SELECT list(gz) FROM t_person"),
    ("duckdb", "SELECT arg_max(xm, gz) FROM t_person"),
    ("duckdb", "SELECT COLUMNS('.*') FROM t_person"),
    ("duckdb", "SELECT * EXCLUDE (xm) FROM t_person"),
    ("duckdb", "SELECT histogram(nl) FROM t_person"),
    ("duckdb", "FROM t_person"),
    ("duckdb", "SELECT count(*) FROM t_person QUALIFY row_number() OVER () = 1"),
    ("duckdb", "SELECT count(*) FROM read_csv('/etc/passwd')"),
    ("duckdb", "SELECT quantile(gz, 1.0) FROM t_person"),
    ("duckdb", "PIVOT t_person ON block USING max(gz)"),
]


@pytest.mark.parametrize(("dialect", "sql"), DIALECTS, ids=[f"{d} {s[:50]}" for d, s in DIALECTS])
def test_tricks_of_dialects_are_refused(town, dialect, sql):
    columns: lineage.Columns = protections(town[1], purpose())
    with pytest.raises(QueryRefused):
        rules.check(sql, columns, dialect)


def test_three_steps_of_arithmetic_are_seen():
    whole = frozenset("abcdefghijklmnopqrst")
    left, right = frozenset("abcdefghijkl"), frozenset("ghijklmnopqrst")
    known = [{"left": left, "right": right, "both": left & right}]
    assert unsafe({"all but t": whole - {"t"}}, known, 5)
    assert not unsafe({"all": whole}, known, 5)
    # Overlap of two told groups: left + right - whole.
    assert unsafe({"all": whole}, [{"left": left, "most": whole - left | {"a"}}], 5)


def test_a_query_is_compared_with_itself():
    young, younger = frozenset("abcdefgh"), frozenset("abcdefg")
    assert unsafe({"young": young, "younger": younger}, [], 5) == {"younger"}
    parts = {"a": frozenset("abcdefg"), "b": frozenset("hijklmn")}
    assert not unsafe(parts, [], 5)
