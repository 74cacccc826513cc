"""The rules after the network: what stands, where it ends, and what its score means."""

from __future__ import annotations

import pytest

from hushu.classify.tagger_rules import Draft, refine


def draft(text: str, part: str, kind: str = "PERSON", presence: float = 0.99, border: float = 0.99) -> Draft:
    start = text.index(part)
    return Draft(start, start + len(part), kind, presence, 0.99, border)


def parts(text: str, *drafts: Draft, vouched: tuple[int, ...] = ()) -> list[str]:
    return [text[span.start : span.end] for span in refine(text, list(drafts), vouched)]


def test_a_doubtful_name_needs_a_sure_one_near() -> None:
    text = "安静一点，佘志远来了"
    doubtful = draft(text, "安静", presence=0.5)
    assert parts(text, doubtful) == []
    assert parts(text, doubtful, draft(text, "佘志远")) == ["安静", "佘志远"]


def test_a_sure_name_far_away_does_not_help() -> None:
    text = "安静" + "。" * 1000 + "佘志远"
    assert parts(text, draft(text, "安静", presence=0.5), draft(text, "佘志远")) == ["佘志远"]


def test_other_evidence_vouches_too() -> None:
    text = "安静 13800138000"
    assert parts(text, draft(text, "安静", presence=0.5), vouched=(3,)) == ["安静"]


def test_a_disease_alone_is_general_knowledge() -> None:
    text = "高血压患者佘志远"
    disease = draft(text, "高血压", "DIAGNOSIS")
    assert parts(text, disease) == []
    assert parts(text, disease, draft(text, "佘志远")) == ["高血压", "佘志远"]


@pytest.mark.parametrize(
    ("text", "part", "kind", "wanted"),
    [
        ("找佘志远主任", "佘志远主任", "PERSON", "佘志远"),
        ("找王主任", "王主任", "PERSON", "王主任"),
        ("羽山路1412弄门口", "羽山路1412弄门口", "ADDRESS", "羽山路1412弄"),
        ("1949年11月生", "1949年11月生", "BIRTH_DATE", "1949年11月"),
        ("：佘志远，", "：佘志远，", "PERSON", "佘志远"),
    ],
)
def test_ends_are_trimmed(text: str, part: str, kind: str, wanted: str) -> None:
    assert parts(text, draft(text, part, kind)) == [wanted]


def test_nothing_is_left_of_punctuation() -> None:
    assert parts("，，", draft("，，", "，，")) == []


def test_a_surer_proposal_scores_higher() -> None:
    text = "佘志远和安静"
    one, two = refine(text, [draft(text, "佘志远", presence=0.999), draft(text, "安静", presence=0.5)])
    assert 0 < two.score < one.score < 1
