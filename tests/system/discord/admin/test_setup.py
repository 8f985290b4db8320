"""`/pullquote setup`, as admins and others meet it, and what the settings do to asking."""

import sqlite3
from contextlib import closing

import pytest

from bot.discord_app.admin.setup import strings
from bot.languages import LANGUAGES, catalogue, for_locale
from bot.rendering import notices
from tests.support.scenes import CAPTAIN, QUESTION, chosen, item

HESITANT = "what does the choir of Zanzibar sing?"


# Who may set it up


def test_panel_shows_what_holds_where_nothing_was_set_up(scene):
    """At first the bot answers what addresses it, everybody may ask, and it says so privately."""
    message = scene.panel()
    assert chosen(message, "mode") == ["addressed"]
    assert chosen(message, "language") == ["own"]
    assert [chosen(message, part) for part in ("ask", "teach", "admin")] == [[], [], []]
    assert item(message, "cooldown")["label"] == "Questions for each person: 10 in 60 s"
    assert item(message, "plain")["label"].endswith("off")
    assert message.is_visible_to(scene.admin)
    assert not message.is_visible_to(scene.alice)


def test_panel_is_refused_to_people_without_the_right(scene):
    """Discord shows the command to all members; the bot refuses most of them."""
    message = scene.panel(scene.alice)
    assert message.seen == notices.MAY_NOT
    assert message.buttons == []


def test_role_that_may_administer_sets_up_all_but_who_else_may(scene):
    """A role given the right opens the panel; only who manages the server gives it to roles."""
    discord = scene.discord
    keepers = discord.add_role(scene.guild, "keepers")
    discord.set_roles(scene.guild, scene.alice, keepers)
    assert chosen(scene.set_up("admin", keepers), "admin") == [keepers.id]
    message = scene.panel(scene.alice)
    assert chosen(scene.choose(message, "mode", "off", user=scene.alice), "mode") == ["off"]
    menu = item(message, "admin")
    assert menu["disabled"]
    menu["disabled"] = False  # as a forged client would
    refused = scene.choose(message, "admin", scene.managers, user=scene.alice)
    assert refused.seen == notices.MAY_NOT
    assert chosen(scene.panel(), "admin") == [keepers.id]


def test_right_is_checked_with_every_choice(scene):
    """Who lost the right after opening the panel changes nothing any more."""
    discord = scene.discord
    message = scene.panel()
    discord.set_roles(scene.guild, scene.admin)
    assert scene.choose(message, "mode", "off").seen == notices.MAY_NOT
    form = discord.press(message, item(message, "cooldown")["custom_id"], scene.admin)
    assert form.wait_for_response().seen == notices.MAY_NOT
    assert chosen(scene.panel(scene.guild.owner), "mode") == ["addressed"]


def test_ids_of_another_server_change_nothing_there(scene):
    """A forged channel id is refused, and a forged role is left out."""
    discord = scene.discord
    other = discord.add_guild("Elsewhere")
    there = discord.add_channel(other, "theirs")
    message = scene.panel()
    menu = item(message, "mode")
    menu["custom_id"] = f"pqs:mode:{there.id}"
    assert scene.choose(message, "mode", "off").seen == strings.NO_CHANNEL
    roles = item(message, "ask")
    roles["custom_id"] = f"pqs:ask:{there.id}"
    refused = scene.choose(message, "ask", scene.managers)
    assert refused.seen == strings.NO_CHANNEL
    stranger = discord.add_role(other, "strangers")
    assert chosen(scene.set_up("ask", stranger), "ask") == []
    theirs = discord.slash(there, other.owner, "pullquote setup").wait_for_response()
    assert chosen(theirs, "mode") == ["addressed"]
    assert chosen(theirs, "ask") == []


def test_everyone_is_given_no_right(scene):
    """The role that all members have is left out of those that may administer."""
    assert chosen(scene.set_up("admin", scene.guild.everyone), "admin") == []
    assert scene.panel(scene.alice).seen == notices.MAY_NOT


def test_value_that_the_panel_does_not_offer_is_not_saved(scene):
    """A forged value is refused, and what held before still holds."""
    message = scene.panel()
    item(message, "mode")["options"].append({"label": "x", "value": "shout", "default": False})
    assert scene.choose(message, "mode", "shout").seen == strings.NOT_SAVED
    assert chosen(scene.panel(), "mode") == ["addressed"]


def test_panel_is_for_the_channel_that_is_named_or_that_a_thread_belongs_to(scene):
    """The option names another channel; in a thread it is the thread's own."""
    discord = scene.discord
    other = discord.add_channel(scene.guild, "quay")
    thread = discord.start_thread(scene.channel, scene.alice, "talk")
    in_thread = scene.panel(at=thread)
    assert scene.choose(in_thread, "mode", "off")
    assert chosen(scene.panel(), "mode") == ["off"]
    assert chosen(scene.panel(channel=other), "mode") == ["addressed"]


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_panel_and_form_keep_discords_limits_in_every_language(scene, language):
    """The stand-in refuses labels that are too long; each language says all it shows."""
    discord = scene.discord
    say = catalogue(language)
    locale = {"es": "es-ES"}.get(language, language)
    scene.set_up("mode", "every")
    discord.deny(scene.channel, "SEND_MESSAGES", "READ_MESSAGE_HISTORY")
    message = scene.panel(locale=locale)
    assert say(strings.SERVER) in message.seen
    assert say(strings.PERMISSIONS["read_message_history"]) in message.seen
    form = discord.press(
        message, item(message, "cooldown")["custom_id"], scene.admin, locale=locale
    )
    assert form.wait_for_modal()["title"] == say(strings.COOLDOWN_TITLE)
    form = discord.press(message, item(message, "texts")["custom_id"], scene.admin, locale=locale)
    assert form.wait_for_modal()["title"] == say(strings.TEXTS)
    assert len(say(strings.TEXTS_HINT)) <= 100  # shown instead where there are many texts


# What is lacking for a setting


def test_missing_permissions_are_named_when_a_setting_needs_them(scene):
    """Each setting names what it lacks, by the words of Discord's client; turned off, nothing."""
    discord = scene.discord
    assert "I am missing permissions" not in scene.panel().seen
    discord.deny(scene.channel, "SEND_MESSAGES", "READ_MESSAGE_HISTORY", "CREATE_PUBLIC_THREADS")
    seen = scene.set_up("mode", "every").seen
    assert (
        f"I am missing permissions in <#{scene.channel.id}>: Send Messages, Read Message History."
        in seen
    )
    seen = scene.set_up("threads").seen
    assert "Send Messages, Read Message History, Create Public Threads." in seen
    assert "I am missing permissions" not in scene.set_up("mode", "off").seen


def test_panel_of_a_category_chooses_its_texts(scene):
    """What else is chosen for channels is not offered for a category, and no permission lacks."""
    category = scene.discord.add_channel(scene.guild, "manuals", "category", deny=["VIEW_CHANNEL"])
    message = scene.panel(channel=category)
    assert strings.ALL_TEXTS in message.seen
    assert "I am missing permissions" not in message.seen
    assert not any(":mode:" in one["custom_id"] for one in message.buttons)
    form = scene.discord.press(message, item(message, "texts")["custom_id"], scene.admin)
    shown = form.submit(texts=["harbour.txt"]).wait_for_response()
    assert "harbour.txt" in shown.seen
    form = scene.discord.press(message, item(message, "texts")["custom_id"], scene.admin)
    (label,) = form.wait_for_modal()["components"]
    options = [(one["value"], one["default"]) for one in label["component"]["options"]]
    assert options == [("*", False), ("harbour.txt", True)]
    assert strings.ALL_TEXTS in form.submit(texts=[]).wait_for_response().seen


def test_texts_are_chosen_by_admins_only(scene):
    """Others get no form, and one that they send changes nothing."""
    discord, message = scene.discord, scene.panel()
    custom_id = item(message, "texts")["custom_id"]
    opened = discord.press(message, custom_id, scene.admin)
    opened.wait_for_modal()
    discord.set_roles(scene.guild, scene.admin)
    assert opened.submit(texts=["harbour.txt"]).wait_for_response().seen == notices.MAY_NOT
    refused = discord.press(message, custom_id, scene.admin)
    assert refused.wait_for_response().seen == notices.MAY_NOT
    assert strings.ALL_TEXTS in scene.panel(scene.guild.owner).seen


def test_forum_needs_to_be_written_to_in_its_threads(scene):
    """Posts are threads, so a forum needs that permission, and no button for threads."""
    discord = scene.discord
    forum = discord.add_channel(scene.guild, "questions", "forum")
    discord.deny(forum, "SEND_MESSAGES", "SEND_MESSAGES_IN_THREADS")
    message = scene.panel(channel=forum)
    assert f"I am missing permissions in <#{forum.id}>: Send Messages in Threads." in message.seen
    assert not any(":threads:" in one["custom_id"] for one in message.buttons)


def test_setting_that_cannot_be_saved_is_said_so(scene, world):
    """Without its database the bot saves nothing, and the person hears of it."""
    message = scene.panel()
    with closing(sqlite3.connect(world.data / "pullquote.db")) as database:
        database.execute("ALTER TABLE channels RENAME TO away")
        database.commit()
        try:
            assert scene.choose(message, "mode", "off").seen == strings.NOT_SAVED
        finally:
            database.execute("ALTER TABLE away RENAME TO channels")
            database.commit()
    assert chosen(scene.panel(), "mode") == ["addressed"]


# What the settings do


def test_channel_turned_off_hears_nothing_from_the_bot(scene):
    """A mention stays unanswered there, `/ask` says so, and other channels go on."""
    discord = scene.discord
    assert chosen(scene.set_up("mode", "off"), "mode") == ["off"]
    scene.mention()
    by_command = scene.slash()
    assert by_command.wait_for_response().seen == notices.TURNED_OFF
    quay = discord.add_channel(scene.guild, "quay")
    elsewhere = scene.mention(channel=quay)
    assert CAPTAIN in discord.wait_for_answer(elsewhere).seen
    discord.expect_silence(scene.channel, seconds=0)


def test_channel_for_every_question_answers_those_that_the_texts_answer(scene):
    """A question to nobody is answered; chatter and what no text answers stays unanswered."""
    discord = scene.discord
    scene.set_up("mode", "every")
    talk = (
        "what a nice harbour that is",
        "how do I bake sourdough?",
        HESITANT,
        f"<@{scene.admin.id}> {QUESTION}",
    )
    passed_over = [discord.say(scene.channel, scene.alice, text) for text in talk]
    asked = discord.say(scene.channel, scene.alice, QUESTION)
    assert CAPTAIN in discord.wait_for_answer(asked).seen
    assert [discord.answers(message) for message in passed_over] == [[], [], [], []]


def test_channel_may_want_the_closest_passages_unasked(scene):
    """Where admins choose so, an answer that the bot is not sure of is given, too."""
    discord = scene.discord
    scene.set_up("mode", "every")
    assert chosen(scene.panel(), "confidence") == ["sure"]
    assert chosen(scene.set_up("confidence", "hesitant"), "confidence") == ["hesitant"]
    asked = discord.say(scene.channel, scene.alice, HESITANT)
    assert "not sure" in discord.wait_for_answer(asked).seen


def test_thread_is_made_for_a_question_and_named_after_it(scene):
    """The answer stands in a thread on the question; who goes on there needs no mention."""
    discord = scene.discord
    assert item(scene.set_up("threads"), "threads")["label"].endswith("on")
    asked = scene.mention()
    answer = discord.wait_for_answer(asked)
    assert CAPTAIN in answer.seen
    thread = answer.channel
    assert (thread.id, thread.name, thread.parent) == (asked.id, QUESTION, scene.channel)
    discord.say(thread, scene.admin, "nice, thanks")
    further = discord.say(thread, scene.admin, "when did the storm come?")
    assert "1887" in discord.wait_for_answer(further).seen
    bots = [message for message in discord.messages(thread) if message.author is discord.bot]
    assert len(bots) == 2
    assert item(scene.set_up("threads"), "threads")["label"].endswith("off")


@pytest.mark.parametrize("lacking", ["CREATE_PUBLIC_THREADS", "SEND_MESSAGES_IN_THREADS"])
def test_answer_is_a_reply_where_there_can_be_no_thread(scene, lacking):
    """Without the permission for it no thread is tried, and nobody goes without an answer."""
    discord = scene.discord
    scene.set_up("threads")
    discord.deny(scene.channel, lacking)
    answer = scene.ask()
    assert (answer.channel, CAPTAIN in answer.seen) == (scene.channel, True)


def test_forum_for_every_question_answers_the_opening_message(scene):
    """Title and body are the question; what people write below is theirs."""
    discord = scene.discord
    forum = discord.add_channel(scene.guild, "questions", "forum")
    scene.choose(scene.panel(channel=forum), "mode", "every")
    post = discord.open_post(forum, scene.alice, "The harbour", "I wonder who dug it")
    assert CAPTAIN in discord.wait_for_answer(post).seen
    below = discord.say(post.channel, scene.admin, "when did the storm come?")
    other = discord.open_post(forum, scene.alice, "Bread", "how do I bake sourdough?")
    last = discord.open_post(forum, scene.alice, "Storm", "when did it come?")
    assert "1887" in discord.wait_for_answer(last).seen
    assert [discord.answers(message) for message in (below, other)] == [[], []]


def test_only_chosen_roles_may_ask(scene):
    """Others are told so, by message and by command; unasked they hear nothing."""
    discord = scene.discord
    keepers = discord.add_role(scene.guild, "keepers")
    assert chosen(scene.set_up("ask", keepers), "ask") == [keepers.id]
    assert scene.ask().seen == notices.MAY_NOT_ASK
    by_command = scene.slash()
    assert by_command.wait_for_response().seen == notices.MAY_NOT_ASK
    scene.set_up("mode", "every")
    overheard = discord.say(scene.channel, scene.alice, QUESTION)
    discord.set_roles(scene.guild, scene.alice, keepers)
    assert CAPTAIN in scene.ask().seen
    assert discord.answers(overheard) == []
    discord.remove_role(scene.guild, keepers)
    assert chosen(scene.panel(), "ask") == []


def test_cooldown_is_set_in_a_form_and_holds_for_each_person(scene):
    """After their share people are told when they may ask again; others may meanwhile."""
    discord = scene.discord
    message = scene.panel()
    form = discord.press(message, item(message, "cooldown")["custom_id"], scene.admin)
    shown = form.submit(questions="1", seconds="600").wait_for_response()
    assert item(shown, "cooldown")["label"] == "Questions for each person: 1 in 600 s"
    assert CAPTAIN in scene.ask().seen
    assert "You can ask again <t:" in scene.ask("when did the storm come?").seen
    assert CAPTAIN in scene.ask(author=scene.admin).seen


@pytest.mark.parametrize(("questions", "seconds"), [("many", "60"), ("-1", "60"), ("1", "0")])
def test_cooldown_that_is_none_is_refused(scene, questions, seconds):
    """Words and numbers out of bounds are refused with what is possible."""
    discord = scene.discord
    message = scene.panel()
    form = discord.press(message, item(message, "cooldown")["custom_id"], scene.admin)
    sent = form.submit(questions=questions, seconds=seconds)
    told = discord.wait_until(lambda: sent.followups, 10, "a refusal")[0]
    assert "0 to 1000 questions, and 1 to 86400 seconds" in told.seen
    label = item(scene.panel(), "cooldown")["label"]
    assert label == "Questions for each person: 10 in 60 s"


def test_questions_that_the_bot_only_overhears_use_up_nobodys_share(scene):
    """What it stayed silent about does not count; what it answered does."""
    discord = scene.discord
    scene.set_up("mode", "every")
    message = scene.panel()
    form = discord.press(message, item(message, "cooldown")["custom_id"], scene.admin)
    form.submit(questions="1", seconds="600").wait_for_response()
    discord.say(scene.channel, scene.alice, "how do I bake sourdough?")
    overheard = discord.say(scene.channel, scene.alice, QUESTION)
    assert CAPTAIN in discord.wait_for_answer(overheard).seen
    assert "You can ask again" in scene.ask().seen


def test_plain_text_is_what_a_server_may_want(scene):
    """Then answers have content that every client shows, until it is turned off again."""
    scene.set_up("plain")
    answer = scene.ask()
    assert answer.content
    assert CAPTAIN in answer.seen
    by_command = scene.slash()
    assert CAPTAIN in by_command.wait_for_response().seen
    beside = scene.press(answer, "In context")
    assert "Herring boats" in beside.wait_for_response().content
    scene.set_up("plain")
    answer = scene.ask()
    assert (answer.content, CAPTAIN in answer.seen) == ("", True)


def test_language_is_that_of_the_server_or_the_chosen_one(scene):
    """All is said in the chosen one, the panel included; else commands follow the person."""
    discord = scene.discord
    discord.set_locale(scene.guild, "fr")
    assert "Je n\u2019ai rien" in scene.ask("how do I bake sourdough?").seen
    shown = scene.set_up("language", "de")
    assert chosen(shown, "language") == ["de"]
    assert for_locale("de")(strings.SERVER) in shown.seen
    assert "nichts gefunden" in scene.ask("how do I bake sourdough?").seen
    shown = scene.set_up("language", "own")
    assert chosen(shown, "language") == ["own"]
    assert strings.SERVER in shown.seen


def test_settings_of_a_server_are_its_own(scene, world):
    """What one server chose is not what another has."""
    scene.set_up("plain")
    scene.set_up("ask", scene.managers)
    there = world.settle("Elsewhere")
    answer = there.ask(QUESTION)
    assert (answer.content, CAPTAIN in answer.seen) == ("", True)
