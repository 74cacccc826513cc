"""Reading a header: what its words say about the column, without looking at a value.

A header is a noun phrase whose last word counts: 联系人电话 is a telephone number, 电话类型 is not.
Latin headers are cut into whole words (``custPhoneNo``, ``cust_phone_no``, ``custphoneno``), their
abbreviations written out; a part of a short Latin word never suffices. Pinyin and initials are read
against the Chinese words of the vocabulary.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from hushu.classify.hanheaders import read_han, whose
from hushu.classify.headerwords import has_han, index
from hushu.classify.heading import Heading, stronger
from hushu.classify.latinheaders import read_latin

__all__ = ["Heading", "read", "read_column"]

SETTLED = 0.75
_ALTERNATIVES = re.compile(r"[/、|]|(?<=[\u4e00-\u9fff]{2})[及或](?=[\u4e00-\u9fff]{2})")
_BRACKETS = re.compile(r"[(\[（【〔<《][^)\]）】〕>》]*[)\]）】〕>》]?")
_INSIDE = re.compile(r"[(\[（【〔<《]([^)\]）】〕>》]*)")
_WORDS = re.compile(r"[A-Z]{2,}(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[\u3400-\u9fff]+")
_CLAUSE = re.compile(r"[,，;；:：。.、|/\n\r\t ]|——|--|(?<=[\u4e00-\u9fff])(?=\d)")
_TRADITIONAL = str.maketrans(
    "號碼證別電話籍職業學歷齡婚狀況國縣區鄉鎮戶籤車牌帳賬單員編機構蹤經緯開銀貫診斷藥"
    "殘爾關係宗來紀錄動產權醫療郵絡緊聯學時間門對應務備註說內處發結體檢驗廠樓層條項檔總數據碼業務從僱資車輛駛駕歲壽壓壯長與為於會議員銷購買賣價錢幣證貨運輸線軌跡點設廣場變質實際負責執審報請領補貼繳費稅營農漁獵軍隊衛護師傳訊網頁優劣黨團講課題試績級減標準樣",
    "号码证别电话籍职业学历龄婚状况国县区乡镇户签车牌帐账单员编机构踪经纬开银贯诊断药"
    "残尔关系宗来纪录动产权医疗邮络紧联学时间门对应务备注说内处发结体检验厂楼层条项档总数据码业务从雇资车辆驶驾岁寿压壮长与为于会议员销购买卖价钱币证货运输线轨迹点设广场变质实际负责执审报请领补贴缴费税营农渔猎军队卫护师传讯网页优劣党团讲课题试绩级减标准样",
)


@lru_cache(maxsize=20_000)
def read(name: str) -> Heading:
    """Return what one header or comment says.

    Example:
        >>> read("lxrSjhm").weights["PHONE_NUMBER"] > 0.8
        True
        >>> read("phone_type").weights.get("PHONE_NUMBER", 0) < 0.2
        True
    """
    text = unicodedata.normalize("NFKC", name).translate(_TRADITIONAL)[:200]
    main = _BRACKETS.sub(" ", text).strip() or text
    best = _read_plain(main)
    if max(best.weights.values(), default=0) < SETTLED and (pieces := _ALTERNATIVES.split(main))[1:]:
        best = _either(best, pieces)
    if not best.weights or max(best.weights.values()) < 0.6:
        for inner in filter(_worth_reading, _INSIDE.findall(text)):
            best = stronger(best, _read_plain(inner), 0.85)
    return best


def _worth_reading(inner: str) -> bool:
    """Return whether brackets hold more than a unit: (MPa) is none, (ID) and (身份证号) are."""
    letters = "".join(c for c in inner if c.isalnum())
    return has_han(letters) or len(letters) > 3 or letters.upper() in ("ID", "IP", "QQ", "MAC", "VIN", "TEL")


def read_column(name: str, comment: str = "") -> Heading:
    """Return what the header and the comment of a column say together.

    A comment outranks bare initials: ``mz`` with the comment 门诊号 is no ethnic group.
    """
    heading = read(name)
    clause = next((c for c in _CLAUSE.split(comment.strip()) if c), "")
    if not clause or clause.lower() == name.lower():
        return heading
    said = read(clause)
    if not said.weights and len(clause) < len(comment.strip()) < 40:
        said = read(comment.strip())
    if said.clear and not has_han(name):
        heading = Heading(
            weights={t: w * 0.55 for t, w in heading.weights.items() if t not in said.weights}
            | {t: w for t, w in heading.weights.items() if t in said.weights},
            words=heading.words,
            against=heading.against,
            clear=True,
            derived=heading.derived or said.derived,
            number=heading.number or said.number,
        )
    return stronger(heading, said, 0.98)


def _either(whole: Heading, pieces: Sequence[str]) -> Heading:
    """Return what a header of alternatives says (QQ/微信, 住址及邮编): each, the first a little more."""
    for at, piece in enumerate(pieces):
        if len(piece) > 1:
            whole = stronger(whole, _read_plain(piece), 0.98 - 0.04 * min(at, 5))
    return whole


def _names(latin: str) -> bool:
    """Return whether Latin letters behind Chinese ones name something: MPa does not, ID and sfz do."""
    words = index()
    return latin in words.words or (latin,) in words.phrases or (len(latin) > 2 and latin in words.joined)


def _read_plain(text: str) -> Heading:
    runs = _WORDS.findall(text)
    flat = "".join(runs).lower()
    if not flat:
        return Heading()
    latin = [r.lower() for r in runs if not has_han(r)]
    reading = Heading()
    if has_han(flat):
        latin = [] if has_han(runs[0]) and not _names("".join(latin)) else latin
        if latin and not has_han(runs[-1]) and whose("".join(filter(has_han, runs))):
            tail = read_latin(latin)  # 房东tel: the number, not the landlord
            if max(tail.weights.values(), default=0) > 0.6:
                return tail
        reading = read_han(flat)
        if max(reading.weights.values(), default=0) < 0.6:
            for run in runs:
                if has_han(run) and run != flat:
                    reading = stronger(reading, read_han(run), 0.95)
        if reading.weights or not latin:
            return reading
    return stronger(reading, read_latin(latin), 1 if not has_han(flat) else 0.85)
