"""The stop words of each language: our own for English, those of stopwordsiso for others."""

from functools import cache

from index.analysis.languages.codes import ENGLISH
from index.analysis.languages.folding import fold_accents, fold_script
from index.analysis.languages.stems import keeps_accents
from index.analysis.stop_words import STOP_WORDS


@cache
def stop_words_of(language: str) -> frozenset[str]:
    """Return the stop words of a language in the form of `stop_form`; empty if none are known."""
    if language == ENGLISH:
        return STOP_WORDS
    from stopwordsiso import stopwords  # reading all lists takes 10 ms, and English needs none

    folded = (
        stop_form(fold_script(word, is_turkish=language == "tr"), language)
        for word in stopwords(language)
    )
    return frozenset(word.replace("'", "") for word in folded if " " not in word)


def stop_form(token: str, language: str) -> str:
    """Return a token in the form in which stop words are listed."""
    return token if keeps_accents(language) else fold_accents(token)
