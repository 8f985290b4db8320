"""Codes of languages: ISO 639-1, in lower case, without script and region."""

import re
from functools import cache

# The language of texts that say nothing else, and of the words that the program knows itself.
ENGLISH = "en"

_PRIMARY = re.compile(r"([A-Za-z]{2,3})(?:[-_].*)?$")

# Older, longer and narrower codes, by the one that is used here.
_SAME = {
    "ara": "ar", "cmn": "zh", "deu": "de", "ell": "el", "eng": "en", "fas": "fa", "fil": "tl",
    "fra": "fr", "ger": "de", "heb": "he", "hin": "hi", "in": "id", "ita": "it", "iw": "he",
    "ji": "yi", "jpn": "ja", "kor": "ko", "nb": "no", "nn": "no", "pol": "pl", "por": "pt",
    "ron": "ro", "rus": "ru", "spa": "es", "tha": "th", "tur": "tr", "ukr": "uk", "vie": "vi",
    "yue": "zh", "zho": "zh",
}  # fmt: skip

# Codes of countries that people write for the code of their language.
_COUNTRIES = {"cn": "zh", "cz": "cs", "dk": "da", "gr": "el", "jp": "ja", "kr": "ko", "ua": "uk"}

# Codes that say that no language is meant.
_NONE = frozenset({"und", "mul", "zxx", "mis"})


def read_code(written: str | None) -> str | None:
    """Return the code of a language as a text declares it ("pt-BR" is "pt"), or None.

    A common mistake for a code ("jp") is mended; another code is one of ISO 639.
    """
    found = _PRIMARY.match((written or "").strip())
    code = found[1].lower() if found else ""
    code = _SAME.get(code) or _COUNTRIES.get(code) or code
    if code in _NONE or (code != ENGLISH and code not in _known_codes()):
        return None
    return code


@cache
def _known_codes() -> frozenset[str]:
    from babel import Locale  # it takes 20 ms, and most texts declare no other language

    return frozenset(Locale(ENGLISH).languages)
