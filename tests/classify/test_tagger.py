"""The character tagger: offsets, batches, long and odd input, and a few sentences it must get right."""

from __future__ import annotations

import time
from itertools import pairwise

import numpy as np
import pytest

from hushu.classify.tagger import Tagger
from hushu.classify.tagger_decode import BEGIN, END, INSIDE, OUTSIDE, SINGLE, best_states, log_softmax
from hushu.classify.tagger_features import features, fold

pytest.importorskip("onnxruntime")
pytest.importorskip("rjieba")


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.load()


def found(tagger: Tagger, text: str) -> set[tuple[str, str]]:
    return {(span.type, text[span.start : span.end]) for span in tagger.tag([text])[0]}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "我叫逯春燕，家住浦东新区羽山路1412弄27号502室。",
            {("PERSON", "逯春燕"), ("ADDRESS", "浦东新区羽山路1412弄27号502室")},
        ),
        (
            "联系人：欧阳娜，在上海澜汐智能装备有限公司上班。",
            {("PERSON", "欧阳娜"), ("ORGANIZATION", "上海澜汐智能装备有限公司")},
        ),
        ("患者王建国，诊断：2型糖尿病。", {("PERSON", "王建国"), ("DIAGNOSIS", "2型糖尿病")}),
    ],
)
def test_finds_what_it_must(tagger: Tagger, text: str, wanted: set[tuple[str, str]]) -> None:
    assert wanted <= found(tagger, text)


@pytest.mark.parametrize(
    "text",
    [
        "马上就要到黄金周了，请问白云机场有没有直达的大巴？",
        "任何单位不得设置附加条件，方便的话请提前预约。",
        "",
        " \n\t",
        "。。。",
    ],
)
def test_leaves_clean_text_alone(tagger: Tagger, text: str) -> None:
    assert tagger.tag([text]) == [[]]


def test_spans_lie_in_the_text_in_order_and_apart(tagger: Tagger) -> None:
    texts = [
        "工单：市民李秀英（１３８００１３８０００）反映\r\n石门二路沿街噪音😀\u200b‮الاسم",
        "a" * 3000,
        "\x00\ud800张伟",
        "张伟 " * 900,
    ]
    for text, spans in zip(texts, tagger.tag(texts), strict=True):
        assert all(0 <= span.start < span.end <= len(text) and 0 <= span.score <= 1 for span in spans)
        assert all(one.end <= two.start for one, two in pairwise(spans))


def test_answer_does_not_depend_on_the_batch(tagger: Tagger) -> None:
    texts = ["我叫高兴，住曹杨五村218号602。", "今天很高兴。", "电话找佘志远，" * 30, "来电人：安静"]
    alone = [tagger.tag([text])[0] for text in texts]
    together = tagger.tag(texts * 3)
    assert together == alone * 3


def test_long_text_is_cut_where_nothing_is_lost(tagger: Tagger) -> None:
    filler = "今天网格员巡查了小区的楼道和车棚，没有发现堆物。" * 200
    name = "联系人：佘志远，电话13917264408。"
    text = filler + name + filler
    assert ("PERSON", "佘志远") in found(tagger, text)


def test_a_long_line_without_a_break_is_quick(tagger: Tagger) -> None:
    started = time.perf_counter()
    tagger.tag(["小区楼道" * 25_000])
    assert time.perf_counter() - started < 20


def test_fold_keeps_the_number_of_characters() -> None:
    text = "ＡＢ１２　·•，。😀𠮷\ud83d"
    assert len(fold(text)) == len(text)


def test_features_have_one_column_a_character() -> None:
    seen = features("张伟13800138000\n")
    assert seen.ids.shape == (5, 14)
    assert seen.flags.shape == (14,)
    assert features("").ids.shape == (5, 0)


def test_states_are_always_legal() -> None:
    rng = np.random.default_rng(7)
    for size in (1, 2, 5, 40):
        states = best_states(log_softmax(rng.normal(size=(size, 5)).astype(np.float32) * 4))
        before = OUTSIDE
        for state in [*states, OUTSIDE]:
            assert (before in (BEGIN, INSIDE)) == (state in (INSIDE, END))
            before = state
        assert SINGLE not in (BEGIN, INSIDE)
