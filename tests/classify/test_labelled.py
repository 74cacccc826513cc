"""Every rule of labelled.yaml proves itself on its own examples."""

import pytest

from hushu.classify.labelled import floors, labelled, rules

RULES = [(rule.type, text, value) for rule in rules() for text, value in rule.match]
COUNTER = [(rule.type, text) for rule in rules() for text in rule.no_match]


@pytest.mark.parametrize(("kind", "text", "value"), RULES)
def test_match(kind, text, value):
    found = labelled([text])[0] + floors([text])[0]
    assert value in [text[s.start : s.end] for s in found if s.type == kind]


@pytest.mark.parametrize(("kind", "text"), COUNTER)
def test_no_match(kind, text):
    assert [s for s in labelled([text])[0] + floors([text])[0] if s.type == kind] == []
