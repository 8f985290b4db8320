"""Ask and answer in a terminal, with follow-ups."""

from rich.console import Console

from bot.answering import Turn, answer_question, explain, extend_history
from bot.errors import NoSuchTextError
from bot.indexing.scope import limit_to
from bot.rendering.plain_text import counted
from bot.rendering.terminal import print_line
from bot.terminal.answer_forms import print_text
from index import AnySearcher, LiveSearcher

_PROMPT = "\n? "

_HELP = """\
Type a question; the next one may build on it ("and when was that?"), or point at
what was shown ("the second one", "what comes after that?", "more").
  :why    how the last question was read, and what each paragraph scored
  :new    forget what was asked before
  :in X   search only the texts with this path, folder or title; :in alone for all
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
    conversation = _Conversation(live, console)
    while (line := _read_line()) is not None:
        if line in (":quit", ":q", ":exit"):
            return
        try:
            conversation.read(line)
        except NoSuchTextError as error:
            print_line(console, str(error))


class _Conversation:
    """The questions that were asked, and the texts that are searched."""

    def __init__(self, live: LiveSearcher, console: Console) -> None:
        self._live = live
        self._console = console
        self._history: list[Turn] = []
        self._last: tuple[str, list[Turn]] | None = None
        self._searched: list[str] = []

    def read(self, line: str) -> None:
        """Obey a command, or answer a question.

        Raises:
            NoSuchTextError: The texts to search are not there; then all are searched.
        """
        command, _, argument = line.partition(" ")
        if line == ":new":
            self._history, self._last = [], None
            print_line(self._console, "Forgotten. Ask something new.")
        elif line == ":why":
            self._explain()
        elif command == ":in":
            self._searched = [argument.strip()] if argument.strip() else []
            texts = counted(len(self._searcher().sources()), "text")
            print_line(self._console, f"Searching {texts} from now on.")
        elif line.startswith(":"):
            self._console.print(_HELP, markup=False, highlight=False)
        elif line:
            self._answer(line)

    def _answer(self, question: str) -> None:
        answer = answer_question(question, self._history, self._searcher(), joins=True)
        if answer.turn and answer.turn.question == question:
            self._last = (question, self._history)
        self._history = extend_history(self._history, answer)
        print_text(answer, None, self._console, searched=self._searched)

    def _explain(self) -> None:
        explanations = ["Nothing was asked yet."]
        if self._last:
            explanations = list(explain(*self._last, self._searcher()))
        for explanation in explanations:
            print_line(self._console, explanation, style="dim")

    def _searcher(self) -> AnySearcher:
        searched, self._searched = self._searched, []
        searcher = limit_to(self._live.current(), searched)
        self._searched = searched
        return searcher


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
