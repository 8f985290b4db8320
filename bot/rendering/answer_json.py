"""Answers as the JSON that scripts read."""

from typing import Any

from bot.answering import Answer, Quote


def answer_to_json(answer: Answer) -> dict[str, Any]:
    """Return the documented JSON object of an answer, without an id."""
    return {
        "question": answer.question,
        "answered": answer.answered,
        "reason": answer.reason,
        "hesitant": answer.hesitant,
        "example": answer.example,
        "quotes": [_quote_to_json(quote) for quote in answer.quotes],
        "milliseconds": round(answer.milliseconds, 2),
    }


def _quote_to_json(quote: Quote) -> dict[str, Any]:
    """Return a quote's object; "page" and "url" are left out if the document has none."""
    url = {} if quote.url is None else {"url": quote.url}
    page = {} if quote.page is None else {"page": quote.page}
    return {
        "text": quote.text,
        "source": quote.source,
        "title": quote.title,
        **url,
        "section": quote.section,
        **page,
        "paragraph": quote.paragraph,
        "score": round(quote.score, 4),
        "highlight": list(quote.highlight) if quote.highlight else None,
    }
