"""Names that stand in a list of names."""

import pytest

from hushu.classify.listed import listed
from hushu.model import Span


def persons(text, *names):
    return [
        Span(start=text.index(name), end=text.index(name) + len(name), type="PERSON", score=0.9)
        for name in sorted(names, key=text.index)
    ]


@pytest.mark.parametrize(
    ("text", "known", "more"),
    [
        ("到会：崔巍、和平、蓝海、温良", ("崔巍", "温良"), ["和平", "蓝海"]),
        ("王建国，时光，李秀英签到", ("王建国", "李秀英"), ["时光"]),
        ("崔巍、和平、蓝海", ("崔巍",), []),  # one person makes no list of persons
        ("崔巍、温良、王师傅、马老师", ("崔巍", "温良"), []),
        ("崔巍、温良、苹果、雨伞、板凳、脸盆、马扎", ("崔巍", "温良"), []),
    ],
)
def test_company(text, known, more):
    assert [text[s.start : s.end] for s in listed(text, persons(text, *known))] == more
