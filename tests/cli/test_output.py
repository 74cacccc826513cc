"""Errors at the terminal: one language at a time, with the place and the names that matter."""

from __future__ import annotations

import re

import pytest

from hushu.cli import output
from hushu.cli.main import invoke
from hushu.errors import ConfigError


def shown(problem, lang, monkeypatch, capsys):
    monkeypatch.setenv("HUSHU_LANG", lang)
    output.error(problem)
    return capsys.readouterr().err


def test_chinese_takes_the_page_of_the_code(monkeypatch, capsys):
    problem = ConfigError(
        "unknown pack", where="--pack cn-x", why="the packs are a, b", fix="take one of them", code="HS-E101"
    )
    told = shown(problem, "zh", monkeypatch, capsys)
    assert "错误 HS-E101 没有这个规则包" in told
    assert "位置  --pack cn-x" in told
    assert "（the packs are a, b）" in told
    assert "take one" not in told
    assert "unknown pack" in shown(problem, "en", monkeypatch, capsys)


@pytest.mark.parametrize(
    ("fix", "said"),
    [
        ("one of: G1, G2", "可选：G1, G2"),
        ("did you mean PERSON?", "是否指 PERSON？"),
        ("hushu rules list", "hushu rules list"),
        ("改用 hushu scan", "改用 hushu scan"),
    ],
)
def test_names_and_commands_survive_the_translation(fix, said, monkeypatch, capsys):
    problem = ConfigError("unknown level", where="--fail-on G9", fix=fix, code="HS-E141")
    assert f"处理  {said}\n" in shown(problem, "zh", monkeypatch, capsys)


def test_an_error_without_a_page_stays_as_it_is(monkeypatch, capsys):
    assert "of its own" in shown(ConfigError("of its own", code="HS-E199"), "zh", monkeypatch, capsys)


def test_a_command_answers_in_chinese(monkeypatch, capsys):
    monkeypatch.setenv("HUSHU_LANG", "en")
    assert invoke(["explain", "HS-E000000", "--lang", "zh"]) == 2
    told = capsys.readouterr().err
    assert re.search("没有这个错误码", told)
    assert "unknown error code" not in told
