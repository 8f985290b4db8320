"""The terms of a text: one spelling for what people write in several ways."""

import unicodedata
from collections import Counter

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from index.analysis.languages.scripts import is_unspaced, letters_of
from index.analysis.languages.stems import stem
from index.analysis.stop_words import STOP_WORDS, names_among_stop_words
from index.analysis.terms import (
    _WordsOfForeignParts,
    _WordsOfParts,
    compounds,
    extract_terms,
    extract_tokens,
    extract_words,
    normalise,
)

quick = settings(max_examples=60, deadline=None, derandomize=True)
words = st.text(st.characters(categories=("L", "M", "Nd", "Zs"), exclude_characters="\u0149"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Herring", "HERRING"),
        ("the keeper's lamp", "the keeper\u2019s lamps"),
        ("the keepers\u2019 boats", "keeper boat"),
        ("U.S. ships", "US ship"),
        ("U.S.A.", "usa"),
        ("20,000 eels", "20000 eel"),
        ("1,234,567", "1234567"),
        ("20k eels", "20,000 eels"),
        ("20K eels", "20000 eels"),
        ("Oct. 7", "October 7"),
        ("oct 7", "October 7"),
        ("7 Oct. 2023", "7 October 2023"),
        ("Sept. 11", "Sep 11"),
        ("DEC. 24", "december 24"),
        ("\u00c5ngstr\u00f6m\u2019s", "angstrom"),
        ("caf\u00e9", "cafe"),
        ("Stra\u00dfe", "STRASSE"),
        ("\ufb01shing", "fishing"),
        ("O\u2019Hara", "O'Hara"),
        ("net\u00a0loft", "net loft"),
        ("v6.2.8", "6.2.8"),
        ("V1.0", "v1.0"),
        ("Tide-Table", "tide_table"),
        ("tideTable", "tide_table"),
        ("TideTable", "tide.table"),
        ("HTTPLamp", "http-lamp"),
        ("a C++ lamp", "the c++ Lamp"),
    ],
)
def test_terms_of_two_spellings_are_equal(one, other):
    """Spellings of the same words give the same terms."""
    assert extract_terms(one) == extract_terms(other) != []


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", []),
        (" \n\t.,;!?-", []),
        ("147.5 tons", ["147.5", "tons"]),
        ("version 1.2.3.", ["version", "1.2.3"]),
        ("12,34 and 1,0000", ["12", "34", "and", "1", "0000"]),
        ("The end. A start.", ["the", "end", "a", "start"]),
        ("sea-wall (old)", ["sea", "wall", "old"]),
        ("we march on; jan came", ["we", "march", "on", "jan", "came"]),
        ("deck 7, 12th, 1980s", ["deck", "7", "12th", "1980s"]),
        ("5kg, 12.5mm, 8pm", ["5", "kg", "12.5", "mm", "8", "pm"]),
        ("7zip and 3d", ["7", "zip", "and", "3", "d"]),
        ("python3.11, lamp2.4.1", ["python", "3.11", "lamp", "2.4.1"]),
        ("v2 of 0x80070005", ["v", "2", "of", "0x80070005"]),
        ("maxBerths, HTTPServer, MP3Player", ["max", "berths", "http", "server", "mp3", "player"]),
        ("APIs, GBs, Herring", ["apis", "gbs", "herring"]),
        ("show_tide_table", ["show", "tide", "table"]),
        ("C, C++, C++17, C#", ["c", "cplusplus", "cplusplus", "17", "csharp"]),
        ("i++ or Notepad++", ["iplusplus", "or", "notepad", "notepadplusplus"]),
        ("F#, page#two, #5", ["fsharp", "page", "two", "5"]),
        ("net, .NET, lamp.net", ["net", "dotnet", "lamp", "net"]),
        ("U.S.S. Lowmere", ["uss", "lowmere"]),
    ],
)
def test_tokens_are_runs_of_letters_and_digits(text, tokens):
    """Words and numbers come in order; decimals stay whole and marks vanish."""
    assert extract_tokens(text) == tokens


@pytest.mark.parametrize(("one", "other"), [("1.5k boats", "1,500 boats"), ("5 Oct.", "5 October")])
def test_terms_of_abbreviations_without_a_space_are_equal(one, other):
    """A decimal of thousands and a month without a space after its dot are read as people do."""
    assert extract_terms(one) == extract_terms(other)


def test_words_are_the_tokens_without_stop_words():
    """Words keep their endings, order and repeats; terms are their stems."""
    assert extract_words("The boats, the Keepers' boats") == ["boats", "keepers", "boats"]
    assert extract_terms("The boats, the Keepers' boats") == ["boat", "keeper", "boat"]
    assert stem("rebuilding") == stem("rebuilds") == "rebuild"


def test_terms_keep_order_and_repeats():
    """Every occurrence of a word is a term, in the order of the text."""
    assert extract_terms("boats, bell, boat") == ["boat", "bell", "boat"]


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("Wi-Fi", "wifi"),
        ("an e-mail", "email"),
        ("show_tide_table", "showtidetable"),
        ("showTideTable()", "showtidetable"),
        ("IWalkableArea", "iwalkablearea"),
        ("os.path.join", "ospathjoin"),
        ("ERR_LAMP_OUT", "errlampout"),
        ("R&D", "rd"),
        ("5GB", "5gb"),
        ("ORA-00942", "ora00942"),
        ("v2", "v2"),
        ("stra\u00dfen-lampe", "strassenlampe"),
    ],
)
def test_words_of_a_compound_are_its_parts_and_their_joined_form(text, joined):
    """What is written without a space is found as a whole and by its parts."""
    parts = [token for token in extract_tokens(text) if token not in STOP_WORDS]
    assert extract_words(text) == [*parts, joined]
    assert ["".join(found) for _, found in compounds(text)] == [joined]


@pytest.mark.parametrize(
    "text",
    [
        "2023-10-07",
        "6.2.8",
        "20,000",
        "20k",
        "U.S.A",
        "e.g. this",
        "don't",
        "a - b",
        "x" * 99 + "-y",
    ],
)
def test_numbers_initials_and_long_strings_are_no_compounds(text):
    """A date, a version or an acronym has no joined form."""
    assert list(compounds(text)) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The WHO guideline", ["who"]),
        ("ask IT for a lamp", ["it"]),
        ("how do I install Go?", ["go"]),
        ("in March, Will left", ["will"]),
        ("Toolchains\nGo", ["go"]),
        ("Toolchains \u203a Go \u203a Lamp", ["go"]),
        ("Go", ["go"]),
        ('what does "get" do', ["get"]),
        ("what does `get` do", ["get"]),
        ("Installing Go", ["go"]),
        ("Go home. It is late.", []),
        ("He left. Who saw him?", []),
        ("Where Do The Boats Go", []),
        ("WHERE IS THE LAMP", []),
        ("a lamp and I", []),
        ('he said "Will you go"', []),
        ("people say Don't", []),
    ],
)
def test_stop_words_that_are_written_as_names_are_words(text, names):
    """Capitals where a sentence has none, and a heading of one word, make a name."""
    assert [word for word in extract_words(text) if word in STOP_WORDS] == names


@pytest.mark.parametrize("change", [str.lower, str.upper, str.title])
def test_terms_leave_out_stop_words_in_any_case(change):
    """A stop word gives no term, however it is capitalised."""
    assert extract_terms(change(" ".join(sorted(STOP_WORDS)))) == []


@pytest.mark.parametrize("question", ["Who's there?", "What isn\u2019t it?", "How do you do"])
def test_terms_of_a_question_of_stop_words_are_empty(question):
    """Contractions of stop words are stop words too."""
    assert extract_terms(question) == []


def test_terms_keep_the_country_apart_from_the_pronoun():
    """The abbreviation of the United States is a term although it spells a pronoun."""
    assert extract_terms("the U.S.") == ["us"]


@given(st.text())
@example("\ud800")
@example("'" * 50)
@quick
def test_terms_of_any_text_are_words_without_space(text):
    """No text raises, and every term is non-empty and can be written to a line of the index."""
    terms = extract_terms(text)
    assert " ".join(terms).split() == terms


@given(words)
@example("1,000.5 U.S. keeper's")
@quick
def test_tokens_of_tokens_are_the_same_tokens(text):
    """Tokens are in their final spelling: extracting again changes nothing.

    In scripts without spaces a token is a part of a run of letters, so it is not looked at here.
    """
    assume(not is_unspaced(normalise(text)))
    tokens = extract_tokens(text)
    assert extract_tokens(" ".join(tokens)) == tokens


@given(st.text())
@quick
def test_normalised_text_holds_no_apostrophe_and_no_accent(text):
    """Accents of Latin and Greek letters and apostrophes are gone from normalised text."""
    normalised = normalise(text)
    assert "'" not in normalised
    for letter in letters_of(unicodedata.normalize("NFD", normalised)):
        if letter[0].isascii() or "\u0370" <= letter[0] < "\u0400":
            assert not any("\u0300" <= mark < "\u0370" for mark in letter[1:])


@given(words)
@example("\u00e9\u0323 \u212b \u1e9b\u0323")
@quick
def test_terms_of_composed_and_decomposed_accents_are_equal(text):
    """A letter with its accent in one character or in two gives the same term."""
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert extract_terms(composed) == extract_terms(decomposed) == extract_terms(text)


@given(words)
@quick
def test_terms_of_two_texts_are_the_terms_of_their_lines(text):
    """A line's terms do not depend on the line after it."""
    both = [*extract_terms(text), *extract_terms("harbour")]
    assert sorted(extract_terms(f"{text}\nharbour")) == sorted(both)


@given(st.text(alphabet="aB'`.,k7- \tJanSepOct", max_size=40))
@quick
def test_plain_ascii_is_normalised_like_any_other_text(text):
    """The shorter way for ASCII text gives what the long way gives beside another script."""
    assert normalise(f"{text} \u05d0") == f"{normalise(f'{text} ')}\u05d0"


PARTS = (
    "oct Oct. sept 7 7,000 20k 12.5K 1, 1.5.2 U.S. u.s b.c. Keeper's keepers' \u2019s don\u2019t "
    "Stra\u00dfe \u2167 \u00a8 \u2466 \u0301 x\u00a0oct (mar "
    '\ufb01sh the of tide_table \t \u03a3\u03b1\u03a3 (eel) "Oct" May. Nets: a..b ..a. .Dec '
    'Go GO WHO (IT) The the, "Get" `of` Will. I It\'s maxLamp HTTPLamp wi-Fi v2 v1.2 5GB C++ '
    ".NET R&D"
).split(" ")


@given(st.lists(st.sampled_from(PARTS) | words, max_size=8).map(" ".join))
@example("oct  7 oct 7 oct\u00a07 s.oct 7,000")
@example("see Go and IT. The end")
@settings(max_examples=300, deadline=None, derandomize=True)
def test_words_of_any_text_are_its_tokens_without_stop_words(text):
    """Remembering the words of each part of a text gives the words of the text."""
    names = names_among_stop_words(text)
    words = [token for token in extract_tokens(text) if token not in STOP_WORDS or token in names]
    words += ["".join(parts) for _, parts in compounds(text)]
    assert Counter(extract_words(text)) == Counter(words)


def test_remembered_words_take_little_memory():
    """Neither long parts nor very many of them are kept."""
    remembered = _WordsOfParts()
    for n in range(remembered._MAX_PARTS + 10):
        assert remembered[f"eel{n}"] == (f"eel{n}",)
    assert len(remembered) == 10
    assert remembered["x" * 1_000] == ("x" * 1_000,)
    assert len(remembered) == 10


@pytest.mark.parametrize("remembered", [_WordsOfParts(), _WordsOfForeignParts("zh")])
def test_clauses_without_spaces_are_not_remembered(remembered):
    """They hardly repeat, and each of their letters begins a word; a short word is kept."""
    letters = [chr(0x4E00 + n) for n in range(2_000)]
    for n in range(0, len(letters), 20):
        assert len(remembered["".join(letters[n : n + 20])]) == 39
    assert len(remembered) == 0
    assert remembered["\u71c8\u53f0"] == remembered["\u71c8\u53f0"]
    assert len(remembered) == 1
