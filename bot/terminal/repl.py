"""Ask and answer in a terminal, with follow-ups."""

from rich.console import Console
from rich.text import Text

from bot.answering import Quote, Turn, answer_question, explain, extend_history
from bot.config.settings import Settings
from bot.errors import NoSuchTextError
from bot.indexing.scope import limit_to
from bot.rendering.plain_text import counted, printable
from bot.rendering.terminal import print_line
from bot.terminal.answer_forms import print_text
from bot.terminal.line_editing import LineEditing
from bot.terminal.quote_place import place_of
from index import AnySearcher, ClusterError, LiveSearcher

_PROMPT = "\n? "

_HELP = """\
Type a question; the next one may build on it ("and when was that?"), or point at
what was shown ("the second one", "what comes after that?", "more").
  :why      how the last question was read, and what each paragraph scored
  :new      forget what was asked before
  :in X     search only the texts with this path, folder or title; :in alone for all
  :open N   print the file and the line of quote N; :open alone for the first
  :history  where typed lines are kept; :history off deletes them and keeps no more
  :help     this text
  :quit     leave (or Ctrl-D)
Tab completes commands, and titles after :in."""

_COMMANDS = (":why", ":new", ":in ", ":open ", ":history ", ":help", ":quit")


def run_repl(live: LiveSearcher, console: Console, settings: Settings) -> None:
    """Read questions and print answers until the input ends or `:quit`."""
    editing = LineEditing(
        settings.history_file,
        lambda line: _completions(line, live),
        keeps_history=settings.repl_history,
    )
    manifest = live.current().manifest
    print_line(
        console,
        f"Pullquote knows {counted(manifest.documents, 'text')} with "
        f"{counted(manifest.passages, 'passage')}. "
        "Ask a question; :help for more, Ctrl-D to leave.",
    )
    conversation = _Conversation(live, console, settings, editing)
    try:
        while (line := _read_line()) is not None:
            if line in (":quit", ":q", ":exit"):
                return
            try:
                conversation.read(line)
            except (NoSuchTextError, ClusterError) as error:  # the next line may be answered
                print_line(console, str(error))
    finally:
        editing.close()


def _completions(line: str, live: LiveSearcher) -> list[str]:
    """Return the lines that a beginning may become: commands, and titles after `:in`."""
    if not line.startswith(":in "):
        return [one for one in _COMMANDS if line and one.startswith(line)]
    wanted = line.removeprefix(":in ").lstrip().casefold()
    titles = {printable(text.title) for text in live.current().sources()}
    return [f":in {one}" for one in sorted(titles) if one.casefold().startswith(wanted)]


class _Conversation:
    """The questions that were asked, and the texts that are searched."""

    def __init__(
        self, live: LiveSearcher, console: Console, settings: Settings, editing: LineEditing
    ) -> None:
        self._live = live
        self._console = console
        self._settings = settings
        self._editing = editing
        self._quotes: tuple[Quote, ...] = ()
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
        elif command == ":open":
            self._print_place(argument.strip() or "1")
        elif command == ":history":
            print_line(self._console, self._history_line(argument.strip()))
        elif line.startswith(":"):
            self._console.print(_HELP, markup=False, highlight=False)
        elif line:
            self._answer(line)

    def _answer(self, question: str) -> None:
        searcher = self._searcher()
        answer = answer_question(question, self._history, searcher, joins=True)
        self._quotes = answer.quotes or self._quotes
        if answer.turn and answer.turn.question == question:
            self._last = (question, self._history)
        self._history = extend_history(self._history, answer)
        print_text(answer, None, self._console, searcher, searched=self._searched)

    def _print_place(self, number: str) -> None:
        """Print where one of the quotes that were shown last stands, on a line of its own."""
        shown = {str(n): quote for n, quote in enumerate(self._quotes, 1)}
        if number not in shown:
            print_line(
                self._console, f"There is no such quote: {counted(len(shown), 'quote')} shown."
            )
            return
        try:
            place = place_of(shown[number], self._settings.corpus_dir)
        except OSError as error:
            place = f"{error.filename}: {error.strerror}; the texts may have changed"
        self._console.print(Text(printable(place)), soft_wrap=True)

    def _history_line(self, wanted: str) -> str:
        """Turn the history on or off as wanted, and return a line about it."""
        file = self._settings.history_file
        if wanted == "off":
            try:
                self._editing.forget_history()
            except OSError as error:
                return f"{file} could not be deleted ({error.strerror}); nothing more is kept."
            return (
                "What was typed is deleted, and nothing more is kept until you leave. "
                "REPL_HISTORY=off in .env keeps it off."
            )
        if wanted == "on" and not self._editing.keep_history():
            return "Lines are kept in a terminal only."
        if self._editing.keeps_history:
            return f"Typed lines are kept in {file}, for you alone. :history off deletes them."
        return "Typed lines are not kept. :history on keeps those of this session."

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
