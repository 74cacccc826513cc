from __future__ import annotations

import os
from collections.abc import Iterator
from decimal import Decimal

import pytest
import sqlalchemy

from hushu.io.sources import open_source

POSTGRES = os.environ.get("HUSHU_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/test")
MARIADB = os.environ.get("HUSHU_TEST_MARIADB", "mysql://root@127.0.0.1:3306/test")
SPACE = f"hushu_io_{os.getpid()}"


def _connect(url: str) -> sqlalchemy.Engine:
    engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    try:
        engine.connect().close()
    except sqlalchemy.exc.SQLAlchemyError:
        pytest.skip(f"no server answers at {engine.url.host}:{engine.url.port}")
    return engine


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """A schema of its own, dropped at the end; the URL of its database."""
    engine = _connect(POSTGRES.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {SPACE}")
        connection.exec_driver_sql(f"SET search_path = {SPACE}")
        for statement in POSTGRES_SETUP.split(";;"):
            connection.exec_driver_sql(statement)
        yield POSTGRES
        connection.exec_driver_sql(f"DROP SCHEMA {SPACE} CASCADE")
    engine.dispose()


@pytest.fixture(scope="module")
def mariadb() -> Iterator[str]:
    """A database of its own, dropped at the end; its URL."""
    engine = _connect(MARIADB.replace("mysql://", "mysql+pymysql://"))
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {SPACE} CHARACTER SET utf8mb4")
        connection.exec_driver_sql(f"USE {SPACE}")
        for statement in MARIADB_SETUP.split(";;"):
            connection.exec_driver_sql(statement)
        yield sqlalchemy.make_url(MARIADB).set(database=SPACE).render_as_string(hide_password=False)
        connection.exec_driver_sql(f"DROP DATABASE {SPACE}")
    engine.dispose()


POSTGRES_SETUP = """
CREATE TABLE person (
    id serial PRIMARY KEY, "姓名" text, n numeric(10,2), wide numeric, d date, ts timestamptz, b bool,
    j jsonb, a text[], u uuid, bin bytea, f float8, i inet, g smallint);;
COMMENT ON TABLE person IS '人口';;
COMMENT ON COLUMN person."姓名" IS '居民姓名';;
INSERT INTO person VALUES
    (1, '𠮷䶮', 1.5, 1e30, '9999-12-31', '2020-01-01 08:00+08', true, '{"x": "王"}', '{a,b}',
     '00000000-0000-0000-0000-000000000001', '\\x00ff', 'nan', '10.0.0.1', 3),
    (2, NULL, NULL, 'NaN', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'infinity', NULL, NULL);;
CREATE TABLE visit (person_id int REFERENCES person (id));;
CREATE TABLE forever (d date);;
INSERT INTO forever VALUES ('2020-01-01'), ('infinity'), ('0044-03-15 BC');;
CREATE TABLE nothing ();;
CREATE TABLE large AS SELECT i AS n, 'x' AS v FROM generate_series(1, 20000) i;;
CREATE VIEW large_view AS SELECT * FROM large;;
CREATE MATERIALIZED VIEW kept AS SELECT 1 AS one;;
CREATE VIEW broken AS SELECT id, 1 / (id - 1) AS z, '13800138000'::text AS tel FROM person;;
CREATE TABLE "od""d %%s:x" ("a%%b" int, "c:d" int, "e""f" int, "括(号)" int);;
INSERT INTO "od""d %%s:x" VALUES (1, 2, 3, 4);;
CREATE TABLE part (k int) PARTITION BY RANGE (k);;
CREATE TABLE part1 PARTITION OF part FOR VALUES FROM (0) TO (10);;
INSERT INTO part VALUES (1)
"""

MARIADB_SETUP = """
CREATE TABLE person (
    id bigint unsigned AUTO_INCREMENT PRIMARY KEY, `姓名` varchar(20) COMMENT '居民姓名', n decimal(10,2),
    d date, ts datetime, y year, b bit(1), f double, j json, bin blob, e enum('a','b'),
    t time) COMMENT '人口';;
INSERT INTO person VALUES
    (18446744073709551615, '𠮷䶮', 1.5, '9999-12-31', '2020-01-01 08:00:00', 2020, 1, 1.5, '{"x":1}', x'00ff',
     'a', '10:00:00');;
CREATE TABLE visit (person_id bigint unsigned, FOREIGN KEY (person_id) REFERENCES person (id));;
CREATE TABLE large (n int);;
INSERT INTO large SELECT seq FROM seq_1_to_20000;;
CREATE TABLE old (d date);;
SET SESSION sql_mode = '';;
INSERT INTO old VALUES ('0000-00-00'), ('2020-01-01');;
CREATE TABLE `od``d %%s:x` (`a%%b` int, `c:d` int, `e"f` int, `括(号)` int);;
INSERT INTO `od``d %%s:x` VALUES (1, 2, 3, 4);;
CREATE TABLE lost (a int);;
CREATE VIEW broken AS SELECT a FROM lost;;
DROP TABLE lost
"""


def _numbers(url: str, name: str, **options: object) -> tuple[object, list[int]]:
    source = open_source(url, **options)
    table = next(t for t in source.tables() if t.name.endswith(name))
    found = [n for batch in table.batches() for n in batch.column(0).to_pylist()]
    source.close()
    return table, found


@pytest.mark.postgres
def test_postgres_is_read_whole(read, postgres):
    tables, missed = read(postgres)
    mine = {name.removeprefix(f"{SPACE}."): rows for name, rows in tables.items() if name.startswith(SPACE)}
    assert list(mine) == [
        "forever",
        "large",
        'od"d %s:x',
        "part",
        "person",
        "visit",
        "broken",
        "kept",
        "large_view",
    ]
    first, second = mine["person"]
    assert first["姓名"] == "𠮷䶮"
    assert first["n"] == Decimal("1.50")
    assert (first["wide"], second["wide"]) == ("1" + "0" * 30, "NaN")
    assert (first["j"], first["a"]) == ('{"x": "王"}', '["a", "b"]')
    assert (first["d"].year, first["ts"].hour, first["bin"], first["g"]) == (9999, 0, b"\x00\xff", 3)
    assert second["f"] == float("inf")
    assert [row["d"] for row in mine["forever"]] == ["2020-01-01", "infinity", "0044-03-15 BC"]
    assert mine["broken"] == [
        {"id": 1, "z": None, "tel": "13800138000"},
        {"id": 2, "z": None, "tel": "13800138000"},
    ]
    assert mine["kept"] == [{"one": 1}]
    assert mine["part"] == [{"k": 1}]
    assert mine['od"d %s:x'] == [{"a%b": 1, "c:d": 2, 'e"f': 3, "括(号)": 4}]
    ours = {entry.what: entry.why for entry in missed if SPACE in entry.what}
    assert set(ours) == {f"table {SPACE}.nothing", f"{SPACE}.broken.z"}
    assert ours[f"{SPACE}.broken.z"].startswith("HS-E233")


@pytest.mark.postgres
def test_postgres_declarations(postgres):
    source = open_source(postgres)
    tables = {t.name.removeprefix(f"{SPACE}."): t for t in source.tables()}
    source.close()
    columns = {c.name: c for c in tables["person"].columns}
    assert tables["person"].comment == "人口"
    assert columns["姓名"].comment == "居民姓名"
    assert columns["id"].primary_key
    assert columns["n"].data_type == "NUMERIC(10, 2)"
    assert tables["visit"].columns[0].references == f"{SPACE}.person.id"


@pytest.mark.postgres
@pytest.mark.parametrize("name", [".large", ".large_view"])
def test_postgres_samples_the_same_rows_every_time(postgres, name):
    table, first = _numbers(postgres, name, sample=5_000)
    assert first == _numbers(postgres, name, sample=5_000)[1]
    assert abs(len(first) - 5_000) < 400
    assert abs(sum(first) / len(first) - 10_000) < 500
    assert table.method.startswith("sample of 5000 of 20000 rows")
    assert table.bound
    assert len(_numbers(postgres, name)[1]) == 20_000


@pytest.mark.postgres
def test_postgres_cannot_be_written(postgres):
    source = open_source(postgres)
    with source.reading() as connection, pytest.raises(sqlalchemy.exc.SQLAlchemyError, match="read-only"):
        connection.exec_driver_sql(f"CREATE TABLE {SPACE}.x (a int)")
    source.close()


@pytest.mark.postgres
def test_a_login_or_database_that_is_refused_is_unreachable(postgres):
    from hushu.errors import SourceUnreachable

    url = sqlalchemy.make_url(postgres).set(database="hushu_no_such", password="geheim")
    with pytest.raises(SourceUnreachable) as caught:
        open_source(url.render_as_string(hide_password=False))
    assert "geheim" not in str(caught.value)


@pytest.mark.mariadb
def test_mariadb_is_read_whole(read, mariadb):
    tables, missed = read(mariadb)
    assert list(tables) == ["large", "od`d %s:x", "old", "person", "visit"]
    assert tables["od`d %s:x"] == [{"a%b": 1, "c:d": 2, 'e"f': 3, "括(号)": 4}]
    row = tables["person"][0]
    assert (row["id"], row["姓名"], row["n"]) == (2**64 - 1, "𠮷䶮", Decimal("1.50"))
    assert (row["d"].year, row["j"], row["bin"], row["e"], row["t"]) == (
        9999,
        '{"x":1}',
        b"\x00\xff",
        "a",
        "10:00:00",
    )
    assert [r["d"] for r in tables["old"]][1] is not None
    assert [entry.what for entry in missed] == ["view broken"]


@pytest.mark.mariadb
def test_mariadb_declarations(mariadb):
    source = open_source(mariadb)
    tables = {t.name: t for t in source.tables()}
    source.close()
    columns = {c.name: c for c in tables["person"].columns}
    assert (tables["person"].comment, columns["姓名"].comment) == ("人口", "居民姓名")
    assert columns["id"].primary_key
    assert tables["visit"].columns[0].references == "person.id"


@pytest.mark.mariadb
def test_mariadb_samples_the_same_rows_every_time(mariadb):
    table, first = _numbers(mariadb, "large", sample=5_000)
    assert first == _numbers(mariadb, "large", sample=5_000)[1]
    assert abs(len(first) - 5_000) < 400
    assert abs(sum(first) / len(first) - 10_000) < 500
    assert table.bound


@pytest.mark.mariadb
def test_mariadb_cannot_be_written(mariadb):
    source = open_source(mariadb)
    with source.reading() as connection, pytest.raises(sqlalchemy.exc.SQLAlchemyError, match="READ ONLY"):
        connection.exec_driver_sql("INSERT INTO old VALUES ('2020-01-01')")
    source.close()
