"""What the options of `pullquote init` say; None where they say nothing."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Given:
    """The options.

    Attributes:
        corpus: The folder of texts.
        data: The folder of the index.
        token: The bot's token.
        sample: Whether to copy the sample text into a folder without texts.
        qr: Whether to print a QR code of the invitation.
        neural_model: The encoder, as the setting NEURAL_MODEL.
        privacy_contact: Whom the privacy page names; it is written if this is given.
        question: The first question.
    """

    corpus: Path | None = None
    data: Path | None = None
    token: str | None = None
    sample: bool | None = None
    qr: bool | None = None
    neural_model: str | None = None
    privacy_contact: str | None = None
    question: str | None = None
