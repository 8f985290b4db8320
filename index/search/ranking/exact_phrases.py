"""What a question names exactly: quoted phrases, versions, codes, and names that are stop words."""

import re
from collections.abc import Callable, Sequence

from index.analysis.languages.codes import ENGLISH
from index.analysis.stop_words import names_in_question
from index.analysis.terms import extract_tokens
from index.lexical.fields import LexicalIndex
from index.passages.passage import Passage
from index.passages.passage_file import PassageLines
from index.search.ranking.spellings import other_numbers

Phrase = tuple[str, ...]

# Straight and curly quotation marks, guillemets, and code marks.
_QUOTED = re.compile(
    r"\"([^\"\n]+)\"|\u201c([^\u201c\u201d\n]+)\u201d|\u201e([^\u201e\u201c\u201d\n]+)[\u201c\u201d]"
    r"|\u00ab([^\u00ab\u00bb\n]+)\u00bb|`([^`\n]+)`"
)

# "6.2.8", "50013", "0x80070005", "e1234"; not "2023", "12th" and "1980s".
_CODE = re.compile(r"\A(?:\d+(?:\.\d+)+|\d{5,}|0x[\da-f]+|[^\W\d_]+\d\w*)")
_MIN_CODE_CHARS = 3

# A number beside one of these words is a code, however short it is.
_CODE_WORDS = frozenset("error errors code codes status errno exit http version release".split())
_MAX_BETWEEN = 1

# More of them are a pasted text.
_MAX_PHRASES = 5

# So many passages are read to see whether they hold a phrase word for word: some milliseconds.
MAX_READ_FOR_PHRASE = 100


def exact_phrases(
    question: str, knows: Callable[[str], bool], language: str = ENGLISH
) -> list[Phrase]:
    """Return the normalised phrases that an answer should hold word for word, each once.

    Args:
        question: The question.
        knows: Returns whether the texts hold a word. Of a code or version that they do not hold,
            the forms that they hold are returned: "6.3.0" for "6.3".
        language: The language that the question is read in.
    """
    tokens = extract_tokens(question, language)
    quoted = ("".join(groups) for groups in _QUOTED.findall(question))
    found = [tuple(extract_tokens(phrase, language)) for phrase in quoted]
    found = [phrase for phrase in found if len(phrase) > 1]
    for code in filter(_is_code, tokens):
        forms = () if knows(code) else other_numbers(code, knows)
        found += [(form,) for form in forms or (code,)]
    if language == ENGLISH:
        found += [(name,) for name in sorted(names_in_question(question))]
    for at, token in enumerate(tokens):
        around = tokens[max(0, at - 1 - _MAX_BETWEEN) : at + 2]
        if token.isdigit() and not _CODE_WORDS.isdisjoint(around):
            found.append((token,))
    return list(dict.fromkeys(found))[:_MAX_PHRASES]


def holds_phrase(passage: Passage, phrase: Phrase) -> bool:
    """Return whether the text, title or section of a passage has a phrase word for word."""
    if len(phrase) == 1:
        return phrase[0] in passage.all_words
    texts = (passage.text, passage.title, passage.section or "")
    return any(_has_run(extract_tokens(text, passage.language), phrase) for text in texts)


def hold_phrase(phrase: Phrase, lexical: LexicalIndex, passages: PassageLines) -> bool:
    """Return whether a passage that is searched has a phrase, of at least one word, word for word.

    Of the passages that hold all its words only the first ones are read.
    """
    rows = lexical.with_all(phrase, MAX_READ_FOR_PHRASE)
    passages.read_ahead(rows.tolist())
    return any(holds_phrase(passages[int(row)], phrase) for row in rows)


def _is_code(token: str) -> bool:
    return len(token) >= _MIN_CODE_CHARS and _CODE.fullmatch(token) is not None


def _has_run(tokens: Sequence[str], phrase: Phrase) -> bool:
    return f" {' '.join(phrase)} " in f" {' '.join(tokens)} "
