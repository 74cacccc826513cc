"""The tutorial from ``hushu rules new --pack`` to a graded report, followed line by line."""

import json
import re
import shlex
from pathlib import Path

import pytest

from hushu.cli import main

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial-new-pack.md"
ADDED_CASE = "  usage-and-name: {fires: [[UTILITY_USAGE, PERSON]], not: [[UTILITY_USAGE]]}\n"


def blocks():
    return re.findall(r"```(sh|yaml)\n(.*?)```", TUTORIAL.read_text("utf-8"), re.S)


def add_rule(path, rule):
    text = path.read_text("utf-8").replace("cases:", f"{rule}cases:", 1)
    path.write_text(text + ADDED_CASE, "utf-8")


def test_the_tutorial_leads_to_a_graded_report(tmp_path, monkeypatch, capsys):
    pytest.importorskip("hushu.reports.report")
    monkeypatch.chdir(tmp_path)
    rows = "\n".join(f"张伟{c},3101991990010{n:02d}01,{n}" for n, c in enumerate("明红强芳丽军", 10))
    Path("people.csv").write_text(f"姓名,身份证号,用水量\n{rows}\n", "utf-8")
    for kind, text in blocks():
        if kind == "yaml":
            add_rule(Path("cn-mycity.yaml"), text)
            continue
        for line in text.strip().splitlines():
            status = main.invoke(shlex.split(line)[1:])
            streams = capsys.readouterr()
            assert status == 0, f"{line}: {status} {streams.err}"
    graded = json.loads(Path("inventory.json").read_text("utf-8"))
    (table,) = graded["tables"]
    assert table["grades"]["cn-mycity"]["level"] == "closed"
    rules = {r["rule"] for c in table["columns"] for r in c["grades"]["cn-mycity"]["because"]}
    assert "cn-mycity/personal" in rules
    report = Path("report.html").read_text("utf-8")
    assert "某市公共数据管理办法" in report


def test_a_pack_says_where_it_is_wrong(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main.invoke(["rules", "new", "cn-mycity", "--pack", "-o", "p.yaml"]) == 0
    path = Path("p.yaml")
    path.write_text(path.read_text("utf-8").replace("level: closed", "level: shut", 1), "utf-8")
    assert main.invoke(["rules", "test", "p.yaml"]) == 2
    error = capsys.readouterr().err
    line = next(n for n, text in enumerate(path.read_text("utf-8").splitlines(), 1) if "shut" in text)
    assert f"p.yaml:{line}" in error
    assert "HS-E115" in error


def test_a_rule_without_its_case_fails_the_test(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main.invoke(["rules", "new", "cn-mycity", "--pack", "-o", "p.yaml"]) == 0
    path = Path("p.yaml")
    path.write_text(re.sub(r"  otherwise: \{fires.*\n", "", path.read_text("utf-8")), "utf-8")
    assert main.invoke(["rules", "test", "p.yaml"]) == 1
    assert "cn-mycity/otherwise: no case where it fires" in capsys.readouterr().out


def test_new_overwrites_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("p.yaml").write_text("mine", "utf-8")
    assert main.invoke(["rules", "new", "cn-mycity", "--pack", "-o", "p.yaml"]) == 2
    assert Path("p.yaml").read_text("utf-8") == "mine"


def test_list_as_json(capsys):
    assert main.invoke(["rules", "list", "--format", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert {"id", "version", "title"} <= set(listed["packs"][0])
    assert len(listed["types"]) >= 64


@pytest.mark.parametrize(
    "name", ["cn-national", "cn-national/pipl-28-medical", "tc260-general-floor", "CN_USCC"]
)
def test_show_prints_a_page(name, capsys):
    assert main.invoke(["rules", "show", name]) == 0
    assert name.rpartition("/")[2] in capsys.readouterr().out


@pytest.mark.parametrize("what", ["pack", "purpose", "decisions"])
def test_schema_is_a_json_schema(what, capsys):
    import jsonschema

    assert main.invoke(["rules", "schema", what]) == 0
    jsonschema.Draft202012Validator.check_schema(json.loads(capsys.readouterr().out))


def test_diff_of_two_inventories(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name, header in (("old", "性别"), ("new", "疾病诊断")):
        Path("people.csv").write_text(f"姓名,{header}\n张伟,男\n王芳,女\n", "utf-8")
        assert main.invoke(["scan", "people.csv", "--format", "json", "-o", f"{name}.json"]) == 0
    capsys.readouterr()
    assert main.invoke(["diff", "old.json", "new.json", "--format", "json"]) == 0
    changes = json.loads(capsys.readouterr().out)["changes"]
    assert {("new", "people.疾病诊断"), ("gone", "people.性别")} <= {(c["kind"], c["where"]) for c in changes}
