"""The id of a question on its log lines."""

import asyncio
import json
import logging

from bot.indexing.worker_threads import run_in_worker_thread
from bot.operations.logs.json_formatter import JsonLines
from bot.operations.logs.request_id import current_question_id, new_question


def question_on_a_line():
    """Return the question that a line of the log names; None without one."""
    line = JsonLines().format(logging.LogRecord("bot.x", logging.INFO, "x.py", 1, "Hi", (), None))
    assert line.isascii()
    assert line.isprintable()
    return json.loads(line).get("question")


def test_lines_of_tasks_and_threads_carry_the_question_they_were_begun_for():
    """A line that is written outside of the question has no id."""

    async def look():
        return question_on_a_line()

    async def play():
        with new_question():
            own = current_question_id()
            task = asyncio.create_task(look())
            thread = await asyncio.to_thread(current_question_id)
            beside = await run_in_worker_thread(current_question_id)
        return own, await task, thread, beside, await look()

    own, *inside, outside = asyncio.run(play())
    assert inside == [own] * 3
    assert outside is None


def test_questions_have_different_ids():
    """A question within another has its own id, and the outer one has its id again afterwards."""
    with new_question():
        outer = current_question_id()
        with new_question():
            assert current_question_id() not in (outer, None)
        assert current_question_id() == outer
