"""Where the checkout lies, and what may lie beside it."""

from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
SHARED = REPOSITORY.parent / "shared"
SHARED_ARTICLE = SHARED / "eval" / "article"

needs_article = pytest.mark.skipif(
    not SHARED_ARTICLE.is_dir(), reason="the article is not beside this checkout"
)
