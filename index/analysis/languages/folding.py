"""Fold the forms of letters: of scripts in any language, and accents where they are decoration."""

import re
import unicodedata

# Letter forms of Arabic, Persian and Urdu that people type for one another; and letters that
# Unicode does not decompose. The tatweel stretches a word, the joiners and the soft hyphen only
# change how it is drawn.
_ARABIC = {
    "\u0629": "\u0647",
    "\u0649": "\u064a",
    "\u0671": "\u0627",
    "\u06a9": "\u0643",
    "\u06c1": "\u0647",
    "\u06cc": "\u064a",
}
_INVISIBLE = dict.fromkeys(map(ord, "\u0640\u200c\u200d\u00ad\u2060\ufeff"))
_LETTERS = str.maketrans(
    {
        "\u0131": "i",
        "\u0142": "l",
        "\u00f8": "o",
        "\u0111": "d",
        "\u0127": "h",
        "\u00f0": "d",
        "\u00fe": "th",
        "\u00e6": "ae",
        "\u0153": "oe",
    }
)

# Points and signs of reading: of Hebrew and Arabic, the stress of Cyrillic, and the dots of its
# "yo". Other marks of Cyrillic make another letter ("short i").
_POINTS = re.compile(
    "[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed]+"
    "|(?<=[\u0400-\u04ff])[\u0300\u0301]+|(?<=\u0435)\u0308"
)
_MAY_HAVE_POINTS = re.compile("[\u0400-\u06ff\u0750-\u077f\u08a0-\u08ff]")

# Accents of Latin and Greek letters.
_ACCENTS = re.compile("(?<![\u0400-\u04ff])[\u0300-\u036f]+")
_GREEK_END = str.maketrans({"\u03c2": "\u03c3"})

# Hebrew writes acronyms with a double mark before the last letter, short forms with a single one.
_INSIDE_HEBREW = re.compile("(?<=[\u05d0-\u05ea])[\"'\u05f3\u05f4](?=[\u05d0-\u05ea])")


def fold_script(text: str, *, is_turkish: bool = False) -> str:
    """Fold case, width, digits, and the points and letter forms of scripts; the result is NFC.

    Accents of Latin and Greek letters stay; see `fold_accents`.

    Args:
        text: Any text.
        is_turkish: Whether a capital I is the one without a dot.
    """
    text = unicodedata.normalize("NFKC", text).translate(_INVISIBLE)
    if is_turkish:
        text = text.replace("I", "\u0131").replace("\u0130", "i")
    text = text.casefold()
    if _MAY_HAVE_POINTS.search(text):
        text = _POINTS.sub("", unicodedata.normalize("NFD", text)).translate(_FORMS)
        text = _INSIDE_HEBREW.sub("", unicodedata.normalize("NFC", text))
    return unicodedata.normalize("NFKC", text.translate(_DIGITS))


def fold_accents(word: str) -> str:
    """Return a folded word without the accents of Latin and Greek letters."""
    if word.isascii():
        return word
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", word))
    return unicodedata.normalize("NFC", bare).translate(_LETTERS).translate(_GREEK_END)


def _digits() -> dict[int, str]:
    blocks = range(0x660, 0xFF1A)
    return {n: str(unicodedata.decimal(chr(n))) for n in blocks if chr(n).isdecimal()}


_FORMS = str.maketrans(_ARABIC)
_DIGITS = _digits()
