"""The judge of organisations: by how their names end, in Chinese and in English."""

from __future__ import annotations

import re
from collections.abc import Sequence

_PROSE = re.compile(r"[。！？；!?]|，.*，")
_HAN = re.compile(r"[\u3400-\u9fff]")
COMMITTEE = re.compile(r"[\u4e00-\u9fff]{2,8}(?:居委会|居民委员会|村委会|村民委员会|村村委会|居委)")
_ENDS = (
    "公司|集团|股份|厂|医院|卫生院|卫生室|门诊部|诊所|药房|大药房|学校|小学|中学|大学|学院|幼儿园|幼稚园|托儿所|局|委员会|银行|支行|分行|信用社|"
    "研究院|研究所|研究中心|设计院|事务所|合作社|中心|协会|基金会|商店|商场|超市|便利店|饭店|宾馆|酒店|餐厅|餐馆|派出所|法院|检察院|人民政府|"
    "办事处|管委会|居委会|村委会|居民委员会|村民委员会|工作室|经营部|商行|分公司|子公司|事业部|总队|支队|大队|中队|服务站|出版社|电视台|报社|"
    "监狱|党委|工会|总工会|商会|学会|联合会|促进会|博物馆|图书馆|文化馆|体育馆|档案馆|福利院|敬老院|养老院|疗养院|门市部|加工厂|农场|林场|"
    "服务部|服务社|俱乐部|培训机构|联社|指挥部|办公室|管理处|管理所|管理站|监督所|监测站|执法队|司法所|看守所|拘留所|戒毒所|党支部|党总支|支部|经济组织|联合体|车队|公安局|分局|总局|厅|署|部队|事务中心|有限合伙"
)
_ORGANISATION_END = re.compile(rf"(?:{_ENDS}\)?)(?:[(（][^)）]{{1,20}}[)）])?")
_LAST = frozenset(word[-1] for word in _ENDS.split("|")) | set(")）")  # with which such a name ends
_LEGAL_FORM = re.compile(  # what a company is, not which
    r"(?:国有|集体|私营|民营|外商投资|中外合资|港澳台|有限责任|股份有限|股份合作|一人|独资|合伙|个人独资|全民所有制|普通|特殊|其他|小型|中型|大型|微型|有限|责任|股份|控股|合作|分)*"
    r"(?:公司|企业|集团|制)(?:[(（].{1,16}[)）])?"
)
_LAYOUT = re.compile(r"(?:[\d一二两三四五六七八九]+[室房厅卫厨阳台]{1,2}){2,5}")  # 三室两厅一卫 is no 厅
_ORGANISATION_WEAK = re.compile(r"[\u4e00-\u9fff]{3,12}(?:部|科|处|店|所|站|院|行|社|园|坊|馆|吧|屋|铺|队)")
_SHOP = re.compile(r"[\u4e00-\u9fff]{3,14}(?:店|馆|饭庄|酒楼|酒家|网吧|茶楼|茶室|作坊|[修销影]部)")
_ORGANISATION_LATIN = re.compile(
    r".{2,60}(?:Co\.?,? ?Ltd\.?|Inc\.?|LLC|Corp(?:oration)?\.?|Limited|Company|University|Hospital|School"
    r"|Bank|Bureau|Group)",
    re.IGNORECASE,
)


def organization(values: Sequence[str]) -> list[float]:
    """Return how far each value looks like the name of an organisation.

    Example:
        >>> organization(["上海某某科技有限公司", "张伟"])
        [1.0, 0.0]
    """
    return [_organization(v) for v in values]


def _organization(value: str) -> float:
    if not 3 <= len(value) <= 60 or _PROSE.search(value):
        return 0.0
    if value.isascii():
        return 1.0 if _ORGANISATION_LATIN.fullmatch(value) else 0.0
    if _LAYOUT.fullmatch(value):
        return 0.0
    if COMMITTEE.fullmatch(value):
        return 0.5
    if _LEGAL_FORM.fullmatch(value):
        return 0.0
    if value[-1] in _LAST and any(found.end() == len(value) for found in _ORGANISATION_END.finditer(value)):
        return 1.0 if len(value) > 3 else 0.5
    if not _HAN.match(value[-1]) and _ORGANISATION_LATIN.fullmatch(value):
        return 1.0
    if _SHOP.fullmatch(value):
        return 0.7
    return 0.3 if _ORGANISATION_WEAK.fullmatch(value) else 0.0
