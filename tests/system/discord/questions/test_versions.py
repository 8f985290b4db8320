"""Texts in several versions on Discord: the current one answers, and a press shows another."""

import pytest

from bot.database import ServerSettings
from bot.rendering import notices, wording
from tests.standin import DiscordStandIn
from tests.support.bot_process import FastBotProcess
from tests.support.scenes import item, running_world, write_texts

pytestmark = pytest.mark.xdist_group("discord_versions")

LETTER = "To reserve a berth in the harbour, write a letter to the harbour master."
PHONE = "To reserve a berth in the harbour, call the harbour office by telephone."
FORM = "To reserve a berth in the harbour, fill in the form on the web."
OLD_CRANE = "The crane of the harbour lifts four tons."
CRANE = "The crane of the harbour lifts ten tons."
GERMAN = "Der Kran im Hafen hebt zehn Tonnen, und er ist rot gestrichen."
ASKED = "how do I reserve a berth in the harbour?"
LIFTS = "what does the crane of the harbour lift?"

TEXTS = {
    "docs/1.x/berths.md": f"# Berths\n\n{LETTER}\n",
    "docs/2.0/berths.md": f"# Berths\n\n{PHONE}\n",
    "docs/3.0rc1/berths.md": f"# Berths\n\n{FORM}\n",
    "docs/1.x/crane.md": f"# Crane\n\n{OLD_CRANE}\n",
    "docs/2.0/crane.md": f"# Crane\n\n{CRANE}\n",
    "docs/2.0/de/crane.md": f"# Kran\n\n{GERMAN}\n",
    "harbour.txt": "The harbour\n\nA storm in 1887 sank nine boats.\n",
}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A bot over a manual in several versions, one page of it in two languages."""
    folder = tmp_path_factory.mktemp("versions")
    write_texts(folder, TEXTS)
    with DiscordStandIn() as discord, running_world(discord, folder, FastBotProcess) as world:
        yield world


def menu_of(message):
    """Return the menu of versions below an answer; None without one."""
    return next((one for one in message.buttons if "pq:versions" in one["custom_id"]), None)


def labels(message):
    return [one.get("label") for one in message.buttons]


def choose(scene, message, version, user):
    """Choose a version in the menu below an answer."""
    return scene.discord.press(message, menu_of(message)["custom_id"], user, values=[version])


def wait_for(scene, message, text):
    scene.discord.wait_until(lambda: text in message.seen, 10, text)


def test_answer_names_the_other_versions(scene):
    """One is a button, several are a menu; the current one is quoted and no other."""
    crane = scene.ask(LIFTS)
    assert CRANE in crane.seen
    assert "Other versions: 1.x" in crane.seen
    assert "1.x" in labels(crane)
    assert menu_of(crane) is None
    berth = scene.ask(ASKED)
    assert PHONE in berth.seen
    assert LETTER not in berth.seen
    assert "Other versions: 1.x, 3.0rc1" in berth.seen
    menu = menu_of(berth)
    assert menu["placeholder"] == wording.OTHER_VERSIONS
    assert [option["value"] for option in menu["options"]] == ["1.x", "3.0rc1"]
    storm = scene.ask("when did the storm sink boats?")
    assert "versions" not in storm.seen
    assert menu_of(storm) is None


def test_asker_reads_another_version_in_place_and_comes_back(scene):
    """The answer is changed, and its button leads to the version that it had."""
    answer = scene.ask(LIFTS)
    scene.press(answer, "1.x").wait_for_acknowledgement()
    wait_for(scene, answer, OLD_CRANE)
    assert CRANE not in answer.seen
    assert "Other versions: 2.0" in answer.seen
    scene.press(answer, "2.0").wait_for_acknowledgement()
    wait_for(scene, answer, CRANE)
    assert OLD_CRANE not in answer.seen


def test_others_read_another_version_privately(scene):
    """The answer stays as it is."""
    answer = scene.ask(ASKED)
    before = answer.seen
    private = choose(scene, answer, "3.0rc1", scene.bob).wait_for_response()
    assert private.ephemeral
    assert FORM in private.seen
    assert menu_of(private) is None
    assert answer.seen == before


def test_question_that_names_a_version_gets_it(scene):
    """And the reply that needs it, as one does after a press."""
    answer = scene.ask("how do I reserve a berth in the harbour in version 1?")
    assert LETTER in answer.seen
    assert "Other versions: 2.0, 3.0rc1" in answer.seen
    assert LETTER in scene.ask("and how do I reserve it?", reply_to=answer).seen
    pressed = scene.ask(ASKED, scene.bob)
    choose(scene, pressed, "1.x", scene.bob).wait_for_acknowledgement()
    wait_for(scene, pressed, LETTER)
    reply = scene.ask("and how do I reserve it?", scene.bob, reply_to=pressed)
    assert LETTER in reply.seen


def test_private_answer_has_versions_too(scene):
    """The question stays above the answer of another version."""
    answer = scene.slash(ASKED, private=True).wait_for_response()
    choose(scene, answer, "1.x", scene.alice).wait_for_acknowledgement()
    wait_for(scene, answer, LETTER)
    assert ASKED in answer.seen


def test_plain_text_has_versions_too(scene):
    """The menu stands among the buttons."""
    scene.set_server(ServerSettings(plain=True))
    plain = scene.ask(ASKED, scene.bob)
    assert "Other versions: 1.x, 3.0rc1" in plain.content
    choose(scene, plain, "3.0rc1", scene.bob).wait_for_acknowledgement()
    wait_for(scene, plain, FORM)
    assert [one["value"] for one in menu_of(plain)["options"]] == ["2.0", "1.x"]


def test_menu_is_refused_without_the_role(scene):
    """As all that shows more of the texts is."""
    scene.set_server(ServerSettings(ask_roles=frozenset({scene.teachers.id})))
    answer = scene.ask(ASKED, scene.teacher)
    told = choose(scene, answer, "1.x", scene.bob).wait_for_response()
    assert told.seen == notices.MAY_NOT_ASK


def test_language_of_the_client_decides_for_a_command(scene):
    """Of a page in two languages one is quoted; of a message the question's language counts."""
    asked = "Kran Hafen hebt Tonnen crane harbour lifts tons"
    german = scene.discord.add_user("greta", scene.guild, locale="de")
    shown = scene.slash(asked, german).wait_for_response()
    assert GERMAN in shown.seen
    assert CRANE not in shown.seen
    english = scene.slash(asked).wait_for_response()
    assert CRANE in english.seen
    assert GERMAN not in english.seen
    assert GERMAN in scene.ask("was hebt der Kran im Hafen?").seen


def test_sources_show_versions(scene):
    """Beside the language; a text without one has none."""
    shown = scene.discord.slash(scene.channel, scene.alice, "sources").wait_for_response().seen
    assert "version 1.x" in shown
    assert "version 3.0rc1" in shown
    assert shown.count("version ") == len(TEXTS) - 1


def test_channel_names_no_version_that_may_not_be_read_there(scene):
    """Neither a line nor a button does, and a button of before finds nothing of it."""
    discord = scene.discord
    channel = discord.add_channel(scene.guild, "old")
    before = scene.ask(ASKED, channel=channel)
    panel = scene.panel(channel=channel)
    form = discord.press(panel, item(panel, "texts")["custom_id"], scene.admin)
    sent = form.submit(texts=["docs/1.x/", "docs/3.0rc1/"])
    discord.wait_until(lambda: sent.followups or sent.response, 10, "an answer")
    answer = scene.ask(ASKED, channel=channel)
    assert LETTER in answer.seen
    assert "Other versions: 3.0rc1" in answer.seen
    assert "2.0" not in labels(answer)
    crane = scene.ask(LIFTS, channel=channel)
    assert OLD_CRANE in crane.seen
    assert "Other versions" not in crane.seen
    forged = menu_of(before)
    forged["options"].append({"value": "2.0", "label": "2.0"})
    told = discord.press(before, forged["custom_id"], scene.bob, values=["2.0"])
    seen = told.wait_for_response().seen
    assert PHONE not in seen
    assert "2.0" not in seen
    listed = discord.slash(channel, scene.alice, "sources").wait_for_response().seen
    assert "version 2.0" not in listed


def test_forgotten_question_is_said_to_be_too_long_ago(scene):
    """Its row is gone with the person's data."""
    answer = scene.ask(LIFTS, scene.bob)
    number = next(one for one in answer.buttons if one.get("label") == "1.x")["custom_id"]
    scene.on_database(lambda of: of.questions.delete(int(number.split(":")[2])))
    told = scene.press(answer, "1.x", scene.bob).wait_for_response()
    assert told.seen == notices.OUTDATED


def test_button_and_menu_work_after_a_restart(tmp_path):
    """All that they need is in their ids and in the database."""
    write_texts(tmp_path, TEXTS)
    with DiscordStandIn() as discord:
        with running_world(discord, tmp_path) as world:
            scene = world.settle()
            crane, berth = scene.ask(LIFTS), scene.ask(ASKED)
        discord.expect_restart()
        with running_world(discord, tmp_path):
            scene.press(crane, "1.x").wait_for_acknowledgement()
            wait_for(scene, crane, OLD_CRANE)
            private = choose(scene, berth, "1.x", scene.bob).wait_for_response()
            assert LETTER in private.seen
