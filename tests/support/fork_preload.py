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
    from index.vectors.models.common_words import is_common_word

    for language in LANGUAGES:
        catalogue(language)
    general_synonyms()
    is_small_talk("who dug it?")  # reads its weights
    is_common_word("boat")  # reads the vocabulary


_read_once()
