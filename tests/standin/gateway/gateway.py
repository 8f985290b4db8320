"""Handles what clients send to the gateway, and sends each session its events."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Callable
from typing import Any, ClassVar

from aiohttp import WSCloseCode, WSMsgType, web

from tests.standin.gateway import events
from tests.standin.gateway.sessions import CONTENT, Session, Socket, packer_for
from tests.standin.model import payloads
from tests.standin.model.models import Channel, Guild, Interaction, Message
from tests.standin.model.permissions import bot_may
from tests.standin.model.world import World
from tests.standin.rules.rules import JSON

HEARTBEAT, IDENTIFY, PRESENCE, RESUME = 1, 2, 3, 6
RECONNECT, REQUEST_MEMBERS, INVALID_SESSION, HELLO, ACK = 7, 8, 9, 10, 11
GUILDS, MEMBERS, PRESENCES = 1 << 0, 1 << 1, 1 << 8
# Which intent an event needs in a guild, and which in a DM.
INTENTS = {
    "MESSAGE": (1 << 9, 1 << 12),
    "MESSAGE_REACTION": (1 << 10, 1 << 13),
    "GUILD_MEMBER": (MEMBERS, 0),
    "GUILD": (GUILDS, 0),
    "CHANNEL": (GUILDS, 0),
    "THREAD": (GUILDS, 0),
}
# Which closes end a session: those of a client that leaves, and those that Discord says end it.
ENDS_OF_CLIENTS = {1000, 1001}
ENDS_OF_DISCORD = {4003, 4004, 4007, 4009, 4010, 4011, 4012, 4013, 4014}
PAYLOAD_BYTES = 4096
SENDS_PER_MINUTE = 120


class Gateway:
    """Accepts websockets and sends every session the events of its intents and shard."""

    def __init__(
        self,
        world: World,
        token: str,
        changed: Callable[[], None],
        *,
        heartbeat_s: float,
        identify_interval_s: float,
        compress: bool,
    ) -> None:
        self.sessions: dict[str, Session] = {}
        self.identifies = 0
        self.resumes = 0
        self.heartbeats = 0
        self.answers_heartbeats = True
        self.withheld: set[str] = set()
        self.refusals: list[int] = []
        self.token = token
        self.sends_per_minute = SENDS_PER_MINUTE
        self.closed_by_client: int | None = None
        self.presence: JSON | None = None
        self._world, self._changed = world, changed
        self._heartbeat_s, self._interval_s = heartbeat_s, identify_interval_s
        self._compress = compress
        self._identified_at: dict[int, float] = {}
        world.publish = self.publish

    @property
    def sockets(self) -> list[Socket]:
        """The connected sockets with a session, without those of a bot that is restarted."""
        sessions = [item for item in list(self.sessions.values()) if not item.retired]
        return [item.socket for item in sessions if item.socket is not None]

    def expect_restart(self) -> None:
        """Allow the next IDENTIFY before the minimum interval, and ignore the present sessions."""
        self._identified_at.clear()
        for session in self.sessions.values():
            session.retired = True

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """Serve one websocket from HELLO to its close."""
        if request.query.get("v") != "10" or request.query.get("encoding") != "json":
            self._world.judge.record(f"gateway opened with {request.query_string!r}")
        ws = web.WebSocketResponse(max_msg_size=0)
        await ws.prepare(request)
        wanted = request.query.get("compress", "") if self._compress else ""
        socket = Socket(ws, request, packer_for(wanted))
        if "HELLO" not in self.withheld:
            socket.send({"op": HELLO, "d": {"heartbeat_interval": int(self._heartbeat_s * 1000)}})
        async for message in ws:
            if message.type is WSMsgType.TEXT:
                self._receive(socket, message.data)
        self._closed(socket)
        return ws

    async def close(self) -> None:
        """Close every socket with the code of a server that stops."""
        for socket in self.sockets:
            socket.close(WSCloseCode.GOING_AWAY)
        await asyncio.sleep(0.01)

    def _closed(self, socket: Socket) -> None:
        socket.stop()
        code = socket.our_code or socket.ws.close_code or 1006
        ends = ENDS_OF_DISCORD
        if socket.our_code is None:
            self.closed_by_client, ends = code, ENDS_OF_CLIENTS
        session = socket.session
        if session is not None and session.socket is socket:
            session.socket = None
            if code in ends:
                self.sessions.pop(session.id, None)
        self._changed()

    def _receive(self, socket: Socket, text: str) -> None:
        judge = self._world.judge
        if self._sends_too_often(socket):
            judge.record("more than 120 gateway payloads in a minute (close 4008)")
            return socket.close(4008)
        if len(text.encode()) > PAYLOAD_BYTES:
            judge.record(f"gateway payload has {len(text.encode())} bytes (close 4002)")
            return socket.close(4002)
        frame = json.loads(text)
        handler = self._handlers.get(frame.get("op"))
        if handler is None:
            judge.record(f"unknown gateway opcode {frame.get('op')} (close 4001)")
            return socket.close(4001)
        if socket.session is None and handler not in self._before_session:
            judge.record(f"gateway opcode {frame['op']} before IDENTIFY (close 4003)")
            return socket.close(4003)
        if handler is not Gateway._heartbeat and self.refusals:
            return socket.close(self.refusals.pop(0))
        handler(self, socket, frame.get("d"))
        return self._changed()

    def _sends_too_often(self, socket: Socket) -> bool:
        now = self._world.clock.now()
        socket.sent_at.append(now)
        while socket.sent_at[0] <= now - 60:
            socket.sent_at.popleft()
        return len(socket.sent_at) > self.sends_per_minute

    def _heartbeat(self, socket: Socket, _: Any) -> None:
        self.heartbeats += 1
        if self.answers_heartbeats:
            socket.send({"op": ACK})

    def _identify(self, socket: Socket, data: JSON) -> None:
        self.identifies += 1
        self._world.identifies_left -= 1
        if not self._may_identify(socket, data):
            return
        intents, shard = data["intents"], tuple(data.get("shard", (0, 1)))
        if "READY" in self.withheld:
            return
        session = Session(f"session-{self._world.new_id()}", shard, intents, socket=socket)
        self.sessions[session.id] = session
        socket.session = session
        self.presence = data.get("presence", self.presence)
        guilds = [guild for guild in self._world.guilds.values() if session.covers(guild)]
        session.send("READY", self._ready_json(session, guilds))
        told = [guild for guild in guilds if str(guild.id) not in self.withheld]
        for guild in told if intents & GUILDS else []:
            session.send("GUILD_CREATE", payloads.guild_json(self._world, guild))

    def _may_identify(self, socket: Socket, data: JSON) -> bool:
        judge, now = self._world.judge, self._world.clock.now()
        forbidden = PRESENCES | (0 if self._world.content_granted else CONTENT)
        forbidden |= 0 if self._world.members_granted else MEMBERS
        number, count = data.get("shard", (0, 1))
        bucket = number % self._world.max_concurrency
        waited = now - self._identified_at.get(bucket, -math.inf)
        if socket.session is not None:
            judge.record("IDENTIFY twice on one socket (close 4005)")
            socket.close(4005)
        elif self._world.identifies_left < 0:
            judge.record("more IDENTIFYs than allowed in 24 hours (the token would be reset)")
            socket.close(4004)
        elif data.get("token") != self.token:
            judge.record("IDENTIFY with a wrong token (close 4004)")
            socket.close(4004)
        elif data.get("intents", 0) & forbidden:
            socket.close(4014)
        elif not 0 <= number < count:
            judge.record(f"IDENTIFY as shard {number} of {count} (close 4010)")
            socket.close(4010)
        elif waited < self._interval_s:
            judge.record(f"IDENTIFY only {waited:.1f} s after the one before")
            socket.send({"op": INVALID_SESSION, "d": False})
        else:
            self._identified_at[bucket] = now
            return True
        return False

    def _ready_json(self, session: Session, guilds: list[Guild]) -> JSON:
        application = payloads.application_json(self._world)
        return {
            "v": 10,
            "user": payloads.user_json(self._world.bot),
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self._world.resume_url or self._world.websocket_url,
            "shard": list(session.shard),
            "application": {"id": application["id"], "flags": application["flags"]},
        }

    def _resume(self, socket: Socket, data: JSON) -> None:
        session = self.sessions.get(data.get("session_id", ""))
        if data.get("token") != self.token:
            self._world.judge.record("RESUME with a wrong token (close 4004)")
            return socket.close(4004)
        if "RESUMED" in self.withheld:
            return None
        if session is None:
            return socket.send({"op": INVALID_SESSION, "d": False})
        if data["seq"] > len(session.log):
            self._world.judge.record(f"RESUME with the number {data['seq']}, never sent")
            return socket.close(4007)
        session.socket = socket
        socket.session = session
        self.resumes += 1
        for frame in session.log[data["seq"] :]:
            socket.send(frame)
        return session.send("RESUMED", {})

    def _set_presence(self, _: Socket, data: JSON) -> None:
        self.presence = data

    def _send_members(self, socket: Socket, data: JSON) -> None:
        guild = self._world.guilds.get(int(data["guild_id"]))
        if guild is None or socket.session is None:
            return
        wanted = {str(number) for number in data.get("user_ids", [])}
        start = data.get("query")
        members = [
            payloads.member_json(guild, user) | {"user": payloads.user_json(user)}
            for user in guild.members
            if str(user.id) in wanted or (start is not None and user.name.startswith(start))
        ]
        chunk: JSON = {"guild_id": str(guild.id), "members": members, "chunk_index": 0}
        chunk |= {"chunk_count": 1, "not_found": [], "nonce": data.get("nonce")}
        socket.session.send("GUILD_MEMBERS_CHUNK", chunk)

    def publish(self, event: str, subject: Any) -> None:
        """Send an event to every session that may have it."""
        for session in list(self.sessions.values()):
            data = self._event_json(session, event, subject)
            if data is not None:
                session.send(event, data)
        self._changed()

    def _event_json(self, session: Session, event: str, subject: Any) -> JSON | None:
        """Return the data that a session gets; None if the event is not for it."""
        if isinstance(subject, Interaction):
            guild = subject.channel.guild
            data = payloads.interaction_json(self._world, subject)
            return data if session.covers(guild) else None
        channel, guild = _place(subject)
        if not session.covers(guild) or not self._has_bot(event, channel, guild):
            return None
        about_bot = event == "GUILD_MEMBER_UPDATE" and subject[1] is self._world.bot
        if not session.intents & _intent(event, guild) and not about_bot:
            return None
        hidden = channel is not None and not bot_may(channel, self._world.bot, "VIEW_CHANNEL")
        if hidden and event.startswith("MESSAGE"):
            return None
        return events.event_json(self._world, event, subject, with_content=session.reads_content)

    def _has_bot(self, event: str, channel: Channel | None, guild: Guild | None) -> bool:
        """Return whether the bot is in the guild, was until now, or takes part in the DM."""
        if guild is not None:
            return guild.id in self._world.guilds or event == "GUILD_DELETE"
        return channel is not None and self._world.bot in channel.recipients

    _before_session = (_heartbeat, _identify, _resume)
    _handlers: ClassVar[dict[int, Callable[[Gateway, Socket, Any], None]]] = {
        HEARTBEAT: _heartbeat,
        IDENTIFY: _identify,
        PRESENCE: _set_presence,
        RESUME: _resume,
        REQUEST_MEMBERS: _send_members,
    }


def _place(subject: Any) -> tuple[Channel | None, Guild | None]:
    """Return the channel and guild of an event; of several messages, those of the first."""
    first = subject[0] if isinstance(subject, tuple | list) else subject
    if isinstance(first, Message):
        return first.channel, first.channel.guild
    if isinstance(first, Channel):
        return first, first.guild
    return None, first


def _intent(event: str, guild: Guild | None) -> int:
    prefix = max((name for name in INTENTS if event.startswith(name)), key=len)
    return INTENTS[prefix][guild is None]
