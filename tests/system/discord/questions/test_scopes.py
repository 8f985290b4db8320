"""Some of the texts answer: those that `/ask in:` names, and those that admins choose."""

import pytest

from bot.database import ServerSettings
from bot.rendering import notices, wording
from index import PassageRef
from tests.standin import DiscordStandIn
from tests.support.bot_process import FastBotProcess
from tests.support.data.harbour import HARBOUR
from tests.support.scenes import item, running_world, write_texts

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
    """A bot over two editions of a manual, each in a folder, the harbour text, and others."""
    folder = tmp_path_factory.mktemp("scopes")
    texts = {
        "part1/manual.md": _edition("Manual, first edition", FIRST),
        "part2/manual.md": _edition("Manual, second edition", SECOND, ("Filling the tank", OIL)),
        "harbour.txt": HARBOUR,
    }
    texts |= {f"z/buoy-{n}.txt": f"The buoy {n}\n\nBuoy {n} is red.\n" for n in range(25)}
    write_texts(folder, texts)
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


@pytest.mark.parametrize(
    "within", ["part1", "part1/", "part1/manual.md", "manual, FIRST edition", "part1/*"]
)
def test_question_is_asked_of_a_folder_path_or_title(scene, within):
    """What other texts say is not quoted, by whatever name the text is chosen."""
    seen = ask_in(scene, within).seen
    assert FIRST in seen
    assert "steel" not in seen


def test_folders_and_texts_are_completed(scene):
    """Folders come first; what is typed completes the title or the path."""
    offered = choices(scene, "")
    assert offered[:2] == [("part1/", "part1/"), ("part2/", "part2/")]
    assert ("The harbour of Lowmere \u00b7 harbour.txt", "harbour.txt") in offered
    assert [value for _, value in choices(scene, "second")] == ["part2/manual.md"]


def test_unknown_name_gets_one_private_line(scene):
    """Only the person reads that there is no such text; nothing of what they typed has effect."""
    message = ask_in(scene, "v3 @everyone **x**")
    assert message.ephemeral
    assert message.seen == notices.NO_SUCH_TEXT.format(name="v3 @everyone **x**")
    assert scene.posted() == []


def test_names_are_not_told_to_people_who_may_not_ask(scene):
    """They read the same whether there is such a text or not, and nothing is completed."""
    scene.set_server(ServerSettings(ask_roles=frozenset({scene.teachers.id})))
    assert ask_in(scene, "part1").seen == ask_in(scene, "v3").seen == notices.MAY_NOT_ASK
    assert choices(scene, "v") == []


def test_follow_up_stays_in_the_texts_of_its_question(scene):
    """A reply, "more" and its button are about them; another question is asked of all texts."""
    answer = ask_in(scene, "part1")
    more = scene.press(answer, wording.MORE).wait_for_acknowledgement()
    assert more
    reply = scene.ask(HANGS, reply_to=answer)
    assert FIRST in reply.seen
    assert "steel" not in reply.seen
    assert "steel" not in scene.ask("more").seen
    assert "six steel bolts" in scene.ask("what hangs on six steel bolts?").seen


def test_private_question_and_direct_message_may_name_texts(scene):
    """It works the same where only one person reads."""
    assert FIRST in ask_in(scene, "part1", private=True).seen
    direct = scene.discord.open_dm(scene.alice)
    assert FIRST in ask_in(scene, "part1", channel=direct).seen


# Where nothing was found


def test_answer_says_where_it_looked_and_asks_the_other_texts(scene):
    """The button shows the asker what the others say, in the place of the notice."""
    answer = ask_in(scene, "part1", "how long does whale oil last?")
    assert "I looked only in: part1" in answer.seen
    assert "whale" not in answer.seen.replace("how long does whale oil last?", "")
    scene.press(answer, wording.OTHER_TEXTS).wait_for_acknowledgement()
    scene.discord.wait_until(lambda: OIL in answer.seen, 10, "what the other texts say")
    assert "I looked only in" not in answer.seen
    assert "Filling the tank" in answer.seen
    reply = scene.ask("the first one", reply_to=answer)
    assert OIL in reply.seen


def test_others_who_press_read_the_answer_privately(scene):
    """The message stays as it is."""
    answer = ask_in(scene, "part1", "how long does whale oil last?")
    pressed = scene.press(answer, wording.OTHER_TEXTS, scene.bob)
    private = pressed.wait_for_response()
    assert private.ephemeral
    assert OIL in private.seen
    assert "I looked only in: part1" in answer.seen


def test_other_texts_that_know_nothing_either_end_the_search(scene):
    """Then there is no further button, and nothing is said of where the bot looked."""
    answer = ask_in(scene, "part1", "how do I bake sourdough?")
    scene.press(answer, wording.OTHER_TEXTS).wait_for_acknowledgement()
    scene.discord.wait_until(lambda: "I looked only in" not in answer.seen, 10, "an answer")
    assert wording.OTHER_TEXTS not in [one.get("label") for one in answer.buttons]


def test_question_of_all_texts_has_no_button_for_others(scene):
    """There are none; and it need not be said that all were searched."""
    answer = scene.ask("how do I bake sourdough?")
    assert "I looked only in" not in answer.seen
    assert wording.OTHER_TEXTS not in [one.get("label") for one in answer.buttons]


# What an admin chooses for channels, categories and the server


UNLIMITED = ServerSettings(cooldown_questions=0)

MILL = "The mill of Arden belonged to the Thorne family."
MILL_TEXT = f"# The mill of Arden\n\n## Who owned the mill\n\n{MILL}\n"

# Words that only one of the texts has.
OF_FIRST, OF_SECOND, OF_HARBOUR, OF_MILL = "brass", "steel", "Finch", "Thorne"
NAMES = {
    OF_FIRST: ("first edition", "part1"),
    OF_SECOND: ("second edition", "part2", "Filling the tank"),
    OF_HARBOUR: ("harbour",),
    OF_MILL: ("mill",),
}
QUESTIONS = {
    OF_FIRST: "which four bolts are of brass?",
    OF_SECOND: "which six bolts are of steel?",
    OF_HARBOUR: "who dug the harbour, was it Captain Finch?",
    OF_MILL: "did the mill belong to the Thorne family?",
}


def choose_texts(scene, channel, *names):
    """Let the admin choose the texts of a channel or category, and return what is shown then."""
    panel = scene.panel(channel=channel)
    form = scene.discord.press(panel, item(panel, "texts")["custom_id"], scene.admin)
    sent = form.submit(texts="\n".join(names))
    return scene.discord.wait_until(
        lambda: sent.followups[-1] if sent.followups else sent.response, 10, "an answer"
    )


def add_mill(scene):
    """Let the admin add a text of the server's own."""
    file = scene.discord.attachment("mill.md", MILL_TEXT.encode())
    used = scene.discord.slash(scene.channel, scene.admin, "pullquote add", file=file)
    scene.discord.wait_until(
        lambda: used.response is not None and "Added: mill.md" in used.response.seen, 30, "the text"
    )


def shown_in(scene, channel):
    """Return all that a channel shows Alice without her naming a text: lists and answers."""
    discord, alice = scene.discord, scene.alice

    def offered(command, focused, **options):
        typing = discord.autocomplete(channel, alice, command, focused=focused, **options)
        return [f"{name} {value}" for name, value in typing.wait_for_choices()]

    lists = [
        discord.slash(channel, alice, "sources").wait_for_response().seen,
        *choices_in(scene, channel),
        *offered("ask", "question", question=""),
        *offered("read", "source", source="", paragraph=1),
    ]
    answers = []
    for question in (*QUESTIONS.values(), "stel bolts brsas", "thorn fam", "hi there"):
        answers += [scene.ask(question, channel=channel)]
        answers += [discord.slash(channel, alice, "ask", question=question).wait_for_response()]
    said = [message.seen for message in answers]
    for question in (*QUESTIONS.values(), "stel bolts brsas"):
        said = [text.replace(question, "") for text in said]
    return "\n".join([*lists, *said])


def choices_in(scene, channel):
    """Return what is offered for `in:` as lines."""
    return [f"{name} {value}" for name, value in choices(scene, "", channel)]


def assert_shows_only(shown, *kinds):
    """Of the texts of these kinds the words are there, of the others neither words nor names."""
    for kind, names in NAMES.items():
        for word in (kind, *names):
            expected = kind in kinds
            assert (word.casefold() in shown.casefold()) == expected, (word, shown)


@pytest.fixture
def channels(scene):
    """Three channels: one of the first edition, one in a category of the second, one of all."""
    discord = scene.discord
    scene.set_server(UNLIMITED)
    category = discord.add_channel(scene.guild, "manuals", "category")
    first = discord.add_channel(scene.guild, "first")
    second = discord.add_channel(scene.guild, "second", category=category)
    assert "part1" in choose_texts(scene, first, "part1/", "").seen
    assert "second edition" in choose_texts(scene, category, "Manual, second edition").seen
    return first, second, discord.add_channel(scene.guild, "all")


def test_channels_of_two_servers_show_their_texts_only(world, scene, channels):
    """No list, suggestion, heading or quote of a channel is of a text that its scope excludes."""
    other = world.settle("Arden")
    other.set_server(UNLIMITED)
    add_mill(other)
    quay = other.discord.add_channel(other.guild, "quay")
    square = other.discord.add_channel(other.guild, "square")
    press_shared(other)
    choose_texts(other, square, "*")
    first, second, everything = channels
    for channel in channels:  # what was asked in one channel is suggested in others
        for question in QUESTIONS.values():
            scene.ask(question, scene.bob, channel)
    assert_shows_only(shown_in(scene, first), OF_FIRST)
    assert_shows_only(shown_in(scene, second), OF_SECOND)
    assert_shows_only(shown_in(scene, everything), OF_FIRST, OF_SECOND, OF_HARBOUR)
    for channel in (other.channel, quay, square):
        assert_shows_only(shown_in(other, channel), OF_MILL)


def press_shared(scene):
    """Let the admin turn the shared texts off or on."""
    return scene.choose(scene.panel(), "shared")


def test_scope_holds_for_threads_forums_and_questions_that_are_overheard(scene, channels):
    """A thread has the texts of its channel, a post those of its forum or category."""
    discord = scene.discord
    first, second, _ = channels
    scene.choose(scene.panel(channel=first), "mode", "every")
    overheard = discord.say(first, scene.alice, QUESTIONS[OF_FIRST])
    assert FIRST in discord.wait_for_answer(overheard).seen
    silent = discord.say(first, scene.alice, QUESTIONS[OF_SECOND])
    thread = discord.start_thread(second, scene.alice, "talk")
    assert OF_FIRST not in scene.ask(HANGS, channel=thread).seen
    assert SECOND in scene.ask(HANGS, channel=thread).seen
    forum = discord.add_channel(scene.guild, "posts", "forum", category=second.category)
    scene.choose(scene.panel(channel=forum), "mode", "every")
    post = discord.open_post(forum, scene.alice, "Lantern", HANGS)
    seen = discord.wait_for_answer(post).seen
    assert SECOND in seen
    assert OF_FIRST not in seen
    assert all(OF_SECOND not in one.seen for one in discord.answers(silent))


def test_server_without_texts_finds_nothing(scene):
    """Where shared texts are off and none was added, nothing is listed, offered or quoted."""
    scene.set_server(UNLIMITED)
    press_shared(scene)
    assert_shows_only(shown_in(scene, scene.channel))
    assert "Shared texts: off" in [one.get("label") for one in scene.panel().buttons]
    press_shared(scene)
    assert "bolts" in scene.ask(HANGS, scene.bob).seen


def test_direct_messages_have_the_shared_texts(scene):
    """They belong to no server, so no choice of a server holds there."""
    press_shared(scene)
    direct = scene.discord.open_dm(scene.alice)
    asked = scene.discord.say(direct, scene.alice, HANGS)
    assert "bolts" in scene.discord.wait_for_answer(asked).seen


def test_texts_that_a_channel_excludes_cannot_be_named_or_read_there(scene, channels):
    """`/ask in:` and `/read` know only what may be read; a button of before shows nothing."""
    discord, (first, _, everything) = scene.discord, channels
    for name in ("part2", "part2/manual.md", "Manual, second edition"):
        refused = ask_in(scene, name, channel=first)
        assert refused.seen == notices.NO_SUCH_TEXT.format(name=name.replace("_", "\\_"))
        read = discord.slash(first, scene.alice, "read", source=name, paragraph=1)
        assert "no text named" in read.wait_for_response().seen
    assert SECOND in ask_in(scene, "part2", channel=everything).seen
    answer = scene.ask(QUESTIONS[OF_SECOND], channel=everything)
    assert SECOND in answer.seen
    choose_texts(scene, everything, "part1")
    for label in (wording.MORE, wording.IN_CONTEXT):
        told = scene.press(answer, label, scene.bob).wait_for_response()
        assert told.seen == notices.TEXTS_CHANGED
    reply = scene.ask("the first one", channel=everything, reply_to=answer)
    assert OF_SECOND not in reply.seen


def test_answer_that_found_nothing_says_which_texts_the_channel_has(scene, channels):
    """Texts that may not be read there are not offered."""
    answer = scene.ask("how long does whale oil last?", channel=channels[0])
    assert "I looked only in: part1" in answer.seen
    assert wording.OTHER_TEXTS not in [one.get("label") for one in answer.buttons]


def test_channel_overrules_its_category_and_takes_its_texts_back(scene, channels):
    """A star names all texts; an empty form leaves the choice to the category."""
    second = channels[1]
    panel = scene.panel(channel=second)
    assert "As in its category: Manual, second edition" in panel.seen
    assert "*" in choose_texts(scene, second, "*").seen
    assert "Captain" in scene.ask("who dug the harbour?", channel=second).seen
    assert "As in its category" in choose_texts(scene, second, " ", "").seen
    assert "Captain" not in scene.ask("who dug the harbour?", channel=second).seen


def test_name_of_no_text_is_refused_in_the_form(scene, channels):
    """The admin reads which line it is, and what held before still holds."""
    told = choose_texts(scene, channels[0], "part2", "v9")
    assert told.seen == notices.NO_SUCH_TEXT.format(name="v9")
    assert "Which texts answer there\npart1/" in scene.panel(channel=channels[0]).seen


def test_teachers_see_the_texts_of_the_channel(scene, channels):
    """The form and the list of lessons name no text that may not be read where they are used."""
    discord, (first, second, _) = scene.discord, channels
    lesson = scene.guild.id, "who lights it?", PassageRef("part2/manual.md", 1, 1)
    scene.on_database(lambda of: of.taught.add(*lesson, taught_by="0" * 32))
    assert "part2" not in scene.use("pullquote taught", scene.admin, first).seen
    assert "part2/manual.md" in scene.use("pullquote taught", scene.admin, second).seen
    asked = discord.say(first, scene.alice, "who lights the lantern?")
    modal = discord.context_menu(asked, scene.admin, "Teach").wait_for_modal()
    assert "first edition" in str(modal)
    assert "second edition" not in str(modal)
