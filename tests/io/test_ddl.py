from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from hushu.errors import InputError
from hushu.io.sources import open_source

SCRIPT = """
/* 人口库 */
SET NAMES utf8mb4;
DROP TABLE IF EXISTS `t_person`;
CREATE TABLE IF NOT EXISTS `pop`.`t_person` (
  `id` bigint(20) unsigned NOT NULL AUTO_INCREMENT COMMENT '主键',
  `sfzh` varchar(18) DEFAULT ',)' COMMENT '身份证''号, (18位)',
  lxdh char(11), -- 联系电话
  -- 备注
  remark text,
  key varchar(20) not null,
  amount decimal(10, 2) default 0.00, /* 金额 */
  hh int references household(id),
  PRIMARY KEY (`id`), KEY `idx` (`sfzh`), UNIQUE KEY (lxdh), CHECK (amount > 0),
  CONSTRAINT fk FOREIGN KEY (hh) REFERENCES pop.household (hid) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='人口表';
INSERT INTO t_person VALUES (1,'310101','138');
INSERT INTO t_person VALUES (2,'310101','139');
create table "s"."t2" ("姓名" character varying(50) not null, ts timestamp with time zone default now(),
  arr text[], x double precision, primary key ("姓名"));
comment on table "s"."t2" is '企业''表';
COMMENT ON COLUMN s.t2."姓名" IS '法人姓名';
CREATE TABLE ORA (NAME VARCHAR2(20 CHAR), N NUMBER(10,2), D DATE DEFAULT SYSDATE NOT NULL ENABLE);
COMMENT ON COLUMN ORA.NAME IS '名称';
COMMENT ON COLUMN nowhere.NAME IS '名称';
CREATE VIEW v AS SELECT 1;
CREATE TABLE z AS SELECT * FROM y;
CREATE INDEX i ON ora (name);
ALTER TABLE s.t2 ADD COLUMN z int;
ALTER TABLE s.t2 ADD CONSTRAINT c CHECK (x > 0);
CREATE TABLE [dbo].[客户] ([编号] [int] IDENTITY(1,1) NOT NULL, [姓名] [nvarchar](50) NULL) ON [PRIMARY]
GO
COPY t2 (a) FROM stdin;
王五	CREATE TABLE no (x int);
\\.
"""


@pytest.fixture(params=["utf-8", "gb18030", "utf-8-sig"])
def script(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    file = tmp_path / "schema.sql"
    file.write_bytes(SCRIPT.encode(request.param))
    return file


def test_tables_columns_types_comments_and_keys(script):
    source = open_source(script)
    tables = {table.name: table for table in source.tables()}
    assert {name: table.comment for name, table in tables.items()} == {
        "pop.t_person": "人口表", "s.t2": "企业'表", "ORA": "", "dbo.客户": "",
    }  # fmt: skip
    person = [(c.name, c.data_type, c.comment) for c in tables["pop.t_person"].columns]
    assert person == [
        ("id", "bigint(20) unsigned", "主键"),
        ("sfzh", "varchar(18)", "身份证'号, (18位)"),
        ("lxdh", "char(11)", "联系电话"),
        ("remark", "text", "备注"),
        ("key", "varchar(20)", ""),
        ("amount", "decimal(10, 2)", "金额"),
        ("hh", "int", ""),
    ]
    assert [c.name for c in tables["pop.t_person"].columns if c.primary_key] == ["id"]
    assert tables["pop.t_person"].columns[-1].references == "pop.household.hid"
    second = [(c.name, c.data_type, c.comment, c.primary_key) for c in tables["s.t2"].columns]
    assert second == [
        ("姓名", "character varying(50)", "法人姓名", True),
        ("ts", "timestamp with time zone", "", False),
        ("arr", "text[]", "", False),
        ("x", "double precision", "", False),
    ]
    assert [(c.name, c.comment) for c in tables["ORA"].columns] == [("NAME", "名称"), ("N", ""), ("D", "")]
    assert [(c.name, c.data_type) for c in tables["dbo.客户"].columns] == [
        ("编号", "int"),
        ("姓名", "nvarchar(50)"),
    ]
    for table in tables.values():
        assert (table.rows, list(table.batches())) == (None, [])
        assert "no value was read" in table.bound


def test_what_a_script_holds_besides_is_listed(script):
    source = open_source(script)
    list(source.tables())
    listed = [(entry.what, entry.why.split()[0]) for entry in source.not_examined]
    assert listed == [
        ("schema.sql", "HS-E219"),
        ("schema.sql: 1 × COMMENT ON", "HS-E219"),
        ("schema.sql: 1 × CREATE VIEW", "HS-E219"),
        ("schema.sql: 1 × CREATE TABLE", "HS-E219"),
        ("schema.sql: 1 × ALTER TABLE", "HS-E219"),
    ]
    assert "3 statements of rows" in source.not_examined[0].why


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "HS-E203"),
        ("SELECT 1;", "HS-E219"),
        ("CREATE TABLE t (", "HS-E219"),
        ("CREATE TABLE t ()", "HS-E219"),
    ],
)
def test_a_script_without_tables_is_refused(tmp_path, content, code):
    file = tmp_path / "s.sql"
    file.write_text(content)
    with pytest.raises(InputError) as caught:
        list(open_source(file).tables())
    assert caught.value.code == code


@pytest.mark.parametrize("cut", range(40, len(SCRIPT), 97))
def test_a_script_cut_off_anywhere_never_crashes(tmp_path, cut):
    file = tmp_path / "s.sql"
    file.write_text(SCRIPT[:cut], "utf-8")
    with suppress(InputError):
        assert all(table.columns for table in open_source(file).tables())
