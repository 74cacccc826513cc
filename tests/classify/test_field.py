"""What the tables of the field taught: cells as spreadsheets leave them, headers that lean on their neighbours."""

import random

import pyarrow as pa
import pytest

import hushu
from hushu.classify.judges import organization, region_code
from hushu.classify.tableview import ungrouped
from tests.classify import identifiers

IDS = [identifiers.resident_id(random.Random(n)) for n in range(30)]


def types_of(columns):
    table = hushu.scan(pa.table(columns)).tables[0]
    return [column.type for column in table]


@pytest.mark.parametrize(
    ("header", "values", "type_id"),
    [
        ("c1", [f"{i[:4]} {i[4:8]} {i[8:12]} {i[12:16]} {i[16:]}" for i in IDS], "CN_RESIDENT_ID"),
        ("c1", ["'" + i for i in IDS], "CN_RESIDENT_ID"),
        ("c1", [f'="{i}"' for i in IDS], "CN_RESIDENT_ID"),
        ("cardnum", [i[:10] + "****" + i[14:] for i in IDS], "CN_RESIDENT_ID"),
        ("白名单", ["10.0.0.1,10.0.0.2", "192.168.1.7", "10.1.1.9, 10.1.1.8"] * 5, "IP_ADDRESS"),
        ("gender", ["Male", "Female"] * 10, "GENDER"),
        ("reviewer", ["wangwei01", "lijing88", "zhangsan", "tiger.li"] * 5, "USERNAME"),
        ("备注", ["转学生", "缺考数学", "进步明显"] * 3, "FREE_TEXT"),
        ("行政区划编码", ["330106001002", "440305003001", "510107002004"] * 5, "REGION"),
        ("企业类型", ["有限责任公司(自然人独资)", "股份有限公司", "个体工商户"] * 9, None),
        ("waybill_no", [f"E{n:08d}" for n in range(30)], None),
        ("处置时限", ["24小时", "3天", "7天"] * 9, None),
    ],
)
def test_values_and_headers_of_the_field(header, values, type_id):
    assert types_of({header: values}) == [type_id]


def test_check_digits_that_all_fit_are_proof():
    numbers = [identifiers.imei(random.Random(n)) for n in range(30)]
    assert types_of({"定位设备": numbers}) == ["IMEI"]
    assert types_of({"定位设备": numbers[:-5] + ["860000000000001"] * 5}) != ["IMEI"]


def test_who_has_a_number_of_their_own_is_a_person():
    nothing = pa.nulls(0, pa.string())
    assert types_of({"mfr": nothing, "mfr_sfzh": nothing, "htje": nothing})[0] == "PERSON"


def test_marks_of_spreadsheets_go_and_times_stay():
    assert ungrouped("'13800138000") == "13800138000"
    assert ungrouped("6222 0200 0000 0000 000") == "6222020000000000000"
    for kept in ("2024-01-01 08:30:00", "2024-01-01", "O'Connor", "021-20000000"):
        assert ungrouped(kept) == kept


def test_a_legal_form_names_nobody_and_a_shop_somebody():
    assert organization(["有限责任公司", "国有独资公司", "幸福路老王理发店"]) == [0.0, 0.0, 0.7]
    assert region_code(["330106001002", "999999001002", "33010600100"]) == [1.0, 0.0, 0.0]


def test_wide_tables_are_examined_in_linear_time():
    from time import process_time

    def seconds(width):
        begun = process_time()
        hushu.scan(pa.table({f"c{n}": ["1"] for n in range(width)}))
        return process_time() - begun

    seconds(10)
    assert seconds(600) < 20 * max(seconds(100), 0.05)


def test_a_column_that_cannot_be_read_is_listed_and_the_rest_goes_on():
    strange = pa.array([1, 2], pa.timestamp("us", "Mars/Base"))
    spans = pa.array([pa.MonthDayNano([1, 2, 3]), None])
    frame = pa.table({"wann": strange, "spans": spans, "sjh": ["13800138000", "13900139000"]})
    inventory = hushu.scan(frame)
    assert [c.type for c in inventory.tables[0]] == [None, None, "PHONE_NUMBER"]
    assert [n.why.split()[:2] for n in inventory.not_examined] == [["HS-W203", "wann:"]]
