"""What people do: talk, edit, delete, react, use commands and press buttons."""

from __future__ import annotations

import secrets
from typing import Any

from . import client
from .invocation import Invocation
from .mentions import CODE, EVERYONE, mentioned_roles, mentioned_users
from .messages import react
from .models import JSON, Channel, Interaction, Kind, Message, User
from .scenery import Scenery


class People(Scenery):
    """A world with people who act in it."""

    def say(
        self,
        channel: Channel,
        author: User,
        content: str,
        *,
        reply_to: Message | None = None,
        ping_reply: bool = True,
        omit_reply: bool = False,
        webhook: bool = False,
    ) -> Message:
        """Post a message; mentions of users, roles and @everyone are read from the content.

        With `omit_reply` the clients are told only the id of the message replied to.
        """
        if channel.kind is Kind.FORUM:
            raise ValueError("a forum takes posts: use open_post")
        return self._say(
            channel,
            author,
            content,
            reply_to,
            ping=ping_reply,
            omit_reply=omit_reply,
            webhook=webhook,
        )

    def _say(
        self,
        channel: Channel,
        author: User,
        content: str,
        reply_to: Message | None = None,
        *,
        ping: bool = True,
        omit_reply: bool = False,
        webhook: bool = False,
        number: int | None = None,
    ) -> Message:
        message = Message(number or self.world.new_id(), channel, author, content)
        if webhook:
            message.webhook_id = self.world.new_id()
            message.author = User(message.webhook_id, author.name, bot=True)
        if reply_to is not None:
            message.replied_to = reply_to
            message.omits_reply = omit_reply
            message.reference = {"type": 0, "message_id": str(reply_to.id)}
            message.reference["channel_id"] = str(reply_to.channel.id)
            if channel.guild is not None:
                message.reference["guild_id"] = str(channel.guild.id)
        self._read_mentions(message, ping_reply=ping)
        return self._do(self.world.post, message)

    def _read_mentions(self, message: Message, *, ping_reply: bool) -> None:
        message.mentions = mentioned_users(self.world, message.content)
        message.mention_roles = mentioned_roles(message.channel.guild, message.content)
        message.mention_everyone = bool(EVERYONE.search(CODE.sub("", message.content)))
        replied = message.replied_to.author if message.replied_to else None
        if replied is not None and ping_reply and replied not in message.mentions:
            message.mentions.append(replied)

    def open_post(self, forum: Channel, user: User, title: str, content: str) -> Message:
        """Let a user open a forum post; return its first message, in the new thread."""
        thread = self.start_thread(forum, user, title)
        return self._say(thread, user, content, number=thread.id)

    def edit(self, message: Message, content: str) -> None:
        """Let the author edit a message."""
        ping = message.replied_to is not None and message.replied_to.author in message.mentions
        changed = Message(message.id, message.channel, message.author, content)
        changed.replied_to = message.replied_to
        self._read_mentions(changed, ping_reply=ping)
        names = ("content", "mentions", "mention_roles", "mention_everyone")
        changes = {name: getattr(changed, name) for name in names}
        self._do(self.world.revise, message, **changes)

    def delete(self, message: Message) -> None:
        """Let the author or a moderator delete a message."""
        self._do(self.world.remove, message)

    def react(self, message: Message, user: User, emoji: str) -> None:
        """Add a reaction."""
        self._do(react, self.world, message, user, emoji)

    def slash(
        self, channel: Channel, user: User, command: str, *, locale: str = "en-US", **options: Any
    ) -> Invocation:
        """Use a slash command; subcommands follow the name after spaces."""
        data = client.slash_data(self.world, channel, command, options)
        return self._interact(2, user, channel, data, locale=locale)

    def autocomplete(
        self, channel: Channel, user: User, command: str, *, focused: str, **options: Any
    ) -> Invocation:
        """Type into the option `focused` of a slash command."""
        data = client.slash_data(self.world, channel, command, options, focused)
        return self._interact(4, user, channel, data)

    def context_menu(self, message: Message, user: User, name: str) -> Invocation:
        """Use a command of a message's context menu."""
        data = client.menu_data(self.world, message, name)
        return self._interact(2, user, message.channel, data)

    def press(
        self, message: Message, custom_id: str, user: User, *, values: list[str] | None = None
    ) -> Invocation:
        """Press a button, or pick `values` from a select menu."""
        data = client.component_data(message, custom_id, values)
        return self._interact(3, user, message.channel, data, message=message)

    def interact(self, kind: int, source: Interaction, data: JSON) -> Invocation:
        """Start another interaction by the person of `source`, in the same place."""
        return self._interact(kind, source.user, source.channel, data, message=source.message)

    def _interact(
        self, kind: int, user: User, channel: Channel, data: JSON, **more: Any
    ) -> Invocation:
        token, now = secrets.token_urlsafe(24), self.clock.now()
        number = self.world.new_id()
        interaction = Interaction(number, token, kind, user, channel, data, now, **more)
        self.world.interactions[token] = interaction
        self._do(self.world.publish, "INTERACTION_CREATE", interaction)
        return Invocation(self, interaction)
