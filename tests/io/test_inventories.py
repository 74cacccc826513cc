"""An inventory that somebody edited is read whole or refused with its code."""

from __future__ import annotations

import json

import pytest

from hushu.errors import ConfigError, InputError
from hushu.io.inventories import read_inventory, write_inventory
from hushu.model import Inventory, Table


@pytest.mark.parametrize("day", ["", "2026-11-21"])
def test_what_was_written_is_read(tmp_path, day):
    inventory = Inventory(as_of=day, tables=(Table(name="t", rows=1),))
    write_inventory(inventory, tmp_path / "i.json")
    assert read_inventory(tmp_path / "i.json") == inventory


@pytest.mark.parametrize("day", ["2026-13-01", "昨天", 20261121, None])
def test_a_day_that_is_no_date_is_refused(tmp_path, day):
    path = tmp_path / "i.json"
    path.write_text(json.dumps({**Inventory().to_dict(), "as_of": day}), "utf-8")
    with pytest.raises(ConfigError, match="as_of") as told:
        read_inventory(path)
    assert told.value.code == "HS-E108"


@pytest.mark.parametrize(("text", "code"), [("{", "HS-E240"), ("[]", "HS-E104"), ("{}", "HS-E104")])
def test_what_is_no_inventory_has_its_code(tmp_path, text, code):
    path = tmp_path / "i.json"
    path.write_text(text, "utf-8")
    with pytest.raises((ConfigError, InputError)) as told:
        read_inventory(path)
    assert told.value.code == code
