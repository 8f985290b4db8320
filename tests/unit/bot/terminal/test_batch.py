"""JSON lines in, one JSON line out for each, in order."""

import io
import json

import pytest

from bot.answering import answer_question
from bot.terminal import batch
from bot.terminal.batch import answer_lines
from index import ClusterError, EncoderChoice, Searcher, build_index

FOLLOW_UP = "and when was that?"


def _answers(searcher, *lines, top_k=3, **limits):
    data = b"\n".join(
        line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines
    )
    return list(answer_lines(io.BytesIO(data), searcher, top_k=top_k, **limits))


def _best(answer):
    return answer["quotes"][0]["paragraph"] if answer["quotes"] else None


def test_batch_keeps_the_order(harbour):
    """Answers come in the order of the questions."""
    questions = ["the storm", "hello", "the lighthouse", "", "the choir"]
    answers = _answers(harbour, *({"id": n, "question": q} for n, q in enumerate(questions)))
    assert [answer["id"] for answer in answers] == [0, 1, 2, 3, 4]
    assert [answer["question"] for answer in answers] == questions
    assert [_best(answer) for answer in answers] == [4, None, 3, None, 5]


@pytest.mark.parametrize(
    "identifier",
    ["q1", 7, 7.5, -0.0, None, True, [1, ["a"]], {"b": {"c": None}}, "\u00e9\U0001f6a2", 10**40],
)
def test_batch_echoes_an_id_of_any_json_type(harbour, identifier):
    """The id comes back as it was given, with answers and with errors."""
    good, bad = _answers(
        harbour, {"id": identifier, "question": "storm"}, {"id": identifier, "no": 1}
    )
    assert good["id"] == bad["id"] == identifier
    assert type(good["id"]) is type(identifier)


def test_batch_answers_a_question_without_an_id(harbour):
    """A missing id is null in the answer."""
    (answer,) = _answers(harbour, {"question": "storm"})
    assert (answer["id"], _best(answer)) == (None, 4)


@pytest.mark.parametrize("extra", [{}, {"conversation": None}])
def test_batch_question_without_a_conversation_stands_alone(harbour, extra):
    """A missing or null conversation shares no history with any other line."""
    lines = [{"question": "the storm", **extra}, {"question": FOLLOW_UP, **extra}]
    answers = _answers(harbour, *lines)
    assert [answer["reason"] for answer in answers] == [None, "nothing_found"]


def test_batch_understands_later_turns_from_the_earlier_ones(harbour):
    """A follow-up in a conversation finds what the conversation is about."""
    lines = [{"conversation": "c", "question": q} for q in ("the storm", FOLLOW_UP, "and why?")]
    assert [_best(answer) for answer in _answers(harbour, *lines)] == [4, 4, 4]


def test_batch_understands_later_turns_from_the_answers_given(tmp_path):
    """What an answer named, and the question did not, helps with the next question."""
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "mill.txt").write_text(
        "The mill\n\nThe miller of Oakham is Tom Reed.\n\n"
        "Anna Lowe was born in 1812.\n\nTom Reed was born in 1790.\n",
        encoding="utf-8",
    )
    encoder = EncoderChoice("", tmp_path / "models")
    build_index(tmp_path / "texts", tmp_path / "built", encoder=encoder)
    questions = ("Who is the miller of Oakham?", "In what year was he born?")
    lines = [{"conversation": 1, "question": question} for question in questions]
    _, second = _answers(Searcher.open(tmp_path / "built"), *lines)
    places = [quote["paragraph"] for quote in second["quotes"]]
    assert places.index(3) < places.index(2)


def test_batch_conversations_never_mix(harbour):
    """Interleaved conversations each keep their own topic."""
    topics = {"a": ("the storm", 4), "b": ("the choir", 5), "c": ("the lighthouse", 3)}
    lines = [{"conversation": c, "question": q} for c, (q, _) in topics.items()]
    lines += [{"question": FOLLOW_UP}]
    lines += [{"conversation": c, "question": FOLLOW_UP} for c in reversed(topics)]
    assert [_best(answer) for answer in _answers(harbour, *lines)] == [4, 5, 3, None, 3, 5, 4]


def test_batch_forgets_the_longest_unused_conversation(harbour):
    """Beyond the limit, the conversation that was continued longest ago goes first."""
    told = {"old": "the storm", "kept": "the choir"}
    lines = [{"conversation": name, "question": question} for name, question in told.items()]
    lines += [{"conversation": "old", "question": FOLLOW_UP}]
    lines += [{"conversation": "new", "question": "the lighthouse"}]
    lines += [{"conversation": name, "question": FOLLOW_UP} for name in ("old", "new", "kept")]
    answers = _answers(harbour, *lines, max_conversations=2)
    assert [_best(answer) for answer in answers] == [4, 5, 4, 3, 4, 3, None]


def test_batch_tells_conversations_of_different_types_apart(harbour):
    """The text "1", the number 1 and true are three conversations; "" is one, too."""
    names = ["1", 1, True, "", 0, False, ["1"], {"a": 1}]
    lines = [{"conversation": name, "question": FOLLOW_UP} for name in names]
    for position, name in enumerate(names):
        told = [{"conversation": name, "question": "the storm"}, *lines]
        found = [_best(answer) for answer in _answers(harbour, *told)[1:]]
        assert found == [4 if here == position else None for here in range(len(names))]


@pytest.mark.parametrize(
    "line",
    [
        b"boat",
        b"{",
        b'{"id": 1, "question": "storm"',
        b"[]",
        b'["storm"]',
        b'"storm"',
        b"7",
        b"null",
        b"",
        b"  \t",
        b"{}",
        b'{"question": null}',
        b'{"question": 7}',
        b'{"question": ["storm"]}',
        b'{"Question": "storm"}',
        b'{"question": "st\xffrm"}',
        b"\xff\xfe\x00",
        b"[" * 50_000,
        b'{"id": ' + b"9" * 5000 + b', "question": "storm"}',
        b'{"question": "' + b"x" * 1_000_000 + b'"}',
        b"x" * 3_000_000,
        b" " * 2_000_000 + b'{"question": "storm"}',
    ],
    ids=lambda line: repr(line[:24]),
)
def test_batch_reports_a_bad_line_and_goes_on(harbour, line):
    """A line that asks nothing gets an error of one line; the next one is answered."""
    bad, good = _answers(harbour, line, {"id": "next", "question": "storm"})
    assert set(bad) == {"id", "error"}
    assert bad["error"]
    assert "\n" not in bad["error"]
    assert (good["id"], _best(good)) == ("next", 4)


@pytest.mark.parametrize("fields", [{}, {"question": None}, {"question": 7}, {"question": {}}])
def test_batch_error_carries_the_id(harbour, fields):
    """A line with an id but without a question is reported under its id."""
    (bad,) = _answers(harbour, {"id": "q9", **fields})
    assert (bad["id"], set(bad)) == ("q9", {"id", "error"})


def test_batch_bad_line_leaves_its_conversation_alone(harbour):
    """An unusable turn neither ends nor changes the conversation."""
    turns: list[dict[str, object]] = [
        {"conversation": "c", "question": "the storm"},
        {"conversation": "c"},
        {"conversation": "c", "question": FOLLOW_UP},
    ]
    assert _best(_answers(harbour, *turns)[-1]) == 4


@pytest.mark.parametrize("number", [b"1e999", b"-1e999", b"NaN", b"Infinity"])
@pytest.mark.parametrize("field", [b"id", b"conversation"])
def test_batch_answer_is_json_whatever_number_the_line_holds(harbour, number, field):
    """Numbers that JSON cannot write never reach the output."""
    line = b'{"%s": %s, "question": "storm"}' % (field, number)
    (answer,) = _answers(harbour, line)
    json.dumps(answer, allow_nan=False)


@pytest.mark.parametrize("depth", [10, 200, 900, 985, 990, 995, 1000, 5000])
@pytest.mark.parametrize("field", ["id", "conversation"])
def test_batch_survives_nested_fields(harbour, field, depth):
    """However deep a field is nested, the line is answered or reported."""
    line = f'{{"{field}": {"[" * depth}{"]" * depth}, "question": "storm"}}'.encode()
    answers = _answers(harbour, line, {"question": "storm"})
    assert _best(answers[1]) == 4


def test_batch_reads_a_line_of_just_under_the_limit(harbour):
    """A very long question is still a question."""
    (answer,) = _answers(harbour, {"question": "storm " + "x" * 900_000})
    assert _best(answer) == 4 or answer["reason"] == "nothing_found"


@pytest.mark.parametrize("data", [b"", b'{"question": "storm"}', b'{"question": "storm"}\r\n'])
def test_batch_takes_any_end_of_the_stream(harbour, data):
    """Nothing in gives nothing out; the last line needs no line end."""
    answers = list(answer_lines(io.BytesIO(data), harbour, top_k=3))
    assert [_best(answer) for answer in answers] == ([4] if data else [])


@pytest.mark.parametrize("top_k", [1, 2, 5])
def test_batch_gives_at_most_top_k_quotes(harbour, top_k):
    """The number of quotes is the caller's choice."""
    (answer,) = _answers(harbour, {"question": "harbour"}, top_k=top_k)
    assert len(answer["quotes"]) == top_k


def test_batch_goes_on_after_a_cluster_that_did_not_answer(harbour, monkeypatch):
    """The line of that question has the error, the next one its answer."""
    failures = [ClusterError("opensearch://host/quotes", "no node answers", "try again")]

    def fail_once(*given, **named):
        if failures:
            raise failures.pop()
        return answer_question(*given, **named)

    monkeypatch.setattr(batch, "answer_question", fail_once)
    failed, good = _answers(harbour, {"id": 1, "question": "storm"}, {"id": 2, "question": "storm"})
    assert failed == {"id": 1, "error": "opensearch://host/quotes: no node answers; try again"}
    assert _best(good) == 4
