'''Buttons and menus that work for as long as their message does, also after a restart.

Discord sends back only an item's custom id, so the id holds all that the item needs. Each item is a
class in its feature, and a dataclass defines what its id holds:

    @dataclass(frozen=True, slots=True)
    class Entry:
        lesson_id: int
        page: int

    class RemoveButton(PersistentButton["TaughtCog", Entry], prefix="pq:forget", state=Entry):
        """Removes a taught question."""

        async def press(self, interaction: discord.Interaction, cog: "TaughtCog") -> None:
            entry = self.state
            ...

`RemoveButton.make(Entry(3, 0), "Remove")` is a button with the id `pq:forget:3:0`. The cog, a
`FeatureCog`, has the class among its `items`, which registers it. Ids must not change: buttons on
old messages keep theirs.
'''

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, Generic, Self, TypeVar, cast, get_args

import discord
from discord import ui

from bot.discord_app.context.feature_cog import FeatureCog, cog_with
from bot.discord_app.messages.component_errors import component_errors

CogT = TypeVar("CogT", bound=FeatureCog)
StateT = TypeVar("StateT")

# The template of base classes.
_MATCHES_NOTHING = re.compile("(?!)")

# Ids of Discord and numbers of rows have 64 bits.
_MAX_NUMBER = 2**63 - 1

_PATTERNS = {int: "[0-9]{1,20}", str: "[A-Za-z0-9_-]{1,20}"}


@dataclass(frozen=True, slots=True)
class NoState:
    """The state of an item whose id is only its prefix."""


class PersistentItem(
    ui.DynamicItem[ui.Item[Any]], Generic[CogT, StateT], template=_MATCHES_NOTHING
):
    """Base class of the persistent items.

    Class arguments:
        prefix: How the ids of a class begin; empty for a base class.
        state: The dataclass of what follows in the ids, after colons. Its fields are `int` (from
            0, of 64 bits), `str` (at most 20 letters, digits, hyphens and underscores) or
            `Literal`s of such words.
    """

    _prefix: str
    _state_class: type[Any]
    _template: re.Pattern[str]

    def __init_subclass__(cls, *, prefix: str = "", state: type[Any] = NoState) -> None:
        """Make the template of the ids."""
        template = _template(prefix, state) if prefix else _MATCHES_NOTHING
        super().__init_subclass__(template=template)
        cls._prefix, cls._state_class, cls._template = prefix, state, template

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Return the item of a custom id."""
        del interaction, match
        return cls(item)

    @classmethod
    def has_id(cls, custom_id: str) -> bool:
        """Return whether a custom id is one of this class."""
        return cls._template.fullmatch(custom_id) is not None

    @classmethod
    def id_of(cls, state: StateT) -> str:
        """Return the custom id of an item with a state."""
        values = (str(getattr(state, name)) for name, _ in _parts(cls._state_class))
        return ":".join((cls._prefix, *values))

    @property
    def state(self) -> StateT:
        """The state that the custom id holds.

        Raises:
            ValueError: The bot has not made this id.
        """
        match = self._template.fullmatch(self.custom_id)
        if match is None:
            raise ValueError(self.custom_id)
        kinds = _parts(self._state_class)
        values = {
            name: parse_number(match[name]) if kind is int else match[name] for name, kind in kinds
        }
        return cast(StateT, self._state_class(**values))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Do what the item is for, or tell the person why not."""
        cog = cast(CogT, cog_with(interaction.client, type(self)))
        async with component_errors(interaction, cog.runtime):
            await self.press(interaction, cog)

    async def press(self, interaction: discord.Interaction, cog: CogT) -> None:
        """Do what the item is for.

        Args:
            interaction: The press or choice, which is still to be answered.
            cog: The cog that the item belongs to.

        Raises:
            ValueError: The bot has not made this id. The caller tells the person about this error,
                and about errors of Discord, of the database and of the index.
        """
        raise NotImplementedError


class PersistentButton(PersistentItem[CogT, StateT]):
    """Base class of persistent buttons."""

    @classmethod
    def make(
        cls,
        state: StateT,
        label: str | None = None,
        *,
        emoji: str | None = None,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    ) -> Self:
        """Return a button to put below a message."""
        return cls(ui.Button(style=style, label=label, emoji=emoji, custom_id=cls.id_of(state)))


def _parts(state: type[Any]) -> Iterator[tuple[str, Any]]:
    """Yield the names and types of the fields in an id, in order."""
    return ((field.name, field.type) for field in fields(state))


def _template(prefix: str, state: type[Any]) -> re.Pattern[str]:
    parts = (
        f":(?P<{name}>{_PATTERNS.get(kind) or '|'.join(get_args(kind))})"
        for name, kind in _parts(state)
    )
    return re.compile(re.escape(prefix) + "".join(parts))


def parse_number(part: str) -> int:
    """Return the number that a part of an id holds.

    Raises:
        ValueError: The part is not a number of 64 bits.
    """
    number = int(part)
    if not 0 <= number <= _MAX_NUMBER:
        raise ValueError(part)
    return number
