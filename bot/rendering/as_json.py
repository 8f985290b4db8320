"""Answers as the JSON that scripts read."""

from typing import Any

from bot.answering import Answer


def answer_to_json(answer: Answer) -> dict[str, Any]:
    """Return the documented JSON object of an answer, without an id."""
    return {
        "question": answer.question,
        "answered": answer.answered,
        "reason": answer.reason,
        "hesitant": answer.hesitant,
        "example": answer.example,
        "quotes": [
            {
                "text": quote.text,
                "source": quote.source,
                "title": quote.title,
                "section": quote.section,
                "paragraph": quote.paragraph,
                "score": round(quote.score, 4),
                "highlight": list(quote.highlight) if quote.highlight else None,
            }
            for quote in answer.quotes
        ],
        "milliseconds": round(answer.milliseconds, 2),
    }
