"""Every rule of every pack fires where it should, keeps silent where it should, and cites its law."""

from datetime import date

import pytest

from hushu.rules.packload import load_pack, pack_ids
from hushu.rules.packtest import run_cases

PACKS = pack_ids()


def test_the_packs_promised_are_here():
    assert set(PACKS) >= {
        "cn-national", "cn-gbt35273", "cn-gbt45574", "cn-sharing-809", "cn-shanghai",
        "cn-yangtze-db31t310030",
        "cn-shanghai-open-2019", "cn-zhejiang", "cn-shenzhen", "cn-beijing", "cn-guizhou", "cn-finance",
        "cn-health", "cn-cross-border", "eu-gdpr", "hk-pdpo", "us-hipaa-safe-harbor",
    }  # fmt: skip


@pytest.mark.parametrize("name", PACKS)
def test_every_rule_fires_and_keeps_silent(name):
    assert run_cases(load_pack(name), as_of=date(2026, 11, 21)) == ()


@pytest.mark.parametrize("name", PACKS)
def test_every_statement_cites(name):
    pack = load_pack(name)
    for statement in (*pack.rules, *pack.duties, *pack.deadlines, *pack.fields):
        source = pack.sources[statement.source]
        assert source.title.zh
        assert statement.article
        assert statement.text.zh
        assert statement.text.en


@pytest.mark.parametrize("name", ["cn-yangtze-db31t310030", "cn-shanghai-open-2019", "cn-beijing"])
def test_a_template_is_empty_where_nothing_was_verified(name):
    pack = load_pack(name)
    assert pack.levels == ()
    assert pack.gaps


def test_no_rule_declares_important_data():
    for name in PACKS:
        pack = load_pack(name)
        people = {level.id for level in pack.levels if level.for_people}
        assert not people & {rule.effect.level for rule in pack.rules}


def test_sharing_has_the_fields_the_law_asks_for():
    pack = load_pack("cn-sharing-809")
    forms = [field.form for field in pack.fields]
    assert (forms.count("catalogue"), forms.count("request"), forms.count("log")) == (9, 5, 5)
