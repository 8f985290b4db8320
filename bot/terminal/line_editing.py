"""Line editing of the prompt: completion with Tab, and history over sessions.

Only a terminal has them, and only where Python has readline (not on Windows).
"""

import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path

from bot.operations.logs.setup import tell

try:
    import readline
except ImportError:
    readline = None  # type: ignore[assignment]

# The newest lines are kept.
_MAX_LINES = 1000

# Nobody else may read what was asked.
_PRIVATE = 0o600


class LineEditing:
    """Completes lines, and keeps them in a file unless that is off."""

    def __init__(
        self, history: Path, completions: Callable[[str], list[str]], *, keeps_history: bool
    ) -> None:
        """Turn it on, with the lines of earlier sessions.

        Args:
            history: The file of these lines.
            completions: Returns what a beginning of a line may become.
            keeps_history: Whether lines are read from the file and written to it.
        """
        self._history = history
        self._completions = completions
        self._candidates: list[str] = []
        self.is_on = readline is not None and sys.stdin.isatty()
        self.keeps_history = self.is_on and keeps_history
        if self.is_on:
            self._turn_on()

    def keep_history(self) -> bool:
        """Keep the lines of this session from now on; return whether that is possible."""
        self.keeps_history = self.is_on
        return self.is_on

    def forget_history(self) -> None:
        """Delete the file, forget its lines, and keep none of this session.

        Raises:
            OSError: The file cannot be deleted.
        """
        self.keeps_history = False
        if self.is_on:
            readline.clear_history()
        self._history.unlink(missing_ok=True)

    def close(self) -> None:
        """Write the lines of this session and of earlier ones; a failure is one line."""
        if not self.keeps_history:
            return
        readline.set_history_length(_MAX_LINES)
        former_mask = os.umask(0o077)  # readline makes the file
        try:
            readline.write_history_file(self._history)
            self._history.chmod(_PRIVATE)
        except OSError as error:
            self._give_up("written", error)
        finally:
            os.umask(former_mask)

    def _turn_on(self) -> None:
        readline.set_completer_delims("")  # a title has spaces, so the whole line is completed
        readline.set_completer(self._complete)
        is_libedit = "libedit" in (readline.__doc__ or "")
        readline.parse_and_bind("bind ^I rl_complete" if is_libedit else "tab: complete")
        readline.set_auto_history(True)
        if self.keeps_history and self._history.exists():
            try:
                readline.read_history_file(self._history)
            except OSError as error:
                self._give_up("read", error)

    def _give_up(self, what: str, error: OSError) -> None:
        self.keeps_history = False
        tell(
            f"{self._history} could not be {what} ({error.strerror}), so typed lines are not kept; "
            "check the file, or set REPL_HISTORY=off",
            logging.WARNING,
        )

    def _complete(self, text: str, state: int) -> str | None:
        """Return a completion by its number, which counts up from 0; None after the last."""
        if state == 0:
            self._candidates = self._completions(text)
        return self._candidates[state] if state < len(self._candidates) else None
