"""The origin of a question: its server, its channel, its privacy, its texts and its language."""

from dataclasses import dataclass

import discord

from bot.indexing.scope import EVERYTHING, Scope
from bot.languages import Catalogue, for_locale


@dataclass(frozen=True, slots=True)
class Origin:
    """The channel of a question or command, and what the bot needs to know about it.

    Attributes:
        guild_id: The server whose own texts and settings are used; None in direct messages, and if
            a person uses the bot as a user app in a server that has not invited it.
        channel_id: The channel or thread.
        private: Whether other people must not see it, because not everybody can read the channel
            or the answer.
        language: The locale to answer in, as Discord names it.
        scope: The texts that may be read there.
    """

    guild_id: int | None
    channel_id: int
    private: bool
    language: str
    scope: Scope = EVERYTHING

    @property
    def queue_id(self) -> int:
        """The key of the fair queue: the server, or the channel outside of servers."""
        return self.channel_id if self.guild_id is None else self.guild_id

    @property
    def say(self) -> Catalogue:
        """The catalogue of the language."""
        return for_locale(self.language)


def of_message(message: discord.Message, language: str | None, scope: Scope) -> Origin:
    """Return where a message was posted.

    Args:
        message: What was posted.
        language: The server's choice; None for its locale.
        scope: The texts that may be read there.
    """
    guild = message.guild
    if guild is None:
        return Origin(None, message.channel.id, private=True, language=language or "en-US")
    locale = language or str(guild.preferred_locale)
    private = not is_public(message.channel, guild)
    return Origin(guild.id, message.channel.id, private=private, language=locale, scope=scope)


def of_interaction(
    interaction: discord.Interaction,
    language: str | None = None,
    scope: Scope = EVERYTHING,
    *,
    private: bool = False,
) -> Origin:
    """Return where a command or button was used.

    Args:
        interaction: What was used.
        language: The server's choice; None for the language of the person's own client.
        scope: The texts that may be read there.
        private: Whether only the person who used it sees the answer.
    """
    guild_id = installed_guild_id(interaction)
    guild = interaction.guild
    public = guild_id is not None and guild is not None and is_public(interaction.channel, guild)
    return Origin(
        guild_id,
        interaction.channel_id or 0,
        private=private or not public,
        language=language or str(interaction.locale),
        scope=scope,
    )


def installed_guild_id(interaction: discord.Interaction) -> int | None:
    """Return the server of an interaction if the bot was invited there, else None.

    A person who installed the bot as a user app may use it in any server, but must not read the
    texts and settings of a server that has not invited it.
    """
    return interaction.guild_id if interaction.is_guild_integration() else None


def settings_channel_id(channel: object) -> int:
    """Return the id of the channel whose settings are used: for a thread, that of its parent.

    Returns 0 for an object that is not a channel.
    """
    if isinstance(channel, discord.Thread):
        return channel.parent_id
    return channel.id if isinstance(channel, discord.abc.Snowflake) else 0


def category_id(channel: object) -> int | None:
    """Return the id of the category of a channel, or of a thread's channel; None without one."""
    if isinstance(channel, discord.Thread):
        channel = channel.parent
    return channel.category_id if isinstance(channel, discord.abc.GuildChannel) else None


def is_public(channel: object, guild: discord.Guild) -> bool:
    """Return whether everybody in a server can read a channel; False if that is not known."""
    if isinstance(channel, discord.Thread):
        if channel.is_private() or channel.parent is None:
            return False
        channel = channel.parent
    if not isinstance(channel, discord.abc.GuildChannel):
        return False
    return channel.permissions_for(guild.default_role).view_channel
