"""The key that pseudonymises user ids: made once, for its owner only."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.database import Pseudonyms
from bot.errors import DatabaseError


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
