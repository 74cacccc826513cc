"""Every type of the vocabulary: its fields, its examples, its files."""

from __future__ import annotations

import pytest
import yaml

from hushu.classify.judges import JUDGES
from hushu.classify.values import trust
from hushu.errors import ConfigError
from hushu.rules import codelists
from hushu.rules.selftest import selftest
from hushu.rules.skeleton import skeleton
from hushu.rules.validators import VALIDATORS
from hushu.rules.vocabulary import Cell, TypeEntry, load

ENTRIES = list(load().values())


def test_there_are_64_types():
    assert len(ENTRIES) == 64


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.id)
def test_every_type_is_complete(entry):
    assert len(entry.match) + (entry.id == "CN_BUSINESS_REG_NO") * 2 >= 3
    assert len(entry.no_match) >= 3
    assert entry.header.words
    assert all(0 <= weight <= 1 for weight in entry.header.words.values())
    assert entry.limits.keys() >= {"zh", "en"}
    assert entry.sources
    assert entry.category


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.id)
def test_what_a_type_names_exists(entry):
    assert all(not p.validator or p.validator in VALIDATORS for p in entry.patterns)
    assert all(not c.judge or c.judge in JUDGES for c in entry.cells)
    assert not entry.codes or codelists.scores(entry.codes)
    assert all(other in load() for other in entry.absorbs)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.id)
def test_every_example_runs(entry):
    assert selftest(trust, [entry.id]).failures == ()


def test_a_wrong_example_is_told():
    report = selftest(lambda entry, values: [0.0 for _ in values], ["GENDER"])
    assert not report.passed
    assert {f.type for f in report.failures} == {"GENDER"}


def test_the_confusion_names_other_rules():
    confusion = selftest(trust, ["REGION"]).confusion
    assert "NATIVE_PLACE" in confusion["REGION"]


def test_a_cell_needs_exactly_one_way():
    with pytest.raises(ValueError, match="either a regex or a judge"):
        Cell(name="both", regex="a", judge="region")


def test_the_skeleton_of_a_type_loads_and_accepts_its_example():
    text = skeleton("PET_LICENCE_NO", zh="犬证号", en="Dog licence number", example="AB-123456")
    entry = TypeEntry.model_validate(yaml.safe_load(text)[0])
    import re

    assert re.fullmatch(entry.patterns[0].regex, "XY-000001")
    assert not re.fullmatch(entry.patterns[0].regex, "XY000001")


@pytest.mark.parametrize(("name", "code"), [("pet", "HS-E171"), ("PERSON", "HS-E172")])
def test_a_bad_name_for_a_type_is_refused(name, code):
    with pytest.raises(ConfigError) as problem:
        skeleton(name, zh="某", en="x")
    assert problem.value.code == code


def test_historic_regions_are_known():
    assert codelists.scores("regions")["310103"] > 0  # 卢湾区, gone since 2011
