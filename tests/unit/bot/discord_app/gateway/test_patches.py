"""The private parts of discord.py are as the patches in `bot/discord_app/gateway/` expect them.

A test that fails here on another version names the part that changed; README.md in that folder
names the patch that touches it.
"""

import ast
import asyncio
import inspect
import json
import re
from contextvars import ContextVar
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest
import yarl
from discord.backoff import ExponentialBackoff
from discord.gateway import DiscordWebSocket, ReconnectWebSocket
from discord.http import HTTPClient, Route, handle_message_parameters
from discord.interactions import InteractionCallbackResponse
from discord.shard import Shard
from discord.state import ConnectionState
from discord.ui.view import ViewStore
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

import bot

VERSION = f"discord.py {discord.__version__}"

HELLO = json.dumps({"op": 10, "d": {"heartbeat_interval": 41250}})


class Socket:
    """A websocket that says HELLO and keeps what it is sent."""

    close_code = None
    closed = False

    def __init__(self):
        self.sent = []

    async def receive(self, timeout):
        del timeout
        return SimpleNamespace(type=aiohttp.WSMsgType.TEXT, data=HELLO)

    async def send_str(self, text):
        self.sent.append(json.loads(text))

    async def close(self, *, code=1000):
        del code
        self.closed = True


def make_client() -> Any:
    """Return a client that is not connected; its private parts have no types here."""
    return discord.Client(intents=discord.Intents.none())


# What the patches replace, call or override


def _parameters(function):
    """Return the parameters of a function as they are written."""
    shown = []
    for one in inspect.signature(function).parameters.values():
        if one.kind is one.KEYWORD_ONLY and "*" not in shown:
            shown.append("*")
        shown.append(f"**{one.name}" if one.kind is one.VAR_KEYWORD else one.name)
    return ", ".join(shown)


@pytest.mark.parametrize(
    ("owner", "name", "expected"),
    [
        (HTTPClient, "request", "self, route, *, files, form, **kwargs"),
        (HTTPClient, "ws_connect", "self, url, *, compress"),
        (HTTPClient, "get_bot_gateway", "self"),
        (Route, "__init__", "self, method, path, *, metadata, **parameters"),
        (ExponentialBackoff, "delay", "self"),
        (DiscordWebSocket, "received_message", "self, msg"),
        (DiscordWebSocket, "close", "self, code"),
        (ReconnectWebSocket, "__init__", "self, shard_id, *, resume"),
        (Shard, "reconnect", "self"),
        (Shard, "reidentify", "self, exc"),
        (discord.AutoShardedClient, "launch_shard", "self, gateway, shard_id, *, initial"),
        (discord.AutoShardedClient, "_get_websocket", "self, guild_id, *, shard_id"),
        (AsyncWebhookAdapter, "__init__", "self"),
        (
            AsyncWebhookAdapter,
            "request",
            "self, route, session, *, payload, multipart, proxy, proxy_auth, files, reason, "
            "auth_token, params",
        ),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_private_function_takes_what_the_patch_gives_it(owner, name, expected):
    """A patch overrides or calls it with these parameters."""
    function = getattr(owner, name, None)
    assert function is not None, f"{VERSION} has no {owner.__name__}.{name}"
    found = _parameters(function)
    assert found == expected, f"{VERSION}: {owner.__name__}.{name}({found}), not ({expected})"


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (discord.Client.connect, "ExponentialBackoff"),
        (discord.Client.connect, "DiscordWebSocket"),
        (Shard.__init__, "ExponentialBackoff"),
        (Shard.reidentify, "DiscordWebSocket"),
        (discord.AutoShardedClient.launch_shard, "DiscordWebSocket"),
        (discord.AutoShardedClient.launch_shard, "Shard"),
        (discord.AutoShardedClient.launch_shard, "launch_shard"),
        (discord.AutoShardedClient.connect, "reidentify"),
        (discord.AutoShardedClient.connect, "reconnect"),
        (DiscordWebSocket.poll_event, "received_message"),
        (DiscordWebSocket.from_client, "DEFAULT_GATEWAY"),
        (discord.InteractionResponse.send_message, "async_context"),
        (discord.InteractionResponse.defer, "async_context"),
    ],
    ids=lambda value: getattr(value, "__qualname__", value),
)
def test_discord_py_looks_a_replaced_name_up_when_it_needs_it(function, name):
    """A patch puts something else under this name, or relies on the call."""
    found = function.__code__.co_names
    assert name in found, f"{VERSION}: {function.__qualname__} does not use {name}"


@pytest.mark.parametrize(
    ("where", "text"),
    [
        (HTTPClient.request, "self.__session.request(method, url, **kwargs)"),
        (discord.Client.connect, "'Attempting a reconnect"),
        (Shard._handle_disconnect, "'Attempting a reconnect"),
        (discord.Client._schedule_event, "name=f'discord.py: {event_name}'"),
        (discord.app_commands.CommandTree._from_interaction, "name='CommandTree-invoker'"),
        (ViewStore.dispatch_dynamic_items, "create_task"),
        (ViewStore.dispatch_dynamic_items, "name=f'discord-ui-dynamic-item-"),
    ],
    ids=lambda value: getattr(value, "__qualname__", value),
)
def test_discord_py_says_what_a_patch_looks_for(where, text):
    """Options of a request reach aiohttp; log lines and tasks are told by these words."""
    assert text in inspect.getsource(where), f"{VERSION}: {where.__qualname__} has no {text}"


@pytest.mark.parametrize("module", [discord.client, discord.shard], ids=lambda it: it.__name__)
def test_modules_that_connect_hold_the_replaced_classes_and_log_under_their_names(module):
    """The patches replace these names in both modules, and filter both loggers."""
    assert issubclass(module.ExponentialBackoff, ExponentialBackoff), VERSION
    assert issubclass(module.DiscordWebSocket, DiscordWebSocket), VERSION
    assert module._log.name == module.__name__, VERSION


@pytest.mark.parametrize("name", ["warn_nacl", "warn_dave"])
def test_voice_client_has_switches_for_its_warnings(name):
    """They are read when a client is made."""
    assert isinstance(getattr(discord.VoiceClient, name, None), bool), f"{VERSION}: no {name}"
    assert name in discord.Client.__init__.__code__.co_names, f"{VERSION} does not read {name}"


# Addresses


def test_route_begins_with_its_base(monkeypatch):
    """Every request of the REST API goes below `Route.BASE`."""
    monkeypatch.setattr(Route, "BASE", "http://127.0.0.1:9/api/v10")
    route = Route("POST", "/webhooks/{webhook_id}/{webhook_token}", webhook_id=1, webhook_token="a")
    assert route.url == "http://127.0.0.1:9/api/v10/webhooks/1/a", VERSION
    assert (route.method, route.path) == ("POST", "/webhooks/{webhook_id}/{webhook_token}")
    assert route.webhook_id == 1


def test_default_gateway_is_an_address():
    """A connection without an address for resuming goes there."""
    assert isinstance(DiscordWebSocket.DEFAULT_GATEWAY, yarl.URL), VERSION
    assert DiscordWebSocket.DEFAULT_GATEWAY.host


def test_websocket_is_opened_by_the_http_client_and_shares_the_parsers():
    """`HTTPClient.ws_connect` gives the socket; events go to the functions in `parsers`."""
    socket, opened = Socket(), []

    async def ws_connect(url, **_):
        opened.append(yarl.URL(url))
        return socket

    async def connect():
        async with make_client() as client:
            client.http.ws_connect = ws_connect
            client.http.token = "token"  # which a login sets
            # Before any but the first connection, discord.py waits five seconds.
            websocket = await DiscordWebSocket.from_client(client, initial=True, shard_id=3)
            keep_alive: Any = websocket._keep_alive  # a thread, which would outlive the loop
            keep_alive.stop()
            keep_alive.join(5)
            return client, websocket

    client, websocket = asyncio.run(connect())
    assert [url.host for url in opened] == [DiscordWebSocket.DEFAULT_GATEWAY.host], VERSION
    assert websocket.socket is socket, f"{VERSION}: DiscordWebSocket.socket is another"
    assert websocket.shard_id == 3
    assert websocket._discord_parsers is client._connection.parsers, VERSION
    assert [frame["op"] for frame in socket.sent] == [1, 2]


# REST


def test_requests_of_the_http_client_go_through_request():
    """`HTTPClient.request` can be replaced on the instance, and sees a message's nonce."""
    requests: list[Any] = []

    async def request(route, **options):
        requests.append((route.method, route.path, options.get("json")))
        return {"shards": 2, "url": "ws://a.example", "session_start_limit": {"total": 1}}

    async def send():
        async with make_client() as client:
            client.http.request = request
            assert await client.http.get_bot_gateway() == (2, "ws://a.example", {"total": 1})
            with handle_message_parameters("text", nonce="5") as params:
                await client.http.send_message(1, params=params)

    asyncio.run(send())
    (_, path, _), (method, _, body) = requests
    assert (path, method) == ("/gateway/bot", "POST"), VERSION
    assert body["nonce"] == "5", f"{VERSION}: the nonce is not in the request's json"


class RequestedError(Exception):
    """A request was made."""


class Session:
    """A session that keeps the last request."""

    def __init__(self):
        self.options = {}

    def request(self, method, url, **options):
        self.options = {"method": method, "url": url, **options}
        raise RequestedError


def test_webhook_adapter_requests_by_method_and_address_without_a_time_out():
    """The patch puts a session in the place of discord.py's that adds the time-out."""
    session: Any = Session()
    route = Route("POST", "/interactions/{webhook_id}/callback", webhook_id=1)
    with pytest.raises(RequestedError):
        asyncio.run(AsyncWebhookAdapter().request(route, session))
    assert session.options["method"] == "POST", VERSION
    assert session.options["url"] == route.url
    assert "timeout" not in session.options


def test_webhook_adapter_is_that_of_the_context():
    """Interactions and webhooks take it from `async_context`."""
    assert isinstance(async_context, ContextVar), VERSION
    assert isinstance(async_context.get(), AsyncWebhookAdapter), VERSION


def test_answer_to_a_first_response_needs_only_an_id():
    """The patch makes one up where an earlier try was taken."""
    interaction: Any = SimpleNamespace()
    state: Any = SimpleNamespace()
    response: Any = InteractionCallbackResponse(
        data={"interaction": {"id": "5"}},  # type: ignore[typeddict-item]
        parent=interaction,
        type=discord.InteractionResponseType.deferred_channel_message,
        state=state,
    )
    assert response.id == 5, VERSION


# Events


@pytest.mark.parametrize(
    "event", ["READY", "RESUMED", "MESSAGE_CREATE", "MESSAGE_UPDATE", "INTERACTION_CREATE"]
)
def test_parser_of_an_event_is_a_function_of_its_data(event):
    """The patches wrap the entries of `ConnectionState.parsers`."""
    client = make_client()
    assert isinstance(client._connection, ConnectionState), VERSION
    parsers = client._connection.parsers
    assert type(parsers) is dict, VERSION
    assert _parameters(parsers[event]) == "data", f"{VERSION}: the parser of {event} changed"


def test_tasks_inherit_the_context_in_which_an_event_is_parsed():
    """A listener's task begins within `dispatch`, which parsers call."""
    number, seen = ContextVar("number", default=0), []

    async def on_message(_):
        task = asyncio.current_task()
        seen.append((number.get(), task.get_name() if task else ""))

    async def dispatch():
        async with make_client() as client:
            client.event(on_message)
            number.set(7)
            client.dispatch("message", None)
            number.set(8)
            await asyncio.sleep(0)

    asyncio.run(dispatch())
    assert seen == [(7, "discord.py: on_message")], VERSION


# Connections


def test_first_connection_that_fails_is_an_attribute_error_with_the_reason(monkeypatch):
    """`Client.connect` reads where to go on from `Client.ws`, which is None until then."""

    async def refuse(_):
        raise ConnectionRefusedError("nobody there")

    async def connect():
        async with make_client() as client:
            assert client.ws is None, VERSION
            client.http.ws_connect = refuse
            with pytest.raises(AttributeError) as stumble:
                await client.connect()
            return stumble.value

    monkeypatch.setattr(ExponentialBackoff, "delay", lambda _: 0)
    assert isinstance(asyncio.run(connect()).__context__, ConnectionRefusedError), VERSION


@pytest.mark.parametrize("resume", [True, False])
def test_exception_that_asks_to_reconnect_knows_the_shard_and_whether_to_resume(resume):
    """The patches raise it with these arguments."""
    asked = ReconnectWebSocket(3, resume=resume)
    assert (asked.shard_id, asked.resume) == (3, resume), VERSION
    assert issubclass(ReconnectWebSocket, Exception)


def test_websocket_of_a_shard_is_found_by_its_number():
    """`AutoShardedClient._get_websocket` gives it, and `Shard.id` is its number."""
    client: Any = discord.AutoShardedClient(intents=discord.Intents.none())
    client._reconnect = True  # which `connect` sets
    websocket: Any = SimpleNamespace(shard_id=3)
    shard = Shard(websocket, client, lambda _: None)
    assert shard.id == 3, VERSION
    client._AutoShardedClient__shards[3] = shard
    assert client._get_websocket(shard_id=3) is websocket, VERSION
    assert list(client.shards) == [3]


# Nothing else touches private parts

DISCORD_APP = Path(bot.__file__).parent / "discord_app"
USES_LIBRARY = re.compile(r"^\s*(import|from) discord\b", re.MULTILINE)
OUTSIDE = [
    path
    for path in sorted(DISCORD_APP.parent.rglob("*.py"))
    if path.parent.name != "gateway" and USES_LIBRARY.search(path.read_text(encoding="utf-8"))
]

# What of the library its documentation describes.
PUBLIC = ("discord", "discord.abc", "discord.app_commands", "discord.ui", "discord.utils")
PUBLIC_EXTENSIONS = ("discord.ext", "discord.ext.commands", "discord.ext.tasks")

# What has no underscore, but is not documented or leads to what is private.
UNDOCUMENTED = {
    "async_context",
    "http",
    "launch_shard",
    "parsers",
    "warn_dave",
    "warn_nacl",
    "ws",
    "ws_connect",
}


def _private_parts(code):
    """Yield the private parts of discord.py that some code visibly touches."""
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names if _is_private_module(one.name))
        elif isinstance(node, ast.ImportFrom) and _is_private_module(node.module or ""):
            yield node.module
        elif isinstance(node, ast.Attribute):
            of, name = ast.unparse(node.value), node.attr
            if (
                _is_private_module(ast.unparse(node))
                or name in UNDOCUMENTED
                or name.startswith("__discord")
                or (re.match("_[^_]", name) and of not in ("self", "cls"))
            ):
                yield f"{of}.{name}"
        elif isinstance(node, ast.ClassDef) and _is_from_discord(node):
            yield from _foreign_names(node)


def _is_private_module(name):
    """Return whether a dotted name is a module of discord.py that is not documented."""
    modules = {".".join(name.split(".")[:n]) for n in range(2, 5)} - {*PUBLIC, *PUBLIC_EXTENSIONS}
    return any(inspect.ismodule(_found(one)) for one in modules if one.startswith("discord."))


def _found(name):
    """Return the object with a dotted name in discord.py; None if there is no such object."""
    found: Any = discord
    for part in name.split(".")[1:]:
        found = getattr(found, part, None)
    return found


# What a class may inherit private names from.
LIBRARY_BASES = re.compile(r"\b(discord|commands|app_commands|ui)\.")


def _is_from_discord(node):
    return any(LIBRARY_BASES.search(ast.unparse(base)) for base in node.bases)


def _foreign_names(node):
    """Yield the private names that a class uses of itself and does not set."""
    own = {one.name for one in ast.walk(node) if hasattr(one, "name")}
    used: set[str] = set()
    for one in ast.walk(node):
        if isinstance(one, ast.Attribute) and ast.unparse(one.value) in ("self", "cls"):
            (own if isinstance(one.ctx, ast.Store) else used).add(one.attr)
    yield from (f"self.{name}" for name in used - own if re.match("_[^_]", name))


@pytest.mark.parametrize("path", OUTSIDE, ids=lambda path: str(path.relative_to(DISCORD_APP)))
def test_private_parts_of_discord_py_are_touched_in_the_gateway_folder_only(path):
    """Modules that use the library use what it documents."""
    assert sorted(_private_parts(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "code",
    [
        "import discord.http",
        "from discord.http import Route",
        "from discord.webhook.async_ import async_context",
        "discord.shard.Shard = Other",
        "client._connection.parsers",
        "bot.http.request",
        "bot.ws.socket",
        "item.__discord_ui_compiled_template__",
        "discord.VoiceClient.warn_nacl = False",
        "class Bot(commands.Bot):\n    def look(self):\n        return self._get_websocket()",
    ],
)
def test_touching_a_private_part_would_be_noticed(code):
    """The test above knows each way to it."""
    assert list(_private_parts(code))


def test_every_private_part_is_named_where_it_is_touched():
    """Each module that imports or replaces one says which, below "Private:"."""
    for path in sorted((DISCORD_APP / "gateway").glob("*.py")):
        code = path.read_text(encoding="utf-8")
        if list(_private_parts(code)):
            assert "Private: " in code, path.name


def test_readme_lists_every_patch():
    """What is not private itself and names a promise or a private part is in the table."""
    folder = DISCORD_APP / "gateway"
    patches = {
        node.name
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and re.search("Promise: |Private: ", ast.get_docstring(node) or "")
        and not node.name.startswith("_")
    }
    assert len(patches) > 15
    table = (folder / "README.md").read_text(encoding="utf-8")
    assert patches <= set(re.findall(r"\w+", table))
