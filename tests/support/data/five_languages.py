"""The harbour of Lowmere in five languages, and a question in each about its second paragraph."""

import json
from pathlib import Path

_HELD = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))

TEXTS: dict[str, list[str]] = {language: held["paragraphs"] for language, held in _HELD.items()}
QUESTIONS: dict[str, str] = {language: held["question"] for language, held in _HELD.items()}


def write_texts(folder: Path) -> None:
    """Write the texts into a folder, each as a file named by its language."""
    folder.mkdir(exist_ok=True)
    for language, paragraphs in TEXTS.items():
        (folder / f"{language}.md").write_text("\n\n".join(paragraphs), encoding="utf-8")
