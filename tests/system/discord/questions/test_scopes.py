"""Some of the texts answer: those that `/ask in:` names."""

import pytest

from bot.rendering import notices, wording
from tests.standin import DiscordStandIn
from tests.support.bot_process import FastBotProcess
from tests.support.data.harbour import HARBOUR
from tests.support.scenes import running_world

pytestmark = pytest.mark.xdist_group("discord_scopes")

FIRST = "The lantern hangs on four brass bolts."
SECOND = "The lantern hangs on six steel bolts."
OIL = "A full tank of whale oil lasts three nights."

HANGS = "what does the lantern hang on?"


def _edition(title, line, *further):
    return f"# {title}\n\n## How the lantern is hung\n\n{line}\n" + "".join(
        f"\n## {heading}\n\n{text}\n" for heading, text in further
    )


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A bot over two editions of a manual, each in a folder, and the harbour text."""
    folder = tmp_path_factory.mktemp("scopes")
    for name, text in (
        ("v1/manual.md", _edition("Manual, first edition", FIRST)),
        ("v2/manual.md", _edition("Manual, second edition", SECOND, ("Filling the tank", OIL))),
        ("harbour.txt", HARBOUR),
    ):
        path = folder / "corpus" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    with DiscordStandIn() as discord, running_world(discord, folder, FastBotProcess) as world:
        yield world


def ask_in(scene, within, question=HANGS, **options):
    """Let Alice ask some of the texts, and return the answer."""
    return scene.slash(question, **{"in": within}, **options).wait_for_response()


def choices(scene, typed, channel=None):
    """Return what is offered to Alice for `in:`, as shown and as sent."""
    typing = scene.discord.autocomplete(
        channel or scene.channel, scene.alice, "ask", focused="in", question="x", **{"in": typed}
    )
    return typing.wait_for_choices()


# One question of some of the texts


@pytest.mark.parametrize("within", ["v1", "v1/", "v1/manual.md", "manual, FIRST edition", "v1/*"])
def test_question_is_asked_of_a_folder_path_or_title(scene, within):
    """What other texts say is not quoted, by whatever name the text is chosen."""
    seen = ask_in(scene, within).seen
    assert FIRST in seen
    assert "steel" not in seen


def test_folders_and_texts_are_completed(scene):
    """Folders come first; what is typed completes the title or the path."""
    offered = choices(scene, "")
    assert offered[:2] == [("v1/", "v1/"), ("v2/", "v2/")]
    assert ("The harbour of Lowmere \u00b7 harbour.txt", "harbour.txt") in offered
    assert [value for _, value in choices(scene, "second")] == ["v2/manual.md"]


def test_unknown_name_gets_one_private_line(scene):
    """Only the person reads that there is no such text; nothing of what they typed has effect."""
    message = ask_in(scene, "v3 @everyone **x**")
    assert message.ephemeral
    assert message.seen == notices.NO_SUCH_TEXT.format(name="v3 @everyone **x**")
    assert scene.posted() == []


def test_follow_up_stays_in_the_texts_of_its_question(scene):
    """A reply, "more" and its button are about them; another question is asked of all texts."""
    answer = ask_in(scene, "v1")
    more = scene.press(answer, wording.MORE).wait_for_acknowledgement()
    assert more
    reply = scene.ask(HANGS, reply_to=answer)
    assert FIRST in reply.seen
    assert "steel" not in reply.seen
    assert "steel" not in scene.ask("more").seen
    assert "six steel bolts" in scene.ask("what hangs on six steel bolts?").seen


def test_private_question_and_direct_message_may_name_texts(scene):
    """It works the same where only one person reads."""
    assert FIRST in ask_in(scene, "v1", private=True).seen
    direct = scene.discord.open_dm(scene.alice)
    assert FIRST in ask_in(scene, "v1", channel=direct).seen


# Where nothing was found


def test_answer_says_where_it_looked_and_asks_the_other_texts(scene):
    """The button shows the asker what the others say, in the place of the notice."""
    answer = ask_in(scene, "v1", "how long does whale oil last?")
    assert "I looked only in: v1" in answer.seen
    assert "whale" not in answer.seen.replace("how long does whale oil last?", "")
    scene.press(answer, wording.OTHER_TEXTS).wait_for_acknowledgement()
    scene.discord.wait_until(lambda: OIL in answer.seen, 10, "what the other texts say")
    assert "I looked only in" not in answer.seen


def test_others_who_press_read_the_answer_privately(scene):
    """The message stays as it is."""
    answer = ask_in(scene, "v1", "how long does whale oil last?")
    pressed = scene.press(answer, wording.OTHER_TEXTS, scene.bob)
    private = pressed.wait_for_response()
    assert private.ephemeral
    assert OIL in private.seen
    assert "I looked only in: v1" in answer.seen


def test_other_texts_that_know_nothing_either_end_the_search(scene):
    """Then there is no further button, and nothing is said of where the bot looked."""
    answer = ask_in(scene, "v1", "how do I bake sourdough?")
    scene.press(answer, wording.OTHER_TEXTS).wait_for_acknowledgement()
    scene.discord.wait_until(lambda: "I looked only in" not in answer.seen, 10, "an answer")
    assert wording.OTHER_TEXTS not in [one.get("label") for one in answer.buttons]


def test_question_of_all_texts_has_no_button_for_others(scene):
    """There are none; and it need not be said that all were searched."""
    answer = scene.ask("how do I bake sourdough?")
    assert "I looked only in" not in answer.seen
    assert wording.OTHER_TEXTS not in [one.get("label") for one in answer.buttons]
