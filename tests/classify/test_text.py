"""Spans in text: what stands, what yields, and offsets of the original."""

from __future__ import annotations

import pytest

import hushu
from hushu.classify.aliases import aliases
from hushu.classify.resolve import overlapping, resolve
from hushu.model import Span


def span(start, end, kind="PERSON", score=0.9):
    return Span(start=start, end=end, type=kind, score=score)


def test_a_stronger_voice_stands_and_the_rest_of_a_weaker_one_stays():
    text = "浦东新区张杨路13800138000弄27号502室"
    kept = resolve(text, [span(7, 18, "PHONE_NUMBER")], [span(0, len(text), "ADDRESS", 0.6)])
    assert [(s.type, text[s.start : s.end]) for s in kept] == [
        ("ADDRESS", "浦东新区张杨路"), ("PHONE_NUMBER", "13800138000"), ("ADDRESS", "弄27号502室"),
    ]  # fmt: skip


def test_overlapping_finds_neighbours_on_both_sides():
    spans = [span(0, 3), span(5, 8), span(10, 12)]
    assert list(overlapping(spans, 2, 6)) == spans[:2]
    assert list(overlapping(spans, 3, 5)) == []
    assert list(overlapping(spans, 11, 99)) == spans[2:]


@pytest.mark.parametrize(
    "text", ["", " ", "😀\u200f\u202e", "\x00\x01\x02", "\ud800abc", "a" * 5000, "。" * 5000]
)
def test_odd_texts_have_no_spans(text):
    assert hushu.find([text]) == [[]]


def test_offsets_are_those_of_the_original():
    text = "😀来电人：张伟，电话１３８００１３８０００。"
    found = {s.type: text[s.start : s.end] for s in hushu.find([text])[0]}
    assert found == {"PERSON": "张伟", "PHONE_NUMBER": "１３８００１３８０００"}


def test_a_name_is_found_wherever_it_returns():
    text = "联系人：王建国，电话13800138000。王建国称王建国的邻居也可作证。"
    assert sum(s.type == "PERSON" for s in hushu.find([text])[0]) == 3


def test_two_of_a_surname_leave_the_title_open():
    text = "张伟与张敏来访，张先生留言"
    assert aliases(text, [span(0, 2), span(3, 5)]) == {}


def test_what_was_redacted_is_left_alone():
    for text in (
        "来电人：<PERSON>，电话<PHONE_NUMBER>",
        "来电人：「姓名」，密码：********",
        "PERSON-uxxmmv-k3fqzq7h5a2mdbno 来电",
    ):
        assert hushu.find([text]) == [[]]


def test_only_the_types_asked_for():
    assert [s.type for s in hushu.find("张伟，电话13800138000", types=["PHONE_NUMBER"])[0]] == [
        "PHONE_NUMBER"
    ]


def test_a_long_text_without_a_break():
    text = "市民反映张伟电话13800138000楼上漏水" * 4000
    found = hushu.find([text])[0]
    assert sum(s.type == "PHONE_NUMBER" for s in found) == 4000


def test_presidio_and_spacy_say_the_same():
    from hushu.classify import engine, pipeline, recognizers

    text = "来电人：张伟，电话13800138000，住浦东新区羽山路1412弄27号502室"
    wanted = {(s.start, s.end, s.type) for s in hushu.find([text])[0]}
    results = engine().analyze(text, language="zh")
    assert {(r.start, r.end, r.entity_type) for r in results} == wanted
    assert {(e.start_char, e.end_char, e.label_) for e in pipeline()(text).ents} == wanted
    names = [recognizer.name for recognizer in recognizers()]
    assert names[0] == "HushuRecognizer"
    assert len(names) == len(set(names))
