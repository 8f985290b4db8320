"""Question sets: what is read from them and what is refused."""

import json
from pathlib import Path

import pytest

from bot.errors import QuestionSetError
from bot.evaluation.question_sets import (
    Question,
    load_question_set,
    sentence_holds,
    split_by_document,
)
from index import Searcher, build_index

SINGLE = {"id": "q1", "kind": "who", "question": "Who dug it?", "gold": [1], "answer": "Ada Finch"}


@pytest.fixture
def load(harbour, tmp_path):
    """Write entries to a file and read them as a question set."""

    def write_and_load(entries, searcher=harbour):
        path = tmp_path / "questions.json"
        content = entries if isinstance(entries, bytes) else json.dumps(entries).encode()
        path.write_bytes(content)
        return load_question_set(path, searcher)

    return write_and_load


@pytest.fixture
def two_texts(harbour_corpus, tmp_path):
    """A searcher over the harbour and a second text of one paragraph."""
    (harbour_corpus / "mill.txt").write_text("The mill\n\nThe mill grinds rye.\n", encoding="utf-8")
    build_index(harbour_corpus, tmp_path / "two")
    return Searcher.open(tmp_path / "two")


def test_single_question_is_a_conversation_of_one_turn(load):
    """Id, kind, text, gold paragraphs and answer come through."""
    gold = (("harbour.txt", 1),)
    assert load([SINGLE]) == [[Question("q1", "who", "Who dug it?", gold, answer="Ada Finch")]]


@pytest.mark.parametrize("answer", [None, ""])
def test_answer_may_be_missing(load, answer):
    """A question without an answer span, or with an empty one, has none."""
    ((question,),) = load([SINGLE | {"answer": answer}])
    assert question.answer is None


def test_conversation_is_known_by_its_id():
    """Turns share the id of their conversation; a single question is one of its own."""
    asked = [Question("c/1", "k", "", (), 1), Question("c/2", "k", "", (), 2)]
    assert [one.conversation for one in [*asked, Question("a/b", "k", "", ())]] == ["c", "c", "a/b"]


def test_gold_keeps_its_order(load):
    """Several gold paragraphs stay best first."""
    ((question,),) = load([SINGLE | {"gold": [4, 1]}])
    assert question.gold == (("harbour.txt", 4), ("harbour.txt", 1))


def test_unanswerable_question_has_no_gold(load):
    """An empty gold list is kept empty."""
    ((question,),) = load([{"id": "u", "kind": "off_topic", "question": "Mars?", "gold": []}])
    assert question.gold == ()


def test_conversation_gives_numbered_turns(load):
    """The turns of a conversation stay together, in order, each with an id of its own."""
    turns = [{"question": "Who dug it?", "gold": [1]}, {"question": "and when?", "gold": [1]}]
    ((first, second),) = load([{"id": "c1", "kind": "conversation", "turns": turns}])
    assert (first.identifier, second.identifier) == ("c1/1", "c1/2")
    assert (first.text, second.text) == ("Who dug it?", "and when?")
    assert {first.kind, second.kind} == {"conversation"}


def test_order_of_the_file_is_kept(load):
    """Conversations come in the order in which they stand in the file."""
    loaded = load([SINGLE | {"id": name} for name in "cab"])
    assert [turns[0].identifier for turns in loaded] == ["c", "a", "b"]


def test_number_may_be_an_id(load):
    """An id that is a number is read as text."""
    assert load([SINGLE | {"id": 7}])[0][0].identifier == "7"


def test_byte_order_mark_is_no_part_of_the_set(load):
    """A file saved with a byte order mark is read."""
    assert len(load(b"\xef\xbb\xbf" + json.dumps([SINGLE]).encode())) == 1


@pytest.mark.parametrize("where", ["entry", "turn"])
def test_source_names_the_document(load, two_texts, where):
    """With several documents, an entry or a turn says which one its paragraphs belong to."""
    turn = {"question": "What does the mill grind?", "gold": [1]}
    entry = {"id": "c", "kind": "conversation", "turns": [turn]}
    (entry if where == "entry" else turn)["source"] = "mill.txt"
    ((question,),) = load([entry], two_texts)
    assert question.gold == (("mill.txt", 1),)


def test_source_is_needed_with_several_documents(load, two_texts):
    """A paragraph number alone is ambiguous in a corpus of two texts."""
    with pytest.raises(QuestionSetError, match=r'question 1 \(q1\): .*"source"'):
        load([SINGLE], two_texts)


def test_source_is_not_needed_where_nothing_answers(load, two_texts):
    """A question without gold belongs to no document."""
    ((question,),) = load([SINGLE | {"gold": []}], two_texts)
    assert question.gold == ()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"gold": [6]}, "no paragraph 6 of harbour.txt"),
        ({"gold": [0]}, "no paragraph 0 of harbour.txt"),
        ({"gold": [1], "source": "mill.txt"}, "no paragraph 1 of mill.txt"),
        ({"gold": "1"}, "not a list of paragraph numbers"),
        ({"gold": None}, "not a list of paragraph numbers"),
        ({"gold": [[1]]}, "question 2"),
        ({"question": 7}, "question is not a text"),
        ({"question": None}, "question is not a text"),
        ({"answer": 7}, "answer is not a text"),
        ({"turns": 7}, "question 2"),
        ({"turns": ["Who?"]}, "question 2"),
    ],
)
def test_unusable_entry_is_refused_by_position_and_id(load, change, reason):
    """The message says which question is wrong and why, on one line."""
    with pytest.raises(QuestionSetError, match=reason) as caught:
        load([SINGLE | {"id": "fine"}, SINGLE | change])
    assert "question 2 (q1)" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("field", ["id", "kind", "question", "gold"])
def test_missing_field_is_named(load, field):
    """An entry without one of its fields is refused with the field's name."""
    entry = {name: value for name, value in SINGLE.items() if name != field}
    with pytest.raises(QuestionSetError, match=f"question 1.*it has no '{field}'"):
        load([entry])


@pytest.mark.parametrize("entries", [[], {}, {"questions": []}, "q", 7, None])
def test_set_that_is_no_list_of_questions_is_refused(load, entries):
    """Only a list with at least one entry is a question set."""
    with pytest.raises(QuestionSetError, match="a question set is a list"):
        load(entries)


@pytest.mark.parametrize("entry", ["Who?", 7, None, [SINGLE]])
def test_entry_that_is_no_object_is_refused(load, entry):
    """Each entry is a JSON object."""
    with pytest.raises(QuestionSetError, match="question 1: "):
        load([entry])


@pytest.mark.parametrize("content", [b"", b"[{", b"\xff\xfe[]", b"[" * 100_000])
def test_file_that_is_no_json_is_refused(load, content):
    """Text that is not UTF-8 JSON is refused with its path."""
    with pytest.raises(QuestionSetError, match=r"questions\.json: cannot be read"):
        load(content)


@pytest.mark.parametrize("place", ["missing.json", "."])
def test_file_that_cannot_be_read_is_refused(harbour, place):
    """A missing file or a folder is refused."""
    with pytest.raises(QuestionSetError, match="cannot be read"):
        load_question_set(Path(place), harbour)


@pytest.mark.parametrize(
    ("answer", "sentence", "held"),
    [
        ("took four years", "It took four years.", True),
        ("took\n  four years", "It took four years.", True),
        ("took five years", "It took four years.", False),
        ("Ada Finch", "It took four years.", False),
        # All of the sentence lies within the answer.
        ("by Captain Ada Finch. It took four years.", "It took four years.", True),
        # "It took" is 7 characters, the answer 28, the sentence 19: less than half of 19.
        ("by Captain Ada Finch. It took", "It took four years.", False),
        # "It took four" is 12 characters: more than half of 19.
        ("by Captain Ada Finch. It took four", "It took four years.", True),
        (None, "It took four years.", False),
        ("It", None, False),
    ],
)
def test_sentence_holds_an_answer_that_lies_mostly_in_it(answer, sentence, held):
    """The answer counts inside the sentence, around it, or overlapping by half of the shorter."""
    text = "It was dug by Captain Ada Finch. It took four years."
    start = text.index(sentence) if sentence else 0
    span = (start, start + len(sentence)) if sentence else None
    assert sentence_holds(answer, text, span) is held


def test_white_space_of_the_text_is_folded_too():
    """A line break inside the paragraph does not hide the answer."""
    assert sentence_holds("four years", "It took four\nyears.", (0, 19))


def test_split_by_document_keeps_conversations_of_one_document():
    """What has no gold paragraph, or several documents, is left out; turns stay together."""
    mill, pier = ("mill.txt", 1), ("pier.txt", 2)
    alone, other = [Question("a", "k", "", (mill,))], [Question("b", "k", "", (pier,))]
    turns = [Question("c/1", "k", "", (mill,), 1), Question("c/2", "k", "", (), 2)]
    lost = [[Question("d", "k", "", ())], [Question("e", "k", "", (mill, pier))]]
    assert split_by_document([alone, other, turns, *lost]) == {
        "mill.txt": [alone, turns],
        "pier.txt": [other],
    }
