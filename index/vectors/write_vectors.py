"""Give an index the vectors of its passages: those that are known, and those that it encodes."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.analysis.languages.codes import ENGLISH
from index.errors import EncoderUnavailableError
from index.passages.passage_file import PassageLines
from index.progress import Progress
from index.vectors.encode_passages import encode_all, make_basis
from index.vectors.measures import measure, write_frequencies, write_off_topic
from index.vectors.models.encoder import Encoder, open_encoder
from index.vectors.models.fetch_model import fetch_model
from index.vectors.token_basis import ENOUGH_TOKENS, TokenBasis, n_directions_for
from index.vectors.vector_files import EncoderRecord, PassageText, VectorFiles, gather
from index.vectors.vector_parts import MAX_PARTS, VectorParts

# `NEURAL_MODEL=auto` takes this model for texts in other languages than English: from the hub the
# file onnx/model.onnx, of 32 bits.
MULTILINGUAL = "intfloat/multilingual-e5-small"
MULTILINGUAL_MB = 490
AUTO = "auto"

# The share of passages in other languages above which the encoder of the package is not enough.
MAX_FOREIGN_SHARE = 0.05

# Sentences are encoded in a corpus of up to this many passages. They take half of the time of an
# encoding and improve hit@1 by 2 to 5 points.
MAX_PASSAGES_WITH_LINES = 3_000

# The largest size of the token vectors on the disk by default.
DEFAULT_MAX_TOKEN_MB = 1024

# A token takes at least 64 bytes, and its word piece 4; English has some 4.5 characters a token.
_TOKEN_BYTES, _CHARS_PER_TOKEN = 68, 4.5

# Passages are encoded again, with fewer dimensions, only where the tokens take twice their room.
_OUTGROWN = 2


@dataclass(frozen=True, slots=True)
class EncoderChoice:
    """The encoder that an index is made with.

    Attributes:
        model: Blank for that of the package, a folder, a name on the hub, or AUTO; see
            `for_languages`.
        models_dir: The folder of fetched models.
        fetch: Whether to fetch the model if it is not there.
        hub_token: The access token for models with terms; None for none.
        max_token_mb: Token vectors that would take more on the disk are left out, in units of
            1,048,576 bytes.
    """

    model: str
    models_dir: Path
    fetch: bool = False
    hub_token: str | None = field(default=None, repr=False)
    max_token_mb: int = DEFAULT_MAX_TOKEN_MB

    def for_languages(self, passages: Mapping[str, int]) -> "EncoderChoice":
        """Return the choice for an index by the number of its passages in each language."""
        if self.model != AUTO:
            return self
        is_english = foreign_share(passages) <= MAX_FOREIGN_SHARE
        return replace(self, model="" if is_english else MULTILINGUAL)

    def find(self, progress: Progress) -> tuple[Encoder, str]:
        """Load the encoder, after fetching it if that is asked for.

        Returns:
            The encoder and its `model_hash`.

        Raises:
            EncoderUnavailableError: It is not there, cannot be fetched, or cannot be loaded.
        """
        if self.fetch:
            fetch_model(self.model, self.models_dir, progress, token=self.hub_token)
        encoder = open_encoder(self.model, self.models_dir)
        return encoder, encoder.model_hash


def foreign_share(passages: Mapping[str, int]) -> float:
    """Return the share of passages in other languages than English, 0 to 1."""
    n_passages = sum(passages.values())
    return (n_passages - passages.get(ENGLISH, 0)) / n_passages if n_passages else 0.0


def find_encoder(
    choice: EncoderChoice, passages: Mapping[str, int], progress: Progress
) -> tuple[EncoderChoice, Encoder, str]:
    """Load the encoder for an index.

    Args:
        choice: The encoder that was asked for.
        passages: The number of passages in each language.
        progress: Shows the progress of a download.

    Returns:
        The choice for these languages, and what its `find` returns.

    Raises:
        EncoderUnavailableError: It cannot be used, or reads less than half of the passages.
    """
    chosen = choice.for_languages(passages)
    encoder, model_hash = chosen.find(progress)
    if encoder.config.english_only and foreign_share(passages) > 1 / 2:
        reason = "it reads English only, and most of the texts are in other languages"
        if not chosen.model:
            reason += f"; NEURAL_MODEL=auto fetches {MULTILINGUAL}, {MULTILINGUAL_MB} MB"
        raise EncoderUnavailableError(chosen.model or "the encoder of the package", reason)
    return chosen, encoder, model_hash


@dataclass(frozen=True, slots=True)
class PlannedVectors:
    """The vectors of all passages of a build, which lie in several files.

    Attributes:
        encoder: The encoder.
        record: What made them.
        basis: The basis of the token vectors; None without these.
        keys: The key of each passage.
        sources: The files; one of them holds each key.
    """

    encoder: Encoder
    record: EncoderRecord
    basis: TokenBasis | None
    keys: Sequence[int]
    sources: Sequence[VectorFiles]

    def write(self, folder: Path) -> None:
        """Write the files that `PassageVectors.open` reads; OSError if it is impossible."""
        gather(folder, self.record, self.basis, self.keys, self.sources)
        files = VectorFiles.open(folder)
        measure(self.encoder, files).write(folder)
        write_off_topic(folder, self.encoder)
        write_frequencies(folder, files)


def encode_missing(
    folder: Path,
    choice: EncoderChoice,
    parts: VectorParts,
    former: VectorFiles | None,
    languages: Mapping[str, int],
    *,
    within_s: float | None,
    progress: Progress,
    in_background: bool = False,
) -> PlannedVectors | None:
    """Encode the passages of a build whose vectors are not known.

    Vectors of the former index and of unfinished encodings are used again. What is encoded is kept
    in `parts`, also after an error.

    Args:
        folder: The folder of the build, after `write_passages` has finished.
        choice: The encoder.
        parts: Vectors that no index holds yet.
        former: The vectors of the former index; None without these.
        languages: The number of passages in each language.
        within_s: The longest time that encoding may take, in seconds; None without a limit. With 0
            nothing is encoded.
        progress: Shows how far the encoding is.
        in_background: See `encode_all`.

    Returns:
        The vectors of all passages; None if encoding would take too long.

    Raises:
        OSError: The vectors cannot be written.
        EncoderUnavailableError: The encoder cannot be used.
    """
    choice, encoder, model_hash = find_encoder(choice, languages, progress)
    passages, _ = PassageLines.open(folder)

    def text_of(row: int) -> PassageText:
        text, lines, language = passages.text_with_lines(row)
        is_read = language == ENGLISH or not encoder.config.english_only
        return PassageText(text, lines, is_read)

    texts = map(text_of, range(len(passages)))
    sizes, keys = zip(*((len(text.text), text.key) for text in texts), strict=True)
    has_lines = len(passages) <= MAX_PASSAGES_WITH_LINES
    n_tokens, max_bytes = sum(sizes) / _CHARS_PER_TOKEN, choice.max_token_mb * 2**20
    fits = n_tokens * _TOKEN_BYTES <= max_bytes
    has_tokens = encoder.config.token_vectors_fit and fits
    n_directions = n_directions_for(n_tokens, max_bytes)
    most_directions = n_directions_for(n_tokens / _OUTGROWN, max_bytes)
    known = [
        files
        for files in (*([former] if former else []), *parts.all())
        if files.record.model_hash == model_hash
        and files.record.has_lines >= has_lines
        and files.record.has_tokens >= has_tokens
        and not (has_tokens and files.basis and files.basis.n_directions > most_directions)
    ]
    basis, basis_tokens = None, 0
    if has_tokens:
        basis, basis_tokens, known = _choose_basis(known, keys)
    unknown = _unknown_rows(keys, known)
    if unknown and within_s == 0:
        return None
    started = time.monotonic()
    if has_tokens and basis is None:
        basis, basis_tokens = make_basis(encoder, len(passages), text_of, n_directions)
    files = encoder.model_id
    record = EncoderRecord(
        choice.model, model_hash, has_lines, has_tokens, basis_tokens, files.revision, files.sha256
    )
    if unknown:
        if len(known) > MAX_PARTS:  # of encodings that were interrupted
            known = [parts.merge(record, basis, known)]
        made = encode_all(
            encoder,
            record,
            basis,
            unknown,
            text_of,
            parts,
            progress=progress,
            within_s=within_s and max(0.0, within_s - (time.monotonic() - started)),
            in_background=in_background,
        )
        if made is None:
            return None
        known += made
    return PlannedVectors(encoder, record, basis, keys, known)


def _choose_basis(
    known: list[VectorFiles], keys: Sequence[int]
) -> tuple[TokenBasis | None, int, list[VectorFiles]]:
    """Choose the basis that most vectors are on; return it and the files that are on it.

    A basis of few tokens is made again when texts change, because it fits only these few.

    Returns:
        The basis, or None to make a new one; the number of tokens that it was made from; the
        files that can be used.
    """
    best = max(known, key=lambda files: (files.record.basis_tokens, len(files)), default=None)
    if best is None or best.basis is None:
        return None, 0, []
    basis = best.basis
    same = [files for files in known if files.basis is not None and files.basis.equals(basis)]
    if best.record.basis_tokens < ENOUGH_TOKENS and _unknown_rows(keys, same):
        return None, 0, []
    return basis, best.record.basis_tokens, same


def _unknown_rows(keys: Sequence[int], known: Sequence[VectorFiles]) -> list[int]:
    """Return the rows whose vectors no files hold; of passages with the same key the first."""
    held: set[int] = set().union(*(files.rows for files in known))
    unknown: dict[int, int] = {}
    for row, key in enumerate(keys):
        if key not in held:
            unknown.setdefault(key, row)
    return list(unknown.values())
