"""The language that a question is read in: one of those that an index holds."""

from collections.abc import Iterable
from dataclasses import dataclass

from index.analysis.languages.codes import ENGLISH
from index.analysis.languages.folding import fold_script
from index.analysis.languages.scripts import script_of, split_tokens
from index.analysis.languages.stop_lists import stop_form, stop_words_of

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
        if len(self.codes) == 1:
            return self.main
        fitting = [code for code in self.codes if _is_written_in(code, script_of(question))]
        if len(fitting) == 1:
            return fitting[0]
        tokens = split_tokens(fold_script(question).replace("'", " "))
        return max(fitting or self.codes, key=lambda code: _n_stop_words(tokens, code))


def _is_written_in(language: str, script: str) -> bool:
    if script in _LANGUAGES_OF_SCRIPT:
        return language in _LANGUAGES_OF_SCRIPT[script]
    return language not in _NOT_LATIN


def _n_stop_words(tokens: Iterable[str], language: str) -> int:
    stop_words = stop_words_of(language)
    return sum(stop_form(token, language) in stop_words for token in tokens)
