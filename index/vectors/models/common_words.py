"""Tell a word that anybody may write from a typo, by the encoder's vocabulary."""

import json
from functools import cache

from index.vectors.models.model_files import TOKENIZER, packaged_model


def is_common_word(word: str) -> bool:
    """Return whether a word in small letters is one piece of the vocabulary."""
    return word in _vocabulary()


@cache
def _vocabulary() -> frozenset[str]:
    # The tokenizer itself would take longer to load.
    described = json.loads((packaged_model() / TOKENIZER).read_bytes())
    return frozenset(described["model"]["vocab"])
