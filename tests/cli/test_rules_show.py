"""hushu rules show: one verb for packs, rules and types, and a useful answer to a name that is none."""

from __future__ import annotations

import pytest

from hushu.cli.main import invoke


@pytest.mark.parametrize("name", ["cn-national", "PERSON", "pipl-28-medical", "cn-national/pipl-28-medical"])
def test_every_kind_of_name_has_its_page(name, capsys):
    assert invoke(["rules", "show", name]) == 0
    assert name.rpartition("/")[2] in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("PERSN", "PERSON"),
        ("cn-nationl", "cn-national"),
        ("pipl-28-medicl", "pipl-28-medical"),
        ("zzz", "list"),
    ],
)
def test_a_name_that_nothing_has_is_answered_with_close_ones(name, meant, capsys):
    assert invoke(["rules", "show", name, "--lang", "en"]) == 2
    told = capsys.readouterr().err
    assert "no pack, rule or type has this name" in told
    assert meant in told


def test_a_rule_that_its_pack_lacks_is_named(capsys):
    assert invoke(["rules", "show", "cn-national/nope", "--lang", "zh"]) == 2
    assert "cn-national/nope" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_no_pack(capsys):
    assert invoke(["rules", "show", "none.yaml"]) == 2
    assert "HS-E101" in capsys.readouterr().err
