"""REST handlers for answers to interactions."""

from __future__ import annotations

from typing import Any

from tests.standin.model import payloads
from tests.standin.model.mentions import pings
from tests.standin.model.models import EPHEMERAL, LOADING, Interaction, Message
from tests.standin.model.permissions import permissions
from tests.standin.model.world import World
from tests.standin.rest.messages import build_message, check_body, revise
from tests.standin.rest.transport import Call, Route
from tests.standin.rules.command_rules import choice_problems
from tests.standin.rules.component_rules import modal_problems
from tests.standin.rules.rules import JSON

FIRST_RESPONSE_S = 3
TOKEN_S = 15 * 60
USER_INSTALL_FOLLOWUPS = 5
MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
# Which first responses each type of interaction takes: command, component, autocomplete, modal.
CALLBACKS = {
    2: {MESSAGE, DEFER, MODAL},
    3: {MESSAGE, DEFER, DEFER_UPDATE, UPDATE, MODAL},
    4: {CHOICES},
    5: {MESSAGE, DEFER, DEFER_UPDATE, UPDATE},
}


def callback(world: World, call: Call) -> Any:
    """POST /interactions/{interaction}/{token}/callback: the first response."""
    interaction = world.interactions.get(call.where["token"])
    waited = world.clock.now() - interaction.created_at if interaction else 0
    if interaction is None or interaction.id != call.id("interaction"):
        world.judge.refuse(404, 10062, "Unknown interaction")
    if interaction.acknowledged_at is not None:
        world.judge.refuse(400, 40060, "Interaction has already been acknowledged")
    if waited > FIRST_RESPONSE_S:
        world.judge.refuse(404, 10062, f"Unknown interaction: first response after {waited:.1f} s")
    _check_channel(world, interaction)
    kind, data = call.json.get("type"), call.json.get("data") or {}
    if kind not in CALLBACKS[interaction.type]:
        world.judge.refuse(400, 50035, f"callback type {kind} to interaction {interaction.type}")
    _respond(world, interaction, kind, data, call.files)
    interaction.acknowledged_at = world.clock.now()
    interaction.callback_type = kind
    wants_answer = call.query.get("with_response") in ("1", "true")
    return _callback_json(interaction, kind) if wants_answer else None


def _check_channel(world: World, interaction: Interaction) -> None:
    if interaction.channel.id not in world.channels:
        world.judge.refuse(404, 10003, "Unknown Channel: it was deleted")


def _respond(
    world: World, interaction: Interaction, kind: int, data: JSON, files: dict[str, bytes]
) -> None:
    if kind == MESSAGE:
        interaction.original = _new_message(world, interaction, data, files)
    elif kind == DEFER:
        flags = LOADING | (data.get("flags", 0) | _forced_flags(interaction)) & EPHEMERAL
        message = Message(world.new_id(), interaction.channel, world.bot, flags=flags)
        message.interaction = interaction
        interaction.original = world.post(message)
    elif kind in (DEFER_UPDATE, UPDATE):
        pressed = interaction.original = interaction.message
        if kind == UPDATE and pressed is not None and pressed.deleted:
            world.judge.refuse(404, 10008, f"Unknown Message {pressed.id}")
        if kind == UPDATE and pressed is not None:
            revise(world, pressed, data, files)
    elif kind == CHOICES:
        world.judge.require(list(choice_problems(data.get("choices", []))))
        interaction.choices = data.get("choices", [])
    else:
        world.judge.require(list(modal_problems(data)))
        interaction.modal = data
    if kind in (MESSAGE, UPDATE):
        interaction.response = interaction.original


def _new_message(
    world: World, interaction: Interaction, body: JSON, files: dict[str, bytes]
) -> Message:
    flags = body.get("flags", 0) | _forced_flags(interaction)
    message = build_message(world, interaction.channel, body | {"flags": flags}, files)
    message.interaction = interaction
    world.judge.note_pings(pings(body, in_interaction=True))
    return world.post(message)


def _forced_flags(interaction: Interaction) -> int:
    """Hide answers from others where an app only its user installed may not speak to all."""
    channel = interaction.channel
    may = permissions(channel, interaction.user)
    silenced = interaction.as_user_install and channel.guild and "USE_EXTERNAL_APPS" not in may
    return EPHEMERAL if silenced else 0


def _callback_json(interaction: Interaction, kind: int) -> JSON:
    about: JSON = {"id": str(interaction.id), "type": interaction.type}
    resource: JSON = {"type": kind}
    message = interaction.original
    if message is not None:
        about["response_message_id"] = str(message.id)
        about["response_message_loading"] = message.loading
        about["response_message_ephemeral"] = message.ephemeral
    if message is not None and kind in (MESSAGE, UPDATE):
        resource["message"] = payloads.message_json(message)
    return {"interaction": about, "resource": resource}


def _live(world: World, call: Call) -> Interaction:
    """Return the interaction whose token a webhook call uses, if it can still be used."""
    interaction = world.interactions.get(call.where["token"])
    if interaction is None or call.id("application") != world.application_id:
        world.judge.refuse(404, 10015, "Unknown Webhook")
    _check_channel(world, interaction)
    if interaction.acknowledged_at is None:
        world.judge.refuse(404, 10015, "Unknown Webhook: the interaction is not acknowledged yet")
    if world.clock.now() - interaction.created_at > TOKEN_S:
        world.judge.refuse(401, 50027, "Invalid Webhook Token: older than 15 minutes")
    return interaction


def _answer_of(world: World, call: Call) -> tuple[Interaction, Message]:
    interaction = _live(world, call)
    if call.where["message"] == "@original":
        message = interaction.original
    else:
        ours = [interaction.original, *interaction.followups]
        number = call.id("message")
        message = next((item for item in ours if item is not None and item.id == number), None)
    if message is None or message.deleted:
        world.judge.refuse(404, 10008, f"Unknown Message {call.where['message']}")
    return interaction, message


def follow_up(world: World, call: Call) -> Any:
    """POST /webhooks/{application}/{token}."""
    interaction, body = _live(world, call), call.json or {}
    if interaction.original is not None and interaction.original.loading:
        world.judge.record("a deferred answer was filled by a followup, not by PATCH @original")
        message = _fill_deferred(world, interaction.original, body, call.files)
    else:
        if interaction.as_user_install and len(interaction.followups) >= USER_INSTALL_FOLLOWUPS:
            world.judge.refuse(400, 40094, "more than 5 follow-ups by an app only a user installed")
        message = _new_message(world, interaction, body, call.files)
        interaction.followups.append(message)
    interaction.response = interaction.response or message
    return payloads.message_json(message)


def get_answer(world: World, call: Call) -> Any:
    """GET /webhooks/{application}/{token}/messages/{message}."""
    return payloads.message_json(_answer_of(world, call)[1])


def edit_answer(world: World, call: Call) -> Any:
    """PATCH /webhooks/{application}/{token}/messages/{message}."""
    interaction, message = _answer_of(world, call)
    body = call.json or {}
    if body.get("flags", 0) & EPHEMERAL and not message.ephemeral:
        world.judge.record("an edit cannot make a message ephemeral: that is fixed at the defer")
    if message.loading:
        _fill_deferred(world, message, body, call.files)
    else:
        revise(world, message, body, call.files)
    interaction.response = interaction.response or message
    interaction.answered_at = interaction.answered_at or world.clock.now()
    return payloads.message_json(message)


def _fill_deferred(world: World, message: Message, body: JSON, files: dict[str, bytes]) -> Message:
    check_body(world, body)
    message.flags &= ~LOADING
    try:
        revise(world, message, body, files)
    except Exception:
        message.flags |= LOADING
        raise
    message.edits.clear()
    message.edited_at = None
    return message


def delete_answer(world: World, call: Call) -> Any:
    """DELETE /webhooks/{application}/{token}/messages/{message}."""
    world.remove(_answer_of(world, call)[1])


ANSWER = "/webhooks/{application}/{token}/messages/{message}"
ROUTES: list[Route] = [
    ("POST", "/interactions/{interaction}/{token}/callback", callback),
    ("POST", "/webhooks/{application}/{token}", follow_up),
    ("GET", ANSWER, get_answer),
    ("PATCH", ANSWER, edit_answer),
    ("DELETE", ANSWER, delete_answer),
]
