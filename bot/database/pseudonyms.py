"""Pseudonymise user ids with a keyed hash; encrypt those that are shown again."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

from filelock import FileLock

from bot.errors import DatabaseError, SettingsError

_VARIABLE = "PEOPLE_KEY"
_FILE = "people.key"
_KEY_BYTES = 32
_HASH_BYTES = 16
_ID_BYTES = 8

# Tell the masks and the check value from the hashes, which are made with the same key.
_SEALING = b"sealed id"
_CHECKING = b"check value"


class Pseudonyms:
    """The secret key that links pseudonyms to user ids.

    It lies beside the database, not in it: a copy of the database alone reveals no ids.
    Processes that share a database need the same key.

    Attributes:
        key: The key, 32 bytes.
        source: What holds it, for people.
    """

    def __init__(self, key: bytes, source: str = _VARIABLE) -> None:
        self.key = key
        self.source = source
        self._new_file: Path | None = None

    @classmethod
    def load(cls, data_dir: Path, given: str | None = None) -> "Pseudonyms":
        """Return the key that is set or that of a folder, or make one in the folder.

        It is safe for several processes at once.

        Args:
            data_dir: The folder.
            given: The setting: 64 hexadecimal digits, or None.

        Raises:
            SettingsError: The setting and the file differ.
            DatabaseError: The file cannot be read or made, or is damaged.
        """
        path = data_dir / _FILE
        with _failures(path):
            is_new = given is None and _make(path)
        found = cls.find(data_dir, given)
        assert found is not None  # noqa: S101  # it was set, there or made
        found._new_file = path if is_new else None
        return found

    @classmethod
    def find(cls, data_dir: Path, given: str | None = None) -> "Pseudonyms | None":
        """Return the key that is set or that of a folder; None without one.

        Raises:
            SettingsError: The setting and the file differ.
            DatabaseError: The file cannot be read, or is damaged.
        """
        path = data_dir / _FILE
        with _failures(path):
            key = path.read_bytes() if path.exists() else None
        if key is not None and len(key) != _KEY_BYTES:
            reason = f"it has {len(key)} bytes instead of {_KEY_BYTES}"
            raise DatabaseError(str(path), reason, "restore a copy")
        if given is None:
            return None if key is None else cls(key, f"DATA_DIR/{_FILE}")
        if key is not None and key != bytes.fromhex(given):
            raise SettingsError(
                _VARIABLE,
                f"it is not the key in {path}; remove the one that the database was not used with",
            )
        return cls(bytes.fromhex(given))

    def keep(self) -> None:
        """Note that a database was used with the key: it is not new any longer."""
        self._new_file = None

    def discard_if_new(self) -> None:
        """Remove the file that `load` made, unless a database was used with the key since."""
        if self._new_file is not None:
            with contextlib.suppress(OSError):
                self._new_file.unlink(missing_ok=True)

    @property
    def is_new(self) -> bool:
        """Whether `load` made the key."""
        return self._new_file is not None

    @property
    def check_value(self) -> str:
        """A hash of the key, 32 hexadecimal digits, by which a database recognises it."""
        digest = blake2b(digest_size=_HASH_BYTES, key=self.key, person=_CHECKING)
        return digest.hexdigest()

    def hashed(self, user_id: int) -> str:
        """Return a person's hash: 32 hexadecimal digits, the same for the same id and key."""
        number = user_id.to_bytes(_ID_BYTES, "big")
        return blake2b(number, digest_size=_HASH_BYTES, key=self.key).hexdigest()

    def sealed(self, user_id: int) -> str:
        """Return a person's id, encrypted: 16 hexadecimal digits, which `opened` decrypts.

        Source:
            The construction of SIV (RFC 5297), with BLAKE2b: the hash is the nonce and the check.
        """
        return f"{user_id ^ self._mask(self.hashed(user_id)):016x}"

    def opened(self, hashed: str, sealed: str) -> int | None:
        """Return the id of a person.

        Args:
            hashed: What `hashed` returned for it.
            sealed: What `sealed` returned for it.

        Returns:
            None if they are empty, do not belong together, or were made with another key.
        """
        if not sealed:
            return None
        user_id = int(sealed, 16) ^ self._mask(hashed)
        return user_id if self.hashed(user_id) == hashed else None

    def _mask(self, hashed: str) -> int:
        """Return the 64 bits that encrypt the id of a person."""
        digest = blake2b(hashed.encode(), digest_size=_ID_BYTES, key=self.key, person=_SEALING)
        return int.from_bytes(digest.digest(), "big")


@contextmanager
def _failures(path: Path) -> Iterator[None]:
    """Turn errors of the file into a DatabaseError."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise DatabaseError(str(path), reason, "check the folder and its permissions") from error


def _make(path: Path) -> bool:
    """Write a new key to a temporary file and rename it, unless there is one.

    Returns:
        Whether this process made it.
    """
    if path.exists():
        return False
    path.parent.mkdir(0o700, parents=True, exist_ok=True)
    own = path.with_name(f"{_FILE}.new")
    with FileLock(path.with_name(f"{_FILE}.lock")):
        if path.exists():
            return False
        own.unlink(missing_ok=True)
        handle = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(secrets.token_bytes(_KEY_BYTES))
            stream.flush()
            os.fsync(stream.fileno())
        own.replace(path)
    return True
