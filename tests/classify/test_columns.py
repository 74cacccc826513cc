"""Verdicts on columns: what they are, what they contain, and when nothing must be said."""

from __future__ import annotations

import random

import pytest

from hushu.classify import kernel
from hushu.classify.arrow import as_text
from hushu.classify.columns import examine
from hushu.classify.tableview import ColumnView, TableView
from hushu.model import Span

NAMES = [
    "张伟",
    "李娜",
    "王芳",
    "刘洋",
    "陈静",
    "杨帆",
    "赵磊",
    "周敏",
    "吴强",
    "徐丽",
    "孙涛",
    "胡兵",
    "朱琳",
    "高峰",
    "林霞",
    "何勇",
]
IDS = ["310101190001010011", "31010119000101002X"]


def column(name, values=(), comment="", data_type=""):
    import pyarrow as pa

    texts = as_text(pa.array(list(values)) if values else pa.nulls(0))
    counts = {}
    for value in texts.to_pylist():
        if value is not None:
            counts[value] = counts.get(value, 0) + 1
    return ColumnView(name, comment, data_type, kernel.profile(texts), counts, True, len(counts))


def kind(*columns, **table):
    return [found.type for found in verdicts(*columns, **table)]


def verdicts(*columns, table="t1", comment="", reader=None):
    rows = max((sum(c.sample.values()) for c in columns), default=0)
    return examine(TableView(table, comment, rows, columns), reader)


def one(name, values=(), **more):
    return verdicts(column(name, values), **more)[0]


@pytest.mark.parametrize(
    ("header", "type_id"),
    [
        ("身份证号", "CN_RESIDENT_ID"),
        ("xm", "PERSON"),
        ("contct_tel", "PHONE_NUMBER"),
        ("zzmm", "POLITICAL_STATUS"),
        ("备注", "FREE_TEXT"),
    ],
)
def test_a_header_alone_suffices(header, type_id):
    assert one(header).type == type_id


@pytest.mark.parametrize(
    ("values", "type_id"),
    [
        (IDS * 3, "CN_RESIDENT_ID"),
        (["13800138000", "13912345678", "021-20000000"], "PHONE_NUMBER"),
        ([13800138000, 13912345678, 15812345678], "PHONE_NUMBER"),
        (["138****0000", "139****1234", "158****9999"], "PHONE_NUMBER"),
        (["310101********0011", "310104********1234", "320102********002X"], "CN_RESIDENT_ID"),
        (["男", "女", "男", "女"], "GENDER"),
        (["汉族", "回族", "汉族"], "ETHNICITY"),
        (["沪A12345", "沪AD12345", "苏E88888"], "LICENSE_PLATE"),
        (["test@example.com", "a.b@example.cn", "x1@mail.example.cn"], "EMAIL_ADDRESS"),
        (["浦东新区世纪大道100号", "延安西路900弄2号501室", "四平路12弄3号"], "ADDRESS"),
        (["121.473700,31.230400", "121.500100,31.240000", "121.490000,31.220000"], "GEO_COORDINATE"),
        (["810000190001010026", "830000190001010038", "810000190001010026"], "CN_RESIDENCE_PERMIT"),
        (["２型糖尿病", "高血压病", "冠心病", "慢性支气管炎"], "DIAGNOSIS"),
        (NAMES, "PERSON"),
        (["张伟、李娜", "王芳,刘洋", "陈静、杨帆、赵磊"] * 3, "PERSON"),
        (['["13800138000", "13912345678"]', '["15812345678", "13700000000"]'], "PHONE_NUMBER"),
    ],
)
@pytest.mark.parametrize("header", ["c1", "F0012"])
def test_values_alone_suffice(header, values, type_id):
    assert one(header, values).type == type_id


def near_misses(kind, count=60):
    rng = random.Random(3)
    if kind == "id":
        return [
            f"31010119{rng.randint(10, 99)}0101{rng.randint(1000, 9999)}"[:17] + "A" for _ in range(count)
        ]
    if kind == "order":
        return [
            f"2024{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}{rng.randrange(10**8):08d}"
            for _ in range(count)
        ]
    if kind == "stamp":
        return [str(1_600_000_000_000 + rng.randrange(10**11)) for _ in range(count)]
    if kind == "amount":
        return [str(rng.randrange(10**10, 10**11)) for _ in range(count)]
    if kind == "six":
        return [str(rng.randrange(100_000, 1_000_000)) for _ in range(count)]
    if kind == "year":
        return [str(rng.randrange(1990, 2025)) for _ in range(count)]
    return [f"{rng.randint(1, 9)}.{rng.randint(0, 20)}.{rng.randint(0, 99)}" for _ in range(count)]


@pytest.mark.parametrize("kind", ["id", "order", "stamp", "amount", "six", "year", "version"])
def test_numbers_that_only_look_alike_are_nothing(kind):
    assert one("c1", near_misses(kind)).type is None


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("名称", ["宫保鸡丁", "鱼香肉丝", "高汤娃娃菜", "黄焖鸡"]),
        ("状态", ["1", "2", "1"]),
        ("类型", ["A", "B", "C"]),
        ("金额", ["12.50", "8000.00"]),
        ("日期", ["2024-01-01", "2024-03-05"]),
        ("备注", ["正常", "正常", "异常"]),
        ("创建时间", ["2024-01-01 10:00:00"]),
        ("phone_type", ["手机", "座机"]),
    ],
)
def test_everyday_columns_are_nothing(header, values):
    assert one(header, values).type is None


def test_a_header_that_the_values_contradict_does_not_hold():
    assert one("手机号", ["是", "否", "是", "是"]).type is None


def test_name_means_a_person_in_a_table_of_persons():
    assert one("名称", NAMES, table="t_person").type == "PERSON"
    assert one("名称", ["红烧排骨", "清炒时蔬", "麻婆豆腐"], table="t_dish").type is None


def test_gender_codes_need_the_header():
    assert one("xb", ["1", "2"]).type == "GENDER"
    assert one("c1", ["1", "2"]).type is None


def test_longitude_and_latitude_support_each_other():
    left = column("c1", ["121.4737", "121.5012", "121.4600", "121.4411"])
    right = column("c2", ["31.2304", "31.2401", "31.2200", "31.1999"])
    assert [f.type for f in verdicts(left, right)] == ["GEO_COORDINATE", "GEO_COORDINATE"]


def test_coordinates_of_a_camera_register_are_facilities():
    left, right = column("经度", ["121.473711", "121.501222"]), column("纬度", ["31.230444", "31.240155"])
    assert [f.type for f in verdicts(left, right, table="摄像头点位表")] == ["FACILITY_LOCATION"] * 2


def test_ninety_five_percent_nulls_do_not_hide_a_type():
    values = [None] * 190 + ["无"] * 3 + IDS * 3
    assert one("c1", values).type == "CN_RESIDENT_ID"


def test_a_mixture_of_ids_and_codes_is_told():
    finding = one("当事人证件号码", IDS * 4 + ["91310000MA1FAKE002"] * 3)
    assert finding.type == "CN_RESIDENT_ID"
    assert [(c.type, c.count) for c in finding.contains] == [("CN_USCC", 3)]


def test_one_phone_number_in_many_remarks_is_contained():
    values = [f"第{i}批货物已发出" for i in range(3000)] + ["请致电13800138000"]
    finding = one("remark", values)
    assert [(c.type, c.count) for c in finding.contains] == [("PHONE_NUMBER", 1)]


def test_two_guessed_names_among_titles_are_not():
    finding = one("product_title", [f"商品{i}" for i in range(2000)] + ["张伟", "李娜"])
    assert finding.type is None
    assert finding.contains == ()


def test_free_text_tells_what_the_reader_finds():
    texts = [
        "来电人张伟反映小区门口垃圾无人清运，希望尽快处理。",
        "当事人称设备损坏多日，要求尽快维修并给予答复。",
    ]

    def reader(batch):
        return [[Span(start=3, end=5, type="PERSON", score=0.9)] if "张伟" in t else [] for t in batch]

    finding = one("诉求内容", texts, reader=reader)
    assert finding.type == "FREE_TEXT"
    assert [(c.type, c.count) for c in finding.contains] == [("PERSON", 1)]


def test_digits_lost_in_a_spreadsheet_are_warned_of():
    finding = one("身份证号", ["1.10101E+17", "3.10101E+17", "3.20101E+17"])
    assert finding.type == "CN_RESIDENT_ID"
    assert finding.warnings


def test_aggregates_are_derived_and_no_type():
    finding = one("男性人数", ["12", "30"])
    assert finding.type is None
    assert finding.facts["derived"] is True


def test_facts_for_packs():
    assert one("年龄", ["3", "15", "40", "70"]).facts["under_14"] == 0.25
    assert one("住址", ["延安西路900弄2号501室"] * 3).facts["address_depth"] == "室"
    assert one("经度", ["121.473711", "121.501222"]).facts["decimals"] == 6


def test_evidence_adds_up_and_negative_evidence_is_kept():
    finding = one("product_name", NAMES, table="t_goods")
    assert any(e.weight < 0 for e in finding.evidence)
    held = one("xm", NAMES)
    assert {e.kind for e in held.evidence} >= {"header", "value"}


def test_results_hold_no_raw_value():
    finding = one("xm", NAMES)
    assert not any(name in str(finding) for name in NAMES)


def test_an_empty_table_and_odd_names():
    assert verdicts() == ()
    found = verdicts(
        column(""), column("a\nb", ["x"]), column("😀", ["9999-12-31"]), column("x" * 5000, ["\x00"])
    )
    assert all(f.type is None for f in found)


@pytest.mark.parametrize("length", [11, 15])
def test_what_chance_makes_valid_is_not_contained(length):
    rng = random.Random(9)
    values = [str(rng.randrange(10 ** (length - 1), 10**length)) for _ in range(400)]
    assert not {c.type for c in one("c1", values).contains} & {"PHONE_NUMBER", "CN_RESIDENT_ID"}


@pytest.mark.parametrize("header", ["overdue_days", "逾期天数", "xyjl"])
def test_an_overdue_book_is_no_credit_record(header):
    assert kind(column("title", ["活着", "围城"]), column(header, [3, 12, 5]), table="reader")[1] is None


@pytest.mark.parametrize("header", ["overdue_days", "逾期天数"])
def test_a_loan_beside_it_makes_an_overdue_column_a_credit_record(header):
    found = kind(column("贷款合同号", ["D2024001", "D2024002"]), column(header, [3, 12, 5]))
    assert found[1] == "CREDIT_RECORD"


def test_small_numbers_that_repeat_under_a_count_are_heads():
    heads = [3, 12, 136, 44, 9, 12, 3, 136, 20, 44] * 4
    assert one("emp_num", heads).type is None
    assert one("emp_num", [f"10{n:04d}" for n in range(40)]).type == "EMPLOYEE_NO"


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("户型", ["一室一厅", "三室两厅", "两室一厅一卫"]),
        ("产地", ["四川", "山东", "浙江"]),
        ("开户银行", ["中国农业银行", "中国建设银行"]),
        ("埋深m", ["0.72", "3.28", "1.40"]),
        ("height_cm", ["142", "155", "168"]),
    ],
)
def test_what_lies_outside_stays_outside(header, values):
    assert one(header, values * 10).type is None


def test_height_beside_blood_pressure_is_a_test_result():
    found = kind(column("身高", [142, 155, 168]), column("血压", ["120/80", "135/85"]), column("姓名", NAMES))
    assert found[0] == "TEST_RESULT"


@pytest.mark.parametrize("values", [["青石居委会", "西泾村村委会"], ["临汾路街道", "彭浦镇"]])
def test_committees_and_streets_are_regions(values):
    assert one("szjw", values * 10).type == "REGION"


@pytest.mark.parametrize(
    ("values", "type_id"),
    [(NAMES, "PERSON"), (["上海某某科技有限公司", "苏州某某商贸有限公司"], "ORGANIZATION")],
)
def test_the_values_tell_whose_name_a_customer_name_is(values, type_id):
    assert one("用户名称", values).type == type_id


def test_nobody_is_employed_in_a_register_of_cameras():
    owners = ["市公安局", "浦东新区城管局", "某某物业管理有限公司"] * 10
    assert kind(column("设备编号", [f"SX{n:06d}" for n in range(30)]), column("qsdw", owners), table="tj")[
        1
    ] in (None, "ORGANIZATION")


@pytest.mark.parametrize("header", ["surname_given", "eng_name", "name_en"])
def test_latin_names_are_names_in_a_table_of_people(header):
    names = ["SMITH JOHN", "KIM MINJUN", "MULLER ANNA", "TANAKA YUI"] * 5
    assert kind(column(header, names), column("gender", ["F", "M"]), table="resident")[0] == "PERSON"


def test_short_notes_under_a_remark_are_free_text():
    notes = ["已电话通知本人", "材料齐全，准予办理", "待补充证明", "与申请人核实后退回", "上门两次未遇，留条"]
    assert one("bz", notes * 6).type == "FREE_TEXT"


def test_names_among_codes_are_listed():
    codes = [f"A{n:05d}" for n in range(120)]
    found = one("bm", codes + NAMES[:10])
    assert {c.type: c.count for c in found.contains}["PERSON"] >= 9


def test_names_among_words_are_no_strays():
    dishes = ["宫保鸡丁", "鱼香肉丝", "高汤娃娃菜", "黄焖鸡", "王婆", "张飞"] * 5
    assert "PERSON" not in {c.type for c in one("bm", dishes).contains}


def test_short_remarks_are_read():
    def reader(texts):
        return [
            [Span(start=t.index("张"), end=t.index("张") + 2, type="PERSON", score=0.9)] if "张" in t else []
            for t in texts
        ]

    found = one("bz", ["已通知张伟本人", "材料齐全，准予办理", "转张丽办理", "待补充证明材料"], reader=reader)
    assert {c.type: c.count for c in found.contains}["PERSON"] == 2
