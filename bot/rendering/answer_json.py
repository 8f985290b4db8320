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
    """Return a quote's object; fields that a quote does not have are left out."""
    code = next((mark.value for mark in quote.marks if mark.kind == "code"), "")
    optional = {
        "url": quote.url,
        "date": quote.date,
        "page": quote.page,
        "time": quote.time,
        "paragraph_end": quote.paragraph_end if quote.paragraph_end > quote.paragraph else None,
        "context": quote.context,
        "language": code or None,
        "version": quote.version,
        "other_versions": list(quote.other_versions) or None,
        "also": [[copy.source, copy.paragraph] for copy in quote.copies] or None,
    }
    return {
        "text": quote.text,
        "source": quote.source,
        "title": quote.title,
        "section": quote.section,
        "paragraph": quote.paragraph,
        **{name: value for name, value in optional.items() if value is not None},
        "score": round(quote.score, 4),
        "highlight": list(quote.highlight) if quote.highlight else None,
    }
