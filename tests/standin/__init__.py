"""A stand-in for Discord on loopback, which reports every rule of Discord that the bot breaks.

    with DiscordStandIn(token="t") as discord:
        guild = discord.add_guild("Readers")
        channel = discord.add_channel(guild, "general")
        alice = discord.add_user("alice", guild)
        ...  # start the bot with DISCORD_TOKEN=t and DISCORD_API_BASE=discord.api_base
        discord.wait_ready()
        question = discord.say(channel, alice, f"{discord.mention} who is Ada?")
        answer = discord.wait_for_answer(question)
        assert "Ada" in answer.seen

A broken rule is answered as Discord answers it and listed in `discord.violations`; leaving the
`with` block raises AssertionError unless that list is empty (`discord.forgive("50013")` removes
what a test provokes). Guilds, channels, users and messages may be added before or after the bot
connects.

- Scenery: `add_guild`, `remove_guild`, `invite_bot`, `set_locale`, `add_channel`,
  `remove_channel`, `deny` (the bot), `overwrite` (a role, a user, or everyone by the guild),
  `open_dm`, `open_group`, `start_thread`, `archive`, `lock`; `add_guild(with_bot=False)` is a
  guild without the bot, `guild.system_channel` its channel for system messages.
- Members: `add_user`, `join`, `leave`, `add_role`, `set_permissions`, `remove_role`, `set_roles`,
  `grant_command`, `owner`, `set_team`.
- People: `say`, `open_post`, `edit`, `delete`, `bulk_delete`, `react`, `attachment`, `offered`;
  `slash`, `autocomplete`, `context_menu`, `press` return an `Invocation` with
  `wait_for_response`, `submit` and others. They take `locale=` (else the user's) and, but for
  `press`, `as_user_install=True`. `button` and `menu` find custom_ids by what is shown; what a
  person cannot see, reach or send raises LookupError.
- To read: `wait_ready`, `wait_for_commands`, `wait_disconnected`, `messages`, `answers`,
  `wait_for_answer`, `expect_silence`, `wait_until`; of a message
  `seen` is the text a person reads, `parse(message.content)` its styles and active constructs,
  `files` the bytes by name.
- To break: `fail_next` (also for paths of attachments; `rest/failures.py` lists its modes),
  `drop_gateway`, `reconnect_op7`, `invalidate_session`, `lose_session`, `revoke_content_intent`,
  `reset_token`, `replay` (a message or an invocation), `send_event` (any data), `advance`
  (Discord's clock), `expect_restart` before the test restarts the bot;
  `discord.gateway.withheld` names what is never sent (HELLO, READY, RESUMED, servers by their id
  after READY), `.refusals` the codes with which the next sessions are closed. `wire.Wire` is a
  proxy that drops or resets TCP.
- Records: `violations`, `pings`, `requests`, `identifies`, `resumes`, `commands`,
  `registrations`, `gateway_closed_by_client`; less often `gateway.heartbeats`,
  `gateway.presence`.

`DiscordStandIn(shards=2)` recommends shards and deals guilds out to them in turn
(`add_guild(shard=1)` chooses); `max_concurrency` is how many may IDENTIFY within 5 s.
Set `alice.dm_open = False` to close a user's DMs, `discord.gateway.answers_heartbeats = False` to
play a dead connection, `discord.pings_allowed = True` where the bot may ping.

Layout; a part imports only parts above it:

- `rules/`: Discord's limits, and the judge that records every broken rule.
- `model/`: the state, its permissions, mentions and markdown, and the JSON that describes it.
- `rest/` and `gateway/`: what the bot talks to. Neither imports the other.
- `server.py`: both on one port, in a thread, with waiting and the final check.
- `people/`: classes on top of the server, for users, guilds, and what people do.
- `facade.py`: `DiscordStandIn`, the last of these classes, with waiting for answers and failures.
- `wire.py`: the proxy.

It is written from Discord's documentation: it proves what the bot does, not what Discord does.
"""

from tests.standin.facade import DiscordStandIn
from tests.standin.model.markdown import Active, Rendered, Span, parse, visible_text
from tests.standin.model.models import Attachment, Channel, Guild, Message, Role, User
from tests.standin.people.invocation import Invocation

__all__ = [
    "Active",
    "Attachment",
    "Channel",
    "DiscordStandIn",
    "Guild",
    "Invocation",
    "Message",
    "Rendered",
    "Role",
    "Span",
    "User",
    "parse",
    "visible_text",
]
