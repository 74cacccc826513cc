from __future__ import annotations

import csv
import io
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hushu.errors import InputError
from hushu.io.sources import open_source

PEOPLE = "姓名,证件号码,电话\n王五,00123,13800138000\n䶮𠮷,X07,\n"
ROWS = [
    {"姓名": "王五", "证件号码": "00123", "电话": "13800138000"},
    {"姓名": "䶮𠮷", "证件号码": "X07", "电话": None},
]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_every_encoding_is_told_without_being_named(rows_of, tmp_path, encoding):
    rows, missed = rows_of(tmp_path / "people.csv", PEOPLE.encode(encoding))
    assert rows == ROWS
    assert missed == []


def test_the_encoding_is_reported_and_can_be_overridden(tmp_path):
    file = tmp_path / "people.csv"
    file.write_bytes("姓名,城市\n王五,臺北\n".encode("big5"))
    table = next(open_source(file, encoding="big5").tables())
    assert [batch.to_pylist() for batch in table.batches()] == [[{"姓名": "王五", "城市": "臺北"}]]
    assert table.facts["encoding"] == "big5"
    with pytest.raises(InputError) as caught:
        list(open_source(file, encoding="klingon").tables())
    assert caught.value.code == "HS-E209"


def test_one_chinese_name_after_a_mebibyte_of_ascii_is_read(rows_of, tmp_path):
    # No sample of the file need hit that line: the cell itself tells.
    lines = [b"id,name"] + [b"%d,somebody" % n for n in range(200_000)]
    lines[190_000] = "190000,王五".encode("gb18030")
    rows, missed = rows_of(tmp_path / "people.csv", b"\n".join(lines))
    assert len(rows) == 200_000
    assert rows[189_999]["name"] == "王五"
    assert missed == []


def test_mixed_encodings_are_read_cell_by_cell_and_told(tmp_path):
    file = tmp_path / "glued.csv"
    utf8, gb = "李四,上海市浦东新区\n".encode(), "王五,北京市朝阳区\n".encode("gb18030")
    file.write_bytes("姓名,地址\n".encode() + utf8 * 50 + gb * 50)
    table = next(open_source(file).tables())
    rows = [row for batch in table.batches() for row in batch.to_pylist()]
    assert (
        rows
        == [{"姓名": "李四", "地址": "上海市浦东新区"}] * 50 + [{"姓名": "王五", "地址": "北京市朝阳区"}] * 50
    )
    assert table.facts["mixed_encodings"]


def test_bytes_that_are_no_text_are_counted_not_hidden(rows_of, tmp_path):
    lines = ["编号,姓名"] + [f"{n},张三" for n in range(100)]
    content = "\n".join(lines).encode() + b"\n100,\xff\xff\xff\n"
    rows, missed = rows_of(tmp_path / "people.csv", content)
    assert len(rows) == 101
    assert rows[-1]["姓名"] == "\ufffd" * 3
    assert [why for why in missed if why.startswith("HS-E210 1 cells")]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_delimiters_are_sniffed(rows_of, tmp_path, delimiter, encoding):
    # 丂, 亅 and their kin end in the byte of "|" when they are written in GB18030.
    rows = [["编号", "姓名"], ["01", "丂亅"], ["02", "李四"]]
    content = "\n".join(delimiter.join(row) for row in rows).encode(encoding)
    found, missed = rows_of(tmp_path / "people.txt", content)
    assert found == [{"编号": "01", "姓名": "丂亅"}, {"编号": "02", "姓名": "李四"}]
    assert missed == []


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_ragged_rows_are_counted_and_the_good_ones_go_on(rows_of, tmp_path, encoding):
    content = "姓名,电话\n王五,1\n李四,2,多余\n赵六\n钱七,3\n".encode(encoding)
    rows, missed = rows_of(tmp_path / "people.csv", content)
    assert rows == [{"姓名": "王五", "电话": "1"}, {"姓名": "钱七", "电话": "3"}]
    assert missed == ["HS-E205 2 rows do not have the header's 2 fields (1 with 1, 1 with 3)"]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_quote_that_never_closes_costs_no_row(rows_of, tmp_path, encoding):
    lines = ["姓名,备注"] + [f"人{n},备注 {n}" for n in range(20_000)]
    lines[12_345] = '人x,"没有闭合'
    rows, missed = rows_of(tmp_path / "people.csv", ("\n".join(lines) + "\n").encode(encoding))
    assert len(rows) == 20_000
    assert rows[12_344] == {"姓名": "人x", "备注": '"没有闭合'}
    assert rows[-1]["姓名"] == "人19999"
    assert len(missed) == 1
    assert missed[0].startswith("HS-E206 a quote opens at line 12346")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_quote_that_the_next_one_closes_is_told(rows_of, tmp_path, encoding):
    content = '编号,备注\n1,"没有闭合\n2,"好"\n3,"好"\n4,好\n'.encode(encoding)
    rows, missed = rows_of(tmp_path / "t.csv", content)
    assert [row["编号"] for row in rows] == ["1", "3", "4"]
    assert "2,好" in rows[0]["备注"]
    assert len(missed) == 1
    assert missed[0].startswith("HS-E206 the quotes do not pair up: 1 rows")


def test_a_quote_in_the_midst_of_a_cell_is_a_character(rows_of, tmp_path):
    rows, missed = rows_of(tmp_path / "sizes.csv", b'id,size\n1,5" pipe\n2,"a ""b"" c"\n3,x\n')
    assert [row["size"] for row in rows] == ['5" pipe', 'a "b" c', "x"]
    assert missed == []


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_nul_bytes_are_taken_out_and_told(rows_of, tmp_path, encoding):
    content = "姓名,电话\n王五,138\x00001\n李四,2\n".encode(encoding)
    rows, missed = rows_of(tmp_path / "people.csv", content)
    assert rows == [{"姓名": "王五", "电话": "138001"}, {"姓名": "李四", "电话": "2"}]
    assert missed == ["HS-E208 1 NUL bytes were taken out before reading; cells may be damaged"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "HS-E203"),
        (b"\xef\xbb\xbf", "HS-E203"),
        (b"\n\n  \n", "HS-E203"),
        (bytes(range(256)) * 40, "HS-E204"),
        (b"PK\x03\x04" + b"x" * 100, "HS-E204"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 100, "HS-E204"),
    ],
)
def test_a_file_that_is_no_table_says_so(tmp_path, content, code):
    file = tmp_path / "people.csv"
    file.write_bytes(content)
    with pytest.raises(InputError) as caught:
        list(open_source(file).tables())
    assert caught.value.code == code
    assert caught.value.exit_status == 2


def test_a_header_alone_is_a_table_without_rows(tmp_path):
    file = tmp_path / "people.csv"
    file.write_text("姓名,电话\n", "utf-8")
    table = next(open_source(file).tables())
    assert [column.name for column in table.columns] == ["姓名", "电话"]
    assert list(table.batches()) == []


def test_names_are_made_unique_and_the_change_is_told(tmp_path):
    file = tmp_path / "people.csv"
    file.write_text('a,,a,"two\nlines",𠮷\n1,2,3,4,5\n', "utf-8")
    table = next(open_source(file).tables())
    assert [column.name for column in table.columns] == ["a", "column_2", "a_2", "two\nlines", "𠮷"]
    assert next(table.batches()).to_pylist() == [
        {"a": "1", "column_2": "2", "a_2": "3", "two\nlines": "4", "𠮷": "5"}
    ]
    assert len(table.facts["renamed"]) == 2


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("王五,13800138000\n李四,13900139000\n", False),
        ("男,上海\n女,上海\n男,北京\n", False),
        ("1,2\n3,4\n", False),
        ("2024-01-01,a\n2024-01-02,b\n", False),
        ("name,2023,2024\nx,1,2\ny,3,4\n", True),
        ("c1,F0012\nx,1\n", True),
        ("sfzh,xm\n,\n", True),
        ("姓名,电话\n姓名,电话\n王五,1\n", True),
    ],
)
def test_whether_the_first_row_names_the_columns(rows_of, tmp_path, text, header):
    rows, _ = rows_of(tmp_path / "t.csv", text.encode())
    assert len(rows) == text.count("\n") - header
    if not header:
        assert next(iter(rows[0])) == "c1"


def test_a_trailing_delimiter_in_every_row_makes_a_nameless_column(rows_of, tmp_path):
    rows, missed = rows_of(tmp_path / "t.csv", b"a,b\n1,2,\n3,4,\n")
    assert rows == [{"a": "1", "b": "2", "column_3": None}, {"a": "3", "b": "4", "column_3": None}]
    assert missed == []


@pytest.mark.parametrize("size", [3_000_000, pytest.param(50_000_000, marks=pytest.mark.slow)])
def test_a_huge_cell_is_read(rows_of, tmp_path, size):
    rows, missed = rows_of(tmp_path / "t.csv", b"a,b\n1," + b"x" * size + b"\n2,y\n")
    assert [len(row["b"]) for row in rows] == [size, 1]
    assert missed == []


def test_a_line_too_long_is_listed_and_the_rest_goes_on(rows_of, tmp_path):
    rows, missed = rows_of(tmp_path / "t.csv", b"a,b\n1,2\n" + b"x" * 80_000_000 + b"\n3,4\n")
    assert rows == [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]
    assert missed == ["HS-E207 1 lines are longer than 64 Mi characters (first: line 3)"]


def test_a_file_of_one_endless_line_is_refused(tmp_path):
    file = tmp_path / "t.csv"
    file.write_bytes(b"x," * 20_000_000)
    with pytest.raises(InputError) as caught:
        list(open_source(file).tables())
    assert caught.value.code == "HS-E207"


def test_twenty_thousand_columns(rows_of, tmp_path):
    names = [f"字段{n}" for n in range(20_000)]
    rows, missed = rows_of(
        tmp_path / "wide.csv", (",".join(names) + "\n" + ",".join("1" * 20_000) + "\n").encode()
    )
    assert len(rows[0]) == 20_000
    assert missed == []


def test_prose_is_read_line_by_line(rows_of, tmp_path):
    text = '他说:"你好, 张三", 然后走了。\n电话 13800138000, 地址另附\n\n完。\n'
    rows, missed = rows_of(tmp_path / "note.txt", text.encode())
    assert [row["text"] for row in rows] == [line for line in text.splitlines() if line]
    assert missed == []


cells = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\r\n\ufeff", exclude_categories=("Cs", "Cc")),
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(
    table=st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=8),
    newline=st.sampled_from(["\n", "\r\n"]),
    breaks=st.booleans(),
)
def test_what_a_csv_writer_wrote_comes_back(rows_of, tmp_path_factory, table, newline, breaks):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=newline, quoting=csv.QUOTE_ALL)
    body = [[f"{cell}\n{cell}" if breaks else cell for cell in row] for row in table]
    writer.writerows([["甲", "乙", "丙"], *body])
    file = tmp_path_factory.mktemp("csv") / "t.csv"
    rows, missed = rows_of(file, out.getvalue().encode())
    assert [[cell or "" for cell in row.values()] for row in rows] == body
    assert missed == []


def test_random_bytes_never_end_in_anything_but_our_errors(read, tmp_path):
    rng = random.Random(7)
    parts = [
        b'"',
        b",",
        b"\n",
        b"\r",
        b"\0",
        b"\xff",
        b"a",
        "王".encode(),
        "王".encode("gbk"),
        b"1",
        b"\\",
        b";",
    ]
    for number in range(300):
        file = tmp_path / f"{number}.csv"
        file.write_bytes(b"".join(rng.choices(parts, k=rng.randint(1, 60))))
    tables, missed = read(tmp_path)
    assert len({entry.what.removesuffix(".csv") for entry in missed} | set(tables)) == 300
