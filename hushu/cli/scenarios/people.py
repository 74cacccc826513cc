"""Synthetic persons: valid in form, of no one. The region code 310199 was never issued."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红建国志文辉力鹏飞鑫波斌宇浩凯秀珍莉雪梅琳慧婷佳欣怡宁晨曦子轩梓涵雨泽思远嘉懿沐辰若溪安然"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_UNISSUED_REGION = "310199"


@dataclass(frozen=True, slots=True)
class Person:
    """One synthetic person."""

    name: str
    id_number: str
    gender: str
    birth: date
    phone: str


class People:
    """A seeded source of synthetic persons; no two share an identity number or a telephone number.

    Example:
        >>> People(1).person().id_number[:6]
        '310199'
    """

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self._serial = 0

    def name(self) -> str:
        """Return a name of two or three characters."""
        given = "".join(self.random.choice(_GIVEN) for _ in range(self.random.choice((1, 2, 2))))
        return self.random.choice(_SURNAMES) + given

    def person(self) -> Person:
        """Return a new person between 1 and 95 years old."""
        self._serial += 1
        birth = date(2026, 6, 30) - timedelta(days=self.random.randint(400, 95 * 365))
        gender = self.random.choice("男女")
        # The serial number keeps the three-digit sequence apart within a day; its parity tells the sex.
        sequence = (self._serial * 2 + (1 if gender == "男" else 0)) % 1000
        body = f"{_UNISSUED_REGION}{birth:%Y%m%d}{sequence:03d}"
        check = "10X98765432"[sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True)) % 11]
        phone = f"{self.random.choice(('139', '138', '186', '159', '177'))}0000{self._serial % 10000:04d}"
        return Person(self.name(), body + check, gender, birth, phone)
