"""A wrong option is told before anything is read, measured or printed."""

from __future__ import annotations

import pytest

from hushu.cli.main import invoke


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["scan", "{file}", "--fail-on", "G9", "--format", "json"], "HS-E141"),
        (["scan", "{file}", "--fail-on", "closed", "--pack", "cn-national"], "HS-E141"),
        (["redact", "{file}", "--operator", "blur"], "HS-E137"),
        (["redact", "{file}.none", "--operator", "blur"], "HS-E137"),
    ],
)
def test_a_wrong_option_leaves_stdout_empty(arguments, code, tmp_path, capsys):
    file = tmp_path / "people.csv"
    file.write_text("xm,zt\n张三,1\n", "utf-8")
    assert invoke([word.format(file=file) for word in arguments]) == 2
    shown = capsys.readouterr()
    assert code in shown.err
    assert shown.out == ""


def test_a_known_level_gates(tmp_path, capsys):
    file = tmp_path / "people.csv"
    file.write_text("zt\n1\n", "utf-8")
    assert invoke(["scan", str(file), "--fail-on", "G4"]) in (0, 3)
    assert capsys.readouterr().out
