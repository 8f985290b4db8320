"""Imported first in the process that the tests fork: sets the clock, and reads what all forks need.

The clock, which a fork can speed up, is set before the program is imported.
"""

from tests.support.fast_clock import CLOCK, install

install(CLOCK)


def _read_once() -> None:
    """Read the files that the program keeps in memory from their first use on."""
    from bot.answering.small_talk import is_small_talk
    from bot.languages import LANGUAGES, catalogue
    from index.analysis.synonyms import general_synonyms
    from index.vectors.encoders import static_encoder

    for language in LANGUAGES:
        catalogue(language)
    general_synonyms()
    is_small_talk("who dug it?")  # compiles its pattern
    static_encoder().is_common_word(
        "boat"
    )  # opens the model, and starts no thread as `encode` does


_read_once()
