"""A stand-in for Discord on loopback, and a strict judge of the bot that talks to it.

    with DiscordStandIn(token="t") as discord:
        guild = discord.add_guild("Readers")
        channel = discord.add_channel(guild, "general")
        alice = discord.add_user("alice", guild)
        ...  # start the bot with DISCORD_TOKEN=t and DISCORD_API_BASE=discord.api_base
        discord.wait_ready()
        question = discord.say(channel, alice, f"{discord.mention} who is Ada?")
        answer = discord.wait_for_answer(question)
        assert "Ada" in answer.seen

Every rule of Discord that the bot breaks is answered as Discord answers it and listed in
`discord.violations`; leaving the `with` block raises AssertionError unless that list is empty
(`discord.forgive("50013")` excuses what a test provokes). Guilds, channels, users and messages
may be added before or after the bot connects.

- Scenery: `add_guild`, `remove_guild`, `add_channel`, `remove_channel`, `deny`, `add_role`,
  `add_user`, `open_dm`, `start_thread`, `archive`.
- People: `say`, `open_post`, `edit`, `delete`, `react`; `slash`, `autocomplete`, `context_menu`,
  `press` return an `Invocation` with `wait_for_response` and others.
- To see: `wait_ready`, `wait_for_commands`, `wait_disconnected`, `messages`, `answers`,
  `wait_for_answer`, `expect_silence`, `wait_until`; of a message
  `seen` is the text a person reads, `parse(message.content)` its styles and active constructs.
- To break: `fail_next`, `drop_gateway`, `reconnect_op7`, `invalidate_session`, `replay`,
  `advance` (Discord's clock), `expect_restart` before the test restarts the bot.
- Records: `violations`, `pings`, `requests`, `identifies`, `resumes`, `commands`,
  `gateway_closed_by_client`; less often `gateway.heartbeats`, `gateway.presence`.

Set `alice.dm_open = False` to close a user's DMs, `discord.gateway.answers_heartbeats = False` to
play a dead connection, `discord.pings_allowed = True` where the bot may ping.

It is written from Discord's documentation: it proves what the bot does, not what Discord does.
"""

from .facade import DiscordStandIn
from .invocation import Invocation
from .markdown import Active, Rendered, Span, parse, visible_text
from .models import Attachment, Channel, Guild, Message, Role, User

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
