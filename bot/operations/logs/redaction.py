"""Keep what must stay secret out of all that the program writes for people."""

import json
import logging

# In the place of a secret.
_HIDDEN = "[secret]"

# A shorter value would be found in common words, and whoever reads the log would learn it that way.
_MIN_CHARS = 8

# A line of JSON may quote an answer in JSON, and that a text in the quotes of Python.
_MAX_QUOTINGS = 3

_secrets: set[str] = set()


def keep_secret(*values: str) -> None:
    """Take values out of all that is written from now on, also as JSON and Python quote them."""
    for value in values:
        if len(value) >= _MIN_CHARS:
            _secrets.update(_forms(value))


def _forms(value: str) -> set[str]:
    """Return a value as it is and as it stands within quotes, and those within others."""
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
    """Writes records, whatever their formatter, without secrets; their tracebacks, too."""

    def format(self, record: logging.LogRecord) -> str:
        """Return what is written of a record."""
        return without_secrets(super().format(record))
