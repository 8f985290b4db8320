"""Late interaction: compare each token of a question with the tokens of passages (MaxSim)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.arrays import Scores, Vectors
from index.vectors.token_basis import BYTE_SCALE, TokenBytes

# Tokens that are compared at a time: their products with a question of 10 tokens take 1.3 MB.
_BLOCK = 2**15


@dataclass(frozen=True, slots=True)
class QuestionTokens:
    """The tokens of a question.

    Attributes:
        vectors: Unit vectors, shape (n_tokens, 64).
        weights: The weight of each token, shape (n_tokens,); their sum is 1, or 0 without tokens.
    """

    vectors: Vectors
    weights: npt.NDArray[np.float64]


def max_sim(question: QuestionTokens, tokens: TokenBytes, ends: npt.NDArray[np.int64]) -> Scores:
    """Return the MaxSim of a question and each of some texts, -1 to 1.

    It is the weighted mean, over the tokens of the question, of the largest cosine with a token of
    the text; 0 for a text without tokens.

    Args:
        question: The tokens of the question.
        tokens: Those of the texts, one text after another, as `TokenBasis.to_bytes` returns them.
        ends: The position behind each text's last token, shape (n_texts,).

    Source:
        Khattab and Zaharia, "ColBERT", SIGIR 2020, with weights by inverse document frequency.
    """
    starts = np.concatenate(([0], ends[:-1])).astype(np.int64)
    scores = np.zeros(len(ends))
    filled = np.flatnonzero(ends > starts)
    first = 0
    while first < len(filled) and len(question.weights):
        # As many texts as fit into a block, at least one.
        limit = starts[filled[first]] + _BLOCK
        last = max(first + 1, int(np.searchsorted(ends[filled], limit, side="right")))
        block = filled[first:last]
        begin, end = starts[block[0]], ends[block[-1]]
        products = tokens[begin:end].astype(np.float32) @ question.vectors.T
        largest = np.maximum.reduceat(products, starts[block] - begin, axis=0)
        scores[block] = largest @ question.weights
        first = last
    return scores / BYTE_SCALE


def token_weights(
    pieces: npt.NDArray[np.uint32], document_frequencies: npt.NDArray[np.int32], n_passages: int
) -> npt.NDArray[np.float64]:
    """Return the inverse document frequency of word pieces, divided by their sum.

    Args:
        pieces: The numbers of the pieces.
        document_frequencies: By number, the count of passages with the piece; pieces with larger
            numbers are in none.
        n_passages: The number of passages.

    Source:
        The idf of BM25 that is never negative (Lucene): ln(1 + (N - n + .5) / (n + .5)).
    """
    counts = np.zeros(len(pieces))
    known = pieces < len(document_frequencies)
    counts[known] = document_frequencies[pieces[known]]
    idf = np.log1p((n_passages - counts + 0.5) / (counts + 0.5))
    total = idf.sum()
    return idf / total if total > 0 else idf
