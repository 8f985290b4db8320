"""The key that pseudonymises user ids: made once, for its owner only."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.database import Pseudonyms
from bot.errors import DatabaseError, SettingsError

GIVEN = "5a" * 32


def test_people_key_gives_the_same_hash_again(tmp_path):
    """The key is made once, for its owner only, and gives each person one hash of 32 digits."""
    folder = tmp_path / "data"
    key = Pseudonyms.load(folder)
    again = Pseudonyms.load(folder)
    assert key.hashed(2**63) == again.hashed(2**63)
    assert len({key.hashed(number) for number in range(100)}) == 100
    assert len(key.hashed(1)) == 32
    assert stat.S_IMODE((folder / "people.key").stat().st_mode) == 0o600


def test_people_keys_differ_between_folders(tmp_path):
    """Two bots cannot compare their people."""
    assert Pseudonyms.load(tmp_path / "a").hashed(1) != Pseudonyms.load(tmp_path / "b").hashed(1)


def test_people_key_is_made_once_by_many_at_once(tmp_path):
    """The first of several threads makes the key, and all get the same."""
    with ThreadPoolExecutor(8) as pool:
        keys = pool.map(lambda _: Pseudonyms.load(tmp_path), range(8))
    assert len({key.hashed(1) for key in keys}) == 1


@pytest.mark.parametrize("user_id", [0, 1, 2**63, 2**64 - 1])
def test_sealed_id_is_opened_with_the_same_key_only(user_id):
    """Without the key, or with the hash of somebody else, nobody is found."""
    key, other = Pseudonyms(b"k" * 32), Pseudonyms(b"x" * 32)
    hashed, sealed = key.hashed(user_id), key.sealed(user_id)
    assert len(sealed) == 16
    assert int(sealed, 16) != user_id
    assert key.opened(hashed, sealed) == user_id
    assert other.opened(hashed, sealed) is None
    assert key.opened(key.hashed(7), sealed) is None
    assert key.opened("", "") is None


def test_key_that_is_set_needs_no_file(tmp_path):
    """It is used as it is, in any case of its letters, and no file is made."""
    key = Pseudonyms.load(tmp_path, GIVEN)
    assert (key.key, key.source, key.is_new) == (b"Z" * 32, "PEOPLE_KEY", False)
    assert Pseudonyms.load(tmp_path, GIVEN.upper()).hashed(1) == key.hashed(1)
    assert list(tmp_path.iterdir()) == []


def test_key_that_is_set_may_not_differ_from_the_file(tmp_path):
    """The line names the file and neither key; the same key in both places is used."""
    file = tmp_path / "people.key"
    file.write_bytes(b"Z" * 32)
    assert Pseudonyms.load(tmp_path, GIVEN).source == "PEOPLE_KEY"
    file.write_bytes(b"x" * 32)
    with pytest.raises(SettingsError, match=rf"PEOPLE_KEY: it is not the key in {file}") as caught:
        Pseudonyms.load(tmp_path, GIVEN)
    assert not any(key in str(caught.value) for key in (GIVEN, "xxx"))
    assert file.read_bytes() == b"x" * 32


def test_key_is_found_without_being_made(tmp_path):
    """Looking for it leaves a folder without a key as it is."""
    assert Pseudonyms.find(tmp_path / "data") is None
    assert not (tmp_path / "data").exists()
    made = Pseudonyms.load(tmp_path / "data")
    found = Pseudonyms.find(tmp_path / "data")
    assert found is not None
    assert (made.key, made.is_new, found.is_new) == (found.key, True, False)


def test_only_a_key_that_was_made_just_now_is_removed(tmp_path):
    """One that was there before, or was set, stays."""
    made = Pseudonyms.load(tmp_path)
    Pseudonyms.load(tmp_path).discard_if_new()
    Pseudonyms.load(tmp_path, made.key.hex()).discard_if_new()
    assert Pseudonyms.find(tmp_path) is not None
    made.discard_if_new()
    assert Pseudonyms.find(tmp_path) is None


def test_check_value_tells_keys_apart_and_is_no_hash_of_a_person():
    """It is the same for the same key, and reveals neither the key nor a person."""
    key, other = Pseudonyms(b"k" * 32), Pseudonyms(b"x" * 32)
    assert key.check_value == Pseudonyms(b"k" * 32).check_value != other.check_value
    assert len(key.check_value) == 32
    assert key.check_value not in {key.hashed(number) for number in range(1000)}


@pytest.mark.parametrize("damage", [b"", b"short", b"x" * 33])
def test_damaged_people_key_is_refused(tmp_path, damage):
    """A key of another length is no key; it is not replaced in silence."""
    (tmp_path / "people.key").write_bytes(damage)
    with pytest.raises(DatabaseError, match=rf"people.key failed: it has {len(damage)} bytes"):
        Pseudonyms.load(tmp_path)


def test_people_key_that_cannot_be_made_is_one_line(tmp_path):
    """A folder that cannot be is said with its path."""
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseError, match=r"file.people\.key failed: "):
        Pseudonyms.load(tmp_path / "file")
