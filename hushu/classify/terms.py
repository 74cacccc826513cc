"""Judges of terms: diseases, drugs and occupations, by small lexicons and by how such words end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from hushu.rules import codelists

_PROSE = re.compile(r"[。！？；!?]|，.*，")


@lru_cache(maxsize=8)
def stopwords(kind: str) -> frozenset[str]:
    """Return the words that look like a kind but are none: 高中 is no Gao Zhong, 图片 no drug."""
    return frozenset(row["value"] for row in codelists.rows("stopwords") if row["kind"] == kind)


_DISEASES = (
    "病|炎|癌|症|综合征|综合症|瘤|骨折|感染|中风|梗死|梗塞|衰竭|结石|溃疡|出血|高血压|糖尿病|感冒|哮喘|贫血|障碍|麻痹|硬化|脱位|扭伤|挫伤|烫伤|结核|肝炎|囊肿|息肉|增生|"
    "结节|白内障|青光眼|痛风|狭窄|栓塞|血栓|畸形|缺损|肥大|不全|中毒|过敏|发热|咳嗽|腹痛|腹泻|胸闷|头晕|头痛|早搏|狭心症|近视|散光|肺结节|白血病|疱疹|疹|癣|疣|痔|疝|突出|损伤|劳损"
)
_STAGES = "术后|恢复期|后遗症|急性期"
_DISEASE_END = re.compile(
    rf".{{0,20}}(?:{_DISEASES})"
    rf"(?:[(（]?[IVⅠⅡⅢⅣ一二三四1-4]{{1,3}}[级期型][)）]?|{_STAGES}|[(（].{{1,12}}[)）])?"
)
_DISEASE_LAST = frozenset(word[-1] for word in f"{_DISEASES}|{_STAGES}".split("|")) | set("级期型)）")
_DISEASE_LIST = re.compile(r"[、,，;；+/ ]|伴|合并")


def disease(values: Sequence[str]) -> list[float]:
    """Return how far each value names a disease; several in one cell count by their share.

    Example:
        >>> disease(["2型糖尿病", "高血压病、冠心病", "验证"])
        [1.0, 1.0, 0.0]
    """
    return [_disease(v) for v in values]


def _disease(value: str) -> float:
    if not 2 <= len(value) <= 60 or _PROSE.search(value):
        return 0.0
    known = codelists.scores("diseases")
    parts = [p for p in _DISEASE_LIST.split(value) if p]
    hits = sum(p in known or _ends_as_disease(p) for p in parts)
    return hits / len(parts) if parts else 0.0


def _ends_as_disease(text: str) -> bool:
    ends = len(text) > 1 and text[-1] in _DISEASE_LAST
    return ends and text not in stopwords("disease") and _DISEASE_END.fullmatch(text) is not None


_DOSE_FORM = re.compile(
    r"[\u4e00-\u9fffA-Za-z0-9α-ω()（）\-]{2,24}(?:肠溶片|缓释片|控释片|分散片|咀嚼片|泡腾片|含片|滴丸|片|胶囊|软胶囊|颗粒|注射液|注射剂|口服液|口服溶液|丸|滴眼液|软膏|乳膏|凝胶|冲剂|糖浆|喷雾剂|气雾剂|粉针|针剂|栓|散|合剂|混悬液|吸入剂|贴膏|胰岛素|滴剂|汤)"
    r"[ ]?[(（]?(?:[\d.]+ ?(?:mg|g|ml|mL|ug|μg|IU|片|粒|支|袋|u|U)?.{0,40})?"
)


_DRUG_LIST = re.compile(r"[、,，;；+\n]")


def medication(values: Sequence[str]) -> list[float]:
    """Return how far each value names drugs, with or without a dose.

    Example:
        >>> medication(["阿莫西林胶囊 0.5g tid", "图片"])
        [1.0, 0.0]
    """
    return [_medication(v) for v in values]


def _medication(value: str) -> float:
    if not 2 <= len(value) <= 120:
        return 0.0
    parts = [p for p in _DRUG_LIST.split(value) if len(p) > 1]
    hits = sum(_drug(p) for p in parts)
    return hits / len(parts) if parts else 0.0


@lru_cache(maxsize=1)
def _drug_stops() -> tuple[str, ...]:
    return tuple(stopwords("drug"))


@lru_cache(maxsize=1)
def _known_drugs() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, codelists.scores("medications"))))


def _drug(text: str) -> bool:
    if _known_drugs().search(text):
        return True
    word = text.split(" ")[0]
    if text.isascii() or len(word) <= 3:
        return False
    return (
        word not in stopwords("drug")
        and not word.endswith(_drug_stops())
        and _DOSE_FORM.fullmatch(text) is not None
    )


_JOB_END = re.compile(
    r"[\u4e00-\u9fff]{1,8}(?:员|师|工|工人|司机|教授|经理|主任|医生|护士|干部|教师|总监|主管|助理|法官|警察|科长|处长|局长|所长|站长|院长|校长|书记|秘书|会计|律师|技工|负责人|从业者|创业者|职工|业主|专员|顾问)"
)


def occupation(values: Sequence[str]) -> list[float]:
    """Return how far each value names an occupation, a post or a title."""
    known, stops = codelists.scores("occupations"), stopwords("job")
    return [
        1.0
        if v in known and not v.isdigit()
        else 0.8
        if _JOB_END.fullmatch(v) and v not in stops and not v.endswith("党员")
        else 0.0
        for v in values
    ]
