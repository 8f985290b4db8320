"""The sample text that comes with the program, for people who have no texts at hand."""

from pathlib import Path

import bot
from bot.errors import BotError

_SAMPLE = "us-israel-2023.md"

# Where a built package has the sample; in a checkout it is the folder `corpus` beside the code.
_PACKAGE = Path(bot.__file__).parent
_FOLDERS = (_PACKAGE / "sample_corpus", _PACKAGE.parent / "corpus")


def copy_sample(corpus_dir: Path) -> Path | None:
    """Copy the sample into a folder of texts.

    Returns:
        The copy; None if a file of its name is already there, which stays as it is.

    Raises:
        BotError: This installation has no sample.
        OSError: The folder cannot be written.
    """
    samples = (folder / _SAMPLE for folder in _FOLDERS)
    sample = next((one for one in samples if one.is_file()), None)
    if sample is None:
        raise BotError(
            "the sample text did not come with this installation; put in a text of yours"
        )
    copy = corpus_dir / _SAMPLE
    if copy.exists():
        return None
    copy.write_bytes(sample.read_bytes())
    return copy
