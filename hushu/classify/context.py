"""Words before a number that say what it is: they decide where the form alone cannot.

The word nearest before a candidate wins (of two that end at one place, the longer). ``NOT`` words name
numbers that are nobody's (orders, amounts, versions): they overrule a form that is merely plausible,
never one that a check character proves.
"""

from __future__ import annotations

NOT = "NOT"
DOCUMENT = "DOCUMENT"
REACH = 18
"""How many characters before a candidate are searched."""

_WORDS: dict[str, str] = {
    "CN_RESIDENT_ID": "身份证|身份號|身份号|公民身份|居民证|居住证|sfz|idcard|idno|id card|id no|id:|id：",
    DOCUMENT: "证件|证照号|證件|证号|document|cert",
    "CN_FOREIGNER_ID": "永居|永久居留|绿卡|居留证|居留身份|permanent resident|residence permit|resident id",
    "CN_USCC": "信用代码|信用码|税号|纳税人识别号|uscc|credit code|统一代码|taxpayer",
    "CN_ORG_CODE": "机构代码|组织代码|org code|org_code",
    "CN_BUSINESS_REG_NO": "注册号|注 册 号|登记证号|执照号|营业执照",
    "CN_PASSPORT": "护照|護照|passport",
    "CN_TRAVEL_PERMIT": "通行证|通行證|回乡证|回鄉證|台胞证|臺胞證|permit",
    "CN_MILITARY_ID": "军官证|士兵证|警官证|军人证|文职证|军官|军人",
    "BANK_CARD": "卡号|银行卡|储蓄卡|信用卡|借记卡|存折|账号|账户|帐号|bank card|card no|卡號",
    "PHONE_NUMBER": (
        "电话|電話|手机|手機|联系|聯繫|座机|tel|致电|来电|拨打|phone|mobile|cell|传真|fax|热线|call|固话|宅电"
    ),
    "IMEI": "imei|串号|设备号|手机串",
    "VIN": "vin|车架|识别代号|车辆识别|大架号",
    "LICENSE_PLATE": "车牌|号牌|牌照|车号|plate",
    "IP_ADDRESS": "ip|主机|服务器|网关|dns|server|host|client|src|from",
    "STUDENT_NO": "学籍|学号",
    "GEO_COORDINATE": "经度|纬度|坐标|lat|lon|lng|定位",
    "REAL_ESTATE_NO": "不动产|单元号|房产证|产证",
    NOT: (
        "订单|單號|单号|流水|运单|快递|物流|编号|编码|工单|批次|批号|序列号|条码|条形码|货号|版本|version|凭证|发票|票号|"
        "交易号|参考号|金额|合同|order|trace|serial|ticket|时间戳|timestamp|商品|型号|受理|业务号|"
        "合计|总计|共计|￥|¥|$|isbn|issn"
    ),
}
WORDS: tuple[tuple[str, str], ...] = tuple(
    (word, kind) for kind, words in _WORDS.items() for word in words.split("|")
)
"""Every word, in lower case, with the type it speaks for."""


def nearest(text: str, start: int) -> str:
    """Return the type whose word ends nearest before ``start`` in the lower-case ``text``, or nothing.

    Example:
        >>> nearest("订单已付，卡号：6222", 8)
        'BANK_CARD'
    """
    window = text[max(0, start - REACH) : start]
    best, kind = (-1, 0), ""
    for word, speaks_for in WORDS:
        at = window.rfind(word)
        if at >= 0 and (at + len(word), len(word)) > best:
            best, kind = (at + len(word), len(word)), speaks_for
    return kind
