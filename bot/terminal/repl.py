"""Ask and answer in a terminal, with follow-ups."""

from rich.console import Console

from bot.answering import Turn, answer_question, explain, extend_history
from bot.rendering.plain_text import counted
from bot.rendering.terminal import print_answer, print_line
from index import LiveSearcher

_PROMPT = "\n? "

_HELP = """\
Type a question; the next one may build on it ("and when was that?"), or point at
what was shown ("the second one", "what comes after that?", "more").
  :why    how the last question was read, and what each paragraph scored
  :new    forget what was asked before
  :help   this text
  :quit   leave (or Ctrl-D)"""


def run_repl(live: LiveSearcher, console: Console) -> None:
    """Read questions and print answers until the input ends or `:quit`."""
    _enable_line_editing()
    manifest = live.current().manifest
    print_line(
        console,
        f"Pullquote knows {counted(manifest.documents, 'text')} with "
        f"{counted(manifest.passages, 'passage')}. "
        "Ask a question; :help for more, Ctrl-D to leave.",
    )
    history: list[Turn] = []
    last: tuple[str, list[Turn]] | None = None
    while (line := _read_line()) is not None:
        if line in (":quit", ":q", ":exit"):
            return
        if line == ":new":
            history, last = [], None
            print_line(console, "Forgotten. Ask something new.")
        elif line == ":why":
            explanations = explain(*last, live.current()) if last else ["Nothing was asked yet."]
            for explanation in explanations:
                print_line(console, explanation, style="dim")
        elif line.startswith(":"):
            console.print(_HELP, markup=False, highlight=False)
        elif line:
            answer = answer_question(line, history, live.current(), joins=True)
            if answer.turn and answer.turn.question == line:
                last = (line, history)
            history = extend_history(history, answer)
            print_answer(console, answer)


def _read_line() -> str | None:
    """Return the next line without the white space around it; None at the end of the input."""
    while True:
        try:
            return input(_PROMPT).strip()
        except EOFError:
            print()
            return None
        except KeyboardInterrupt:  # Ctrl-C drops the line that is being typed
            print()


def _enable_line_editing() -> None:
    try:
        import readline  # noqa: F401  # importing it is what turns it on
    except ImportError:  # not on every platform
        return
