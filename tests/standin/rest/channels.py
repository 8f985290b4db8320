"""REST handlers for channels, threads and users, and their routes with those of messages."""

from __future__ import annotations

from typing import Any

from tests.standin.model import payloads
from tests.standin.model.mentions import pings
from tests.standin.model.models import Channel, Kind
from tests.standin.model.world import World
from tests.standin.rest import messages
from tests.standin.rest.messages import (
    build_message,
    check_awake,
    check_sendable,
    find_channel,
    find_message,
)
from tests.standin.rest.transport import Call, Route
from tests.standin.rules.rules import JSON, length

ARCHIVE_MINUTES = {60, 1440, 4320, 10080}


def type_in(world: World, call: Call) -> Any:
    """POST /channels/{channel}/typing."""
    channel = find_channel(world, call.id("channel"))
    check_sendable(world, channel)
    channel.typings += 1


def thread_from_message(world: World, call: Call) -> Any:
    """POST /channels/{channel}/messages/{message}/threads: the thread takes the message's id."""
    message = find_message(world, call, "CREATE_PUBLIC_THREADS")
    if message.id in world.channels:
        world.judge.refuse(400, 160004, "A thread has already been created for this message")
    thread = _new_thread(world, message.channel, call.json, message.id)
    return payloads.channel_json(world.add(thread), world.bot)


def create_thread(world: World, call: Call) -> Any:
    """POST /channels/{channel}/threads: a thread without a message, or a forum post."""
    parent = find_channel(world, call.id("channel"))
    if parent.kind is not Kind.FORUM:
        find_channel(world, parent.id, "CREATE_PUBLIC_THREADS")
        thread = world.add(_new_thread(world, parent, call.json, world.new_id()))
        return payloads.channel_json(thread, world.bot)
    find_channel(world, parent.id, "SEND_MESSAGES")
    thread = _new_thread(world, parent, call.json, world.new_id())
    body = call.json.get("message", {})
    starter = build_message(world, thread, body, call.files)
    starter.id = thread.id
    world.judge.note_pings(pings(body))
    world.add(thread)
    world.post(starter)
    message = payloads.message_json(starter)
    return payloads.channel_json(thread, world.bot) | {"message": message}


def _new_thread(world: World, parent: Channel, body: JSON, number: int) -> Channel:
    name = body.get("name") or ""
    minutes = body.get("auto_archive_duration") or 1440
    problems = [] if 1 <= length(name) <= 100 else ["thread name has not 1 to 100 characters"]
    if minutes not in ARCHIVE_MINUTES:
        problems.append(f"auto_archive_duration {minutes} is not one of {sorted(ARCHIVE_MINUTES)}")
    if parent.kind not in (Kind.TEXT, Kind.NEWS, Kind.FORUM):
        problems.append("threads are made in text and news channels and in forums only")
    world.judge.require(problems)
    thread = Channel(number, Kind.THREAD, name, parent.guild, parent, world.bot)
    thread.archive_minutes = minutes
    return thread


def get_channel(world: World, call: Call) -> Any:
    """GET /channels/{channel}."""
    return payloads.channel_json(find_channel(world, call.id("channel")), world.bot)


def edit_channel(world: World, call: Call) -> Any:
    """PATCH /channels/{channel}: of a thread its name, and whether it is archived or locked."""
    channel = find_channel(world, call.id("channel"))
    if channel.kind is not Kind.THREAD:
        find_channel(world, channel.id, "MANAGE_CHANNELS")
    elif channel.owner is not world.bot:
        find_channel(world, channel.id, "MANAGE_THREADS")
    for name in ("name", "archived", "locked"):
        setattr(channel, name, call.json.get(name, getattr(channel, name)))
    channel.active_at = world.clock.now()
    world.publish("THREAD_UPDATE" if channel.kind is Kind.THREAD else "CHANNEL_UPDATE", channel)
    return payloads.channel_json(channel, world.bot)


def join_thread(world: World, call: Call) -> Any:
    """PUT or DELETE /channels/{channel}/thread-members/@me."""
    check_awake(world, find_channel(world, call.id("channel")))


def open_dm(world: World, call: Call) -> Any:
    """POST /users/@me/channels."""
    user = world.users.get(int(call.json["recipient_id"]))
    if user is None or user.bot:
        world.judge.refuse(400, 50033, "Invalid Recipient(s)")
    return payloads.channel_json(world.dm_with(user), world.bot)


def get_member(world: World, call: Call) -> Any:
    """GET /guilds/{guild}/members/{user}."""
    guild = world.guilds.get(call.id("guild"))
    user = world.users.get(call.id("user"))
    if guild is None:
        world.judge.refuse(404, 10004, "Unknown Guild")
    if user not in guild.members:
        world.judge.refuse(404, 10007, "Unknown Member")
    return payloads.member_json(guild, user) | {"user": payloads.user_json(user)}


def get_user(world: World, call: Call) -> Any:
    """GET /users/{user}."""
    user = world.users.get(call.id("user"))
    if user is None:
        world.judge.refuse(404, 10013, "Unknown User")
    return payloads.user_json(user)


def get_me(world: World, _: Call) -> Any:
    """GET /users/@me."""
    return payloads.user_json(world.bot)


def get_application(world: World, _: Call) -> Any:
    """GET /applications/@me, also by its older name under /oauth2."""
    return payloads.application_json(world)


def get_gateway(world: World, call: Call) -> Any:
    """GET /gateway and /gateway/bot."""
    limit = {"total": 1000, "remaining": world.identifies_left}
    limit["max_concurrency"] = world.max_concurrency
    data: JSON = {"url": world.websocket_url}
    if call.path.endswith("/bot"):
        data |= {"shards": world.shards, "session_start_limit": limit | {"reset_after": 86_400_000}}
    return data


MESSAGES = "/channels/{channel}/messages"
MESSAGE = MESSAGES + "/{message}"
ROUTES: list[Route] = [
    ("GET", "/users/@me", get_me),
    ("GET", "/oauth2/applications/@me", get_application),
    ("GET", "/applications/@me", get_application),
    ("GET", "/gateway", get_gateway),
    ("GET", "/gateway/bot", get_gateway),
    ("POST", "/users/@me/channels", open_dm),
    ("GET", "/users/{user}", get_user),
    ("GET", "/guilds/{guild}/members/{user}", get_member),
    ("GET", "/channels/{channel}", get_channel),
    ("PATCH", "/channels/{channel}", edit_channel),
    ("POST", "/channels/{channel}/typing", type_in),
    ("POST", "/channels/{channel}/threads", create_thread),
    ("PUT", "/channels/{channel}/thread-members/@me", join_thread),
    ("DELETE", "/channels/{channel}/thread-members/@me", join_thread),
    ("GET", MESSAGES, messages.list_messages),
    ("POST", MESSAGES, messages.create_message),
    ("POST", MESSAGES + "/bulk-delete", messages.bulk_delete),
    ("GET", MESSAGE, messages.get_message),
    ("PATCH", MESSAGE, messages.edit_message),
    ("DELETE", MESSAGE, messages.delete_message),
    ("POST", MESSAGE + "/threads", thread_from_message),
    ("PUT", MESSAGE + "/reactions/{emoji}/@me", messages.add_reaction),
    ("DELETE", MESSAGE + "/reactions/{emoji}/@me", messages.remove_reaction),
]
