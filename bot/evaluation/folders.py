"""Evaluate a folder of question sets, each over its own texts, side by side in each tier."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.config.settings import Settings
from bot.errors import QuestionSetError
from bot.evaluation.metrics import run_question_set, summarise
from bot.evaluation.question_sets import Question, load_question_set
from bot.indexing.build import encoder_choice
from bot.operations.logs.setup import tell
from index import Searcher, Tier, build_index

# A set is a folder with this file and, beside it, the folder of its texts.
_QUESTIONS, _TEXTS = "questions.json", "corpus"

TIERS = (Tier.LEXICAL, Tier.ENCODER)


@dataclass(frozen=True, slots=True)
class SetFigures:
    """The figures of one question set in one tier.

    Attributes:
        name: The folder of the set, below the folder that is evaluated.
        tier: The tier.
        ranking: The figures of `summarise` if nothing is refused.
        answers: Those of the answers that people see.
    """

    name: str
    tier: Tier
    ranking: dict[str, Any]
    answers: dict[str, Any]


def evaluate_folder(
    settings: Settings, folder: Path, tiers: Sequence[Tier] = TIERS
) -> Iterator[SetFigures]:
    """Yield the figures of each set below a folder, in the order of their names, for each tier.

    Args:
        settings: Name the encoder; the indexes are built in a temporary folder.
        folder: Folders with `questions.json` and `corpus/`, at any depth.
        tiers: The tiers; that of the encoder is left out, with a line, if it cannot be used.

    Raises:
        QuestionSetError: There is no set, or one does not fit its texts.
        PassageIndexError: An index cannot be built.
    """
    sets = [path.parent for path in sorted(folder.rglob(_QUESTIONS)) if _has_texts(path)]
    if not sets:
        raise QuestionSetError(
            f"{folder}: no question set; a set is a folder with {_QUESTIONS} and {_TEXTS}/"
        )
    told: set[str | None] = set()
    for one in sets:
        with TemporaryDirectory(ignore_cleanup_errors=True) as index_dir:
            for tier in tiers:
                searcher = _open(settings, one / _TEXTS, Path(index_dir), tier)
                problem = searcher.manifest.encoder_problem
                if searcher.tier is not tier and problem not in told:
                    tell(f"{problem}; its figures are left out.", logging.WARNING)
                    told.add(problem)
                if searcher.tier is tier:
                    asked = load_question_set(one / _QUESTIONS, searcher)
                    yield _figures(one.relative_to(folder).as_posix(), tier, asked, searcher)


def _open(settings: Settings, corpus: Path, index_dir: Path, tier: Tier) -> Searcher:
    encoder = encoder_choice(replace(settings, retrieval=tier), settings.models_dir)
    build_index(corpus, index_dir, encoder=encoder, within_s=None, max_file_mb=settings.max_file_mb)
    return Searcher.open(index_dir, tier, settings.models_dir)


def _has_texts(questions: Path) -> bool:
    return questions.with_name(_TEXTS).is_dir()


def _figures(
    name: str, tier: Tier, asked: Sequence[Sequence[Question]], searcher: Searcher
) -> SetFigures:
    ranking, answers = (
        summarise(run_question_set(asked, searcher, refuses=refuses)) for refuses in (False, True)
    )
    return SetFigures(name, tier, ranking, answers)
