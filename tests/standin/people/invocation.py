"""One use of a command or component, and the answers that the person sees."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from tests.standin.model.models import Interaction, Message
from tests.standin.people.client import shown_name
from tests.standin.rules.rules import JSON


class Stage(Protocol):
    """What an invocation needs of the stand-in."""

    def wait_until(self, condition: Callable[[], Any], timeout: float, what: str) -> Any:
        """Wait for a condition."""

    def submit(self, source: Interaction, modal: JSON, values: Mapping[str, Any]) -> Invocation:
        """Send a modal that an interaction opened."""


class Invocation:
    """A slash command, menu, press, autocomplete or modal, and the bot's answers to it."""

    def __init__(self, stage: Stage, interaction: Interaction) -> None:
        self.interaction = interaction
        self._stage = stage

    @property
    def acknowledged_after(self) -> float | None:
        """Seconds from the event to the first response, None before it."""
        return self.interaction.acknowledged_after

    @property
    def response(self) -> Message | None:
        """The message that answers, None while there is none or it shows "thinking..."."""
        return self.interaction.response

    @property
    def followups(self) -> list[Message]:
        """Further messages, oldest first."""
        return self.interaction.followups

    def wait_for_acknowledgement(self, timeout: float = 5) -> float:
        """Wait for the first response and return the seconds it took."""
        what = "the first response to an interaction"
        self._stage.wait_until(lambda: self.acknowledged_after is not None, timeout, what)
        return self.acknowledged_after or 0.0

    def wait_for_response(self, timeout: float = 10) -> Message:
        """Wait for the message that answers; for a press it may be the edited message."""
        what = "the answer to an interaction"
        message: Message = self._stage.wait_until(lambda: self.response, timeout, what)
        return message

    def wait_for_choices(self, timeout: float = 5) -> list[tuple[str, Any]]:
        """Wait for the choices of an autocomplete, as (name in their language, value)."""
        self.wait_for_acknowledgement(timeout)
        choices, locale = self.interaction.choices or [], self.interaction.locale
        return [(shown_name(item, locale), item["value"]) for item in choices]

    def wait_for_modal(self, timeout: float = 5) -> JSON:
        """Wait for the modal that the bot opens."""
        modal: JSON = self._stage.wait_until(lambda: self.interaction.modal, timeout, "a modal")
        return modal

    def submit(self, **values: Any) -> Invocation:
        """Fill in the modal by custom_id or label and send it; lists for select menus."""
        return self._stage.submit(self.interaction, self.wait_for_modal(), values)
