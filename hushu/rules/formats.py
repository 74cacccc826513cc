"""The formats of Chinese identifiers as regular expressions and code lists, each after its standard."""

from __future__ import annotations

import re
from types import MappingProxyType

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
OLDEST_YEAR = 1850
SEPARATORS = re.compile(r"[\s\-‐-―−·.]+")
PROVINCE_NUMBERS = frozenset(
    {*range(10, 16), 21, 22, 23, *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82}
)
"""GB/T 2260: the first two digits of a division, and 10 for bodies of the State."""
PROVINCE_CODES = frozenset(map(str, PROVINCE_NUMBERS))
USCC_KINDS = MappingProxyType(
    {
        "1": "1239", "2": "19", "3": "123459", "4": "19", "5": "1239", "6": "129",
        "7": "129", "8": "19", "9": "1239", "A": "19", "N": "1239", "Y": "1",
    }
)  # fmt: skip
COUNTRIES = frozenset(  # a list of 249 strings would fill pages
    """
    ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR
    BHR BHS BIH BLM BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG
    COK COL COM CPV CRI CUB CUW CXR CYM CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH
    FIN FJI FLK FRA FRO FSM GAB GBR GEO GGY GHA GIB GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY
    HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA JAM JEY JOR JPN KAZ KEN KGZ KHM
    KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA MDG MDV MEX MHL
    MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR
    NPL NRU NZL OMN PAK PAN PCN PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU
    SDN SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA
    TCD TGO THA TJK TKL TKM TLS TON TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB
    VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE
    """.split()  # noqa: SIM905
)
"""ISO 3166-1 alpha-3."""
BUSINESS_CODES = frozenset(
    int(first + kind) for first, kinds in USCC_KINDS.items() if first.isdigit() for kind in kinds
)
MOBILE = re.compile(
    r"1(?:3[0-35-9]\d|34[0-9]|4[5-9]\d|5[0-35-9]\d|6[25-7]\d|619|7[0-35-8]\d|740|741|749|8\d\d|9[0-35-9]\d)\d{7}"
)
MOBILE_FALLBACK = re.compile(r"1[3-9]\d{9}")
AREA = r"(?:10|2[0-57-9]|3[1-9]\d|4[1-9]\d|5[1-9]\d|6[0-9]\d|7[0-9]\d|8[1-9]\d|9[0-9]\d)"
LANDLINE = re.compile(
    rf"(?:(?:\+|00)?86[\s-]*)?(?:\(0?{AREA}\)|0?{AREA})[\s-]*[2-8]\d{{2,3}}[\s-]?\d{{4}}"
    r"(?:[\s-]*(?:转|轉|ext\.?|x|#|-)\s*\d{1,6})?",
    re.IGNORECASE,
)
EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
PLATE = re.compile(
    rf"(?:[{PROVINCES}][A-HJ-NP-Z][·.\s-]?"
    r"(?:(?=(?:\d*[A-Z]){0,2}\d*$)[A-HJ-NP-Z0-9]{5}|[A-HJK][A-HJ-NP-Z0-9]\d{4}|\d{5}[A-HJK]|[A-HJ-NP-Z0-9]{4}[警学挂试超])"
    rf"|粤Z[·.\s-]?[A-HJ-NP-Z0-9]{{4}}[港澳]|使\d{{6}}|\d{{6}}使|[{PROVINCES}][A-HJ-NP-Z]\d{{4}}领"
    rf"|WJ[{PROVINCES}][·.\s-]?\d{{4}}[0-9A-Z])"
)
PASSPORT = re.compile(
    r"E\d{8}|E[A-HJ-NP-Z]\d{7}|G\d{8}|1[45]\d{7}|(?:DE?|SE?|PE?)\d{7,8}|(?:K|KJ|H|HJ|HA)\d{8}|(?:MA?|MB)\d{7}"
)
TRAVEL = re.compile(r"[HM]\d{8}(?:\d{2})?|C(?:\d{8}|[A-HJ-NP-Z]\d{7})|W\d{8}|[LT]\d{8}|\d{8}|\d{10}[A-Z]")
MILITARY = re.compile(r"[\u4e00-\u9fa5]{1,3}字第?\d{6,9}号?")
CASE_NO = re.compile(
    r"\((?:19|20)\d{2}\)(?:最高法|[\u4e00-\u9fa5]{1,4})\d{0,4}[\u4e00-\u9fa5()]{1,10}(?:第)?\d{1,6}(?:之[一二三四五六七八九十\d]{1,3})?号"
)
UNIT_NO = re.compile(r"\d{12}[GJZ][A-Z]\d{5}[FLQW]\d{8}")
CERT_NO = re.compile(
    rf"[{PROVINCES}]\((?:19|20)\d{{2}}\)[\u4e00-\u9fa5]{{1,12}}不动产(?:权|证明)第\d{{1,10}}号"
    rf"|[{PROVINCES}]?房(?:地|权证)?[\u4e00-\u9fa5]{{1,6}}字?(?:\((?:19|20)\d{{2}}\))?字?第\d{{4,10}}号"
)
POSTAL_ZONES = frozenset(
    f"{zone:02}"
    for zone in range(1, 87)
    if zone
    not in {8, 9, 14, 17, 18, 19, 28, 29, 38, 39, 48, 49, 50, 58, 59, 60, 68, 69, 70, 76, 77, 78, 79, 80, 82}
)
COORDINATE = re.compile(r"-?\d{1,3}(?:\.\d+)?")
CREDENTIALS = re.compile(
    r"(?<![0-9A-Za-z])(?:eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]{5,}"
    r"|(?:AKIA|ASIA)[0-9A-Z]{16}(?![0-9A-Za-z])|AKID[0-9A-Za-z]{32}|LTAI[0-9A-Za-z]{12,26}(?![0-9A-Za-z])"
    r"|gh[pousr]_[0-9A-Za-z]{36}|glpat-[\w-]{20}|sk-[0-9A-Za-z_-]{20,}|xox[abprs]-[0-9A-Za-z-]{10,}|AIza[\w-]{35})"
    r"|-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"
    r"|\$2[aby]\$\d\d\$[./0-9A-Za-z]{53}|\$[156]\$[^$\s]+\$[./0-9A-Za-z]{22,}"
    r"|(?:password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key|密码|口令)\"?\s?[=:：]\s?\"?"
    r"(?P<secret>(?=[!-~]*[0-9A-Z!@#$%^&*_])[!#-+\--:<-~]{4,128})",
    re.ASCII | re.IGNORECASE,
)
QQ = re.compile(r"[1-9]\d{4,10}")
WECHAT = re.compile(r"[A-Za-z][-\w]{5,19}", re.ASCII)
