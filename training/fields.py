"""The fields of forms: a type, the labels it goes by, and how its values are made.

Fields that look the same but are nobody's number (orders, invoices, batches) stand among them, unmarked.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from training import names, places, things
from training.words import words

Maker = Callable[[Random], str]


def _number(*sizes: int, heads: tuple[str, ...] = ("",)) -> Maker:
    return lambda rng: rng.choice(heads) + things.digits(rng, rng.choice(sizes))


def _grouped(make: Maker) -> Maker:
    def grouped(rng: Random) -> str:
        value = make(rng)
        if value.isdigit() and len(value) >= 8 and rng.random() < 0.2:
            return rng.choice(" -").join(value[k : k + 4] for k in range(0, len(value), 4))
        return value

    return grouped


FIELDS: tuple[tuple[str, list[str], Maker], ...] = (
    (
        "PERSON",
        words("label_person"),
        names.person,
    ),
    ("PERSON", words("label_person_2"), names.latin),
    (
        "ADDRESS",
        words("label_address"),
        places.address,
    ),
    (
        "ORGANIZATION",
        words("label_organization"),
        things.organization,
    ),
    (
        "DIAGNOSIS",
        words("label_diagnosis"),
        things.disease,
    ),
    (
        "PHONE_NUMBER",
        words("label_phone_number"),
        things.phone,
    ),
    (
        "CN_RESIDENT_ID",
        words("label_cn_resident_id"),
        things.resident_id,
    ),
    ("BIRTH_DATE", words("label_birth_date"), things.birth_date),
    (
        "MEDICAL_RECORD_NO",
        words("label_medical_record_no"),
        _grouped(_number(6, 8, 10, 12, heads=("", "", "ZY", "MZ", "E", "B-", "JZ"))),
    ),
    (
        "EMPLOYEE_NO",
        words("label_employee_no"),
        _number(3, 4, 5, 6, heads=("", "", "A", "SH-", "L", "GH", "YG", "E")),
    ),
    (
        "STUDENT_NO",
        words("label_student_no"),
        _number(6, 8, 10, heads=("20", "20", "S20", "IS", "G3101", "L", "512")),
    ),
    (
        "UTILITY_ACCOUNT_NO",
        words("label_utility_account_no"),
        _grouped(_number(7, 8, 10, 12, 13)),
    ),
    (
        "BANK_ACCOUNT",
        words("label_bank_account"),
        _grouped(_number(12, 15, 17, 19, heads=("1", "3", "4", "5"))),
    ),
    (
        "BANK_CARD",
        words("label_bank_card"),
        _grouped(_number(14, 17, heads=("62",))),
    ),
    ("WECHAT_ID", words("label_wechat_id"), things.handle),
    ("QQ_NUMBER", words("label_qq_number"), _number(6, 8, 9, heads=("1", "2", "3", "5", "8"))),
    (
        "USERNAME",
        words("label_username"),
        things.handle,
    ),
    (
        "CREDENTIAL",
        words("label_credential"),
        things.secret,
    ),
    (
        "CN_PASSPORT",
        words("label_cn_passport"),
        _number(7, 8, heads=("E", "EJ", "G", "PE", "M", "CB", "Z", "A", "SE", "K")),
    ),
    (
        "CN_TRAVEL_PERMIT",
        words("label_cn_travel_permit"),
        _number(8, heads=("C", "H", "M", "T", "", "CA")),
    ),
    (
        "CN_FOREIGNER_ID",
        words("label_cn_foreigner_id"),
        lambda rng: rng.choice(("USA", "JPN", "FRA", "KOR", "DEU", "RUS")) + "3101" + things.digits(rng, 8),
    ),
    (
        "CN_SOCIAL_SECURITY_NO",
        words("label_cn_social_security_no"),
        _number(8, heads=("A", "B", "C")),
    ),
    (
        "CN_MEDICAL_INSURANCE_NO",
        words("label_cn_medical_insurance_no"),
        _number(8, 9, 10, heads=("", "A", "M", "Y")),
    ),
    ("CN_RESIDENCE_PERMIT", words("label_cn_residence_permit"), things.resident_id),
    (
        "CN_MILITARY_ID",
        words("label_cn_military_id"),
        lambda rng: rng.choice("军南空海政参武") + "字第" + things.digits(rng, rng.choice((6, 7, 8))) + "号",
    ),
    (
        "CN_USCC",
        words("label_cn_uscc"),
        lambda rng: (
            f"9131{things.digits(rng, 4)}MA1{things.reshaped('K9LX2', rng)}{rng.choice('0123456789XJ')}"
        ),
    ),
    (
        "CN_ORG_CODE",
        words("label_cn_org_code"),
        lambda rng: f"{things.digits(rng, 8)}-{rng.choice('0123456789X')}",
    ),
    (
        "CN_BUSINESS_REG_NO",
        words("label_cn_business_reg_no"),
        lambda rng: "310" + things.digits(rng, 12),
    ),
    (
        "VIN",
        words("label_vin"),
        lambda rng: (
            "L" + "".join(rng.choices("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", k=10)) + things.digits(rng, 6)
        ),
    ),
    ("IMEI", words("label_imei"), _number(14, heads=("8",))),
    (
        "MAC_ADDRESS",
        words("label_mac_address"),
        lambda rng: ":".join(f"{rng.randrange(256):02X}" for _ in range(6)),
    ),
    (
        "IP_ADDRESS",
        words("label_ip_address"),
        lambda rng: (
            f"{rng.choice((10, 172, 192, 58, 101))}.{rng.randint(0, 255)}."
            f"{rng.randint(0, 255)}.{rng.randint(1, 254)}"
        ),
    ),
    ("EMAIL_ADDRESS", words("label_email_address"), things.email),
    ("LICENSE_PLATE", words("label_license_plate"), things.plate),
    ("POSTAL_CODE", words("label_postal_code"), _number(4, heads=("20", "10", "51"))),
    (
        "GEO_COORDINATE",
        words("label_geo_coordinate"),
        lambda rng: f"121.{things.digits(rng, 6)},31.{things.digits(rng, 6)}",
    ),
    (
        "REAL_ESTATE_NO",
        words("label_real_estate_no"),
        lambda rng: rng.choice(
            (
                f"沪（20{rng.randint(16, 24)}）{rng.choice('徐浦杨闵宝静')}字"
                f"不动产权第{things.digits(rng, 6)}号",
                f"沪房地{rng.choice('徐浦杨闵宝静')}字"
                f"(20{rng.randint(10, 16):02d})第{things.digits(rng, 6)}号",
            )
        ),
    ),
    (
        "COURT_CASE_NO",
        words("label_court_case_no"),
        lambda rng: (
            rng.choice(("（{}）", "({})", "〔{}〕")).format(rng.randint(2010, 2024))
            + f"{rng.choice('沪苏京浙')}{rng.choice(('0', '01', ''))}{rng.randint(100, 120)}"
            + f"{rng.choice(('民初', '执', '刑初', '行初', '民终', '执恢'))}{rng.randint(1, 19999)}号"
        ),
    ),
)
QUASI: tuple[tuple[str, list[str], Maker], ...] = (
    ("GENDER", words("label_gender"), lambda rng: rng.choice("男女")),
    ("AGE", words("label_age"), lambda rng: f"{rng.randint(1, 96)}岁"),
    (
        "ETHNICITY",
        "民族",
        lambda rng: rng.choice(["汉族", "汉", "藏族", "回族", "维吾尔族", "彝族", "苗族", "壮族"]),
    ),
    ("OCCUPATION", words("label_occupation"), lambda rng: rng.choice(things.JOB)),
    (
        "EDUCATION",
        words("label_education"),
        lambda rng: rng.choice(["本科", "大专", "初中", "高中", "硕士", "博士", "小学", "中专"]),
    ),
    (
        "MARITAL_STATUS",
        words("label_marital_status"),
        lambda rng: rng.choice(["已婚", "未婚", "离异", "丧偶"]),
    ),
    (
        "NATIONALITY",
        words("label_nationality"),
        lambda rng: rng.choice(["日本", "韩国", "美国", "德国", "法国", "俄罗斯", "印度", "英国"]),
    ),
    ("NATIVE_PLACE", words("label_native_place"), places.region),
    ("BLOOD_TYPE", "血型", lambda rng: rng.choice(["A型", "B型", "O型", "AB型", "O型Rh阴性"])),
    ("POLITICAL_STATUS", "政治面貌", lambda rng: rng.choice(["中共党员", "共青团员", "群众", "民盟盟员"])),
    (
        "MEDICATION",
        words("label_medication"),
        lambda rng: rng.choice(
            ["阿司匹林100mg qd", "二甲双胍0.5g tid", "氨氯地平", "胰岛素", "奥司他韦", "阿托伐他汀20mg"]
        ),
    ),
    ("INCOME", words("label_income"), lambda rng: f"{rng.randint(20, 400) * 50}元"),
)
NOBODYS: tuple[tuple[list[str], Maker], ...] = (
    (
        words("label_nobody"),
        _number(8, 12, 16, 18, heads=("", "", "GD", "WX", "HB-", "SQ20", "20")),
    ),
    (
        words("label_nobody_2"),
        _number(4, 6, 9, heads=("", "A-", "FT-02-", "TH-", "v2.", "20")),
    ),
    (
        words("label_nobody_3"),
        lambda rng: f"{rng.randint(1, 99999)}{rng.choice(('元', '万元', '', '.50', '平方米', '件'))}",
    ),
    (
        words("label_nobody_4"),
        lambda rng: f"20{rng.randint(18, 25)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
    ),
    (
        words("label_nobody_5"),
        lambda rng: rng.choice(
            [
                "咨询",
                "投诉",
                "求助",
                "噪音扰民",
                "已办结",
                "处理中",
                "电话",
                "心内科",
                "一般",
                "无",
                "否",
                "油烟",
                "漏水",
                "网站",
                "消费纠纷",
                "已退回",
                "待核实",
                "正常",
                "停车难",
                "内科",
                "急诊",
            ]
        ),
    ),
    (
        words("label_nobody_6"),
        lambda rng: rng.choice(
            (
                "12345",
                "110",
                "95588",
                "400-820-" + things.digits(rng, 4),
                "12315",
                "962" + things.digits(rng, 3),
            )
        ),
    ),
)
