"""Methods with which people talk, edit, delete, react, use commands and press buttons."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from tests.standin.model.mentions import CODE, EVERYONE, mentioned_roles, mentioned_users
from tests.standin.model.models import Attachment, Channel, Interaction, Kind, Message, User
from tests.standin.model.permissions import send_permission
from tests.standin.people import client
from tests.standin.people.components import button_id, component_data, menu_id, modal_data
from tests.standin.people.invocation import Invocation
from tests.standin.people.scenery import Scenery
from tests.standin.rest.attachments import add_attachment, attachment_json
from tests.standin.rest.messages import react
from tests.standin.rules.rules import BUTTON, JSON


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
        files: Iterable[Attachment] = (),
    ) -> Message:
        """Post a message; mentions of users, roles and @everyone are read from the content.

        With `omit_reply` the clients are told only the id of the message replied to.
        LookupError if the author may not post here.
        """
        if channel.kind is Kind.FORUM:
            raise ValueError("a forum takes posts: use open_post")
        if not webhook:
            client.require(channel, author, "VIEW_CHANNEL", send_permission(channel))
        return self._say(
            channel,
            author,
            content,
            reply_to,
            ping=ping_reply,
            omit_reply=omit_reply,
            webhook=webhook,
            files=files,
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
        files: Iterable[Attachment] = (),
    ) -> Message:
        message = Message(number or self.world.new_id(), channel, author, content)
        message.attachments = [attachment_json(self.world, file) for file in files]
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

    def bulk_delete(self, messages: list[Message]) -> None:
        """Let a moderator or another bot delete several messages of a channel at once."""
        self._do(self.world.remove_together, messages)

    def react(self, message: Message, user: User, emoji: str) -> None:
        """Add a reaction."""
        self._do(react, self.world, message, user, emoji)

    def attachment(
        self,
        name: str,
        content: bytes,
        *,
        content_type: str | None = None,
        size: int | None = None,
    ) -> Attachment:
        """Upload a file for an option, a form or a message; `size` is what Discord says of it."""
        return self._do(add_attachment, self.world, name, content, content_type, size)

    def offered(self, channel: Channel, user: User, *, as_user_install: bool = False) -> list[str]:
        """Return the names of the commands a person is offered here, in their language."""
        found = client.offered(self.world, channel, user, as_user_install=as_user_install)
        return [client.shown_name(command, user.locale) for command in found]

    def slash(
        self,
        channel: Channel,
        user: User,
        command: str,
        /,
        *,
        locale: str | None = None,
        as_user_install: bool = False,
        **options: Any,
    ) -> Invocation:
        """Use a slash command; subcommands follow the name after spaces.

        With `as_user_install` the user alone has installed the app, whatever the guild has.
        """
        data = client.slash_data(
            self.world, channel, user, command, options, as_user_install=as_user_install
        )
        return self._interact(2, user, channel, data, locale, as_user_install=as_user_install)

    def autocomplete(
        self,
        channel: Channel,
        user: User,
        command: str,
        /,
        *,
        focused: str,
        locale: str | None = None,
        as_user_install: bool = False,
        **options: Any,
    ) -> Invocation:
        """Type into the option `focused` of a slash command."""
        data = client.slash_data(
            self.world,
            channel,
            user,
            command,
            options,
            focused=focused,
            as_user_install=as_user_install,
        )
        return self._interact(4, user, channel, data, locale, as_user_install=as_user_install)

    def context_menu(
        self,
        message: Message,
        user: User,
        name: str,
        *,
        locale: str | None = None,
        as_user_install: bool = False,
    ) -> Invocation:
        """Use a command of a message's context menu."""
        self._require_seen(message, user)
        data = client.menu_data(self.world, message, user, name, as_user_install=as_user_install)
        channel = message.channel
        return self._interact(2, user, channel, data, locale, as_user_install=as_user_install)

    def button(self, message: Message, label: str) -> str:
        """Return the custom_id of the button with this label or emoji, or both as shown."""
        return button_id(message, label)

    def menu(self, message: Message, placeholder: str | None = None) -> str:
        """Return the custom_id of the select menu with this placeholder, or of the only one."""
        return menu_id(message, placeholder)

    def press(
        self,
        message: Message,
        custom_id: str,
        user: User,
        *,
        values: list[Any] | None = None,
        locale: str | None = None,
        is_replaced: bool = False,
    ) -> Invocation:
        """Press a button, or pick `values` from a select menu: strings, users, roles, channels.

        A button that `is_replaced` is one that an edit took away just before the press.
        """
        self._require_seen(message, user)
        if is_replaced:
            data: JSON = {"custom_id": custom_id, "component_type": BUTTON}
        else:
            data = component_data(self.world, message, custom_id, values)
        source = message.interaction
        more = {"as_user_install": source is not None and source.as_user_install}
        return self._interact(3, user, message.channel, data, locale, message=message, **more)

    def submit(self, source: Interaction, modal: JSON, values: Mapping[str, Any]) -> Invocation:
        """Send a modal that `source` opened, filled in by the same person."""
        data = modal_data(self.world, source.channel, modal, values)
        more = {"message": source.message, "as_user_install": source.as_user_install}
        return self._interact(5, source.user, source.channel, data, source.locale, **more)

    @staticmethod
    def _require_seen(message: Message, user: User) -> None:
        """Raise LookupError if a person does not see a message."""
        client.require(message.channel, user, "VIEW_CHANNEL")
        if message.deleted or not message.is_visible_to(user):
            raise LookupError(f"{user.name} does not see the message {message.seen!r}")

    def _interact(
        self,
        kind: int,
        user: User,
        channel: Channel,
        data: JSON,
        locale: str | None,
        **more: Any,
    ) -> Invocation:
        token, now = secrets.token_urlsafe(24), self.clock.now()
        number = self.world.new_id()
        interaction = Interaction(number, token, kind, user, channel, data, now, **more)
        interaction.locale = locale or user.locale
        self.world.interactions[token] = interaction
        self._do(self.world.publish, "INTERACTION_CREATE", interaction)
        return Invocation(self, interaction)
