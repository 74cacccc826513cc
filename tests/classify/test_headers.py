"""What a header says, in every way people write one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushu.classify.headers import read, read_column

SAYS = 0.56


def best(heading):
    return max(heading.weights, key=lambda t: heading.weights[t], default=None)


@pytest.mark.parametrize(
    ("header", "type_id"),
    [
        ("联系人电话", "PHONE_NUMBER"), ("lxrdh", "PHONE_NUMBER"), ("contct_tel", "PHONE_NUMBER"), ("mobtel", "PHONE_NUMBER"),
        ("custPhoneNo", "PHONE_NUMBER"), ("custphoneno", "PHONE_NUMBER"), ("shoujihaoma", "PHONE_NUMBER"),
        ("gmsfhm", "CN_RESIDENT_ID"), ("SFZH", "CN_RESIDENT_ID"), ("identi_no", "CN_RESIDENT_ID"), ("cer_no", "CN_RESIDENT_ID"),
        ("uni_social_crd_cd", "CN_USCC"), ("xzqh", "REGION"), ("adds", "ADDRESS"), ("yhdz", "ADDRESS"),
        ("huzhuxingming", "PERSON"), ("hzxm", "PERSON"), ("legal_repre", "PERSON"), ("保管员", "PERSON"),
        ("民族代码", "ETHNICITY"), ("minzudaima", "ETHNICITY"), ("hyzk", "MARITAL_STATUS"), ("whcd", "EDUCATION"),
        ("zzmm", "POLITICAL_STATUS"), ("birhtday", "BIRTH_DATE"), ("身份證號", "CN_RESIDENT_ID"), ("姓名（必填）", "PERSON"),
        ("出生地", "NATIVE_PLACE"), ("营业收入", "BUSINESS_FINANCE"), ("家庭月收入(元)", "INCOME"), ("是否党员", "POLITICAL_STATUS"),
        ("IP地址", "IP_ADDRESS"), ("employer_name", "EMPLOYER"), ("征收机关", "ORGANIZATION"),
    ],
)  # fmt: skip
def test_a_header_is_read(header, type_id):
    heading = read(header)
    assert best(heading) == type_id
    assert heading.weights[type_id] >= SAYS


@pytest.mark.parametrize(
    "header",
    [
        "电话类型", "phone_type", "身份证有效期", "id_card_expiry", "手机品牌", "product_name", "项目名称", "contract_no", "capacity",
        "image", "mileage", "menu_name", "bianhao", "danganbianhao", "流水号", "订单号", "名称", "编号", "类型", "状态", "金额", "日期",
        "时间", "name", "id", "c1", "F0012", "col7", "", "是否绑定手机", "address_code", "email_type", "recent", "sexagesimal",
    ],
)  # fmt: skip
def test_a_header_about_something_else_says_nothing(header):
    heading = read(header)
    assert max(heading.weights.values(), default=0) < SAYS


@pytest.mark.parametrize("header", ["男性人数", "avg_age", "平均年龄", "手机号数量", "person_count"])
def test_counts_and_means_are_derived(header):
    assert read(header).derived


def test_a_total_that_is_the_thing_itself_is_not_derived():
    assert not read("total_profit").derived


@pytest.mark.parametrize("header", ["c1", "F0012", "col_7", "field3"])
def test_meaningless_headers_are_not_clear(header):
    assert not read(header).clear


def test_the_comment_speaks_for_a_meaningless_header():
    assert best(read_column("c1", "身份证号，18位")) == "CN_RESIDENT_ID"


def test_the_comment_outranks_bare_initials():
    assert read_column("mz", "门诊费用").weights.get("ETHNICITY", 0) < SAYS
    assert read_column("mz", "民族").weights["ETHNICITY"] > 0.9


def test_a_counter_word_is_told():
    assert read("product_name").against["PERSON"] == "product"


@given(st.text(max_size=40))
def test_any_header_can_be_read(text):
    heading = read_column(text, text)
    assert all(0 <= weight <= 1 for weight in heading.weights.values())


@pytest.mark.parametrize(
    ("header", "type_id"),
    [("xb_dm", "GENDER"), ("mz_mc", "ETHNICITY"), ("hyzk_code", "MARITAL_STATUS"), ("xl_cd", "EDUCATION")],
)
def test_a_tail_of_its_own_names_the_code_of_the_initials(header, type_id):
    assert read(header).weights[type_id] > 0.4


def test_a_code_tail_says_nothing_of_a_type_without_codes():
    assert read("sj_dm").weights.get("PHONE_NUMBER", 0) < 0.2


@pytest.mark.parametrize(
    ("header", "type_id"),
    [("nianxin_wan", "INCOME"), ("salary_yuan", "INCOME"), ("yongdianliang_kwh", "UTILITY_USAGE")],
)
def test_a_unit_at_the_end_is_no_part_of_the_name(header, type_id):
    assert read(header).weights[type_id] > 0.7


@pytest.mark.parametrize(
    ("header", "type_id"),
    [
        ("ocptn_cd", "OCCUPATION"),  # without its vowels
        ("mrtl_st_cd", "MARITAL_STATUS"),
        ("relation_to_holder", "FAMILY_RELATION"),
        ("lng_wgs84", "GEO_COORDINATE"),
        ("犬主证件号", "CN_RESIDENT_ID"),  # a role that nobody listed
        ("调解过程", "FREE_TEXT"),
        ("五年内逾期次数", "CREDIT_RECORD"),
        ("聯絡電話", "PHONE_NUMBER"),
        ("电郵", "EMAIL_ADDRESS"),
    ],
)
def test_headers_that_no_list_holds_are_read_by_their_parts(header, type_id):
    weights = read(header).weights
    assert max(weights, key=weights.get) == type_id
    assert weights[type_id] > 0.4


@pytest.mark.parametrize("header", ["压力(MPa)", "是否共有人", "server", "order_number", "sbmc"])
def test_units_flags_and_things_are_no_persons_data(header):
    assert max(read(header).weights.values(), default=0) < 0.3
