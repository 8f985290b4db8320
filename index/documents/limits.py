"""How much of one file is read: its size, what it unpacks to, its pages, the time it takes."""

from dataclasses import dataclass

# Two orders of magnitude above the longest novel; guards memory against a stray dump.
DEFAULT_MAX_FILE_MB = 64

_BYTES_PER_MB = 1024 * 1024

# Text packs to about a quarter of its size; a bomb to a thousandth.
_UNPACKED_PER_PACKED = 8


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is read of one file.

    Attributes:
        max_file_mb: Size on the disk, in units of 1,048,576 bytes.
        max_pages: Pages of a PDF; the longest books have some 2,000.
        max_parts: Files in an archive; a book has some hundreds.
        timeout_s: Time for a file that is read aside; a book of 1,000 pages takes some seconds.
    """

    max_file_mb: int = DEFAULT_MAX_FILE_MB
    max_pages: int = 5000
    max_parts: int = 10_000
    timeout_s: int = 60

    @property
    def max_file_bytes(self) -> int:
        """Size on the disk."""
        return self.max_file_mb * _BYTES_PER_MB

    @property
    def max_unpacked_bytes(self) -> int:
        """Size of all that an archive holds."""
        return self.max_file_bytes * _UNPACKED_PER_PACKED


DEFAULT_LIMITS = Limits()
