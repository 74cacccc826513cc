"""What is wrong in a pack is told with its file and line, and nothing is guessed."""

import pytest
import yaml

from hushu.errors import ConfigError
from hushu.rules.packload import load_pack, load_packs
from hushu.rules.packskeleton import pack_skeleton
from hushu.rules.packtest import run_cases

GOOD = pack_skeleton("cn-mycity", "某市办法")


def written(tmp_path, text, name="cn-mycity.yaml"):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def test_the_skeleton_loads_and_holds(tmp_path):
    assert run_cases(load_pack(written(tmp_path, GOOD))) == ()


@pytest.mark.parametrize(
    ("old", "new", "code", "at"),
    [
        ("id: cn-mycity", "id: [", "HS-E128", "cn-mycity.yaml:"),
        ("language: 1", "language: 99", "HS-E112", "language"),
        ("    article: 条款待填\n", "", "HS-E111", "- id: personal"),
        ("verified: memory", "verified: surely", "HS-E111", "verified: surely"),
        ("[PERSON], \"@money\"", "[PERSON], \"@mony\"", "HS-E114", "@mony"),
        ("money: [INCOME, BANK_CARD]", "money: [INCOME, BANK_CARDS]", "HS-E114", "BANK_CARDS"),
        ("money: [INCOME, BANK_CARD]", "money: [\"@cash\"]\n  cash: [\"@money\"]", "HS-E113", None),
        ("effect: {level: closed, open: closed}", "effect: {level: shut}", "HS-E115", "level: shut"),
        ("level: closed, open: closed", "level: closed, category: x", "HS-E115", "category: x"),
        ("    source: rule", "    source: rules", "HS-E116", "source: rules"),
        ("- id: name-and-money", "- id: personal", "HS-E117", "HS-E117"),
        ("    scope: table\n", "", "HS-E119", None),
        ("when: {beside: [[PERSON], \"@money\"]}", "when: {holds: PERSON}", "HS-E119", "holds: PERSON"),
        ("closed, title: {", "closed, for_people: true, title: {", "HS-E120", "level: closed"),
        ("cases: #", "without: [nothing]\ncases: #", "HS-E121", "without"),
        ("  personal: {fires", "  personally: {fires", "HS-E121", "personally"),
        ('{holds: "@personal"}', "{facts: {min_aeg: {under: 14}}}", "HS-E114", "min_aeg"),
        ('{holds: "@personal"}', '{marked: "(机密"}', "HS-E111", "(机密"),
        (", BANK_CARD]", "]\n  personal: [INCOME]", "HS-E117", "personal: [INCOME]"),
        ("effective: 20", "effective: 2026-13-01 #", "HS-E128", None),
        ("language: 1", "language: 1\n? [a, b]\n: c", "HS-E128", "[a, b]"),
        ("language: 1", "language: 1\nextends: cn-mycity", "HS-E113", "extends"),
        ("language: 1", "language: 1\nextends: cn-nowhere", "HS-E101", None),
        ("version:", "version: one\nversion:", "HS-E128", "version: \""),
    ],
)  # fmt: skip
def test_a_fault_has_its_code_and_line(tmp_path, old, new, code, at):
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    path = written(tmp_path, text)
    if (old, code) == ("    scope: table\n", "HS-E119"):
        text = GOOD.replace("    scope: default\n", "", 1)
        path.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as told:
        load_pack(path)
    assert told.value.code == code
    if at and at in text:
        file, _, line = told.value.where.rpartition(":")
        assert file == str(path)
        assert at in text.splitlines()[int(line) - 1]


def test_wordings_of_one_rule_may_follow_but_not_overlap(tmp_path):
    data = yaml.safe_load(GOOD)
    first = data["rules"][0]
    newer = {**first, "effective": "2099-01-01"}
    data["rules"] = [newer, *data["rules"]]
    path = written(tmp_path, yaml.safe_dump(data, allow_unicode=True))
    with pytest.raises(ConfigError, match="same time") as told:
        load_pack(path)
    assert told.value.code == "HS-E118"
    first["until"] = "2098-12-31"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    assert [rule.id for rule in load_pack(path).rules].count("personal") == 2


def test_a_rule_that_ends_before_it_begins(tmp_path):
    text = GOOD.replace(
        "effect: {level: closed, open: closed}", "effect: {level: closed}\n    until: 2001-01-01", 1
    )
    with pytest.raises(ConfigError) as told:
        load_pack(written(tmp_path, text))
    assert told.value.code == "HS-E118"


def test_two_files_of_one_id(tmp_path):
    first, second = written(tmp_path, GOOD), written(tmp_path, GOOD, "copy.yaml")
    with pytest.raises(ConfigError) as told:
        load_packs([first, second])
    assert told.value.code == "HS-E117"


def test_a_pack_that_is_no_text(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError) as told:
        load_pack(path)
    assert told.value.code == "HS-E128"


def test_an_unknown_pack_names_those_that_are_here():
    with pytest.raises(ConfigError) as told:
        load_packs(["cn-atlantis"])
    assert told.value.code == "HS-E101"
    assert "cn-national" in told.value.why


def test_a_district_extends_its_city(tmp_path):
    text = (
        "id: cn-sh-mydistrict\nversion: '1'\ntitle: {zh: 某区, en: A district}\nextends: cn-shanghai\n"
        "without: [sh-41-coordinates]\ncases: {}\n"
    )
    pack = load_pack(written(tmp_path, text, "cn-sh-mydistrict.yaml"))
    assert pack.rule("sh-41-personal") is not None
    assert pack.rule("sh-41-coordinates") is None
    assert pack.sha256 != load_pack("cn-shanghai").sha256
