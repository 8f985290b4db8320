"""What thumbs teach."""

from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest

from bot.discord_app.context.runtime import Runtime
from bot.discord_app.teaching.votes_cog import VotesCog
from tests.support.data.questions import ADA, BELL, QUESTION


@pytest.mark.parametrize(
    ("changes", "votes", "bound"),
    [
        ({}, [1, 1], [QUESTION.question]),
        ({}, [1, -1, -1, 1], [QUESTION.question]),
        ({}, [1, 1, -1, -1], [QUESTION.question]),
        ({}, [1], []),
        ({}, [1, 1, -1, -1, -1], []),
        ({"private": True}, [1, 1], []),
        ({"guild_id": None}, [1, 1], []),
        ({"question": "and when?"}, [1, 1], []),
        ({"question": "and when?", "context": ()}, [1, 1], ["and when?"]),
        ({"question": "new topic: that bell"}, [1, 1], ["that bell"]),
    ],
)
def test_thumbs_bind_and_unbind(on_database, changes, votes, bound):
    """Two do, more down than up undo; nothing private is learnt, nor what needs its context."""

    async def play(database, _):
        confirming = VotesCog(cast(Runtime, SimpleNamespace(database=database)))
        question_id = await database.questions.record(replace(QUESTION, **changes))
        asked = await database.questions.get(question_id)
        for person, vote in enumerate(votes):
            await database.questions.vote(question_id, f"{person:032x}", vote, BELL)
            await confirming.on_vote(asked, BELL)
        taught = await database.taught.all(asked.guild_id)
        assert [one.question for one in taught] == bound
        assert all((one.kind, one.taught_by) == ("confirmed", ADA) for one in taught)

    on_database(play)
