"""The complete stand-in: reads what the bot posted, waits for it, and makes Discord fail."""

from __future__ import annotations

import re
import time
from typing import Any

from tests.standin.gateway.gateway import INVALID_SESSION, RECONNECT
from tests.standin.model.models import Channel, Message, User
from tests.standin.people.invocation import Invocation
from tests.standin.people.people import People
from tests.standin.rest.failures import Failure, Mode
from tests.standin.rest.transport import Request


class DiscordStandIn(People):
    """Discord on loopback; leaving the `with` block fails the test if a rule was broken."""

    def messages(
        self, channel: Channel, *, after: Message | None = None, viewer: User | None = None
    ) -> list[Message]:
        """Return the messages of a channel in order, with the ephemeral ones of the viewer."""
        start = 0 if after is None else after.id
        return [
            message
            for message in list(channel.messages.values())
            if message.id > start and not message.loading and message.is_visible_to(viewer)
        ]

    def answers(self, question: Message) -> list[Message]:
        """Return what the bot posted in reply to a message or in the thread on it."""
        return [
            message
            for channel in list(self.world.channels.values())
            for message in list(channel.messages.values())
            if message.author is self.bot
            and (message.replied_to is question or channel.id == question.id)
        ]

    def wait_for_answer(self, question: Message, timeout: float = 10) -> Message:
        """Wait for the bot's first answer to a message."""
        what = f"an answer to {question.content!r}"
        return self.wait_until(lambda: self.answers(question), timeout, what)[0]

    def expect_silence(
        self, channel: Channel, *, seconds: float = 0.7, after: Message | None = None
    ) -> None:
        """Wait a while and raise AssertionError if the bot posted in the channel.

        Quicker and surer: ask something the bot does answer, wait for that answer, and pass
        seconds=0.
        """
        time.sleep(seconds)
        posted = [m.seen for m in self.messages(channel, after=after) if m.author is self.bot]
        assert not posted, f"the bot posted {posted}"

    def wait_ready(self, timeout: float = 20) -> None:
        """Wait until each shard of the bot has received READY."""
        self.wait_until(lambda: self.ready, timeout, "an IDENTIFY of each shard")

    def wait_disconnected(self, timeout: float = 10) -> None:
        """Wait until no client is connected."""
        self.wait_until(lambda: not self.connected, timeout, "the end of the connection")

    def wait_for_commands(self, *names: str, timeout: float = 20) -> None:
        """Wait until commands of these names are registered, or any at all."""

        def are_there() -> bool:
            known = {command["name"] for command in self.commands}
            return bool(known) and known.issuperset(names)

        self.wait_until(are_there, timeout, f"the commands {names}")

    @property
    def registrations(self) -> list[Request]:
        """Every request so far that changed the registered commands."""
        return [
            request
            for request in self.requests
            if request.method != "GET" and re.search(r"^/applications/.*commands", request.path)
        ]

    def drop_gateway(self, code: int | None = None) -> None:
        """Close every socket with a code, or cut the connection without one."""
        for socket in self.gateway.sockets:
            self._do(socket.abort) if code is None else self._do(socket.close, code)

    def reconnect_op7(self) -> None:
        """Ask the clients to reconnect and resume."""
        for socket in self.gateway.sockets:
            self._do(socket.send, {"op": RECONNECT, "d": None})

    def invalidate_session(self, *, resumable: bool) -> None:
        """Tell the clients that their session is invalid."""
        for socket in self.gateway.sockets:
            if not resumable and socket.session is not None:
                self.gateway.sessions.pop(socket.session.id)
            self._do(socket.send, {"op": INVALID_SESSION, "d": resumable})

    def lose_session(self) -> None:
        """Cut every connection; no client can resume its session, so that it misses all until then.

        The next IDENTIFY is excused from the 5 s between two.
        """
        self._lose_sessions(None)

    def revoke_content_intent(self) -> None:
        """Take the message content intent from the application, which closes its sessions."""
        self.world.content_granted = self.world.content_announced = False
        self._lose_sessions(4014)

    def _lose_sessions(self, code: int | None) -> None:
        sockets = self.gateway.sockets
        self.expect_restart()
        self._do(self.gateway.sessions.clear)
        for socket in sockets:
            self._do(socket.abort) if code is None else self._do(socket.close, code)

    def reset_token(self, token: str = "another.token") -> None:
        """Make the bot's token invalid; open connections stay open."""
        self.gateway.token = self.transport.token = token
        for part in ("401: Unauthorized", "wrong token"):
            self.forgive(part)

    def send_event(self, event: str, data: dict[str, Any]) -> None:
        """Send an event with any data to every session."""
        for session in self.gateway.sessions.values():
            self._do(session.send, event, data)

    def replay(self, event: Message | Invocation) -> None:
        """Send the same MESSAGE_CREATE or INTERACTION_CREATE once more."""
        if isinstance(event, Invocation):
            self._do(self.world.publish, "INTERACTION_CREATE", event.interaction)
        else:
            self._do(self.world.publish, "MESSAGE_CREATE", event)

    def expect_restart(self) -> None:
        """Allow the bot to be restarted.

        The next IDENTIFY is excused from the 5 s between two, and `wait_ready` waits for it.
        """
        self._do(self.gateway.expect_restart)

    def fail_next(
        self,
        method: str,
        pattern: str,
        *,
        status: int = 500,
        code: int = 0,
        retry_after: float = 0.2,
        is_global: bool = False,
        times: int = 1,
        mode: Mode = "before",
    ) -> None:
        """Let the next requests fail whose path contains the regular expression `pattern`.

        `{name}` in the pattern is any one segment; `code` is Discord's own. "after" does what
        was asked and then fails; `rest/failures.py` lists the other modes.
        """
        failure = Failure(method, pattern, status, code, retry_after, is_global, times, mode)
        self._do(self.transport.failures.append, failure)
