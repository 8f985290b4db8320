"""Turn text into terms, in the same way for passages and questions."""

import hashlib
import re
import threading
import unicodedata
from functools import lru_cache
from itertools import chain

import Stemmer

# Function words and words of asking. They occur in any passage, so they only add noise to the
# scores. "us" is missing on purpose, because "U.S." is normalised to "us".
STOP_WORDS = frozenset(
    """
    a about above after again against all also am an and any anybody anyone anything are aren arent
    as at be because been before being below between both but by can cannot cant could couldnt did
    didnt do does doesnt doing dont down during each either else etc ever every few for from further
    get gets getting go goes going gonna got had hadnt has hasnt have havent having he hed her here
    heres hers herself hes him himself his how hows i id if ill im in into is isnt it itd itll its
    itself ive just let lets like many me might more most much must mustnt my myself nor not of off
    on once one only or other our ours ourselves out over own please same shall she shed shes should
    shouldnt so some somebody someone something still such tell than that thats the their theirs
    them themselves then there theres these they theyd theyre theyve thing things this those
    through to too u under until up upon very was wasnt we were werent weve what whatever whats when
    whens where wheres which while who whom whos whose why whys will with without wont would
    wouldnt yet you youd youll your youre yours yourself youve
    btw ok okay pls plz thx lol hey um uh kinda gotta wanna really actually
    """.split()
)

_DIGIT = re.compile(r"\d")
_THOUSANDS_SEPARATOR = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_DOTTED_ACRONYM = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.){2,}")
_POSSESSIVE = re.compile(r"(?<=[^\W_])'s?(?![^\W_])")
_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc\u2032`\u00b4", "'"))

_THOUSANDS = re.compile(r"(?<![\w.])(\d{1,3}(?:\.\d)?)k(?![^\W_])")
_MONTH = re.compile(r"(?<![^\W_])(jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)(?:\.|(?= \d))")
_MONTHS = {
    "jan": "january",
    "feb": "february",
    "mar": "march",
    "apr": "april",
    "jun": "june",
    "jul": "july",
    "aug": "august",
    "sep": "september",
    "sept": "september",
    "oct": "october",
    "nov": "november",
    "dec": "december",
}

# A token is a decimal number ("147.5") or a run of letters and digits.
_TOKEN = re.compile(r"\d+(?:\.\d+)+|[^\W_]+")

# A stemmer of PyStemmer must not be shared by threads.
_local = threading.local()

# The version of this analysis. It is part of the manifest, so that an index of another analysis is
# rebuilt. Raise the number with every change of behaviour below.
ANALYSIS = "3-" + hashlib.sha256(" ".join(sorted(STOP_WORDS)).encode()).hexdigest()[:12]


def normalise(text: str) -> str:
    """Fold different spellings of the same words into one.

    This folds case, accents, curly apostrophes, possessives ("Biden's"), dotted acronyms ("U.S."
    becomes "us"), thousands ("20,000" and "20k") and months ("Oct. 7"). The length changes.
    """
    if text.isascii():  # most text is ASCII, and then has neither accents nor curly apostrophes
        folded = text.replace("`", "'").lower()
    else:
        decomposed = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)).casefold()
        folded = "".join(char for char in decomposed if not unicodedata.combining(char))
    if _DIGIT.search(folded):
        folded = _THOUSANDS_SEPARATOR.sub("", folded)
        folded = _THOUSANDS.sub(lambda match: f"{float(match[1]) * 1000:.0f}", folded)
    folded = _MONTH.sub(lambda match: f"{_MONTHS[match[1]]} ", folded)
    if "." in folded:
        folded = _DOTTED_ACRONYM.sub(lambda match: match[0].replace(".", ""), folded)
    if "'" in folded:
        folded = _POSSESSIVE.sub("", folded).replace("'", "")
    return folded


def extract_tokens(text: str) -> list[str]:
    """Return the normalised words and numbers of `text`, in order, stop words included."""
    return _TOKEN.findall(normalise(text))


def extract_words(text: str) -> list[str]:
    """Return the tokens of `text` without stop words, in order, with repeats."""
    try:
        return list(chain.from_iterable(map(_WORDS_OF_PARTS.__getitem__, text.split(" "))))
    except KeyError:
        return _words(text)


def _words(text: str) -> list[str]:
    return [token for token in extract_tokens(text) if token not in STOP_WORDS]


# Marks that may touch an ASCII word without changing its normalised form.
_MARKS = '.,;:!?()"'


class _WordsOfParts(dict[str, tuple[str, ...]]):
    """Caches the words of each space-separated part of a text, because most parts repeat.

    `normalise` folds each part independently of the others, except for months ("oct 7").
    """

    # 65,536 parts cover the vocabulary of a large collection and take 20 MB at most.
    _MAX_PARTS = 65_536
    _MAX_CHARS = 40

    def __missing__(self, part: str) -> tuple[str, ...]:
        words: tuple[str, ...]
        word = part.strip(_MARKS).lower()
        if word.isascii() and word.isalpha() and word not in _MONTHS:  # needs no other folding
            words = () if word in STOP_WORDS else (word,)
        else:
            words = tuple(_words(part))
            if words != tuple(_words(f"{part} 0")[:-1]):
                raise KeyError(part)  # its words depend on the next part
        if len(part) <= self._MAX_CHARS:
            if len(self) >= self._MAX_PARTS:
                self.clear()
            self[part] = words
        return words


_WORDS_OF_PARTS = _WordsOfParts()


def extract_terms(text: str) -> list[str]:
    """Return the Snowball stems (Porter 2) of the words of `text`, in order, with repeats."""
    return [stem(word) for word in extract_words(text)]


# 65,536 words cover the vocabulary of a large collection and take a few megabytes.
@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return the Snowball stem (Porter 2) of a word."""
    try:
        stemmer = _local.stemmer
    except AttributeError:
        stemmer = _local.stemmer = Stemmer.Stemmer("english")
    stemmed: str = stemmer.stemWord(word)
    return stemmed
