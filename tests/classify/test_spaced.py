"""Characters that stand apart are read as if set solid, and told where they stood."""

from hypothesis import given
from hypothesis import strategies as st

from hushu import find
from hushu.classify.spaced import closed


@given(st.text(alphabet="王 芳李A1\u3000。"))
def test_every_character_keeps_its_place(text):
    solid, places = closed(text)
    assert [text[place] for place in places] == list(solid)
    assert solid.replace(" ", "").replace("\u3000", "") == text.replace(" ", "").replace("\u3000", "")


def test_two_characters_stay_apart():
    assert closed("王 芳 到了")[0] == "王 芳 到了"


def test_a_spaced_form_is_read():
    text = "姓 名 佘 晓 棠\n性 别 女"
    assert [text[s.start : s.end] for s in find([text])[0] if s.type == "PERSON"] == ["佘 晓 棠"]
