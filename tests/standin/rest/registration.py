"""REST handlers for the registration of application commands."""

from __future__ import annotations

from typing import Any

from tests.standin.model.world import World
from tests.standin.rest.transport import Call, Route
from tests.standin.rules.command_rules import command_problems
from tests.standin.rules.rules import JSON


def _scope(world: World, call: Call) -> dict[int, JSON]:
    if call.id("application") != world.application_id:
        world.judge.refuse(404, 10002, "Unknown Application")
    guild_id = call.id("guild") if "guild" in call.where else None
    if guild_id is not None and guild_id not in world.guilds:
        world.judge.refuse(403, 50001, f"Missing Access to guild {guild_id}")
    return world.commands.setdefault(guild_id, {})


def list_commands(world: World, call: Call) -> Any:
    """GET .../commands."""
    return list(_scope(world, call).values())


def replace_commands(world: World, call: Call) -> Any:
    """PUT .../commands: the whole scope at once; commands of the same name keep their id."""
    scope = _scope(world, call)
    world.judge.require(command_problems(call.json))
    old = {(item["type"], item["name"]): item for item in scope.values()}
    scope.clear()
    for body in call.json:
        known = old.get((body.get("type", 1), body["name"]))
        _store(world, call, scope, body, int(known["id"]) if known else world.new_id())
    return list(scope.values())


def upsert_command(world: World, call: Call) -> Any:
    """POST .../commands: one command, new or in place of that with the same name."""
    scope, body = _scope(world, call), call.json
    key = (body.get("type", 1), body.get("name"))
    rest = [item for item in scope.values() if (item["type"], item["name"]) != key]
    world.judge.require(command_problems([*rest, body]))
    known = [int(item["id"]) for item in scope.values() if (item["type"], item["name"]) == key]
    return _store(world, call, scope, body, known[0] if known else world.new_id())


def _store(world: World, call: Call, scope: dict[int, JSON], body: JSON, number: int) -> JSON:
    defaults: JSON = {"type": 1, "description": "", "default_member_permissions": None}
    stamps = {"id": str(number), "application_id": str(world.application_id)}
    command = defaults | body | stamps | {"version": str(world.new_id())}
    if "guild" in call.where:
        command["guild_id"] = call.where["guild"]
    scope[number] = command
    key = (command["type"], command["name"])
    if "guild" in call.where and key in {
        (item["type"], item["name"]) for item in world.commands[None].values()
    }:
        world.judge.record(f"command {body['name']!r} is shown twice: global and in a guild")
    return command


def one_command(world: World, call: Call) -> Any:
    """GET, PATCH or DELETE .../commands/{command}."""
    scope, number = _scope(world, call), call.id("command")
    if number not in scope:
        world.judge.refuse(404, 10063, f"Unknown application command {number}")
    if call.method == "DELETE":
        del scope[number]
        return None
    if call.method == "PATCH":
        rest = [item for item in scope.values() if int(item["id"]) != number]
        changed = scope[number] | call.json
        world.judge.require(command_problems([*rest, changed]))
        return _store(world, call, scope, changed, number)
    return scope[number]


ROUTES: list[Route] = []
for _base in ("/applications/{application}", "/applications/{application}/guilds/{guild}"):
    ROUTES += [
        ("GET", _base + "/commands", list_commands),
        ("PUT", _base + "/commands", replace_commands),
        ("POST", _base + "/commands", upsert_command),
        ("GET", _base + "/commands/{command}", one_command),
        ("PATCH", _base + "/commands/{command}", one_command),
        ("DELETE", _base + "/commands/{command}", one_command),
    ]
