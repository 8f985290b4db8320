"""The language that a question is read in: one of those that an index holds."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from index.analysis.languages.codes import ENGLISH
from index.analysis.languages.folding import fold_script
from index.analysis.languages.scripts import script_of, split_tokens
from index.analysis.languages.stop_lists import stop_form, stop_words_of
from index.analysis.terms import extract_tokens

# The scripts of languages that are not written in Latin letters, as Unicode names them.
_SCRIPTS = {
    "ARABIC": "ar fa ur ps ug sd ku",
    "ARMENIAN": "hy",
    "BENGALI": "bn as",
    "CJK": "zh ja",
    "CYRILLIC": "ru uk bg be sr mk kk ky mn tg",
    "DEVANAGARI": "hi mr ne sa",
    "ETHIOPIC": "am ti",
    "GEORGIAN": "ka",
    "GREEK": "el",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "HANGUL": "ko",
    "HEBREW": "he yi",
    "HIRAGANA": "ja",
    "KANNADA": "kn",
    "KATAKANA": "ja",
    "KHMER": "km",
    "LAO": "lo",
    "MALAYALAM": "ml",
    "MYANMAR": "my",
    "ORIYA": "or",
    "SINHALA": "si",
    "TAMIL": "ta",
    "TELUGU": "te",
    "THAI": "th",
}
_LANGUAGES_OF_SCRIPT = {script: frozenset(codes.split()) for script, codes in _SCRIPTS.items()}
_NOT_LATIN = frozenset().union(*_LANGUAGES_OF_SCRIPT.values())

# Japanese is written in Chinese characters too, but Chinese has no kana.
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")

# The languages in Latin letters that people may ask in where the texts are English. A question of
# ASCII letters has so many stop words of its language; English words and names are stop words too.
_ASKED_IN = ("de", "es", "fr", "it", "nl", "pl", "pt", "ro", "sv", "tr", "vi")
_MIN_STOP_WORDS = 2


@dataclass(frozen=True, slots=True)
class IndexLanguages:
    """The languages of an index.

    Attributes:
        codes: The one of most passages first; at least one.
    """

    codes: tuple[str, ...] = (ENGLISH,)

    @classmethod
    def of_counts(cls, passages: dict[str, int]) -> "IndexLanguages":
        """Return the languages by the number of passages in each."""
        ordered = sorted(passages, key=lambda code: (-passages[code], code))
        return cls(tuple(ordered) or (ENGLISH,))

    @property
    def main(self) -> str:
        """The language of most passages."""
        return self.codes[0]

    def of_question(self, question: str) -> str:
        """Return the language that a question is read in.

        It is the language of the question's script with most of its stop words among the
        question's words; on a tie, the one with more passages.
        """
        return self.main if len(self.codes) == 1 else _of_question(question, self.codes)

    def reads_english(self, question: str) -> bool:
        """Return whether a question is read in English and is not in another language.

        An index of English texts alone reads every question in English. The question is in another
        language if it has more stop words of that language, or its script is not Latin.
        """
        return self.of_question(question) == ENGLISH and _is_english(question)


# A question is looked at for several purposes, one after the other.
@lru_cache(maxsize=16)
def _of_question(question: str, codes: tuple[str, ...]) -> str:
    script = "HIRAGANA" if _KANA.search(question) else script_of(question)
    fitting = [code for code in codes if _is_written_in(code, script)]
    if len(fitting) == 1:
        return fitting[0]
    tokens = _tokens(question)
    return max(fitting or codes, key=lambda code: _n_stop_words(tokens, code))


@lru_cache(maxsize=16)
def _is_english(question: str) -> bool:
    if script_of(question) in _LANGUAGES_OF_SCRIPT:
        return False
    words = extract_tokens(question)
    if 2 * _n_stop_words(words, ENGLISH) >= len(words):  # the other lists need not be read
        return True
    # The lists have digits and letters too, which are in texts of any language.
    n_english = _n_stop_words(filter(_is_long, words), ENGLISH)
    tokens = list(filter(_is_long, _tokens(question)))
    most = max(_n_stop_words(tokens, code) for code in _ASKED_IN)
    if n_english or question.isascii():
        return most < _MIN_STOP_WORDS or most <= n_english
    return not most and all(script_of(word) not in _LANGUAGES_OF_SCRIPT for word in tokens)


def _is_long(token: str) -> bool:
    return len(token) > 1 and token.isalpha()


def _tokens(question: str) -> list[str]:
    return split_tokens(fold_script(question).replace("'", " "))


def _is_written_in(language: str, script: str) -> bool:
    if script in _LANGUAGES_OF_SCRIPT:
        return language in _LANGUAGES_OF_SCRIPT[script]
    return language not in _NOT_LATIN


def _n_stop_words(tokens: Iterable[str], language: str) -> int:
    stop_words = stop_words_of(language)
    return sum(stop_form(token, language) in stop_words for token in tokens)
