"""The files of a build with the corpus' commonest words, the owner's synonyms and WordNet's."""

from pathlib import Path

from index.analysis import wordnet
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


def open_synonyms(folder: Path) -> tuple[Synonyms, dict[str, list[str]]]:
    """Return the owner's rules merged with the general ones, and related words by stem.

    Raises:
        OSError: A file cannot be read.
        ValueError: A file is not UTF-8.
        SynonymsError: The rules break the syntax.
    """
    owners = (folder / _SYNONYMS).read_text(encoding="utf-8")
    related = (folder / _RELATED).read_text(encoding="utf-8").splitlines()
    by_stem = {stemmed: words for stemmed, *words in map(str.split, related)}
    return Synonyms.parse(owners, Path(_SYNONYMS)).merge(general_synonyms()), by_stem
