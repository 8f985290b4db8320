"""REST handler for attachments, and the JSON and limits of uploaded files."""

from __future__ import annotations

import mimetypes
from typing import Any
from urllib.parse import quote

from aiohttp import web

from tests.standin.model.models import Attachment, Message
from tests.standin.model.world import World
from tests.standin.rest.transport import Call, Route
from tests.standin.rules.rules import JSON, bounds, walk

CDN = "/attachments"
UPLOAD_BYTES = 10 * 1024 * 1024  # Discord's limit without boosts, as of August 2026
DESCRIPTION_CHARS = 1024
MIME = "application/octet-stream"


def add_attachment(
    world: World, name: str, content: bytes, mime: str | None = None, size: int | None = None
) -> Attachment:
    """Store a file and return it; `size` is the size that Discord reports."""
    mime = mime or mimetypes.guess_type(name)[0] or MIME
    said = len(content) if size is None else size
    attachment = Attachment(world.new_id(), name, content, mime, said)
    world.files[attachment.id] = attachment
    return attachment


def attachment_json(world: World, attachment: Attachment) -> JSON:
    """Describe a file."""
    number, name = attachment.id, quote(attachment.filename)
    url = f"{world.cdn_url}{CDN}/{number}/{number}/{name}"
    return {
        "id": str(number),
        "filename": attachment.filename,
        "content_type": attachment.content_type,
        "size": attachment.size,
        "url": url,
        "proxy_url": url,
    }


def serve(world: World, call: Call) -> Any:
    """GET an attachment's bytes from the CDN; no token belongs here."""
    attachment = world.files.get(call.id("number"))
    if attachment is None or attachment.filename != call.where["name"]:
        return web.Response(status=404, text="This content is no longer available.")
    return web.Response(body=attachment.content, headers={"Content-Type": attachment.content_type})


def attached(world: World, message: Message, body: JSON, files: dict[str, bytes]) -> JSON:
    """Return the changes to a message's files: those of the body kept, the sent ones added."""
    too_big = [name for name, content in files.items() if len(content) > UPLOAD_BYTES]
    if too_big:
        world.judge.refuse(413, 40005, f"Request entity too large: {too_big[0]}")
    named = {str(item["id"]): item for item in body.get("attachments") or []}
    old = message.attachments
    if "attachments" in body:
        old = [item for item in old if item["id"] in named]
    new = []
    for number, (name, content) in enumerate(files.items()):
        data = attachment_json(world, add_attachment(world, name, content))
        description = named.get(str(number), {}).get("description")
        world.judge.require(bounds("file description", description or "", 0, DESCRIPTION_CHARS))
        new.append(data | ({"description": description} if description else {}))
    kept = {item["filename"] for item in old}
    contents = {name: data for name, data in message.files.items() if name in kept}
    return {"attachments": old + new, "files": contents | files}


def shown_files(components: list[JSON], embeds: list[JSON]) -> set[str]:
    """Return the names of the attached files that components and embeds show."""
    parts = [part[key] for part in walk(components) for key in ("media", "file") if key in part]
    for part in walk(components):
        parts += [item["media"] for item in part.get("items", [])]
    parts += [embed[key] for embed in embeds for key in ("image", "thumbnail") if key in embed]
    scheme = "attachment://"
    urls = [part.get("url", "") for part in parts]
    return {url.removeprefix(scheme) for url in urls if url.startswith(scheme)}


ROUTES: list[Route] = [("GET", CDN + "/{channel}/{number}/{name}", serve)]
