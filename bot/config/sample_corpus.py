"""The sample text that comes with the program, for people who have no texts at hand."""

from pathlib import Path

import bot
from bot.errors import BotError

# Where a built package has the sample; in a checkout it is the folder `corpus` beside the code.
_PACKAGE = Path(bot.__file__).parent
_FOLDERS = (_PACKAGE / "sample_corpus", _PACKAGE.parent / "corpus")


def copy_sample(corpus_dir: Path) -> list[Path]:
    """Copy the sample into a folder of texts; a file that is already there stays as it is.

    Returns:
        The copies that were made.

    Raises:
        BotError: This installation has no sample.
        OSError: The folder cannot be written.
    """
    folder = next((one for one in _FOLDERS if one.is_dir()), None)
    if folder is None:
        raise BotError(
            "the sample text did not come with this installation; put in a text of yours"
        )
    copies = []
    for text in sorted(folder.iterdir()):
        target = corpus_dir / text.name
        if text.is_file() and text.stem != "README" and not target.exists():
            target.write_bytes(text.read_bytes())
            copies.append(target)
    return copies
