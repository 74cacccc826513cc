"""Every command and every library example that the README and the docs show is run here."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from hushu.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md", ROOT / "README.zh-CN.md")
# A missing piece is not a failed command: trace and serve need what a page cannot prepare.
_SHOWN = re.compile(r"`(hushu [^`\n]+)`")
_BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.S)


def shown_commands(text: str) -> list[str]:
    blocks = [line for kind, body in _BLOCK.findall(text) if kind == "sh" for line in body.splitlines()]
    inline = _SHOWN.findall(_BLOCK.sub("", text))
    lines = [line.split("  #")[0].strip() for line in [*inline, *blocks]]
    return [line for line in lines if line.startswith("hushu ") and " " in line]


@pytest.fixture(scope="module")
def workplace(tmp_path_factory):
    place = tmp_path_factory.mktemp("docs")
    shutil.copytree(ROOT / "examples", place / "examples")
    (place / "people.csv").write_text(
        "xm,sfzh,szqx,djzt\n" + "".join(f"王小{c},{n},松江区,已登记\n" for c, n in PERSONS), "utf-8"
    )
    (place / "purpose.yaml").write_text(PURPOSE, "utf-8")
    return place


PERSONS = [(c, f"3101991990010{n:02d}01") for n, c in enumerate("明红强芳伟丽军", 10)]
PURPOSE = """
schema: hushu.purpose/1
id: docs
title: 核对登记
matter: 登记
provider: 甲
recipient: 乙
basis: 政务数据共享条例第二十一条
scenario: 核对
scope: 全部
mode: 服务接口
until: 2027-12-31
items:
  - {item: people.sfzh, grain: pseudonym}
  - {item: people.djzt, grain: exact}
"""


@pytest.mark.parametrize("page", README, ids=lambda p: p.name)
def test_readme_commands_run(page, workplace, monkeypatch, capsys):
    monkeypatch.chdir(workplace)
    for name in ("release", "hushu-demo"):
        shutil.rmtree(workplace / name, ignore_errors=True)
    (workplace / "key.txt").unlink(missing_ok=True)
    assert main.invoke(["key", "new", "-o", "key.txt"]) == 0
    commands = shown_commands(page.read_text("utf-8"))
    assert len(commands) >= 14
    for command in commands:
        status = main.invoke(shlex.split(command)[1:])
        streams = capsys.readouterr()
        assert status == 0, f"{command}: {status} {streams.err}"


def test_the_page_of_keys_runs(workplace, monkeypatch):
    monkeypatch.chdir(workplace)
    for name in ("release", "hushu-demo"):
        shutil.rmtree(workplace / name, ignore_errors=True)
    assert main.invoke(["scan", "people.csv", "--format", "json", "-o", "found.json"]) == 0
    assert main.invoke(["plan", "found.json", "--purpose", "purpose.yaml", "-o", "plan.yaml"]) == 0
    page = (ROOT / "docs" / "operators.md").read_text("utf-8")
    (block,) = [body for kind, body in _BLOCK.findall(page) if kind == "sh"]
    for command in block.strip().splitlines():
        assert main.invoke(shlex.split(command)[1:]) == 0, command


def test_the_page_of_counts_runs(workplace, monkeypatch):
    pytest.importorskip("opendp")
    monkeypatch.chdir(workplace)
    if not (workplace / "key.txt").exists():
        assert main.invoke(["key", "new", "-o", "key.txt"]) == 0
    (workplace / "counts.jsonl").unlink(missing_ok=True)
    for command in shown_commands((ROOT / "docs" / "counts.md").read_text("utf-8")):
        if "tabulate" in command:
            assert main.invoke(shlex.split(command)[1:]) == 0, command


def test_the_page_of_queries_runs(workplace, monkeypatch, capsys):
    monkeypatch.chdir(workplace)
    page = (ROOT / "docs" / "query.md").read_text("utf-8")
    (block,) = [body for kind, body in _BLOCK.findall(page) if kind == "sh"]
    for command in block.strip().splitlines():
        assert main.invoke(shlex.split(command)[1:]) == 0, command
    answer = capsys.readouterr().out.splitlines()[-5:]
    assert answer[0] == "xqmc,suspicious"
    assert all(int(line.split(",")[1]) >= 5 for line in answer[1:])


def test_readme_python_runs(workplace, monkeypatch, capsys):
    monkeypatch.chdir(workplace)
    if not (workplace / "hushu-demo").exists():
        assert main.invoke(["demo", "--out", "hushu-demo"]) == 0
    capsys.readouterr()
    (example,) = [body for kind, body in _BLOCK.findall(README[0].read_text("utf-8")) if kind == "python"]
    exec(compile(example, "README", "exec"), {})
    assert capsys.readouterr().out.split() == ["CN_RESIDENT_ID", "**，电话***********"]


def test_both_readmes_say_the_same():
    assert shown_commands(README[0].read_text("utf-8")) == shown_commands(README[1].read_text("utf-8"))
    headings = [re.findall(r"^#+ ", page.read_text("utf-8"), re.M) for page in README]
    assert headings[0] == headings[1]
