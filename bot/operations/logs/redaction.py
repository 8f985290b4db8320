"""Redact secrets in everything that the program writes."""

import json
import logging

# Stands for a secret.
_HIDDEN = "[secret]"

# A shorter value would be redacted in common words, and a reader of the log could guess it.
_MIN_CHARS = 8

# Quotes may be nested: a JSON log line may hold a JSON answer, which holds a text quoted by Python.
_MAX_QUOTINGS = 3

_secrets: set[str] = set()


def keep_secret(*values: str) -> None:
    """Redact values from now on, also as JSON and Python quote them."""
    for value in values:
        if len(value) >= _MIN_CHARS:
            _secrets.update(_forms(value))


def _forms(value: str) -> set[str]:
    """Return a value unchanged, quoted, and with nested quotes."""
    forms = {value}
    for _ in range(_MAX_QUOTINGS):
        forms |= {quote(form)[1:-1] for form in forms for quote in (json.dumps, repr)}
    return forms


def without_secrets(text: str) -> str:
    """Return a text with each secret replaced; the longest first, as one may hold another."""
    for secret in sorted(_secrets, key=len, reverse=True):
        text = text.replace(secret, _HIDDEN)
    return text


class RedactingHandler(logging.StreamHandler):  # type: ignore[type-arg]  # not generic when run
    """Redacts records and their tracebacks, for any formatter."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the redacted text of a record."""
        return without_secrets(super().format(record))
