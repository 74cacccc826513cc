"""The whole way on real servers: scan, plan, apply, verify and query, on a table of its own."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

import pytest
import sqlalchemy

from hushu.cli import main
from hushu.cli.scenarios.people import People

POSTGRES = os.environ.get("HUSHU_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/test")
MARIADB = os.environ.get("HUSHU_TEST_MARIADB", "mysql://root@127.0.0.1:3306/test")
NAME = f"hushu_way_{os.getpid()}"
PURPOSE = """
id: way
title: 核对登记
matter: 登记
provider: 甲
recipient: 乙
basis: 政务数据共享条例第二十一条
scenario: 核对
scope: 全部
mode: 服务接口
until: 2027-12-31
items:
  - {{item: {table}.f2, grain: pseudonym}}
  - {{item: {table}.f4, grain: exact}}
  - {{item: {table}.f1, grain: count}}
"""
_COMMENTS = {"f1": "姓名", "f2": "公民身份号码", "f3": "联系电话", "f4": "所在区县"}


def _people() -> list[tuple[str, str, str, str]]:
    people = People(5)
    districts = ("松江区", "徐汇区", "浦东新区")
    persons = [people.person() for _ in range(90)]
    return [(p.name, p.id_number, p.phone, districts[n % 3]) for n, p in enumerate(persons)]


def _engine(url: str) -> sqlalchemy.Engine:
    engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    try:
        engine.connect().close()
    except sqlalchemy.exc.SQLAlchemyError:
        pytest.skip(f"no server answers at {engine.url.host}:{engine.url.port}")
    return engine


@pytest.fixture
def postgres() -> Iterator[tuple[str, str]]:
    engine = _engine(POSTGRES.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {NAME}")
        connection.exec_driver_sql(f"CREATE TABLE {NAME}.p (f1 text, f2 text, f3 text, f4 text)")
        for column, comment in _COMMENTS.items():
            connection.exec_driver_sql(f"COMMENT ON COLUMN {NAME}.p.{column} IS '{comment}'")
        for row in _people():
            connection.exec_driver_sql(f"INSERT INTO {NAME}.p VALUES (%s, %s, %s, %s)", row)
        yield POSTGRES, f"{NAME}.p"
        connection.exec_driver_sql(f"DROP SCHEMA {NAME} CASCADE")
    engine.dispose()


@pytest.fixture
def mariadb() -> Iterator[tuple[str, str]]:
    engine = _engine(MARIADB.replace("mysql://", "mysql+pymysql://"))
    fields = ", ".join(f"{name} varchar(40) COMMENT '{comment}'" for name, comment in _COMMENTS.items())
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {NAME} CHARACTER SET utf8mb4")
        connection.exec_driver_sql(f"CREATE TABLE {NAME}.p (id int PRIMARY KEY AUTO_INCREMENT, {fields})")
        for row in _people():
            connection.exec_driver_sql(f"INSERT INTO {NAME}.p (f1, f2, f3, f4) VALUES (%s, %s, %s, %s)", row)
        yield sqlalchemy.make_url(MARIADB).set(database=NAME).render_as_string(hide_password=False), "p"
        connection.exec_driver_sql(f"DROP DATABASE {NAME}")
    engine.dispose()


def walk(url: str, table: str, tmp_path, capsys) -> None:
    def hushu(*words: str) -> str:
        assert main.invoke([str(word) for word in words]) == 0, words
        return capsys.readouterr().out

    inventory, purpose, plan = (tmp_path / name for name in ("inventory.json", "purpose.yaml", "plan.yaml"))
    purpose.write_text(PURPOSE.format(table=table), "utf-8")
    assert main.invoke(["scan", url, "--format", "json", "-o", str(inventory)]) in {0, 3}
    tables = {t["name"]: t for t in json.loads(inventory.read_text("utf-8"))["tables"]}
    types = {c["name"]: c["type"] for c in tables[table]["columns"]}
    assert (types["f1"], types["f2"], types["f3"]) == ("PERSON", "CN_RESIDENT_ID", "PHONE_NUMBER")
    hushu("plan", inventory, "--purpose", purpose, "-o", plan)
    hushu("key", "new", "-o", tmp_path / "key.txt")
    hushu("apply", plan, url, "-o", tmp_path / "release", "--key-file", tmp_path / "key.txt")
    hushu("verify", tmp_path / "release", "--plan", plan)
    answer = hushu("query", url, f"SELECT f4, COUNT(*) FROM {table} GROUP BY f4", "--purpose", purpose)
    assert sorted(line.split(",")[1] for line in answer.splitlines()[1:]) == ["30", "30", "30"]


@pytest.mark.postgres
def test_postgresql(postgres, tmp_path, capsys):
    walk(*postgres, tmp_path, capsys)


@pytest.mark.mariadb
def test_mariadb(mariadb, tmp_path, capsys):
    walk(*mariadb, tmp_path, capsys)
