"""Choose the sentence of a passage that answers best."""

import numpy as np

from index.lexical.bm25 import Scores
from index.passages.passage import Passage, Sentence
from index.search.ranking.answer_type import expected_answer
from index.search.ranking.query_information import QueryInformation
from index.vectors.tiers import NEURAL, STATIC

# A sentence's share of the query's words counts this much beside its cosine, and the expected
# kind of answer in it that much.
_WORDS_IN_SENTENCE = {STATIC: 0.5, NEURAL: 0.3}
_ANSWER_TYPE_BONUS = 0.2


def best_sentence(
    passage: Passage,
    information: QueryInformation,
    question: str,
    cosines: tuple[str, Scores] | None,
) -> Sentence | None:
    """Return the sentence that fits the query and the kind of answer; the first of equals.

    Args:
        passage: Whose sentences.
        information: The query's.
        question: Tells what kind of answer is expected.
        cosines: Of the query and each sentence, and their kind of vectors; None by words alone.

    Returns:
        None where by words alone no sentence shares any.
    """
    shared = np.array([information.held(s.words) for s in passage.sentences])
    scores = shared / shared.max() if shared.max() > 0 else shared
    if cosines:
        kind, of_sentences = cosines
        scores = of_sentences + _WORDS_IN_SENTENCE[kind] * scores
    elif not shared.any():
        return None
    if expected := expected_answer(question):
        holds = [bool(expected.search(text)) for text in passage.sentence_texts()]
        scores = scores + _ANSWER_TYPE_BONUS * np.array(holds)
    return passage.sentences[int(np.argmax(scores))]
