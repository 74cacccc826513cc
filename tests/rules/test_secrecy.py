"""A mark of state secrecy stops the scan of its table, and says so."""

import json

import hushu
from hushu.cli import main


def test_a_marked_table_is_not_read(tmp_path):
    (tmp_path / "涉密人员.csv").write_text("姓名,身份证号\n张伟,310101199001010011\n", "utf-8")
    (tmp_path / "people.csv").write_text("姓名,是否涉密\n张伟,否\n王芳,否\n", "utf-8")
    found = hushu.scan(str(tmp_path))
    secret, open_ = found["涉密人员"], found["people"]
    assert (secret.examined, secret.columns) == (0, ())
    assert "涉密人员" in {place.what for place in found.not_examined}
    grade = secret.grades["cn-national"]
    assert "state-secret-stop" in grade.flags
    assert grade.review
    assert secret.grades["cn-sharing-809"].level == "withheld"
    assert secret.grades["cn-shanghai"].level == "closed"
    assert open_["姓名"].type == "PERSON"
    assert "state-secret-stop" not in open_.grades["cn-national"].flags


def test_the_scan_leaves_with_status_3(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "机密名册.csv").write_text("姓名\n张伟\n", "utf-8")
    assert main.invoke(["scan", "机密名册.csv", "--format", "json"]) == 3
    out = capsys.readouterr().out
    assert json.loads(out)["not_examined"][0]["what"] == "机密名册"
    assert "张伟" not in out
