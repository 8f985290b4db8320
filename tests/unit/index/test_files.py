"""Files that outlive a crash: written once, with their checksum."""

import hashlib

import pytest

from index.files import checksum, sync_file, write_file


def test_file_is_written_once(tmp_path):
    """The chunks follow each other, and a file that is there is not written over."""
    write_file(tmp_path / "a", [b"one ", b"", b"two"])
    with pytest.raises(FileExistsError):
        write_file(tmp_path / "a", [b"three"])
    expected = hashlib.sha256(b"one two").hexdigest()
    assert sync_file(tmp_path / "a") == checksum(tmp_path / "a") == expected
