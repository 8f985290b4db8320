"""Synonyms: which words stand for which others, read from a file and found in a question."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.analysis.stop_words import STOP_WORDS
from index.analysis.synonyms import MAX_RULES, Synonyms, general_synonyms
from index.analysis.terms import extract_terms, extract_tokens
from index.errors import PassageIndexError, SynonymsError

PATH = Path("corpus/synonyms.txt")
PACKAGED = Path(__file__).parents[4] / "index" / "analysis" / "abbreviations.txt"
ADVICE = "; write it like 'pm, prime minister' or 'potus => president'"

quick = settings(max_examples=60, deadline=None, derandomize=True)
phrases = st.lists(
    st.text("wxyz", min_size=1, max_size=5) | st.text("0123456789", min_size=1, max_size=5),
    min_size=1,
    max_size=8,
).map(" ".join)
entries = st.lists(phrases, min_size=1, max_size=4)
pieces = [*"ab1 ,#=>\\\n\r\t.'\u00e9\u2028\ufeff", "a, b", " => "]
rule_texts = st.lists(st.sampled_from(pieces)).map("".join)


def rules_of(text):
    """Return the rules of a text, phrases joined by spaces."""
    rules = Synonyms.parse(text, PATH).rules
    return {" ".join(phrase): [" ".join(one) for one in others] for phrase, others in rules.items()}


def outcome(read, *arguments):
    """Return what `read` returns, or the error it is allowed to raise."""
    try:
        return read(*arguments)
    except SynonymsError as error:
        return error


def found(synonyms, question):
    """Return (words of the question, alternatives) of every match."""
    tokens = extract_tokens(question)
    return [
        (" ".join(tokens[start:end]), [" ".join(one) for one in others])
        for start, end, others in synonyms.matches(tokens)
    ]


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("", {}),
        (" \t\n\r\n", {}),
        ("# only a comment", {}),
        ("  # an indented comment, with => in it", {}),
        ("ebb, low tide", {"ebb": ["low tide"], "low tide": ["ebb"]}),
        ("a,b , c", {"a": ["b", "c"], "b": ["a", "c"], "c": ["a", "b"]}),
        ("skip, old man => master", {"skip": ["master"], "old man": ["master"]}),
        ("hm => harbour master, keeper", {"hm": ["harbour master", "keeper"]}),
        ("hm=>master", {"hm": ["master"]}),
        ("hm => hm, master", {"hm": ["master"]}),
        ("a => b  # the reason, given", {"a": ["b"]}),
        ("a#1 => b", {"a 1": ["b"]}),
        ("hm => master\nhm => keeper, master", {"hm": ["master", "keeper"]}),
        ("a, b\nb, c", {"a": ["b"], "b": ["a", "c"], "c": ["b"]}),
        ("U.N., \u00c9b\u00e9's", {"un": ["ebe"], "ebe": ["un"]}),
        ("UN, U.N.", {}),
        ("\ufeffa => b\r\nc => d\re => f", {"a": ["b"], "c": ["d"], "e": ["f"]}),
    ],
)
def test_parse_reads_the_convention(text, rules):
    """Groups go both ways, arrows one way, in the order of the file and without repeats."""
    assert rules_of(text) == rules


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        (r"20\,000 => many", {"20000": ["many"]}),
        (r"a\, b => c", {"a b": ["c"]}),
        (r"a \=> b, c", {"a b": ["c"], "c": ["a b"]}),
        (r"a \# b => c", {"a b": ["c"]}),
        (r"a\\, b", {"a": ["b"], "b": ["a"]}),
        ("a => b\\", {"a": ["b"]}),
    ],
)
def test_parse_takes_escaped_marks_as_text(text, rules):
    """A backslash takes the special meaning from the next character."""
    assert rules_of(text) == rules


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("=> president", "nothing stands left of '=>'"),
        ("potus =>  # nobody", "nothing stands right of '=>'"),
        ("=>", "nothing stands left of '=>'"),
        ("a => b => c", "more than one '=>'"),
        ("=> =>", "more than one '=>'"),
        ("prime minister", "'prime minister' stands alone"),
        ("pm,", "'' has no letters or digits"),
        ("pm, ?! => minister", "'?!' has no letters or digits"),
        ("pm, \u2028", "'' has no letters or digits"),
        ("pm, ?\u2028?", "'?\\u2028?' has no letters or digits"),
        ("pm, a b c d e f g h i", "'a b c d e f g h i' has 9 words, 8 are allowed"),
        ("pm, " + "!" * 900, f"'{'!' * 60}' has no letters or digits"),
        ("pm, " + "m" * 997, "1,001 characters in a line, 1,000 are allowed"),
    ],
)
def test_error_names_file_line_and_reason(line, reason):
    """A line that is no rule is named on one line of text, with two examples."""
    with pytest.raises(SynonymsError) as caught:
        Synonyms.parse(f"# harbour\n\n{line}\nebb, low tide\n", PATH)
    assert str(caught.value) == f"{PATH}, line 3: {reason}{ADVICE}"
    assert len(str(caught.value).splitlines()) == 1
    assert (caught.value.path, caught.value.line_number, caught.value.reason) == (PATH, 3, reason)
    assert isinstance(caught.value, PassageIndexError)


def test_parse_takes_the_longest_line_and_entry_allowed():
    """1,000 characters and eight words are still a rule."""
    assert rules_of("pm => " + "m" * 994) == {"pm": ["m" * 994]}
    assert rules_of("pm => a b c d e f g h") == {"pm": ["a b c d e f g h"]}


def test_error_names_the_first_rule_too_many(monkeypatch):
    """The limit counts rules, not lines, and says what to do."""
    monkeypatch.setattr("index.analysis.synonyms.MAX_RULES", 3)
    text = "# four\na, b\n\nc, d\ne, f\n"
    assert len(Synonyms.parse(text, PATH).rules) == 6
    message = "line 6: more than 3 rules; leave out what is not needed$"
    with pytest.raises(SynonymsError, match=message):
        Synonyms.parse(text + "g, h", PATH)
    assert MAX_RULES == 100_000


def test_load_reads_a_file_with_byte_order_mark_and_crlf(tmp_path):
    """Files as Windows editors save them hold the same rules."""
    path = tmp_path / "synonyms.txt"
    path.write_bytes(b"\xef\xbb\xbf# harbour\r\ncaf\xc3\xa9, bar\r\n")
    assert Synonyms.parse(Synonyms.read_checked(path), PATH) == Synonyms.parse("cafe, bar", PATH)


@pytest.mark.parametrize(
    ("content", "line_number"),
    [(b"a, b\r\nc, caf\xe9\n", 2), ("a, b".encode("utf-16"), 1), (b"a, b\n\xc3", 2)],
)
def test_load_says_which_line_is_not_utf8(tmp_path, content, line_number):
    """Another encoding is refused at its first line that shows it."""
    path = tmp_path / "synonyms.txt"
    path.write_bytes(content)
    with pytest.raises(SynonymsError) as caught:
        Synonyms.read_checked(path)
    assert str(caught.value) == f"{path}, line {line_number}: not UTF-8; save the file as UTF-8"


def test_load_names_the_file_in_the_errors_of_its_lines(tmp_path):
    """A broken line of a file is found by the path that was loaded."""
    path = tmp_path / "synonyms.txt"
    path.write_text("alone", encoding="utf-8")
    with pytest.raises(SynonymsError) as caught:
        Synonyms.read_checked(path)
    assert str(caught.value).startswith(f"{path}, line 1: ")


def test_load_of_a_missing_file_is_an_os_error(tmp_path):
    """Whether there is a file at all is for the caller to say."""
    with pytest.raises(FileNotFoundError):
        Synonyms.read_checked(tmp_path / "synonyms.txt")


def test_merge_puts_its_own_alternatives_first():
    """Both sides' rules hold, without repeats, and neither side changes."""
    own = Synonyms.parse("hm => keeper, master", PATH)
    general = Synonyms.parse("hm => harbour master, keeper\nebb => low tide now", PATH)
    merged = own.merge(general)
    assert merged == Synonyms.parse(
        "hm => keeper, master, harbour master\nebb => low tide now", PATH
    )
    assert own == Synonyms.parse("hm => keeper, master", PATH)
    assert merged.rules[("hm",)][-1] == ("harbour", "master")


@pytest.mark.parametrize(
    ("text", "longest"), [("", 0), ("a => b c d", 1), ("a => b\nlow tide of may => c", 4)]
)
def test_longest_counts_the_words_of_the_longest_phrase(text, longest):
    """Only what can be found in a question counts, not the alternatives."""
    assert Synonyms.parse(text, PATH).longest == longest


def test_matches_are_the_longest_from_left_to_right():
    """A longer phrase hides the shorter ones in it, and matches do not overlap."""
    synonyms = Synonyms.parse("sec => s1\nsec gen => s2\ngen lee => s3\nlee => s4", PATH)
    assert synonyms.matches(["the", "sec", "gen", "lee", "sec"]) == [
        (1, 3, (("s2",),)),
        (3, 4, (("s4",),)),
        (4, 5, (("s1",),)),
    ]


@pytest.mark.parametrize("tokens", [[], ["tide"], ["low"]])
def test_matches_of_unknown_words_are_empty(tokens):
    """Nothing is found in no words, unknown words or the beginning of a phrase."""
    assert Synonyms.parse("low tide, ebb", PATH).matches(tokens) == []
    assert Synonyms({}).matches(tokens) == []


@given(st.text() | rule_texts)
@example("\ud800, \x00")
@example("\\")
@example("a, \x85# b")
@quick
def test_parse_of_any_text_gives_rules_or_an_error_of_its_own(text):
    """Whatever the text, a rule never leads from a phrase to itself and holds no empty entry."""
    result = outcome(Synonyms.parse, text, PATH)
    if isinstance(result, SynonymsError):
        assert 1 <= result.line_number <= text.count("\n") + text.count("\r") + 1
        assert len(str(result).splitlines()) == 1
        return
    for phrase, others in result.rules.items():
        assert phrase
        assert phrase not in others
        assert len(set(others)) == len(others) > 0
        assert all(others)


@given(st.binary())
@quick
def test_load_of_any_bytes_gives_rules_or_an_error_of_its_own(tmp_path_factory, content):
    """Whatever the file holds, it is read as its text is, or refused with its path."""
    path = tmp_path_factory.getbasetemp() / "any-synonyms.txt"
    path.write_bytes(content)
    result = outcome(lambda path: Synonyms.parse(Synonyms.read_checked(path), path), path)
    if isinstance(result, SynonymsError):
        assert str(result).startswith(f"{path}, line {result.line_number}: ")
    else:
        assert result == Synonyms.parse(content.decode("utf-8"), path)


@given(st.dictionaries(phrases, entries))
@quick
def test_rules_written_to_a_file_are_read_again(rules):
    """Arrow rules come back as they were written, the phrase itself and repeats left out."""
    text = "\n".join(f"{phrase} => {' , '.join(others)}" for phrase, others in rules.items())
    expected = {
        phrase: [one for one in dict.fromkeys(others) if one != phrase]
        for phrase, others in rules.items()
    }
    assert rules_of(text) == {phrase: others for phrase, others in expected.items() if others}


@given(st.lists(phrases, min_size=2, max_size=5, unique=True))
@quick
def test_a_group_leads_from_each_entry_to_the_others(group):
    """Every entry of a group has the others as alternatives, in their order."""
    assert rules_of(",".join(group)) == {
        one: [other for other in group if other != one] for one in group
    }


@given(st.lists(st.sampled_from("abc1")))
@quick
def test_matches_cover_known_phrases_only_and_do_not_overlap(tokens):
    """Matches stand in order, each is a phrase of the rules, with its alternatives."""
    synonyms = Synonyms.parse("a, b\na b c => 1\nb b => c\nc 1 a b => a", PATH)
    end_before = 0
    for start, end, others in synonyms.matches(tokens):
        assert end_before <= start < end <= len(tokens)
        assert synonyms.rules[tuple(tokens[start:end])] == others
        end_before = end


def packaged_rules():
    """Return the lines of the packaged list that are rules, each with what it says."""
    lines = PACKAGED.read_text(encoding="utf-8").splitlines()
    return {line: rules for line in lines if (rules := rules_of(line))}


def test_packaged_list_is_what_general_synonyms_loads():
    """The packaged list is read once and holds every line's rules."""
    assert general_synonyms() == Synonyms.parse(Synonyms.read_checked(PACKAGED), PACKAGED)
    assert general_synonyms() is general_synonyms()
    assert 150 <= len(packaged_rules()) <= 300


def test_packaged_list_begins_one_rule_with_each_phrase():
    """No rule is there twice and no phrase is explained in two places."""
    begun = [phrase for rules in packaged_rules().values() for phrase in rules]
    assert sorted(begun) == sorted(set(begun))


def test_packaged_list_names_no_stop_word():
    """No phrase is a word without a meaning of its own, and every alternative can be searched."""
    for phrase, others in general_synonyms().rules.items():
        assert len(phrase) > 1 or phrase[0] not in STOP_WORDS
        assert all(extract_terms(" ".join(one)) for one in others)


def test_packaged_list_is_plain_ordered_text():
    """Every line is a rule of lower-case entries, a comment or blank."""
    rules = packaged_rules()
    for line in PACKAGED.read_text(encoding="utf-8").splitlines():
        assert not line or line.startswith("# ") or line == "#" or line in rules
        assert line.startswith("#") or line == line.strip().lower()


@pytest.mark.parametrize(
    ("question", "matches"),
    [
        ("Who is the Sec. State?", [("sec state", ["secstate", "secretary of state"])]),
        ("the secretary of state", [("secretary of state", ["sec state", "secstate"])]),
        ("the P.M.'s plan", [("pm", ["prime minister"])]),
        ("POTUS", [("potus", ["president"])]),
        ("the president", []),
        ("the chief executive officer", [("chief executive officer", ["ceo", "chief executive"])]),
    ],
)
def test_packaged_list_finds_the_longest_phrase(question, matches):
    """Titles are found whole, in any spelling, and arrows are not followed back."""
    assert found(general_synonyms(), question) == matches
