"""Collect what a digest shows: nothing that its readers could not have read where it was asked."""

import asyncio
from dataclasses import dataclass, replace

import discord

from bot.answering import asked_in, makes_sense_alone, quote_of
from bot.database import Span, UnansweredGroup
from bot.discord_app.context.origin import Origin, is_public
from bot.discord_app.context.runtime import Runtime
from bot.discord_app.context.visible_channels import VisibleChannels
from bot.discord_app.questions.search import QuestionSearch
from bot.rendering.wording import citation_of
from index import AnySearcher


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """Similar questions of a digest.

    Attributes:
        group: The questions.
        quoted: The citation of what the newest was answered with, which somebody disliked; None if
            nothing was found.
    """

    group: UnansweredGroup
    quoted: str | None = None


class DigestContent:
    """Collects the entries of digests."""

    def __init__(
        self, runtime: Runtime, search: QuestionSearch, visible_channels: VisibleChannels
    ) -> None:
        self._runtime = runtime
        self._search = search
        self._visible_channels = visible_channels

    async def collect(self, channel: discord.TextChannel, span: Span) -> list[DigestEntry]:
        """Return the entries of a server's digest, most asked first, then newest first.

        Private questions are left out, and so are those of channels that not all readers of the
        digest can read, and those that were answered from texts that may not be read in its
        channel.

        Args:
            channel: Where the digest is sent.
            span: When the questions were asked.

        Raises:
            DatabaseError: The database failed.
            PassageIndexError: The texts cannot be read.
        """
        unanswered, guild = self._runtime.database.unanswered, channel.guild
        asked_where = await unanswered.channels(guild.id, span)
        if not asked_where:
            return []
        seen = await self._visible_channels.open_to_readers(guild, channel, asked_where)
        groups = await unanswered.groups(guild.id, seen, is_listed=makes_sense_alone, span=span)
        origin = await self.origin(channel)
        searcher = await self._search.searcher(origin)
        return await asyncio.to_thread(_entries, groups, searcher, origin)

    async def origin(self, channel: discord.TextChannel) -> Origin:
        """Return the origin of a message that the bot posts in a channel by itself."""
        guild = channel.guild
        server = await self._runtime.settings_cache.server(guild.id)
        return Origin(
            guild.id,
            channel.id,
            private=not is_public(channel, guild),
            language=server.language or str(guild.preferred_locale),
            scope=await self._runtime.scope(guild.id, channel),
        )


def _entries(
    groups: list[UnansweredGroup], searcher: AnySearcher, origin: Origin
) -> list[DigestEntry]:
    readable = {text.source for text in searcher.sources()}
    return [
        DigestEntry(_without_output(group), _citation(group, searcher, origin))
        for group in sorted(groups, key=lambda group: -group.count)
        if group.sources <= readable
    ]


def _without_output(group: UnansweredGroup) -> UnansweredGroup:
    """Return a group with its questions only, without output of programs that was pasted."""
    return replace(group, questions=tuple(dict.fromkeys(map(asked_in, group.questions))))


def _citation(group: UnansweredGroup, searcher: AnySearcher, origin: Origin) -> str | None:
    """Return where the quote stands; of one that has changed, only the text."""
    if group.quoted is None:
        return None
    passage = searcher.passage_from(group.quoted)
    return group.quoted.source if passage is None else citation_of(quote_of(passage), origin.say)
