from __future__ import annotations

import json

from hushu.cli.main import invoke
from hushu.io import ledger


def test_verify_and_repair(tmp_path, capsys):
    file = tmp_path / "ledger.jsonl"
    for number in range(3):
        ledger.append(file, {"kind": "scan", "rows": number})
    assert invoke(["ledger", "verify", str(file)]) == 0
    assert "3" in capsys.readouterr().out
    whole = file.read_bytes()
    file.write_bytes(whole + b"{")
    assert invoke(["ledger", "verify", str(file), "--format", "json"]) == 1
    said = capsys.readouterr()
    assert json.loads(said.out)["torn"] is True
    assert "HS-E701" in said.err
    assert invoke(["ledger", "repair", str(file)]) == 0
    assert file.read_bytes() == whole
    file.write_bytes(whole.replace(b'"rows":1', b'"rows":9'))
    assert invoke(["ledger", "verify", str(file)]) == 1
    assert "HS-E702" in capsys.readouterr().err
    assert invoke(["ledger", "verify", str(tmp_path / "none")]) == 2
    assert "HS-E201" in capsys.readouterr().err


def test_every_code_that_reading_and_writing_use_is_explained(capsys):
    import re
    from importlib.resources import files

    used = set()
    for path in (files("hushu") / "io").iterdir():
        if path.name.endswith(".py"):
            used |= set(re.findall(r"HS-[EW]\d{3}", path.read_text("utf-8")))
    assert invoke(["explain", "list"]) == 0
    explained = set(re.findall(r"HS-[EW]\d{3}", capsys.readouterr().out))
    assert used - explained == set()
