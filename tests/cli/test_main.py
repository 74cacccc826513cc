"""The command line as a whole: help, language, exit statuses, codes."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from hushu.cli import main

ROOT = Path(__file__).parents[2]


def seconds(*code: str) -> float:
    """Processor seconds, best of three: wall time would measure the neighbours of a busy machine."""
    best = float("inf")
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *code], check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return best


def test_help_and_import_are_fast():
    bare = seconds("-c", "pass")
    assert seconds("-c", "from hushu.cli.main import run; run(['--help'])") - bare < 0.3
    assert seconds("-c", "import hushu") - bare < 0.3


def test_help_lists_every_verb(capsys):
    assert main.invoke(["--help"]) == 0
    shown = capsys.readouterr().out
    for verb in main.VERBS:
        if (ROOT / "hushu" / "cli" / f"{verb}.py").exists():
            assert re.search(rf"^  {verb}\b", shown, re.M), verb


@pytest.mark.parametrize("verb", [v for v in main.VERBS if (ROOT / "hushu" / "cli" / f"{v}.py").exists()])
def test_every_verb_has_help(verb, capsys):
    assert main.invoke([verb, "--help"]) == 0
    assert "Usage:" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["no-such-verb"], 2),
        (["scan"], 2),
        (["scan", "no/such/file.csv"], 4),
        (["scan", "postgresql://nobody@127.0.0.1:1/none"], 4),
        (["--lang", "fr", "doctor"], 2),
        (["explain", "HS-E000000"], 2),
        (["--version"], 0),
    ],
)
def test_exit_statuses(arguments, status, capsys):
    assert main.invoke(arguments) == status
    streams = capsys.readouterr()
    assert "Traceback" not in streams.err
    if status:
        assert "HS-E" in streams.err
        assert streams.out == ""


def test_a_bug_is_70_and_quotes_no_value(monkeypatch, capsys):
    def broken(_arguments, **_options):
        raise ValueError("13800138000")

    monkeypatch.setattr(main, "app", broken)
    assert main.invoke(["doctor"]) == 70
    assert "13800138000" not in capsys.readouterr().err


def test_ctrl_c_is_130(monkeypatch):
    def interrupted(_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(main, "app", interrupted)
    assert main.invoke(["doctor"]) == 130


def test_every_code_that_is_raised_is_explained():
    raised: set[str] = set()
    for path in (ROOT / "hushu").rglob("*.py"):
        raised |= set(re.findall(r"HS-[EW]\d{3}\b", path.read_text("utf-8")))
    from hushu.cli.code_pages import pages

    bases = {"HS-E000", "HS-E300", "HS-E400", "HS-E500", "HS-E700"}  # every raise names a finer code
    assert sorted(raised - set(pages()) - bases) == []
