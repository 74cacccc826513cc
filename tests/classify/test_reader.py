"""The reader and its pieces: places, odd characters, long texts, one answer whatever stands beside a text."""

from __future__ import annotations

from importlib import resources

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushu.classify.reader import Reader
from hushu.classify.reader_tokens import BLANK, UNKNOWN, Pieces
from hushu.classify.tagger import Tagger
from hushu.classify.tagger_features import features

pytest.importorskip("onnxruntime")
pytest.importorskip("rjieba")

PIECES = Pieces([BLANK, "市民", "张", "138", "0"], [-3.0, -9.0, -8.0, -9.0, -6.0])


@pytest.fixture(scope="module")
def reader() -> Reader:
    with resources.as_file(resources.files("hushu.classify.models")) as folder:
        return Reader(folder)


def read(reader: Reader, text: str) -> np.ndarray:
    seen = features(text)
    return reader.read(text, np.concatenate([seen.ids, seen.flags[None]]))


def test_the_likeliest_cut_and_the_place_of_every_character() -> None:
    rows, where = PIECES.cut("市民张三１３８00")
    assert rows == [4, 5, 6, UNKNOWN, 7, 8, 8]
    assert where.tolist() == [2, 2, 3, 4, 5, 5, 5, 6, 7]


def test_blanks_are_one_and_nothing_is_lost() -> None:
    rows, where = PIECES.cut("张  张")
    assert rows == [4, 6, 4, 6]
    assert where.tolist() == [2, 3, 3, 4]
    assert PIECES.cut("")[0] == []


@given(st.text(max_size=60))
def test_every_character_has_a_piece_and_places_never_fall(text: str) -> None:
    rows, where = PIECES.cut(text)
    assert len(where) == len(text)
    assert not len(where) or (where.min() >= 0 and where.max() <= len(rows))
    assert (np.diff(where) >= 0).all()


@pytest.mark.parametrize("text", ["张", "\u200b", "a" * 3000, "王小明，" * 400, "\u0000\uffff👍🏽", "　 \n"])
def test_one_row_of_numbers_a_character(reader: Reader, text: str) -> None:
    logits = read(reader, text)
    assert logits.shape[0] == len(text)
    assert np.isfinite(logits).all()


def test_a_long_text_is_read_in_stretches_that_agree_with_the_short_one(reader: Reader) -> None:
    text = "市民张伟来电反映浦东新区羽山路1412弄27号502室漏水。"
    alone = read(reader, text)[:, :5].argmax(axis=1)
    long = read(reader, text + "今天天气很好，大家都很高兴。" * 60)[: len(text), :5].argmax(axis=1)
    assert (alone == long).mean() > 0.9


def test_the_answer_does_not_depend_on_the_texts_beside_it() -> None:
    tagger = Tagger.load()
    text = "市民张伟来电反映羽山路1412弄27号502室漏水。"
    alone = tagger.tag([text])[0]
    assert tagger.tag(["李娜", text, "马上停水。" * 50, "x"])[1] == alone
