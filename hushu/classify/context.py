"""Words before a number that say what it is: they decide where the form alone cannot.

The word nearest before a candidate wins (of two that end at one place, the longer). ``NOT`` words name
numbers that are nobody's (orders, amounts, versions): directly before a number that is merely plausible
they overrule it, never one that a check character proves.
"""

from __future__ import annotations

from typing import NamedTuple

NOT = "NOT"
DOCUMENT = "DOCUMENT"
REACH = 18
"""How many characters before a candidate are searched."""

_WORDS: dict[str, str] = {
    "CN_RESIDENT_ID": (
        "身份证|身份證|身份號|身份号|公民身份|居民证|sfz|idcard|idno|id card|id no|id号|id:|id="
    ),
    "CN_RESIDENCE_PERMIT": "居住证|居住證",
    DOCUMENT: "证件|证照号|證件|document|cert",
    "CN_FOREIGNER_ID": "永居|永久居留|绿卡|居留证|居留身份|permanent resident|residence permit|resident id",
    "CN_USCC": "信用代码|信用码|税号|纳税人识别号|uscc|credit code|统一代码|taxpayer",
    "CN_ORG_CODE": "机构代码|组织代码|org code|org_code",
    "CN_BUSINESS_REG_NO": "注册号|注 册 号|登记证号|执照号|营业执照",
    "CN_PASSPORT": "护照|護照|passport|passp0rt",
    "CN_TRAVEL_PERMIT": "通行证|通行證|回乡证|回鄉證|台胞证|臺胞證|permit",
    "CN_MILITARY_ID": "军官证|士兵证|警官证|军人证|文职证|军官|军人",
    "BANK_CARD": "卡号|银行卡|储蓄卡|信用卡|借记卡|存折|bank card|card no|卡號|卡|card",
    "BANK_ACCOUNT": "账号|账户|帐号|账戶|account",
    "PHONE_NUMBER": (
        "电话|電話|手机|手機|联系|聯繫|座机|tel|致电|来电|回电|拨打|拨|可打|值班|phone|mobile|cell|"
        "传真|fax|固话|宅电|call"
    ),
    "IMEI": "imei|串号|设备号|手机串",
    "VIN": "vin|车架|识别代号|车辆识别|大架号",
    "LICENSE_PLATE": "车牌|号牌|牌照|车号|plate|自行车|电动车|摩托|车辆",
    "IP_ADDRESS": "ip|主机|服务器|网关|dns|server|host|client|src|from",
    "STUDENT_NO": "学籍|学号",
    "GEO_COORDINATE": "经度|纬度|坐标|lat|lon|lng|定位",
    "REAL_ESTATE_NO": "不动产|单元号|房产证|产证",
    NOT: (
        "订单|單號|单号|流水|运单|快递|物流|编号|编码|工单|批次|批号|序列号|条码|条形码|货号|版本|version|凭证|发票|票号|"
        "交易号|参考号|金额|合同|order|trace|serial|ticket|时间戳|timestamp|商品|型号|受理|业务号|"
        "合计|总计|共计|rows|size|bytes|count|total|isbn|issn|flow|seq|户号|住院号|病历号|病案号|门诊号|登记号"
    ),
}
WORDS: tuple[tuple[str, str], ...] = tuple(
    (word, kind) for kind, words in _WORDS.items() for word in words.split("|")
)
"""Every word, in lower case, with the type it speaks for."""

_BY_FIRST: dict[str, list[tuple[str, str]]] = {}
for _word, _kind in WORDS:
    _BY_FIRST.setdefault(_word[0], []).append((_word, _kind))

BRIDGE = frozenset("号码編编是为:=#([ -_\"'no.单")
"""What may stand between a ``NOT`` word and the number it concerns."""

BREAKS = frozenset("。！？!?")
"""Where the reach of a word ends."""


class Named(NamedTuple):
    """A form that no check proves but that a word before it makes certain."""

    label: str
    type: str
    shortest: int
    longest: int
    letters: bool
    digits: int
    first: str = ""


NAMED: tuple[Named, ...] = (
    Named("CN_RESIDENT_ID", "CN_RESIDENT_ID", 18, 18, True, 17),
    Named("CN_RESIDENT_ID", "CN_RESIDENT_ID", 15, 15, False, 15),
    Named("CN_RESIDENCE_PERMIT", "CN_RESIDENCE_PERMIT", 18, 18, True, 17),
    Named(DOCUMENT, "CN_RESIDENT_ID", 18, 18, True, 17),
    Named("CN_FOREIGNER_ID", "CN_FOREIGNER_ID", 18, 18, True, 17),
    Named("CN_FOREIGNER_ID", "CN_FOREIGNER_ID", 15, 15, True, 12),
    Named("CN_USCC", "CN_USCC", 18, 18, True, 9),
    Named("CN_ORG_CODE", "CN_ORG_CODE", 9, 9, True, 6),
    Named("CN_BUSINESS_REG_NO", "CN_BUSINESS_REG_NO", 15, 15, False, 15),
    Named("CN_PASSPORT", "CN_PASSPORT", 7, 10, True, 5),
    Named("CN_TRAVEL_PERMIT", "CN_TRAVEL_PERMIT", 8, 11, True, 7),
    Named("BANK_CARD", "BANK_CARD", 16, 19, False, 16),
    Named("PHONE_NUMBER", "PHONE_NUMBER", 11, 11, False, 11, "1"),
    Named("IMEI", "IMEI", 15, 15, False, 15),
    Named("VIN", "VIN", 17, 17, True, 3),
    Named("STUDENT_NO", "STUDENT_NO", 19, 19, True, 17),
    Named("STUDENT_NO", "STUDENT_NO", 8, 12, True, 6),
)


def nearest(text: str, start: int) -> str:
    """Return the type whose word ends nearest before ``start`` in the lower-case ``text``, or nothing.

    A sentence's end, or another number of four digits, between word and candidate breaks the tie.

    Example:
        >>> nearest("订单已付，卡号：6222", 8)
        'BANK_CARD'
    """
    window = text[max(0, start - REACH) : start]
    best, kind = (-1, 0), ""
    for at, char in enumerate(window):
        for word, speaks_for in _BY_FIRST.get(char, ()):
            if (at + len(word), len(word)) > best and window.startswith(word, at):
                best, kind = (at + len(word), len(word)), speaks_for
    between = window[best[0] :] if kind else ""
    if kind == NOT:
        return kind if BRIDGE.issuperset(between) else ""
    return "" if broken(between) else kind


def broken(between: str) -> bool:
    """Return whether something between a word and a number parts them."""
    run = 0
    for char in between:
        run = run + 1 if "0" <= char <= "9" else 0
        if run == 4 or char in BREAKS:
            return True
    return False


def named(label: str, joined: str) -> str:
    """Return the type that ``label`` makes of a string of capitals and digits, or nothing."""
    length, digits = len(joined), sum("0" <= char <= "9" for char in joined)
    for rule in NAMED:
        if rule.label != label or not rule.shortest <= length <= rule.longest:
            continue
        if rule.first and joined[0] not in rule.first:
            continue
        if digits >= rule.digits and (rule.letters or digits == length):
            return rule.type
    return ""
