"""The real `pullquote discord` process, unmodified discord.py, real sockets."""

import logging
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest

from bot.operations.logs.setup import OneLineFilter
from index import build_index
from tests.standin import DiscordStandIn, parse
from tests.support.bot_process import BotProcess
from tests.support.data.harbour import HARBOUR

CAPTAIN = "The harbour was dug in 1802 by Captain Ada Finch. It took four years."

HOSTILE = """\
# Notice

@everyone and @here, <@{alice}> and <@&{role}> and <#{channel}> met the wizard.

A ```code fence``` and ``two`` and `one` held the dragon: ||spoiler|| **bold** ~~gone~~.

The [giant](https://evil.example/login) lives at https://evil.example/a_b_c and <https://evil.example>.
"""


@pytest.fixture
def discord():
    """A running stand-in with a server, a channel and a member."""
    with DiscordStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def scene(discord):
    """One server with one channel, and two people in it."""
    guild = discord.add_guild("Lowmere")
    return SimpleNamespace(
        guild=guild,
        channel=discord.add_channel(guild, "harbour"),
        alice=discord.add_user("alice", guild),
        bob=discord.add_user("bob", guild),
    )


@pytest.fixture
def bot(discord, scene, harbour_corpus, tmp_path):  # noqa: ARG001  # people come first
    """The bot, ready, over the harbour corpus."""
    with BotProcess(discord, harbour_corpus, tmp_path / "data") as process:
        discord.wait_ready()
        yield process


def ask(discord, scene, text, **options):
    """Let Alice mention the bot with a question and return its answer."""
    return discord.wait_for_answer(
        discord.say(scene.channel, scene.alice, f"{discord.mention} {text}", **options)
    )


@pytest.mark.usefixtures("bot")
def test_mention_is_answered_with_the_paragraph_its_sentence_in_bold_and_its_place(discord, scene):
    """A mention gets the paragraph word for word, the answering sentence bold, and the source."""
    answer = ask(discord, scene, "who dug the harbour?")
    shown = parse(answer.markdown)
    assert CAPTAIN in shown.text
    assert shown.runs("bold")[0] == "The harbour was dug in 1802 by Captain Ada Finch."
    assert "The harbour of Lowmere" in shown.text
    assert "harbour.txt, paragraph 1" in shown.text
    assert discord.pings == []


@pytest.mark.usefixtures("bot")
def test_direct_message_is_answered(discord, scene):
    """A direct message needs no mention."""
    dm = discord.open_dm(scene.alice)
    answer = discord.wait_for_answer(discord.say(dm, scene.alice, "when did the storm come?"))
    assert "A storm in 1887 sank nine boats." in answer.seen


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("ping", [True, False])
def test_reply_to_an_answer_continues_its_conversation(discord, scene, ping):
    """A reply, with or without a ping, is understood from the question before it."""
    first = ask(discord, scene, "what about the lighthouse and its keepers?")
    reply = discord.say(scene.channel, scene.bob, "how often?", reply_to=first, ping_reply=ping)
    assert "The lighthouse burned twice." in discord.wait_for_answer(reply).seen


@pytest.mark.usefixtures("bot")
def test_second_mention_by_the_same_person_is_a_follow_up_and_anothers_is_not(discord, scene):
    """The channel's last exchange belongs to the person who had it."""
    ask(discord, scene, "tell me about the lighthouse")
    by_bob = discord.say(scene.channel, scene.bob, f"{discord.mention} and why?")
    assert "nothing about that" in discord.wait_for_answer(by_bob).seen
    assert "lighthouse" in ask(discord, scene, "and why?").seen


@pytest.mark.usefixtures("bot")
def test_slash_command_is_deferred_and_answered_in_place(discord, scene):
    """`/ask` is acknowledged within Discord's 3 s and shows the question with its answer."""
    discord.wait_for_commands("ask")
    invocation = discord.slash(scene.channel, scene.alice, "ask", question="who dug the *harbour*?")
    seen = invocation.wait_for_response().seen
    assert CAPTAIN in seen
    assert "who dug the *harbour*?" in seen
    assert invocation.acknowledged_after < 3


@pytest.mark.usefixtures("bot")
def test_what_does_not_address_the_bot_gets_no_answer(discord, scene):
    """Talk, @everyone, role mentions, bots, webhooks, replies to others: no answer."""
    role = discord.add_role(scene.guild, "keepers")
    robot = discord.add_user("robot", scene.guild, bot=True)
    talk = "who dug the harbour?"
    first = discord.say(scene.channel, scene.alice, talk)
    discord.say(scene.channel, scene.alice, f"@everyone {talk}")
    discord.say(scene.channel, scene.alice, f"<@&{role.id}> {talk}")
    discord.say(scene.channel, robot, f"{discord.mention} {talk}")
    discord.say(scene.channel, scene.alice, f"{discord.mention} {talk}", webhook=True)
    discord.say(scene.channel, scene.bob, talk, reply_to=first)
    ask(discord, scene, "when did the storm come?")  # answered last, so all others were passed over
    posted = [m for m in discord.messages(scene.channel) if m.author is discord.bot]
    assert len(posted) == 1


@pytest.mark.usefixtures("bot")
def test_same_message_twice_is_answered_once(discord, scene):
    """A message that the gateway delivers again is not answered again."""
    question = discord.say(scene.channel, scene.alice, f"{discord.mention} who dug the harbour?")
    discord.wait_for_answer(question)
    discord.replay(question)
    ask(discord, scene, "when did the storm come?")
    assert len(discord.answers(question)) == 1


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("how do I bake sourdough?", "nothing about that"),
        ("hello!", "ask me something"),
        ("", "no question"),
        ("?!", "no question"),
    ],
)
def test_where_there_is_nothing_to_quote_the_bot_says_so(discord, scene, text, said):
    """Nothing found, small talk and an empty question are each answered in a plain line."""
    assert said in ask(discord, scene, text).seen


@pytest.mark.usefixtures("bot")
def test_over_long_question_is_answered(discord, scene):
    """The longest message that Discord lets through gets an answer within the limits."""
    answer = ask(discord, scene, "who dug the harbour? " + "please " * 560)
    assert CAPTAIN in answer.seen


def test_hostile_text_is_quoted_word_for_word_and_nothing_in_it_is_active(discord, scene, tmp_path):
    """Mentions, fences, spoilers and links of a text show as typed and do nothing."""
    role = discord.add_role(scene.guild, "keepers")
    text = HOSTILE.format(alice=scene.alice.id, role=role.id, channel=scene.channel.id)
    corpus = tmp_path / "hostile"
    corpus.mkdir()
    (corpus / "hostile.txt").write_text(text, encoding="utf-8")
    with BotProcess(discord, corpus, tmp_path / "data"):
        discord.wait_ready()
        for word, paragraph in zip(
            ("wizard", "dragon", "giant"), text.split("\n\n")[1:], strict=True
        ):
            shown = parse(ask(discord, scene, f"where is the {word}?").markdown)
            assert paragraph.strip() in shown.text
            assert shown.kinds == {"subtext"}  # the citation
    assert discord.pings == []


def test_very_long_paragraph_is_cut_at_sentence_ends_around_the_answer(discord, scene, tmp_path):
    """A paragraph beyond Discord's limit shows whole sentences with the answering one in bold."""
    filler = "The tide *came* in and the tide went out_again. " * 120
    corpus = tmp_path / "long"
    corpus.mkdir()
    (corpus / "long.txt").write_text(f"{filler}A whale was seen. {filler}", encoding="utf-8")
    with BotProcess(discord, corpus, tmp_path / "data"):
        discord.wait_ready()
        answer = ask(discord, scene, "who saw the whale?")
    shown = parse(answer.markdown)
    assert shown.runs("bold")[0] == "A whale was seen."
    assert len(answer.markdown) <= 4000
    quoted = shown.text.split("\n")[0].strip("\u2026 ")
    assert quoted in f"{filler}A whale was seen. {filler}"
    assert quoted.endswith(".")


@pytest.mark.usefixtures("bot")
def test_dropped_connection_is_resumed_and_the_missed_question_answered(discord, scene):
    """A question asked while the gateway was gone is answered after the resume."""
    ask(discord, scene, "who dug the harbour?")
    discord.drop_gateway()
    assert "1887" in ask(discord, scene, "when did the storm come?").seen
    assert discord.resumes == 1
    assert discord.identifies == 1


@pytest.mark.usefixtures("bot")
def test_lost_session_is_opened_anew(discord, scene):
    """After an invalid session the bot identifies again and answers."""
    discord.invalidate_session(resumable=False)
    discord.wait_until(lambda: discord.identifies == 2, 15, "a second IDENTIFY")
    assert "1887" in ask(discord, scene, "when did the storm come?").seen


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("failure", [{"status": 429, "retry_after": 0.3}, {"status": 500}])
def test_failed_send_is_tried_again(discord, scene, failure):
    """A rate limit and a server error delay the answer; it comes once."""
    discord.fail_next("POST", "/channels/{channel}/messages", **failure)
    question = discord.say(scene.channel, scene.alice, f"{discord.mention} who dug the harbour?")
    assert CAPTAIN in discord.wait_for_answer(question).seen
    ask(discord, scene, "when did the storm come?")
    assert len(discord.answers(question)) == 1


def test_channel_without_send_permission_is_survived_and_logged(discord, scene, bot):
    """Where the bot may not speak it logs one warning and goes on."""
    discord.deny(scene.channel, "SEND_MESSAGES")
    discord.forgive("50013")
    discord.say(scene.channel, scene.alice, f"{discord.mention} who dug the harbour?")
    bot.wait_for_log("Discord refused the answer")
    dm = discord.open_dm(scene.alice)
    assert (
        "1887"
        in discord.wait_for_answer(discord.say(dm, scene.alice, "when did the storm come?")).seen
    )
    assert "Traceback" not in bot.log


@pytest.mark.usefixtures("bot")
def test_without_history_permission_the_answer_comes_without_a_reference(discord, scene):
    """Where replies are not allowed the answer is a plain message."""
    discord.deny(scene.channel, "READ_MESSAGE_HISTORY")
    discord.forgive("160002")
    question = discord.say(scene.channel, scene.alice, f"{discord.mention} who dug the harbour?")
    posted = discord.wait_until(
        lambda: [
            m for m in discord.messages(scene.channel, after=question) if m.author is discord.bot
        ],
        10,
        "a plain message",
    )
    assert CAPTAIN in posted[0].seen


@pytest.mark.usefixtures("bot")
def test_question_deleted_before_the_answer_is_not_answered(discord, scene):
    """Whoever takes a question back while it is answered gets no answer, or sees it deleted."""
    discord.fail_next("POST", "/channels/{channel}/messages", status=429, retry_after=0.5)
    question = discord.say(scene.channel, scene.alice, f"{discord.mention} who dug the harbour?")
    discord.delete(question)
    ask(discord, scene, "when did the storm come?")
    discord.wait_until(lambda: not discord.answers(question), 10, "no answer")


def test_running_bot_answers_from_a_rebuilt_index(discord, scene, bot, harbour_corpus, tmp_path):
    """A text added and rebuilt while the bot runs is quoted without a restart."""
    assert "nothing about that" in ask(discord, scene, "what does the ferryman charge?").seen
    (harbour_corpus / "ferry.txt").write_text("The ferryman charges two pence.", encoding="utf-8")
    build_index(harbour_corpus, tmp_path / "data" / "index")
    # Whoever asks while it is taken over is answered from the one before.
    ask(discord, scene, "what does the ferryman charge?")
    bot.wait_for_log("Took over the index")
    assert "two pence" in ask(discord, scene, "what does the ferryman charge?").seen


def test_damaged_index_does_not_stop_a_running_bot(discord, scene, bot, tmp_path):
    """The last good index keeps serving when the files are damaged under the running bot."""
    ask(discord, scene, "who dug the harbour?")
    (tmp_path / "data" / "index" / "manifest.json").write_text("{")
    assert CAPTAIN in ask(discord, scene, "who dug the harbour?").seen
    assert "Keeping the index that is open" in bot.log


def test_without_the_message_content_intent_mentions_dms_and_slash_work(
    scene_without_intent, harbour_corpus, tmp_path
):
    """The bot says what it cannot read and answers all that addresses it."""
    discord, scene = scene_without_intent
    with BotProcess(discord, harbour_corpus, tmp_path / "data") as bot:
        discord.wait_ready()
        discord.wait_for_commands("ask")
        first = ask(discord, scene, "who dug the harbour?")
        assert CAPTAIN in first.seen
        dm = discord.open_dm(scene.alice)
        assert (
            "1887"
            in discord.wait_for_answer(
                discord.say(dm, scene.alice, "when did the storm come?")
            ).seen
        )
        slash = discord.slash(scene.channel, scene.alice, "ask", question="who dug the harbour?")
        assert CAPTAIN in slash.wait_for_response().seen
        pinged = discord.say(scene.channel, scene.alice, "how many years?", reply_to=first)
        assert CAPTAIN in discord.wait_for_answer(pinged).seen
        silent = discord.say(
            scene.channel, scene.alice, "how many years?", reply_to=first, ping_reply=False
        )
        assert "can't read that message" in discord.wait_for_answer(silent).seen
        assert "Message Content Intent is off" in bot.log


@pytest.fixture
def scene_without_intent():
    """A stand-in whose application has no message-content intent, and its people."""
    with DiscordStandIn(message_content_intent="refused") as stand_in:
        guild = stand_in.add_guild("Lowmere")
        channel = stand_in.add_channel(guild, "harbour")
        yield stand_in, SimpleNamespace(channel=channel, alice=stand_in.add_user("alice", guild))


def test_refused_intent_ends_with_one_line_and_code_4(harbour_corpus, tmp_path):
    """A gateway that refuses an intent is not asked again."""
    with (
        DiscordStandIn(message_content_intent="revoked") as discord,
        BotProcess(discord, harbour_corpus, tmp_path / "data", LOG_LEVEL="ERROR") as bot,
    ):
        assert bot.wait() == 4
    assert bot.log.splitlines()[-1].startswith("pullquote: Discord refused an intent")
    assert "Traceback" not in bot.log
    assert discord.identifies == 1


def test_wrong_token_ends_with_one_line_and_code_3(discord, harbour_corpus, tmp_path):
    """A token that Discord rejects is tried once and never shown."""
    discord.forgive("401")
    wrong = {"DISCORD_TOKEN": "not.the.token", "LOG_LEVEL": "ERROR"}
    with BotProcess(discord, harbour_corpus, tmp_path / "data", **wrong) as bot:
        assert bot.wait() == 3
    assert bot.log.splitlines()[-1].startswith("pullquote: DISCORD_TOKEN: Discord rejected")
    assert "Traceback" not in bot.log
    assert "not.the.token" not in bot.log
    assert len(discord.requests) == 1


def test_unreachable_discord_ends_with_one_line_and_code_1(discord, harbour_corpus, tmp_path):
    """A network without Discord is said in one line."""
    nowhere = {"DISCORD_API_BASE": "http://127.0.0.1:9/api/v10", "LOG_LEVEL": "ERROR"}
    with BotProcess(discord, harbour_corpus, tmp_path / "data", **nowhere) as bot:
        assert bot.wait() == 1
    assert bot.log.splitlines()[-1].startswith("pullquote: Discord cannot be reached")
    assert "Traceback" not in bot.log


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_signal_closes_the_gateway_and_exits_0(discord, bot, by):
    """SIGTERM and SIGINT end the session cleanly, so the bot goes offline at once."""
    bot.wait_for_log("Ready as")  # a socket closed over unread events is reset, and the code lost
    assert bot.stop(by) == 0
    assert discord.gateway_closed_by_client == 1000
    assert "Traceback" not in bot.log


def test_start_logs_no_warning(bot):
    """What discord.py says about libraries for voice is nothing to the owner."""
    bot.wait_for_log("Ready as")
    assert "WARNING" not in bot.log


def test_log_holds_neither_the_token_nor_a_question(discord, scene, bot):
    """At the default level the log tells of answers without telling what was asked."""
    ask(discord, scene, "who dug the harbour, by the way of Zanzibar?")
    bot.wait_for_log("Answered with")
    assert discord.token not in bot.log
    assert "Zanzibar" not in bot.log


def test_resume_falls_back_to_the_named_gateway(discord, scene, harbour_corpus, tmp_path):
    """When nothing answers at the address for resuming, the one that the API names is used."""
    discord.world.resume_url = "ws://127.0.0.1:9/"
    with BotProcess(discord, harbour_corpus, tmp_path / "data"):
        discord.wait_ready()
        ask(discord, scene, "who dug the harbour?")
        discord.drop_gateway()
        assert "1887" in ask(discord, scene, "when did the storm come?").seen
    assert discord.resumes == 1


# What goes wrong between the start and the first connection


@contextmanager
def _web_server(status, body, content_type):
    """Run a web server that answers every request alike; yield its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api/v10"
    finally:
        server.shutdown()
        server.server_close()


def _last_line(bot):
    """Return the last line of the log, which is short, and check that no traceback is in it."""
    assert "Traceback" not in bot.log
    last = bot.log.splitlines()[-1]
    assert len(last) <= 320
    return last


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize(
    "failure",
    [{"mode": "hang"}, {"status": 429, "retry_after": 30}, {"status": 500}],
    ids=["hang", "429", "500"],
)
@pytest.mark.parametrize("path", ["/users/@me", "/commands", "/gateway/bot"])
def test_signal_during_login_exits_0(discord, harbour_corpus, tmp_path, path, failure, by):
    """A bot that waits for Discord at any step of its login stops when asked to."""
    method = "PUT" if path == "/commands" else "GET"
    discord.fail_next(method, path, times=100, **failure)
    with BotProcess(discord, harbour_corpus, tmp_path / "data") as bot:
        discord.wait_until(
            lambda: any(path in request.path for request in discord.requests), 20, path
        )
        assert bot.stop(by) == 0
    assert "Traceback" not in bot.log


@pytest.mark.parametrize(
    ("path", "failure"),
    [
        ("/users/@me", {"mode": "reset"}),
        ("/applications/@me", {"status": 503}),
        ("/gateway/bot", {"mode": "reset"}),
    ],
)
def test_request_that_is_lost_during_the_login_is_repeated(
    discord, harbour_corpus, tmp_path, path, failure
):
    """One failure at any step of the login does not end the bot."""
    discord.fail_next("GET", path, **failure)
    with BotProcess(discord, harbour_corpus, tmp_path / "data") as bot:
        discord.wait_ready()
        bot.wait_for_log("Ready as")
        assert "WARNING" not in bot.log
        assert bot.stop() == 0


def test_gateway_that_refuses_the_first_connection_ends_with_one_line(
    discord, harbour_corpus, tmp_path
):
    """The first connection is tried a few times; then one line says that nothing answers."""
    discord.world.websocket_url = "ws://127.0.0.1:9/"
    with BotProcess(discord, harbour_corpus, tmp_path / "data", LOG_LEVEL="ERROR") as bot:
        assert bot.wait(30) == 1
    assert _last_line(bot).startswith("pullquote: Discord cannot be reached")
    asked = [request for request in discord.requests if request.path == "/gateway/bot"]
    assert len(asked) == 4  # for the shards, then for each of three tries
    assert len([request for request in discord.requests if request.path == "/users/@me"]) == 2


def test_missing_gateway_address_ends_with_one_line(discord, harbour_corpus, tmp_path):
    """A server that names no gateway is said to be the wrong one."""
    discord.fail_next("GET", "/gateway", status=404, times=100)
    with BotProcess(discord, harbour_corpus, tmp_path / "data", LOG_LEVEL="ERROR") as bot:
        assert bot.wait(30) == 1
    assert "DISCORD_API_BASE" in _last_line(bot)
    assert discord.identifies == 0


def test_gateway_that_comes_back_is_connected_to(discord, harbour_corpus, tmp_path, scene):
    """A gateway that is missing at first is asked for again."""
    # For the shards, then two addresses for each of two tries.
    discord.fail_next("GET", "/gateway", status=404, times=5)
    with BotProcess(discord, harbour_corpus, tmp_path / "data") as bot:
        discord.wait_ready()
        assert CAPTAIN in ask(discord, scene, "who dug the harbour?").seen
        assert "Traceback" not in bot.log


@pytest.mark.parametrize(
    ("status", "body", "content_type", "said"),
    [
        (200, b"<html>Welcome</html>", "text/html", "DISCORD_API_BASE"),
        (200, b"{}", "application/json", "DISCORD_API_BASE"),
        (200, b"[]", "application/json", "DISCORD_API_BASE"),
        (200, b"{", "application/json", "DISCORD_API_BASE"),
        (404, b"<html>" + b"Nothing here. " * 200, "text/html", "404"),
    ],
    ids=["html", "object", "list", "broken", "404"],
)
def test_server_that_is_not_discord_ends_with_one_line(
    discord, harbour_corpus, tmp_path, status, body, content_type, said
):
    """What answers otherwise than Discord's API does is named in one line with the setting."""
    with (
        _web_server(status, body, content_type) as address,
        BotProcess(discord, harbour_corpus, tmp_path / "data", DISCORD_API_BASE=address) as bot,
    ):
        assert bot.wait() == 1
    assert said in _last_line(bot)
    assert "check DISCORD_API_BASE" in _last_line(bot)
    assert "Nothing here" not in bot.log


@pytest.mark.parametrize("token", ["abc def", "abc\ndef", "abc\tdef", "abc\x7fdef", "gr\u00fcn"])
def test_token_with_signs_that_no_token_has_ends_with_one_line_and_code_2(
    discord, harbour_corpus, tmp_path, token
):
    """A token that was copied badly is refused before anything is sent, and not shown."""
    with BotProcess(discord, harbour_corpus, tmp_path / "data", DISCORD_TOKEN=token) as bot:
        assert bot.wait() == 2
    assert _last_line(bot).startswith("pullquote: DISCORD_TOKEN: ")
    assert not any(part in bot.log for part in ("abc", "def", "gr\u00fcn"))
    assert discord.requests == []


# What is asked, and how often


@pytest.mark.usefixtures("bot")
def test_command_that_is_gone_says_so(discord, scene):
    """A command of an older version gets a private line instead of no response."""
    discord.wait_for_commands("ask")
    gone = {"id": "1", "name": "quote", "type": 1, "options": []}
    discord.world.commands[None][1] = gone
    response = discord.slash(scene.channel, scene.alice, "quote").wait_for_response()
    assert "does not exist any more" in response.seen
    assert response.ephemeral


@pytest.mark.usefixtures("bot")
def test_command_whose_options_changed_gets_an_apology(discord, scene):
    """A command used with the options of an older version gets a private apology."""
    discord.wait_for_commands("ask")
    (command,) = [command for command in discord.commands if command["name"] == "ask"]
    command["options"] = []
    response = discord.slash(scene.channel, scene.alice, "ask").wait_for_response()
    assert "Sorry" in response.seen
    assert response.ephemeral


@pytest.mark.usefixtures("bot")
def test_reply_whose_original_discord_left_out_is_a_reply_to_the_bot(discord, scene):
    """The id of an answer that the bot remembers is enough; another message's is not."""
    first = ask(discord, scene, "what about the lighthouse and its keepers?")
    talk = discord.say(scene.channel, scene.alice, "who dug the harbour?")
    for original, question in ((talk, "how often?"), (first, "how many times?")):
        reply = discord.say(
            scene.channel,
            scene.bob,
            question,
            reply_to=original,
            ping_reply=False,
            omit_reply=True,
        )
    assert "The lighthouse burned twice." in discord.wait_for_answer(reply).seen
    assert len(discord.messages(scene.channel)) == 6


@pytest.mark.usefixtures("bot")
def test_two_quick_questions_of_one_person_are_two_turns(discord, scene):
    """The second waits for the first and is understood from it."""
    for _ in range(3):
        discord.say(scene.channel, scene.alice, f"{discord.mention} what of the lighthouse?")
        second = discord.say(scene.channel, scene.alice, f"{discord.mention} and why?")
        assert "lighthouse" in discord.wait_for_answer(second).seen
        ask(discord, scene, "new topic: when did the storm come?")


@pytest.mark.usefixtures("bot")
def test_fifty_questions_at_once_are_all_answered(discord, scene):
    """A burst from many people in many channels is worked off."""
    discord.forgive("more than 50 requests in one second")
    questions = []
    for number in range(50):
        person = discord.add_user(f"person{number}", scene.guild)
        channel = discord.add_channel(scene.guild, f"channel{number % 5}")
        text = f"{discord.mention} who dug the harbour?"
        questions.append(discord.say(channel, person, text))
    for question in questions:
        assert CAPTAIN in discord.wait_for_answer(question, timeout=30).seen


@pytest.mark.usefixtures("bot")
def test_names_are_read_and_other_markup_is_not(discord, scene):
    """Of links, emoji and times nothing is searched; a mentioned person's name is."""
    finch = discord.add_user("Finch", scene.guild)
    noise = "<:storm:1> <a:herring:2> <t:1700000000:R> https://a.example/choir <#3> </choir:4>"
    assert "nothing about that" in ask(discord, scene, f"what is {noise}").seen
    assert CAPTAIN in ask(discord, scene, f"new topic: {noise} what did {finch.mention} do?").seen


@pytest.mark.usefixtures("bot")
def test_plain_answers_show_no_previews(discord, scene):
    """Plain text is sent with embeds suppressed."""
    assert ask(discord, scene, "hello!").flags & 1 << 2


@pytest.mark.usefixtures("bot")
def test_answer_that_cannot_be_sent_is_survived(discord, scene, bot):
    """A connection that breaks while an answer is sent costs a line in the log, not the bot."""
    discord.fail_next("POST", "/channels/{channel}/messages", mode="reset", times=3)
    discord.say(scene.channel, scene.alice, f"{discord.mention} who dug the harbour?")
    bot.wait_for_log("could not be sent")
    assert "1887" in ask(discord, scene, "when did the storm come?").seen
    assert "Traceback" not in bot.log


def test_reconnect_is_one_line_in_the_log(discord, scene, harbour_corpus, tmp_path):
    """A lost gateway that stays away for a while leaves no traceback."""
    discord.world.resume_url = "ws://127.0.0.1:9/"
    with BotProcess(discord, harbour_corpus, tmp_path / "data") as bot:
        discord.wait_ready()
        ask(discord, scene, "who dug the harbour?")
        discord.fail_next("GET", "/gateway", status=503, times=6)  # both addresses, three times
        discord.drop_gateway()
        bot.wait_for_log("Attempting a reconnect")
        assert "1887" in ask(discord, scene, "when did the storm come?").seen
    assert "GatewayNotFound" in bot.log
    assert "Traceback" not in bot.log


def test_exception_of_the_library_is_one_line():
    """The filter keeps type and text of an exception and leaves other loggers alone."""
    error = ConnectionResetError("gone\n" + "x" * 500)
    lines = []
    for name in ("discord.client", "bot.discord_app.questions.message_cog"):
        cause = (ConnectionResetError, error, None)
        record = logging.LogRecord(name, logging.ERROR, "", 1, "Again in %.1fs", (2.0,), cause)
        assert OneLineFilter("discord.client").filter(record)
        lines.append(logging.Formatter().format(record))
    assert lines[0].startswith("Again in 2.0s (ConnectionResetError: gone xxx")
    assert "\n" not in lines[0]
    assert len(lines[0]) < 300
    assert lines[1].startswith("Again in 2.0s\n")


def test_pool_of_connections_writes_no_traceback(tmp_path):
    """What SQLAlchemy says of a connection that was given up on in the middle is one line."""
    code = f"""
from bot.database.connection.url import DatabaseAddress
from bot.database.connection.engines import make_engine
from bot.operations.logs.setup import set_up_logging
set_up_logging("INFO")
engine = make_engine(DatabaseAddress.parse("sqlite:///{tmp_path}/a.db"))
try:
    raise TimeoutError("too late")
except TimeoutError:
    engine.pool.logger.error("Exception during reset or similar", exc_info=True)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    (said,) = done.stderr.splitlines()
    assert said.endswith("Exception during reset or similar (TimeoutError: too late)")


def test_harbour_text_is_what_the_tests_quote():
    """The sentence that these tests look for stands in the corpus."""
    assert CAPTAIN in HARBOUR
