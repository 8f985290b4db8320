"""Find related words by NLTK's WordNet, if its data is installed."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from index.analysis.languages.stems import stem
from index.errors import WordNetUnusableError

# How many senses of a word are used for each part of speech; WordNet sorts them by frequency.
# With 1 or 3 the figures of the lexical tier stay within a point.
_MAX_SENSES = 2

_PARTS_OF_SPEECH = "nvar"
_RESOURCES = ("corpora/wordnet", "corpora/wordnet.zip")


def is_installed() -> bool:
    """Return whether NLTK finds WordNet's data on this machine."""
    from nltk import data  # it takes 0.25 s to load

    # `data.find` would raise an error that keeps the frames of all its callers alive.
    return any(Path(folder, name).exists() for folder in data.path for name in _RESOURCES)


def related_words(words: Iterable[str]) -> dict[str, list[str]]:
    """Find words of nearly the same, a wider or a narrower meaning.

    Args:
        words: Words of the corpus.

    Returns:
        By the stem of a related word, the given words that it is related to, in their order. Other
        forms of a word do not count as related. Empty if WordNet is not installed.

    Raises:
        WordNetUnusableError: WordNet's data cannot be read.

    Source:
        WordNet (Fellbaum 1998): a word's most frequent senses with their synonyms, derived
        forms, hypernyms and hyponyms.
    """
    found: dict[str, dict[str, None]] = {}
    if not is_installed():
        return {}
    try:
        for word in words:
            own_stem = stem(word)
            for stemmed in {stem(name) for name in _related_names(word)} - {own_stem}:
                found.setdefault(stemmed, {})[word] = None
    except Exception as error:  # the exceptions for damaged files are not documented
        raise WordNetUnusableError(error) from error
    return {stemmed: list(related) for stemmed, related in found.items()}


def _related_names(word: str) -> Iterator[str]:
    """Yield single words related to a word, in lower case, with repeats."""
    from nltk.corpus import wordnet  # reading it takes seconds, so only when needed

    for part_of_speech in _PARTS_OF_SPEECH:
        base = wordnet.morphy(word, part_of_speech)
        for sense in wordnet.synsets(base, part_of_speech)[:_MAX_SENSES] if base else ():
            lemmas = list(sense.lemmas())
            lemmas += [form for lemma in lemmas for form in lemma.derivationally_related_forms()]
            near = (
                *sense.hypernyms(),
                *sense.instance_hypernyms(),
                *sense.hyponyms(),
                *sense.instance_hyponyms(),
            )
            lemmas += [lemma for other in near for lemma in other.lemmas()]
            yield from (name for lemma in lemmas if "_" not in (name := lemma.name().lower()))
