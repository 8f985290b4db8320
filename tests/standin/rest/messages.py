"""REST handlers for messages and reactions."""

from __future__ import annotations

from typing import Any

from tests.standin.model import payloads
from tests.standin.model.mentions import mention_problems, mentioned_roles, mentioned_users, pings
from tests.standin.model.models import Channel, Kind, Message, User
from tests.standin.model.permission_names import bits
from tests.standin.model.permissions import app_bits, bot_may, send_permission
from tests.standin.model.world import World
from tests.standin.rest.attachments import attached, shown_files
from tests.standin.rest.transport import Call
from tests.standin.rules.message_rules import message_problems
from tests.standin.rules.rules import JSON, V2_FLAG

PARTS = ("content", "embeds", "components", "attachments")
SUPPRESS_FLAGS = 1 << 2 | 1 << 12 | 1 << 15  # what a bot may set on a plain message


def find_channel(world: World, number: int, *needs: str) -> Channel:
    """Return a channel that the bot sees and in which it has the permissions it needs."""
    channel = world.channels.get(number)
    if channel is None:
        world.judge.refuse(404, 10003, f"Unknown Channel {number}")
    if not bot_may(channel, world.bot, "VIEW_CHANNEL"):
        world.judge.refuse(403, 50001, f"Missing Access to #{channel.name}")
    for name in needs:
        if not bot_may(channel, world.bot, name):
            world.judge.refuse(403, 50013, f"Missing Permissions in #{channel.name}: {name}")
    return channel


def find_message(world: World, call: Call, *needs: str) -> Message:
    """Return the message that a path names."""
    channel = find_channel(world, call.id("channel"), *needs)
    message = channel.messages.get(call.id("message"))
    if message is None or message.ephemeral:
        world.judge.refuse(404, 10008, f"Unknown Message {call.id('message')}")
    return message


def fetched(world: World, message: Message) -> JSON:
    """Return a message as a bot may read it over REST: without server and memberships."""
    data = payloads.message_event_json(message)
    if not world.content_granted:
        data = payloads.blanked(data, world.bot)
    mentions = [payloads.user_json(user) for user in message.mentions]
    only_in_events = ("guild_id", "member")
    return {name: data[name] for name in data if name not in only_in_events} | {
        "mentions": mentions
    }


def build_message(world: World, channel: Channel, body: JSON, files: dict[str, bytes]) -> Message:
    """Make a message of the bot from a body, refusing what breaks the limits."""
    check_body(world, body)
    flags = body.get("flags", 0)
    message = Message(world.new_id(), channel, world.bot, flags=flags, nonce=body.get("nonce"))
    fill(world, message, body, files)
    return message


def check_body(world: World, body: JSON) -> None:
    """Refuse a message body that breaks a limit."""
    world.judge.require(message_problems(body) + mention_problems(body.get("allowed_mentions")))


def fill(world: World, message: Message, body: JSON, files: dict[str, bytes]) -> None:
    """Take over the parts of a body that are there; refuse a message left empty."""
    changes = changed_parts(world, message, body, files)
    for name, value in changes.items():
        setattr(message, name, value)


def changed_parts(world: World, message: Message, body: JSON, files: dict[str, bytes]) -> JSON:
    """Return the fields that a body sets, as they will be on the message."""
    changes: JSON = {name: body[name] or [] for name in ("embeds", "components") if name in body}
    if "content" in body:
        content = (body["content"] or "").strip()
        changes |= {"content": content, "mentions": mentioned_users(world, content)}
        changes["mention_roles"] = mentioned_roles(message.channel.guild, content)
    if not app_bits(message.channel, world.bot) & bits({"EMBED_LINKS"}):
        changes["embeds"] = []
    if "attachments" in body or files:
        changes |= attached(world, message, body, files)
    after = {name: changes.get(name, getattr(message, name)) for name in PARTS}
    if not any(after.values()):
        world.judge.refuse(400, 50006, "Cannot send an empty message")
    changes["flags"] = _flags(world, message, body, after)
    _check_files_shown(world, after, changes["flags"])
    return changes


def _flags(world: World, message: Message, body: JSON, after: JSON) -> int:
    """Return the flags after a change; the flag of components v2 cannot be removed."""
    wanted = body.get("flags") or 0
    if message.flags & V2_FLAG and "flags" in body and not wanted & V2_FLAG:
        world.judge.refuse(400, 50035, "the flag of components v2 cannot be removed")
    flags = message.flags | wanted & V2_FLAG
    if flags & V2_FLAG and (after["content"] or after["embeds"]):
        world.judge.refuse(400, 50035, "content or embeds stay beside components v2")
    return flags


def _check_files_shown(world: World, after: JSON, flags: int) -> None:
    names = {item["filename"] for item in after["attachments"]}
    shown = shown_files(after["components"], after["embeds"])
    for name in sorted(shown - names):
        world.judge.refuse(400, 50035, f"attachment://{name} is not attached")
    for name in sorted(names - shown) if flags & V2_FLAG else []:
        world.judge.record(f"the file {name!r} is attached but no component shows it")


def create_message(world: World, call: Call) -> Any:
    """POST /channels/{channel}/messages."""
    channel = find_channel(world, call.id("channel"))
    check_sendable(world, channel)
    if call.files and not bot_may(channel, world.bot, "ATTACH_FILES"):
        world.judge.refuse(403, 50013, f"Missing Permissions in #{channel.name}: ATTACH_FILES")
    body = call.json or {}
    nonce = (channel.id, body.get("nonce"))
    if body.get("enforce_nonce") and nonce in world.nonces:
        return payloads.message_json(world.nonces[nonce])
    if body.get("flags", 0) & ~SUPPRESS_FLAGS:
        world.judge.refuse(400, 50035, "a plain message cannot set these flags")
    message = build_message(world, channel, body, call.files)
    _refer(world, message, body.get("message_reference"))
    replied_to = message.replied_to.author if message.replied_to else None
    world.judge.note_pings(pings(body, replied_to=replied_to))
    world.post(message)
    if body.get("enforce_nonce"):
        world.nonces[nonce] = message
    return payloads.message_json(message)


def check_sendable(world: World, channel: Channel) -> None:
    """Refuse a channel in which the bot cannot post now."""
    find_channel(world, channel.id, send_permission(channel))
    if channel.kind is Kind.FORUM:
        world.judge.refuse(400, 50008, "Cannot send messages in a non-text channel")
    if channel.kind is Kind.DM and channel.owner and not channel.owner.dm_open:
        world.judge.refuse(403, 50007, "Cannot send messages to this user")
    moderates = bot_may(channel, world.bot, "MANAGE_THREADS")
    if channel.locked and not moderates and channel.archived:
        world.judge.refuse(400, 50083, "Thread is archived")
    if channel.locked and not moderates:
        world.judge.refuse(400, 160005, "This thread is locked")
    if channel.archived:  # sending wakes a thread that no moderator locked
        world.set_archived(channel, False)


def _refer(world: World, message: Message, reference: JSON | None) -> None:
    if reference is None:
        return
    channel = message.channel
    if not bot_may(channel, world.bot, "READ_MESSAGE_HISTORY"):
        world.judge.refuse(400, 160002, "Cannot reply without permission to read message history")
    target = channel.messages.get(int(reference["message_id"]))
    if target is not None and not target.ephemeral:
        message.replied_to = target
        message.reference = {"type": 0, "message_id": str(target.id)}
        message.reference["channel_id"] = str(channel.id)
        if channel.guild is not None:
            message.reference["guild_id"] = str(channel.guild.id)
    elif reference.get("fail_if_not_exists", True):
        world.judge.refuse(400, 50035, "Invalid Form Body: message_reference: Unknown message")


def edit_message(world: World, call: Call) -> Any:
    """PATCH /channels/{channel}/messages/{message}."""
    message = find_message(world, call)
    if message.author is not world.bot:
        world.judge.refuse(403, 50005, "Cannot edit a message authored by another user")
    check_awake(world, message.channel)
    return payloads.message_json(revise(world, message, call.json or {}, call.files))


def revise(world: World, message: Message, body: JSON, files: dict[str, bytes]) -> Message:
    """Edit a message of the bot; also used for answers to interactions."""
    check_body(world, body | {"flags": body.get("flags", 0) | message.flags})
    changes = changed_parts(world, message, body, files)
    world.judge.note_pings(pings(body, in_interaction=message.interaction is not None))
    return world.revise(message, **changes)


def check_awake(world: World, channel: Channel) -> None:
    """Refuse an archived thread."""
    if channel.archived:
        world.judge.refuse(400, 50083, "Thread is archived")


def get_message(world: World, call: Call) -> Any:
    """GET /channels/{channel}/messages/{message}."""
    return fetched(world, find_message(world, call, "READ_MESSAGE_HISTORY"))


def list_messages(world: World, call: Call) -> Any:
    """GET /channels/{channel}/messages: newest first, with limit, before, after and around."""
    channel = find_channel(world, call.id("channel"))
    if not bot_may(channel, world.bot, "READ_MESSAGE_HISTORY"):
        return []
    limit = int(call.query.get("limit", 50))
    if not 1 <= limit <= 100:
        world.judge.refuse(400, 50035, f"Invalid Form Body: limit {limit} is not 1 to 100")
    found = [message for message in channel.messages.values() if not message.ephemeral]
    if "before" in call.query:
        found = [message for message in found if message.id < int(call.query["before"])]
    if "after" in call.query:
        found = [message for message in found if message.id > int(call.query["after"])][:limit]
    if "around" in call.query:
        middle = int(call.query["around"])
        found = sorted(found, key=lambda message: abs(message.id - middle))[:limit]
    found.sort(key=lambda message: message.id, reverse=True)
    return [fetched(world, message) for message in found[:limit]]


def delete_message(world: World, call: Call) -> Any:
    """DELETE /channels/{channel}/messages/{message}."""
    message = find_message(world, call)
    if message.author is not world.bot:
        find_channel(world, message.channel.id, "MANAGE_MESSAGES")
    world.remove(message)


def bulk_delete(world: World, call: Call) -> Any:
    """POST /channels/{channel}/messages/bulk-delete."""
    channel = find_channel(world, call.id("channel"), "MANAGE_MESSAGES")
    wanted = [int(number) for number in call.json["messages"]]
    if not 2 <= len(set(wanted)) <= 100:
        world.judge.refuse(400, 50016, "Provided too few or too many messages to delete, 2 to 100")
    world.remove_together([channel.messages[one] for one in wanted if one in channel.messages])


def add_reaction(world: World, call: Call) -> Any:
    """PUT .../reactions/{emoji}/@me."""
    message = find_message(world, call, "READ_MESSAGE_HISTORY")
    check_awake(world, message.channel)
    if call.where["emoji"] not in message.reactions:
        find_channel(world, message.channel.id, "ADD_REACTIONS")
    react(world, message, world.bot, call.where["emoji"])


def react(world: World, message: Message, user: User, emoji: str) -> None:
    """Add a reaction of anyone and tell the clients."""
    message.reactions.setdefault(emoji, set()).add(user.id)
    world.publish("MESSAGE_REACTION_ADD", (message, user, emoji))


def remove_reaction(world: World, call: Call) -> Any:
    """DELETE .../reactions/{emoji}/@me."""
    message = find_message(world, call)
    check_awake(world, message.channel)
    message.reactions.get(call.where["emoji"], set()).discard(world.bot.id)
    world.publish("MESSAGE_REACTION_REMOVE", (message, world.bot, call.where["emoji"]))
