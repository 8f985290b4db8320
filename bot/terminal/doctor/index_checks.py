"""The checks of the index and of its encoder."""

import contextlib
from collections.abc import Mapping
from datetime import UTC, datetime

from bot.config.settings import Settings
from bot.errors import BotError
from bot.indexing.build import encoder_choice, inspect
from bot.indexing.open_index import show_progress, unread_languages
from bot.indexing.shared_texts import following
from bot.rendering.plain_text import counted
from bot.terminal.doctor.check import Check, Status, check_of_error
from index import EncoderUnavailableError, IndexInspection, PassageIndexError

_NAME, _MODEL = "index", "model"
_REBUILD = "run: pullquote rebuild"
_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60))

# Languages below this share of the passages are not named.
_SHOWN_SHARE = 0.01


def check_index(settings: Settings) -> tuple[Check, IndexInspection | None]:
    """Check the index against the texts; also return what was found of an index that is whole."""
    settings = _of_bot(settings)
    try:
        found = inspect(settings)
    except PassageIndexError as error:
        return check_of_error(_NAME, "failure", error), None
    except OSError as error:
        detail = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        return Check(_NAME, "failure", detail, "let the user of the bot read it"), None
    return _check_found(found), found


def _of_bot(settings: Settings) -> Settings:
    """Return the settings of the index that the bot uses; before its first start, of the texts."""
    with contextlib.suppress(BotError):  # the address of the database has a check of its own
        own = following(settings)
        return own if own.index_dir.exists() else settings
    return settings


def _check_found(found: IndexInspection) -> Check:
    manifest = found.manifest
    problem, _, advice = (found.corpus_problem or "").partition("; ")
    if manifest is None and problem:
        return Check(_NAME, "failure", problem, advice)
    if manifest is None:
        return Check(_NAME, "warning", "none yet", f"{_REBUILD}; a start of the bot does it, too")
    details = [
        f"built {_age(manifest.built_at)} ago",
        f"{counted(manifest.documents, 'text')}, {counted(manifest.passages, 'passage')}",
        _languages(manifest.languages),
        "with vectors" if manifest.encoder_hash else "without vectors",
    ]
    doubts: dict[str, str] = {}
    if problem:
        doubts[problem] = advice
    elif not found.is_up_to_date:
        doubts["the texts or settings have changed since"] = _REBUILD
    if found.skipped:
        first = found.skipped[0]
        doubts[
            f"skipped {counted(len(found.skipped), 'file')}: {first.source!r} ({first.reason})"
        ] = "repair or remove what was skipped; `pullquote rebuild --json` lists all"
    if manifest.vectors_are_pending:
        doubts["the encoder has not read all texts yet"] = f"{_REBUILD}; a running bot does it, too"
    status: Status = "warning" if doubts else "ok"
    shown_advice = "; ".join(dict.fromkeys(filter(None, doubts.values())))
    return Check(_NAME, status, "; ".join([*details, *doubts]), shown_advice)


def _age(built_at: str) -> str:
    seconds = (datetime.now(UTC) - datetime.fromisoformat(built_at)).total_seconds()
    for unit, length_s in _UNITS:
        if seconds >= length_s:
            return counted(int(seconds // length_s), unit)
    return "less than a minute"


def _languages(passages: Mapping[str, int]) -> str:
    """Return the languages with their shares, the commonest first."""
    n_passages = sum(passages.values()) or 1
    shares = sorted(((n / n_passages, code) for code, n in passages.items()), reverse=True)
    return ", ".join(f"{code} {share:.0%}" for share, code in shares if share >= _SHOWN_SHARE)


def check_model(settings: Settings, found: IndexInspection | None) -> Check:
    """Check that the encoder can be loaded, and that it made the vectors of the index."""
    choice = encoder_choice(settings, settings.models_dir)
    if choice is None:
        return Check(_MODEL, "ok", "not used: RETRIEVAL is lexical")
    manifest = found.manifest if found else None
    languages = manifest.languages if manifest else {}
    chosen = choice.for_languages(languages)
    try:
        _, model_hash = chosen.find(show_progress)
    except EncoderUnavailableError as error:
        advice = f"{_REBUILD}, with a network; until then answers are found by words"
        return Check(_MODEL, "failure", str(error), advice)
    name = chosen.model or "the encoder of the package"
    if manifest and manifest.encoder_hash not in (None, model_hash):
        detail = f"{name} can be loaded, but other files made the vectors of the index"
        return Check(_MODEL, "failure", detail, _REBUILD)
    if manifest and manifest.encoder_problem:
        return Check(_MODEL, "warning", manifest.encoder_problem, _REBUILD)
    if unread := unread_languages(settings, languages):
        detail, _, advice = unread.partition("; ")
        return Check(_MODEL, "warning", detail, advice)
    fits = ", and made the vectors of the index" if manifest and manifest.encoder_hash else ""
    return Check(_MODEL, "ok", f"{name} can be loaded{fits}")
