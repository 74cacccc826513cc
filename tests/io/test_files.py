from __future__ import annotations

import gzip
import io
import json
import os
import sqlite3
import zipfile
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import hushu
from hushu.errors import ConfigError, InputError, SourceUnreachable
from hushu.io.sources import open_source
from hushu.io.standard_input import StandardInput


def workbook(path: Path, sheets: dict[str, list[list[object]]], hidden: str = "") -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if name == hidden:
            sheet.sheet_state = "hidden"
    book.save(path)


def _exhaust(path: Path) -> None:
    for table in open_source(path).tables():
        list(table.batches())


def code_of(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        _exhaust(path)
    assert caught.value.exit_status == 2
    return caught.value.code


def test_a_folder_is_read_below_and_bad_files_do_not_end_it(read, tmp_path):
    (tmp_path / "sub" / "deep").mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    (tmp_path / "a.csv").write_text("x\n1\n")
    (tmp_path / "a.tsv").write_text("x\ty\n1\t2\n")
    (tmp_path / "sub" / "deep" / "人口.v2.csv").write_text("y\n2\n")
    (tmp_path / "empty.csv").touch()
    (tmp_path / "photo.png").write_bytes(b"\x89PNG")
    (tmp_path / "fake.csv").write_bytes(bytes(range(256)) * 9)
    (tmp_path / "cut.parquet").write_bytes(b"PAR1xxxx")
    (tmp_path / ".git" / "c.csv").write_text("z\n3\n")
    (tmp_path / "~$open.xlsx").write_text("lock")
    tables, missed = read(tmp_path)
    assert tables == {
        "a": [{"x": "1"}],
        "a.tsv": [{"x": "1", "y": "2"}],
        "sub/deep/人口.v2": [{"y": "2"}],
    }
    assert {entry.what: entry.why.split()[0] for entry in missed} == {
        "cut.parquet": "HS-E212",
        "empty.csv": "HS-E203",
        "fake.csv": "HS-E204",
        "photo.png": "HS-E211",
    }


def test_what_is_no_source_says_so(tmp_path):
    with pytest.raises(SourceUnreachable) as caught:
        open_source(tmp_path / "none.csv")
    assert (caught.value.code, caught.value.exit_status) == ("HS-E291", 4)
    with pytest.raises(SourceUnreachable):
        open_source("x" * 5_000)
    (tmp_path / "a.xyz").write_text("1")
    assert code_of(tmp_path / "a.xyz") == "HS-E211"
    for wrong in (object(), 3, None):
        with pytest.raises(InputError) as refused:
            open_source(wrong)
        assert refused.value.code == "HS-E200"
    for sample in (0, -1, "some"):
        with pytest.raises(ConfigError) as unwanted:
            open_source(tmp_path, sample=sample)
        assert unwanted.value.code == "HS-E110"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_listed(read, tmp_path):
    (tmp_path / "a.csv").write_text("x\n1\n")
    (tmp_path / "b.csv").write_text("x\n1\n")
    (tmp_path / "b.csv").chmod(0)
    _, missed = read(tmp_path)
    assert [entry.why.split()[0] for entry in missed] == ["HS-E201"]


def test_a_workbook(read, tmp_path):
    file = tmp_path / "登记.xlsx"
    people = [
        ["附件1 人口登记表", None, None, None],
        [],
        ["姓名", "证件号码", "出生日期", "数量"],
        ["王五", 310101199003070000.0, date(1990, 3, 7), 1],
        ["李四", "X07", date(9999, 12, 31), 2],
        [None, None, None, 13800138000],
    ]
    workbook(file, {"人口": people, "空": [], "隐藏": [["a"], ["x"]]}, hidden="隐藏")
    tables = {table.name: table for table in open_source(file).tables()}
    assert list(tables) == ["登记.人口", "登记.隐藏"]
    found = tables["登记.人口"]
    assert found.comment == "附件1 人口登记表"
    assert next(found.batches()).to_pylist() == [
        {"姓名": "王五", "证件号码": "3.10101199003070E+17", "出生日期": date(1990, 3, 7), "数量": 1},
        {"姓名": "李四", "证件号码": "X07", "出生日期": date(9999, 12, 31), "数量": 2},
        {"姓名": None, "证件号码": None, "出生日期": None, "数量": 13800138000},
    ]
    assert len(found.notes) == 1
    assert found.notes[0].startswith("HS-W201 证件号码")
    assert tables["登记.隐藏"].facts["hidden"]
    workbook(tmp_path / "one.xlsx", {"Sheet1": [["a", "a"], [1.5, True], [2, False]]})
    only, missed = read(tmp_path / "one.xlsx")
    assert only == {"one": [{"a": 1.5, "a_2": True}, {"a": 2.0, "a_2": False}]}
    assert missed == []


def test_bad_workbooks(tmp_path):
    (tmp_path / "a.xlsx").touch()
    assert code_of(tmp_path / "a.xlsx") == "HS-E203"
    (tmp_path / "b.xlsx").write_bytes(b"PK\x03\x04 broken")
    assert code_of(tmp_path / "b.xlsx") == "HS-E214"
    (tmp_path / "c.xls").write_text("not one")
    assert code_of(tmp_path / "c.xls") == "HS-E214"
    workbook(tmp_path / "d.xlsx", {"leer": []})
    assert code_of(tmp_path / "d.xlsx") == "HS-E203"


def test_parquet_and_arrow(read, tmp_path):
    inner = {"a": {"b": 1, "c": ["x"]}, "t": datetime(9999, 12, 31), "f": float("nan")}
    table = pa.Table.from_pylist([inner, {"a": None, "t": None, "f": float("inf")}])
    commented = pa.field("t", table.schema.field("t").type, metadata={"comment": "到访时间"})
    table = table.cast(pa.schema([table.schema.field("a"), commented, table.schema.field("f")]))
    pq.write_table(table, tmp_path / "p.parquet")
    with pa.ipc.new_file(tmp_path / "i.arrow", table.schema) as writer:
        writer.write_table(table)
    tables, missed = read(tmp_path)
    assert missed == []
    for rows in tables.values():
        assert (rows[0]["a.b"], rows[0]["a.c"], rows[0]["t"].year) == (1, '["x"]', 9999)
        assert rows[1] == {"a.b": None, "a.c": None, "t": None, "f": float("inf")}
    described = next(open_source(tmp_path / "p.parquet").tables())
    assert described.rows == 2
    assert {c.name: c.comment for c in described.columns}["t"] == "到访时间"
    (tmp_path / "bad.parquet").write_bytes((tmp_path / "p.parquet").read_bytes()[:-20])
    assert code_of(tmp_path / "bad.parquet") == "HS-E212"
    (tmp_path / "bad.arrow").touch()
    assert code_of(tmp_path / "bad.arrow") == "HS-E203"


def test_duplicate_columns_in_parquet(read, tmp_path):
    table = pa.Table.from_arrays([pa.array([1]), pa.array([2]), pa.array([3])], names=["a", "a", ""])
    pq.write_table(table, tmp_path / "d.parquet")
    assert read(tmp_path / "d.parquet")[0] == {"d": [{"a": 1, "a_2": 2, "column_3": 3}]}


def test_json_lines(read, tmp_path):
    file = tmp_path / "p.jsonl"
    lines = [
        '{"a": {"b": 1}, "tels": [{"no": "1"}, {"no": "2"}]}',
        "",
        '{"a": {"b": "x"}, "n": 1e400}',
        "{broken",
        "5",
    ]
    file.write_bytes("\n".join(lines).encode("gb18030"))
    tables, missed = read(file)
    assert tables["p"] == [
        {"a.b": "1", "tels[].no": '["1", "2"]', "n": None, "value": None},
        {"a.b": "x", "tels[].no": None, "n": float("inf"), "value": None},
        {"a.b": None, "tels[].no": None, "n": None, "value": 5},
    ]
    assert [entry.why for entry in missed] == ["HS-E213 1 lines are no JSON (first: line 4)"]
    file.write_text('{"s": "\\ud800王"}\n')
    assert read(file)[0]["p"] == [{"s": "\ufffd王"}]


def test_json_documents(read, tmp_path):
    file = tmp_path / "p.json"
    file.write_text(json.dumps([{"a": 1}, {"a": 2, "b": "x"}]))
    assert read(file)[0] == {"p": [{"a": 1, "b": None}, {"a": 2, "b": "x"}]}
    file.write_text(json.dumps({"people": [{"a": 1}], "places": [{"b": 2}], "version": 3}))
    assert read(file)[0] == {"p.people": [{"a": 1}], "p.places": [{"b": 2}], "p.document": [{"version": 3}]}
    file.write_text('{"a": 1, "c": {}}')
    assert read(file)[0] == {"p": [{"a": 1, "c": "{}"}]}
    for content, code in (
        ("", "HS-E203"),
        ("{", "HS-E213"),
        ("[" * 100_000, "HS-E213"),
        ("\0\1\2" * 99, "HS-E204"),
    ):
        file.write_text(content)
        assert code_of(file) == code


def test_zip_with_chinese_names(read, tmp_path):
    file = tmp_path / "包.zip"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("人口/名单.csv", "姓名\n王五\n")
        archive.writestr("x.bin", "?")
        archive.writestr("__MACOSX/a.csv", "?")
    # As Windows writes it: the name in GB18030, without the flag that says UTF-8.
    name, gb = "人口/名单.csv".encode(), "人口/名单.csv".encode("gb18030")
    raw = content.getvalue()
    assert len(name) != len(gb)
    file.write_bytes(raw)
    tables, missed = read(file)
    assert tables == {"包/人口/名单": [{"姓名": "王五"}]}
    assert [(entry.what, entry.why.split()[0]) for entry in missed] == [("包/x.bin", "HS-E211")]
    listed = [table.name for table in list(open_source(file).tables())]
    assert listed == ["包/人口/名单"]


def test_zip_names_in_gb18030(read, tmp_path):
    class Windows(zipfile.ZipInfo):
        def _encodeFilenameFlags(self):  # noqa: N802
            return self.filename.encode("gb18030"), self.flag_bits & ~0x800

    with zipfile.ZipFile(tmp_path / "w.zip", "w") as archive:
        archive.writestr(Windows("名单.csv"), "a\n1\n")
    assert read(tmp_path / "w.zip")[0] == {"w/名单": [{"a": "1"}]}


def test_bad_archives(read, tmp_path, monkeypatch):
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 broken")
    assert code_of(tmp_path / "a.zip") == "HS-E215"
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.csv", b"0" * 3_000_000)
    monkeypatch.setattr("hushu.io.archives.MAX_RATIO", 100)
    _, missed = read(tmp_path / "bomb.zip")
    assert [entry.why.split()[0] for entry in missed] == ["HS-E216"]
    (tmp_path / "p.csv.gz").write_bytes(gzip.compress(b"a\n1\n"))
    assert read(tmp_path / "p.csv.gz")[0] == {"p": [{"a": "1"}]}
    (tmp_path / "cut.csv.gz").write_bytes(gzip.compress(b"a\n1\n" * 99)[:-9])
    assert code_of(tmp_path / "cut.csv.gz") == "HS-E215"


def test_word_documents(read, tmp_path):
    import docx

    document = docx.Document()
    document.add_paragraph("走访记录")
    document.sections[0].header.paragraphs[0].text = "内部"
    grid = document.add_table(rows=2, cols=2)
    for place, text in enumerate(["姓名", "电话", "王五", "13800138000"]):
        grid.cell(place // 2, place % 2).text = text
    document.save(tmp_path / "d.docx")
    tables, missed = read(tmp_path / "d.docx")
    assert tables == {
        "d": [{"text": "走访记录"}, {"text": "内部"}],
        "d.table1": [{"姓名": "王五", "电话": "13800138000"}],
    }
    assert missed == []
    (tmp_path / "bad.docx").write_text("x")
    assert code_of(tmp_path / "bad.docx") == "HS-E217"


def test_pdf_documents(read, tmp_path):
    import pypdfium2 as pdfium

    file = tmp_path / "p.pdf"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 100] /Contents 4 0 R"
        b" /Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length 44 >>\nstream\nBT /F 12 Tf 10 50 Td (tel 13800138000) Tj ET\nendstream",
    ]
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % (n, o) for n, o in enumerate(objects, 1))
    file.write_bytes(body + b"trailer\n<< /Root 1 0 R /Size 5 >>\n%%EOF\n")
    assert read(file)[0] == {"p": [{"text": "tel 13800138000"}]}
    empty = pdfium.PdfDocument.new()
    empty.new_page(100, 100)
    empty.save(tmp_path / "scan.pdf")
    assert code_of(tmp_path / "scan.pdf") == "HS-E218"
    (tmp_path / "bad.pdf").write_text("%PDF-1.4 nothing")
    assert code_of(tmp_path / "bad.pdf") == "HS-E217"


def test_a_missing_extra_is_listed_with_its_hint(read, tmp_path, monkeypatch):
    (tmp_path / "a.csv").write_text("x\n1\n")
    (tmp_path / "d.docx").write_text("x")
    monkeypatch.setitem(__import__("sys").modules, "docx", None)
    tables, missed = read(tmp_path)
    assert list(tables) == ["a"]
    assert "HS-E501" in missed[0].why
    assert "documents" in missed[0].why


def test_sqlite_in_a_folder(read, tmp_path):
    with sqlite3.connect(tmp_path / "b.db") as connection:
        connection.executescript("CREATE TABLE t (a); INSERT INTO t VALUES (1)")
    connection.close()
    assert read(tmp_path)[0] == {"b.t": [{"a": 1}]}


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ("姓名,电话\n王五,1\n".encode("gb18030"), [{"姓名": "王五", "电话": "1"}]),
        (b'{"a": 1}\n{"a": 2}\n', [{"a": 1}, {"a": 2}]),
        (b'{\n"a": 1}', [{"a": 1}]),
        (b' [{"a": 1}]', [{"a": 1}]),
        (gzip.compress(b"a\n1\n"), [{"a": "1"}]),
    ],
)
def test_standard_input_is_told_by_its_bytes(content, rows):
    source = StandardInput(stream=io.BytesIO(content))
    assert [
        row for table in source.tables() for batch in table.batches() for row in batch.to_pylist()
    ] == rows
    source.close()


def test_standard_input_with_nothing_in_it():
    with pytest.raises(InputError) as caught:
        list(StandardInput(stream=io.BytesIO()).tables())
    assert caught.value.code == "HS-E203"


def test_a_sample_of_a_file_is_random_and_repeatable(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("n\n" + "\n".join(str(n) for n in range(50_000)) + "\n")

    def drawn(size):
        table = next(open_source(file, sample=size).tables())
        return table, [int(n) for batch in table.batches() for n in batch.column(0).to_pylist()]

    table, numbers = drawn(1_000)
    assert numbers == drawn(1_000)[1]
    assert len(set(numbers)) == 1_000
    assert numbers == sorted(numbers)
    assert abs(sum(numbers) / 1_000 - 25_000) < 1_500
    assert table.rows == 50_000
    assert table.method.startswith("sample of 1000 of 50000 rows")
    assert "%" in table.bound
    table, numbers = drawn(60_000)
    assert (len(numbers), table.method, table.bound) == (50_000, "all", "")


def test_nothing_to_read_is_not_the_same_as_clean(read, tmp_path):
    (tmp_path / "none").mkdir()
    _, missed = read(tmp_path / "none")
    assert [entry.why for entry in missed] == ["HS-E235 the folder holds no file"]
    sqlite3.connect(tmp_path / "bare.db").executescript("CREATE TABLE t (a); DROP TABLE t;")
    _, missed = read(tmp_path / "bare.db")
    assert missed[0].why.startswith("HS-E235")
    (tmp_path / "header.csv").write_text("sfzh,xm\n")
    (tmp_path / "ragged.csv").write_text("a,b\n1\n2\n3\n")
    for name in ("header.csv", "ragged.csv"):
        table = next(open_source(tmp_path / name).tables())
        assert list(table.batches()) == []
        assert list(table.batches()) == []
        assert table.notes == ["HS-W202 no row was read: only names, types and comments were judged"]


def test_a_file_damaged_in_its_midst_is_listed_with_how_far_it_was_read(read, tmp_path):
    file = tmp_path / "d.parquet"
    table = pa.table({"n": list(range(200_000))})
    pq.write_table(table, file, row_group_size=50_000, compression="zstd", use_dictionary=False)
    data = bytearray(file.read_bytes())
    half = len(data) // 2
    data[half : half + 2_000] = b"\x00" * 2_000
    file.write_bytes(bytes(data))
    for source in (file, tmp_path):
        tables, missed = read(source)
        assert 0 < len(tables["d"]) < 200_000
        assert [entry.what for entry in missed] == [f"d after row {len(tables['d'])}"]
        assert missed[0].why.startswith("HS-E212")


@pytest.mark.parametrize("encoding", ["base64", "rot13", "undefined", "hex", "klingon", "idna\0"])
def test_an_encoding_that_is_none_is_refused(tmp_path, encoding):
    (tmp_path / "a.csv").write_text("a\n1\n")
    with pytest.raises(InputError) as caught:
        list(open_source(tmp_path / "a.csv", encoding=encoding).tables())
    assert caught.value.code == "HS-E209"


def test_parquet_does_not_stay_in_memory_while_it_is_read(tmp_path):
    path = tmp_path / "large.parquet"
    block = pa.table({"a": pa.array([os.urandom(40).hex() for _ in range(70_000)])})
    with pq.ParquetWriter(path, block.schema, compression="none", use_dictionary=False) as writer:
        for _ in range(8):
            writer.write_table(block)
    (table,) = open_source(path).tables()
    before = pa.total_allocated_bytes()
    held = [pa.total_allocated_bytes() - before for _ in table.batches()]
    assert max(held) < path.stat().st_size / 2


@pytest.mark.parametrize(("group", "encoded"), [(700, False), (70_000, True)])
def test_parquet_is_skimmed_with_few_values_encoded_and_read_plain(tmp_path, group, encoded):
    rows = 100_000
    table = pa.table(
        {
            "性别": pa.array([("男", "女", None)[n % 3] for n in range(rows)]),
            "编号": pa.array([f"{n * 7919:012d}" for n in range(rows)]),
            "数": pa.array(range(rows)),
            "大": pa.array(["x"] * rows, pa.large_string()),
        }
    )
    pq.write_table(table, tmp_path / "p.parquet", row_group_size=group)
    found = next(open_source(tmp_path / "p.parquet").tables())
    skimmed = list(found.skimmed())
    assert pa.types.is_dictionary(skimmed[0].schema.field("性别").type) is encoded
    assert skimmed[0].schema.field("数").type == pa.int64()
    assert len(skimmed) < 10
    plain = pa.Table.from_batches([b.cast(table.schema) for b in skimmed])
    assert plain.equals(table)
    assert pa.Table.from_batches(found.batches()).equals(table)


def test_a_skimmed_parquet_file_is_judged_as_a_frame(tmp_path):
    kinds = ["居民身份证", "护照", "", None] * 500
    numbers = [("310101190001010011", "E00000001", "", None)[n % 4] for n in range(2000)]
    table = pa.table({"证件类型": kinds, "证件号码": numbers, "备注": ["电话13800138000", "无"] * 1000})
    pq.write_table(table, tmp_path / "p.parquet")
    ours, theirs = (hushu.scan(source).tables[0].columns for source in (tmp_path / "p.parquet", table))
    assert [c.finding for c in ours] == [c.finding for c in theirs]
