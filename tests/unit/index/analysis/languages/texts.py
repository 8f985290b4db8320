"""Texts of our own in several languages, each of sentences about a lighthouse."""

import json
from pathlib import Path

# By the code of the language.
TEXTS: dict[str, str] = json.loads(
    Path(__file__).with_name("texts.json").read_text(encoding="utf-8")
)
