"""Answer questions that come as JSON lines, one line for each, in order."""

import json
import math
from collections.abc import Iterator
from typing import Any, BinaryIO

from cachetools import LRUCache

from bot.answering import MAX_CONVERSATIONS, Answer, Turn, answer_question, extend_history
from bot.rendering.answer_json import answer_to_json
from index import AnySearcher, ClusterError

# A hundred times the length of the longest question.
_MAX_LINE_BYTES = 1_000_000


def answer_lines(
    stream: BinaryIO,
    searcher: AnySearcher,
    *,
    top_k: int,
    max_conversations: int = MAX_CONVERSATIONS,
) -> Iterator[dict[str, Any]]:
    """Yield the JSON object that answers each line of the stream.

    A line is `{"id", "conversation", "question"}`; a conversation that is missing or null means
    a question on its own. A line that is not such an object yields `{"id", "error"}`, and so does
    a question that the cluster with the index does not answer in time. Beyond
    `max_conversations`, the least recently used conversations are forgotten.
    """
    histories: LRUCache[str, list[Turn]] = LRUCache(max_conversations)
    for line in _lines(stream):
        identifier = None
        try:
            fields = _parse(line)
            identifier = fields.get("id")
            question = _question(fields)
        except ValueError as error:
            yield {"id": identifier, "error": str(error)}
            continue
        try:
            answer = _answer(question, fields.get("conversation"), histories, searcher, top_k)
        except ClusterError as error:  # the next question may be answered
            yield {"id": identifier, "error": str(error)}
            continue
        yield {"id": identifier, **answer_to_json(answer)}


def _answer(
    question: str,
    conversation: object,
    histories: LRUCache[str, list[Turn]],
    searcher: AnySearcher,
    top_k: int,
) -> Answer:
    if conversation is None:
        return answer_question(question, [], searcher, top_k=top_k)
    key = json.dumps(conversation, sort_keys=True)
    history = histories.get(key, [])
    answer = answer_question(question, history, searcher, top_k=top_k)
    histories[key] = extend_history(history, answer)
    return answer


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """Yield the lines of the stream, None for one beyond the limit."""
    while line := stream.readline(_MAX_LINE_BYTES):
        too_long = False
        while line and not line.endswith(b"\n") and len(line) == _MAX_LINE_BYTES:
            too_long = True
            line = stream.readline(_MAX_LINE_BYTES)
        yield None if too_long else line


def _parse(line: bytes | None) -> dict[str, Any]:
    if line is None:
        raise ValueError(f"the line is longer than {_MAX_LINE_BYTES} bytes")
    try:
        fields = json.loads(line, parse_float=_finite, parse_constant=_finite)
    except (ValueError, RecursionError) as error:
        raise ValueError("the line is not valid JSON") from error
    if not isinstance(fields, dict):
        raise ValueError("the line is not a JSON object")  # noqa: TRY004  # one kind of error
    return fields


def _finite(literal: str) -> float:
    """Read a number that JSON can write again: not NaN, Infinity or 1e999."""
    number = float(literal)
    if not math.isfinite(number):
        raise ValueError(f"{literal} is not a JSON number")
    return number


def _question(fields: dict[str, Any]) -> str:
    question = fields.get("question")
    if not isinstance(question, str):
        raise ValueError('the line has no "question" that is a text')  # noqa: TRY004
    return question
