"""Recognition by form: both ways give the reference's answers, and the answers are right."""

from __future__ import annotations

import random
from dataclasses import asdict

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hushu.classify import compiled, fallback, kernel, reference
from hushu.classify.profiles import TYPES, ColumnProfile, merge
from hushu.rules.validators import bank_card

from . import identifiers as n

KERNEL = compiled.module()
needs_c = pytest.mark.skipif(KERNEL is None, reason="the C kernel was not built here")
EXAMPLES = [
    "310101190001010011", "31010119000101002X", "810000190001010026", "310101000101001",
    "931840190001010010", "MA1FAKE0-0", "91310000MA1FAKE002", "113100000000000004", "310000000000018",
    "6222020000000000000", "350000000000014", "LFAKEAAA4AA000001", "13000000000", "+86 138-0013-8000",
    "1440000000000", "021-20000000", "(010)60000000转8001", "+852 6140 2297", "沪A00000", "沪AD00000",
    "沪A·7K339", "沪A0000警", "粤Z0000港", "使000000", "E00000000", "EA0000000", "H00000000", "C00000000",
    "USA310000000000", "G310101190001010011", "（2024）沪0101民初1号", "(2023)最高法民终1号之一",
    "310101001002GB00003F00010002", "沪（2024）浦字不动产权第000001号", "沪房地闵字(2009)第031477号",
    "沪房闸字第03666号", "00:00:5E:00:53:01", "00-00-5e-00-53-01", "0012.5E00.5301", "192.0.2.1",
    "2001:db8::1", "test@example.com", "121.473700,31.230400", "军字第20391847号", "310101********0011",
    "138****0000", "张*", "沪A***00", "",
]  # fmt: skip
PIECES = [
    *EXAMPLES,
    *" -.·_/:，：（）()*+",
    "\u200b",
    "０",
    "９",
    "Ａ",
    "－",
    "\\u0031",
    "\\n",
    "身份证",
    "电话：",
    "订单号",
    "护照",
]


def way(name: str, values: list[str | None]) -> ColumnProfile:
    array = pa.array(values, pa.string())
    if name == "c":
        return counted([array])
    return fallback.profile(array)


def counted(batches: list[pa.Array]) -> ColumnProfile:
    gathering = compiled.Gathering(KERNEL, 1)
    for batch in batches:
        gathering.add(pa.RecordBatch.from_arrays([batch], names=[""]))
    return gathering.columns()[0].profile


def comparable(profile: ColumnProfile) -> dict[str, object]:
    facts = asdict(profile)
    facts["shape"]["han_share_sum"] = round(facts["shape"]["han_share_sum"], 6)
    return facts


PROSE = [
    *"市民反映小区电梯故障王某京房第号年",
    *"，。、；！（）：“—·　 ",
    "12",
    "105",
    "A",
    "１",
    "xxx",
    "*",
    "㐀",
]
FORMS = [
    r"[12]\d{3}[-/.][01]\d[-/.][0-3]\d([ T][0-2]\d:\d\d:\d\d)?",
    r"(\d{1,3}\.){3}\d{1,3}",
    r"[A-Za-z]{1,3}\d{1,3}-\d{2,7}",
    r"[+-]?\d{1,8}\.\d{1,5}",
    r"(0|\+?86-?)?[1-9]\d{1,2}-[2-8]\d{5,8}",
    r"[沪京使粤甲][A-Za-z]{1,2}[0-9A-Za-z]{3,6}[警港]?",
    r"(86|0086|1[3-9]|62|31)?\d{7,19}",
    r"(1[3-9]\d{9}|0\d{10,11}|\d{8,17})[xXeE]\d{0,4}",
    r"[a-z]{1,6}[._:]?[a-z0-9]{1,9}@[a-z]{1,8}(\.[a-z]{1,4}){0,2}\.(com|png|cn)",
    r"[某张无伟一龥㐀鿿]{1,6}",
    r"(tel|ID|dh|sj|no|mac|sk)-?\d{3}-?\d{4}",
    r"[0-9A-HJ-NP-Z]{15,18}",
    r"[GEHMCWLTDSP][A-Z]?\d{7,10}",
    r"310101(19|20)\d{2}[01]\d[0-3]\d{4}[0-9Xx]",
    r"[a-zA-Z]{1,20}",
]
texts = st.one_of(
    st.one_of([st.from_regex(form, fullmatch=True) for form in FORMS]),
    st.lists(st.sampled_from(PROSE), min_size=3, max_size=30).map("".join),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map("".join),
    st.text(max_size=30).filter(lambda t: t.isprintable()),
    st.text(alphabet="0123456789xX -.AB沪京号第", min_size=1, max_size=24),
)
WAYS = [pytest.param("c", marks=needs_c), "numpy"]


@pytest.mark.parametrize("name", WAYS)
@settings(max_examples=60, deadline=None)
@given(values=st.lists(st.one_of(st.none(), texts), max_size=8))
def test_profile_is_that_of_the_reference(name: str, values: list[str | None]) -> None:
    assert comparable(way(name, values)) == comparable(reference.profile(values))


@needs_c
@settings(max_examples=60, deadline=None)
@given(values=st.lists(st.one_of(st.none(), texts), min_size=1, max_size=8), repeats=st.integers(1, 4))
def test_batches_and_repeats_count_like_the_reference(values: list[str | None], repeats: int) -> None:
    batches = [pa.array(values[at:] + values[:at], pa.string()) for at in range(repeats)]
    assert comparable(counted(batches)) == comparable(reference.profile(values * repeats))


@needs_c
@settings(max_examples=120, deadline=None)
@given(text=texts)
def test_spans_are_those_of_the_reference(text: str) -> None:
    assert compiled.spans(KERNEL, [text])[0] == reference.spans(text)


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.parametrize("value", EXAMPLES)
def test_examples_agree(name: str, value: str) -> None:
    for text in (value, f" {value} ", f"甲{value}乙", f"电话{value}，", value.replace("0", "０")):
        assert comparable(way(name, [text])) == comparable(reference.profile([text]))


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.parametrize("kind", sorted(n.CHECKED))
def test_two_thousand_valid_and_two_thousand_near_misses(name: str, kind: str) -> None:
    source = random.Random(kind)
    valid = [n.CHECKED[kind][0](source) for _ in range(2000)]
    assert way(name, valid).whole[kind] == 2000
    wrong = [n.near_miss(source, kind) for _ in range(2000)]
    assert kind not in way(name, wrong).whole


def forms(value: str) -> list[str]:
    """Return the ways people write a number of groups."""
    groups = [value[i : i + 4] for i in range(0, len(value), 4)]
    if len(value) == 11:
        groups = [value[:3], value[3:7], value[7:]]
    if len(value) == 18:
        groups = [value[:6], value[6:14], value[14:]]
    wide = "".join(chr(ord(char) + 0xFEE0) for char in value)
    escaped = "".join(f"\\u{ord(char):04x}" for char in value)
    joined = ["-".join(groups), " ".join(groups), ".".join(groups), "\u200b".join(groups), " ".join(value)]
    glued = [f"张三{value}李四", f"（{value}）", f"号码：{value}。", f"\ufeff{value}", f"{value}，"]
    return [value, value.lower(), wide, escaped, *joined, *glued]


@pytest.mark.parametrize(
    ("kind", "maker"),
    [
        ("CN_RESIDENT_ID", n.resident_id),
        ("BANK_CARD", n.bank_card),
        ("PHONE_NUMBER", n.mobile),
        ("CN_USCC", n.uscc),
    ],
)
def test_every_form_is_found_and_nothing_inside_a_longer_number(kind: str, maker: n.Maker) -> None:
    source = random.Random(7)
    missed = []
    for _ in range(60):
        value = maker(source)
        for form in forms(value):
            found = kernel.spans([form])[0]
            if [span.type for span in found] != [kind]:
                missed.append(form)
        for longer in (f"7{value}", f"{value}7", f"a3{value}", f"{value}b9", f"0.{value}"):
            if bank_card(longer):  # 16 to 19 digits are cards: one in ten is again a valid one
                continue
            assert kind not in {span.type for span in kernel.spans([longer])[0]}, longer
    assert not missed


@pytest.mark.parametrize("prefix", ["+86", "+86 ", "0086", "86-", "+86-", "(+86)", "86"])
def test_country_code(prefix: str) -> None:
    text = f"{prefix}13800138000"
    assert [(s.start, s.end, s.type) for s in kernel.spans([text])[0]] == [(0, len(text), "PHONE_NUMBER")]


TRAPS = [
    "1700000000000", "订单号13800138000", "20240101138001380001", "202401011380013800", "13800138000.50",
    "3.13800138000", "￥13800138000", "12345678901", "6901234567892", "2024-01-15", "2024-01-15 13:00:00",
    "版本 1.2.3.4", "12:30:45", "A12-345678", "1.3.8.0.0.1", "GB/T 35273-2020", "沪府发〔2019〕21号",
    "3号楼1204室", "12000.00元", "std::vector", "logo@2x.png", "13800138000元", "310101190001010012",
    "91310000MA1FAKE001", "流水号：6222020000000000", "user@localhost", "0000-00-00", "ISBN 9787302511625",
    "https://a:b@example.com/x",
]  # fmt: skip


@pytest.mark.parametrize("text", TRAPS)
def test_traps(text: str) -> None:
    assert kernel.spans([text]) == [[]]


def test_context_decides_where_the_form_cannot() -> None:
    assert [s.type for s in kernel.spans(["IMEI 350000000000014"])[0]] == ["IMEI"]
    assert [s.type for s in kernel.spans(["身份证号310101000101001"])[0]] == ["CN_RESIDENT_ID"]
    assert [s.type for s in kernel.spans(["身份证号码：310101190001010012"])[0]] == ["CN_RESIDENT_ID"]
    assert [s.type for s in kernel.spans(["座机62545581"])[0]] == ["PHONE_NUMBER"]
    assert kernel.spans(["350000000000014"]) == [[]]


def test_ambiguous_values_count_under_each_type() -> None:
    value = "350000000000014"
    assert set(kernel.profile(pa.array([value])).whole) >= {"IMEI"}


def test_offsets_are_of_the_original() -> None:
    text = "😀号：１３８\u200b－0013\u30008000。"
    (span,) = kernel.spans([text])[0]
    assert text[span.start : span.end] == "１３８\u200b－0013\u30008000"


def test_batches_add_up_and_dictionaries_count_the_same() -> None:
    values = ["13800138000", None, "", "张*", "电话13800138000", "13800138000"]
    whole = kernel.profile(pa.array(values))
    parts = merge(
        kernel.profile(pa.array(values[:3])), kernel.profile(pa.array(values[3:], pa.large_string()))
    )
    coded = kernel.profile(pa.array(values).dictionary_encode())
    sliced = kernel.profile(pa.array(["x", *values, "y"]).slice(1, len(values)))
    assert comparable(whole) == comparable(parts) == comparable(coded) == comparable(sliced)
    assert (whole.rows, whole.nulls, whole.blank) == (6, 1, 1)
    assert whole.within == {"PHONE_NUMBER": 1}
    assert whole.masked == {"PERSON": 1}


@pytest.mark.parametrize(
    "array",
    [
        pa.array([13800138000, None]),
        pa.array([13800138000.0, float("nan")]),
        pa.array([13800138000.0, None], pa.float64()),
        pa.array(["13800138000", "x"], pa.string_view()),
        pa.array(["13800138000", "x"]).dictionary_encode(),
        pa.array([["13800138000"], None]),
        pa.array([b"13800138000", b"\xff\x00"]),
        pa.chunked_array([pa.array(["13800138000"]), pa.array(["x"])]),
    ],
)
def test_every_kind_of_column_is_read_as_text(array: pa.Array) -> None:
    profile = kernel.profile(array)
    assert profile.rows == 2
    assert profile.whole.get("PHONE_NUMBER", 0) + profile.within.get("PHONE_NUMBER", 0) == 1


@pytest.mark.parametrize("kind", [pa.float16(), pa.float32(), pa.float64()])
def test_floats_of_every_width_keep_their_digits(kind: pa.DataType) -> None:
    profile = kernel.profile(pa.array([1.0, 0.5, None], pa.float64()).cast(kind))
    assert (profile.nulls, profile.shape.digits, profile.shape.decimal) == (1, 1, 1)


def test_types_without_values_and_empty_columns() -> None:
    assert kernel.profile(pa.nulls(3)).nulls == 3
    assert kernel.profile(pa.array([], pa.string())).rows == 0
    assert kernel.profile(pa.array([True, False])).shape.letters == 2
    assert kernel.profile(pa.array(["3.10101E+17"])).shape.scientific == 1


def test_odd_texts_do_no_harm() -> None:
    odd = [
        "\ud800电话13800138000",
        "\x00" * 5,
        "𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎",
        "🀄" * 9,
        "1" * 300,
        "-" * 300,
        "@" * 99,
        ":" * 99,
        "(" * 99,
    ]
    found = kernel.spans(odd)
    assert [(s.start, s.end) for s in found[0]] == [(3, 14)]
    assert [s.type for s in found[2]] == ["PHONE_NUMBER"]
    assert found == [reference.spans(text) for text in odd]


def test_a_cell_of_fifty_megabytes() -> None:
    if KERNEL is None:
        pytest.skip("seconds without the C kernel")
    cell = "市民反映小区电梯故障，" * 1_600_000 + "电话13800138000"
    assert kernel.profile(pa.array([cell])).within == {"PHONE_NUMBER": 1}


def test_flagged_rows() -> None:
    assert kernel.spans_in(pa.chunked_array([["无", "电话13800138000"], ["password=Abc123", None]])) == [1, 2]


def test_every_type_is_of_the_vocabulary() -> None:
    from hushu.rules.vocabulary import load

    assert set(TYPES) <= set(load())


def test_fallback_is_chosen_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUSHU_KERNEL", "python")
    assert kernel.backend() == "python"
    assert kernel.spans(["电话13800138000"])[0][0].type == "PHONE_NUMBER"
