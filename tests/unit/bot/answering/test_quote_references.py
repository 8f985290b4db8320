"""Messages that point at the last answer are told from questions."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.answering.quote_references import Reference, find_reference

quick = settings(max_examples=60, deadline=None, derandomize=True)

SHOWN = [
    ("the second one", 2),
    ("second", 2),
    ("Second!", 2),
    ("2", 2),
    ("2.", 2),
    ("(3)", 3),
    ("#2", 2),
    ("no. 2", 2),
    ("number two", 2),
    ("number 3 please", 3),
    ("nr 1", 1),
    ("two", 2),
    ("2nd quote", 2),
    ("quote 2", 2),
    ("show me quote #3", 3),
    ("result number 2", 2),
    ("the third passage", 3),
    ("3rd", 3),
    ("show me the first result in full", 1),
    ("the whole second quote pls", 2),
    ("1st one", 1),
    ("the last one", -1),
    ("last", -1),
    ("and the last one?", -1),
    ("the final quote", -1),
    ("the other one", 2),
    ("what about the other one?", 2),
    ("what does the second one say?", 2),
    ("What did the 2nd quote say again?", 2),
    ("what\u2019s the third one about", 3),
    ("whats in the second one", 2),
    ("and the third?", 3),
    ("that second paragraph", 2),
    ("open 3", 3),
    ("ok, now the 3rd", 3),
    ("can u show me the second one", 2),
    ("Let\u2019s see the third.", 3),
    ("lemme see the 2nd one thx", 2),
    ("I\u2019d like to read the second one, please", 2),
    ("no, the second one", 2),
    ("no, I meant the third one", 3),
    ("or the first one?", 1),
    ("go back to the first one", 1),
    ("tell me about the second one", 2),
    ("the second of those", 2),
    ("the second one you showed me", 2),
    ("then the third one", 3),
    ("read me the first one again", 1),
]

BEFORE = [
    ("what comes before that?", None),
    ("what came right before?", None),
    ("what's before that", None),
    ("before that?", None),
    ("the paragraph before", None),
    ("the paragraph before that one", None),
    ("previous paragraph", None),
    ("show me the previous paragraph please", None),
    ("previous", None),
    ("the one before", None),
    ("what does the paragraph before say?", None),
    ("the paragraph that comes before this", None),
    ("go back one paragraph", None),
    ("back one", None),
    ("a paragraph earlier", None),
    ("what comes before the second one?", 2),
    ("the paragraph before number 3", 3),
    ("the one just before the last one", -1),
    ("could you please show me the paragraph right before the second one you quoted", 2),
]

AFTER = [
    ("what comes next?", None),
    ("What\u2019s next?", None),
    ("next", None),
    ("next one", None),
    ("next one please", None),
    ("next two paragraphs", None),
    ("what comes after that?", None),
    ("what does it say after that", None),
    ("and after that?", None),
    ("and then?", None),
    ("ok and then", None),
    ("and then what?", None),
    ("what then", None),
    ("next paragraph", None),
    ("the following paragraph", None),
    ("what follows?", None),
    ("the paragraph that follows", None),
    ("keep reading", None),
    ("Keep going!", None),
    ("read on", None),
    ("please read on", None),
    ("continue", None),
    ("can you continue reading", None),
    ("continue from there", None),
    ("go on", None),
    ("ok go on pls", None),
    ("the paragraph after the second one", 2),
    ("what comes after quote 3?", 3),
    ("and the one after the first?", 1),
]

MORE = [
    "more",
    "MORE!!",
    "more please",
    "moré",
    "show me more",
    "give me 3 more",
    "tell me more",
    "can i get more",
    "tell me more about that",
    "any more?",
    "anymore?",
    "some more quotes",
    "is there more?",
    "is there anything else",
    "anything else?",
    "what else?",
    "and what else is there",
    "what else do you have?",
    "got any more",
    "more results",
    "more details pls",
    "other results",
    "any others?",
    "others?",
    "the other quotes",
    "are there others?",
    "are there any other quotes",
    "another one",
    "next results",
    "next 3",
    "the next few",
    "next page",
    "the rest of them",
    "more quotes",
]

REFERENCES = [
    *((message, Reference("shown", number)) for message, number in SHOWN),
    *((message, Reference("before", number)) for message, number in BEFORE),
    *((message, Reference("after", number)) for message, number in AFTER),
    *((message, Reference("more", None)) for message in MORE),
]

QUESTIONS = [
    "what about Austin?",
    "and Austin?",
    "who was the second president",
    "what was the second law?",
    "who is the second one",
    "why the second one?",
    "what does the second one say about tunnels",
    "when was the first one built",
    "the first one to leave",
    "is the second one true?",
    "not the second one",
    "the first two",
    "the second half",
    "the second time",
    "the last time",
    "the last president",
    "last year",
    "at first",
    "first of all",
    "in second place",
    "second and third",
    "what came first",
    "what was first?",
    "what was last",
    "2 tunnels",
    "2.5",
    "2+2",
    "1802",
    "in 1802?",
    "paragraph 2",
    "number of deaths",
    "no one",
    "the one",
    "that one",
    "this one?",
    "the other side",
    "the other two",
    "what happened before the war",
    "what came before the ceasefire",
    "before the storm",
    "the year before",
    "the day after",
    "what happened next?",
    "what happened after that",
    "what did they do next",
    "who came next",
    "next year",
    "the next president",
    "the next sentence",
    "the paragraph about tunnels",
    "the previous president",
    "previous question",
    "a bit later?",
    "after all",
    "and then they left?",
    "then who?",
    "continue the war?",
    "did the talks continue",
    "go back",
    "keep the peace",
    "more about tunnels",
    "tell me more about the bell",
    "more money",
    "one more time",
    "once more",
    "how many more",
    "no more",
    "who else went",
    "who else",
    "where else?",
    "what else did he say",
    "anything else about tunnels?",
    "something else",
    "other countries",
    "and the others?",
    "what about the others",
    "are there other harbours",
    "another war",
    "the rest of the country",
    "in context",
    "context",
    "ok",
    "ok then",
    "thanks",
    "please",
    "and",
    "what",
    "so what?",
    "what was that",
    "why",
    "read it again",
    "show me",
    "keep",
    "?",
    "",
    "\U0001f44d",
]

# What messages of both kinds are made of.
MESSAGES = [message for message, _ in REFERENCES] + QUESTIONS
WORDS = sorted({word for message in MESSAGES for word in message.split()})
wordy = st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)


@pytest.mark.parametrize(("message", "reference"), REFERENCES)
def test_reference_is_recognised(message, reference):
    """A message that only names something shown points at it."""
    assert find_reference(message, 3) == reference


@pytest.mark.parametrize("message", QUESTIONS)
def test_question_is_no_reference(message):
    """A message with a subject of its own, or with none at all, is left to the search."""
    assert find_reference(message, 10) is None


@pytest.mark.parametrize("n_shown", [0, -1])
def test_nothing_shown_leaves_nothing_to_point_at(n_shown):
    """After an answer without quotes every message is a question."""
    assert not any(find_reference(message, n_shown) for message, _ in REFERENCES)


@pytest.mark.parametrize(
    ("message", "n_shown"),
    [
        ("the fifth one", 3),
        ("4", 3),
        ("0", 3),
        ("the second one", 1),
        ("the other one", 1),
        ("what comes after the third one?", 2),
        ("number 11", 20),
    ],
)
def test_quote_that_was_not_shown_is_no_reference(message, n_shown):
    """Numbers beyond the quotes shown, or beyond ten, point at nothing."""
    assert find_reference(message, n_shown) is None


@pytest.mark.parametrize("number", range(1, 11))
def test_ordinals_are_understood_up_to_ten(number):
    """Words and figures, cardinal and ordinal, name the same quote."""
    nth = "first second third fourth fifth sixth seventh eighth ninth tenth".split()[number - 1]
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(number, "th")
    for message in (f"the {nth} one", f"{number}{suffix}", f"{number}", f"number {number}"):
        assert find_reference(message, 10) == Reference("shown", number)


def test_long_message_is_no_reference():
    """What goes on for longer than a pointer takes is not read as one."""
    assert find_reference("please " * 10 + "more", 3) == Reference("more", None)
    assert find_reference("please " * 500 + "more", 3) is None


@given(st.sampled_from(MESSAGES), st.data())
@quick
def test_case_and_marks_change_nothing(message, data):
    """Capitals, curly apostrophes, spaces and final marks carry no meaning here."""
    change = data.draw(st.sampled_from([str.upper, str.lower, str.title, str.capitalize]))
    before, after = data.draw(
        st.tuples(*[st.text(" \n?!.,;:-*\u2026\u201c\u201d", max_size=4)] * 2)
    )
    straight = message.replace("\u2019", "'")
    changed = before + " ".join(change(word) for word in straight.split()) + after
    assert find_reference(changed, 3) == find_reference(message, 3)


@given(st.one_of(st.text(), wordy), st.integers(-1, 12))
@example("9" * 100, 12)
@example("\u00b2", 3)
@example("\ud800", 3)
@quick
def test_any_text_gives_a_quote_that_was_shown_or_nothing(text, n_shown):
    """No text raises, and a number always names one of the quotes shown."""
    reference = find_reference(text, n_shown)
    if reference is None:
        return
    shown = {-1, *range(1, n_shown + 1)}
    if reference.kind == "shown":
        assert reference.number in shown
    elif reference.kind == "more":
        assert reference.number is None
    else:
        assert reference.number in shown | {None}
