"""Bytes in the JSON of requests and answers."""

import base64


def to_text(data: bytes) -> str:
    """Return bytes as base64."""
    return base64.b64encode(data).decode("ascii")


def to_bytes(text: str) -> bytes:
    """Return the bytes of base64, which the engine sends without its padding."""
    return base64.b64decode(text + "==")
