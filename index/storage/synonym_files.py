"""The files of a build with the corpus' commonest words, the owner's synonyms and WordNet's."""

from pathlib import Path

from index.analysis import wordnet
from index.analysis.languages.codes import ENGLISH
from index.analysis.languages.questions import IndexLanguages
from index.analysis.synonyms import Synonyms, general_synonyms
from index.files import write_file

_WORDS = "words.txt"
_SYNONYMS = "synonyms.txt"
_RELATED = "related.txt"


def write_synonyms(folder: Path, owners: str, words: list[str]) -> bool:
    """Write the corpus' words, the owner's synonyms, and the words that WordNet relates.

    Returns:
        Whether WordNet is installed.

    Raises:
        OSError: A file cannot be written.
        WordNetUnusableError: WordNet's data cannot be read.
    """
    write_file(folder / _WORDS, ["\n".join(words).encode()])
    write_file(folder / _SYNONYMS, [owners.encode()])
    has_wordnet = wordnet.is_installed()
    related = wordnet.related_words(words).items()
    lines = (f"{stemmed} {' '.join(found)}\n".encode() for stemmed, found in related)
    write_file(folder / _RELATED, lines)
    return has_wordnet


def open_words(folder: Path) -> list[str]:
    """Return the commonest words of the corpus, sorted; raises OSError or ValueError."""
    return (folder / _WORDS).read_text(encoding="utf-8").split()


def open_synonyms(folder: Path, languages: IndexLanguages) -> tuple[Synonyms, dict[str, list[str]]]:
    """Return the rules of synonyms, and related words by stem.

    The owner's rules are read in the language of most passages. If texts are English, they are
    merged with the general ones.

    Raises:
        OSError: A file cannot be read.
        ValueError: A file is not UTF-8.
        SynonymsError: The rules break the syntax.
    """
    owners = (folder / _SYNONYMS).read_text(encoding="utf-8")
    related = (folder / _RELATED).read_text(encoding="utf-8").splitlines()
    by_stem = {stemmed: words for stemmed, *words in map(str.split, related)}
    rules = Synonyms.parse(owners, Path(_SYNONYMS), languages.main)
    return rules.merge(general_synonyms()) if ENGLISH in languages.codes else rules, by_stem
