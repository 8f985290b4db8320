"""How much room the disk of a folder has."""

import shutil
from pathlib import Path


def free_bytes(folder: Path) -> int:
    """Return the free bytes of the disk that a folder lies on, or will lie on once it is made.

    Raises:
        OSError: The disk cannot be asked.
    """
    return shutil.disk_usage(nearest_folder(folder)).free


def nearest_folder(folder: Path) -> Path:
    """Return a folder, or its nearest parent that exists."""
    while not folder.exists():
        folder = folder.parent
    return folder
