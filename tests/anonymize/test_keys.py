import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hushu.anonymize import keyrings, keys
from hushu.anonymize.keys import HsmKey, Key, KeyMaterial, Keyring
from hushu.anonymize.shredding import DataKeys
from hushu.errors import KeyMaterialError

SECRET = bytes(range(32))


def code(error: pytest.ExceptionInfo[KeyMaterialError]) -> str:
    return error.value.code


def test_derivation_is_hkdf_of_rfc_5869():
    theirs = HKDF(hashes.SHA256(), 77, salt=b"hushu/1", info=b"label").derive(SECRET)
    assert Key(SECRET).derive(b"label", 77) == theirs


def test_labels_are_unambiguous():
    assert keys.info("p", "a", "bc") != keys.info("p", "ab", "c") != keys.info("pa", "b", "c")


def test_nothing_shows_the_secret():
    key = Key(b"a secret of sixteen bytes or so")
    shown = repr(key) + str(key) + repr(Keyring(key))
    assert "secret of" not in shown
    assert key.id in shown


@pytest.mark.parametrize("secret", [b"", b"fifteen bytes..", b"a" * 32, b"ab" * 20])
def test_short_and_repeating_keys_are_refused(secret):
    with pytest.raises(KeyMaterialError) as refused:
        Key(secret)
    assert code(refused) == "HS-E402"


def test_key_file_round_trip_and_mode(tmp_path: Path):
    key, path = Key.new(), tmp_path / "k"
    keys.write(key, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keys.from_file(path) == key
    with pytest.raises(KeyMaterialError) as refused:
        keys.write(Key.new(), path)
    assert code(refused) == "HS-E407"
    assert keys.from_file(path) == key


@pytest.mark.parametrize("content", [SECRET, SECRET.hex().encode(), SECRET.hex().upper().encode() + b"\n"])
def test_raw_and_hex_files_hold_the_same_key(tmp_path: Path, content):
    path = tmp_path / "k"
    path.write_bytes(content)
    path.chmod(0o600)
    assert keys.from_file(path).id == Key(SECRET).id


def test_bad_key_files(tmp_path: Path):
    path = tmp_path / "k"
    with pytest.raises(KeyMaterialError) as missing:
        keys.from_file(path)
    assert code(missing) == "HS-E401"
    path.write_text("hushu-key-1 not*base64")
    path.chmod(0o600)
    with pytest.raises(KeyMaterialError) as damaged:
        keys.from_file(path)
    assert code(damaged) == "HS-E403"
    path.chmod(0o644)
    with pytest.raises(KeyMaterialError) as readable:
        keys.from_file(path)
    assert code(readable) == "HS-E403"


def test_environment(monkeypatch):
    monkeypatch.delenv("HUSHU_KEY", raising=False)
    with pytest.raises(KeyMaterialError) as missing:
        keys.from_environment()
    assert code(missing) == "HS-E401"
    monkeypatch.setenv("HUSHU_KEY", SECRET.hex())
    assert keys.from_environment() == Key(SECRET)


def test_secret_store(monkeypatch):
    import keyring
    from keyring.backend import KeyringBackend

    class Store(KeyringBackend):
        priority = 1

        def __init__(self):
            super().__init__()
            self.held = {}

        def get_password(self, service, username):
            return self.held.get((service, username))

        def set_password(self, service, username, password):
            self.held[service, username] = password

        def delete_password(self, service, username):
            del self.held[service, username]

    before = keyring.get_keyring()
    keyring.set_keyring(Store())
    try:
        with pytest.raises(KeyMaterialError) as missing:
            keyrings.load("keyring:hushu/master")
        assert code(missing) == "HS-E401"
        keyring.set_password("hushu", "master", SECRET.hex())
        assert keyrings.load("keyring:hushu/master").active == Key(SECRET)
        fresh = keyrings.rotate("keyring:hushu/master")
        assert keyrings.load("keyring:hushu/master") == fresh
        assert fresh.retired == (Key(SECRET),)
        with pytest.raises(KeyMaterialError) as taken:
            keyrings.store(Keyring(Key.new()), "keyring:hushu/master")
        assert code(taken) == "HS-E407"
        with pytest.raises(KeyMaterialError) as nowhere:
            keyrings.load("keyring:hushu")
        assert code(nowhere) == "HS-E401"
    finally:
        keyring.set_keyring(before)


def test_ring_finds_retired_keys_and_refuses_doubles():
    old, new = Key(SECRET), Key.new()
    ring = Keyring(old).rotate(new)
    assert ring.active is new
    assert ring[old.id] is old
    with pytest.raises(KeyMaterialError):
        Keyring(old, (Key(SECRET),))
    with pytest.raises(KeyMaterialError) as unknown:
        ring["aaaaaa"]
    assert code(unknown) == "HS-E404"


def test_a_hardware_key_only_needs_a_mac():
    import hmac

    hsm = HsmKey("hsmkey", lambda message: hmac.digest(b"inside the module", message, "sha256"))
    assert isinstance(hsm, KeyMaterial)
    assert hsm.derive(b"a", 40)[:32] == hsm.derive(b"a", 32) != hsm.derive(b"b", 32)
    with pytest.raises(KeyMaterialError):
        HsmKey("BAD", hsm.mac)


def test_destroying_a_data_key_is_final_even_with_the_master(tmp_path: Path):
    store = DataKeys(tmp_path / "keys.json", Keyring(Key(SECRET)))
    first = store.open("2026-17")
    assert store.open("2026-17") == first != store.open("2026-18")
    event = store.destroy("2026-17", reason="用途终止")
    assert event.key_id == first.id
    text = (tmp_path / "keys.json").read_text()
    assert first.secret.hex() not in text
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600
    for again in (lambda: store.open("2026-17"), lambda: store.destroy("2026-17", reason="x")):
        with pytest.raises(KeyMaterialError) as gone:
            again()
        assert code(gone) == "HS-E405"
    assert store.open("2026-18")


def test_rewrapping_moves_data_keys_to_the_new_master(tmp_path: Path):
    old, new = Key(SECRET), Key.new()
    first = DataKeys(tmp_path / "k.json", Keyring(old)).open("d")
    both = DataKeys(tmp_path / "k.json", Keyring(new, (old,)))
    assert both.rewrap() == 1
    assert both.rewrap() == 0
    assert DataKeys(tmp_path / "k.json", Keyring(new)).open("d") == first
    with pytest.raises(KeyMaterialError) as wrong:
        DataKeys(tmp_path / "k.json", Keyring(old)).open("d")
    assert code(wrong) == "HS-E404"
