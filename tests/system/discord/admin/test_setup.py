"""`/pullquote setup`, as admins and others meet it, and what the settings do to asking."""

import sqlite3
from contextlib import closing
from types import SimpleNamespace

import pytest

from bot.discord_app.admin import strings
from bot.languages import for_locale
from bot.rendering import notices
from tests.support.scenes import scene as scene
from tests.support.scenes import world as world

CAPTAIN = "The harbour was dug in 1802 by Captain Ada Finch. It took four years."
QUESTION = "who dug the harbour?"
HESITANT = "what does the choir of Zanzibar sing?"


@pytest.fixture
def discord(world):
    """The stand-in that the tests of this file share."""
    return world.discord


def panel(discord, scene, who=None, *, at=None, **options):
    """Open the panel and return its message."""
    where = at or scene.channel
    return discord.slash(
        where, who or scene.admin, "pullquote setup", **options
    ).wait_for_response()


def item(message, part):
    """Return the component of a panel for one part of the settings."""
    return next(one for one in message.buttons if f"pqs:{part}:" in one["custom_id"])


def choose(discord, scene, message, part, *values, who=None):
    """Choose on a panel and return what is shown then: the panel, or why not."""
    custom_id = item(message, part)["custom_id"]
    press = discord.press(message, custom_id, who or scene.admin, values=list(values) or None)
    return discord.wait_until(
        lambda: press.followups[-1] if press.followups else press.response, 10, "an answer"
    )


def set_up(discord, scene, part, *values):
    """Choose something on a fresh panel and return the panel as it is then."""
    return choose(discord, scene, panel(discord, scene), part, *values)


def chosen(message, part):
    """Return what a panel shows as chosen in a menu: values, or ids of roles."""
    menu = item(message, part)
    if menu["type"] == 3:
        return [option["value"] for option in menu["options"] if option["default"]]
    return [int(default["id"]) for default in menu.get("default_values", [])]


def ask(discord, scene, text, who=None):
    """Let somebody mention the bot with a question, and return the answer."""
    return discord.wait_for_answer(
        discord.say(scene.channel, who or scene.bob, f"{discord.mention} {text}")
    )


# Who may set it up


def test_panel_shows_what_holds_where_nothing_was_set_up(discord, scene):
    """At first the bot answers what addresses it, everybody may ask, and it says so privately."""
    message = panel(discord, scene)
    assert chosen(message, "mode") == ["addressed"]
    assert chosen(message, "language") == ["own"]
    assert [chosen(message, part) for part in ("ask", "teach", "admin")] == [[], [], []]
    assert item(message, "cooldown")["label"] == "Questions for each person: 10 in 60 s"
    assert item(message, "plain")["label"].endswith("off")
    assert message.is_visible_to(scene.admin)
    assert not message.is_visible_to(scene.bob)


def test_panel_is_refused_to_people_without_the_right(discord, scene):
    """Discord shows the command to all members; the bot refuses most of them."""
    message = panel(discord, scene, scene.bob)
    assert message.seen == notices.MAY_NOT
    assert message.buttons == []


def test_role_that_may_administer_sets_up_all_but_who_else_may(discord, scene):
    """A role given the right opens the panel; only who manages the server gives it to roles."""
    keepers = discord.add_role(scene.guild, "keepers")
    discord.set_roles(scene.guild, scene.bob, keepers)
    assert chosen(set_up(discord, scene, "admin", keepers), "admin") == [keepers.id]
    message = panel(discord, scene, scene.bob)
    assert chosen(choose(discord, scene, message, "mode", "off", who=scene.bob), "mode") == ["off"]
    menu = item(message, "admin")
    assert menu["disabled"]
    menu["disabled"] = False  # as a forged client would
    refused = choose(discord, scene, message, "admin", scene.managers, who=scene.bob)
    assert refused.seen == notices.MAY_NOT
    assert chosen(panel(discord, scene), "admin") == [keepers.id]


def test_right_is_checked_with_every_choice(discord, scene):
    """Who lost the right after opening the panel changes nothing any more."""
    message = panel(discord, scene)
    discord.set_roles(scene.guild, scene.admin)
    assert choose(discord, scene, message, "mode", "off").seen == notices.MAY_NOT
    form = discord.press(message, item(message, "cooldown")["custom_id"], scene.admin)
    assert form.wait_for_response().seen == notices.MAY_NOT
    assert chosen(panel(discord, scene, scene.guild.owner), "mode") == ["addressed"]


def test_ids_of_another_server_change_nothing_there(discord, scene):
    """A forged channel id is refused, and a forged role is left out."""
    other = discord.add_guild("Elsewhere")
    there = discord.add_channel(other, "theirs")
    message = panel(discord, scene)
    menu = item(message, "mode")
    menu["custom_id"] = f"pqs:mode:{there.id}"
    assert choose(discord, scene, message, "mode", "off").seen == strings.NO_CHANNEL
    roles = item(message, "ask")
    roles["custom_id"] = f"pqs:ask:{there.id}"
    refused = choose(discord, scene, message, "ask", scene.managers)
    assert refused.seen == strings.NO_CHANNEL
    stranger = discord.add_role(other, "strangers")
    assert chosen(set_up(discord, scene, "ask", stranger), "ask") == []
    theirs = discord.slash(there, other.owner, "pullquote setup").wait_for_response()
    assert chosen(theirs, "mode") == ["addressed"]
    assert chosen(theirs, "ask") == []


def test_everyone_is_given_no_right(discord, scene):
    """The role that all members have is left out of those that may administer."""
    assert chosen(set_up(discord, scene, "admin", scene.guild.everyone), "admin") == []
    assert panel(discord, scene, scene.bob).seen == notices.MAY_NOT


def test_value_that_the_panel_does_not_offer_is_not_saved(discord, scene):
    """A forged value is refused, and what held before still holds."""
    message = panel(discord, scene)
    item(message, "mode")["options"].append({"label": "x", "value": "shout", "default": False})
    assert choose(discord, scene, message, "mode", "shout").seen == strings.NOT_SAVED
    assert chosen(panel(discord, scene), "mode") == ["addressed"]


def test_panel_is_for_the_channel_that_is_named_or_that_a_thread_belongs_to(discord, scene):
    """The option names another channel; in a thread it is the thread's own."""
    other = discord.add_channel(scene.guild, "quay")
    thread = discord.start_thread(scene.channel, scene.bob, "talk")
    in_thread = panel(discord, scene, at=thread)
    assert choose(discord, scene, in_thread, "mode", "off")
    assert chosen(panel(discord, scene), "mode") == ["off"]
    assert chosen(panel(discord, scene, channel=other), "mode") == ["addressed"]


@pytest.mark.parametrize("locale", ["de", "es-ES", "fr", "he", "ar"])
def test_panel_and_form_keep_discords_limits_in_every_language(discord, scene, locale):
    """The stand-in refuses labels that are too long; each language says all it shows."""
    say = for_locale(locale)
    set_up(discord, scene, "mode", "every")
    discord.deny(scene.channel, "SEND_MESSAGES", "READ_MESSAGE_HISTORY")
    message = panel(discord, scene, locale=locale)
    assert say(strings.SERVER) in message.seen
    assert say(strings.PERMISSIONS["read_message_history"]) in message.seen
    form = discord.press(
        message, item(message, "cooldown")["custom_id"], scene.admin, locale=locale
    )
    assert form.wait_for_modal()["title"] == say(strings.COOLDOWN_TITLE)


# What is lacking for a setting


def test_missing_permissions_are_named_when_a_setting_needs_them(discord, scene):
    """Each setting names what it lacks, by the words of Discord's client; turned off, nothing."""
    assert "I am missing permissions" not in panel(discord, scene).seen
    discord.deny(scene.channel, "SEND_MESSAGES", "READ_MESSAGE_HISTORY", "CREATE_PUBLIC_THREADS")
    seen = set_up(discord, scene, "mode", "every").seen
    assert (
        f"I am missing permissions in <#{scene.channel.id}>: Send Messages, Read Message History."
        in seen
    )
    seen = set_up(discord, scene, "threads").seen
    assert "Send Messages, Read Message History, Create Public Threads." in seen
    assert "I am missing permissions" not in set_up(discord, scene, "mode", "off").seen


def test_forum_needs_to_be_written_to_in_its_threads(discord, scene):
    """Posts are threads, so a forum needs that permission, and no button for threads."""
    forum = discord.add_channel(scene.guild, "questions", "forum")
    discord.deny(forum, "SEND_MESSAGES", "SEND_MESSAGES_IN_THREADS")
    message = panel(discord, scene, channel=forum)
    assert f"I am missing permissions in <#{forum.id}>: Send Messages in Threads." in message.seen
    assert not any(":threads:" in one["custom_id"] for one in message.buttons)


def test_setting_that_cannot_be_saved_is_said_so(discord, scene, world):
    """Without its database the bot saves nothing, and the person hears of it."""
    message = panel(discord, scene)
    with closing(sqlite3.connect(world.data / "pullquote.db")) as database:
        database.execute("ALTER TABLE channels RENAME TO away")
        database.commit()
        try:
            assert choose(discord, scene, message, "mode", "off").seen == strings.NOT_SAVED
        finally:
            database.execute("ALTER TABLE away RENAME TO channels")
            database.commit()
    assert chosen(panel(discord, scene), "mode") == ["addressed"]


# What the settings do


def test_channel_turned_off_hears_nothing_from_the_bot(discord, scene):
    """A mention stays unanswered there, `/ask` says so, and other channels go on."""
    assert chosen(set_up(discord, scene, "mode", "off"), "mode") == ["off"]
    discord.say(scene.channel, scene.bob, f"{discord.mention} {QUESTION}")
    by_command = discord.slash(scene.channel, scene.bob, "ask", question=QUESTION)
    assert by_command.wait_for_response().seen == notices.TURNED_OFF
    quay = discord.add_channel(scene.guild, "quay")
    elsewhere = discord.say(quay, scene.bob, f"{discord.mention} {QUESTION}")
    assert CAPTAIN in discord.wait_for_answer(elsewhere).seen
    discord.expect_silence(scene.channel, seconds=0)


def test_channel_for_every_question_answers_those_that_the_texts_answer(discord, scene):
    """A question to nobody is answered; chatter and what no text answers stays unanswered."""
    set_up(discord, scene, "mode", "every")
    talk = (
        "what a nice harbour that is",
        "how do I bake sourdough?",
        HESITANT,
        f"<@{scene.admin.id}> {QUESTION}",
    )
    passed_over = [discord.say(scene.channel, scene.bob, text) for text in talk]
    asked = discord.say(scene.channel, scene.bob, QUESTION)
    assert CAPTAIN in discord.wait_for_answer(asked).seen
    assert [discord.answers(message) for message in passed_over] == [[], [], [], []]


def test_channel_may_want_the_closest_passages_unasked(discord, scene):
    """Where admins choose so, an answer that the bot is not sure of is given, too."""
    set_up(discord, scene, "mode", "every")
    assert chosen(panel(discord, scene), "confidence") == ["sure"]
    assert chosen(set_up(discord, scene, "confidence", "hesitant"), "confidence") == ["hesitant"]
    asked = discord.say(scene.channel, scene.bob, HESITANT)
    assert "not sure" in discord.wait_for_answer(asked).seen


def test_thread_is_made_for_a_question_and_named_after_it(discord, scene):
    """The answer stands in a thread on the question; who goes on there needs no mention."""
    assert item(set_up(discord, scene, "threads"), "threads")["label"].endswith("on")
    asked = discord.say(scene.channel, scene.bob, f"{discord.mention} {QUESTION}")
    answer = discord.wait_for_answer(asked)
    assert CAPTAIN in answer.seen
    thread = answer.channel
    assert (thread.id, thread.name, thread.parent) == (asked.id, QUESTION, scene.channel)
    discord.say(thread, scene.admin, "nice, thanks")
    further = discord.say(thread, scene.admin, "when did the storm come?")
    assert "1887" in discord.wait_for_answer(further).seen
    bots = [message for message in discord.messages(thread) if message.author is discord.bot]
    assert len(bots) == 2
    assert item(set_up(discord, scene, "threads"), "threads")["label"].endswith("off")


@pytest.mark.parametrize("lacking", ["CREATE_PUBLIC_THREADS", "SEND_MESSAGES_IN_THREADS"])
def test_answer_is_a_reply_where_there_can_be_no_thread(discord, scene, lacking):
    """Without the permission for it no thread is tried, and nobody goes without an answer."""
    set_up(discord, scene, "threads")
    discord.deny(scene.channel, lacking)
    answer = ask(discord, scene, QUESTION)
    assert (answer.channel, CAPTAIN in answer.seen) == (scene.channel, True)


def test_forum_for_every_question_answers_the_opening_message(discord, scene):
    """Title and body are the question; what people write below is theirs."""
    forum = discord.add_channel(scene.guild, "questions", "forum")
    choose(discord, scene, panel(discord, scene, channel=forum), "mode", "every")
    post = discord.open_post(forum, scene.bob, "The harbour", "I wonder who dug it")
    assert CAPTAIN in discord.wait_for_answer(post).seen
    below = discord.say(post.channel, scene.admin, "when did the storm come?")
    other = discord.open_post(forum, scene.bob, "Bread", "how do I bake sourdough?")
    last = discord.open_post(forum, scene.bob, "Storm", "when did it come?")
    assert "1887" in discord.wait_for_answer(last).seen
    assert [discord.answers(message) for message in (below, other)] == [[], []]


def test_only_chosen_roles_may_ask(discord, scene):
    """Others are told so, by message and by command; unasked they hear nothing."""
    keepers = discord.add_role(scene.guild, "keepers")
    assert chosen(set_up(discord, scene, "ask", keepers), "ask") == [keepers.id]
    assert ask(discord, scene, QUESTION).seen == notices.MAY_NOT_ASK
    by_command = discord.slash(scene.channel, scene.bob, "ask", question=QUESTION)
    assert by_command.wait_for_response().seen == notices.MAY_NOT_ASK
    set_up(discord, scene, "mode", "every")
    overheard = discord.say(scene.channel, scene.bob, QUESTION)
    discord.set_roles(scene.guild, scene.bob, keepers)
    assert CAPTAIN in ask(discord, scene, QUESTION).seen
    assert discord.answers(overheard) == []
    discord.remove_role(scene.guild, keepers)
    assert chosen(panel(discord, scene), "ask") == []


def test_cooldown_is_set_in_a_form_and_holds_for_each_person(discord, scene):
    """After their share people are told when they may ask again; others may meanwhile."""
    message = panel(discord, scene)
    form = discord.press(message, item(message, "cooldown")["custom_id"], scene.admin)
    shown = form.submit(questions="1", seconds="600").wait_for_response()
    assert item(shown, "cooldown")["label"] == "Questions for each person: 1 in 600 s"
    assert CAPTAIN in ask(discord, scene, QUESTION).seen
    assert "You can ask again <t:" in ask(discord, scene, "when did the storm come?").seen
    assert CAPTAIN in ask(discord, scene, QUESTION, scene.admin).seen


@pytest.mark.parametrize(("questions", "seconds"), [("many", "60"), ("-1", "60"), ("1", "0")])
def test_cooldown_that_is_none_is_refused(discord, scene, questions, seconds):
    """Words and numbers out of bounds are refused with what is possible."""
    message = panel(discord, scene)
    form = discord.press(message, item(message, "cooldown")["custom_id"], scene.admin)
    sent = form.submit(questions=questions, seconds=seconds)
    told = discord.wait_until(lambda: sent.followups, 10, "a refusal")[0]
    assert "0 to 1000 questions, and 1 to 86400 seconds" in told.seen
    label = item(panel(discord, scene), "cooldown")["label"]
    assert label == "Questions for each person: 10 in 60 s"


def test_questions_that_the_bot_only_overhears_use_up_nobodys_share(discord, scene):
    """What it stayed silent about does not count; what it answered does."""
    set_up(discord, scene, "mode", "every")
    message = panel(discord, scene)
    form = discord.press(message, item(message, "cooldown")["custom_id"], scene.admin)
    form.submit(questions="1", seconds="600").wait_for_response()
    discord.say(scene.channel, scene.bob, "how do I bake sourdough?")
    overheard = discord.say(scene.channel, scene.bob, QUESTION)
    assert CAPTAIN in discord.wait_for_answer(overheard).seen
    assert "You can ask again" in ask(discord, scene, QUESTION).seen


def test_plain_text_is_what_a_server_may_want(discord, scene):
    """Then answers have content that every client shows, until it is turned off again."""
    set_up(discord, scene, "plain")
    answer = ask(discord, scene, QUESTION)
    assert answer.content
    assert CAPTAIN in answer.seen
    by_command = discord.slash(scene.channel, scene.bob, "ask", question=QUESTION)
    assert CAPTAIN in by_command.wait_for_response().seen
    beside = discord.press(answer, discord.button(answer, "In context"), scene.bob)
    assert "Herring boats" in beside.wait_for_response().content
    set_up(discord, scene, "plain")
    answer = ask(discord, scene, QUESTION)
    assert (answer.content, CAPTAIN in answer.seen) == ("", True)


def test_language_is_that_of_the_server_or_the_chosen_one(discord, scene):
    """All is said in the chosen one, the panel included; else commands follow the person."""
    discord.set_locale(scene.guild, "fr")
    assert "Je n\u2019ai rien" in ask(discord, scene, "how do I bake sourdough?").seen
    shown = set_up(discord, scene, "language", "de")
    assert chosen(shown, "language") == ["de"]
    assert for_locale("de")(strings.SERVER) in shown.seen
    assert "nichts gefunden" in ask(discord, scene, "how do I bake sourdough?").seen
    shown = set_up(discord, scene, "language", "own")
    assert chosen(shown, "language") == ["own"]
    assert strings.SERVER in shown.seen


def test_settings_of_a_server_are_its_own(discord, scene):
    """What one server chose is not what another has."""
    set_up(discord, scene, "plain")
    set_up(discord, scene, "ask", scene.managers)
    other = discord.add_guild("Elsewhere")
    there = SimpleNamespace(
        channel=discord.add_channel(other, "theirs"), bob=discord.add_user("cy", other)
    )
    answer = ask(discord, there, QUESTION)
    assert (answer.content, CAPTAIN in answer.seen) == ("", True)
