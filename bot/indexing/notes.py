"""Small JSON files in which this machine notes what it has done; each is whole or missing."""

import json
import logging
from pathlib import Path

from index import sync_file, sync_folder

logger = logging.getLogger(__name__)


def read_note(path: Path) -> object:
    """Return what was noted; None if nothing was, or if it cannot be read, which is logged."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        logger.warning("%s cannot be used: %s", path, error)
        return None


def write_note(path: Path, noted: object) -> None:
    """Note something; it replaces what was noted before.

    Raises:
        OSError: The file cannot be written.
    """
    path.parent.mkdir(0o700, parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.new")
    new.write_text(json.dumps(noted), encoding="utf-8")
    sync_file(new)
    new.replace(path)
    sync_folder(path.parent)
