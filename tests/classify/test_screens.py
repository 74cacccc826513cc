"""A screen may admit too much, never too little."""

import random
import re

import pytest

from hushu.classify.matchers import matchers, worth_trying
from hushu.classify.screens import screen, traits
from hushu.rules.vocabulary import load

PATTERNS = [rule.regex for entry in load().values() for rule in (*entry.patterns, *entry.cells) if rule.regex]
EXAMPLES = [value for entry in load().values() for value in (*entry.match, *entry.no_match) if value]


def _mutants(count: int) -> list[str]:
    rng = random.Random(7)
    found = []
    for _ in range(count):
        value = list(rng.choice(EXAMPLES))
        value[rng.randrange(len(value))] = rng.choice("0189aZ*-:.@沪字号岁x+/ ()（）•°\n")
        found.append("".join(value))
    return found


def test_whatever_a_pattern_matches_its_screen_admits() -> None:
    seen = [(value, *traits(value)) for value in [*EXAMPLES, *_mutants(2000)]]
    for regex in PATTERNS:
        match, found = re.compile(regex, re.ASCII).fullmatch, screen(regex)
        for value, length, first, kinds in seen:
            if match(value):
                assert found.shortest <= length <= found.longest, (regex, value)
                assert found.admits(first, kinds), (regex, value)


@pytest.mark.parametrize(
    ("regex", "value"),
    [
        (r"(?i:ab)c", "ABc"),
        (r"(?i)ab", "aB"),
        (r"(a|b)\1", "bb"),
        (r"[^0-9]+", "沪A"),
        (r".*", ""),
        (r"(?=.{3}$)a?b*c", "bbc"),
        (r"(?>ab)c", "abc"),
        (r"[a-é]+", "zé"),
        (r"\w\s\d", "_\t1"),
    ],
)
def test_what_a_screen_cannot_tell_it_admits(regex: str, value: str) -> None:
    assert re.fullmatch(regex, value, re.ASCII)
    found = screen(regex)
    length, first, kinds = traits(value)
    assert found.shortest <= length <= found.longest
    assert found.admits(first, kinds)


def test_every_matcher_that_fits_a_value_is_worth_trying() -> None:
    for value in [*EXAMPLES, *_mutants(300)]:
        tried = set(map(id, worth_trying([value])))
        for matcher in matchers():
            if not matcher.kind and id(matcher) not in tried:
                assert not any(matcher.scores([value])), (matcher.type, matcher.name, value)
