"""The algorithm goes to the data: hostile queries get nothing, honest ones what the database itself says."""

from __future__ import annotations

import random
import sqlite3

import pytest

from hushu.anonymize.query import query
from hushu.anonymize.query.differences import unsafe
from hushu.errors import QueryRefused
from hushu.model import Column, Finding, Inventory, Purpose, PurposeItem, Table

BLOCKS = ("A", "B", "C", "D")
TYPES = {
    "resident": {
        "rid": None, "name": "PERSON", "idno": "CN_RESIDENT_ID", "phone": "PHONE_NUMBER", "age": "AGE", "gender": "GENDER",
        "block": "REGION", "addr": "ADDRESS", "birth": "BIRTH_DATE", "diag": "DIAGNOSIS", "income": "INCOME",
        "remark": "FREE_TEXT", "status": None,
    },
    "usage": {"addr": "ADDRESS", "water": "UTILITY_USAGE", "power": "UTILITY_USAGE", "month": None},
    "house": {"addr": "ADDRESS", "kind": None, "block": "REGION"},
    "district": {"block": "REGION", "title": None},
}  # fmt: skip


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    draw = random.Random(7)
    path = tmp_path_factory.mktemp("town") / "town.sqlite"
    database = sqlite3.connect(path)
    database.executescript(
        "CREATE TABLE resident (rid INTEGER PRIMARY KEY, name, idno, phone, age INT, gender, block, addr, birth, diag, income REAL, remark, status);"
        "CREATE TABLE usage (addr, water REAL, power REAL, month);"
        "CREATE TABLE house (addr PRIMARY KEY, kind, block);"
        "CREATE TABLE district (block, title);"
    )
    for number in range(1200):
        block = BLOCKS[number % 4]
        addr = f"{block}-{number // 4 % 250}"
        age = draw.randint(1, 90)
        database.execute(
            "INSERT INTO resident VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (number, f"n{number}", f"id{number}", f"p{number}", age, draw.choice("MF"), block, addr, f"{2026 - age}-01-01",
             draw.choice(["flu", "none", "none", "diabetes"]), draw.uniform(3000, 9000), "", draw.choice(["yes", "no"])),
        )  # fmt: skip
    database.execute(
        "INSERT INTO resident VALUES (5000,'n5000','id5000','p5000',99,'M','A','A-1','1927-01-01','rare',1e7,'','yes')"
    )
    for block in BLOCKS:
        database.execute("INSERT INTO district VALUES (?,?)", (block, f"title {block}"))
        for number in range(250):
            addr = f"{block}-{number}"
            database.execute(
                "INSERT INTO house VALUES (?,?,?)", (addr, draw.choice(["flat", "flat", "villa"]), block)
            )
            database.execute(
                "INSERT INTO usage VALUES (?,?,?,?)",
                (addr, draw.uniform(2, 60), draw.uniform(50, 900), "2026-10"),
            )
    database.commit()
    database.close()
    return path


@pytest.fixture(scope="module")
def inventory(town):
    tables = []
    with sqlite3.connect(town) as database:
        for name, types in TYPES.items():
            (rows,) = database.execute(f"SELECT count(*) FROM {name}").fetchone()
            columns = []
            for column, kind in types.items():
                (distinct,) = database.execute(f"SELECT count(DISTINCT {column}) FROM {name}").fetchone()
                columns.append(Column(name=column, finding=Finding(type=kind, distinct=distinct)))
            tables.append(Table(name=name, rows=rows, examined=rows, columns=tuple(columns)))
    return Inventory(tables=tuple(tables))


def purpose(**privacy):
    granted = [
        "resident.name", "resident.idno", "resident.age", "resident.gender", "resident.block", "resident.addr",
        "resident.birth", "resident.diag", "resident.income", "resident.remark", "resident.status", "resident.rid",
        "usage.addr", "usage.water", "usage.power", "usage.month", "house.addr", "house.kind", "house.block",
        "district.block", "district.title",
    ]  # fmt: skip
    items = tuple(
        PurposeItem(item=item, grain="exact" if item.startswith("house") else "count") for item in granted
    )
    return Purpose(
        id="p", title="t", matter="m", provider="a", recipient="b", basis="x", scenario="s", scope="all", mode="服务接口",
        until="2027-01-01", items=items, privacy={"k": 5, **privacy},
    )  # fmt: skip


HOSTILE = [
    "SELECT * FROM resident",
    "SELECT name FROM resident",
    "SELECT name, idno FROM resident WHERE age = 99",
    "SELECT phone FROM resident",
    "SELECT count(*) FROM resident WHERE phone = 'p1'",
    "SELECT max(income) FROM resident",
    "SELECT min(age) FROM resident",
    "SELECT block, max(age) FROM resident GROUP BY block",
    "SELECT block, max(income) + 0 FROM resident GROUP BY block",
    "SELECT count(*) FROM resident WHERE name = 'n5'",
    "SELECT count(*) FROM resident WHERE name LIKE 'n5%'",
    "SELECT count(*) FROM resident WHERE lower(name) = 'n5'",
    "SELECT count(*) FROM resident WHERE substr(idno, 1, 3) = 'id5'",
    "SELECT count(*) FROM resident WHERE name IN ('n5', 'n6')",
    "SELECT count(*) FROM resident WHERE name BETWEEN 'n5' AND 'n6'",
    "SELECT count(*) FROM resident WHERE (name, age) = ('n5', 3)",
    "SELECT count(*) FROM resident WHERE name || '' = 'n5'",
    "SELECT count(*) FROM resident WHERE CASE WHEN name = 'n5' THEN 1 ELSE 0 END = 1",
    "SELECT sum(CASE WHEN name = 'n5' THEN income END) FROM resident",
    "SELECT count(*) FILTER (WHERE name = 'n5') FROM resident",
    "SELECT name, count(*) FROM resident GROUP BY name",
    "SELECT substr(name, 1, 1), count(*) FROM resident GROUP BY 1",
    "SELECT addr, count(*) FROM resident GROUP BY addr",
    "SELECT count(*) FROM resident ORDER BY max(name)",
    "SELECT block, count(*) FROM resident GROUP BY block ORDER BY min(name)",
    "SELECT block, count(*) FROM resident GROUP BY block HAVING max(age) > 98",
    "SELECT block, count(*) FROM resident GROUP BY block HAVING sum(CASE WHEN age = 99 THEN 1 ELSE 0 END) > 0",
    "SELECT block, count(*) FROM resident GROUP BY block ORDER BY sum(CASE WHEN age = 99 THEN 1 END)",
    "SELECT name FROM resident UNION SELECT idno FROM resident",
    "SELECT block, count(*) FROM resident GROUP BY block UNION ALL SELECT name, 1 FROM resident",
    "SELECT count(*) OVER (PARTITION BY block) FROM resident",
    "SELECT row_number() OVER (ORDER BY age) FROM resident",
    "SELECT group_concat(name) FROM resident",
    "SELECT json_group_array(idno) FROM resident",
    "SELECT hex(name), count(*) FROM resident GROUP BY 1",
    "SELECT (SELECT name FROM resident LIMIT 1), count(*) FROM resident",
    "SELECT (SELECT max(income) FROM resident), count(*) FROM resident",
    "SELECT block, count(*) FROM (SELECT * FROM resident ORDER BY age DESC LIMIT 1) GROUP BY block",
    "SELECT m, count(*) FROM (SELECT max(name) AS m FROM resident) GROUP BY m",
    "SELECT count(*) FROM (SELECT 'n5' AS n) t JOIN resident r ON r.name = t.n",
    "SELECT count(*) FROM (SELECT CASE WHEN age > 0 THEN 'n5' END AS n FROM resident) t JOIN resident r ON r.name = t.n",
    "WITH x AS (SELECT name FROM resident WHERE age = 99) SELECT name FROM x",
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 9) SELECT count(*) FROM t",
    "SELECT count(*) FROM resident, usage",
    "SELECT count(*) FROM resident CROSS JOIN usage",
    "SELECT count(*) FROM district d LEFT JOIN resident r ON r.age = 99",
    "SELECT count(*) FROM resident WHERE EXISTS (SELECT 1 FROM resident x WHERE x.age = 99)",
    "SELECT count(*) FROM resident WHERE block IN (SELECT block FROM resident WHERE age = 99)",
    "SELECT count(*) FROM resident WHERE 99 = (SELECT max(age) FROM resident)",
    "SELECT count(*) FROM resident WHERE 1 = (SELECT count(*) FROM resident WHERE age = 99)",
    "SELECT sum(age * age) FROM resident",
    "SELECT avg(power(age, 3)) FROM resident",
    "SELECT sum(1 / (age - 99)) FROM resident",
    "SELECT count(*) FROM resident WHERE 1 / (age - 99) > 0",
    "SELECT block, count(*) FROM resident GROUP BY ROLLUP(block)",
    "SELECT count(*) FROM sqlite_master",
    "SELECT count(*) FROM pragma_table_info('resident')",
    "SELECT load_extension('x')",
    "SELECT readfile('/etc/passwd')",
    "SELECT randomblob(1000000000), count(*) FROM resident",
    "INSERT INTO resident (rid) VALUES (9)",
    "UPDATE resident SET name = 'x'",
    "DELETE FROM resident",
    "DROP TABLE resident",
    "CREATE TABLE copy AS SELECT * FROM resident",
    "ATTACH DATABASE '/tmp/x' AS x",
    "PRAGMA table_info(resident)",
    "SELECT count(*) FROM resident; DROP TABLE resident",
    "VACUUM",
    "EXPLAIN SELECT 1",
    "SELECT 1",
    "SELECT 'n5'",
    "SELECT remark, count(*) FROM resident GROUP BY remark",
    "SELECT count(*) FROM resident WHERE remark LIKE '%HIV%'",
    "SELECT count(*) FROM no_such_table",
    "SELECT no_such_column, count(*) FROM resident GROUP BY 1",
    "SELECT count(* FROM resident",
    "SELECT block, count(*) FROM resident GROUP BY block LIMIT 1 OFFSET 2",
    "",
]  # fmt: skip

HONEST = [
    "SELECT count(*) FROM resident",
    "SELECT block, count(*) FROM resident GROUP BY block ORDER BY block",
    "SELECT block, gender, count(*) AS n FROM resident GROUP BY block, gender ORDER BY block, gender",
    "SELECT block, avg(age) FROM resident WHERE age < 99 GROUP BY block ORDER BY block",
    "SELECT block, round(avg(income), 1) FROM resident WHERE age < 99 GROUP BY block ORDER BY block",
    "SELECT CASE WHEN age < 18 THEN 'minor' WHEN age < 60 THEN 'adult' ELSE 'old' END AS band, count(*) FROM resident GROUP BY band ORDER BY band",
    "SELECT gender, count(*) FROM resident WHERE age BETWEEN 20 AND 60 GROUP BY gender ORDER BY gender",
    "SELECT diag, count(*) FROM resident WHERE age < 99 GROUP BY diag ORDER BY count(*) DESC",
    "SELECT block, sum(CASE WHEN age >= 60 THEN 1 ELSE 0 END) FROM resident GROUP BY block ORDER BY block",
    "SELECT block, count(*) FILTER (WHERE status = 'yes') FROM resident GROUP BY block ORDER BY block",
    "SELECT count(DISTINCT addr) FROM resident",
    "SELECT substr(birth, 1, 3) AS decade, count(*) FROM resident WHERE age BETWEEN 10 AND 80 GROUP BY decade HAVING count(*) >= 5 ORDER BY decade",
    "SELECT d.title, count(*) FROM resident r JOIN district d ON d.block = r.block GROUP BY d.title ORDER BY d.title",
    "SELECT h.kind, avg(u.water) FROM house h JOIN usage u ON u.addr = h.addr GROUP BY h.kind ORDER BY h.kind",
    "SELECT r.block, count(*) FROM resident r JOIN usage u ON u.addr = r.addr WHERE u.power > 500 GROUP BY r.block ORDER BY r.block",
    "SELECT r.block, count(*) FROM resident r WHERE EXISTS (SELECT 1 FROM usage u WHERE u.addr = r.addr AND u.water > 30) GROUP BY r.block ORDER BY r.block",
    "SELECT avg(n) FROM (SELECT addr, count(*) AS n FROM resident GROUP BY addr) t",
    "WITH c AS (SELECT addr, count(*) AS n FROM resident GROUP BY addr) SELECT n, count(*) FROM c GROUP BY n HAVING count(*) >= 5 ORDER BY n",
    "SELECT count(*) FROM usage WHERE water > (SELECT avg(water) FROM usage)",
    "SELECT block, round(100.0 * count(*) / (SELECT count(*) FROM resident), 1) FROM resident GROUP BY block ORDER BY block",
    # Group renting: much water, a flat, few registered residents; as counts by block.
    "SELECT h.block, count(*) FROM house h JOIN usage u ON u.addr = h.addr "
    "LEFT JOIN (SELECT addr, count(*) AS n FROM resident GROUP BY addr) r ON r.addr = h.addr "
    "WHERE h.kind = 'flat' AND u.water > 30 AND coalesce(r.n, 0) < 5 GROUP BY h.block ORDER BY h.block",
]  # fmt: skip


@pytest.mark.parametrize("sql", HOSTILE)
def test_hostile_queries_are_refused(town, inventory, sql):
    with pytest.raises(QueryRefused) as refusal:
        query(str(town), sql, purpose(), inventory=inventory)
    assert refusal.value.code.startswith("HS-E60")
    assert "n5000" not in str(refusal.value)


@pytest.mark.parametrize("sql", HONEST)
def test_honest_queries_are_answered_as_the_database_would(town, inventory, sql):
    answer = query(str(town), sql, purpose(), inventory=inventory)
    with sqlite3.connect(town) as database:
        expected = [tuple(row) for row in database.execute(sql)]
    assert len(answer.rows) == len(expected)
    assert answer.groups_withheld == 0
    for got, want in zip(answer.rows, expected, strict=True):
        assert got == pytest.approx(want) if all(isinstance(v, int | float) for v in want) else got == want


def test_small_groups_are_withheld(town, inventory):
    answer = query(
        str(town), "SELECT age, count(*) FROM resident GROUP BY age", purpose(), inventory=inventory
    )
    assert 99 not in [row[0] for row in answer.rows]
    assert all(row[1] >= 5 for row in answer.rows)


def test_a_filter_that_leaves_one_person_answers_nothing(town, inventory):
    answer = query(
        str(town), "SELECT count(*), avg(income) FROM resident WHERE age = 99", purpose(), inventory=inventory
    )
    assert answer.rows == ()


def test_a_join_cannot_inflate_one_person_into_a_group(town, inventory):
    sql = "SELECT count(*) FROM resident r JOIN resident x ON x.block = r.block WHERE r.age = 99"
    with pytest.raises(QueryRefused, match="HS-E602"):
        query(str(town), sql, purpose(), inventory=inventory)


def test_a_condition_inside_an_aggregate_needs_its_own_group_and_complement(town, inventory):
    few = "SELECT sum(CASE WHEN age = 99 THEN 1 ELSE 0 END), count(*) FROM resident"
    assert query(str(town), few, purpose(), inventory=inventory).rows[0][0] is None
    many = "SELECT sum(CASE WHEN age < 99 THEN 1 ELSE 0 END), count(*) FROM resident"
    assert query(str(town), many, purpose(), inventory=inventory).rows[0][0] is None


def test_one_person_may_not_dominate_a_sum(town, inventory):
    sql = "SELECT block, sum(income) FROM resident GROUP BY block"
    by_block = dict(query(str(town), sql, purpose(), inventory=inventory).rows)
    assert by_block["A"] is None
    assert by_block["B"] is not None


def test_a_list_goes_only_to_the_purpose_that_may_have_it(town, inventory):
    sql = "SELECT h.addr FROM house h WHERE h.kind = 'villa' AND h.block = 'A'"
    with pytest.raises(QueryRefused):
        query(str(town), sql, purpose(), inventory=inventory)
    assert len(query(str(town), sql, purpose(answers="list"), inventory=inventory).rows) > 10


def test_a_column_that_the_purpose_does_not_name_is_refused(town, inventory):
    with pytest.raises(QueryRefused, match="does not name"):
        query(str(town), "SELECT count(phone) FROM resident", purpose(), inventory=inventory)


def test_differences_between_answers_are_withheld(town, inventory, tmp_path):
    ledger = tmp_path / "ledger.jsonl"
    everyone = query(
        str(town), "SELECT count(*) FROM resident", purpose(), inventory=inventory, ledger=ledger
    )
    assert everyone.rows == ((1201,),)
    without = query(
        str(town),
        "SELECT count(*) FROM resident WHERE age <> 99",
        purpose(),
        inventory=inventory,
        ledger=ledger,
    )
    assert without.rows == ()
    again = query(str(town), "SELECT count(*) FROM resident", purpose(), inventory=inventory, ledger=ledger)
    assert again.rows == everyone.rows


def test_parts_of_a_whole_cannot_be_subtracted(town, inventory, tmp_path):
    ledger = tmp_path / "ledger.jsonl"
    query(
        str(town),
        "SELECT block, count(*) FROM resident GROUP BY block",
        purpose(),
        inventory=inventory,
        ledger=ledger,
    )
    sql = "SELECT block, CASE WHEN age < 90 THEN 'young' ELSE 'old' END AS a, count(*) FROM resident GROUP BY block, a"
    parts = query(str(town), sql, purpose(), inventory=inventory, ledger=ledger)
    totals: dict[str, int] = {}
    for block, _, count in parts.rows:
        totals[block] = totals.get(block, 0) + count
    with sqlite3.connect(town) as database:
        whole = dict(database.execute("SELECT block, count(*) FROM resident GROUP BY block"))
    assert all(whole[block] - total == 0 or whole[block] - total >= 5 for block, total in totals.items())


def test_unsafe_finds_nested_sets():
    people = frozenset(str(n) for n in range(30))
    assert unsafe({"x": people - {"1", "2"}}, [{"all": people}], 5) == {"x"}
    assert unsafe({"x": frozenset(list(people)[:15])}, [{"all": people}], 5) == frozenset()


def test_files_answer_too(tmp_path):
    lines = ["area,age"] + [f"{'N' if n % 2 else 'S'},{n % 70}" for n in range(200)]
    (tmp_path / "people.csv").write_text("\n".join(lines))
    known = Inventory(
        tables=(
            Table(
                name="people", rows=200, examined=200,
                columns=(Column(name="area", finding=Finding(type="REGION")), Column(name="age", finding=Finding(type="AGE"))),
            ),
        )
    )  # fmt: skip
    wanted = Purpose(
        id="p", title="t", matter="m", provider="a", recipient="b", basis="x", scenario="s", scope="all", mode="服务接口",
        until="2027-01-01", items=(PurposeItem(item="people.area"), PurposeItem(item="people.age")), privacy={},
    )  # fmt: skip
    answer = query(
        str(tmp_path / "people.csv"),
        "SELECT area, count(*) FROM people GROUP BY area",
        wanted,
        inventory=known,
    )
    assert sorted(answer.rows) == [("N", 100), ("S", 100)]
