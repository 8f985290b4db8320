"""Discord's limits on the content and the embeds of a message."""

from __future__ import annotations

import re

from tests.standin.rules.component_rules import custom_id_problems, row_problems, v2_problems
from tests.standin.rules.rules import JSON, V2_FLAG, bounds, length, text_problems

# Limits from Discord's API documentation, as of August 2026.
CONTENT_CHARS = 2000
EMBED_CHARS = {"title": 256, "description": 4096}
EMBEDS_TOTAL_CHARS = 6000


def message_problems(message: JSON) -> list[str]:
    """Find what is wrong with the content, embeds and components of a message."""
    problems = list(text_problems(message))
    problems += bounds("content", message.get("content") or "", 0, CONTENT_CHARS)
    problems += _embed_problems(message.get("embeds") or [])
    components = message.get("components") or []
    if message.get("flags", 0) & V2_FLAG:
        problems += v2_problems(components)
        if message.get("content") or message.get("embeds"):
            problems.append("content or embeds together with components v2")
    else:
        problems += row_problems(components)
    return [*problems, *custom_id_problems(components)]


def _embed_problems(embeds: list[JSON]) -> list[str]:
    problems = [f"{len(embeds)} embeds, at most 10"] if len(embeds) > 10 else []
    total = 0
    for embed in embeds:
        texts = [(name, embed.get(name) or "", 0, most) for name, most in EMBED_CHARS.items()]
        texts.append(("footer", embed.get("footer", {}).get("text", ""), 0, 2048))
        texts.append(("author", embed.get("author", {}).get("name", ""), 0, 256))
        fields = embed.get("fields", [])
        if len(fields) > 25:
            problems.append(f"{len(fields)} embed fields, at most 25")
        for item in fields:
            texts.append(("field name", item.get("name", ""), 1, 256))
            texts.append(("field value", item.get("value", ""), 1, 1024))
        for name, text, least, most in texts:
            total += length(text)
            problems += bounds(f"embed {name}", text, least, most)
        url = embed.get("url")
        if url and not re.match(r"https?://", url):
            problems.append(f"embed url {url!r} is not http or https")
    if total > EMBEDS_TOTAL_CHARS:
        problems.append(f"embeds have {total} characters together, at most {EMBEDS_TOTAL_CHARS}")
    return problems
