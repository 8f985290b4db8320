"""The steps about texts: their folder, the index, their languages, a first question."""

from dataclasses import replace
from pathlib import Path

from bot.answering import answer_question, example_question
from bot.config.sample_corpus import copy_sample
from bot.config.settings import Settings
from bot.indexing import open_index
from bot.rendering.plain_text import counted
from bot.terminal.answer_forms import print_text
from bot.terminal.init.dialogue import Dialogue
from bot.terminal.init.given import Given
from bot.terminal.init.settings_file import keep_setting
from index import (
    MAX_FOREIGN_SHARE,
    BuildReport,
    EmptyCorpusError,
    LiveSearcher,
    Tier,
    foreign_share,
)

_MULTILINGUAL = "auto"


def choose_folder(dialogue: Dialogue, settings: Settings, given: Given) -> Settings:
    """Return the settings with the folder of texts, which is made if it is missing.

    Raises:
        OSError: The folder of an option cannot be made.
    """
    if given.corpus is not None or not dialogue.interactive:
        folder = given.corpus or settings.corpus_dir
        _make(dialogue, folder)
    else:
        folder = _ask_for_folder(dialogue, settings.corpus_dir)
    for variable, path, former in (
        ("CORPUS_DIR", folder, settings.corpus_dir),
        ("DATA_DIR", given.data or settings.data_dir, settings.data_dir),
    ):
        if path != former:
            keep_setting(dialogue, variable, str(path))
    return replace(settings, corpus_dir=folder, data_dir=given.data or settings.data_dir)


def _ask_for_folder(dialogue: Dialogue, default: Path) -> Path:
    """Return the folder that a person names, which is there then."""
    while True:
        typed = dialogue.ask("Folder of your texts", str(default))
        try:
            folder = Path(typed).expanduser()
            # The usual folder is expected to be missing at first; another may be mistyped.
            is_expected = folder == default or folder.exists()
            question = f"There is no folder {typed}. Make it?"
            if is_expected or dialogue.confirm(question, None, default=True):
                _make(dialogue, folder)
        except FileExistsError:
            dialogue.tell(f"{typed} is a file. Name a folder.")
        except OSError as error:
            dialogue.tell(f"{typed} cannot be made: {error.strerror}. Name another folder.")
        except RuntimeError:  # of expanduser
            dialogue.tell(f"{typed} does not name a user's home. Name another folder.")
        else:
            if folder.is_dir():
                return folder


def build(dialogue: Dialogue, settings: Settings, given: Given) -> BuildReport | None:
    """Build the index, and return its report; None if there are no texts.

    Raises:
        PassageIndexError: The index cannot be built.
    """
    try:
        report = open_index.rebuild(settings)
    except EmptyCorpusError as error:
        dialogue.tell(f"{error.corpus_dir}: {error.reason}.")
        question = "Copy a sample text there, to try the bot with?"
        if not dialogue.confirm(question, given.sample, default=True):
            dialogue.tell("Put texts there (.txt, .md, .html, .pdf, .docx and others).")
            return None
        if copy := copy_sample(settings.corpus_dir):
            dialogue.tell(f"Copied {copy}.")
        report = open_index.rebuild(settings)
    open_index.report_skipped(report)
    texts, passages = counted(report.documents, "text"), counted(report.passages, "passage")
    dialogue.tell(f"The index holds {texts} with {passages}.")
    if report.vectors_are_pending:
        dialogue.tell("The encoder reads them while the bot runs; until then words answer.")
    return report


def take_encoder(dialogue: Dialogue, settings: Settings, given: Given) -> Settings:
    """Return the settings with the encoder that an option names.

    Raises:
        SettingsError: `.env` has another one, and nobody can be asked whether to replace it.
    """
    if given.neural_model in (None, settings.neural_model):
        return settings
    keep_setting(dialogue, "NEURAL_MODEL", given.neural_model)
    return replace(settings, neural_model=given.neural_model)


def offer_encoder(
    dialogue: Dialogue, settings: Settings, given: Given, report: BuildReport
) -> Settings:
    """Return the settings with an encoder for other languages than English, where it is wanted.

    Raises:
        PassageIndexError: The index cannot be built with it.
    """
    is_foreign = foreign_share(report.languages) > MAX_FOREIGN_SHARE
    has_encoder_for_english = settings.retrieval is Tier.ENCODER and not settings.neural_model
    # The report of the build has said what it is for, and how large it is.
    question = "Fetch the encoder for all languages now (NEURAL_MODEL=auto)?"
    is_asked = given.neural_model is None and is_foreign and has_encoder_for_english
    if not (is_asked and dialogue.confirm(question, None)):
        return settings
    keep_setting(dialogue, "NEURAL_MODEL", _MULTILINGUAL)
    settings = replace(settings, neural_model=_MULTILINGUAL)
    open_index.rebuild(settings)
    return settings


def ask_first_question(dialogue: Dialogue, settings: Settings, given: Given) -> None:
    """Answer a question of the owner's, or one drawn from the texts.

    Raises:
        PassageIndexError: The index cannot be opened.
    """
    live = LiveSearcher(settings.index_dir, settings.retrieval, settings.models_dir)
    searcher = live.current()
    question = given.question or example_question(searcher) or ""
    if given.question is None and dialogue.interactive:
        question = dialogue.ask("Your question", question)
    else:
        dialogue.tell(f"? {question}")
    while question:
        answer = answer_question(question, [], searcher, joins=True)
        print_text(answer, None, dialogue.console, searcher)
        if answer.quotes or not dialogue.interactive:
            return
        question = dialogue.ask("Another question (Enter to go on)", "")


def _make(dialogue: Dialogue, folder: Path) -> None:
    """Make a folder, if it is missing.

    Raises:
        OSError: That is impossible.
    """
    if not folder.is_dir():
        folder.mkdir(parents=True)
        dialogue.tell(f"Made the folder {folder}.")
