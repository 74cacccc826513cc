from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from hushu.errors import InputError, SourceUnreachable
from hushu.io.sampling import EXACT_ROWS
from hushu.io.sources import open_source


@pytest.fixture
def database(tmp_path: Path) -> Path:
    file = tmp_path / "people.sqlite"
    with sqlite3.connect(file) as connection:
        connection.executescript(
            """
            CREATE TABLE household (hid INTEGER PRIMARY KEY, 地址 TEXT);
            CREATE TABLE person (
                id INTEGER PRIMARY KEY, 姓名 TEXT, born DATE, height REAL, mixed INTEGER, photo BLOB,
                hid INTEGER REFERENCES household (hid)
            );
            CREATE TABLE nobody (sfzh TEXT);
            CREATE VIEW grown AS SELECT 姓名, height FROM person;
            INSERT INTO household VALUES (1, '上海市');
            INSERT INTO person VALUES (1, '王五', '9999-12-31', 1.7, 3, x'00ff', 1),
                (2, NULL, NULL, 2, '七', NULL, 1);
            """
        )
    connection.close()
    return file


@pytest.mark.parametrize("as_url", [False, True])
def test_tables_views_keys_and_types(read, database, as_url):
    source = f"sqlite:///{database}" if as_url else database
    tables, missed = read(source)
    assert missed == []
    assert list(tables) == ["household", "nobody", "person", "grown"]
    assert tables["nobody"] == []
    assert tables["person"][0] == {
        "id": 1, "姓名": "王五", "born": "9999-12-31", "height": 1.7, "mixed": "3", "photo": b"\x00\xff",
        "hid": 1,
    }  # fmt: skip
    assert tables["grown"] == [{"姓名": "王五", "height": 1.7}, {"姓名": None, "height": 2.0}]
    person = {t.name: t for t in open_source(source).tables()}["person"]
    columns = {c.name: c for c in person.columns}
    assert columns["id"].primary_key
    assert not columns["姓名"].primary_key
    assert columns["hid"].references == "household.hid"
    assert (person.rows, person.method, person.bound) == (2, "all", "")


def test_a_session_cannot_write(database):
    source = open_source(database)
    with source.reading() as connection, pytest.raises(Exception, match="readonly"):
        connection.exec_driver_sql("DELETE FROM person")
    source.close()
    source.close()


def test_a_large_table_is_sampled_the_same_way_every_time(tmp_path):
    file = tmp_path / "big.db"
    rows = EXACT_ROWS + 50_000
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE t (n INTEGER, 备注 TEXT)")
        connection.executemany("INSERT INTO t VALUES (?, 'x')", ((n,) for n in range(rows)))
    connection.close()

    def numbers(**options):
        table = next(open_source(file, **options).tables())
        return table, [n for batch in table.batches() for n in batch.column(0).to_pylist()]

    table, first = numbers()
    assert numbers(sample=500)[1] == numbers(sample=500)[1]
    assert abs(len(first) - EXACT_ROWS) < 1_000
    assert abs(sum(first) / len(first) - rows / 2) < 0.01 * rows
    assert table.method.startswith(f"sample of {EXACT_ROWS} of {rows} rows")
    assert "%" in table.bound
    assert next(open_source(file, sample="all").tables()).method == "all"
    assert abs(len(numbers(sample=500)[1]) - 500) < 100


def test_a_column_that_raises_is_listed_and_the_others_go_on(read, database):
    with sqlite3.connect(database) as connection:
        connection.executescript(
            """
            CREATE TABLE doc (id INTEGER, body TEXT);
            CREATE VIEW opened AS SELECT id, json_extract(body, '$.a') AS a FROM doc;
            CREATE VIEW gone AS SELECT * FROM doc;
            """
        )
        connection.executemany("INSERT INTO doc VALUES (?, ?)", [(n, '{"a": 1}') for n in range(25_000)])
        connection.execute("UPDATE doc SET body = '{13800138000' WHERE id = 20000")
    connection.close()
    tables, missed = read(database)
    assert [row["id"] for row in tables["opened"]] == list(range(25_000))
    assert tables["opened"][20_000]["a"] is None
    assert [entry.what for entry in missed] == ["opened.a"]
    assert missed[0].why.startswith("HS-E233")
    assert "13800138000" not in str(missed)


def test_a_broken_view_does_not_end_the_scan(read, database):
    with sqlite3.connect(database) as connection:
        connection.executescript(
            "CREATE TABLE x (a); CREATE VIEW v AS SELECT a FROM x; PRAGMA writable_schema = 1;"
        )
        connection.execute("DELETE FROM sqlite_master WHERE name = 'x'")
    connection.close()
    tables, missed = read(database)
    assert "person" in tables
    assert [entry.what for entry in missed] == ["view v"]


def test_bytes_of_another_encoding_in_a_text_column_are_read(read, database):
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE old (姓名 TEXT)")
        connection.execute(
            "INSERT INTO old VALUES (CAST(? AS TEXT)), (?)", ("王五".encode("gb18030"), "李四")
        )
    connection.close()
    tables, missed = read(database)
    assert tables["old"] == [{"姓名": "王五"}, {"姓名": "李四"}]
    assert missed == []


@pytest.mark.parametrize(
    ("damage", "code", "status"),
    [
        (lambda data: b"", "HS-E203", 2),
        (lambda data: b"not a database" * 100, "HS-E232", 2),
        (lambda data: data[:100], "HS-E232", 2),
        (lambda data: data[: len(data) // 2], "HS-E232", 2),
    ],
)
def test_a_damaged_file_is_refused(database, damage, code, status):
    database.write_bytes(damage(database.read_bytes()))
    with pytest.raises(InputError) as caught:
        open_source(database)
    assert (caught.value.code, caught.value.exit_status) == (code, status)


def test_a_table_cut_off_in_its_midst_is_listed_with_how_far_it_was_read(read, tmp_path):
    file = tmp_path / "cut.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE t (备注 TEXT)")
        connection.executemany("INSERT INTO t VALUES (?)", (("字" * 200,) for _ in range(30_000)))
    connection.close()
    data = bytearray(file.read_bytes())
    data[len(data) // 2 : -4096] = b"\xee" * (len(data) - 4096 - len(data) // 2)
    file.write_bytes(bytes(data))
    tables, missed = read(file)
    assert len(missed) >= 1
    assert missed[0].why.startswith("HS-E2")
    assert len(tables.get("t", [])) < 30_000


def test_a_locked_database_is_told(database, monkeypatch):
    writer = sqlite3.connect(database, isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    monkeypatch.setattr("hushu.io.databases.LOCK_SECONDS", 0.1)
    with pytest.raises(SourceUnreachable) as caught:
        open_source(database)
    writer.close()
    assert (caught.value.code, caught.value.exit_status) == ("HS-E292", 4)


def test_a_missing_file_is_unreachable(tmp_path):
    for name in (tmp_path / "no.sqlite", f"sqlite:///{tmp_path}/no.sqlite"):
        with pytest.raises(SourceUnreachable) as caught:
            open_source(name)
        assert (caught.value.code, caught.value.exit_status) == ("HS-E291", 4)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://nobody:geheim@127.0.0.1:1/x?password=geheim",
        "mysql://nobody:geheim@127.0.0.1:1/x",
        "mariadb://nobody:geheim@127.0.0.1:1/x",
    ],
)
def test_a_server_that_does_not_answer_is_told_without_the_password(url):
    with pytest.raises(SourceUnreachable) as caught:
        open_source(url)
    assert (caught.value.code, caught.value.exit_status) == ("HS-E290", 4)
    assert "geheim" not in f"{caught.value} {caught.value.__cause__} {caught.value.where}"


@pytest.mark.parametrize(
    ("url", "code", "hint"),
    [
        ("dm://u:geheim@h:5236/", "HS-E231", "dmSQLAlchemy"),
        ("kingbase+ksycopg2://u:geheim@h/", "HS-E231", "vendor"),
        ("opengauss://u:geheim@h/", "HS-E231", "psycopg2"),
        ("oceanbase://u:geheim@h/", "HS-E231", "mysql://"),
        ("klingon://u:geheim@h/", "HS-E231", "CSV"),
        ("postgresql://u:geheim@h:port/x", "HS-E230", "percent-encode"),
    ],
)
def test_a_url_without_driver_names_what_is_missing(url, code, hint):
    with pytest.raises(InputError) as caught:
        open_source(url)
    assert caught.value.code == code
    assert hint in str(caught.value)
    assert "geheim" not in str(caught.value)


def test_five_hundred_columns_and_strange_names(read, tmp_path):
    file = tmp_path / "wide.db"
    names = [f'字"段\n{n}' for n in range(500)] + ["a:b", "c%d", "e f"]
    columns = ", ".join('"' + name.replace('"', '""') + '" INTEGER' for name in names)
    with sqlite3.connect(file) as connection:
        connection.execute(f'CREATE TABLE "t ""1""; --" ({columns})')
        connection.execute(f'INSERT INTO "t ""1""; --" VALUES ({", ".join("1" for _ in names)})')
    connection.close()
    tables, missed = read(file)
    assert missed == []
    assert tables['t "1"; --'] == [dict.fromkeys(names, 1)]
