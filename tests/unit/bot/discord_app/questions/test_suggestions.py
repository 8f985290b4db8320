"""Suggested questions: prepared once, read again now and then, never another server's."""

import asyncio
from types import SimpleNamespace

import pytest

from bot.database import WellAnswered
from bot.discord_app.messages.choices import MAX_CHOICE_CHARS, MAX_CHOICES, choice_name, is_sendable
from bot.discord_app.questions.suggestions import Completer
from bot.errors import DatabaseError
from bot.indexing.scope import EVERYTHING, Scope
from bot.indexing.server_indexes import ServerIndexes
from bot.rendering.discord_markdown import message_length
from index import LiveSearcher, build_index


class Questions:
    """What servers' people asked, as the database gives it; counts how often it is read."""

    def __init__(self):
        self.asked = {1: ["Who dug the harbour?"], 2: ["Who built the lighthouse?"]}
        self.n_reads = 0
        self.fails = False
        self.sources = frozenset({"harbour.txt"})

    async def well_answered(self, guild_id, limit):
        self.n_reads += 1
        if self.fails:
            raise DatabaseError("here", "gone")
        asked = self.asked.get(guild_id, [])[:limit]
        return [WellAnswered(one, self.sources) for one in asked]


@pytest.fixture
def scene(harbour_index, tmp_path):
    """A completer over the harbour, with its questions and clock."""
    texts = ServerIndexes(LiveSearcher(harbour_index), tmp_path / "data")
    questions, now = Questions(), [0.0]
    completer = Completer(texts, questions.well_answered, lambda: now[0])
    return SimpleNamespace(texts=texts, questions=questions, now=now, completer=completer)


def suggest(scene, guild_id, typed):
    """Return what is suggested."""
    return asyncio.run(scene.completer.suggest(guild_id, typed))


def test_questions_are_suggested_in_their_server_only(scene):
    """Outside of servers there are titles and sections only."""
    title = "The harbour of Lowmere"
    assert suggest(scene, 1, "") == ["Who dug the harbour?", title]
    assert suggest(scene, 2, "") == ["Who built the lighthouse?", title]
    assert suggest(scene, 3, "") == suggest(scene, None, "") == [title]
    assert scene.questions.n_reads == 3


def test_questions_are_read_again_after_a_while(scene):
    """A burst of typing reads them once; where reading fails, the last known serve."""
    suggest(scene, 1, "w")
    scene.questions.asked[1] = ["Who sank?"]
    assert suggest(scene, 1, "wh") == ["Who dug the harbour?"]
    assert scene.questions.n_reads == 1
    scene.now[0] = 20.0
    assert suggest(scene, 1, "who") == ["Who sank?"]
    scene.now[0] = 40.0
    scene.questions.fails = True
    assert suggest(scene, 1, "who") == ["Who sank?"]


def test_titles_follow_the_index(scene):
    """A text that is published is suggested at once, in its server."""
    suggest(scene, 1, "")
    folder = scene.texts.corpus_dir(1)
    folder.mkdir(parents=True)
    (folder / "mill.md").write_text("# The mill\n\n## Its end\n\nIt burned.")
    build_index(folder, scene.texts.index_dir(1))
    assert suggest(scene, 1, "its") == ["Its end"]
    assert suggest(scene, 2, "its") == []


def test_what_discord_does_not_take_is_not_suggested(scene):
    """Nothing longer than 100 characters, nothing that would make it refuse the whole list."""
    kept = ["x" * 100, "\U0001f984 unicorn?"]
    refused = ["x" * 101, "\U0001f984" * 51 + "who", "a\0b", "a\ud800b", " "]
    scene.questions.asked[1] = [*refused, *kept]
    assert suggest(scene, 1, "")[:-1] == kept


def test_texts_and_folders_of_the_scope_are_suggested(scene):
    """At most 25 of at most 100 characters; a text with a long path is named by its title."""
    folder = scene.texts.corpus_dir(1)
    for number in range(30):
        path = folder / f"v{number}" / f"{'x' * 95}.md"
        path.parent.mkdir(parents=True)
        path.write_text(f"# Manual {number}\n\nIt has a bell {number}.")
    build_index(folder, scene.texts.index_dir(1))

    def offered(typed, scope=EVERYTHING):
        return asyncio.run(scene.completer.suggest_texts(1, typed, scope))

    assert len(offered("")) == MAX_CHOICES
    assert all(is_sendable(name) and is_sendable(value) for name, value in offered("m"))
    assert offered("v7")[0] == ("v7/", "v7/")
    assert offered("manual 7")[0][1] == "Manual 7"
    assert "Manual 7" not in str(offered("manual 7", Scope(("v8",))))
    assert offered("", Scope(("v8",)))[0] == ("v8/", "v8/")
    assert offered("harbour", Scope(shared=False)) == []


def test_questions_that_other_texts_answered_are_not_suggested(scene):
    """They tell what is in texts that may not be read."""
    assert suggest(scene, 1, "who dug") == ["Who dug the harbour?"]
    scene.questions.sources = frozenset({"elsewhere.md", "harbour.txt"})
    limited = scene.completer.suggest(1, "who dug", Scope(("harbour.txt",)))
    assert asyncio.run(limited) == []


@pytest.mark.parametrize("text", ["a", "x" * 300, "\U0001f984" * 300, "a\0b\ud800c", "\nx\n y"])
def test_name_of_a_choice_fits(text):
    """Long ones are cut, lines joined, and what cannot be sent replaced."""
    name = choice_name(text)
    assert is_sendable(name)
    assert message_length(name) <= MAX_CHOICE_CHARS


def test_index_that_cannot_be_read_suggests_nothing(scene, monkeypatch, caplog):
    """The person types on; the log says why."""
    monkeypatch.setattr(scene.texts, "searcher", lambda *_: (_ for _ in ()).throw(OSError("gone")))
    assert suggest(scene, 1, "who") == []
    assert "gone" in caplog.text


def test_fragments_are_not_suggested(scene):
    """What is understood only in its conversation helps nobody who did not read it."""
    scene.questions.asked[1] = [
        "and when was that?",
        "hello all",
        "Who dug the harbour?",
        "why so?",
    ]
    assert suggest(scene, 1, "")[0] == "Who dug the harbour?"
    assert not {"and when was that?", "hello all", "why so?"} & set(suggest(scene, 1, ""))
