"""Limits of reading one file: size, unpacked size, pages, parts, time, and what it may name."""

from dataclasses import dataclass

# A hundred times the size of the longest novel; protects the memory from a stray dump.
DEFAULT_MAX_FILE_MB = 64

_BYTES_PER_MB = 1024 * 1024

# Text is compressed to about a quarter of its size, a zip bomb to a thousandth.
_UNPACKED_PER_PACKED = 8


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of reading one file.

    Attributes:
        max_file_mb: Size on the disk, in units of 1,048,576 bytes.
        max_pages: Pages of a PDF; the longest books have some 2,000.
        max_parts: Files in an archive; a book has some hundreds.
        timeout_s: Time for a file that a separate process reads; a book of 1,000 pages takes some
            seconds.
        names_authors: Whether the authors of messages are named; else they are numbered.
    """

    max_file_mb: int = DEFAULT_MAX_FILE_MB
    max_pages: int = 5000
    max_parts: int = 10_000
    timeout_s: int = 60
    names_authors: bool = False

    @property
    def max_file_bytes(self) -> int:
        """Size on the disk, in bytes."""
        return self.max_file_mb * _BYTES_PER_MB

    @property
    def max_unpacked_bytes(self) -> int:
        """Unpacked size of all parts of an archive, in bytes."""
        return self.max_file_bytes * _UNPACKED_PER_PACKED


DEFAULT_LIMITS = Limits()
