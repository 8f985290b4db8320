"""Add the data folder of the present state to the archives: `python -m tests.releases`."""

import tarfile
import tempfile
from pathlib import Path

from alembic.script import ScriptDirectory

from bot.database.connection import migrate
from index.storage.manifest import FORMAT_VERSION
from tests.releases.folder import make_folder

_SCHEMAS = Path(migrate.__file__).parents[1] / "schema" / "migrations"


def main() -> None:
    """Write the archive, in the place of one of the same forms."""
    schema = ScriptDirectory(str(_SCHEMAS)).get_current_head()
    name = f"format-{FORMAT_VERSION}-schema-{schema}.tar.xz"
    path = Path(__file__).parent / "folders" / name
    with tempfile.TemporaryDirectory() as folder:
        make_folder(Path(folder))
        with tarfile.open(path, "w:xz") as archive:
            for part in ("corpus", "data"):
                archive.add(Path(folder) / part, part)


if __name__ == "__main__":
    main()
