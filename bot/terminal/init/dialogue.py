"""Ask the owner on a terminal; without one, take what the options say and never wait."""

import sys

import click
from rich.console import Console

from bot.operations.logs.redaction import without_secrets
from bot.rendering.terminal import print_line


class Dialogue:
    """Tells and asks things on the terminal.

    Attributes:
        interactive: Whether there is somebody to ask.
        console: Where answers to questions are printed.
    """

    def __init__(self, *, may_ask: bool, force: bool) -> None:
        """Begin a dialogue.

        Args:
            may_ask: Whether to ask, if input and output are a terminal.
            force: Whether to replace what is there without asking.
        """
        self.interactive = may_ask and sys.stdin.isatty() and sys.stdout.isatty()
        self.console = Console(highlight=False, soft_wrap=False)
        self._force = force

    def head(self, title: str) -> None:
        """Begin a step."""
        click.secho(f"\n{title}", bold=True)

    def tell(self, line: str) -> None:
        """Print a line within the width of the terminal, without secrets."""
        print_line(self.console, without_secrets(line))

    def ask(self, question: str, default: str | None = None) -> str:
        """Return what a person types, or the default for an empty line; only if `interactive`.

        An empty line is asked again if there is no default.
        """
        answer: str = click.prompt(question, default=default, show_default=bool(default), type=str)
        return answer.strip()

    def ask_secret(self, question: str) -> str:
        """Return what a person types without showing it; may be empty. Only if `interactive`."""
        answer: str = click.prompt(question, default="", show_default=False, hide_input=True)
        return answer.strip()

    def confirm(self, question: str, option: bool | None, *, default: bool = False) -> bool:
        """Return what an option says, else a person; without either False.

        Args:
            question: What is asked.
            option: The option; None if it was not given.
            default: What an empty line means.
        """
        if option is not None:
            return option
        return self.interactive and click.confirm(question, default=default)

    def may_replace(self, what: str) -> bool | None:
        """Return whether something may be replaced; None if nobody said so, and nobody can."""
        if self._force:
            return True
        return click.confirm(f"Replace {what}?", default=False) if self.interactive else None
