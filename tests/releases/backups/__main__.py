"""Write a backup of today's schema, of made-up data; those of earlier ones stay as they are."""

import tempfile
from pathlib import Path

from bot.database import known_revisions
from bot.operations.backup.create import back_up
from tests.support.data.data_folder import fill, settings_of

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_of(Path(folder))
        fill(settings)
        back_up(settings, Path(__file__).parent / f"{known_revisions()[0]}.zip")
