"""What `pullquote backup` and `restore` print."""

from pathlib import Path

from bot.operations.backup.create import Saved
from bot.operations.backup.manifest import is_shared
from bot.operations.backup.restore import Restored
from bot.rendering.plain_text import counted, printable


def saved_lines(saved: Saved, file: Path) -> str:
    """Return what was saved, and what was not."""
    parts = [
        f"settings of {counted(saved.rows.get('servers', 0), 'server')}",
        counted(saved.rows.get("questions", 0), "question"),
        counted(saved.rows.get("taught", 0), "lesson"),
        counted(saved.texts, "text"),
    ]
    lines = [f"Saved {', '.join(parts[:-1])} and {parts[-1]} of servers to {printable(str(file))}."]
    if saved.shared:
        lines.append(f"Also saved {counted(saved.shared, 'text')} that all servers share.")
    lines += [f"Left out {printable(name)}: rename it" for name in saved.left_out]
    return "\n".join(lines)


def restored_lines(restored: Restored, file: Path) -> str:
    """Return what was restored, and where the former data is."""
    made = f"made at {restored.manifest.made_at} by version {restored.manifest.program}"
    lines = [f"Restored {printable(str(file))}, {printable(made)}."]
    if restored.former:
        places = ", ".join(printable(str(place)) for place in restored.former)
        lines.append(
            f"The former data is in {places}: remove it once you are sure that nothing is missing."
        )
    lines.append(_next_step(restored))
    return "\n".join(lines)


def _next_step(restored: Restored) -> str:
    start = "Start the bot; it indexes the servers' own texts."
    has_shared = any(map(is_shared, restored.manifest.texts))
    if restored.shared is not None and has_shared:
        place = printable(str(restored.shared))
        return f"The texts that all servers share are in {place}: copy them to CORPUS_DIR. {start}"
    if restored.shared is None and not has_shared:
        return f"Run `pullquote rebuild` where the texts that all servers share are. {start}"
    return start
