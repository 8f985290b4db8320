"""Pseudonymise user ids with a keyed hash; encrypt those that are shown again."""

import os
import secrets
from hashlib import blake2b
from pathlib import Path

from filelock import FileLock

from bot.errors import DatabaseError

_FILE = "people.key"
_KEY_BYTES = 32
_HASH_BYTES = 16
_ID_BYTES = 8

# Tells the masks from the hashes, which are made with the same key.
_SEALING = b"sealed id"


class Pseudonyms:
    """The secret key that links pseudonyms to user ids.

    It lies beside the database, not in it: a copy of the database alone reveals no ids.
    Processes that share a database need the same file.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def load(cls, data_dir: Path) -> "Pseudonyms":
        """Read the key of a folder, or make it; safe for several processes at once.

        Raises:
            DatabaseError: It cannot be read or made, or is damaged.
        """
        path = data_dir / _FILE
        try:
            if not path.exists():
                _make(path)
            key = path.read_bytes()
        except OSError as error:
            reason = error.strerror or str(error)
            raise DatabaseError(
                str(path), reason, "check the folder and its permissions"
            ) from error
        if len(key) != _KEY_BYTES:
            advice = "restore a copy, or remove it: people's stored questions are then nobody's"
            reason = f"it has {len(key)} bytes instead of {_KEY_BYTES}"
            raise DatabaseError(str(path), reason, advice)
        return cls(key)

    def hashed(self, user_id: int) -> str:
        """Return a person's hash: 32 hexadecimal digits, the same for the same id and key."""
        number = user_id.to_bytes(_ID_BYTES, "big")
        return blake2b(number, digest_size=_HASH_BYTES, key=self._key).hexdigest()

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
        digest = blake2b(hashed.encode(), digest_size=_ID_BYTES, key=self._key, person=_SEALING)
        return int.from_bytes(digest.digest(), "big")


def _make(path: Path) -> None:
    """Write a new key to a temporary file and rename it, unless another process was faster."""
    path.parent.mkdir(0o700, parents=True, exist_ok=True)
    own = path.with_name(f"{_FILE}.new")
    with FileLock(path.with_name(f"{_FILE}.lock")):
        if path.exists():
            return
        own.unlink(missing_ok=True)
        handle = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(secrets.token_bytes(_KEY_BYTES))
            stream.flush()
            os.fsync(stream.fileno())
        own.replace(path)
