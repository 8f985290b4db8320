"""Train the weights of `bot/answering/message_kinds/` and show what they tell.

    python -m tests.training.message_kinds INTENTS.tsv [QUESTIONS.json ...]

INTENTS.tsv holds an intent and an utterance a line; every fifth utterance is kept aside to show the
figures, and then all are learned from. QUESTIONS.json are question sets: the shares of their first
questions that texts answer, and of their remarks, that are told are shown, too. Nothing is learned
from them.

The intents hold hardly any question of the kind that texts answer, so many are made from their
own utterances: a remark or a request that speaks of another thing ("who made the mortgage" for "who
made you") may be a question about texts.
"""

import json
import random
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.answering.message_kinds.classifier import (
    WEIGHTS_PATH,
    Kinds,
    Weights,
    ngrams_of,
    probabilities,
)
from bot.answering.small_talk import MIN_FOR_PEOPLE, MIN_REMARK
from index.analysis.stop_words import STOP_WORDS

Utterance = tuple[str, str]  # its intent and its text

_REMARK, _REQUEST, _QUESTION = range(3)

_REMARKS = frozenset(
    """
    are_you_a_bot do_you_have_pets goodbye greeting how_old_are_you meaning_of_life tell_joke
    thank_you what_are_your_hobbies what_can_i_ask_you what_is_your_name where_are_you_from
    who_do_you_work_for who_made_you
    """.split()
)

# What only the person who asks, or somebody near them, can know or do.
_REQUESTS = frozenset(
    """
    alarm application_status balance bill_balance bill_due calendar calendar_update cancel
    change_accent change_ai_name change_user_name credit_limit credit_score current_location date
    find_phone flight_status flip_coin gas income last_maintenance lost_luggage make_call maybe
    meal_suggestion meeting_schedule min_payment mpg next_song no order_status payday play_music
    pto_balance pto_request_status pto_used reminder reminder_update repeat restaurant_reservation
    restaurant_suggestion rewards_balance roll_dice schedule_meeting share_location shopping_list
    shopping_list_update smart_home spending_history text time timer todo_list todo_list_update
    traffic transactions uber update_playlist user_name weather what_song whisper_mode yes
    """.split()
)

# Between the kinds.
_LEFT_OUT = frozenset(
    """
    accept_reservations book_flight book_hotel car_rental change_language change_speed change_volume
    directions distance fun_fact how_busy next_holiday order pay_bill timezone transfer
    """.split()
)

# Requests that ask how something is done are questions that manuals answer.
_ASKS_HOW = re.compile(
    r"(?:\S+ ){0,4}?(?:how (?:do|can|could|would|should|to|does)|can (?:i|we)|could i"
    r"|is it possible|what (?:happens|if|steps))\b"
)

_YOU = frozenset("you your yourself u ur yours you're you've youre".split())
_ME = frozenset("my i me we our us mine i'm i've we're im".split())
_OWN = frozenset("your my our".split())

# So many questions are made of a remark that addresses the bot.
_N_OTHER_SUBJECTS = 3

# The share of such remarks of which a question with "you" about another thing is made.
_SHARE_OF_OTHER_OBJECTS = 0.5

# The share of questions that are also learned from with a greeting before them.
_SHARE_GREETED = 0.1

# N-grams that fewer utterances hold get no weight.
_MIN_UTTERANCES = 30

_INVERSE_RIDGE = 5.0

# Every so many utterances one is kept aside.
_ASIDE = 5


def read_intents(path: Path) -> list[Utterance]:
    """Return the utterances of a file with their intents, without those between the kinds."""
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines)
    return [(intent, text) for intent, text in pairs if intent not in _LEFT_OUT]


def kind_of(utterance: Utterance) -> int:
    """Return the kind that an utterance is an example of."""
    intent, text = utterance
    if intent in _REMARKS:
        return _REMARK
    return _REQUEST if intent in _REQUESTS and not _ASKS_HOW.match(text) else _QUESTION


def made_questions(utterances: Sequence[Utterance], seed: int = 1) -> Iterator[str]:
    """Yield questions made from utterances, the same ones for the same seed."""
    choose = random.Random(seed)
    asked = [text for intent, text in utterances if kind_of((intent, text)) == _QUESTION]
    nouns = sorted(
        {word for text in asked for word in text.split() if len(word) > 3 and _tells(word)}
    )
    for utterance in utterances:
        yield from _about_other_things(utterance, nouns, choose)
    greetings = [
        text
        for intent, text in utterances
        if intent in ("greeting", "thank_you", "goodbye") and len(text.split()) <= 3
    ]
    for text in asked:
        if greetings and choose.random() < _SHARE_GREETED:
            yield f"{choose.choice(greetings)} {text}"


def _tells(word: str) -> bool:
    return word.replace("'", "") not in STOP_WORDS and word not in _YOU | _ME


def _about_other_things(
    utterance: Utterance, nouns: Sequence[str], choose: random.Random
) -> Iterator[str]:
    """Yield an utterance with other things in place of persons, or else of all that it names."""
    kind, words = kind_of(utterance), utterance[1].split()
    if kind == _QUESTION or len(words) < 2:
        return
    persons = _YOU if kind == _REMARK else _YOU | _ME
    places = [at for at, word in enumerate(words) if word in persons]
    things = [at for at, word in enumerate(words) if _tells(word)]

    def thing(word: str) -> str:
        noun = choose.choice(nouns)
        return f"the {noun}'s" if word in _OWN else choose.choice(["the ", ""]) + noun

    def replaced(at: Iterable[int], by: Callable[[str], str]) -> str:
        return " ".join(by(word) if n in at else word for n, word in enumerate(words))

    if not places and things:
        at = things[-1:] if len(words) == 2 else things
        yield replaced(at, lambda _: choose.choice(nouns))
    if not places:
        return
    if kind == _REQUEST:
        yield replaced(places, thing)
        return
    for _ in range(_N_OTHER_SUBJECTS):
        first = places[:1] if choose.random() < 0.5 else []
        yield replaced({places[-1], *first}, thing)
    if things and len(words) > 2 and choose.random() < _SHARE_OF_OTHER_OBJECTS:
        yield replaced(things, lambda _: choose.choice(nouns))


def train(utterances: Sequence[Utterance]) -> Weights:
    """Return what a logistic regression learns from utterances."""
    made = list(made_questions(utterances))
    texts = [text for _, text in utterances] + made
    kinds = [kind_of(utterance) for utterance in utterances] + [_QUESTION] * len(made)
    vectorizer = TfidfVectorizer(analyzer=ngrams_of, sublinear_tf=True)
    features = vectorizer.fit_transform(texts)
    kept = np.flatnonzero(np.bincount(features.indices) >= _MIN_UTTERANCES)
    model = LogisticRegression(C=_INVERSE_RIDGE, class_weight="balanced", max_iter=1000)
    model.fit(features[:, kept], kinds)
    ngrams = vectorizer.get_feature_names_out()[kept]
    return Weights(
        {ngram: row for row, ngram in enumerate(ngrams)},
        vectorizer.idf_[kept].astype(np.float32),
        float(vectorizer.idf_.max()),
        model.coef_.T.astype(np.float32),
        model.intercept_.astype(np.float32),
    )


def save(learned: Weights, path: Path) -> None:
    """Write weights with half precision, which changes no probability by more than a thousandth."""
    np.savez_compressed(
        path,
        ngrams=np.array(list(learned.rows)),
        idf=learned.idf.astype(np.float16),
        unseen_idf=np.float16(learned.unseen_idf),
        weights=learned.weights.astype(np.float16),
        bias=learned.bias.astype(np.float16),
    )


def first_questions(path: Path) -> tuple[list[str], list[str]]:
    """Return the first questions of a set: those about texts, and its remarks."""
    asked: list[str] = []
    remarks: list[str] = []
    for entry in json.loads(path.read_text(encoding="utf-8")):
        first = entry.get("turns", [entry])[0]
        kind = entry.get("kind")
        if kind != "off_topic":
            (remarks if kind == "chitchat" else asked).append(first["question"])
    return asked, remarks


def main(
    intents: Path, question_sets: Sequence[Path], console: Console, weights: Path = WEIGHTS_PATH
) -> None:
    """Show what utterances kept aside and question sets are told to be, and write the weights."""
    utterances = read_intents(intents)
    table = Table("", "messages", "remarks", "for people", box=None)
    learned = train([utterance for n, utterance in enumerate(utterances) if n % _ASIDE])
    for kind, name in enumerate(Kinds._fields):
        aside = [each[1] for each in utterances[::_ASIDE] if kind_of(each) == kind]
        table.add_row(f"kept aside, {name}", *told(aside, learned))
    learned = train(utterances)
    for path in question_sets:
        asked, remarks = first_questions(path)
        table.add_row(str(path), *told(asked, learned))
        if remarks:
            table.add_row(f"{path}, remarks", *told(remarks, learned))
    save(learned, weights)
    console.print(table)
    console.print(f"{len(learned.rows)} n-grams, {weights.stat().st_size} bytes")


def told(texts: Sequence[str], learned: Weights) -> tuple[str, str, str]:
    """Return how many texts there are, and the shares told to be remarks, and to be for people."""
    kinds = [probabilities(text, learned) for text in texts]
    remarks = sum(kind.remark >= MIN_REMARK for kind in kinds)
    people = sum(1 - kind.question >= MIN_FOR_PEOPLE for kind in kinds)
    n = max(len(texts), 1)
    return str(len(texts)), f"{remarks / n:.3f}", f"{people / n:.3f}"


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: python -m tests.training.message_kinds INTENTS.tsv [QUESTIONS.json ...]")
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]], Console())
